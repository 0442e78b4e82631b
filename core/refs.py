"""The address of any number of a pass: which quantity, of which layer, where. Counted from 0, shown from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nn_tui.core.errors import InputError

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
BY_SAMPLE = ("x", "y", "z", "a", "term", "da", "dz", "dx", "slope")  # (batch, units): row = unit, sample apart
BY_WEIGHT = ("w", "dw", "step_w", "w_after")  # (units, inputs)
BY_UNIT = ("b", "db", "step_b", "b_after")  # (units,)
SYMBOLS = {
    "w": "w", "b": "b", "x": "x", "y": "y", "z": "z", "a": "a", "da": "∂L/∂a", "dz": "δ", "dw": "∂L/∂w",
    "db": "∂L/∂b", "step_w": "Δw", "step_b": "Δb", "w_after": "w′", "b_after": "b′", "dx": "∂L/∂x", "slope": "σ′",
    "term": "L",
}  # fmt: skip
# The letters that formulas write for what an optimiser keeps; its key is ``m:NAME:w`` or ``m:NAME:b``, and what it
# keeps after the update ``m:NAME:w_after`` or ``m:NAME:b_after``.
STATE_LETTERS = {"velocity": "v", "sum of squares": "s", "mean square": "s", "m": "m", "v": "v"}


@dataclass(frozen=True, slots=True)
class Ref:
    """One number: quantity ``key`` of ``layer``, ``unit`` (row) and, for weights, ``input`` (column).

    ``sample`` is a row of the batch and matters for the quantities that have one value per sample.
    ``unit`` of ``x`` is the input's number. The loss is key "loss", one output's part of a sample's loss "term".
    """

    key: str
    layer: int = 0
    unit: int = 0
    input: int = 0
    sample: int = 0

    @property
    def is_weight(self) -> bool:
        """Whether it has a place in a (units, inputs) matrix, so that ``input`` matters."""
        return self.key in BY_WEIGHT or (self.is_optimizer_state and self.part in BY_WEIGHT)

    @property
    def is_optimizer_state(self) -> bool:
        """Whether it is one of an optimiser's numbers, before the update or after it."""
        return self.key.startswith("m:")

    @property
    def slot(self) -> str:
        """The name of the optimiser's array that it stands in; "" where it stands in none."""
        return self.key[2:].rpartition(":")[0] if self.is_optimizer_state else ""

    @property
    def part(self) -> str:
        """The key without the name of an optimiser's array: ``w``, ``b``, ``w_after`` or ``b_after`` in one."""
        return self.key.rpartition(":")[2]

    @property
    def symbol(self) -> str:
        """How formulas write it: ``w₁[2,1]``, ``δ₂[1]``, ``x[2]``."""
        if self.key == "loss":
            return "L"
        if self.key in ("x", "y", "term"):
            return f"{SYMBOLS[self.key]}[{self.unit + 1}]"
        layer = str(self.layer + 1).translate(SUBSCRIPTS)
        place = f"{self.unit + 1},{self.input + 1}" if self.is_weight else f"{self.unit + 1}"
        letter = SYMBOLS.get(self.key, "")
        if self.is_optimizer_state:
            letter = f"{STATE_LETTERS[self.slot]}{'′' if self.part.endswith('_after') else ''}"
        return f"{letter}{layer}[{place}]"


_WRITTEN = (
    ("∂l/∂", "d"), ("∂", "d"), ("'", "′"), ("σ′", "slope"), ("δ", "dz"), ("step_", "step"), ("_after", "′"),
    ("delta", "dz"),
)  # fmt: skip
_KEYS = {"l": "term", "stepw": "step_w", "stepb": "step_b", "w′": "w_after", "b′": "b_after"}


def parse_ref(text: str, sizes: tuple[int, ...], sample: int = 0, slots: tuple[str, ...] = ()) -> Ref:
    """The number a person means by ``w2[1,3]``, ``b1[2]``, ``x3``, ``z1[2]``, ``dw2[1,1]``, ``y1``, ``loss``.

    Every symbol that formulas print is understood too (``∂L/∂w₂[1,3]``, ``δ₁[2]``, ``Δw₁[1,1]``, ``w′₁[1,1]``).
    ``sizes`` are the network's, inputs first; ``slots`` name what its optimiser keeps. Raises InputError with
    what would be right.
    """
    shown = f'"{text.strip()[:40]}"'
    # Δ first: its lower case is δ, which is another quantity.
    cleaned = text.strip().replace("Δ", "step").lower().translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    for written, plain in _WRITTEN:
        cleaned = cleaned.replace(written, plain)
    cleaned = re.sub(r"^([wbmvs])([0-9]+)′", r"\1′\2", cleaned)
    cleaned = re.sub(r"^d([0-9])", r"dz\1", cleaned)
    if cleaned in ("l", "loss"):
        return Ref("loss", sample=sample)
    match = re.fullmatch(
        r"(stepw|stepb|slope|d[wbzax]|[wbmvs]′|[wbzaxylmvs])([0-9]{1,6})?\s*(?:\[\s*([0-9]{1,6})\s*(?:,\s*([0-9]{1,6})\s*)?\])?",
        cleaned,
    )
    if match is None:
        raise InputError(
            f"{shown} names no number; write for example w2[1,3], b1[2], z1[2], dz1[2], dw1[2,1], x2 or loss"
        )
    written, first, row, column = match.groups()
    kept = written.removesuffix("′") in STATE_LETTERS.values()
    key = _state_key(written, slots, bool(column)) if kept else _KEYS.get(written, written)
    is_weight = Ref(key).is_weight
    if column and not is_weight:
        raise InputError(f"{shown}: {written} has one place, as in {written}1[{row}]; only weights have two")
    if key in ("x", "y", "term"):
        index = int(row or first or 0)
        count = sizes[0] if key == "x" else sizes[-1]
        if not 1 <= index <= count:
            raise InputError(f"{shown}: {written} goes from {written}1 to {written}{count}")
        return Ref(key, 0, index - 1, 0, sample)
    layer = int(first or 0)
    if not 1 <= layer < len(sizes):
        raise InputError(f"{shown}: layers go from 1 to {len(sizes) - 1}, as in {written}1")
    units, inputs = sizes[layer], sizes[layer - 1]
    if key == "dx":  # by the inputs of its layer
        units = inputs
    unit, source = int(row or 1), int(column or 1)
    if not 1 <= unit <= units:
        raise InputError(f"{shown}: layer {layer} has {'inputs' if key == 'dx' else 'units'} 1 to {units}")
    if is_weight and not 1 <= source <= inputs:
        raise InputError(f"{shown}: layer {layer} has inputs 1 to {inputs}")
    return Ref(key, layer - 1, unit - 1, source - 1 if is_weight else 0, sample)


def _state_key(written: str, slots: tuple[str, ...], weight: bool) -> str:
    letter, ending = written[0], "_after" if written.endswith("′") else ""
    for slot in slots:
        if STATE_LETTERS[slot] == letter:
            return f"m:{slot}:{'w' if weight else 'b'}{ending}"
    kept = ", ".join(f"{STATE_LETTERS[slot]} ({slot})" for slot in slots)
    raise InputError(f'the optimiser keeps no "{letter}"; it keeps {kept or "nothing but the parameters"}')
