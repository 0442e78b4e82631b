"""Elide an explanation that is longer than its panel: keep its most important lines and count the others."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from nn_tui.core.display.number_text import fmt
from nn_tui.core.translation import message_plural, tr, tr_plural
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.session.question import formula_digits
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.explanation_layout import ExplanationLayout, TermLines

_MAX_INLINE_HEIGHT = 5  # lines of a panel up to which a note may stand at the end of the line above it


@dataclass(frozen=True, slots=True)
class ElidedRow:
    """A row of the panel: a line of the explanation, −1 for none, and a note at its end."""

    line: int
    note: str = ""
    style: str = "dim"


def elide(
    layout: ExplanationLayout, session: Session, palette: Palette, highlighted: int, width: int, height: int
) -> list[ElidedRow]:
    """Return at most ``height`` rows: all lines, or the most important ones with notes about the others.

    Args:
        layout: The lines.
        session: The session, for the digits of numbers and the names of keys.
        palette: The palette, for its characters.
        highlighted: The index of the highlighted number, whose line is the most important one; −1 for none.
        width: The cells of a row.
        height: The rows of the panel.
    """
    if len(layout.lines) <= height:
        return [ElidedRow(line) for line in range(len(layout.lines))]
    groups = layout.groups
    line = next((span.line for span in layout.spans if span.index == highlighted), None)
    if line is not None:
        groups = [[line], *(group for group in groups if line in group), *groups]
    elider = _Elider(layout, session, palette, width)
    explanation = {line for group in groups[:-1] for line in group}
    if explanation and len(rows := elider.rows(explanation, inline=False)) <= height:
        return rows
    for count in range(height, 0, -1):
        for inline in (False, True) if height <= _MAX_INLINE_HEIGHT else (False,):
            visible = set(_most_important(layout, groups, count))
            rows = elider.rows(visible, inline=inline)
            if len(rows) <= height:
                return _filled(elider, visible, rows, inline, height)
    return [ElidedRow(line, elider.last_note([line])) for line in _most_important(layout, groups, min(height, 1))]


def _filled(elider: _Elider, visible: set[int], rows: list[ElidedRow], inline: bool, height: int) -> list[ElidedRow]:
    """Return the rows with further groups of lines, the most important first, as far as there are rows for them."""
    for group in elider.layout.groups:
        if len(rows) == height:
            break
        more = elider.rows({*visible, *group}, inline=inline)
        if len(more) <= height:
            visible, rows = {*visible, *group}, more
    return rows


def _most_important(layout: ExplanationLayout, groups: list[list[int]], count: int) -> list[int]:
    """Return at most ``count`` lines: groups that fit as a whole, then lines of others that belong to no term."""
    selected: list[int] = []
    for group in groups:
        new = [line for line in group if line not in selected]
        selected += new if len(selected) + len(new) <= count else []
    of_terms = {line for term in layout.terms for line in term.lines}
    rest = [line for group in groups for line in group if line not in selected and line not in of_terms]
    return sorted([*selected, *rest][:count])


@dataclass(frozen=True, slots=True)
class _Elider:
    """Puts notes between the visible lines of an explanation."""

    layout: ExplanationLayout
    session: Session
    palette: Palette
    width: int

    def rows(self, visible: set[int], *, inline: bool) -> list[ElidedRow]:
        """Return the visible lines with notes between them; with ``inline`` a note may end the line above it.

        Where one line is left out and its note would need a row, the row shows the line itself.
        """
        while True:
            rows, single = self._rows_or_single(visible, inline)
            if single is None:
                return rows
            visible = {*visible, single}

    def _rows_or_single(self, visible: set[int], inline: bool) -> tuple[list[ElidedRow], int | None]:
        """Return the rows, and a single hidden line whose note would take a row; None if there is no such line."""
        layout, rows, last = self.layout, list[ElidedRow](), max(visible)
        hidden = [term for term in layout.terms if not visible.issuperset(term.lines)]
        # All hidden terms of a sum have one note, before the line of the total.
        total = layout.terms[-1].lines.stop if hidden and layout.terms[-1].lines.stop <= last else -1
        term_lines = {line for term in hidden for line in term.lines if line not in visible} if total >= 0 else set()
        previous = -1
        for line in sorted(visible):
            gap = [each for each in range(layout.last_part(previous) + 1, line) if each not in term_lines]
            is_total = previous < total <= line
            left_out = [*gap, *term_lines] if is_total else gap
            if left_out:
                note = self._gap_note(gap, hidden if is_total else [])
                above = rows[-1] if rows else None
                has_room = above is not None and not above.note and self._fits(above.line, line, note)
                if inline and gap and above is not None and has_room:
                    rows[-1] = ElidedRow(above.line, f"  {note}")
                elif len(left_out) == 1:
                    return rows, left_out[0]
                else:
                    rows.append(ElidedRow(-1, note, "text" if is_total else "dim"))
            rows.append(ElidedRow(line))
            previous = line
        note = self.last_note(sorted(visible))
        if self._fits(last, -1, note.strip()):
            rows[-1] = ElidedRow(last, note)
        else:
            rows.append(ElidedRow(-1, note.strip()))
        return rows, None

    def last_note(self, visible: list[int]) -> str:
        """Return the end of the last row: the number of lines below, and the key that shows all."""
        glyphs = self.palette.glyphs
        below = len(self.layout.lines) - 1 - self.layout.last_part(visible[-1])
        more = _what_shows_all(self.session, below, glyphs.arrow_down)
        return to_display(format_keys(f"  {more}", self.session.key_labels), glyphs.is_ascii)

    def _gap_note(self, gap: list[int], hidden: list[TermLines]) -> str:
        """Return the note on the lines and terms that are left out between two lines."""
        glyphs, count = self.palette.glyphs, sum(term.count for term in hidden)
        together = fmt(sum(term.value for term in hidden), formula_digits(self.session), sign=False, glyphs=glyphs)
        has_total = bool(hidden) and len(hidden) < len(self.layout.terms)
        return to_display(_left_out(len(gap), count, together if has_total else ""), glyphs.is_ascii)

    def _fits(self, line: int, following: int, note: str) -> bool:
        """Return whether a note has room at the end of a line, which may lose words if its continuation is hidden."""
        room = self.width - cell_len(note) - 2
        is_cut = line in self.layout.continued and following not in (-1, line + 1)
        return room >= self.width // 3 if is_cut else cell_len(self.layout.lines[line].text.rstrip()) <= room


def _what_shows_all(session: Session, below: int, arrow: str) -> str:
    """Return how many lines are below the last one, and the keys that show all lines.

    While a question is open, no details open, but the arithmetic has a view of its own.
    """
    practice = session.practice
    is_asking = practice is not None and practice.question is not None
    if is_asking and session.tab == "arithmetic":
        if not below:
            return tr("a larger window shows all")
        return tr_plural(
            "{arrow} {count:,} more line: a larger window shows all",
            "{arrow} {count:,} more lines: a larger window shows all",
            below,
            arrow=arrow,
        )
    key = "`3`" if is_asking else "`enter`"
    if practice is not None and practice.is_typing:
        key = f"`esc` {key}"
    if not below:
        return tr("{key} shows all", key=key)
    return tr_plural(
        "{arrow} {count:,} more line: {key} shows all",
        "{arrow} {count:,} more lines: {key} shows all",
        below,
        arrow=arrow,
        key=key,
    )


def _left_out(lines: int, terms: int, together: str) -> str:
    """Return the note on lines and terms that are left out; ``together`` is their sum, "" if they are all terms."""
    line_count = message_plural("{count:,} line", "{count:,} lines", lines)
    term_count = message_plural("{count:,} term", "{count:,} terms", terms)
    if not terms:
        return tr("⋮ {lines} left out", lines=line_count)
    if not lines and not together:
        return tr("⋮ all {terms} of the sum left out", terms=term_count)
    if not lines:
        return tr("⋮ {terms} left out, together {total}", terms=term_count, total=together)
    if not together:
        return tr("⋮ {lines} and all {terms} of the sum left out", lines=line_count, terms=term_count)
    return tr("⋮ {lines} and {terms} left out, together {total}", lines=line_count, terms=term_count, total=together)
