"""The address of any number of a pass: which quantity, of which layer, where. Counted from 0, shown from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nn_tui.core.errors import InputError

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
BY_SAMPLE = ("x", "y", "z", "a", "da", "dz", "dx", "slope")  # (batch, units): row = unit here, sample apart
BY_WEIGHT = ("w", "dw", "step_w", "w_after")  # (units, inputs)
BY_UNIT = ("b", "db", "step_b", "b_after")  # (units,)
SYMBOLS = {
    "w": "w", "b": "b", "x": "x", "y": "y", "z": "z", "a": "a", "da": "∂L/∂a", "dz": "δ", "dw": "∂L/∂w",
    "db": "∂L/∂b", "step_w": "Δw", "step_b": "Δb", "w_after": "w′", "b_after": "b′", "dx": "∂L/∂x", "slope": "σ′",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ref:
    """One number: quantity ``key`` of ``layer``, ``unit`` (row) and, for weights, ``input`` (column).

    ``sample`` is a row of the batch and matters for the quantities that have one value per sample.
    ``unit`` of ``x`` is the input's number. The loss is key "loss".
    """

    key: str
    layer: int = 0
    unit: int = 0
    input: int = 0
    sample: int = 0

    @property
    def symbol(self) -> str:
        """How formulas write it: ``w₁[2,1]``, ``δ₂[1]``, ``x[2]``."""
        if self.key == "loss":
            return "L"
        if self.key in ("x", "y"):
            return f"{self.key}[{self.unit + 1}]"
        layer = str(self.layer + 1).translate(SUBSCRIPTS)
        place = f"{self.unit + 1},{self.input + 1}" if self.key in BY_WEIGHT else f"{self.unit + 1}"
        return f"{SYMBOLS[self.key]}{layer}[{place}]"


def parse_ref(text: str, sizes: tuple[int, ...], sample: int = 0) -> Ref:
    """The number a person means by ``w2[1,3]``, ``b1[2]``, ``x3``, ``z1[2]``, ``dw2[1,1]``, ``y1``, ``loss``.

    ``sizes`` are the network's, inputs first. Raises InputError with what would be right.
    """
    cleaned = text.strip().lower().translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉δη", "0123456789dd"))
    if cleaned in ("l", "loss"):
        return Ref("loss")
    match = re.fullmatch(
        r"(dw|db|dz|da|[wbzaxyd])'?(\d{1,6})?\s*(?:\[\s*(\d{1,6})\s*(?:,\s*(\d{1,6})\s*)?\])?", cleaned
    )
    if match is None:
        raise InputError(f"{text!r} names no number; write for example w2[1,3], b1[2], z1[2], dw1[2,1], x2 or loss")
    key, first, row, column = match.groups()
    key = "dz" if key == "d" else key
    if key in ("x", "y"):
        index = int(row or first or 0)
        count = sizes[0] if key == "x" else sizes[-1]
        if not 1 <= index <= count:
            raise InputError(f"{text!r}: {key} goes from {key}1 to {key}{count}")
        return Ref(key, 0, index - 1, 0, sample)
    layer = int(first or 0)
    if not 1 <= layer < len(sizes):
        raise InputError(f"{text!r}: layers go from 1 to {len(sizes) - 1}, as in {key}1")
    units, inputs = sizes[layer], sizes[layer - 1]
    unit, source = int(row or 1), int(column or 1)
    if not 1 <= unit <= units:
        raise InputError(f"{text!r}: layer {layer} has units 1 to {units}")
    if key in BY_WEIGHT and not 1 <= source <= inputs:
        raise InputError(f"{text!r}: layer {layer} has inputs 1 to {inputs}")
    return Ref(key, layer - 1, unit - 1, source - 1 if key in BY_WEIGHT else 0, sample)
