"""The arithmetic view: the selected number as a formula, then the same with its numbers, wrapped to the width.

Where there is room, its way through the pass stands below, the curve and its history beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.explain.explain import explain
from nn_tui.core.expression import Explanation, Line, Num, expand_sum
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.numbers import fmt, is_rounded
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.session.session import Session, operation_of
from nn_tui.tui.views.data_path import way
from nn_tui.tui.views.elide import Addend, Laid, Row, excerpt
from nn_tui.tui.views.selection import followable, is_followable, lit
from nn_tui.tui.views.side_panel import BARS, aside, curve, has_curve, history_rows, sparkline
from nn_tui.tui.views.wrapped_text import Page, Piece

NEEDS = {
    "z": "forward (`f`)", "a": "forward (`f`)", "slope": "forward (`f`)", "loss": "forward (`f`)",
    "da": "backward (`b`)", "dz": "backward (`b`)", "dw": "backward (`b`)", "db": "backward (`b`)",
    "dx": "backward (`b`)", "update": "update (`u`)",
}  # fmt: skip

MOST_TERMS = 500  # of a sum that are written out on the page with all lines
_CURVE_WIDTH, _WIDEST_CURVE = 26, 60
_CURVE_FROM, _CURVE_BESIDE = 8, 44  # the height, and the cells of words, from which it is drawn
_INDENT = 2  # cells before what stands below the formula
_GAP = 2  # cells between the words and what stands beside them
_WAY_FROM = 4  # lines of the shortest way through the pass, the empty one above it too
_REMARK = "   "  # what parts a remark from the line of the explanation that it is about
_ROOMY = (100, 12)  # cells and lines from which there is always something beside the words


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """``height`` lines of the selection's explanation, what fits below and beside it; a lit number is in view."""
    text = text_width(session, width, height)
    laid = laid_out(session, palette, text, history=not _is_roomy(width, height))
    lines = laid.lines
    rows = excerpt(laid, session, palette, lit(session), text, height)
    shown = [_shown(row, laid, {row.line for row in rows}, palette, text) for row in rows]
    below = way(session, palette, text) if len(lines) + _WAY_FROM <= height else []
    shown += below if len(lines) + len(below) <= height else []
    empty = make_strip([], text, palette.style("text"))
    drawn = [*shown, *[empty] * (height - len(shown))]
    if text == width:
        return drawn
    make = aside if _is_roomy(width, height) else curve
    beside = make(session, palette, width - text - _GAP, height)
    gap = Segment(" " * _GAP, palette.style("text"))
    return [Strip([*left, gap, *right], width) for left, right in zip(drawn, beside, strict=True)]


def text_width(session: Session, width: int, height: int) -> int:
    """The cells of the words in a panel of that size: all, unless something is drawn beside them."""
    room = min(max(_CURVE_WIDTH, width // 3), _WIDEST_CURVE)
    fits = height >= _CURVE_FROM and width >= _CURVE_BESIDE + room + _GAP
    return width - room - _GAP if fits and (has_curve(session) or _is_roomy(width, height)) else width


def _is_roomy(width: int, height: int) -> bool:
    return width >= _ROOMY[0] and height >= _ROOMY[1]


def hit(session: Session, palette: Palette, width: int, height: int, x: int, y: int) -> int | None:
    """Which number that can be followed stands at (x, y) of a panel of that size; None for none."""
    text, with_history = text_width(session, width, height), not _is_roomy(width, height)
    laid = laid_out(session, palette, text, history=with_history)
    rows = excerpt(laid, session, palette, lit(session), text, height)
    if y >= len(rows) or x >= text - cell_len(rows[y].mark):
        return None
    return next((p.number for p in laid.places if p.line == rows[y].line and p.start <= x < p.end), None)


def _shown(row: Row, laid: Laid, kept: set[int], palette: Palette, width: int) -> Strip:
    """A row: its line, cut where it goes on in one that is not shown, and the mark at its end."""
    mark, text = Segment(row.mark, palette.style(row.style)), palette.style("text")
    if row.line < 0:
        return make_strip([Segment(" " * _INDENT, text), mark], width, text)
    line, room = laid.lines[row.line], width - cell_len(row.mark)
    if row.line in laid.wrapped and row.line + 1 not in kept:
        line = _cut(line, palette, max(0, room))
    return make_strip([*line.crop(0, max(0, room)), mark], width, text) if row.mark else line


def _cut(line: Strip, palette: Palette, width: int) -> Strip:
    """A line whose rest is not shown, with an ellipsis at its end; a remark behind it goes whole or not at all."""
    glyphs = palette.glyphs
    mark = f" {glyphs.ellipsis}"
    words = line.text.rstrip()
    before, gap, remark = words.rpartition(_REMARK)
    if before.strip() and gap and not remark.endswith(")"):
        words = before.rstrip()
        mark = f"{_REMARK}{glyphs.ellipsis}" if words[-1].isdigit() else mark  # it is no digit that is left out
        mark = "" if remark.startswith(glyphs.approx) else mark  # the rounding is said in the note on what is hidden
    while cell_len(words) + cell_len(mark) > width and " " in words.strip():
        words = words.rpartition(" ")[0].rstrip()
    start = line.crop(0, max(0, min(cell_len(words), width - cell_len(mark))))
    return make_strip([*start, Segment(mark, palette.style("dim"))], width, palette.style("text"))


def title(session: Session, palette: Palette) -> str:
    """The panel's title: the selected number and the sample it is for."""
    return to_display(f"Arithmetic {palette.glyphs.dot} {session.ref.symbol}", palette.glyphs.is_ascii)


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """All lines of the explanation, each ``width`` cells, with every term of its sum up to a bound."""
    return laid_out(session, palette, width, most=MOST_TERMS).lines


def laid_out(session: Session, palette: Palette, width: int, *, history: bool = True, most: int | None = None) -> Laid:
    """All lines of the explanation, each ``width`` cells, and where its numbers stand that can be followed.

    With ``history`` the number over the run is a line of bars below; ``most`` terms of a long sum are written out.
    """
    page = Page(width, palette)
    ref, glyphs, dim = session.ref, palette.glyphs, palette.style("dim")
    operation = operation_of(ref.key)
    if operation is not None and not session.is_known(ref):
        need = NEEDS[operation]
        page.say(format_keys(f"{ref.symbol} is not computed yet in this pass: it needs {need}.", session.keys), dim)
        return Laid(page.lines, page.places, [list(range(len(page.lines)))])
    short = explain(session.engine, session.trace, ref)
    explanation = short if most is None else expand_sum(short, most)
    head = [Piece(to_display(explanation.formula, glyphs.is_ascii), palette.style("title"))]
    if _is_rounded(explanation, session.digits):
        note = format_keys(f"   {glyphs.approx} {session.digits} digits, `d` shows more", session.keys)
        head.append(Piece(to_display(note, glyphs.is_ascii), dim))
    page.add(head)
    ends = [len(page.lines)]
    count, chosen = 0, _place(lit(session), short, explanation)
    samples = sum(str(line[0]).startswith("sample ") for line in explanation.lines if line)
    for line in explanation.lines:
        pieces, count = _pieces(line, ref.sample if samples > 1 else -1, explanation, session, palette, count, chosen)
        page.add(pieces, indent=0 if pieces and pieces[0].text.startswith(glyphs.arrow) else _INDENT)
        ends.append(len(page.lines))
    if history:
        _say_history(page, session, palette)
    groups = [list(range(start, end)) for start, end in pairwise(ends)]
    first, then = ([groups[index] for index in part] for part in _by_need(explanation, ref.sample))
    order = [[0], *first, list(range(ends[0])), *then, list(range(ends[-1], len(page.lines)))]
    wrapped = frozenset(index for group in groups for index in group[:-1]) | frozenset(range(ends[0] - 1))
    approx = ends[0] - 1 if len(head) > 1 else -1
    return Laid(page.lines, page.places, order, approx, wrapped, tuple(_addends(explanation, ends)))


def _addends(explanation: Explanation, ends: list[int]) -> Iterator[Addend]:
    """The terms of a sum that has a line for each; line k of the explanation goes from ``ends[k]`` to ``ends[k+1]``."""
    places = explanation.addends
    for place in places:
        rest = len(explanation.terms) - len(places) + 1 if place == places[-1] else 1
        value = next((part.value for part in reversed(explanation.lines[place]) if isinstance(part, Num)), 0.0)
        yield Addend(range(ends[place], ends[place + 1]), value, rest)


def _place(number: int, short: Explanation, long: Explanation) -> int:
    """Where number ``number`` of those of ``short`` that can be followed stands among those of ``long``."""
    found = followable(short)
    if short is long or not 0 <= number < len(found):
        return number
    same = [place for place, num in enumerate(followable(long)) if num.ref == found[number].ref]
    return same[sum(num.ref == found[number].ref for num in found[:number])]


def _by_need(explanation: Explanation, sample: int) -> tuple[list[int], list[int]]:
    """The explanation's lines as they are needed: result and selected sample; then what is nearest before these."""
    lines = explanation.lines
    ends = [next((part.value for part in reversed(line) if isinstance(part, Num)), None) for line in lines]
    result = max((k for k, value in enumerate(ends) if value == explanation.value), default=len(lines) - 1)
    own = [k for k, line in enumerate(lines) if line and f"sample {sample + 1}:" in str(line[0])]
    first = list(dict.fromkeys([result, *reversed(own)]))
    then = [*range(len(lines))] if own else [*range(result, -1, -1), *range(result, len(lines))]
    return first, [index for index in then if index not in first]


def _pieces(
    line: Line, sample: int, explanation: Explanation, session: Session, palette: Palette, count: int, chosen: int
) -> tuple[list[Piece], int]:
    """The line's words and numbers; a negative number after an operator stands in brackets, as on paper.

    The term of the selected sample has a pointer before it. ``count`` numbers that can be followed came
    before; how many have come after the line is returned too.
    """
    glyphs = palette.glyphs
    pieces: list[Piece] = []
    for index, part in enumerate(line):
        if isinstance(part, str):
            if not index and part == f"sample {sample + 1}: ":
                pieces.append(Piece(f"{glyphs.arrow} ", palette.style("accent")))
                pieces.append(Piece(part, palette.style("title")))
            else:
                pieces.append(Piece(to_display(part, glyphs.is_ascii), palette.style("text")))
            continue
        number = fmt(part.value, session.digits, sign=False, glyphs=glyphs)
        before = line[index - 1] if index else ""
        if part.value < 0 and isinstance(before, str) and before.rstrip().endswith(("×", "+", "−", "·")):
            number = f"({number})"
        if not is_followable(part, explanation.ref):
            pieces.append(Piece(number, palette.style("accent" if part.ref else "text")))
            continue
        pieces.append(Piece(number, palette.style("selected" if count == chosen else "accent"), count))
        count += 1
    return pieces, count


def _is_rounded(explanation: Explanation, digits: int | None) -> bool:
    return any(isinstance(part, Num) and is_rounded(part.value, digits) for line in explanation.lines for part in line)


def _say_history(page: Page, session: Session, palette: Palette) -> None:
    """The selection over the run as bars, and its gradient; nothing while there is one pass only."""
    past, glyphs, dim = session.history, palette.glyphs, palette.style("dim")
    if past is None or past.ref != session.ref:
        return
    if past.note:
        page.say(f"no history: {past.note}", dim)
    if len(past.updates) < 2:
        return
    passes = f"   passes {past.updates[0]} to {past.updates[-1]}"
    for name, values in history_rows(session):
        numbers = [fmt(value, session.digits, sign=False, glyphs=glyphs) for value in (values[0], values[-1])]
        bars = sparkline(values, glyphs.bars, BARS)
        words = f" {numbers[0]} {glyphs.to} {numbers[1]}"
        pieces = [Piece(f"{name:<9}", dim), Piece(bars, palette.style("train")), Piece(words, palette.style("text"))]
        page.add([*pieces, Piece(passes, dim)], indent=2)
        passes = ""
