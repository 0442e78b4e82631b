"""Tests of the options for tables: they become changes of [data], and errors name the option."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.translation import message
from nn_tui.tui.cli import parsers
from nn_tui.tui.cli.table_options import data_changes, named_by_options
from nn_tui.tui.config.settings import UsageError

WITH_FILE = ("open", "train", "trace", "check", "export", "worksheet", "mark")


def parse(command: str, *words: str) -> Namespace:
    length = ["--epochs", "1"] if command == "train" else []
    return parsers.parse([command, "flowers.csv", *words, *length])


def changes(*words: str) -> dict[str, object]:
    return data_changes(parse("train", *words))


@pytest.mark.parametrize("command", WITH_FILE)
def test_every_command_that_takes_a_file_has_the_options(command: str) -> None:
    words = ["--target", "size", "--drop", "a,b", "--keep", "c", "--categories", "d", "--numbers"]
    words += [
        "--missing",
        "drop",
        "--test",
        "0.2",
        "--no-header",
        "--separator",
        "tab",
        "--decimal",
        "comma",
        "--encoding",
        "CP949",
    ]
    assert data_changes(parse(command, *words)) == {
        "target": "size",
        "drop": ["a", "b"],
        "keep": ["c"],
        "categories": ["d"],
        "target_kind": "numbers",
        "missing": "drop",
        "header": False,
        "separator": "\t",
        "decimal": ",",
        "encoding": "cp949",
        "test_fraction": 0.2,
    }


@pytest.mark.parametrize("command", [*WITH_FILE, "practice", "learn"])
def test_without_options_nothing_changes(command: str) -> None:
    words = ["flowers.csv"] if command not in ("practice", "learn") else []
    length = ["--epochs", "1"] if command == "train" else []
    assert data_changes(parsers.parse([command, *words, *length])) == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", ["a"]),
        ("fixed acidity, pH", ["fixed acidity", "pH"]),
        ('"a, b",c', ["a, b", "c"]),
        ('"say ""x""",1', ['say "x"', "1"]),
        ("날짜,지점", ["날짜", "지점"]),
    ],
)
def test_names_of_columns_are_written_as_in_csv(text: str, names: list[str]) -> None:
    assert changes("--drop", text) == {"drop": names}


def test_a_repeated_option_adds_its_names() -> None:
    assert changes("--keep", "a,b", "--keep", "c") == {"keep": ["a", "b", "c"]}


@pytest.mark.parametrize("text", ["", ",", "a,,b", '"a', 'a,"b"c'])
def test_a_broken_list_of_names_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"argument --drop: .* is not a list of column names; write A,B or"):
        changes("--drop", text)


@pytest.mark.parametrize("text", ["tab", "comma", "semicolon", "space", "pipe", "TAB", r"\t", "#"])
def test_separators_have_names(text: str) -> None:
    expected = {"comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "#": "#"}.get(text, "\t")
    assert changes("--separator", text) == {"separator": expected}


def test_classes_and_numbers_exclude_each_other() -> None:
    assert changes("--classes") == {"target_kind": "classes"}
    with pytest.raises(UsageError, match="not allowed with"):
        changes("--classes", "--numbers")


@pytest.mark.parametrize(("text", "share"), [("0.3", 0.3), (".5", 0.5), ("30%", 0.3), ("0", 0.0), ("7", 7.0)])
def test_a_number_is_a_share_of_the_rows(text: str, share: float) -> None:
    assert changes("--test", text) == {"test_fraction": share}


def test_a_file_of_test_rows_is_named_from_the_folder_of_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.csv").touch()

    def test_csv(preset: str) -> object:
        return data_changes(parsers.parse(["train", preset, "--epochs", "1", "--test", "data/test1.csv"]))

    assert test_csv("data/train.csv") == {"test_csv": "test1.csv"}
    assert test_csv("-") == {"test_csv": str(Path("data", "test1.csv"))}
    assert test_csv("iris") == {"test_csv": str(tmp_path / "data" / "test1.csv")}


def test_the_value_of_an_option_is_no_command() -> None:
    words = ["--target", "train", "--drop", "check", "flowers.csv"]
    assert parsers.parse(words).preset == "flowers.csv"


@pytest.mark.parametrize("name", ["trains.data", "check.tsv", "lists.txt"])
def test_a_file_of_any_ending_is_no_misspelled_command(name: str) -> None:
    assert parsers.parse([name]).preset == name


@pytest.mark.parametrize(
    ("key", "words", "option"),
    [
        ("drop", ["--drop", "x"], "--drop"),
        ("target", ["--target", "x"], "--target"),
        ("target_kind", ["--classes"], "--classes"),
        ("target_kind", ["--numbers"], "--numbers"),
        ("header", ["--header"], "--header"),
        ("header", ["--no-header"], "--no-header"),
        ("test_fraction", ["--test", "3"], "--test"),
        ("test_csv", ["--test", "x.csv"], "--test"),
    ],
)
def test_an_error_names_the_option_and_not_the_key(key: str, words: list[str], option: str) -> None:
    with pytest.raises(InputError) as error, named_by_options(changes(*words), is_preset=True):
        raise InputError("not_found", message("there is no such column."), path=("data", key, 0), file="flowers.csv")
    assert str(error.value) == f"flowers.csv: {option}: there is no such column."


def test_an_error_about_another_key_of_a_preset_keeps_its_name() -> None:
    with pytest.raises(InputError) as error, named_by_options(changes("--drop", "x"), is_preset=True):
        raise InputError("not_found", message("there is no such column."), path=("data", "target"))
    assert str(error.value) == "data.target: there is no such column."


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("data", "keep", 0), "--keep: there is no such column."),
        (("data", "target_kind"), "--classes: there is no such column."),
        (("data", "csv"), "there is no such column."),
        (("layers", 0), "layers[0]: there is no such column."),
    ],
)
def test_an_error_about_a_table_never_names_a_key_of_a_preset(path: tuple[str | int, ...], text: str) -> None:
    with pytest.raises(InputError) as error, named_by_options({}, is_preset=False):
        raise InputError("not_found", message("there is no such column."), path=path)
    assert str(error.value) == text
