"""Tests of the keys of [data] that say how a file with a table is read, and what its columns are."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import find_preset, open_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.writer import preset_text
from nn_tui.core.spec import DataSpec
from nn_tui.core.table.values import TableOptions
from tests.preset_texts import SMALL, TABLE, TARGETS, parse, refusal

OLD = 'csv = "d.csv"\ntarget = "y"'


def with_data(lines: str) -> str:
    return SMALL.replace(TABLE, lines).replace(TARGETS, "")


def data_of(lines: str) -> DataSpec:
    return parse(with_data(lines)).data


def test_without_a_new_key_a_file_is_read_strictly() -> None:
    assert data_of(OLD) == DataSpec(csv="d.csv", target="y")
    assert data_of(f"{OLD}\nclasses = true\nstandardize = true") == DataSpec(
        csv="d.csv", target="y", target_is_class=True, standardize=True
    )
    assert data_of(f"{OLD}\nstandardize_target = true") == DataSpec(csv="d.csv", target="y", standardize_target=True)


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ('drop = ["a", "b, c"]', TableOptions(drop=("a", "b, c"))),
        ("drop = []", TableOptions()),
        ('keep = ["Id"]', TableOptions(keep=("Id",))),
        ('categories = ["pclass"]', TableOptions(categories=("pclass",))),
        ('target_kind = "classes"', TableOptions(target_kind="classes")),
        ('target_kind = "numbers"', TableOptions(target_kind="numbers")),
        ('missing = "drop"', TableOptions(missing="drop")),
        ("header = false", TableOptions(header=False)),
        ("header = true", TableOptions(header=True)),
        ('separator = ";"', TableOptions(separator=";")),
        (r'separator = "\t"', TableOptions(separator="\t")),
        ('decimal = ","', TableOptions(decimal=",")),
        ('encoding = "CP949"', TableOptions(encoding="cp949")),
        ('test_csv = "test.csv"', TableOptions(test_csv="test.csv")),
        ('missing = "mean"\nclasses = true', TableOptions(missing="mean", target_kind="classes")),
        ("standardize_target = true", TableOptions()),
    ],
)
def test_with_a_new_key_the_target_may_be_left_out(line: str, options: TableOptions) -> None:
    data = data_of(f'csv = "d.csv"\n{line}')
    assert (data.csv, data.target, data.options, data.target_is_class) == ("d.csv", None, options, False)
    assert data_of(f'csv = "d.csv"\ntarget = "y"\nheader = true\n{line}'.replace("header = true\nh", "h")).target == "y"


@pytest.mark.parametrize(
    "options",
    [
        TableOptions(),
        TableOptions(drop=("a", 'b"c'), keep=("d",), categories=("e",)),
        TableOptions("\t", ",", False, "utf-16", missing="refuse", target_kind="numbers", test_csv="t.csv"),
    ],
)
@pytest.mark.parametrize("target", [None, "y"])
def test_what_is_written_is_read_back(options: TableOptions, target: str | None) -> None:
    preset = parse(with_data(f'csv = "d.csv"\ntarget = "{target or "z"}"\nheader = true'))
    for standardize in (False, True):
        data = DataSpec(csv="d.csv", target=target, options=options, standardize_target=standardize)
        text = preset_text(preset.__class__("mine", "mine", "", data, preset.layers, preset.training))
        assert parse(text).data == data


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('csv = "d.csv"', "data.target: it is missing; it names the column to predict."),
        ('csv = "d.csv"\ntarget = ""\nheader = true', "data.target: it is empty; name the column to predict, or"),
        ('csv = ""\nheader = true', "data.csv: it is missing; it names the file."),
        (f'{OLD}\ndrop = "a"', 'data.drop: it must be a list of columns, such as ["name", "age"].'),
        (f"{OLD}\ndrop = [1]", "data.drop[0]: 1 is not text; put it in quotes."),
        (f'{OLD}\ndrop = ["a", "a"]', 'data.drop[1]: "a" is listed twice; list it once.'),
        (f'{OLD}\ntarget_kind = "class"', 'data.target_kind: "class" is not a kind of target. Did you mean "classes"?'),
        (f'{OLD}\nmissing = "fill"', 'data.missing: "fill" is not a way to treat missing values; it must be one of:'),
        (f'{OLD}\nheader = "no"', 'data.header: "no" is not true or false.'),
        (f'{OLD}\nseparator = "tab"', 'data.separator: "tab" does not separate cells; write one character, such as'),
        (f'{OLD}\nseparator = "a"', 'data.separator: "a" does not separate cells'),
        (f"{OLD}\nseparator = 1", "data.separator: 1 is not text; put it in quotes."),
        (f'{OLD}\ndecimal = ";"', 'data.decimal: ";" is not a decimal mark; it must be one of: ., ,'),
        (
            f'{OLD}\nencoding = "cp494"',
            'data.encoding: "cp494" is not an encoding that Python knows. Did you mean',
        ),
        (
            f'{OLD}\nencoding = "hex"',
            'data.encoding: "hex" is not an encoding that Python knows; common ones are:',
        ),
        (f'{OLD}\ntest_csv = ""', "data.test_csv: it is empty; name a file, or remove the key."),
        (f'{OLD}\ntest_csv = "t.csv"\ntest_fraction = 0.3', "data.test_fraction: test_csv names the rows for testing"),
        (
            f'{OLD}\nclasses = true\ntarget_kind = "numbers"',
            "data.classes: target_kind says that the target has",
        ),
        ('generator = "moons"\ndrop = []', "data.drop: it is for csv data, but this is generator data."),
    ],
)
def test_a_wrong_key_is_refused(lines: str, sentence: str) -> None:
    assert sentence in refusal(with_data(lines))


def test_changes_replace_keys_and_give_columns_their_roles() -> None:
    text = with_data('csv = "d.csv"\ntarget = "y"\ndrop = ["a", "b"]\ntarget_kind = "classes"\ntest_fraction = 0.2')

    def changed(**changes: object) -> DataSpec:
        return parse_preset(text, id="mine", file="mine.toml", folder=None, changes=changes).data

    assert changed(target="a").options == TableOptions(drop=("b",))
    assert changed(keep=["b"]).options == TableOptions(drop=("a",), keep=("b",), target_kind="classes")
    assert changed(drop=["y"]).target is None
    assert changed(target_kind="numbers").options == TableOptions(drop=("a", "b"), target_kind="numbers")
    data = changed(test_csv="t.csv")
    assert (data.test_fraction, data.options and data.options.test_csv) == (0.0, "t.csv")
    assert changed(test_fraction=0.5).test_fraction == 0.5
    with pytest.raises(InputError, match=r"^mine\.toml: data\.missing: "):
        changed(missing="zero")


@pytest.mark.parametrize("name", ["xor", "circles", "mine.toml"])
def test_only_a_table_can_be_changed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_experiment(name, changes={"target": "y"})
    assert caught.value.path == ("data", "target")
    assert f'this works on tables only, and "{name.removesuffix(".toml")}" has no table.' in str(caught.value)


def test_a_shipped_table_can_be_changed() -> None:
    preset = find_preset("iris", {"test_fraction": 0.5})
    assert preset.data == find_preset("iris").data.__class__(
        csv="iris.csv", target="species", standardize=True, test_fraction=0.5
    )
