"""One pass of a network, and the explanation of one of its numbers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.expression.explanation import Explanation
from nn_tui.core.library.arguments import text
from nn_tui.core.library.calling import refuse_attribute
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import QuantityKey, QuantityLike, Ref
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr_plural

_OTHER_NAMES = {"dW": "dw", "dB": "db", "dZ": "dz", "dA": "da", "W": "w", "delta": "dz", "grad": "dw", "yhat": "a[-1]"}


class Pass:
    """One pass: forward, loss, backward, update. Its arrays are read-only copies that nothing overwrites.

    Rows of an array are the samples of the batch. ``z``, ``a``, ``da``, ``dz``, ``dw``, ``db``, ``w`` and ``b`` have an
    array for each layer, so ``dw[0]`` belongs to layer 1. All derivatives are those of the loss of the whole batch.

    Examples:
        >>> from nn_tui.core import Network
        >>> first = Network.open("neuron").trace(1)
        >>> first
        Pass 1 (epoch 1): 1 sample, loss 0.193728
        >>> bool(first.value("dw1[1,1]") == first.dw[0][0, 0])
        True
    """

    def __init__(self, engine: Engine, trace: Trace) -> None:
        """Take a pass that nobody writes to any more: the engine must never get it back."""
        self._engine = engine
        self._trace = trace

    @property
    def number(self) -> int:
        """The number of the pass, from 1: it takes the parameters after ``number - 1`` updates to the next ones."""
        return self._trace.update

    @property
    def epoch(self) -> int:
        """The epoch of the pass, from 1."""
        return self._trace.epoch

    @property
    def loss(self) -> float:
        """The loss of the batch, with the penalty on the weights: the function that is differentiated."""
        return self._trace.loss

    @property
    def penalty(self) -> float:
        """The penalty on the weights."""
        return self._trace.penalty

    @property
    def learning_rate(self) -> float:
        """The learning rate η of the update."""
        return self._trace.learning_rate

    @property
    def rows(self) -> NDArray[np.intp]:
        """The training rows in the batch, from 0."""
        rows = self._trace.rows
        return np.arange(self._trace.n) if rows is None else rows.copy()

    @cached_property
    def x(self) -> Array:
        """The inputs (batch, inputs)."""
        return read_only(self._trace.x)

    @cached_property
    def y(self) -> Array:
        """The targets (batch, outputs)."""
        return read_only(self._trace.y)

    @cached_property
    def z(self) -> tuple[Array, ...]:
        """The weighted sums of each layer, (batch, units)."""
        return self._layers("z")

    @cached_property
    def a(self) -> tuple[Array, ...]:
        """The activations of each layer, (batch, units); the last ones are the predictions ŷ."""
        return self._layers("a")

    @cached_property
    def da(self) -> tuple[Array, ...]:
        """∂L/∂a of each layer, (batch, units)."""
        return self._layers("da")

    @cached_property
    def dz(self) -> tuple[Array, ...]:
        """δ = ∂L/∂z of each layer, (batch, units)."""
        return self._layers("dz")

    @cached_property
    def dw(self) -> tuple[Array, ...]:
        """∂L/∂w of each layer, (units, inputs)."""
        return self._layers("dw")

    @cached_property
    def db(self) -> tuple[Array, ...]:
        """∂L/∂b of each layer, (units,)."""
        return self._layers("db")

    @cached_property
    def dx(self) -> Array:
        """∂L/∂x, (batch, inputs)."""
        return read_only(quantity(self._engine, self._trace, "dx", 0))

    @cached_property
    def w(self) -> tuple[Array, ...]:
        """The weights of each layer before the update, (units, inputs)."""
        return self._layers("w")

    @cached_property
    def b(self) -> tuple[Array, ...]:
        """The biases of each layer before the update, (units,)."""
        return self._layers("b")

    @cached_property
    def w_after(self) -> tuple[Array, ...]:
        """The weights of each layer after the update, (units, inputs)."""
        return self._layers(QuantityKey("w", after=True))

    @cached_property
    def b_after(self) -> tuple[Array, ...]:
        """The biases of each layer after the update, (units,)."""
        return self._layers(QuantityKey("b", after=True))

    def value(self, name: str) -> float:
        """Return one number of the pass.

        Args:
            name: Its name as the app writes it: ``dw1[2,1]``, ``z2[1]@3`` (sample 3), ``w1[1,1]'`` (after the update),
                ``yhat1``, ``loss``. Layers, units, inputs and samples count from 1; without ``@`` it is sample 1.

        Raises:
            InputError: If the network has no such number, or several.
        """
        from nn_tui.core.explain.parts import value_of  # explanations take a while to import

        return value_of(self._engine, self._trace, self._ref(name))

    def explain(self, name: str) -> ExplainedNumber:
        """Explain how one number of the pass is computed; the argument and errors are those of :meth:`value`."""
        from nn_tui.core.explain.explain import explain  # it takes a while to import

        ref = self._ref(name)
        return ExplainedNumber(name, self.value(name), explain(self._engine, self._trace, ref))

    def _ref(self, name: str) -> Ref:
        slots = tuple(self._engine.optimizer.slots)
        return parse_ref(
            text(name, "name"), self._engine.sizes, slots=slots, batch_size=self._trace.n, needs_indices=True
        )

    def _layers(self, key: QuantityLike) -> tuple[Array, ...]:
        layers = range(len(self._engine.sizes) - 1)
        return tuple(read_only(quantity(self._engine, self._trace, key, layer)) for layer in layers)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            refuse_attribute("Pass", name, _OTHER_NAMES, dir(type(self)))

    def __repr__(self) -> str:
        return tr_plural(
            "Pass {number:,} (epoch {epoch:,}): {count:,} sample, loss {loss}",
            "Pass {number:,} (epoch {epoch:,}): {count:,} samples, loss {loss}",
            self._trace.n,
            number=self.number,
            epoch=self.epoch,
            loss=plain_number(self.loss),
        )


class ExplainedNumber:
    """A number of a pass with the formula and the numbers from which it is computed.

    ``print`` writes it as text; a notebook shows its formulas, and prints them with LaTeX.

    Attributes:
        name: The name of the number.
        value: The number.
        explanation: The explanation as a tree of expressions.
    """

    def __init__(self, name: str, value: float, explanation: Explanation) -> None:
        self.name = name
        self.value = value
        self.explanation = explanation

    def text(self, digits: int | None = 6) -> str:
        """Return the explanation as text; ``digits`` None writes all digits of each number."""
        from nn_tui.core.explain.render_text import explanation_text  # like those below, only for who asks for it

        return explanation_text(self.explanation, digits)

    def markdown(self, digits: int | None = 6) -> str:
        """Return the explanation as Markdown with formulas between dollar signs, as notebooks show it."""
        from nn_tui.core.library.notebook_text import explanation_notebook

        return explanation_notebook(self.explanation, digits)

    def latex(self, digits: int | None = 6) -> str:
        """Return the explanation as LaTeX."""
        from nn_tui.core.explain.render_latex import explanation_latex

        return explanation_latex(self.explanation, digits)

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def _repr_latex_(self) -> str:
        return self.latex()


def read_only(array: Array) -> Array:
    """Return a copy that nobody can write to."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy
