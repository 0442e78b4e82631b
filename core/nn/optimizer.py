"""The base class of all optimisers, which turn a gradient into new parameters.

One update has two parts. :meth:`Optimizer.advance` updates the optimiser's own arrays, its slots (a velocity, averages
of the gradient), and :meth:`Optimizer.step` computes the step Δw from them; then w′ = w + Δw. All arithmetic is element
by element, so a rule may be applied to all parameters or to a part of them. Arrays have the shape (parameters,), and
functions write their results to the last arguments, as in :mod:`nn_tui.core.nn.activations`.

The screen explains the update of one parameter with :meth:`Optimizer.lines`. For that an optimiser writes its rule as
expressions, too: :meth:`Optimizer.slot_rules` and :meth:`Optimizer.step_rule`. With symbols they are its formula; with
the numbers of a pass they are the computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple

import numpy as np
from numpy import add

from nn_tui.core.expression.equations import Equation, definition, to_symbols
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Node, Num, Symbol
from nn_tui.core.refs import STATE_LETTERS
from nn_tui.core.spec import Array

Options = Mapping[str, float]
Scalars = tuple[float, ...]
Slots = Sequence[Array]
NumbersByName = Mapping[str, Num]


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
        options: The options of this instance by name.
    """

    name: ClassVar[str]
    slots: ClassVar[tuple[str, ...]] = ()
    initial_scalars: ClassVar[Scalars] = ()
    defaults: ClassVar[dict[str, float]] = {}
    default_learning_rate: ClassVar[float] = 0.1

    def __init__(self, options: Options) -> None:
        self.options = {**self.defaults, **options}
        self._minus_rate = np.array(0.0)

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

    def slot_rules(self, x: NumbersByName) -> tuple[Node, ...]:
        """Return the expression of each slot after the update; ``x`` as in :meth:`lines`."""
        return ()

    def step_rule(self, x: NumbersByName) -> Node:
        """Return the expression of the step; ``x`` as in :meth:`lines`."""
        raise NotImplementedError

    def lines(self, x: NumbersByName) -> list[Line]:
        """Return the lines that explain the update of one parameter: one for each slot, then those of the step.

        Args:
            x: The numbers by name: ``w``, ``g``, ``η``, ``t`` and ``Δ``, and each slot (``velocity``, and ``velocity′``
                after the update). :meth:`named` gives them their symbols.
        """
        rules = zip(self.slots, self.slot_rules(x), strict=True)
        return [*(Line("state", definition(x[f"{slot}′"], rule)) for slot, rule in rules), *self.step_lines(x)]

    def step_lines(self, x: NumbersByName) -> list[Line]:
        """Return the lines of the step; ``x`` as in :meth:`lines`."""
        return [Line("step", definition(x["Δ"], self.step_rule(x)))]

    def named(self, numbers: NumbersByName, parameter: str = "w") -> dict[str, Num]:
        """Return the numbers of :meth:`lines` with their symbols; those that are missing have no value.

        Args:
            numbers: Numbers by name.
            parameter: The letter of the parameter, ``w`` or ``b``.
        """
        letters = {"w": parameter, "g": "g", "η": "η", "t": "t", "Δ": f"Δ{parameter}"}
        for slot in self.slots:
            letters |= {slot: STATE_LETTERS[slot], f"{slot}′": f"{STATE_LETTERS[slot]}′"}
        return {name: replace(numbers.get(name, Num(None)), symbol=Symbol(text)) for name, text in letters.items()}

    def slot_formulas(self) -> tuple[Equation, ...]:
        """Return the formula of each slot after the update, in symbols."""
        x = self.named({})
        rules = zip(self.slots, self.slot_rules(x), strict=True)
        return tuple(Equation((x[f"{slot}′"].as_symbol, to_symbols(rule))) for slot, rule in rules)

    def formulas(self, parameter: str = "w") -> tuple[Equation, ...]:
        """Return the rule in symbols: the formula of each slot, then that of the step.

        Args:
            parameter: The letter of the parameter, ``w`` or ``b``.
        """
        step = to_symbols(self.step_rule(self.named({}, parameter)))
        return (*self.slot_formulas(), Equation((Symbol(f"Δ{parameter}"), step)))
