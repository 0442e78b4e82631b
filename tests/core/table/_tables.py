"""Small tables for tests, made of cells instead of files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_tui.core.table.values import Layout, TextColumn, TextTable

LAYOUT = Layout(encoding="utf-8", separator=",", decimal=".", header=True)


def text_table(names: str | Sequence[str], rows: Sequence[Sequence[object]], *, header: bool = True) -> TextTable:
    """Return the table of rows of cells; a column is numbers if all its cells are, and "" and "?" are missing.

    Args:
        names: The names of the columns, or one text with spaces between them.
        rows: The cells of each row.
        header: Whether the file has a header.
    """
    names = names.split() if isinstance(names, str) else names
    columns = (text_column(name, [row[index] for row in rows], header) for index, name in enumerate(names))
    layout = LAYOUT if header else Layout(encoding="utf-8", separator=",", decimal=".", header=False)
    first_rows = tuple(tuple(str(cell) for cell in row) for row in rows[:20])
    return TextTable("people.csv", layout, tuple(columns), first_rows)


def text_column(name: str, cells: Sequence[object], header: bool = True) -> TextColumn:
    """Return the column of some cells; its name is its place if it is empty."""
    texts = ["" if str(cell) == "?" else str(cell).strip() for cell in cells]
    is_named = bool(name) and header
    try:
        numbers = np.array([float(text) if text else np.nan for text in texts])
    except ValueError:
        different = tuple(dict.fromkeys(text for text in texts if text))
        codes = np.array([different.index(text) if text else -1 for text in texts], dtype=np.int32)
        return TextColumn(name or "1", None, codes, different, is_named=is_named)
    return TextColumn(name or "1", numbers, is_named=is_named)
