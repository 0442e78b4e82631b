"""Lay out the explanation of the selected number: its formula and its lines of numbers, wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from textual.strip import Strip

from nn_tui.core.engine.steps import Operation
from nn_tui.core.explain.explain import explain
from nn_tui.core.expression import Explanation, Line, Num, expand_sum
from nn_tui.core.refs import Ref
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.numbers import fmt, is_rounded
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.session import Session, operation_of
from nn_tui.tui.views.selection import followable, highlighted, is_followable
from nn_tui.tui.views.side_panel import HISTORY_BARS, history_series, sparkline
from nn_tui.tui.views.wrapped_text import NumberSpan, TextPiece, WrappedText

INDENT = 2
"""Cells before the lines below the formula."""

_PHASE_KEYS: dict[Operation, str] = {
    "z": "forward (`f`)", "a": "forward (`f`)", "loss": "forward (`f`)",
    "da": "backward (`b`)", "dz": "backward (`b`)", "dw": "backward (`b`)", "db": "backward (`b`)",
    "update": "update (`u`)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TermLines:
    """The lines of one term of a sum, or of ``count`` terms as one number; ``value`` is what they add."""

    lines: range
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class ExplanationLayout:
    """The lines of an explanation, wrapped to a width.

    Attributes:
        lines: The lines.
        spans: The numbers in them that can be followed.
        groups: Indices of lines that belong together, the most important group first. The last group is
            the history below the explanation.
        rounding_line: The line that says that the numbers are rounded; −1 if none does.
        continued: The lines that continue in the next line.
        terms: The lines of the terms of a sum, in order; empty if the explanation has no line for each term.
    """

    lines: list[Strip]
    spans: list[NumberSpan]
    groups: list[list[int]]
    rounding_line: int = -1
    continued: frozenset[int] = frozenset()
    terms: tuple[TermLines, ...] = ()

    def last_part(self, line: int) -> int:
        """Return the last of the lines in which ``line`` continues."""
        while line in self.continued:
            line += 1
        return line


def not_computed_text(ref: Ref) -> str:
    """Return the sentence for a number that this pass has not computed yet; it marks the key to press."""
    operation = operation_of(ref.key)
    assert operation is not None
    return f"{ref.symbol} is not computed yet in this pass: it needs {_PHASE_KEYS[operation]}."


def layout_explanation(
    session: Session, palette: Palette, width: int, *, history: bool = True, max_terms: int | None = None
) -> ExplanationLayout:
    """Lay out all lines of the explanation of the selected number.

    Args:
        session: The session.
        palette: The palette.
        width: The cells of a line.
        history: Whether a line of bars below shows the number's values over the run.
        max_terms: The terms of a sum that are written out; None for as many as the explanation has.
    """
    wrapped = WrappedText(width, palette)
    ref, glyphs, dim = session.ref, palette.glyphs, palette.style("dim")
    if not session.is_known(ref):
        wrapped.add_text(format_keys(not_computed_text(ref), session.key_labels), dim)
        return ExplanationLayout(wrapped.lines, wrapped.spans, [list(range(len(wrapped.lines)))])
    short = explain(session.engine, session.trace, ref)
    explanation = short if max_terms is None else expand_sum(short, max_terms)
    formula = [TextPiece(to_display(explanation.formula, glyphs.is_ascii), palette.style("title"))]
    if _has_rounded_numbers(explanation, session.digits):
        note = format_keys(f"   {glyphs.approx} {session.digits} digits, `d` shows more", session.key_labels)
        formula.append(TextPiece(to_display(note, glyphs.is_ascii), dim))
    wrapped.add(formula)
    ends = [len(wrapped.lines)]
    samples = sum(str(line[0]).startswith("sample ") for line in explanation.lines if line)
    sample = ref.sample if samples > 1 else -1
    index, marked = 0, _index_in(explanation, short, highlighted(session))
    for line in explanation.lines:
        pieces, index = _pieces(line, sample, explanation, session, palette, index, marked)
        is_marked = bool(pieces) and pieces[0].text.startswith(glyphs.arrow)
        wrapped.add(pieces, indent=0 if is_marked else INDENT)
        ends.append(len(wrapped.lines))
    if history:
        _add_history(wrapped, session, palette)
    ranges = [list(range(start, end)) for start, end in pairwise(ends)]
    required, others = ([ranges[index] for index in part] for part in _by_importance(explanation, ref.sample))
    below = list(range(ends[-1], len(wrapped.lines)))
    continued = [index for lines in [list(range(ends[0])), *ranges] for index in lines[:-1]]
    return ExplanationLayout(
        wrapped.lines,
        wrapped.spans,
        groups=[[0], *required, list(range(ends[0])), *others, below],
        rounding_line=ends[0] - 1 if len(formula) > 1 else -1,
        continued=frozenset(continued),
        terms=tuple(_term_lines(explanation, ends)),
    )


def _term_lines(explanation: Explanation, ends: list[int]) -> Iterator[TermLines]:
    """Return the lines of each term; line k of the explanation has the lines from ``ends[k]`` to ``ends[k + 1]``."""
    indices = explanation.addends
    for index in indices:
        count = len(explanation.terms) - len(indices) + 1 if index == indices[-1] else 1
        value = _last_number(explanation.lines[index])
        yield TermLines(range(ends[index], ends[index + 1]), 0.0 if value is None else value, count)


def _last_number(line: Line) -> float | None:
    return next((part.value for part in reversed(line) if isinstance(part, Num)), None)


def _index_in(long: Explanation, short: Explanation, index: int) -> int:
    """Return the index in ``long`` of the number ``index`` of ``short``; both count the numbers to follow."""
    numbers = followable(short)
    if short is long or not 0 <= index < len(numbers):
        return index
    same = [position for position, number in enumerate(followable(long)) if number.ref == numbers[index].ref]
    return same[sum(number.ref == numbers[index].ref for number in numbers[:index])]


def _by_importance(explanation: Explanation, sample: int) -> tuple[list[int], list[int]]:
    """Return the indices of the explanation's lines: the result and the selected sample's term; then the others.

    The others are ordered from the line before the result upwards, or from the first line if there is such a term.
    """
    lines = explanation.lines
    values = [_last_number(line) for line in lines]
    result = max((k for k, value in enumerate(values) if value == explanation.value), default=len(lines) - 1)
    own = [k for k, line in enumerate(lines) if line and f"sample {sample + 1}:" in str(line[0])]
    required = list(dict.fromkeys([result, *reversed(own)]))
    others = [*range(len(lines))] if own else [*range(result, -1, -1), *range(result, len(lines))]
    return required, [index for index in others if index not in required]


def _pieces(
    line: Line, sample: int, explanation: Explanation, session: Session, palette: Palette, index: int, marked: int
) -> tuple[list[TextPiece], int]:
    """Style the parts of a line; a negative number after an operator has brackets, as on paper.

    Args:
        line: The line.
        sample: The sample whose term has an arrow before it; −1 for none.
        explanation: The explanation that has the line.
        session: The session.
        palette: The palette.
        index: The index of the line's first number that can be followed.
        marked: The index of the highlighted number.

    Returns:
        The pieces, and the index of the next number that can be followed.
    """
    glyphs = palette.glyphs
    pieces: list[TextPiece] = []
    for position, part in enumerate(line):
        if isinstance(part, str):
            if not position and part == f"sample {sample + 1}: ":
                pieces.append(TextPiece(f"{glyphs.arrow} ", palette.style("accent")))
                pieces.append(TextPiece(part, palette.style("title")))
            else:
                pieces.append(TextPiece(to_display(part, glyphs.is_ascii), palette.style("text")))
            continue
        number = fmt(part.value, session.digits, sign=False, glyphs=glyphs)
        before = line[position - 1] if position else ""
        if part.value < 0 and isinstance(before, str) and before.rstrip().endswith(("×", "+", "−", "·")):
            number = f"({number})"
        if not is_followable(part, explanation.ref):
            pieces.append(TextPiece(number, palette.style("accent" if part.ref else "text")))
            continue
        pieces.append(TextPiece(number, palette.style("selected" if index == marked else "accent"), index))
        index += 1
    return pieces, index


def _has_rounded_numbers(explanation: Explanation, digits: int | None) -> bool:
    return any(isinstance(part, Num) and is_rounded(part.value, digits) for line in explanation.lines for part in line)


def _add_history(wrapped: WrappedText, session: Session, palette: Palette) -> None:
    """Add the number's values over the run as bars, and those of its gradient; nothing for a single pass."""
    history, glyphs, dim = session.history, palette.glyphs, palette.style("dim")
    if history is None or history.ref != session.ref:
        return
    if history.note:
        wrapped.add_text(f"no history: {history.note}", dim)
    if len(history.updates) < 2:
        return
    passes = f"   passes {history.updates[0]} to {history.updates[-1]}"
    for name, values in history_series(session):
        first, last = (fmt(value, session.digits, sign=False, glyphs=glyphs) for value in (values[0], values[-1]))
        bars = TextPiece(sparkline(values, glyphs.bars, HISTORY_BARS), palette.style("train"))
        ends = TextPiece(f" {first} {glyphs.to} {last}", palette.style("text"))
        wrapped.add([TextPiece(f"{name:<9}", dim), bars, ends, TextPiece(passes, dim)], indent=INDENT)
        passes = ""
