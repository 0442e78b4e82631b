"""The arithmetic view: the selected number as a formula, then the same with its numbers, wrapped to the width.

Where there is room, its way through the pass stands below, the curve and its history beside.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.explain import explain
from nn_tui.core.formula import Explanation, Line, Num
from nn_tui.tui.draw.numbers import fmt, rounded
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import strip
from nn_tui.tui.session import KNOWN_AFTER, Session
from nn_tui.tui.views.aside import BARS, aside, curve, has_curve, history_rows, sparkline
from nn_tui.tui.views.pages import Page, Piece, Place
from nn_tui.tui.views.selection import is_followable, lit
from nn_tui.tui.views.way import way
from nn_tui.tui.views.words import keyed, plain

NEEDS = {
    "z": "forward (`f`)", "a": "forward (`f`)", "slope": "forward (`f`)", "loss": "forward (`f`)",
    "da": "backward (`b`)", "dz": "backward (`b`)", "dw": "backward (`b`)", "db": "backward (`b`)",
    "dx": "backward (`b`)", "update": "update (`u`)",
}  # fmt: skip

_CURVE_WIDTH, _WIDEST_CURVE = 26, 60
_CURVE_FROM, _CURVE_BESIDE = 8, 44  # the height, and the cells of words, from which it is drawn
_GAP = 2  # cells between the words and what stands beside them
_WAY_FROM = 4  # lines of the shortest way through the pass, the empty one above it too
_ROOMY = (100, 12)  # cells and lines from which there is always something beside the words


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """``height`` lines of the selection's explanation, what fits below and beside it; a lit number is in view."""
    text = text_width(session, width, height)
    lines, places = laid_out(session, palette, text, history=not _is_roomy(width, height))
    scroll = _scroll(session, places, len(lines), height)
    shown = lines[scroll : scroll + height]
    if scroll + height < len(lines) and height:
        more = f"{palette.glyphs.arrow_down} {len(lines) - scroll - height + 1} more lines: `enter` shows all"
        words = plain(keyed(more, session.keys), palette.glyphs.is_ascii)
        shown[-1] = strip([Segment(words, palette.style("dim"))], text, palette.style("text"))
    below = way(session, palette, text) if len(lines) + _WAY_FROM <= height else []
    shown += below if len(lines) + len(below) <= height else []
    empty = strip([], text, palette.style("text"))
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
    lines, places = laid_out(session, palette, text, history=with_history)
    scroll = _scroll(session, places, len(lines), height)
    if y >= height or (len(lines) > scroll + height and y == height - 1):
        return None
    return next((p.number for p in places if p.line == y + scroll and p.start <= x < p.end), None)


def _scroll(session: Session, places: list[Place], count: int, height: int) -> int:
    """The first line shown: 0, or as far down as the lit number needs it; the last line may be a note."""
    line = next((place.line for place in places if place.number == lit(session)), 0)
    return max(0, min(line - height + (1 if line == count - 1 else 2), count - height))


def title(session: Session, palette: Palette) -> str:
    """The panel's title: the selected number and the sample it is for."""
    return plain(f"Arithmetic {palette.glyphs.dot} {session.ref.symbol}", palette.glyphs.is_ascii)


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """All lines of the explanation, each ``width`` cells."""
    return laid_out(session, palette, width)[0]


def laid_out(
    session: Session, palette: Palette, width: int, *, history: bool = True
) -> tuple[list[Strip], list[Place]]:
    """All lines of the explanation, each ``width`` cells, and where its numbers stand that can be followed.

    With ``history`` the number over the run is a line of bars below.
    """
    page = Page(width, palette)
    ref, glyphs, dim = session.ref, palette.glyphs, palette.style("dim")
    if not session.is_known(ref):
        need = NEEDS[KNOWN_AFTER[ref.key]]
        page.say(keyed(f"{ref.symbol} is not computed yet in this pass: it needs {need}.", session.keys), dim)
        return page.lines, page.places
    explanation = explain(session.engine, session.trace, ref)
    page.say(explanation.formula, palette.style("title"))
    count, chosen = 0, lit(session)
    samples = sum(str(line[0]).startswith("sample ") for line in explanation.lines if line)
    for line in explanation.lines:
        pieces, count = _pieces(line, ref.sample if samples > 1 else -1, explanation, session, palette, count, chosen)
        page.add(pieces, indent=0 if pieces and pieces[0].text.startswith(glyphs.arrow) else 2)
    if _is_rounded(explanation, session.digits):
        note = f"{glyphs.approx} numbers are rounded to {session.digits} decimals; `d` shows more"
        page.say(keyed(note, session.keys), dim)
    if history:
        _say_history(page, session, palette)
    return page.lines, page.places


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
                pieces.append(Piece(plain(part, glyphs.is_ascii), palette.style("text")))
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
    return any(isinstance(part, Num) and rounded(part.value, digits) for line in explanation.lines for part in line)


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
