"""Which lines of an explanation are shown where there is no room for all, and the marks where some are left out."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.core.text import pluralize
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.wrapped_text import Place

_LOW = 5  # lines of a panel in which a mark may stand at the end of the line above it; else it has a row for itself


@dataclass(frozen=True, slots=True)
class Addend:
    """Lines that hold one term of a sum, or ``count`` terms as one number; ``value`` is what they add."""

    lines: range
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Laid:
    """An explanation's lines, its numbers' places in them, and groups of lines in the order in which they matter.

    In line ``approx`` it is said that the numbers are rounded, if they are; ``wrapped`` are the lines that go on
    in the next one; ``addends`` are the lines of a sum's terms, one after the other. The last group is what stands
    below the explanation.
    """

    lines: list[Strip]
    places: list[Place]
    order: list[list[int]]
    approx: int = -1
    wrapped: frozenset[int] = frozenset()
    addends: tuple[Addend, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the panel: a line of the explanation (−1: none), and the words of a mark at its end."""

    line: int
    mark: str = ""
    style: str = "dim"


def excerpt(laid: Laid, session: Session, palette: Palette, chosen: int, width: int, height: int) -> list[Row]:
    """At most ``height`` rows: all lines, or the ones that matter most and what is left out, said in its place.

    The line with number ``chosen`` of those that can be followed comes before all others.
    """
    if len(laid.lines) <= height:
        return [Row(line) for line in range(len(laid.lines))]
    lit = next((place.line for place in laid.places if place.number == chosen), None)
    order = laid.order
    if lit is not None:
        order = [[lit], *(group for group in order if lit in group), *order]
    every = [line for group in order[:-1] for line in group]
    if every and len(rows := _with_marks(laid, {*every}, session, palette, width, False)) <= height:
        return rows  # all but what stands below the explanation
    for room in range(height, 0, -1):
        for ends_lines in (False, True) if height <= _LOW else (False,):
            rows = _with_marks(laid, set(_first(order, room, laid)), session, palette, width, ends_lines)
            if len(rows) <= height:
                return rows
    return [Row(line, _note(laid, [line], session, palette, width)) for line in _first(order, min(height, 1), laid)]


def _note(laid: Laid, kept: list[int], session: Session, palette: Palette, width: int) -> str:
    """What ends the last row: how much more there is below, where all is, and the rounding if it is not said above."""
    glyphs = palette.glyphs
    rounding = f"  {glyphs.approx} {session.digits} digits" if laid.approx >= 0 and laid.approx not in kept else ""
    below = len(laid.lines) - 1 - _end(laid, kept[-1])
    more = f"{glyphs.arrow_down} {pluralize(below, 'more line')}: " if below else ""
    words = to_display(format_keys(f"  {more}`enter` shows all", session.keys), glyphs.is_ascii)
    rounding = to_display(rounding, glyphs.is_ascii)
    return f"{rounding}{words}" if cell_len(rounding) + cell_len(words) <= width else words


def _first(order: list[list[int]], room: int, laid: Laid) -> list[int]:
    """The lines of the first groups that fit whole; of what is left over, the beginnings of others but of terms."""
    kept: list[int] = []
    for group in order:
        new = [line for line in group if line not in kept]
        kept += new if len(kept) + len(new) <= room else []
    whole = {line for addend in laid.addends for line in addend.lines}
    rest = [line for group in order for line in group if line not in kept and line not in whole]
    return sorted([*kept, *rest][:room])


def _with_marks(
    laid: Laid, kept: set[int], session: Session, palette: Palette, width: int, ends_lines: bool
) -> list[Row]:
    """The lines kept with marks between them; and a line that would fill no more than the mark in its place."""
    while True:
        rows, lone = _marked(laid, kept, session, palette, width, ends_lines)
        if lone is None:
            return rows
        kept = {*kept, lone}


def _marked(
    laid: Laid, kept: set[int], session: Session, palette: Palette, width: int, ends_lines: bool
) -> tuple[list[Row], int | None]:
    """The lines kept with marks between them, and a line that is left out alone where its mark has a row, if any."""
    rows: list[Row] = []
    last = max(kept)
    hidden = [addend for addend in laid.addends if not kept.issuperset(addend.lines)]
    summed = laid.addends[-1].lines.stop if hidden and laid.addends[-1].lines.stop <= last else -1
    terms = {line for addend in hidden for line in addend.lines if line not in kept} if summed >= 0 else set()
    previous = -1
    for line in sorted(kept):
        gap = [at for at in range(_end(laid, previous) + 1, line) if at not in terms]
        ends_sum = previous < summed <= line
        left_out = [*gap, *terms] if ends_sum else gap
        if left_out:
            mark = _mark(gap, hidden if ends_sum else [], laid, session, palette)
            above = rows[-1] if rows else None
            has_room = above is not None and not above.mark and _fits(laid, above.line, line, mark, width)
            if ends_lines and gap and above is not None and has_room:
                rows[-1] = Row(above.line, f"  {mark}")
            elif len(left_out) == 1:
                return rows, left_out[0]
            else:
                rows.append(Row(-1, mark, "text" if ends_sum else "dim"))
        rows.append(Row(line))
        previous = line
    words = _note(laid, sorted(kept), session, palette, width)
    if _fits(laid, last, -1, words.strip(), width):
        rows[-1] = Row(last, words)
    else:
        rows.append(Row(-1, words.strip()))
    return rows, None


def _fits(laid: Laid, line: int, following: int, mark: str, width: int) -> bool:
    """Whether a mark has room at the end of a line; of one whose rest is not shown some words may go for it."""
    room = width - cell_len(mark) - 2
    is_cut = line in laid.wrapped and following not in (-1, line + 1)
    return room >= width // 3 if is_cut else cell_len(laid.lines[line].text.rstrip()) <= room


def _mark(gap: list[int], hidden: list[Addend], laid: Laid, session: Session, palette: Palette) -> str:
    """The words for lines and terms that are left out between two lines."""
    count = sum(addend.count for addend in hidden)
    parts = [pluralize(len(gap), "line")] * bool(gap) + [pluralize(count, "term")] * bool(count)
    words = f"⋮ {' and '.join(parts)} left out"
    if hidden and len(hidden) < len(laid.addends):
        together = fmt(sum(addend.value for addend in hidden), session.digits, sign=False, glyphs=palette.glyphs)
        words += f", together {together}"
    return to_display(words, palette.glyphs.is_ascii)


def _end(laid: Laid, line: int) -> int:
    """The last of the lines in which a line goes on: its ellipsis stands for them."""
    while line in laid.wrapped:
        line += 1
    return line
