"""Lay out the explanation of the selected number: its formula and its lines of numbers, wrapped to a width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

from rich.style import Style
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt, fmt_quantity
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.notation import ASCII, UNICODE
from nn_tui.core.explain.render_text import exact_text
from nn_tui.core.explain.token_writer import line_tokens
from nn_tui.core.explain.tokens import Path, Token
from nn_tui.core.expression.explanation import LABEL, TERM_KINDS, Explanation, Line, expand_sum
from nn_tui.core.expression.nodes import Num
from nn_tui.core.translation import tr
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.hints import not_computed_text
from nn_tui.tui.session.question import as_question, formula_digits, hides_formula, question_here, question_text
from nn_tui.tui.session.scales import scale_of
from nn_tui.tui.session.selection import followable, followable_paths, highlighted
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.side_panel import HISTORY_BARS, HISTORY_NAMES, history_series, sparkline
from nn_tui.tui.views.wrapped_text import NumberSpan, Remark, TextPiece, WrappedText

INDENT = 2
"""Cells before the lines below the formula."""


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
        continued: The lines that continue in the next line.
        terms: The lines of the terms of a sum, in order; empty if the explanation has no line for each term.
        remarks: The remarks at the ends of lines.
    """

    lines: list[Strip]
    spans: list[NumberSpan]
    groups: list[list[int]]
    continued: frozenset[int] = frozenset()
    terms: tuple[TermLines, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def last_part(self, line: int) -> int:
        """Return the last of the lines in which ``line`` continues."""
        while line in self.continued:
            line += 1
        return line


def layout_explanation(
    session: Session, palette: Palette, width: int, *, history: bool = True, max_terms: int | None = None
) -> ExplanationLayout:
    """Lay out all lines of the explanation of the selected number.

    If the number is still to come, symbols stand for it and for all others that are, and a sentence says what it needs.

    Args:
        session: The session.
        palette: The palette.
        width: The cells of a line.
        history: Whether a line of bars below shows the number's values over the run.
        max_terms: The terms of a sum that are written out; None for as many as the explanation has.
    """
    wrapped = WrappedText(width, palette)
    ref, is_known = session.ref, session.is_known(session.ref)
    short = as_question(explain(session.engine, session.trace, ref, session.is_known), session)
    is_question = question_here(session) is not None
    explanation = short if max_terms is None else expand_sum(short, max_terms, with_symbols=is_question)
    writer = _LineWriter(explanation, session, palette, _highlighted_path(explanation, short, session))
    if not is_known:
        above = question_text(session) or not_computed_text(session)
        wrapped.add_text(format_keys(above, session.key_labels), palette.style("dim"))
    if hides_formula(session):
        return ExplanationLayout(wrapped.lines, [], [list(range(len(wrapped.lines)))])
    note_end = len(wrapped.lines)
    wrapped.add(writer.formula())
    ends = [len(wrapped.lines)]
    for index, line in enumerate(explanation.lines, 1):
        pieces, indent = writer.line(index, line)
        wrapped.add(pieces, indent)
        ends.append(len(wrapped.lines))
    if history and is_known:
        _add_history(wrapped, session, palette)
    formula_lines = list(range(note_end, ends[0]))
    ranges = [list(range(start, end)) for start, end in pairwise(ends)]
    chain, required, others = ([ranges[index] for index in part] for part in _by_importance(explanation, ref.sample))
    below = list(range(ends[-1], len(wrapped.lines)))
    note = [list(range(note_end))] if note_end else []
    continued = [index for lines in [*note, formula_lines, *ranges] for index in lines[:-1]]
    return ExplanationLayout(
        wrapped.lines,
        wrapped.spans,
        groups=[
            *note,
            *(lines[:1] for lines in chain),
            formula_lines[:1],
            *chain,
            *required,
            formula_lines,
            *others,
            below,
        ],
        continued=frozenset(continued),
        terms=tuple(_term_lines(explanation, ends)),
        remarks=tuple(wrapped.remarks),
    )


def _term_lines(explanation: Explanation, ends: list[int]) -> Iterator[TermLines]:
    """Return the lines of each term; line k of the explanation has the lines from ``ends[k]`` to ``ends[k + 1]``."""
    indices = [index for index, line in enumerate(explanation.lines) if line.kind in TERM_KINDS]
    for index in indices:
        line = explanation.lines[index]
        count = len(explanation.terms) - len(indices) + 1 if line.kind == "rest" else 1
        yield TermLines(range(ends[index], ends[index + 1]), line.value or 0.0, count)


def _highlighted_path(long: Explanation, short: Explanation, session: Session) -> Path | None:
    """Return the path in ``long`` of the highlighted number, which the session counts in ``short``."""
    index = highlighted(session)
    numbers = followable(short) if index >= 0 else []
    if not 0 <= index < len(numbers):
        return None
    same = [path for path, number in followable_paths(long).items() if number.ref == numbers[index].ref]
    return same[sum(number.ref == numbers[index].ref for number in numbers[:index])]


def _by_importance(explanation: Explanation, sample: int) -> tuple[list[int], list[int], list[int]]:
    """Return the indices of the explanation's lines in three groups, the most important one first.

    These are the chain rule; the result and the other lines of the selected sample; and all others, from the line
    before the result upwards, or from the first line if there are lines of the sample.
    """
    lines, value = explanation.lines, explanation.value
    results = [k for k, line in enumerate(lines) if value is not None and line.value == value]
    result = max(results, default=len(lines) - 1)
    chain = [k for k, line in enumerate(lines) if line.kind == "chain" and line.sample == sample]
    own = [k for k, line in enumerate(lines) if line.sample == sample and k not in chain]
    required = list(dict.fromkeys([result, *reversed(own)]))
    others = [*range(len(lines))] if own else [*range(result, -1, -1), *range(result, len(lines))]
    return chain, required, [index for index in others if index not in [*chain, *required]]


class _LineWriter:
    """Styles the lines of an explanation for the terminal."""

    def __init__(
        self, explanation: Explanation, session: Session, palette: Palette, highlighted_path: Path | None
    ) -> None:
        self._explanation, self._session, self._palette = explanation, session, palette
        self._highlighted_path = highlighted_path
        self._scale_of = cache(partial(scale_of, session))
        # A number that is still to come leads nowhere yet, and neither do those in its formula.
        paths = followable_paths(explanation) if session.is_known(explanation.ref) else {}
        self._indices = {path: index for index, path in enumerate(paths)}
        self._tokens = [self._tokens_of(index, line) for index, line in enumerate(explanation.all_lines)]
        samples = sum(line.kind == "sample" for line in explanation.lines)
        self._marked_sample = explanation.ref.sample if samples > 1 else -1

    def formula(self) -> list[TextPiece]:
        """Return the formula."""
        return self._pieces(self._tokens[0], self._palette.style("title"))

    def line(self, index: int, line: Line) -> tuple[list[TextPiece], int]:
        """Return a line of numbers and its indent; the line of the selected sample has an arrow before it."""
        tokens = self._tokens[index]
        if line.kind != "sample" or line.sample != self._marked_sample:
            return self._pieces(tokens), INDENT
        length = sum(token.path[1:2] == (LABEL,) for token in tokens)
        arrow = TextPiece(f"{self._palette.glyphs.arrow} ", self._palette.style("accent"))
        label = self._pieces(tokens[:length], self._palette.style("title"))
        return [arrow, *label, *self._pieces(tokens[length:])], 0

    def _tokens_of(self, index: int, line: Line) -> list[Token]:
        notation = ASCII if self._palette.glyphs.is_ascii else UNICODE
        return line_tokens(line, self._number_text, notation, (index,))

    def _number_text(self, number: Num) -> str:
        if number.is_exact or number.value is None:
            return exact_text(number)
        digits, glyphs = formula_digits(self._session), self._palette.glyphs
        if number.is_given and number.ref is None:  # in the units of the data, before the network's numbers
            return fmt_quantity(number.value, digits, glyphs=glyphs)
        return fmt(number.value, digits, sign=False, glyphs=glyphs)

    def _style_of(self, token: Token, index: int) -> Style:
        """Return the style of a token: the colour of a number with an address, and reverse video if highlighted."""
        if token.is_highlighted or (index >= 0 and token.path == self._highlighted_path):
            return self._palette.style("selected")
        node = token.node
        if token.kind != "number" or not isinstance(node, Num) or node.ref is None or node.value is None:
            return self._palette.style("text")
        return self._palette.number(node.value, self._scale_of(node.ref.key, node.ref.layer))

    def _pieces(self, tokens: Iterable[Token], style: Style | None = None) -> list[TextPiece]:
        """Style tokens, all with ``style`` if it is given; tokens that look the same are joined."""
        pieces: list[TextPiece] = []
        for token in tokens:
            index = self._indices.get(token.path, -1) if token.kind == "number" and style is None else -1
            look = style or self._style_of(token, index)
            last = pieces[-1] if pieces else None
            if last is None or index >= 0 or last.index >= 0 or last.style != look or token.kind == "note":
                pieces.append(TextPiece(token.text, look, index, token.kind == "note"))
            else:
                pieces[-1] = TextPiece(last.text + token.text, look, -1, last.begins_remark)
        ascii_only = self._palette.glyphs.is_ascii
        return [
            TextPiece(to_display(each.text, ascii_only), each.style, each.index, each.begins_remark) for each in pieces
        ]


def _add_history(wrapped: WrappedText, session: Session, palette: Palette) -> None:
    """Add the number's values over the run as bars, and those of its gradient; nothing for a single pass."""
    history, glyphs, dim = session.history, palette.glyphs, palette.style("dim")
    if history is None or history.ref != session.ref:
        return
    if history.note:
        wrapped.add_text(tr("no history: {reason}", reason=history.note), dim)
    if len(history.updates) < 2:
        return
    first, last = history.updates[0], history.updates[-1]
    passes = f"   {tr('passes {first} to {last}', first=first, last=last)}"
    for key, values in history_series(session):
        ends = (fmt(value, session.digits, sign=False, glyphs=glyphs) for value in (values[0], values[-1]))
        bars = TextPiece(sparkline(values, glyphs.bars, HISTORY_BARS), palette.style("train"))
        range_ = TextPiece(f" {f' {glyphs.to} '.join(ends)}", palette.style("text"))
        wrapped.add([TextPiece(f"{HISTORY_NAMES[key]!s:<9}", dim), bars, range_, TextPiece(passes, dim)], indent=INDENT)
        passes = ""
