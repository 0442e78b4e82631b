"""The page that shows a table before its network is opened: how it was read, its columns, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.table.sentences import layout_text
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.canvas import Canvas, StyledText, put_items
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.table_columns import draw_columns, draw_first_rows, name_width, scroll_to
from nn_tui.tui.draw.text import text_strip, to_display, wrap
from nn_tui.tui.session.table_review import TableReview
from nn_tui.tui.views.table_images import draw_first_images, is_image
from nn_tui.tui.views.table_lines import column_line, column_text, line_name, network_text, role_style, rows_text
from nn_tui.tui.views.table_sentences import size_text, table_sentences

_MIN_LIST = 8  # lines of the list of columns, with its headings
_GAPS = 4  # blank lines of a page with enough room
_MIN_ROWS, _SOME_ROWS, _MAX_ROWS = 4, 9, 21  # lines of the first rows, with the names
_MIN_IMAGE = 12  # lines of the images of the first rows, with their names
_MAX_SENTENCES = (8, 6, 4, 3, 2, 1, 0)  # lines at the end: as many as leave room for the list and the first rows
_SEPARATORS = {
    ",": message("comma"), ";": message("semicolon"), "\t": message("tab"), " ": message("spaces"), "|": message("bar")
}  # fmt: skip
_MISSING = {"mean": message("mean"), "drop": message("leave out"), "refuse": message("refuse")}


@dataclass(frozen=True, slots=True)
class TablePage:
    """The lines of the page, and where its list of columns stands.

    Attributes:
        strips: The lines.
        first: The first line of the list that is drawn.
        list_top: The line of the page with the headings of the list.
        list_height: The lines of the list, with the headings.
    """

    strips: list[Strip]
    first: int
    list_top: int
    list_height: int


def draw_page(
    review: TableReview, palette: Palette, width: int, height: int, *, first: int = 0, selected: int = 0, note: str = ""
) -> TablePage:
    """Draw the page.

    Args:
        review: The table with the choices in force.
        palette: Colours and characters.
        width: Width in cells.
        height: Height in lines.
        first: The first line of the list before; it changes so that ``selected`` is in view.
        selected: The line of the list that is marked.
        note: Why the last choice is not possible; it stands in place of what is said about the marked column.
    """
    text, dim = palette.style("text"), palette.style("dim")
    head = _wrapped(f"{size_text(review)} {layout_text(review.table.layout)}", text, palette, width)
    head += _draw_settings(review, palette, width)
    about_style = palette.style("warn") if note else dim
    about = _wrapped(note or column_text(review, selected), about_style, palette, width)[:2]
    result = _wrapped(f"{network_text(review)} {rows_text(review)}", palette.style("title"), palette, width)[:3]
    sentences = [
        line
        for sentence, is_warning in table_sentences(review)
        for line in _wrapped(str(sentence), palette.style("warn") if is_warning else dim, palette, width)
    ]
    used = len(head) + len(about) + len(result)
    needed = min(_MIN_LIST, len(review.groups) + 1) + (_MIN_IMAGE if is_image(review, selected) else _MIN_ROWS)
    most = next((most for most in _MAX_SENTENCES if height - used - most >= needed), 0)
    sentences = sentences[:most]
    room = height - used - len(sentences)
    if room < min(_MIN_LIST, len(review.groups) + 1):  # a tiny terminal: the list is what matters
        head, about = head[:1], about[:1]
        room = max(2, height - len(head) - len(about) - len(result))
    rows = _rows_height(review, selected, room)
    list_height = min(room - rows, len(review.groups) + 1)
    gaps = room - rows - list_height
    first = scroll_to(first, selected, len(review.groups), max(1, list_height - 1))
    blank = Canvas(width, 1, palette).strips()
    top = [*head, *(blank if gaps > 2 else [])]
    strips = [
        *top,
        *_draw_list(review, palette, width, list_height, first, selected),
        *(blank if gaps > 3 else []),
        *about,
        *(blank if gaps > 1 and rows else []),
        *(_draw_rows(review, palette, width, rows, selected) if rows else []),
        *(blank if gaps > 0 else []),
        *result,
        *sentences,
    ]
    if len(strips) < height:
        strips += Canvas(width, height - len(strips), palette).strips()
    return TablePage(strips[:height], first, len(top), list_height)


def _draw_settings(review: TableReview, palette: Palette, width: int) -> list[Strip]:
    """Draw the keys that change how the table is read and split, with what is in force, on as many lines as needed."""
    key_style, text_style, is_ascii = palette.style("accent"), palette.style("text"), palette.glyphs.is_ascii
    lines: list[list[list[StyledText]]] = [[]]
    used = 0
    for key, text in _settings(review):
        item = [(f"{key} ", key_style), (to_display(text, is_ascii), text_style)]
        size = sum(cell_len(part) for part, _ in item)
        if lines[-1] and used + size > width:
            lines.append([])
            used = 0
        lines[-1].append(item)
        used += size + 2
    strips = []
    for items in lines:
        canvas = Canvas(width, 1, palette)
        put_items(canvas, 0, 0, items)
        strips += canvas.strips()
    return strips


def _settings(review: TableReview) -> list[tuple[str, str]]:
    layout = review.table.layout
    separator: Message | str = _SEPARATORS.get(layout.separator, layout.separator)
    test = tr("test: from a file") if review.data.test_rows else tr("test: {share:.0%}", share=review.test_share)
    return [
        ("m", tr("missing: {how}", how=_MISSING[review.plan.missing])),
        ("s", test),
        ("h", tr("header: yes") if layout.header else tr("header: no")),
        ("p", tr("separator: {text}", text=separator)),
        ("d", tr("decimal: comma") if layout.decimal == "," else tr("decimal: point")),
        ("c", tr("encoding: {name}", name=layout.encoding)),
    ]


def _wrapped(text: str, style: Style, palette: Palette, width: int) -> list[Strip]:
    shown = to_display(text, palette.glyphs.is_ascii)
    return [text_strip(line, width, style, ellipsis=palette.glyphs.cut) for line in wrap(shown, width)]


def _rows_height(review: TableReview, selected: int, room: int) -> int:
    """Return the lines for the first rows of the file, of the ``room`` for them and the list."""
    spare = room - min(_MIN_LIST, len(review.groups) + 1)
    if spare < _MIN_ROWS:
        return 0
    wished = room if is_image(review, selected) else min(_MAX_ROWS, len(review.table.first_rows) + 1)
    # The list gets what the first rows do not need at least, and they get what the list does not need.
    left = room - len(review.groups) - 1
    # Blank lines are better than more than some rows.
    return min(wished, max(_MIN_ROWS, min(left, _SOME_ROWS), left - _GAPS))


def _draw_list(
    review: TableReview, palette: Palette, width: int, height: int, first: int, selected: int
) -> list[Strip]:
    shown = range(first, min(first + max(0, height - 1), len(review.groups)))
    return draw_columns(
        [column_line(review, index, palette.glyphs) for index in shown],
        palette,
        width,
        height,
        names=name_width([line_name(review, index, palette.glyphs) for index in range(len(review.groups))], width),
        count=len(review.groups),
        first=first,
        selected=selected,
    )


def _draw_rows(review: TableReview, palette: Palette, width: int, height: int, selected: int) -> list[Strip]:
    if is_image(review, selected):
        return draw_first_images(review, selected, palette, width, height)
    plan = review.plan
    return draw_first_rows(
        [column.name for column in plan.columns],
        review.table.first_rows,
        palette,
        width,
        height,
        styles=lambda index: role_style(plan.columns[index].role),
        selected=review.groups[selected].start,
    )
