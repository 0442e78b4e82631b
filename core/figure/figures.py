"""The figures by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nn_tui.core.figure.landscape import draw_landscape
from nn_tui.core.figure.layer import draw_layer
from nn_tui.core.figure.loss import draw_loss
from nn_tui.core.figure.network import draw_network
from nn_tui.core.figure.regions import draw_regions
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.translation import Message, message


@dataclass(frozen=True, slots=True)
class Figure:
    """A kind of figure.

    Attributes:
        label: What it shows, in a few words.
        draw: Returns it as SVG; raises InputError if it does not suit the network, its data or the moment.
    """

    label: Message
    draw: Callable[[FigureRequest], str]


FIGURES: Mapping[str, Figure] = {
    "network": Figure(message("the units and the weights"), draw_network),
    "layer": Figure(message("the numbers of the layers"), draw_layer),
    "loss": Figure(message("the loss over the updates"), draw_loss),
    "regions": Figure(message("the output over the inputs"), draw_regions),
    "landscape": Figure(message("the loss around the parameters"), draw_landscape),
}
"""The figures by the name of their view."""
