"""Check that tables that people bring are read as they are meant, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import TableOptions, TextColumn, TextTable

FILES = Path(__file__).parent / "files"


def read(content: str | bytes, **options: object) -> TextTable:
    data = content.encode() if isinstance(content, str) else content
    return read_table(data, TableOptions(**options), name="d.csv")  # type: ignore[arg-type]


def values(column: TextColumn) -> list[float | str | None]:
    """Return the values of a column, None where they are missing."""
    if column.numbers is not None:
        return [None if value != value else value for value in column.numbers.tolist()]
    assert column.codes is not None
    return [None if code < 0 else column.texts[code] for code in column.codes.tolist()]


def table(content: str | bytes, **options: object) -> dict[str, list[float | str | None]]:
    return {column.name: values(column) for column in read(content, **options).columns}


@pytest.mark.parametrize(
    ("name", "rows", "columns", "separator", "header", "skipped", "first"),
    [
        ("ISLR-Auto.csv", 392, 9, ",", True, 0, (18, 8, 307, 130, 3504, 12, 70, 1, "chevrolet chevelle malibu")),
        ("Salary_Data.csv", 30, 2, ",", True, 0, (1.1, 39343)),
        ("auto-mpg-questionmarks.csv", 59, 9, ",", True, 0, (18, 8, 307, 130)),
        ("auto-semicolon-decimal-comma.csv", 397, 6, ";", True, 0, (18, 8, 307, 130, 3504, 12)),
        ("boston-pandas-index.csv", 199, 15, ",", True, 0, (0, 0.00632, 18)),
        ("boston-tab-quoted.csv", 99, 14, "\t", True, 0, (0.00632, 18, 2.31)),
        ("breast-cancer-noheader-text.csv", 100, 10, ",", False, 0, ("40-49", "premeno", "15-19", "0-2", "yes", 3)),
        ("crab-target-not-last.csv", 173, 7, ",", True, 0, (1, 8, 1, 3.05)),
        ("data_banknote_authentication.txt", 399, 5, ",", True, 0, (3.6216, 8.6661, -2.8073)),
        ("dax-hash-comment.csv", 58, 6, ",", True, 1, ("03.01.22", 15947.44)),
        ("housing.data", 100, 14, " ", False, 0, (0.00632, 18, 2.31, 0, 0.538)),
        ("iris-kaggle-Id.csv", 150, 6, ",", True, 0, (1, 5.1, 3.5, 1.4, 0.2, "Iris-setosa")),
        ("iris-uci-noheader.csv", 150, 5, ",", False, 0, (5.1, 3.5, 1.4, 0.2, "Iris-setosa")),
        ("min-id-leak.csv", 60, 3, ",", True, 0, (1, 0.844, "a")),
        ("min-label-first-constant-last.csv", 4, 3, ",", True, 0, (0, 5, 0)),
        ("min-regression-far-from-0.csv", 30, 2, ",", True, 0, (0, 1000)),
        ("min-text-last.csv", 30, 3, ",", True, 0, (15, 60, "car 0")),
        ("mnist-label-first.csv", 13, 785, ",", True, 0, (5, 0, 0)),
        ("seoul-cp949.csv", 399, 5, ",", True, 0, ("1907-10-01", 108, 13.5, 7.9, 20.7)),
        ("sklearn-iris.csv", 150, 5, ",", False, 1, (5.1, 3.5, 1.4, 0.2, 0)),
        (
            "titanic-seaborn.csv",
            119,
            15,
            ",",
            True,
            0,
            (0, 3, "male", 22, 1, 0, 7.25, "S", "Third", "man", "True", None),
        ),
        ("winequality-red-uci.csv", 299, 12, ";", True, 0, (7.4, 0.7, 0, 1.9)),
        ("zoo-TRUE-FALSE.csv", 101, 17, ",", True, 0, ("TRUE", "FALSE", "FALSE")),
    ],
)
def test_a_table_that_people_bring_is_read_as_it_is_meant(
    name: str, rows: int, columns: int, separator: str, header: bool, skipped: int, first: tuple[float | str, ...]
) -> None:
    table = read_table(FILES / name)
    layout = table.layout
    assert (table.row_count, len(table.columns), layout.separator) == (rows, columns, separator)
    assert (layout.header, layout.skipped_lines) == (header, skipped)
    assert layout.encoding == ("cp949" if "cp949" in name else "utf-8")
    assert layout.decimal == ("," if "comma" in name and "decimal" in name else ".")
    assert tuple(values(column)[0] for column in table.columns)[: len(first)] == first


def test_a_web_page_is_called_a_web_page() -> None:
    with pytest.raises(InputError, match="this is a web page"):
        read_table(FILES / "webpage-saved-as-data.csv")
