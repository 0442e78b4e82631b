"""The arithmetic view: the selected number as a formula, then the same with its numbers, wrapped to the width."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.explain import explain
from nn_tui.core.formula import Explanation, Line, Num
from nn_tui.tui.draw.numbers import fmt, rounded
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import cells, strip
from nn_tui.tui.session import KNOWN_AFTER, Session
from nn_tui.tui.views.words import keyed, plain

Piece = tuple[str, Style]

_FORWARD, _BACKWARD = "forward (`f`)", "backward (`b`)"
NEEDS = {
    **dict.fromkeys(("z", "a", "slope", "loss"), _FORWARD),
    **dict.fromkeys(("da", "dz", "dw", "db", "dx"), _BACKWARD),
    "update": "update (`u`)",
}


def draw(session: Session, palette: Palette, width: int, height: int, scroll: int = 0) -> list[Strip]:
    """``height`` lines of the selection's explanation from line ``scroll`` on."""
    lines = document(session, palette, width)
    shown = lines[scroll : scroll + height]
    if scroll + height < len(lines) and height:
        more = f"{palette.glyphs.arrow_down} {len(lines) - scroll - height + 1} more lines: enter shows all"
        shown[-1] = strip(
            [Segment(plain(more, palette.glyphs.is_ascii), palette.style("dim"))], width, palette.style("text")
        )
    empty = strip([], width, palette.style("text"))
    return [*shown, *[empty] * (height - len(shown))]


def title(session: Session, palette: Palette) -> str:
    """The panel's title: the selected number and the sample it is for."""
    ref = session.ref
    symbol = f"{ref.key[2:].rpartition(':')[0]}" if ref.key.startswith("m:") else ref.symbol
    return plain(f"Arithmetic {palette.glyphs.dot} {symbol}", palette.glyphs.is_ascii)


def document(session: Session, palette: Palette, width: int) -> list[Strip]:
    """All lines of the explanation, each ``width`` cells."""
    ref, glyphs = session.ref, palette.glyphs
    text, dim = palette.style("text"), palette.style("dim")
    if ref.key.startswith("m:"):
        words = "the optimiser's own state before this update; select the step or the new weight to see it used"
        return _wrap([(plain(words, glyphs.is_ascii), text)], width, palette)
    if not session.is_known(ref):
        need = NEEDS[KNOWN_AFTER[ref.key]]
        words = f"{ref.symbol} is not computed yet in this pass: it needs {need}."
        return _wrap([(plain(keyed(words, session.keys), glyphs.is_ascii), dim)], width, palette)
    explanation = explain(session.engine, session.trace, ref)
    lines = _wrap([(plain(explanation.formula, glyphs.is_ascii), palette.style("title"))], width, palette)
    for line in explanation.lines:
        lines += _wrap(_pieces(line, session.digits, palette), width, palette, indent=2)
    if _is_rounded(explanation, session.digits):
        note = f"{glyphs.approx} numbers are rounded to {session.digits} decimals; `d` shows more"
        lines += _wrap([(plain(keyed(note, session.keys), glyphs.is_ascii), dim)], width, palette)
    return lines


def _pieces(line: Line, digits: int | None, palette: Palette) -> list[Piece]:
    """The line's words and numbers; a negative number after an operator stands in brackets, as on paper."""
    pieces: list[Piece] = []
    for index, part in enumerate(line):
        if isinstance(part, str):
            pieces.append((plain(part, palette.glyphs.is_ascii), palette.style("text")))
            continue
        number = fmt(part.value, digits, sign=False, glyphs=palette.glyphs)
        before = line[index - 1] if index else ""
        if part.value < 0 and isinstance(before, str) and before.rstrip().endswith(("×", "+", "−", "·")):
            number = f"({number})"
        pieces.append((number, palette.style("accent" if part.ref else "text")))
    return pieces


def _is_rounded(explanation: Explanation, digits: int | None) -> bool:
    return any(isinstance(part, Num) and rounded(part.value, digits) for line in explanation.lines for part in line)


def _wrap(pieces: list[Piece], width: int, palette: Palette, indent: int = 0) -> list[Strip]:
    """Pieces broken at spaces into lines of ``width`` cells; continued lines are indented two more."""
    base = palette.style("text")
    rows: list[list[Segment]] = [[Segment(" " * indent, base)]]
    used = indent
    for words, style in pieces:
        for word in _words(words):
            size = cells(word)
            if used + cells(word.rstrip()) > width and used > indent + 2:
                rows.append([Segment(" " * (indent + 2), base)])
                used = indent + 2
                word = word.lstrip()
                size = cells(word)
            rows[-1].append(Segment(word, style))
            used += size
    return [strip(row, width, base) for row in rows]


def _words(text: str) -> list[str]:
    """The text cut after its spaces, so that joining gives it back."""
    words, start = [], 0
    for index, char in enumerate(text):
        if char == " " and index + 1 < len(text) and text[index + 1] != " ":
            words.append(text[start : index + 1])
            start = index + 1
    if start < len(text):
        words.append(text[start:])
    return words
