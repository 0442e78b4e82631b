"""Texts that can be divided into rows and cells, but are no tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nn_tui.core.errors import InputError
from nn_tui.core.table.file_errors import literal
from nn_tui.core.table.values import TextTable
from nn_tui.core.translation import message

_SEPARATORS = ",;\t|"
_RARE_SEPARATORS = ":\x01\x1f"  # colons are in times, too; the others cannot be in a preset
_TIME = re.compile(r"[0-9]+(?::[0-9.]+)+")
_MIN_ROWS = 3
_MAX_SHORT_SHARE = 0.2  # of the rows of a table without numbers


def check_one_column(cells: Sequence[str], file: str) -> None:
    """Raise an error if the rows have one cell each, and a mark occurs equally often in each of them.

    Args:
        cells: The cell of each row.
        file: The name of the file, for messages.

    Raises:
        InputError: If this is so.
    """
    if len(cells) < _MIN_ROWS or any(_TIME.fullmatch(cell.strip()) for cell in cells):
        return
    for mark in _SEPARATORS + _RARE_SEPARATORS:
        if min(cell.count(mark) for cell in cells) and len({cell.count(mark) for cell in cells}) == 1:
            problem = message(
                "each line is one cell; if {mark} separates cells, choose it with --separator.", mark=literal(mark)
            )
            if mark in _SEPARATORS:
                problem = message("each line is in quotes as a whole, so it is one cell; remove these quotes.")
            raise InputError("wrong_shape", problem, file=file)
    if all(re.search(r"\S {2,}\S", cell.strip()) for cell in cells[:1]):
        problem = message("each line is one cell; write a separator, such as a comma, between the columns.")
        raise InputError("wrong_shape", problem, file=file)


def check_is_table(table: TextTable) -> None:
    """Raise an error if no column has numbers and many rows lack cells, as in a letter or in the code of a program.

    Raises:
        InputError: If this is so.
    """
    rows = table.row_count
    if rows < _MIN_ROWS or table.short_rows <= _MAX_SHORT_SHARE * rows:
        return
    if any(column.numbers is not None for column in table.columns):
        return
    problem = message(
        "this is a text and not a table: no column has numbers, and {count:,} of {rows:,} lines lack cells.",
        count=table.short_rows,
        rows=rows,
    )
    raise InputError("unreadable", problem, file=table.file)
