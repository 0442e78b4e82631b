"""Check that tables that people bring are read as they are meant, or refused in one sentence."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.values import TableOptions, TextColumn, TextTable
from tests import _hostile as hostile

FILES = Path(__file__).parent / "files"
PANDAS: dict[str, Any] = json.loads((FILES.parent / "pandas.json").read_text(encoding="utf-8"))["files"]


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


@pytest.mark.parametrize("name", PANDAS)
def test_values_are_those_of_pandas_bit_for_bit(name: str) -> None:
    table = read_table(FILES / name)
    columns = []
    for column in table.columns:
        if column.numbers is not None:
            kind, content = "numbers", column.numbers.tobytes()
        else:
            kind, content = "texts", json.dumps(values(column), ensure_ascii=False).encode()
        columns.append([column.name, kind, hashlib.sha256(content).hexdigest()[:16]])
    assert {"rows": table.row_count, "columns": columns} == PANDAS[name]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("sep=;\na;b\n1,5;2\n2,5;3\n", {"a": [1.5, 2.5], "b": [2, 3]}),
        ("a,b\n1,2\n,3\n", {"a": [1, None], "b": [2, 3]}),
        ("a\tb\n1\tx y\n2\tz\n", {"a": [1, 2], "b": ["x y", "z"]}),
        ("x y\n1 2\n3 4\n", {"x": [1, 3], "y": [2, 4]}),
        ("  1.5   2  a\n 10.5  30  b\n", {"1": [1.5, 10.5], "2": [2, 30], "3": ["a", "b"]}),
        ("a|b\n1|x\n3|y\n", {"a": [1, 3], "b": ["x", "y"]}),
        ("| a | b |\n|---|:--|\n| 1 | 2 |\n| 3 | 4 |\n", {"a": [1, 3], "b": [2, 4]}),
        ("a, b\n1, 2\n3, 4\n", {"a": [1, 3], "b": [2, 4]}),
        ('a, b\n"x, y", 2\n"z", 5\n', {"a": ["x, y", "z"], "b": [2, 5]}),
        ('a,b\n"x ""y"", z",2\n"z",5\n', {"a": ['x "y", z', "z"], "b": [2, 5]}),
        ('a,b\n"x \\"y\\", z",2\n"z",5\n"w",6\n', {"a": ['x "y", z', "z", "w"], "b": [2, 5, 6]}),
        ("a,b\n'x, y',2\n'z',5\n", {"a": ["x, y", "z"], "b": [2, 5]}),
        ("a,b\nO'Brien,1\nD'Angelo,2\n", {"a": ["O'Brien", "D'Angelo"], "b": [1, 2]}),
        ("a,b\n5'11\",1\n6'2\",2\n", {"a": ["5'11\"", "6'2\""], "b": [1, 2]}),
        ('a,b\n"x\n#y",1\n"z",2\n', {"a": ["x\n#y", "z"], "b": [1, 2]}),
        ('a\tb\nx\t1\n"y\t2\nz\t3\n', {"a": ["x", '"y', "z"], "b": [1, 2, 3]}),
        ("x;y,1\nz;w,3\nu;v,4\n", {"1": ["x;y", "z;w", "u;v"], "2": [1, 3, 4]}),
        ("a,b\r1,2\r3,4\r", {"a": [1, 3], "b": [2, 4]}),
        ("a,b\r\n1,2\r\n3,4", {"a": [1, 3], "b": [2, 4]}),
        ('\ufeff"a","b"\n1,2\n3,4\n', {"a": [1, 3], "b": [2, 4]}),
        ("a,b,\n1,2,\n3,4,\n", {"a": [1, 3], "b": [2, 4]}),
        ("a,b\n1,2,\n3,4,\n", {"a": [1, 3], "b": [2, 4]}),
        ("a,b,,\n1,2\n3,4\n", {"a": [1, 3], "b": [2, 4]}),
        ("\n\na,b\n\n1,2\n  \n3,4\n\n", {"a": [1, 3], "b": [2, 4]}),
        ("a,b\n1,2\n,\n3,4\n", {"a": [1, None, 3], "b": [2, None, 4]}),
        ("tel,x\n+49 123 4567,1\n+49 124 4568,2\n", {"tel": ["+49 123 4567", "+49 124 4568"], "x": [1, 2]}),
        ("x y\n1,5 2,5\n3,5 4,5\n", {"x": [1.5, 3.5], "y": [2.5, 4.5]}),
        ("url,n\nhttp://a.b,1\n//c.d,2\n%e,3\n", {"url": ["http://a.b", "//c.d", "%e"], "n": [1, 2, 3]}),
        ("// made by x\na,b\n1,2\n// note\n3,4\n", {"a": [1, 3], "b": [2, 4]}),
        ('# a, "b\nx,y\n1,2\n3,4\n', {"x": [1, 3], "y": [2, 4]}),
        ("x\n1\n2\n", {"x": [1, 2]}),
        ("a^b\n1^x\n2^y\n", {"a": [1, 2], "b": ["x", "y"]}),
        ("a，b\n1，x\n2，y\n", {"a": [1, 2], "b": ["x", "y"]}),
        ("hello world\nthis is\na text\n", {"hello world": ["this is", "a text"]}),
    ],
)
def test_each_way_of_dividing_a_table_is_found(content: str, expected: dict[str, list[float | str | None]]) -> None:
    assert table(content) == expected


@pytest.mark.parametrize(
    ("cells", "separator", "expected", "unit"),
    [
        (["1,5", "2,25", "10"], ";", [1.5, 2.25, 10], ""),
        (["1.234,5", "2.345.678", "3"], ";", [1234.5, 2345678, 3], ""),
        (['"1,234"', '"2,345,678.5"', "3"], ",", [1234, 2345678.5, 3], ""),
        (["1 234,5", "12 345", "3"], ";", [1234.5, 12345, 3], ""),
        (["1\u202f234", "5\u00a0678", "3"], ";", [1234, 5678, 3], ""),
        (["1'234.50", "12'345.00", "3"], ",", [1234.5, 12345, 3], ""),
        (['"$1,234.50"', "-$5", '"($1,000)"', "$ -"], ",", [1234.5, -5, -1000, None], "$"),
        (["1.234,50 €", "20,00 €", "-5 €", "0"], ";", [1234.5, 20, -5, 0], "€"),
        (['"1,234원"', "500원", '"2,000원"'], ",", [1234, 500, 2000], "원"),
        (["USD 5", "USD 6.5", "USD 7"], ",", [5, 6.5, 7], "USD"),
        (["5%", "12.5 %", "0"], ",", [5, 12.5, 0], "%"),
        (["5 kg", "12kg", "-3.5 kg"], ",", [5, 12, -3.5], "kg"),
        (["−1.5", "3", "5-"], ",", [-1.5, 3, -5], ""),
        (["(5)", "3", "+2"], ",", [-5, 3, 2], ""),
        (["１２", "3", "4．5"], ",", [12, 3, 4.5], ""),
        (["٣", "١٢٫٥", "2"], ",", [3, 12.5, 2], ""),
        (["3.-", "4.50", "623.-"], ",", [3, 4.5, 623], ""),
        (["98,- €", "53,– €", "7,50 €"], ";", [98, 53, 7.5], "€"),
        (["83,--", "-5,-", "1.234,-"], ";", [83, -5, 1234], ""),
        (["CHF 5.–", "CHF 6.—", "CHF 7.-"], ",", [5, 6, 7], "CHF"),
        (["1.234,50-", "5,00", "7,25-"], ";", [-1234.5, 5, -7.25], ""),
        (["(1999)", "(2004)", "(1987)"], ",", [1999, 2004, 1987], ""),
        (["(1999)", "2004", "(1987)"], ",", [-1999, 2004, -1987], ""),
        (['"12,34,567"', '"1,23,456.50"', "5"], ",", [1234567, 123456.5, 5], ""),
        (['"₹ 12,34,567.00"', '"₹ 5,000"', "₹7"], ",", [1234567, 5000, 7], "₹"),
        (['"\\1,234"', "\\500", '"\\2,345,678"'], ",", [1234, 500, 2345678], "\\"),
        (['"￦1,234"', "￦500", '"₩2,000"'], ",", [1234, 500, 2000], "₩"),
        (["4억 1234만원", "9000만원", "2억"], ",", [41234, 9000, 20000], "만원"),
        (['="3.5"', '="4"', "5"], ",", [3.5, 4, 5], ""),
        (["–5", "3.5", "‑7"], ",", [-5, 3.5, -7], ""),
        (["1.5D+03", "2e3", "1.5×10^3"], ",", [1500, 2000, 1500], ""),
        (["\u200e5", "6\u200b", "\ufeff7.5"], ",", [5, 6, 7.5], ""),
        (["missing", "k. A.", "5", "6", "unknown", "*", "n.d.", "7"], ",", [None, None, 5, 6, None, None, None, 7], ""),
        (["#NV", "5", "#¡VALOR!", "#DEEL/0!", "#NOM?", "#Н/Д", "7"], ",", [None, 5, None, None, None, None, 7], ""),
        (["1e3", "1E-2", ".5", "5."], ",", [1000, 0.01, 0.5, 5], ""),
        (["00501", "10001", "1"], ",", [501, 10001, 1], ""),
        (["NA", "?", "-", "5", "null", "None", ".", "#N/A"], ",", [None] * 3 + [5] + [None] * 4, ""),
        (["", "nan", "NaN", "5", "n/a", "k.A.", "#DIV/0!", "…"], ",", [None] * 3 + [5] + [None] * 4, ""),
    ],
)  # fmt: skip
def test_each_way_of_writing_a_number_is_understood(
    cells: list[str], separator: str, expected: list[float | None], unit: str
) -> None:
    lines = [f"x{separator}kind", *(f"{cell}{separator}{'ab'[row % 2]}" for row, cell in enumerate(cells))]
    column = read("\n".join(lines)).columns[0]
    assert (values(column), column.unit) == (expected, unit)


@pytest.mark.parametrize(
    "cells",
    [
        ["Q1", "Q2", "Q3"],
        ["1_000", "2", "3"],
        ["1-2", "1", "2"],
        ["1", "2", "3-"],
        ["1-", "20-", "3-"],
        ["12%", "0.12", "0.5"],
        ["$5", "6", "€7"],
        ["1٢x", "1", "2"],
        ["3.1±0.2", "1", "2"],
        ["unknown", "missing", "unknown"],
        ["5%", "0.5", "0.7"],
        ["5 kg", "6 g", "7 kg"],
        ["0x1F", "2", "3"],
    ],
)
def test_other_cells_stay_texts(cells: list[str]) -> None:
    assert table("x,y\n" + "".join(f"{cell},1\n" for cell in cells))["x"] == cells


def test_one_text_among_numbers_is_named_with_its_line() -> None:
    rows = [f"{row},{row}" for row in range(500)]
    rows[250] = "abc,250"
    column = read("\n".join(["x,y", *rows])).columns[0]
    assert column.numbers is None
    assert (column.exception_count, column.exception, column.exception_line) == (1, "abc", 252)
    assert (column.texts[0], column.texts[250], len(column.texts)) == ("0", "abc", 500)


@pytest.mark.parametrize(
    ("cells", "first", "line"),
    [
        (["<0.5", "1.5", "2"] * 10, "<0.5", 2),
        (["1.5", "2.5", "n/k"] * 10, "n/k", 4),
        (["12%", "0.12"] * 10, "0.12", 3),
        (["1", "2", "3-"] * 10, "3-", 4),
    ],
)
def test_the_first_text_of_a_column_of_mostly_numbers_is_named(cells: list[str], first: str, line: int) -> None:
    column = read("x,y\n" + "".join(f"{cell},1\n" for cell in cells)).columns[0]
    assert (column.numbers, column.exception, column.exception_line) == (None, first, line)


def test_a_first_value_that_is_no_number_is_no_line_of_units() -> None:
    assert table("x,y\n<0.5,a\n2,b\n3,a\n4,b\n5,a\n6,b\n")["x"][0] == "<0.5"
    assert table("x,y\nmissing,a\n2,b\n3,a\n4,b\n5,a\n6,b\n")["x"][0] is None


def test_a_word_for_no_value_is_a_text_in_a_column_of_texts() -> None:
    assert table("x,y\nunknown,1\nred,2\nblue,3\n")["x"] == ["unknown", "red", "blue"]


def test_a_column_may_have_another_decimal_mark_than_most() -> None:
    found = read("a;b;c\n12.30;3,55;up\n9.15;4,25;down\n")
    assert [values(column) for column in found.columns[:2]] == [[12.3, 9.15], [3.55, 4.25]]
    assert (found.layout.decimal, [column.decimal for column in found.columns]) == (",", [".", ",", ""])
    assert not found.is_decimal_doubtful


def test_a_late_text_or_decimal_comma_changes_the_whole_column() -> None:
    many = "".join(f"{row % 7};{row % 5}\n" for row in range(3000))
    late_text = read(f"x;y\n{many}abc;1\n1;2\n")
    assert late_text.columns[0].texts == ("0", "1", "2", "3", "4", "5", "6", "abc")
    late_comma = read(f"x;y\n{many}1,5;1\n")
    assert late_comma.layout.decimal == ","
    assert values(late_comma.columns[0])[-1] == 1.5


@pytest.mark.parametrize(
    ("content", "decimal", "first"),
    [
        ("a;b\n1,234;x\n2,345;y\n", ",", 1.234),
        ('a,b\n"1,234",x\n"2,345",y\n', ".", 1234),
        ("a;b\n1.234;x\n2.345;y\n", ".", 1.234),
    ],
)
def test_a_mark_that_may_be_either_is_doubtful(content: str, decimal: str, first: float) -> None:
    found = read(content)
    assert (found.layout.decimal, found.is_decimal_doubtful, values(found.columns[0])[0]) == (decimal, True, first)
    other = read(content, decimal="," if decimal == "." else ".")
    assert not other.is_decimal_doubtful
    assert values(other.columns[0])[0] == pytest.approx(1234 if first == 1.234 else 1.234)


@pytest.mark.parametrize(
    ("content", "names", "rows"),
    [
        ("male,Rome,5\nfemale,Oslo,6\nmale,Oslo,7\n", None, 3),
        ("5.1,a,x\n6.1,a,y\n7.1,b,x\n", None, 3),
        ("2020-01-01,5\n2020-01-02,6\n2020-01-03,7\n", None, 3),
        ("TRUE,5\nFALSE,6\nTRUE,7\n", None, 3),
        ("1,Bob,45\n2,Ann,60\n3,Tom,80\n", None, 3),
        ("?,5\n1,6\n2,7\n", None, 3),
        ("name,city\nBob,Rome\nAnn,Oslo\n", ("name", "city"), 2),
        ("date,x\n2020-01-01,5\n2020-01-02,6\n", ("date", "x"), 2),
        ("sex,y\nm,a\nf,a\nm,b\n", ("sex", "y"), 3),
        ("0,1,2,3,kind\n5,3,4,1,a\n6,3,4,1,b\n", ("0", "1", "2", "3", "kind"), 2),
        ("country,1990,2000,2010\nA,5,6,7\nB,6,7,8\n", ("country", "1990", "2000", "2010"), 2),
        ("#,Name,HP\n1,Bob,45\n2,Ann,60\n", ("#", "Name", "HP"), 2),
        ("# x y z\n1.0 2.0 3.0\n2.0 2.0 3.0\n", ("x", "y", "z"), 2),
        ("Report\nDate: 2020\nUser, Bob\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", ("a", "b", "c"), 3),
        ("% title\n% more, here\n1,2,3\n4,5,6\n", None, 2),
        ("a,b\n1,2\n# left out, this\n3,4\n", ("a", "b"), 2),
        ("a,b\n#1,2\n#2,2\n#3,4\n", ("a", "b"), 3),
        ('"mpg","cyl"\n"Mazda RX4",21,6\n"Datsun 710",22.8,4\n', ("1", "mpg", "cyl"), 2),
        ('"mpg" "cyl"\n"Mazda RX4" 21 6\n"Datsun 710" 22.8 4\n', ("1", "mpg", "cyl"), 2),
        ("x,y,z\n[m],[s],\n1,2,a\n3,4,b\n5,6,c\n", ("x", "y", "z"), 3),
        ("6,2,no,yes\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n1,2,1\n1,1,1\n", None, 6),
        ('506,2,\n"CRIM","ZN","MEDV"\n1,2,3\n3,4,5\n', ("CRIM", "ZN", "MEDV"), 2),
        (
            "@relation w\n% c\n@attribute outlook {s, r}\n@ATTRIBUTE 'temp c' real\n@data\ns,85\n% c\nr,?\n",
            ("outlook", "temp c"),
            2,
        ),
        ("colour,n\nred,1.5\n#ff0000,2.5\nred,3\nblue,4\n", ("colour", "n"), 4),
        ("path,n\n//a/b,1.5\n//a/c,2.5\nC:/b,3\nC:/c,4\nC:/d,5\n", ("path", "n"), 5),
        ("a;b\n1,5;x\n#NV;y\n#BEZUG!;x\n2,5;y\n", ("a", "b"), 4),
        ("a,b\n1,2\n#3,4\n# 5,6\n7,8\n", ("a", "b"), 2),
        ("a,b,c\n1,2,x\n4,5,y\n6,7,x\nn/k,5\nn/k,7\nn/k,8\n", ("a", "b", "c"), 6),
        ("a,b,c\n1,2,3\n4,5,6\n\nSource: me\nNo warranty.\nMade in 2020.\n", ("a", "b", "c"), 2),
        ("a,b,c\n1,2,3\n4,5,6\nTotal\n", ("a", "b", "c"), 2),
        ("a,b,c\n1,2,3\n4,5,6\n\nSource: me, 2020\n", ("a", "b", "c"), 2),
        ("a,b,c\n1,2,3\n4,5,6\nSource: me,,\n", ("a", "b", "c"), 2),
        ("a,b,a,a\n1,2,3,4\n5,6,7,8\n", ("a", "b", "a.1", "a.2"), 2),
        ("a,a.1,a\n1,2,3\n4,5,6\n", ("a", "a.1", "a.2"), 2),
        ("a,,b\n1,2,3\n5,6,7\n", ("a", "2", "b"), 2),
        ("2,,b\n1,2,3\n5,6,7\n", ("2", "2.1", "b"), 2),
        ("Sales 2024;;\n;;\nitem;n;ok\nx;1,5;yes\ny;2,5;no\nx;3,5;no\n", ("item", "n", "ok"), 3),
        ("Sales 2024,,\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", ("x", "y", "z"), 3),
        (",,\n,,\na,b,c\n1,2,x\n3,4,y\n", ("a", "b", "c"), 2),
        ("a,,\n1,2,3\n4,5,6\n", ("a", "2", "3"), 2),
        ("a,b,c\n" + "1,2,x\n3,4,y\n" * 10 + "a,b,c\n5,6,x\n\ufeffa,b,c\n7,8,y\n", ("a", "b", "c"), 22),
        ("x,t\n,1.5\n,2.5\n,3.5\n", ("x", "t"), 3),
        ("2019,2020,2021\n0.5,1.5,2\n3.5,1,2\n", ("2019", "2020", "2021"), 2),
        ("2019,2020,2021\n2021,2022,2023\n2023,2024,2025\n", None, 3),
        ("1,2,3\n0.5,1.5,2.5\n3.5,1.5,2.5\n", ("1", "2", "3"), 2),
        ("1,2,3\n0.5,1.5,2\n3.5,1.5,4\n", None, 3),
        (" a | b | c\n---+---+---\n 1 | 2 | x\n 3 | 4 | y\n(2 rows)\n", ("a", "b", "c"), 2),
        ("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+\n", ("a", "b"), 2),
        ("% x  y  z\n% s  m  N\n1\t2\t3\n4\t5\t6\n", ("x", "y", "z"), 2),
        ("Petal,,Kind\nlength,width,\n1,2,a\n3,4,b\n5,6,a\n", ("Petal length", "Petal width", "Kind"), 3),
    ],
)  # fmt: skip
def test_header_and_rows_are_told_apart(content: str, names: tuple[str, ...] | None, rows: int) -> None:
    found = read(content)
    width = len(found.columns)
    assert tuple(column.name for column in found.columns) == (names or tuple(str(place + 1) for place in range(width)))
    assert (found.row_count, found.layout.header) == (rows, names is not None)


def test_columns_without_a_name_of_their_own_say_so() -> None:
    first, second, third = read("a,,a\n1,2,3\n5,6,7\n").columns
    assert (first.is_named, first.written_name) == (True, "")
    assert (second.is_named, second.written_name) == (False, "")
    assert (third.is_named, third.written_name) == (True, "a")


def test_short_rows_are_filled_and_counted() -> None:
    found = read("a,b,c\n1,2,3\n4,5\n7,8,9\n1,2\n")
    assert (found.short_rows, found.short_line) == (2, 3)
    assert values(found.columns[2]) == [3, None, 9, None]


def test_skipped_lines_are_counted() -> None:
    assert read("Title\n# c\na,b\n1,2\n# d\n3,4\nSource: me\n").layout.skipped_lines == 4
    assert read("sep=;\na;b\n1;2\n").layout.skipped_lines == 1
    assert read("a,b\n# c\n1,2\n# d\n3,4\n").layout.skipped_lines == 2


def test_the_first_rows_are_kept_as_they_are_written() -> None:
    found = read("a;b\n" + "1,50; x\n" * 30)
    assert found.first_rows == (("1,50", "x"),) * 20


def test_a_minus_is_a_value_beside_plus_alone() -> None:
    assert table("x,y\n1.5,+\n2.5,-\n3.5,\n")["y"] == ["+", "-", None]
    assert table("x,y\n1.5,a\n2.5,-\n3.5,+\n")["y"] == ["a", None, "+"]


def test_the_lines_of_missing_values_are_known() -> None:
    found = read('a,b\n"x\ny",1\n?,2\nz,\n')
    assert [column.missing_line for column in found.columns] == [4, 5]
    assert [column.missing_mark for column in found.columns] == ["?", ""]
    found = read("a,b,c\n" + "1.5,n/a,$5\n NA ,x,--\n")
    assert [column.missing_mark for column in found.columns] == ["NA", "n/a", "--"]


# Options


def test_options_overrule_what_is_found() -> None:
    assert table("a,b\n1,2\n", header=False) == {"1": ["a", "1"], "2": ["b", "2"]}
    assert table("1,2\n3,4\n", header=True) == {"1": [3], "2": [4]}
    assert table("a b,c\n1 2,3\n", separator=" ") == {"a": [1], "b,c": [2.3]}
    assert table("a;b\n1,234;2\n", decimal=".") == {"a": [1234], "b": [2]}
    assert table("größe,b\n1,2\n".encode(), encoding="latin-1").keys() == {"gr\u00c3\u00b6\u00c3\u009fe", "b"}


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("a;b\n1;2\n", {"separator": ","}, ["not separated by ','", "by ';'"]),
        ("a;b\n1;2\n", {"separator": "ab"}, ["'ab' cannot separate cells"]),
        ("a;b\n1;2\n", {"separator": "\n"}, [r"'\n' cannot separate cells"]),
        ("a;b\n1;2\n", {"separator": ""}, ["'' cannot separate cells"]),
        ("a;b\n1,5;2\n2,5;3\n", {"decimal": "."}, ["a: '1,5' is not a number with the decimal mark '.'"]),
        ("a;b\n1.5;2\n2.5;3\n", {"decimal": ","}, ["a: '1.5' is not a number with the decimal mark ','"]),
        ("ä;b\n1;2\n", {"encoding": "ascii"}, ["line 1: byte 0xc3 is not ASCII text"]),
        ("ä;b\n1;2\n", {"encoding": "klingon"}, ['"klingon" is not a text encoding']),
        ("ä;b\n1;2\n", {"encoding": "base64"}, ['"base64" is not a text encoding']),
        ("ä;b\n1;2\n", {"encoding": "a\0b"}, ["is not a text encoding"]),
        ("a,b\n", {"header": True}, ["a header but no rows"]),
    ],
)
def test_an_option_that_does_not_fit_is_refused(content: str, options: dict[str, object], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(content, **options)
    assert str(caught.value).isprintable()
    for word in words:
        assert word in str(caught.value)


# Refusals


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["d.csv: it is empty"]),
        ("\n \n", ["d.csv: it is empty"]),
        ("a,b\n", ["a header but no rows"]),
        ("a,b,c\n1,2,3\n4,5,6,7\n7,8,9\n", ["d.csv: line 3: this line has 4 cells, but the table has 3 columns"]),
        ("a,b,c\n1,2,x\n3,4,y\n5;6;x\n7;8;y\n", ["line 4: from this line on the separator is ';', and before"]),
        ("a,b,c\n1.5,2,x\n3,4,y\n5,5;6;x\n7;8;y\n", ["line 4: from this line on the separator is ';'"]),
        ("a,b\n1,2\ninf,3\n4,5\n", ["d.csv: line 3, column 1: a: 'inf' is not a finite number"]),
        ("a,b\n1,2\n3,1e999\n4,5\n", ["d.csv: line 3, column 2: b: '1e999' is too large"]),
        ('a,b\n1,2\n"3,4\n5,6\n', ["d.csv: line 3", "quotes"]),
        ('a,b\n1,2\n3,4\n"5"x,6\n', ["d.csv: line 4", "quotes"]),
        ("a,b\n1,2\n" + "9" * 200_000 + ",1\n", ["line 3"]),
        ("x" * 200_000, ["line 1"]),
        ('a,b\n"1,2\n3,4\n5,6\n', ["d.csv: line 2: the quotes of this row never end"]),
        ("a:b\n1:x\n2:y\n3:x\n", ["each line is one cell; if ':' separates cells"]),
        ('"a,b"\n"1,x"\n"2,y"\n"3,x"\n', ["each line is in quotes as a whole"]),
        ("Dear Sir, I write\nto you.\nIt is, I see\na letter.\nBest, Me\n", ["a text and not a table"]),
        ("a,b,c\n1,5,2,5,x\n3,5,4,5,y\n", ["line 1: the header has 3 names, but the rows have 5 cells"]),
        ("a,b,c\n1,5,2,x\n1,5,4,y\n3,5,4,y\n", ["line 1: the header has 3 names, but the rows have 4 cells"]),
        (",".join(f"c{place}" for place in range(10_001)) + "\n", ["line 1: 10,001 columns are too many; use 10,000"]),
        (b"a,y\n1,2\n\x00,3\n4,5\n", ["line 3: there is a NUL byte"]),
        ("größe,grün,y\n".encode() + "ä,ö,ü\n".encode() * 20 + b"\xff,1,2\n", ["line 22: byte 0xff is not UTF-8"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(content: str | bytes, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    text = str(caught.value)
    assert text.isprintable()
    assert text.endswith(".")
    for word in words:
        assert word in text


def test_more_rows_than_the_limit_are_refused() -> None:
    assert read_table(b"a,b\n1,2\n3,4\n", name="d.csv", max_rows=2).row_count == 2
    with pytest.raises(InputError, match=r"d\.csv: it has more than 2 rows; use a part of it\."):
        read_table(b"a,b\n1,2\n3,4\n5,6\n", name="d.csv", max_rows=2)


def test_reading_can_be_stopped_and_says_how_far_it_is() -> None:
    content = ("a,b\n" + "1,2\n" * 50_000).encode()
    shares: list[float] = []
    read_table(content, progress=shares.append)
    assert len(shares) > 5
    assert shares == sorted(shares)
    assert (0 <= shares[0] < 0.5, shares[-1]) == (True, 1.0)
    calls = iter(range(1000))
    with pytest.raises(InputError) as caught:
        read_table(content, should_stop=lambda: next(calls) > 8)
    assert caught.value.code == "cancelled"


# Random tables


NAMES = st.lists(
    st.text("abcxyz_ äß한", min_size=1, max_size=6).map(lambda name: f"n{name}".strip()),
    min_size=2,
    max_size=5,
    unique=True,
)
WORDS = st.text("abc äß한'.-/", max_size=8).map(lambda word: f"w{word}".strip())
ODD_WORDS = st.text("ab ,;|\t\"'\n#%\\한", max_size=8).map(lambda word: f"w{word}".strip())
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def written_tables(draw: st.DrawFn, words: st.SearchStrategy[str]) -> tuple[list[str], list[list[float | str]]]:
    """Draw names and rows; the first column has numbers, each other one numbers or texts."""
    names = draw(NAMES)
    cells = [FINITE, *(draw(st.sampled_from([FINITE, words])) for _ in names[1:])]
    return names, draw(st.lists(st.tuples(*cells).map(list), min_size=3, max_size=8))


def written(names: list[str], rows: list[list[float | str]], end: str, **dialect: Any) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=end, **dialect)
    writer.writerow(names)
    writer.writerows([[repr(cell) if isinstance(cell, float) else cell for cell in row] for row in rows])
    return stream.getvalue()


def check_same(found: TextTable, names: list[str], rows: list[list[float | str]]) -> None:
    assert [column.name for column in found.columns] == names
    for column, cells in zip(found.columns, zip(*rows, strict=True), strict=True):
        assert values(column) == list(cells)
        if column.numbers is not None:
            assert column.numbers.tobytes() == np.array(cells).tobytes()


@given(
    table=written_tables(ODD_WORDS),
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"]),
)
def test_a_table_of_any_cells_is_read_back_with_its_separator_and_encoding(
    table: tuple[list[str], list[list[float | str]]], separator: str, end: str, quoting: int, encoding: str
) -> None:
    text = written(*table, end, delimiter=separator, quoting=quoting)
    options = TableOptions(separator=separator, encoding=encoding, header=True, decimal=".")
    check_same(read_table(text.encode(encoding), options, name="d.csv"), *table)


@given(table=written_tables(WORDS), separator=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_table_of_words_and_numbers_is_read_back_without_an_option(
    table: tuple[list[str], list[list[float | str]]], separator: str, end: str
) -> None:
    text = written(*table, end, delimiter=separator)
    found = read(text)
    assert found.layout.separator == separator
    check_same(found, *table)


REAL_TABLES = [path.read_bytes()[:700] for path in sorted(FILES.iterdir()) if path.name != "README.md"]
PIECES = [
    ",",
    ";",
    "\t",
    "|",
    " ",
    '"',
    "'",
    "\n",
    "\r",
    "#",
    "%",
    "@data\n",
    "1",
    "1,5",
    "1.5",
    "(1)",
    "$",
    "NA",
    "sep=;\n",
    "\0",
]
PIECES += ["\\", "€", "한", "<", "{", "-", "inf", "1e999", "//", "...", "5 kg"]
HOSTILE = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "".join(pieces).encode()),
    hostile.csv_bytes,
    st.builds(
        hostile.splice_bytes,
        st.sampled_from(REAL_TABLES),
        st.lists(
            st.tuples(
                st.integers(0, 700),
                st.integers(0, 30),
                st.one_of(st.binary(max_size=4), st.sampled_from(PIECES).map(str.encode)),
            ),
            max_size=4,
        ),
    ),
)


@settings(max_examples=4 * settings().max_examples)
@given(data=HOSTILE)
@example(data=b"\t")
def test_any_bytes_are_a_table_that_reads_the_same_with_its_layout_or_are_refused_in_one_sentence(data: bytes) -> None:
    with hostile.cpu_limit():
        try:
            found = read(data)
        except InputError as error:
            sentence = str(error)
            assert sentence.isprintable() and sentence.endswith("."), ascii(sentence)
            assert sentence.startswith("d.csv") and len(sentence) < 500
            return
    assert len({column.name for column in found.columns}) == len(found.columns)
    for column in found.columns:
        assert len(values(column)) == found.row_count
        assert column.numbers is None or not np.isinf(column.numbers).any()
    layout = found.layout
    again = read(
        data, encoding=layout.encoding, separator=layout.separator, decimal=layout.decimal, header=layout.header
    )
    assert [(column.name, values(column)) for column in again.columns] == [
        (column.name, values(column)) for column in found.columns
    ]
