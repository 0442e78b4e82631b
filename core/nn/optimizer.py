"""The base class of all optimisers, which turn a gradient into new parameters.

One update has two parts. :meth:`Optimizer.update_slots` updates the optimiser's own arrays, its slots (a velocity,
averages of the gradient), and :meth:`Optimizer.step` computes the step Δw from them; then w′ = w + Δw. All arithmetic
is element by element, so a rule may be applied to all parameters or to a part of them. Arrays have the shape
(parameters,), or (networks, parameters) for networks side by side, and functions write their results to the last
arguments, as in :mod:`nn_tui.core.nn.activations`.

The screen explains the update of one parameter. For that an optimiser writes its rule once more in
:meth:`Optimizer.rules`, as expressions: with symbols they are its formulas, with the numbers of a pass they are the
computation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple

import numpy as np
from numpy import add

from nn_tui.core.expression.equations import Equation, definition, equation, to_symbols
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Node, Num, Words, literal
from nn_tui.core.nn.symbols import symbol
from nn_tui.core.refs import STATE_LETTERS
from nn_tui.core.spec import Array
from nn_tui.core.translation import Message

Options = Mapping[str, float]
Rate = float | Array
Scalars = tuple[float, ...]
Slots = Sequence[Array]
Nums = Mapping[str, Num]
Rules = Iterator[tuple[str, Node]]


class ParameterState(NamedTuple):
    """Parameters, (parameters,), and the slots that belong to them, each (parameters,)."""

    parameters: Array
    slots: Slots


class Rule(NamedTuple):
    """One equation of an optimiser: its left side, and the expression on its right side."""

    result: Num
    body: Node


class Optimizer:
    """The base class of all optimisers. Only one thread at a time may use an instance.

    Attributes:
        name: The name in presets and on the screen.
        slots: The names of the arrays in the optimiser's state, each with one number for each parameter.
        scalars: The symbols of the numbers in its state that are not per parameter.
        initial_scalars: Their values at the start.
        defaults: The options by name, with their default values.
        option_symbols: The symbols of the options in formulas.
        notes: Remarks on rules, by the symbol of their left side.
        default_learning_rate: The learning rate of presets that name none.
        suggested_learning_rate: A learning rate that suits small problems, proposed where a run changes its optimiser.
        options: The options of this instance by name.
    """

    name: ClassVar[str]
    slots: ClassVar[tuple[str, ...]] = ()
    scalars: ClassVar[tuple[str, ...]] = ()
    initial_scalars: ClassVar[Scalars] = ()
    defaults: ClassVar[dict[str, float]] = {}
    option_symbols: ClassVar[dict[str, str]] = {}
    notes: ClassVar[dict[str, Message]] = {}
    default_learning_rate: ClassVar[float] = 0.1
    suggested_learning_rate: ClassVar[float] = 0.1

    def __init__(self, options: Options) -> None:
        self.options = {**self.defaults, **options}
        self._minus_rate = np.array(0.0)

    def begin(self, learning_rate: Rate, t: int, scalars: Scalars) -> Scalars:
        """Prepare an update.

        Args:
            learning_rate: η of this update; for networks side by side also one for each of them, (networks, 1).
            t: The number of the update, from 1.
            scalars: The state that is not per parameter, before the update.

        Returns:
            That state after the update.
        """
        self._minus_rate = np.asarray(-learning_rate)
        return scalars

    def update(self, before: ParameterState, g: Array, after: ParameterState, scratch: tuple[Array, Array]) -> None:
        """Compute parameters and slots after one update; :meth:`begin` is called before each update.

        Args:
            before: The parameters w and the slots before the update.
            g: The gradient ∂L/∂w.
            after: Receives w′ and the slots after the update.
            scratch: Two arrays that may be overwritten.
        """
        (w, slots), (new_w, new_slots), (step, other) = before, after, scratch
        self.update_slots(g, slots, new_slots, other)
        self.step(w, g, new_slots, step, other)
        add(w, step, new_w)

    def update_slots(self, g: Array, slots: Slots, new_slots: Slots, scratch: Array) -> None:
        """Compute the slots after the update from those before it and the gradient."""

    def step(self, w: Array, g: Array, new_slots: Slots, step: Array, scratch: Array) -> None:
        """Compute the step Δw from the parameters before the update, the gradient and the slots after the update."""
        raise NotImplementedError

    def rules(self, n: Nums) -> Rules:
        """Yield the rule as expressions: each equation's left side, by its symbol, and its right side.

        Args:
            n: The numbers by their symbols: ``w``, ``g``, ``η``, ``t``, the options, the slots and scalars before the
                update, and the left side of each equation before this one. A prime stands for the value after the
                update, as in ``v′``. The last equation is that of ``Δw``.
        """
        raise NotImplementedError

    def numbered_rules(self, numbers: Nums, parameter: str = "w") -> dict[str, Rule]:
        """Return the rules by the symbol of their left side, with numbers; what is missing has its symbol alone.

        Args:
            numbers: The numbers of a pass by their symbols, as in :meth:`rules`. Left sides that are missing are
                computed.
            parameter: The letter of the parameter, ``w`` or ``b``.
        """
        options = {self.option_symbols[name]: literal(value) for name, value in self.options.items()}
        letters = {"w": parameter, "Δw": f"Δ{parameter}"}

        def with_symbol(name: str, number: Num) -> Num:
            return replace(number, symbol=symbol(letters.get(name, name)))

        names = ("w", "g", "η", "t", *(STATE_LETTERS[slot] for slot in self.slots), *self.scalars)
        n = {name: with_symbol(name, num) for name, num in (dict.fromkeys(names, Num(None)) | options).items()}
        n |= {name: with_symbol(name, number) for name, number in numbers.items()}
        rules = {}
        for name, body in self.rules(n):
            n.setdefault(name, with_symbol(name, Num(body.value)))
            rules[name] = Rule(n[name], body)
        return rules

    def formulas(self, parameter: str = "w") -> dict[str, Equation]:
        """Return the rules in symbols, by the symbol of their left side; ``parameter`` is ``w`` or ``b``."""
        rules = self.numbered_rules({}, parameter)
        return {name: Equation((result.as_symbol, to_symbols(body))) for name, (result, body) in rules.items()}

    def lines(self, numbers: Nums, parameter: str = "w") -> dict[str, Line]:
        """Return a line for each rule, by the symbol of its left side; arguments as in :meth:`numbered_rules`."""
        rules = self.numbered_rules(numbers, parameter)
        states = [f"{STATE_LETTERS[slot]}′" for slot in self.slots]
        lines = {}
        for name, (result, body) in rules.items():
            # A single rule stands above its line as the formula.
            sides = definition(result, body) if len(rules) > 1 else equation(result.as_symbol, body, result)
            note = Words(self.notes[name]) if name in self.notes else None
            lines[name] = Line("state" if name in states else "step", sides, note=note)
        return lines
