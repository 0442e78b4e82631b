"""Examples of live changes that fit a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from nn_tui.core.edits.grammar import EDITS, EditSyntax
from nn_tui.core.translation import message

_NUMBERS = ("0.2", "-0.4", "1/3", "0")
_MAX_NUMBERS = 8  # in an example; that of a larger network is the one of the grammar


def edits_for(sizes: tuple[int, ...]) -> Mapping[str, EditSyntax]:
    """Return the kinds of changes, with examples of parameters that a network has.

    Args:
        sizes: The sizes of its layers, the inputs first.
    """
    inputs, units, outputs = sizes[0], sizes[1], sizes[-1]
    layer, last_inputs = len(sizes) - 1, sizes[-2]
    fitting: dict[str, EditSyntax] = {}
    if units < 2:
        fitting["weight"] = replace(
            EDITS["weight"], example="w1[1,1] = 0.3", help=message("Set one weight: layer 1, unit 1, input 1.")
        )
        fitting["bias"] = replace(EDITS["bias"], example="b1[1] = 0", help=message("Set one bias: layer 1, unit 1."))
    if (layer, outputs, last_inputs) != (2, 1, 4) and outputs * last_inputs <= _MAX_NUMBERS:
        numbers = iter(_NUMBERS * _MAX_NUMBERS)
        rows = [f"[{', '.join(islice(numbers, last_inputs))}]" for _ in range(outputs)]
        fitting["weights"] = replace(
            EDITS["weights"],
            example=f"w{layer} = [{', '.join(rows)}]",
            help=message(
                "Set all weights of layer {layer}: a row for each unit, a number for each input.", layer=layer
            ),
        )
    if units != 4 and units <= _MAX_NUMBERS:
        fitting["biases"] = replace(
            EDITS["biases"], example=f"b1 = {' '.join((_NUMBERS * _MAX_NUMBERS)[1 : units + 1])}"
        )
    if inputs < 2:
        fitting["input"] = replace(EDITS["input"], example="x1 = 0.5")
    if inputs <= _MAX_NUMBERS:
        fitting["all inputs"] = replace(
            EDITS["all inputs"], example=f"x = {' '.join(('1 0 ' * inputs).split()[:inputs])}"
        )
    if outputs <= _MAX_NUMBERS:
        fitting["all targets"] = replace(EDITS["all targets"], example=f"y = {_sample(outputs)}")
    return {name: fitting.get(name, syntax) for name, syntax in EDITS.items()}


def _sample(count: int) -> str:
    """Return the numbers of a sample: ``1 0 1``."""
    return " ".join(str((index + 1) % 2) for index in range(count))
