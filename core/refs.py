"""Addresses of the numbers of a pass: quantity, layer, unit and so on. They count from 0 and are shown from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nn_tui.core.errors import InputError

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
BY_SAMPLE = ("x", "y", "z", "a", "term", "da", "dz", "dx", "slope")  # (batch, units)
BY_WEIGHT = ("w", "dw", "step_w", "w_after")  # (units, inputs)
BY_UNIT = ("b", "db", "step_b", "b_after")  # (units,)
SYMBOLS = {
    "w": "w", "b": "b", "x": "x", "y": "y", "z": "z", "a": "a", "da": "∂L/∂a", "dz": "δ", "dw": "∂L/∂w",
    "db": "∂L/∂b", "step_w": "Δw", "step_b": "Δb", "w_after": "w′", "b_after": "b′", "dx": "∂L/∂x", "slope": "σ′",
    "term": "L",
}  # fmt: skip
# The letters that formulas use for the arrays of an optimiser's state. The key of such a number is ``m:NAME:w`` or
# ``m:NAME:b``; after the update it is ``m:NAME:w_after`` or ``m:NAME:b_after``.
STATE_LETTERS = {"velocity": "v", "sum of squares": "s", "mean square": "s", "m": "m", "v": "v"}


@dataclass(frozen=True, slots=True)
class Ref:
    """The address of one number.

    Attributes:
        key: The quantity, a key of ``SYMBOLS``. "loss" is the loss, "term" one output's part of the loss of a sample.
        layer: The layer.
        unit: The unit, a row of W; the input for ``x`` and ``dx``.
        input: The input of a weight, a column of W; 0 for all other quantities.
        sample: The row of the batch, for the quantities that have one value per sample.
    """

    key: str
    layer: int = 0
    unit: int = 0
    input: int = 0
    sample: int = 0

    @property
    def is_weight(self) -> bool:
        """Whether the number is an element of a (units, inputs) matrix, so that ``input`` matters."""
        return self.key in BY_WEIGHT or (self.is_optimizer_state and self.part in BY_WEIGHT)

    @property
    def is_optimizer_state(self) -> bool:
        """Whether the number belongs to the optimiser's state, before the update or after it."""
        return self.key.startswith("m:")

    @property
    def slot(self) -> str:
        """The name of the array of the optimiser's state; "" for all other quantities."""
        return self.key[2:].rpartition(":")[0] if self.is_optimizer_state else ""

    @property
    def part(self) -> str:
        """The key without the name of the state's array: ``w``, ``b``, ``w_after`` or ``b_after`` for state."""
        return self.key.rpartition(":")[2]

    @property
    def symbol(self) -> str:
        """The number's symbol in formulas: ``w₁[2,1]``, ``δ₂[1]``, ``x[2]``."""
        if self.key == "loss":
            return "L"
        if self.key in ("x", "y", "term"):
            return f"{SYMBOLS[self.key]}[{self.unit + 1}]"
        layer = str(self.layer + 1).translate(SUBSCRIPTS)
        index = f"{self.unit + 1},{self.input + 1}" if self.is_weight else f"{self.unit + 1}"
        letter = SYMBOLS.get(self.key, "")
        if self.is_optimizer_state:
            letter = f"{STATE_LETTERS[self.slot]}{'′' if self.part.endswith('_after') else ''}"
        return f"{letter}{layer}[{index}]"


_SPELLINGS = (
    ("∂l/∂", "d"), ("∂", "d"), ("'", "′"), ("σ′", "slope"), ("δ", "dz"), ("step_", "step"), ("_after", "′"),
    ("delta", "dz"),
)  # fmt: skip
_KEYS = {"l": "term", "stepw": "step_w", "stepb": "step_b", "w′": "w_after", "b′": "b_after"}


def parse_ref(text: str, sizes: tuple[int, ...], sample: int = 0, slots: tuple[str, ...] = ()) -> Ref:
    """Parse an address as a person writes it: ``w2[1,3]``, ``b1[2]``, ``x3``, ``dw2[1,1]``, ``y1`` or ``loss``.

    The symbols that formulas print are valid too: ``∂L/∂w₂[1,3]``, ``δ₁[2]``, ``Δw₁[1,1]``, ``w′₁[1,1]``.

    Args:
        text: The address.
        sizes: Units per layer, the inputs first.
        sample: The row of the batch for quantities that have one value per sample.
        slots: The names of the arrays of the optimiser's state.

    Raises:
        InputError: The text is no address, or the network has no such number; the message says what is valid.
    """
    shown = f'"{text.strip()[:40]}"'
    # Replace Δ first: its lower case is δ, which is another quantity.
    cleaned = text.strip().replace("Δ", "step").lower().translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    for spelling, key in _SPELLINGS:
        cleaned = cleaned.replace(spelling, key)
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
    name, first, row, column = match.groups()
    is_state = name.removesuffix("′") in STATE_LETTERS.values()
    key = _state_key(name, slots, bool(column)) if is_state else _KEYS.get(name, name)
    is_weight = Ref(key).is_weight
    if column and not is_weight:
        raise InputError(f"{shown}: {name} has one place, as in {name}1[{row}]; only weights have two")
    if key in ("x", "y", "term"):
        index = int(row or first or 0)
        count = sizes[0] if key == "x" else sizes[-1]
        if not 1 <= index <= count:
            raise InputError(f"{shown}: {name} goes from {name}1 to {name}{count}")
        return Ref(key, 0, index - 1, 0, sample)
    layer = int(first or 0)
    if not 1 <= layer < len(sizes):
        raise InputError(f"{shown}: layers go from 1 to {len(sizes) - 1}, as in {name}1")
    units, inputs = sizes[layer], sizes[layer - 1]
    if key == "dx":  # has one number per input of the layer
        units = inputs
    unit, input = int(row or 1), int(column or 1)
    if not 1 <= unit <= units:
        raise InputError(f"{shown}: layer {layer} has {'inputs' if key == 'dx' else 'units'} 1 to {units}")
    if is_weight and not 1 <= input <= inputs:
        raise InputError(f"{shown}: layer {layer} has inputs 1 to {inputs}")
    return Ref(key, layer - 1, unit - 1, input - 1 if is_weight else 0, sample)


def _state_key(name: str, slots: tuple[str, ...], weight: bool) -> str:
    letter, suffix = name[0], "_after" if name.endswith("′") else ""
    for slot in slots:
        if STATE_LETTERS[slot] == letter:
            return f"m:{slot}:{'w' if weight else 'b'}{suffix}"
    state = ", ".join(f"{STATE_LETTERS[slot]} ({slot})" for slot in slots)
    raise InputError(f'the optimiser keeps no "{letter}"; it keeps {state or "nothing but the parameters"}')
