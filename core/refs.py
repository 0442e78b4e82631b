"""Addresses of the numbers of a pass: quantity, layer, unit and so on. They count from 0 and are shown from 1."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

from nn_tui.core.text import subscript

Quantity = Literal[
    "x", "y", "z", "a", "slope", "term", "loss", "da", "dz", "dx", "w", "b", "dw", "db", "step_w", "step_b", "state_w",
    "state_b",
]  # fmt: skip
"""What a number is; "term" is one output's part of the loss of a sample, "step_w" is what the optimiser adds."""
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
BY_SAMPLE: tuple[Quantity, ...] = ("x", "y", "z", "a", "term", "da", "dz", "dx", "slope")  # (batch, units)
UPDATED: tuple[Quantity, ...] = ("w", "b", "state_w", "state_b")  # with a value before and a value after the update
DERIVATIVES: tuple[Quantity, ...] = ("da", "dw", "db", "dx")  # formulas write them as ∂L/∂a and so on
LETTERS: dict[Quantity, str] = {
    "w": "w", "b": "b", "x": "x", "y": "y", "z": "z", "a": "a", "da": "a", "dz": "δ", "dw": "w", "db": "b",
    "step_w": "Δw", "step_b": "Δb", "dx": "x", "slope": "z", "term": "L", "loss": "L",
}  # fmt: skip
"""The letters of formulas; of a derivative, the letter of what it is a derivative by."""
STATE_LETTERS = {"velocity": "v", "sum of squares": "s", "mean square": "s", "m": "m", "v": "v"}
"""The letters that formulas use for the arrays of an optimiser's state, by the name of the array."""
NONNEGATIVE_SLOTS = ("sum of squares", "mean square", "v")  # arrays of averages or sums of squares


class ParameterQuantities(NamedTuple):
    """The quantities of the weights or those of the biases."""

    value: Literal["w", "b"]
    gradient: Literal["dw", "db"]
    step: Literal["step_w", "step_b"]
    state: Literal["state_w", "state_b"]


BY_WEIGHT = ParameterQuantities("w", "dw", "step_w", "state_w")  # (units, inputs)
BY_UNIT = ParameterQuantities("b", "db", "step_b", "state_b")  # (units,)


@dataclass(frozen=True, slots=True)
class QuantityKey:
    """The key of one array of a layer, such as W, dW, or an array of the optimiser's state after the update.

    Attributes:
        quantity: The quantity.
        slot: The name of the array of the optimiser's state; "" for all other quantities.
        after: Whether it is the value after the update: w′, b′ or the new state.
    """

    quantity: Quantity
    slot: str = ""
    after: bool = False

    @property
    def is_weight(self) -> bool:
        """Whether the array is a (units, inputs) matrix."""
        return self.quantity in BY_WEIGHT

    @property
    def is_optimizer_state(self) -> bool:
        """Whether the array belongs to the optimiser's state, before the update or after it."""
        return self.quantity in ("state_w", "state_b")

    @property
    def is_step(self) -> bool:
        """Whether the array is what the optimiser adds to the parameters."""
        return self.quantity in ("step_w", "step_b")

    @property
    def is_from_update(self) -> bool:
        """Whether the update computes the array."""
        return self.after or self.is_step

    @property
    def differentiated(self) -> str:
        """The letter of what is differentiated: L for ∂L/∂w, a for the slope ∂a/∂z; "" if it is no derivative."""
        return "a" if self.quantity == "slope" else "L" if self.quantity in DERIVATIVES else ""

    @property
    def letter(self) -> str:
        """The letter in formulas, without its marks: ``w`` for w, w′ and ∂L/∂w, ``v`` for a velocity."""
        return STATE_LETTERS[self.slot] if self.is_optimizer_state else LETTERS[self.quantity]

    def at(self, layer: int, unit: int = 0, input: int = 0, sample: int = 0) -> Ref:
        """Return the address of one number of the array; the arguments are fields of :class:`Ref`."""
        return Ref(self.quantity, layer, unit, input, sample, self.slot, self.after)


QuantityLike = QuantityKey | Quantity
"""A key, or the bare name of a quantity for the array before the update."""


def to_key(key: QuantityLike) -> QuantityKey:
    """Return the key itself, or the key of a quantity before the update."""
    return key if isinstance(key, QuantityKey) else QuantityKey(key)


@dataclass(frozen=True, slots=True)
class Ref:
    """The address of one number.

    Attributes:
        quantity: The quantity.
        layer: The layer.
        unit: The unit, a row of W; the input for ``x`` and ``dx``.
        input: The input of a weight, a column of W; 0 for all other quantities.
        sample: The row of the batch. Of a quantity that has no value for each sample, such as a weight, it is the
            sample for which the arithmetic and the views are shown.
        slot: The name of the array of the optimiser's state; "" for all other quantities.
        after: Whether it is the value after the update: w′, b′ or the new state.
    """

    quantity: Quantity
    layer: int = 0
    unit: int = 0
    input: int = 0
    sample: int = 0
    slot: str = ""
    after: bool = False

    @property
    def key(self) -> QuantityKey:
        """The key of the array that contains the number."""
        return QuantityKey(self.quantity, self.slot, self.after)

    @property
    def is_weight(self) -> bool:
        """Whether the number is an element of a (units, inputs) matrix, so that ``input`` matters."""
        return self.quantity in BY_WEIGHT

    @property
    def is_parameter(self) -> bool:
        """Whether the number is a weight or a bias before the update."""
        return self.quantity in ("w", "b") and not self.after

    @property
    def parameter(self) -> ParameterQuantities:
        """The quantities of the weights if the number is indexed like a weight, otherwise those of the biases."""
        return BY_WEIGHT if self.is_weight else BY_UNIT

    @property
    def is_optimizer_state(self) -> bool:
        """Whether the number belongs to the optimiser's state, before the update or after it."""
        return self.key.is_optimizer_state

    @property
    def array_symbol(self) -> str:
        """The symbol of the number's array in formulas: ``w₁``, ``δ₂``, ``x``."""
        key = self.key
        text = f"{f'∂{key.differentiated}/∂' if key.differentiated else ''}{key.letter}{'′' if key.after else ''}"
        return f"{text}{subscript(self.layer + 1)}" if self.has_layer else text

    @property
    def has_layer(self) -> bool:
        """Whether the number belongs to a layer; inputs, targets and losses do not."""
        return self.quantity not in ("x", "y", "term", "loss")

    @property
    def indices(self) -> tuple[int, ...]:
        """The indices in the array of the number, from 0, without the sample; none for the loss."""
        return () if self.quantity == "loss" else (self.unit, self.input) if self.is_weight else (self.unit,)

    @property
    def symbol(self) -> str:
        """The number's symbol in formulas: ``w₁[2,1]``, ``δ₂[1]``, ``x[2]``."""
        numbers = ",".join(str(index + 1) for index in self.indices)
        return f"{self.array_symbol}[{numbers}]" if numbers else self.array_symbol

    @property
    def name(self) -> str:
        """The symbol with the sample, which the parser of names turns into this address: ``δ₂[1]@3``."""
        return f"{self.symbol}@{self.sample + 1}"

    def with_key(self, key: QuantityLike) -> Ref:
        """Return the address at the same indices in another array."""
        key = to_key(key)
        return replace(self, quantity=key.quantity, slot=key.slot, after=key.after)
