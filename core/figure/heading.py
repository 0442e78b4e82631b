"""What stands above a figure: the problem, the moment and the network, as on the screen's first line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.engine.steps import Phase
from nn_tui.core.figure import svg
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import Theme
from nn_tui.core.text import sizes_text
from nn_tui.core.translation import Message, message, tr

MARGIN = 24.0
"""The empty border of a figure."""

TITLE_SIZE, LINE_HEIGHT = 16.0, 17.0

_NO_BREAK = "\u00a0"

_DURING: Mapping[Phase, Message] = {
    "forward": message("during the forward pass"),
    "loss": message("during the loss"),
    "backward": message("during the backward pass"),
    "update": message("during the update"),
}
_AFTER: Mapping[Phase, Message] = {
    "forward": message("after the forward pass"),
    "loss": message("after the loss"),
    "backward": message("after the backward pass"),
    "update": message("after the update"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """The texts above a figure, and where they end.

    Attributes:
        items: The elements.
        bottom: The position from which there is room.
        title: The title in full.
        lines: The lines below it in full.
    """

    items: tuple[str, ...]
    bottom: float
    title: str
    lines: tuple[str, ...]


def heading(request: FigureRequest, theme: Theme, width: float, *lines: str, moment: str | None = None) -> Heading:
    """Return the heading of a figure: the title of the problem, the network and its moment, then other lines.

    Args:
        request: What is drawn.
        theme: The colours.
        width: The width of the figure.
        lines: The lines below that of the network.
        moment: The moment; None for that of :func:`moment_text`.
    """
    title = request.experiment.preset.title or request.experiment.preset.id
    shown = (network_text(request, moment or moment_text(request)), *filter(None, lines))
    if not request.has_heading:
        return Heading((), MARGIN / 2, svg.shorten(title, 600), shown)
    items = [
        svg.text(
            MARGIN, MARGIN + TITLE_SIZE, svg.shorten(title, width - 2 * MARGIN, TITLE_SIZE), fill=theme.text,
            size=TITLE_SIZE, weight="bold", class_="title",
        )
    ]  # fmt: skip
    y = MARGIN + TITLE_SIZE + 4
    network = shown[0].replace(" ", _NO_BREAK).replace(f"{_NO_BREAK}·{_NO_BREAK}", f"{_NO_BREAK}· ")
    for line in (network, *shown[1:]):
        for part in svg.wrap(line, width - 2 * MARGIN):
            y += LINE_HEIGHT
            items.append(svg.text(MARGIN, y, part.replace(_NO_BREAK, " "), fill=theme.dim, class_="heading"))
    return Heading(tuple(items), y + 12, svg.shorten(title, 600), shown)


def network_text(request: FigureRequest, moment: str) -> str:
    """Return the network, its training and the moment in a line."""
    experiment = request.experiment
    training = experiment.training
    activations = ", ".join(activation.name for activation in request.engine.activations)
    return " · ".join(
        [
            sizes_text(request.engine.sizes),
            activations if len(request.engine.sizes) <= 6 else request.engine.activations[-1].name,
            training.loss.replace("_", " "),
            training.optimizer.name,
            moment,
        ]
    )


def moment_text(request: FigureRequest, *, is_pass: bool = False) -> str:
    """Return the moment: ``after update 3``, or ``pass 3, after the backward pass``.

    Args:
        request: What is drawn.
        is_pass: Whether it is ``pass 3, after the update`` at the end of a pass.
    """
    if request.cursor == 0 or (request.is_whole_pass and not is_pass):
        return parameters_moment(request)
    phase = request.step.phase
    assert phase is not None  # only at the start of the pass
    is_done = request.cursor == request.steps.after(phase)
    place = (_AFTER if is_done else _DURING)[phase]
    return tr("pass {update:,}, {place}", update=request.trace.update, place=place)


def parameters_moment(request: FigureRequest) -> str:
    """Return the moment of the parameters, for what is drawn of them alone: ``after update 3``."""
    return tr("after update {update:,}", update=request.updates) if request.updates else tr("no update yet")


def sample_text(request: FigureRequest) -> str:
    """Return the sample that the figure shows: ``sample 3 of 4``."""
    trace, number = request.trace, request.ref.sample + 1
    if trace.rows is None:
        return tr("sample {sample} of {count}", sample=number, count=trace.n)
    return tr("sample {sample} of {count} in this batch", sample=number, count=trace.n)


def standardized_text(request: FigureRequest) -> str:
    """Return that the numbers of the network are standardised; nothing if they are those of the data."""
    data = request.data
    has_inputs, has_targets = bool(np.any(data.x_mean)), has_standardized_targets(data)
    if has_inputs and has_targets:
        return tr("Inputs, targets and outputs are standardised: mean 0 and deviation 1 in the training set.")
    if has_inputs:
        return tr("Inputs are standardised: mean 0 and deviation 1 in the training set.")
    return tr("Targets and outputs are standardised.") if has_targets else ""
