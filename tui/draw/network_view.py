"""The contents of the drawing of a network, and the names in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.names import MAX_LABEL_WIDTH, axis_label

NetworkSelection = tuple[int, int] | tuple[int, int, int] | None
"""(layer, unit), or (layer, unit, input) for a weight; layer 0 is the inputs."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkView:
    """The contents of the drawing of a network during a pass. Layer 0 is the inputs.

    Attributes:
        sizes: Units of each layer.
        input_names: Names of the inputs.
        output_names: Names of the outputs.
        values: Outputs (units,) of each layer for one sample; None if they are not computed.
        edges: Weights (units, inputs) of each layer from 1 on, or their gradients; None if they are not computed.
        biases: Biases (units,) of each layer from 1 on, or their gradients; None if they are not computed.
        value_scales: Colour scale of the values of each layer.
        edge_scales: Colour scale of the edges and biases of each layer from 1 on.
        mode: The kind of the edges and biases, such as weights or gradients.
        activations: Names of the activation functions from layer 1 on.
        selected: The selected unit or weight.
        done: Layers that the current phase has passed.
        current: The layer that the current phase computes.
        digits: Decimals of the values.
        integer_inputs: Whether the inputs of every sample are integers, which are written without decimals.
        hidden_value_scales: The layers whose value scale is not written: it would tell a number that is still to come.
        hidden_edge_scales: The layers, from 1, whose edge scale is not written.
    """

    sizes: tuple[int, ...]
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    values: tuple[Array | None, ...]
    edges: tuple[Array | None, ...]
    biases: tuple[Array | None, ...]
    value_scales: tuple[NumberScale, ...]
    edge_scales: tuple[NumberScale, ...]
    mode: Literal["weights", "gradients"] = "weights"
    activations: tuple[str, ...] = ()
    selected: NetworkSelection = None
    done: frozenset[int] = frozenset()
    current: int | None = None
    digits: int = 2
    integer_inputs: bool = False
    hidden_value_scales: frozenset[int] = frozenset()
    hidden_edge_scales: frozenset[int] = frozenset()

    def digits_of(self, layer: int) -> int:
        """Return the decimals of the values of a layer."""
        return 0 if layer == 0 and self.integer_inputs else self.digits


def unit_name(view: NetworkView, layer: int, unit: int, glyphs: Glyphs, width: int = MAX_LABEL_WIDTH) -> str:
    """Return the name of an input or output, or ``h₂`` for a hidden unit; "" if it does not fit ``width`` cells."""
    is_output = layer == len(view.sizes) - 1
    names = view.input_names if layer == 0 else view.output_names if is_output else "h"
    return axis_label(names or "x", unit, glyphs, width)


def bias_label(view: NetworkView) -> str:
    """Return the symbol before a bias."""
    return "b" if view.mode == "weights" else "db"
