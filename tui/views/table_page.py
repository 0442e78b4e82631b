"""The page that shows a table before its network is opened: how it was read, its columns, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.table.sentences import layout_text
from nn_tui.core.translation import Message, message, tr, tr_plural
from nn_tui.tui.draw.canvas import Canvas, StyledText, put_items
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.table_columns import draw_columns, draw_first_rows, name_width, scroll_to
from nn_tui.tui.draw.text import fit, text_strip, to_display, wrap
from nn_tui.tui.session.table_review import TableReview
from nn_tui.tui.views.table_images import draw_first_images, is_image
from nn_tui.tui.views.table_lines import (
    column_line,
    column_text,
    line_name,
    network_text,
    no_network_text,
    role_style,
    rows_text,
)
from nn_tui.tui.views.table_sentences import size_text, table_sentences

_MIN_LIST = 7  # lines of the list of columns, with its headings
_GAPS = 4  # blank lines of a page with enough room
_MIN_ROWS, _SOME_ROWS, _MAX_ROWS = 3, 9, 21  # lines of the first rows, with the names
_MIN_IMAGE = 12  # lines of the images of the first rows, with their names
_ABOUT, _MAX_NOTE = 2, 4  # lines about the marked column, and of a note in their place
_MIN_SENTENCES = 8  # lines at the end that are shown if there is room; a fourth of the lines of a high terminal
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
    review: TableReview,
    palette: Palette,
    width: int,
    height: int,
    *,
    first: int = 0,
    selected: int = 0,
    note: str = "",
    has_network: bool = True,
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
        has_network: Whether the choices give a network; if not, the page says what gives one.
    """
    text, dim = palette.style("text"), palette.style("dim")
    head = _wrapped(f"{size_text(review)} {layout_text(review.table.layout)}", text, palette, width)
    head += _draw_settings(review, palette, width)
    warn, title = palette.style("warn"), palette.style("title")
    found = f"{network_text(review)} {rows_text(review)}" if has_network else no_network_text()
    result = _wrapped(found, title if has_network else warn, palette, width, 3)
    said = [(str(sentence), warn if is_warning else dim) for sentence, is_warning in table_sentences(review)]
    sentences = [line for text, style in said for line in _wrapped(text, style, palette, width)] if has_network else []
    about_height = len(_wrapped(note, warn, palette, width, _MAX_NOTE)) if note else 0
    about_height = max(about_height, _ABOUT)  # the list stays where it is while another column is marked
    used = len(head) + about_height + len(result)
    needed = min(_MIN_LIST, len(review.groups) + 1) + (_MIN_IMAGE if is_image(review, selected) else _MIN_ROWS)
    most = max(0, min(len(sentences), height - used - needed, max(_MIN_SENTENCES, height // 4)))
    if len(sentences) > most:
        more = tr_plural(
            "{count} more line: ? shows it.", "{count} more lines: ? shows them.", len(sentences) - most + 1
        )
        sentences = [*sentences[: max(0, most - 1)], *_wrapped(more, dim, palette, width, 1)][:most]
    shown = {text for text, style in said if _last_line(text, palette, width) in _plain(sentences)}
    about = _wrapped(note, warn, palette, width, _MAX_NOTE)
    if not note:
        about = _wrapped(column_text(review, selected, shown), dim, palette, width, _ABOUT)
    about += Canvas(width, about_height - len(about), palette).strips() if len(about) < about_height else []
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


def _wrapped(text: str, style: Style, palette: Palette, width: int, most: int | None = None) -> list[Strip]:
    """Return a text in lines, of which at most so many are there; the last one ends in an ellipsis if some are not."""
    lines = wrap(to_display(text, palette.glyphs.is_ascii), width)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], fit(f"{lines[most - 1]} {lines[most]}", width, ellipsis=palette.glyphs.cut)]
    return [text_strip(line, width, style, ellipsis=palette.glyphs.cut) for line in lines]


def _plain(strips: list[Strip]) -> set[str]:
    return {strip.text.rstrip() for strip in strips}


def _last_line(text: str, palette: Palette, width: int) -> str:
    return wrap(to_display(text, palette.glyphs.is_ascii), width)[-1].rstrip()


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
