"""Check that CSV files are read, or refused in one sentence with file, line and column."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.table.strict import read_strict_csv
from nn_tui.core.table.values import TableData

Write = Callable[[str | bytes], Path]

DATA = Path(__file__).parents[3] / "presets" / "data"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes) -> Path:
        path = tmp_path / "d.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def refusal(path: Path, target: str = "y", as_class: bool = False) -> str:
    with pytest.raises(InputError) as caught:
        read_strict_csv(path, target, as_class)
    text = str(caught.value)
    assert text.isprintable(), text
    assert text.endswith((".", "?"))
    return text


def names(table: TableData) -> tuple[str, ...]:
    return tuple(column.name for column in table.plan.inputs)


def test_reads_numbers_and_names(write: Write) -> None:
    table = read_strict_csv(write("a,y,b\n1,2.5,-3\n4e1, 5 ,.5\n"), "y")
    assert names(table) == ("a", "b")
    assert table.plan.target.name == "y"
    assert table.numbers.tolist() == [[1.0, -3.0], [40.0, 0.5]]
    assert table.y.tolist() == [2.5, 5.0]
    assert table.classes == ()


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffa,y\n1,2\n3,4\n",
        "a,y\r\n1,2\r\n3,4\r\n",
        "a,y\r1,2\r3,4",
        "\n\na , y\n\n1,2\n  \n3,4\n\n",
        '"a","y"\n"1","2"\n3,4',
    ],
    ids=["byte order mark", "windows", "old mac", "blank lines", "quoted"],
)
def test_usual_variants_read_the_same(write: Write, content: str) -> None:
    table = read_strict_csv(write(content), "y")
    assert (table.numbers.tolist(), table.y.tolist(), names(table)) == (
        [[1.0], [3.0]],
        [2.0, 4.0],
        ("a",),
    )


def test_text_classes_are_in_sorted_order(write: Write) -> None:
    table = read_strict_csv(write("a,y\n1,pear\n2,apple\n3,pear\n4,fig\n"), "y")
    assert table.classes == ("apple", "fig", "pear")
    assert table.y.tolist() == [2.0, 0.0, 2.0, 1.0]


def test_numeric_classes_are_in_order_of_number(write: Write) -> None:
    table = read_strict_csv(write("a,y\n1,10\n2,9\n3,10.0\n4,0.5\n"), "y", True)
    assert table.classes == ("0.5", "9", "10")
    assert table.y.tolist() == [2.0, 1.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        ("pixel_0_0,pixel_0_1,pixel_0_2,pixel_1_0,pixel_1_1,pixel_1_2", (2, 3)),
        ("pixel_0_0,pixel_1_0,pixel_0_1,pixel_1_1", None),
        ("pixel_0_0,pixel_0_1,pixel_1_0,size", None),
        ("pixel_0_0,pixel_0_1,pixel_0_2,pixel_0_3", None),
    ],
    ids=["grid", "column by column", "another column", "one line of pixels"],
)
def test_pixel_columns_row_by_row_are_an_image(write: Write, header: str, shape: tuple[int, int] | None) -> None:
    cells = ",".join("1" for _ in header.split(","))
    assert read_strict_csv(write(f"{header},y\n{cells},0\n"), "y").plan.image_shape == shape


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,y\n1,2\nabc,3\n", ["line 3, column 1: a: ", "'abc' is not a number"]),
        ("a,y\n1,2\n1_0,3\n", ["line 3, column 1", "'1_0' is not a number"]),
        ("a,y\n1,2\n１,3\n", ["line 3, column 1", "is not a number"]),
        ("a,y\n1,2\n,3\n", ["line 3, column 1", "empty"]),
        ("a,y\n1,2\n3,\n", ["line 3, column 2: y: ", "empty"]),
        ("a,y\n1,2\nNA,3\n", ["line 3, column 1", "missing", "'NA'"]),
        ("a,y\n1,2\nnan,3\n", ["line 3, column 1", "missing", "'nan'"]),
        ("a,y\n1,2\n-inf,3\n", ["line 3, column 1", "'-inf' is not a finite number"]),
        ("a,y\n1,2\n1e999,3\n", ["line 3, column 1", "too large"]),
        ("a,y\n1,2\n1,inf\n", ["line 3, column 2", "not a finite number"]),
        ("a,y\n1,2\n1,1e999\n", ["line 3, column 2", "too large"]),
        ("a,y\n1,2\n1,NaN\n", ["line 3, column 2", "missing"]),
        ("a,y\n1,2\n1,x\n", ["line 3, column 2", "'x' is not a number", "classes = true"]),
        ("a,y\n1,2,3\n", ["line 2", "3 values", "2 columns"]),
        ("a,y\n1,2\n\n4\n", ["line 4", "1 value, but", "2 columns"]),
        ("a,y\n1,x\n2,x\n", ["line 2, column 2: y: ", "the class 'x'"]),
        ("a,b,a,y\n1,2,3,4\n", ["line 1, column 3: a: ", "column 1"]),
        (",a,y\n0,1,2\n", ["line 1, column 1", "no name"]),
        ("1,2,3\n4,5,6\n", ["line 1", "header"]),
        ("0.5,2\n1,3\n2,4\n", ["line 1: this line has values", "the header must name", "add a first line", "x1,x2,y"]),
        ("0,1\n1,3\n2,5\n", ["line 1: this line has values", "the header"]),
        ("0,1,2,4\n4,5,6,7\n", ["line 1: this line has values", "the header"]),
        ("2,3,4,5\n4,5,6,7\n", ["line 1: this line has values", "the header"]),
        ("1,NA,3,4\n4,5,6,7\n", ["line 1: this line has values", "the header"]),
        ("1,,3,4\n4,5,6,7\n", ["line 1: this line has values", "the header"]),
        ("1,1,0,yes\n0,1,1,no\n", ["line 1: this line has values", "the header"]),
        ("1,3,2,yes\n0,1,1,no\n", ["line 1: this line has values", "the header"]),
        ("yes,1,3,2\nno,0,1,1\n", ["line 1: this line has values", "the header"]),
        ("a;y\n1;2\n", ["line 1", "the only column", "';'"]),
        ("y\n1\n", ["line 1", "the only column"]),
        ("a,y\n", ["header but no rows"]),
        ("a,y", ["header but no rows"]),
        ("", ["empty"]),
        ("\n \n", ["empty"]),
        ('a,y\n1,2\n"3,4\n5,6\n', ["line 3", "quotes"]),
        ('a,y\n1,2\n"3"x,4\n', ["line 3", "quotes"]),
        ('a,y\n"1\n2",3\n', ["line 2, column 1", r"'1\n2'"]),
        ("a,y\n1,2\n" + "9" * 200_000 + ",1\n", ["line 3"]),
        (b"a,y\n1,2\n\xff,3\n", ["line 3", "0xff", "UTF-8"]),
        (b"\xef\xbb\xbfa,y\r\n1,2\r\n\xe9,3\r\n", ["line 3", "0xe9"]),
        ("a,y\n1,2\n".encode("utf-16"), ["UTF-16", "UTF-8"]),
        (b"a,y\n1,2\n\x00,3\n", ["line 3", "NUL"]),
        ("a,y\n1,2\n\x1b[2J,3\n", ["line 3, column 1", r"\x1b[2J"]),
        ("a,\x1b]0;t\x07,y\n1,x,3\n", ["line 2, column 2", r"\x1b]0;t\x07"]),
        ("a,y\n1,2\n\u202e1,3\n", ["line 3, column 1", r"\u202e"]),
        ("a,y\n" + "".join(f"1,c{i}\n" for i in range(1001)), ["column 2", "1,001 classes"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_column(write: Write, content: str | bytes, words: list[str]) -> None:
    text = refusal(write(content))
    for word in ["d.csv", *words]:
        assert word in text


# What the reader of other tables understands is refused here, or is part of a text.
@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        ("a,y\n1,2\n# a comment\n3,4\n", "wrong_shape", 3, 0),
        ("# a comment\na,y\n1,2\n", "wrong_shape", 1, 0),
        ("sep=,\na,y\n1,2\n", "missing", 1, 2),
        ("@relation r\n@attribute a numeric\n@attribute y numeric\n@data\n1,2\n", "wrong_shape", 1, 0),
        ("2,1,a,y\na,y\n1,2\n", "wrong_shape", 2, 0),
        ("a,y\ncm,kg\n1,2\n3,4\n", "wrong_type", 2, 1),
        ("a,y\n1,2\n3,4\nSource: me\n", "wrong_shape", 4, 0),
        ("a,y,\n1,2,\n3,4,\n", "missing", 1, 3),
        ("a,b,y\n1,2,3\n4,5\n", "wrong_shape", 3, 0),
        ("a,y\n1,2\n5%,4\n", "wrong_type", 3, 1),
        ("a,y\n1,2\n$5,4\n", "wrong_type", 3, 1),
        ("a,y\n1,2\n(5),4\n", "wrong_type", 3, 1),
        ("a,y\n1,2\n5-,4\n", "wrong_type", 3, 1),
        ("a,y\n1,2\n−5,4\n", "wrong_type", 3, 1),
        ('a,y\n1,2\n"1,000",4\n', "wrong_type", 3, 1),
        ('a,y\n1,2\n"1,5",4\n', "wrong_type", 3, 1),
        ("a,y\n1,2\n'3',4\n", "wrong_type", 3, 1),
        ('a,y\n1,2\n "3",4\n', "wrong_type", 3, 1),
        ('a,y\n1,"p ""q"""\n2,"p \\"q"\n', "syntax", 3, 0),
        ("a,y\n1,2\n?,4\n", "wrong_type", 3, 1),
        ("a,y\n1,2\n-,4\n", "wrong_type", 3, 1),
        ("a,y\n1,2\n-nan,4\n", "not_finite", 3, 1),
        ("a,y\nyes,2\nno,4\n", "wrong_type", 2, 1),
        ("a,y\n2026-11-30,2\n2026-12-01,4\n", "wrong_type", 2, 1),
        (gzip.compress(b"a,y\n1,2\n3,4\n", mtime=0), "unreadable", 1, 0),
        ("a,y\n1,한\n2,글\n".encode("cp949"), "unreadable", 2, 0),
        ("a,y\n1,2\n3,4\n".encode("utf-16-le"), "unreadable", 1, 0),
    ],
)
def test_nothing_is_guessed(write: Write, content: str | bytes, code: str, line: int, column: int) -> None:
    with pytest.raises(InputError) as caught:
        read_strict_csv(write(content), "y")
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)


@pytest.mark.parametrize(
    ("content", "inputs", "classes"),
    [
        ("#,y\n1,ja\n2,nein\n", ("#",), ("ja", "nein")),
        ("a,y\n1,?\n2,-\n3,none\n", ("a",), ("-", "?", "none")),
        ("a,y\n1,#1\n2,yes\n3,Yes\n", ("a",), ("#1", "Yes", "yes")),
        ("ORC,y\n1, 'p'\n2,\\q\n", ("ORC",), ("'p'", "\\q")),
        ("<a >,y\n1,p\n2,q\n", ("<a >",), ("p", "q")),
    ],
)
def test_texts_are_as_they_are_written(
    write: Write, content: str, inputs: tuple[str, ...], classes: tuple[str, ...]
) -> None:
    table = read_strict_csv(write(content), "y")
    assert (names(table), table.classes) == (inputs, classes)


@pytest.mark.parametrize("rows_before", [0, 20_000], ids=["first rows", "far below"])
def test_the_first_of_several_errors_is_named(write: Write, rows_before: int) -> None:
    head = "a,b,y\n" + "1,2,3\n" * rows_before
    line = rows_before + 3
    for wrong, code, column in (("1,x,3", "wrong_type", 2), ("1,2,NA", "missing", 3), ("inf,x,", "not_finite", 1)):
        with pytest.raises(InputError) as caught:
            read_strict_csv(write(f"{head}1,2,3\n{wrong}\nx,2,3\n1,2\n"), "y")
        assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)


def test_names_like_pixels_in_another_order_or_place_are_no_image(write: Write) -> None:
    for header in ("x1,x2,x3,x4", "pixel_1_1,pixel_1_2,pixel_2_1,pixel_2_2", "px0x0,px0x1,px1x0,px1x1"):
        assert read_strict_csv(write(f"{header},y\n1,1,1,1,0\n"), "y").plan.image_shape is None


@pytest.mark.parametrize("first", ["5.1,3.5,1.4,0.2,setosa", "0.1,0.2,setosa", "4,setosa", "nan,setosa"])
def test_a_first_line_with_a_class_of_other_rows_is_not_a_header(write: Write, first: str) -> None:
    more = "".join(f"{','.join('7' * first.count(','))},{kind}\n" for kind in ("setosa", "virginica"))
    assert "line 1: this line has values, but the header must name" in refusal(write(f"{first}\n{more}"), "setosa")
    assert read_strict_csv(write(f"{first[: first.rindex(',')]},kind\n{more}"), "kind").y.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    "header",
    ["0,1,2,3", "1,2,3,4,5", "0,1,2,3,kind", "kind,1,2,3,4", "1990,2000,2010,kind", "940.5,kind", "9,8,7,kind"],
)
def test_numbers_can_be_column_names(write: Write, header: str) -> None:
    columns = tuple(header.split(","))
    path = write(f"{header}\n{','.join('5' for _ in columns)}\n{','.join('6' for _ in columns)}\n")
    table = read_strict_csv(path, columns[-1])
    assert (*names(table), table.plan.target.name) == columns
    assert table.y.tolist() == [5.0, 6.0]


def test_numbered_columns_are_a_header_even_if_a_class_has_the_name_of_the_target(write: Write) -> None:
    assert read_strict_csv(write("0,1,2,3,y\n5,5,5,5,y\n6,6,6,6,n\n"), "y").classes == ("n", "y")


def test_one_class_alone_is_refused(write: Write) -> None:
    assert "the class '3'" in refusal(write("a,y\n1,3\n2,3.0\n"), as_class=True)


def test_a_missing_target_column_is_refused_with_the_nearest_name(write: Write) -> None:
    text = refusal(write("size,species,weight\n1,x,2\n"), "specie")
    assert text.startswith("data.target: ")
    assert text.endswith("""d.csv has no column 'specie'. Did you mean "species"?""")


def test_a_missing_file_is_refused_with_its_folder(tmp_path: Path) -> None:
    text = refusal(tmp_path / "sub" / "none.csv")
    assert text == f"there is no file none.csv in {tmp_path / 'sub'}."


def test_a_name_with_control_characters_is_shown_escaped(tmp_path: Path) -> None:
    assert r"\x1b" in refusal(tmp_path / "\x1b[2J.csv")
    assert r"a\x00b" in refusal(tmp_path / "a\x00b.csv")
    assert "cannot be read" in refusal(tmp_path / ("a" * 5000))


def test_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert "not a regular file" in refusal(pipe)


def test_too_large_a_file_is_refused(write: Write) -> None:
    path = write("a,y\n1,2\n2,3\n")
    size = path.stat().st_size
    assert read_strict_csv(path, "y", max_bytes=size).y.tolist() == [2.0, 3.0]
    with pytest.raises(InputError, match="larger than"):
        read_strict_csv(path, "y", max_bytes=size - 1)


def test_too_many_columns_are_refused(write: Write) -> None:
    names = ",".join(f"c{i}" for i in range(10_001))
    assert "10,001 columns" in refusal(write(f"{names}\n"))


@given(
    st.lists(
        st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False)),
        min_size=1,
        max_size=20,
    )
)
def test_numbers_come_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, float]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "d.csv"
    path.write_text("a,y\n" + "".join(f"{a!r},{y!r}\n" for a, y in rows))
    table = read_strict_csv(path, "y")
    expected = np.array(rows)
    assert table.numbers[:, 0].tobytes() == expected[:, 0].tobytes()
    assert table.y.tobytes() == expected[:, 1].tobytes()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_one_printable_refusal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("csv") / "d.csv"
    path.write_bytes(b"a,y\n" + content)
    try:
        table = read_strict_csv(path, "y")
    except InputError as error:
        assert str(error).isprintable()
        assert "d.csv" in str(error)
    else:
        assert np.isfinite(table.numbers).all()


@pytest.mark.parametrize(
    ("name", "target", "first", "label", "counts"),
    [
        (
            "iris",
            "species",
            [5.1, 3.5, 1.4, 0.2],
            "setosa",
            {"setosa": 50, "versicolor": 50, "virginica": 50},
        ),
        (
            "penguins",
            "species",
            [39.1, 18.7, 181, 3750],
            "Adelie",
            {"Adelie": 151, "Chinstrap": 68, "Gentoo": 123},
        ),
        (
            "digits",
            "digit",
            [0, 0, 5, 13, 9, 1, 0, 0],
            "0",
            dict(zip("0123456789", (178, 182, 177, 183, 181, 182, 181, 179, 174, 180), strict=True)),
        ),
    ],
)
def test_shipped_data_holds_the_known_values(
    name: str, target: str, first: list[float], label: str, counts: dict[str, int]
) -> None:
    table = read_strict_csv(DATA / f"{name}.csv", target, True)
    assert table.numbers[0, : len(first)].tolist() == first
    assert table.classes[int(table.y[0])] == label
    found = np.bincount(table.y.astype(int)).tolist()
    assert dict(zip(table.classes, found, strict=True)) == counts


def test_iris_follows_fisher_where_the_uci_copy_does_not() -> None:
    points = read_strict_csv(DATA / "iris.csv", "species").numbers
    assert points[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert points[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert points.mean(axis=0) == pytest.approx([5.843333, 3.057333, 3.758, 1.199333], abs=1e-6)


def test_digits_are_8_by_8_images_of_0_to_16() -> None:
    table = read_strict_csv(DATA / "digits.csv", "digit", True)
    assert table.plan.image_shape == (8, 8)
    assert table.numbers.shape == (1797, 64)
    assert (table.numbers.min(), table.numbers.max()) == (0.0, 16.0)


def test_the_data_folder_states_source_and_licence_of_every_file() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for path in DATA.glob("*.csv"):
        section = re.search(rf"## {path.name}\n(.*?)(?=\n## |\Z)", readme, re.DOTALL)
        assert section, path.name
        assert "**Source**" in section[1]
        assert "**Licence**" in section[1]
