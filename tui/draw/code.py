"""A program as lines with their numbers: which of them ran, which one is selected, and a note beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.engine.steps import Phase
from nn_tui.tui.draw.canvas import StyledText
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.python_tokens import Word, WordKind
from nn_tui.tui.draw.text import crop, make_strip, to_display

_MIN_CONTEXT, _CONTEXT_SHARE = 3, 0.25  # lines above and below the lines to show, and of the window
_GAP = 2  # cells between the code and its note
_STYLES: dict[WordKind, str] = {
    "plain": "text", "keyword": "title", "definition": "title", "string": "dim", "comment": "dim",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A line of a program as it is drawn.

    Attributes:
        number: Its number, from 1; None for a line that has none.
        words: Its text.
        phase: The phase of the pass that it is a part of; None for other lines.
        is_current: Whether the present stop ran it.
        is_called: Whether the present stop called what this line made.
        is_done: Whether this pass ran it before.
        is_selected: Whether it has the selected number.
        notes: What is written beside it, at the right: the first one that leaves room for the code, else the last. A
            comment behind the code is cut for it.
    """

    number: int | None
    words: tuple[Word, ...]
    phase: Phase | None = None
    is_current: bool = False
    is_called: bool = False
    is_done: bool = False
    is_selected: bool = False
    notes: tuple[tuple[StyledText, ...], ...] = ()


def draw_code(rows: Sequence[CodeRow], count: int, palette: Palette, width: int) -> list[Strip]:
    """Draw some lines of a program.

    Args:
        rows: The lines.
        count: The greatest number of a line of the program.
        palette: The colours and characters.
        width: The cells of a line. Code that is longer is cut before its note.
    """
    return [_draw_row(row, len(str(count)), palette, width) for row in rows]


def scroll_to(first: int, last: int, top: int | None, height: int, count: int) -> int:
    """Return the line at the top of a window such that some lines are in it, with a few lines of context.

    A new window, or one that is far away, has them in its middle.

    Args:
        first: The first line to show, from 0.
        last: The last line to show; of more lines than the window has, the last ones are shown.
        top: The line at the top now, which stays if the lines are in the window; None for a new window.
        height: The lines of the window.
        count: The number of all lines.
    """
    first = max(first, last + 1 - height)
    room = max(0, (height - (last + 1 - first)) // 2)
    context = min(room, max(_MIN_CONTEXT, int(_CONTEXT_SHARE * height)))
    if top is None or not (top - height <= first and last < top + 2 * height):
        top = (first + last + 1 - height) // 2
    elif first - context < top:
        top = first - context
    elif last + context >= top + height:
        top = last + context + 1 - height
    return max(0, min(top, count - height))


def _draw_row(row: CodeRow, digits: int, palette: Palette, width: int) -> Strip:
    base, dim = palette.style("text"), palette.style("dim")
    ran = palette.style(row.phase) if row.phase is not None else base
    glyphs = palette.glyphs
    mark = glyphs.done if row.is_done else " "
    if row.is_current or row.is_called:
        mark = glyphs.arrow if row.is_current else glyphs.node_open
    number = ran if row.is_current or row.is_called else dim
    gutter = [Segment(f"{mark} ", ran), Segment(f"{'' if row.number is None else row.number:>{digits}} ", number)]
    code = list(_code(row, palette, ran))
    room = width - _length(gutter)
    notes = [[Segment(to_display(text, palette.glyphs.is_ascii), style) for text, style in note] for note in row.notes]
    if not notes:
        return make_strip([*gutter, *_cut(code, room, palette)], width, base)
    needed = _length(code)
    if row.words and row.words[-1].kind == "comment":
        needed -= code[-1].cell_length - 1  # room for the mark of a cut
    note = next((note for note in notes if needed + _GAP + _length(note) <= room), notes[-1])
    code = _cut(code, room - _GAP - _length(note), palette)
    space = Segment(" " * max(0, room - _length(code) - _length(note)), base)
    return make_strip([*gutter, *code, space, *note], width, base)


def _length(segments: Sequence[Segment]) -> int:
    return sum(segment.cell_length for segment in segments)


def _code(row: CodeRow, palette: Palette, ran: Style) -> Iterator[Segment]:
    """Yield the words of a line in their styles; those of a line that ran now have the colour of its phase."""
    is_ascii, selected = palette.glyphs.is_ascii, palette.style("selected")
    is_indented = True
    for text, kind in row.words:
        style = palette.style(_STYLES[kind])
        if row.is_current and kind != "comment":
            style = ran + Style(bold=True) if kind in ("keyword", "definition") else ran
        if not row.is_selected:
            yield Segment(to_display(text, is_ascii), style)
            continue
        stripped = text.lstrip(" ") if is_indented else text
        if len(stripped) < len(text):
            yield Segment(" " * (len(text) - len(stripped)), style)
        if stripped:
            is_indented = False
            yield Segment(to_display(stripped, is_ascii), selected)


def _cut(code: list[Segment], width: int, palette: Palette) -> list[Segment]:
    """Return code in at most ``width`` cells; a mark ends a line that is cut."""
    if _length(code) <= width:
        return code
    shown: list[Segment] = []
    room = width - 1
    for segment in code:
        text = crop(segment.text, room)
        if text:
            shown.append(Segment(text, segment.style))
        room -= cell_len(text)
        if len(text) < len(segment.text):
            break
    return [*shown, Segment(palette.glyphs.cut, palette.style("dim"))] if width > 0 else []
