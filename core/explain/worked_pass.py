"""What all sections of a worked example use: the pass, the parts of it to write out, and texts of its explanations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.equations import Equation
from nn_tui.core.expression.explanation import Explanation, Line, Term, sum_lines
from nn_tui.core.expression.nodes import Num, symbol_of
from nn_tui.core.refs import QuantityLike, to_key
from nn_tui.core.spec import Array
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, message, message_plural

MAX_LINES = 64  # samples × units; if a limit is exceeded, only the FIRST ones are written out
MAX_SAMPLES, FIRST_SAMPLES = 8, 2
MAX_UNITS, FIRST_UNITS = 10, 4
MAX_WEIGHTS, FIRST_INPUTS = 24, 4


@dataclass(frozen=True, slots=True)
class WorkedPass:
    """The pass that all sections print.

    Attributes:
        engine: The engine that ran the pass.
        trace: The pass.
        digits: Significant digits; None prints all.
    """

    engine: Engine
    trace: Trace
    digits: int | None

    @property
    def samples(self) -> range:
        """The samples to write out."""
        units = sum(len(self.units(layer)) for layer in range(len(self.trace.z)))
        all_fit = self.trace.n <= MAX_SAMPLES and self.trace.n * units <= MAX_LINES
        return range(self.trace.n if all_fit else min(self.trace.n, FIRST_SAMPLES))

    def units(self, layer: int) -> range:
        """Return the units of ``layer`` (from 0) to write out."""
        count = self.engine.sizes[layer + 1]
        all_fit = count <= MAX_UNITS and sum(self.engine.sizes[1:]) <= 3 * MAX_UNITS
        return range(count if all_fit else min(count, FIRST_UNITS))

    def weights(self, layer: int) -> list[tuple[int, int]]:
        """Return the weights of ``layer`` (from 0) to write out, as (unit, input)."""
        inputs, units = self.engine.sizes[layer : layer + 2]
        if inputs * units <= MAX_WEIGHTS:
            return list(itertools.product(range(units), range(inputs)))
        return list(itertools.product(self.units(layer), range(min(inputs, FIRST_INPUTS))))

    def sample_name(self, n: int) -> Message:
        """Return the name of a sample, with its data row if the batch is only a part of the data."""
        rows = self.trace.rows
        if rows is None:
            return message("sample {sample}", sample=n + 1)
        return message("sample {sample} (data row {row:,})", sample=n + 1, row=int(rows[n]) + 1)

    def explain(self, key: QuantityLike, layer: int, unit: int, input: int = 0, sample: int = 0) -> Explanation:
        """Return the explanation of a number of the pass."""
        return explain(self.engine, self.trace, to_key(key).at(layer, unit, input, sample))

    def number(self, value: float) -> str:
        """Return a number as text."""
        return plain_number(value, self.digits)

    def text(self, line: Line) -> str:
        """Return a line of an explanation as text."""
        return line_text(line, self.digits)

    def equations(self, explanation: Explanation) -> str:
        """Join the lines with numbers to one line that begins with the symbol."""
        lines = [line for line in explanation.lines if line.kind != "remark"]
        symbol, text = symbol_of(explanation.ref), "; ".join(map(self.text, lines))
        body = lines[0].body
        is_named = isinstance(body, Equation) and body.sides[0] == symbol
        return text if is_named else f"{explanation.ref.symbol}: {text}"

    def result(self, explanation: Explanation) -> str:
        """Return the line with the result alone, as an equation that begins with the symbol."""
        symbol = symbol_of(explanation.ref)
        line = next(line for line in explanation.lines if line.kind == "value")
        assert isinstance(line.body, Equation)
        sides = line.body.sides
        return self.text(Line("value", line.body if sides[0] == symbol else Equation((symbol, *sides))))

    def header(self, explanation: Explanation) -> list[str]:
        """Return the formula and the remarks, which are the same for all units and samples."""
        lines = [explanation.formula, *(line for line in explanation.lines if line.kind == "remark")]
        return [f"  {self.text(line)}" for line in lines]

    def sum_of_terms(self, explanation: Explanation) -> str:
        """Write the terms as one sum, without the labels of the samples."""
        terms = [Term(term.node) for term in explanation.terms]
        lines = sum_lines(symbol_of(explanation.ref), terms, Num(explanation.value))
        return "; ".join(map(self.text, lines))


def shape_text(array: Array) -> str:
    """Return the shape of an array as text: ``(4 × 2)``."""
    return f"({' × '.join(str(size) for size in array.shape)})"


def omitted(
    shown: Sequence[object], count: int, what: Literal["sample", "unit", "weight", "bias"], indent: int = 2
) -> list[str]:
    """Return the line that says how many samples, units, weights or biases are not written out; none if all are."""
    more = count - len(shown)
    return [f"{' ' * indent}{_omitted_message(more, what)}"] if more else []


def _omitted_message(count: int, what: Literal["sample", "unit", "weight", "bias"]) -> Message:
    if what == "sample":
        return message_plural(
            "… {count:,} more sample; --json writes all numbers.",
            "… {count:,} more samples; --json writes all numbers.",
            count,
        )
    if what == "unit":
        return message_plural(
            "… {count:,} more unit; --json writes all numbers.",
            "… {count:,} more units; --json writes all numbers.",
            count,
        )
    if what == "weight":
        return message_plural(
            "… {count:,} more weight; --json writes all numbers.",
            "… {count:,} more weights; --json writes all numbers.",
            count,
        )
    return message_plural(
        "… {count:,} more bias; --json writes all numbers.",
        "… {count:,} more biases; --json writes all numbers.",
        count,
    )
