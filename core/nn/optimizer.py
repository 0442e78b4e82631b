"""The base class of all optimisers, which turn a gradient into new parameters.

One update has two parts. :meth:`Optimizer.advance` updates the optimiser's own arrays, its slots (a velocity, averages
of the gradient), and :meth:`Optimizer.step` computes the step Δw from them; then w′ = w + Δw. All arithmetic is element
by element, so a rule may be applied to all parameters or to a part of them. Arrays have the shape (parameters,), and
functions write their results to the last arguments, as in :mod:`nn_tui.core.nn.activations`.

The screen explains the update of one parameter with :meth:`Optimizer.lines`. The numbers in the lines are those of the
pass; :meth:`Optimizer.details` adds the few that the pass does not keep, such as Adam's m̂ and v̂.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

import numpy as np
from numpy import add

from nn_tui.core.expression import Line, Num
from nn_tui.core.spec import Array

Options = Mapping[str, float]
Scalars = tuple[float, ...]
Slots = Sequence[Array]


class Block(NamedTuple):
    """Parameters, (parameters,), and the slots that belong to them, each (parameters,)."""

    parameters: Array
    slots: Slots


class Optimizer:
    """The base class of all optimisers. Only one thread at a time may use an instance.

    Attributes:
        name: The name in presets and on the screen.
        slots: The names of the arrays in the optimiser's state, each with one number for each parameter.
        initial_scalars: The initial values of the state that is not per parameter.
        defaults: The options by name, with their default values.
        default_learning_rate: The learning rate of presets that name none.
        slot_formulas: One formula for each slot.
        step_formula: The formula of the step Δw.
        options: The options of this instance by name.
    """

    name: ClassVar[str]
    slots: ClassVar[tuple[str, ...]] = ()
    initial_scalars: ClassVar[Scalars] = ()
    defaults: ClassVar[dict[str, float]] = {}
    default_learning_rate: ClassVar[float] = 0.1
    slot_formulas: ClassVar[tuple[str, ...]] = ()
    step_formula: ClassVar[str]

    def __init__(self, options: Options) -> None:
        self.options = {**self.defaults, **options}
        self._minus_rate = np.array(0.0)

    @property
    def formula(self) -> str:
        """Return the rule in one line."""
        return ";  ".join([*self.slot_formulas, self.step_formula])

    def begin(self, learning_rate: float, t: int, scalars: Scalars) -> Scalars:
        """Prepare an update.

        Args:
            learning_rate: η of this update.
            t: The number of the update, from 1.
            scalars: The state that is not per parameter, before the update.

        Returns:
            That state after the update.
        """
        self._minus_rate.fill(-learning_rate)
        return scalars

    def update(self, before: Block, g: Array, after: Block, scratch: tuple[Array, Array]) -> None:
        """Compute parameters and slots after one update; :meth:`begin` is called before each update.

        Args:
            before: The parameters w and the slots before the update.
            g: The gradient ∂L/∂w.
            after: Receives w′ and the slots after the update.
            scratch: Two arrays that may be overwritten.
        """
        (w, slots), (new_w, new_slots), (step, other) = before, after, scratch
        self.advance(g, slots, new_slots, other)
        self.step(w, g, new_slots, step, other)
        add(w, step, new_w)

    def advance(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """Compute the slots after the update from those before it and the gradient."""

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Compute the step Δw from the parameters before the update, the gradient and the slots after the update."""
        raise NotImplementedError

    def details(self, w: Array, g: Array, new_slots: Slots) -> dict[str, Array]:
        """Return intermediate values that :meth:`lines` needs but the trace does not hold, by symbol."""
        return {}

    def lines(self, x: Mapping[str, Num]) -> list[Line]:
        """Return the lines that explain the update of one parameter: one for each slot, then those of the step.

        Args:
            x: The numbers by symbol: ``w``, ``g``, ``η``, ``t`` and ``Δ``, each slot by its name (``velocity``, and
                ``velocity′`` after the update), and what :meth:`details` returns.
        """
        raise NotImplementedError
