"""The page behind `?` on the screen of a table: all that is known about it, its keys, and what the words mean."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.table.sentences import layout_text
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display, wrap
from nn_tui.tui.session.table_review import TableReview
from nn_tui.tui.views.table_lines import column_text, network_text, rows_text
from nn_tui.tui.views.table_sentences import size_text, table_sentences

_INDENT = 14  # cells of the keys and the words
_KEYS: tuple[tuple[str, Message], ...] = (
    ("i, x", message("Make the marked column an input, or leave it out.")),
    ("space", message("Make an input of an ignored column, and leave out an input.")),
    ("t", message("Make the marked column the target.")),
    ("k", message("Take numbers as categories or as numbers, and a target as classes or as quantities.")),
    ("m", message("Fill in missing inputs, leave out their rows, or refuse them.")),
    ("s", message("Take another share of the rows for testing.")),
    ("h, p, d, c", message("Read the file with another header, separator, decimal mark or encoding.")),
    ("enter", message("Open the network.")),
)
_WORDS: tuple[tuple[Message, Message], ...] = (
    (message("target"), message("The column that the network learns to predict.")),
    (message("input"), message("A column from which it predicts.")),
    (message("ignored"), message("A column that is left out, such as one that only numbers the rows.")),
    (message("kind"), message("What the values are: numbers, yes or no, categories, dates or texts.")),
    (message("category"), message("A column of a few names: each name is an input that is 1 in its rows and else 0.")),
    (message("identifier"), message("A column that tells the rows apart, and says nothing about other rows.")),
    (message("classes"), message("A target of a few names: the network gives each a probability.")),
    (message("training"), message("The rows from which the weights are learned.")),
    (message("testing"), message("The rows that only show how good the predictions are for rows it does not know.")),
    (
        message("standardised"),
        message("The mean of the training rows is subtracted, and the result is divided by their standard deviation."),
    ),
    (message("missing"), message("A cell that is empty or has a mark such as ?, NA or -.")),
)


def table_help(review: TableReview | None, line: int, palette: Palette, width: int) -> list[Strip]:
    """Return the page.

    Args:
        review: The table; None before it is read.
        line: The marked line of the list of columns.
        palette: Colours and characters.
        width: Width in cells.
    """
    text, title, accent, warn = map(palette.style, ("text", "title", "accent", "warn"))
    is_ascii = palette.glyphs.is_ascii
    lines: list[Strip] = []

    def add_heading(heading: str) -> None:
        lines.extend([make_strip([], width, text)] if lines else [])
        lines.append(make_strip([Segment(to_display(heading, is_ascii), title)], width, text))

    def add_row(left: str, right: object) -> None:
        start = "  " + to_display(left, is_ascii)
        if cell_len(start) >= _INDENT:
            lines.append(make_strip([Segment(start, accent)], width, text))
            start = ""
        for piece in wrap(to_display(str(right), is_ascii), max(10, width - _INDENT)):
            lines.append(make_strip([Segment(fit(start, _INDENT), accent), Segment(piece, text)], width, text))
            start = ""

    if review is not None:
        add_heading(tr("This table"))
        sentences = [
            (f"{size_text(review)} {layout_text(review.table.layout)}", False),
            (column_text(review, line), False),
            (f"{network_text(review)} {rows_text(review)}", False),
            *((str(sentence), is_warning) for sentence, is_warning in table_sentences(review)),
        ]
        for sentence, is_warning in sentences:
            style = warn if is_warning else text
            pieces = wrap(to_display(sentence, is_ascii), max(10, width), indent="  ")
            lines.extend(make_strip([Segment(piece, style)], width, text) for piece in pieces)
    add_heading(tr("Keys"))
    for key, about in _KEYS:
        add_row(key, about)
    add_heading(tr("Words"))
    for word, meaning in _WORDS:
        add_row(str(word), meaning)
    return lines
