"""The arithmetic view: the selected number as a formula in symbols, and the same formula with its numbers.

A large panel also shows the number's path through the pass below it, and its curve and history beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.engine.steps import Operation
from nn_tui.core.explain.explain import explain
from nn_tui.core.expression import Explanation, Line, Num, expand_sum
from nn_tui.core.refs import Ref
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.numbers import fmt, is_rounded
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.session.session import Session, operation_of
from nn_tui.tui.views.data_path import draw_data_path
from nn_tui.tui.views.elide import ElidedRow, ExplanationLayout, TermLines, elide
from nn_tui.tui.views.selection import followable, highlighted, is_followable
from nn_tui.tui.views.side_panel import HISTORY_BARS, draw_curve, draw_side_panel, has_curve, history_series, sparkline
from nn_tui.tui.views.wrapped_text import NumberSpan, TextPiece, WrappedText

MAX_TERMS = 500
"""The terms of a sum that the page with all lines writes out."""

_PHASE_KEYS: dict[Operation, str] = {
    "z": "forward (`f`)", "a": "forward (`f`)", "loss": "forward (`f`)",
    "da": "backward (`b`)", "dz": "backward (`b`)", "dw": "backward (`b`)", "db": "backward (`b`)",
    "update": "update (`u`)",
}  # fmt: skip
_MIN_SIDE_WIDTH, _MAX_SIDE_WIDTH = 26, 60  # cells of what stands beside the text
_MIN_SIDE_HEIGHT = 8  # lines from which something stands beside the text
_MIN_TEXT_WIDTH = 44  # cells that the text keeps
_MIN_LARGE_WIDTH, _MIN_LARGE_HEIGHT = 100, 12  # cells and lines from which the side panel is always shown
_MIN_PATH_HEIGHT = 4  # lines of the shortest data path, with the empty line above it
_INDENT = 2  # cells before the lines below the formula
_GAP = 2  # cells between the text and what stands beside it
_REMARK_GAP = "   "  # separates a remark from the line of the explanation that it is about


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw as many lines of the selected number's explanation as fit; the highlighted number is always among them."""
    text_cells = text_width(session, width, height)
    layout, rows = _elided(session, palette, width, height)
    visible = {row.line for row in rows}
    lines = [_draw_row(row, layout, visible, palette, text_cells) for row in rows]
    has_room = len(layout.lines) + _MIN_PATH_HEIGHT <= height
    path = draw_data_path(session, palette, text_cells) if has_room else []
    if len(layout.lines) + len(path) <= height:
        lines += path
    lines += [make_strip([], text_cells, palette.style("text"))] * (height - len(lines))
    if text_cells == width:
        return lines
    draw_side = draw_side_panel if _is_large(width, height) else draw_curve
    side = draw_side(session, palette, width - text_cells - _GAP, height)
    gap = Segment(" " * _GAP, palette.style("text"))
    return [Strip([*left, gap, *right], width) for left, right in zip(lines, side, strict=True)]


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title, which names the selected number."""
    return to_display(f"Arithmetic {palette.glyphs.dot} {session.ref.symbol}", palette.glyphs.is_ascii)


def document(session: Session, palette: Palette, width: int, max_terms: int = MAX_TERMS) -> list[Strip]:
    """Return all lines of the explanation, with at most ``max_terms`` terms of its sum written out."""
    return layout_explanation(session, palette, width, max_terms=max_terms).lines


def hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> int | None:
    """Return the index of the number that can be followed at (x, y) of a panel of that size; None if there is none."""
    spans = visible_spans(session, palette, width, height)
    return next((span.index for span in spans if span.line == y and span.start <= x < span.end), None)


def visible_spans(session: Session, palette: Palette, width: int, height: int) -> list[NumberSpan]:
    """Return where a panel of that size shows the numbers that can be followed; lines count from its top."""
    text_cells = text_width(session, width, height)
    layout, rows = _elided(session, palette, width, height)
    visible = {row.line for row in rows}
    ends = [_shown_part(row, layout, visible, palette, text_cells)[0] for row in rows]
    return [
        replace(span, line=y, end=min(span.end, end))
        for y, (row, end) in enumerate(zip(rows, ends, strict=True))
        for span in layout.spans
        if span.line == row.line and span.start < end
    ]


def text_width(session: Session, width: int, height: int) -> int:
    """Return the cells of the text in a panel of that size: all of them if nothing stands beside it."""
    side = min(max(_MIN_SIDE_WIDTH, width // 3), _MAX_SIDE_WIDTH)
    has_room = height >= _MIN_SIDE_HEIGHT and width >= _MIN_TEXT_WIDTH + side + _GAP
    return width - side - _GAP if has_room and (has_curve(session) or _is_large(width, height)) else width


def _is_large(width: int, height: int) -> bool:
    return width >= _MIN_LARGE_WIDTH and height >= _MIN_LARGE_HEIGHT


def not_computed_text(ref: Ref) -> str:
    """Return the sentence for a number that this pass has not computed yet; it marks the key to press."""
    operation = operation_of(ref.key)
    assert operation is not None
    return f"{ref.symbol} is not computed yet in this pass: it needs {_PHASE_KEYS[operation]}."


def _elided(session: Session, palette: Palette, width: int, height: int) -> tuple[ExplanationLayout, list[ElidedRow]]:
    """The explanation in a panel of that size, and the rows of it that fit."""
    text_cells = text_width(session, width, height)
    # A large panel shows the history in its side panel.
    layout = layout_explanation(session, palette, text_cells, history=not _is_large(width, height))
    return layout, elide(layout, session, palette, highlighted(session), text_cells, height)


def _draw_row(row: ElidedRow, layout: ExplanationLayout, visible: set[int], palette: Palette, width: int) -> Strip:
    """Draw the line of a row and its note."""
    note, text = Segment(row.note, palette.style(row.style)), palette.style("text")
    if row.line < 0:
        return make_strip([Segment(" " * _INDENT, text), note], width, text)
    line = layout.lines[row.line]
    end, ellipsis = _shown_part(row, layout, visible, palette, width)
    if ellipsis or end < width:
        cut = [*line.crop(0, end), Segment(ellipsis, palette.style("dim"))] if ellipsis else line.crop(0, end)
        line = make_strip(cut, max(0, width - cell_len(row.note)), text)
    return make_strip([*line, note], width, text) if row.note else line


def _shown_part(
    row: ElidedRow, layout: ExplanationLayout, visible: set[int], palette: Palette, width: int
) -> tuple[int, str]:
    """The cells of a row's line that are shown, and the ellipsis after them.

    A line has an ellipsis if its continuation is not visible; a remark at its end is then shown whole or not at all.
    """
    room = max(0, width - cell_len(row.note))
    if row.line < 0 or row.line not in layout.continued or row.line + 1 in visible:
        return room, ""
    glyphs = palette.glyphs
    ellipsis = f" {glyphs.ellipsis}"
    text = layout.lines[row.line].text.rstrip()
    before, gap, remark = text.rpartition(_REMARK_GAP)
    if before.strip() and gap and not remark.endswith(")"):
        text = before.rstrip()
        # Directly behind a number an ellipsis would stand for more digits.
        ellipsis = f"{_REMARK_GAP}{glyphs.ellipsis}" if text[-1].isdigit() else ellipsis
        # The last row's note says that numbers are rounded.
        ellipsis = "" if remark.startswith(glyphs.approx) else ellipsis
    while cell_len(text) + cell_len(ellipsis) > room and " " in text.strip():
        text = text.rpartition(" ")[0].rstrip()
    return max(0, min(cell_len(text), room - cell_len(ellipsis))), ellipsis


def layout_explanation(
    session: Session, palette: Palette, width: int, *, history: bool = True, max_terms: int | None = None
) -> ExplanationLayout:
    """Lay out all lines of the explanation of the selected number.

    Args:
        session: The session.
        palette: The palette.
        width: The cells of a line.
        history: Whether the number's values over the run stand below as a line of bars.
        max_terms: The terms of a sum that are written out; None for as many as the explanation has.
    """
    wrapped = WrappedText(width, palette)
    ref, glyphs, dim = session.ref, palette.glyphs, palette.style("dim")
    if not session.is_known(ref):
        wrapped.add_text(format_keys(not_computed_text(ref), session.keys), dim)
        return ExplanationLayout(wrapped.lines, wrapped.spans, [list(range(len(wrapped.lines)))])
    short = explain(session.engine, session.trace, ref)
    explanation = short if max_terms is None else expand_sum(short, max_terms)
    formula = [TextPiece(to_display(explanation.formula, glyphs.is_ascii), palette.style("title"))]
    if _has_rounded_numbers(explanation, session.digits):
        note = format_keys(f"   {glyphs.approx} {session.digits} digits, `d` shows more", session.keys)
        formula.append(TextPiece(to_display(note, glyphs.is_ascii), dim))
    wrapped.add(formula)
    ends = [len(wrapped.lines)]
    samples = sum(str(line[0]).startswith("sample ") for line in explanation.lines if line)
    sample = ref.sample if samples > 1 else -1
    index, marked = 0, _index_in(explanation, short, highlighted(session))
    for line in explanation.lines:
        pieces, index = _pieces(line, sample, explanation, session, palette, index, marked)
        is_marked = bool(pieces) and pieces[0].text.startswith(glyphs.arrow)
        wrapped.add(pieces, indent=0 if is_marked else _INDENT)
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
    """The lines of each term; line k of the explanation is lines ``ends[k]`` to ``ends[k + 1]`` of the layout."""
    indices = explanation.addends
    for index in indices:
        count = len(explanation.terms) - len(indices) + 1 if index == indices[-1] else 1
        value = _last_number(explanation.lines[index])
        yield TermLines(range(ends[index], ends[index + 1]), 0.0 if value is None else value, count)


def _last_number(line: Line) -> float | None:
    return next((part.value for part in reversed(line) if isinstance(part, Num)), None)


def _index_in(long: Explanation, short: Explanation, index: int) -> int:
    """The index among the numbers of ``long`` that can be followed of number ``index`` among those of ``short``."""
    numbers = followable(short)
    if short is long or not 0 <= index < len(numbers):
        return index
    same = [position for position, number in enumerate(followable(long)) if number.ref == numbers[index].ref]
    return same[sum(number.ref == numbers[index].ref for number in numbers[:index])]


def _by_importance(explanation: Explanation, sample: int) -> tuple[list[int], list[int]]:
    """The indices of the explanation's lines: the result and the selected sample's term; then the others.

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
    """Style the parts of a line; a negative number after an operator stands in brackets, as on paper.

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
        wrapped.add([TextPiece(f"{name:<9}", dim), bars, ends, TextPiece(passes, dim)], indent=_INDENT)
        passes = ""
