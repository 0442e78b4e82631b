"""The arithmetic view: the selected number as a formula in symbols, and the same formula with its numbers.

A large panel also shows the number's path through the pass below it, and its curve and history beside it.
"""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.session.question import formula_digits, hides_formula, question_here
from nn_tui.tui.session.selection import follow, highlighted
from nn_tui.tui.session.session import Session
from nn_tui.tui.view import Click
from nn_tui.tui.views.data_path import draw_data_path
from nn_tui.tui.views.elide import ElidedRow, elide
from nn_tui.tui.views.explanation_layout import INDENT, ExplanationLayout, layout_explanation
from nn_tui.tui.views.side_panel import draw_curve, draw_side_panel, has_curve
from nn_tui.tui.views.wrapped_text import NumberSpan

MAX_TERMS = 500
"""The terms of a sum that the page with all lines writes out."""

_MIN_SIDE_WIDTH, _MAX_SIDE_WIDTH = 26, 60  # cells of the curve or the side panel
_MIN_SIDE_HEIGHT = 8  # lines from which the curve or the side panel is shown
_MIN_TEXT_WIDTH = 44  # cells that the text keeps
_MIN_LARGE_WIDTH, _MIN_LARGE_HEIGHT = 100, 12  # cells and lines from which the side panel is always shown
_MIN_PATH_HEIGHT = 3  # lines of the shortest data path
_GAP = 3  # cells between the text and the side panel, with a line in the middle
_REMARK_GAP = "   "  # between a line and its remark


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw as many lines of the selected number's explanation as fit; the highlighted number is always among them."""
    text_cells = text_width(session, width, height)
    layout, rows = _elided(session, palette, width, height)
    visible = {row.line for row in rows}
    lines = [_draw_row(row, layout, visible, palette, text_cells) for row in rows]
    room = height - len(layout.lines)
    has_path = room >= _MIN_PATH_HEIGHT and not hides_formula(session)  # the path has formulas, too
    lines += draw_data_path(session, palette, text_cells, room) if has_path else []
    lines += [make_strip([], text_cells, palette.style("text"))] * (height - len(lines))
    if text_cells == width:
        return lines
    draw_side = draw_side_panel if _is_large(width, height) else draw_curve
    side = draw_side(session, palette, width - text_cells - _GAP, height)
    gap = Segment(f" {palette.glyphs.vline} ", palette.style("dim"))
    return [Strip([*left, gap, *right], width) for left, right in zip(lines, side, strict=True)]


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title, which names the selected number and says to how many digits numbers are rounded."""
    glyphs, symbol = palette.glyphs, session.ref.symbol
    text = tr("Arithmetic {dot} {symbol}", dot=glyphs.dot, symbol=symbol)
    digits = formula_digits(session)
    if digits is not None:
        text = tr(
            "Arithmetic {dot} {symbol} {dot} {sign} {digits} digits, `d` shows more",
            dot=glyphs.dot,
            symbol=symbol,
            sign=glyphs.approx,
            digits=digits,
        )
    return to_display(format_keys(text, session.key_labels), glyphs.is_ascii)


def document(session: Session, palette: Palette, width: int, max_terms: int = MAX_TERMS) -> list[Strip]:
    """Return all lines of the explanation, with at most ``max_terms`` terms of its sum written out."""
    return layout_explanation(session, palette, width, max_terms=max_terms).lines


def hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> int | None:
    """Return the index of the number that can be followed at (x, y) of a panel of that size; None if there is none."""
    spans = visible_spans(session, palette, width, height)
    return next((span.index for span in spans if span.line == y and span.start <= x < span.end), None)


def click(session: Session, click: Click) -> Session:
    """Follow the number that was clicked."""
    number = hit(session, click.palette, click.width, click.height, click.x, click.y)
    return session if number is None else follow(session, number)


def visible_spans(session: Session, palette: Palette, width: int, height: int) -> list[NumberSpan]:
    """Return the positions, in a panel of that size, of the numbers that can be followed; lines count from its top."""
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
    """Return the cells of the text in a panel of that size: all of them if nothing is shown beside it."""
    side = min(max(_MIN_SIDE_WIDTH, width // 3), _MAX_SIDE_WIDTH)
    has_room = height >= _MIN_SIDE_HEIGHT and width >= _MIN_TEXT_WIDTH + side + _GAP
    return width - side - _GAP if has_room and (has_curve(session) or _is_large(width, height)) else width


def _is_large(width: int, height: int) -> bool:
    return width >= _MIN_LARGE_WIDTH and height >= _MIN_LARGE_HEIGHT


def _elided(session: Session, palette: Palette, width: int, height: int) -> tuple[ExplanationLayout, list[ElidedRow]]:
    """Return the explanation in a panel of that size, and the rows of it that fit."""
    text_cells = text_width(session, width, height)
    # A large panel shows the history in its side panel.
    layout = layout_explanation(session, palette, text_cells, history=not _is_large(width, height))
    if question_here(session) is not None and len(layout.lines) < height:  # a person needs all terms, if they fit
        whole = layout_explanation(session, palette, text_cells, history=False, max_terms=MAX_TERMS)
        layout = whole if len(whole.lines) <= height else layout
    return layout, elide(layout, session, palette, highlighted(session), text_cells, height)


def _draw_row(row: ElidedRow, layout: ExplanationLayout, visible: set[int], palette: Palette, width: int) -> Strip:
    """Draw the line of a row and its note."""
    note, text = Segment(row.note, palette.style(row.style)), palette.style("text")
    if row.line < 0:
        return make_strip([Segment(" " * INDENT, text), note], width, text)
    line = layout.lines[row.line]
    end, ellipsis = _shown_part(row, layout, visible, palette, width)
    if ellipsis or end < width:
        cut = [*line.crop(0, end), Segment(ellipsis, palette.style("dim"))] if ellipsis else line.crop(0, end)
        line = make_strip(cut, max(0, width - cell_len(row.note)), text)
    return make_strip([*line, note], width, text) if row.note else line


def _shown_part(
    row: ElidedRow, layout: ExplanationLayout, visible: set[int], palette: Palette, width: int
) -> tuple[int, str]:
    """Return the cells of a row's line that are shown, and the ellipsis after them.

    A line has an ellipsis if its continuation is not visible; a remark at its end is then shown whole or not at all.
    """
    room = max(0, width - cell_len(row.note))
    if row.line < 0 or row.line not in layout.continued or row.line + 1 in visible:
        return room, ""
    glyphs = palette.glyphs
    ellipsis = f" {glyphs.ellipsis}"
    text = layout.lines[row.line].text.rstrip()
    remark = next((each for each in layout.remarks if each.line == row.line < each.last), None)
    before = text if remark is None else layout.lines[row.line].crop(0, remark.start).text.rstrip()
    if remark is not None and before.strip():
        text = before
        # Directly behind a number an ellipsis would mean more digits.
        ellipsis = f"{_REMARK_GAP}{glyphs.ellipsis}" if text[-1].isdigit() else ellipsis
    while cell_len(text) + cell_len(ellipsis) > room and " " in text.strip():
        text = text.rpartition(" ")[0].rstrip()
    return max(0, min(cell_len(text), room - cell_len(ellipsis))), ellipsis
