"""Tests of tables on the command line: what each file of tests/core/table/files gives, without options unless named."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.preset.loader import open_experiment
from nn_tui.tui.__main__ import main
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session.session import new_session

FILES = Path(__file__).resolve().parents[1] / "core" / "table" / "files"
Captured = pytest.CaptureFixture[str]
OPTIONS_WITH_VALUE = (
    "--target", "--drop", "--keep", "--categories", "--missing", "--test", "--separator", "--decimal", "--encoding",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def run(capsys: Captured, *argv: str) -> tuple[int, str, str]:
    """Return the exit code, stdout and stderr of one command line."""
    code = main(argv)
    done = capsys.readouterr()
    return code, done.out, done.err


def run_json(capsys: Captured, *argv: str) -> dict[str, Any]:
    """Run a command with ``--json``, and return its object."""
    code, out, err = run(capsys, *argv, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def failure(capsys: Captured, *argv: str) -> str:
    """Run a command line that fails, and return its only line on stderr."""
    code, out, err = run(capsys, *argv)
    assert code == 1, err
    assert out == ""
    assert err.startswith("nn-tui: ") and err.count("\n") == 1 and len(err) < 500
    return err


@dataclass(frozen=True)
class Case:
    """What a file must give.

    Attributes:
        file: The name of the file.
        rows: Its rows.
        target: The column that is predicted.
        task: The task.
        inputs: The number of columns that are inputs.
        ignored: The columns that are left out, with their kinds.
        options: The options of the command line.
        outputs: The number of outputs of the network.
        layout: The keys of "table" that differ from UTF-8, a comma, a decimal point and a header.
        warnings: The warnings that must be there: kind and column.
        kinds: The kinds of some other columns.
    """

    file: str
    rows: int
    target: str
    task: str
    inputs: int
    ignored: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    outputs: int = 1
    layout: Mapping[str, object] = field(default_factory=dict)
    warnings: frozenset[tuple[str, str]] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)


NO_HEADER = {"header": False}
CASES = [
    Case("iris-uci-noheader.csv", 150, "5", "classes", 4, outputs=3, layout=NO_HEADER),
    Case("iris-kaggle-Id.csv", 150, "Species", "classes", 4, {"Id": "identifier"}, outputs=3),
    Case("sklearn-iris.csv", 150, "5", "classes", 4, outputs=3, layout={"header": False, "skipped_lines": 1}),
    Case(
        "winequality-red-uci.csv", 299, "quality", "classes", 11, outputs=5, layout={"separator": ";"},
        warnings=frozenset({("target_kind", "quality")}),
    ),
    Case(
        "winequality-red-uci.csv", 299, "quality", "regression", 11, options=("--numbers",), layout={"separator": ";"},
    ),
    Case(
        "titanic-seaborn.csv", 119, "survived", "binary", 14, options=("--target", "survived"),
        warnings=frozenset({("same_as_target", "alive")}),
        kinds={"sex": "category", "age": "number", "adult_male": "boolean", "deck": "category"},
    ),
    Case(
        "titanic-seaborn.csv", 119, "survived", "binary", 12, {"alive": "boolean", "who": "category"},
        options=("--target", "survived", "--drop", "alive,who"),
    ),
    # The rows of this part of the file all have the class 0.
    Case("data_banknote_authentication.txt", 399, "entropy", "regression", 3, {"class": "constant"}),
    Case("boston-pandas-index.csv", 199, "MEDV", "regression", 13),
    # No tract of this part of the file is at the river: the column of zeros is left out of the 13 inputs.
    Case(
        "housing.data", 100, "14", "regression", 12, {"4": "constant"}, layout={"header": False, "separator": " "},
    ),
    Case(
        "auto-mpg-questionmarks.csv", 59, "mpg", "regression", 7, {"car_name": "text"}, options=("--target", "mpg"),
        warnings=frozenset({("missing_filled", "horsepower")}),
    ),
    Case("ISLR-Auto.csv", 392, "mpg", "regression", 7, {"name": "text"}, options=("--target", "mpg")),
    Case("mnist-label-first.csv", 13, "label", "classes", 784, outputs=7),
    Case(
        "seoul-cp949.csv", 399, "최고기온(℃)", "regression", 2, {"날짜": "date", "지점": "constant"},
        layout={"encoding": "cp949"},
    ),
    Case(
        "auto-semicolon-decimal-comma.csv", 397, "acceleration", "regression", 5,
        layout={"separator": ";", "decimal": ","}, kinds={"acceleration": "number"},
    ),
    Case("dax-hash-comment.csv", 58, "Umsatz in EUR", "regression", 4, {"Datum": "date"}, layout={"skipped_lines": 1}),
    Case("boston-tab-quoted.csv", 99, "medv", "regression", 12, {"chas": "constant"}, layout={"separator": "\t"}),
    Case("Salary_Data.csv", 30, "Salary", "regression", 1),
    Case("crab-target-not-last.csv", 173, "y", "binary", 5, {"crab": "identifier"}, options=("--target", "y")),
    Case(
        "breast-cancer-noheader-text.csv", 100, "10", "binary", 9, layout=NO_HEADER,
        kinds={"2": "category", "3": "category", "8": "category"},
    ),
    Case("zoo-TRUE-FALSE.csv", 101, "type", "classes", 16, outputs=7, kinds={"hair": "boolean", "tail": "boolean"}),
    Case("min-id-leak.csv", 60, "kind", "classes", 1, {"Id": "identifier"}, outputs=3),
    Case("min-regression-far-from-0.csv", 30, "y", "regression", 1),
    Case("min-label-first-constant-last.csv", 4, "label", "binary", 2),
    Case("min-text-last.csv", 30, "mpg", "regression", 1, {"name": "identifier"}, options=("--target", "mpg")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join([case.file, *case.options]))
def test_a_table_is_read_as_it_is_meant(case: Case, capsys: Captured) -> None:
    report = run_json(capsys, "check", str(FILES / case.file), *case.options)
    assert report["format"] == "nn-tui-check/1"
    assert report["valid"] is True
    assert report["id"] == report["preset"] == Path(case.file).stem
    table = report["table"]
    layout = {"encoding": "utf-8", "separator": ",", "decimal": ".", "header": True, "skipped_lines": 0, **case.layout}
    assert {name: table[name] for name in layout} == layout
    assert table["rows"] == case.rows == report["train_rows"] + report["test_rows"] + table["rows_left_out"]
    columns = {column["name"]: column for column in table["columns"]}
    assert [name for name, column in columns.items() if column["role"] == "target"] == [case.target]
    ignored = {name: column["kind"] for name, column in columns.items() if column["role"] == "ignored"}
    if case.file == "boston-pandas-index.csv":  # the name of a column without a name is the reader's
        assert set(ignored.values()) == {"identifier"}
    else:
        assert ignored == case.ignored
    assert all(columns[name]["reason"] for name in ignored)
    assert sum(column["role"] == "input" for column in columns.values()) == case.inputs
    assert {name: columns[name]["kind"] for name in case.kinds} == case.kinds
    assert report["task"] == case.task
    assert len(report["outputs"]) == case.outputs
    if case.outputs == 1:
        assert report["outputs"] == [case.target]
    assert case.warnings <= {(warning["kind"], warning["column"]) for warning in report["warnings"]}
    assert report["gradient_check"]["passed"] is True
    assert report["parameters"] > 0


def test_the_text_of_the_last_column_is_no_target_in_silence(capsys: Captured) -> None:
    for name in ("ISLR-Auto.csv", "min-text-last.csv"):
        report = run_json(capsys, "check", str(FILES / name))
        columns = {column["name"]: column for column in report["table"]["columns"]}
        assert columns["name"]["role"] == "ignored"
        assert len(report["outputs"]) < 20


def test_a_web_page_is_called_one(capsys: Captured) -> None:
    assert "web page" in failure(capsys, "check", str(FILES / "webpage-saved-as-data.csv"))


@pytest.mark.parametrize(
    ("file", "options", "figure", "low", "high"),
    [
        ("iris-kaggle-Id.csv", (), "test_accuracy", 0.9, 1.0),
        ("Salary_Data.csv", (), "train_r2", 0.8, 1.0),
        ("min-regression-far-from-0.csv", (), "train_r2", 0.5, 1.0),
        ("min-id-leak.csv", (), "test_accuracy", 0.0, 0.6),
        ("titanic-seaborn.csv", ("--target", "survived", "--drop", "alive"), "train_accuracy", 0.8, 1.0),
    ],
)
def test_the_default_network_learns_a_table(
    file: str, options: tuple[str, ...], figure: str, low: float, high: float, capsys: Captured
) -> None:
    report = run_json(capsys, "train", str(FILES / file), *options, "--epochs", "200")
    assert low <= report[figure] <= high
    assert {"train_r2", "test_r2", "train_rmse", "test_rmse"} <= report.keys()


def test_numbers_without_a_header_and_0_and_1_last_are_two_classes(tmp_path: Path, capsys: Captured) -> None:
    """As in the whole file of banknotes, of which the part in the folder has one class."""
    rng = np.random.default_rng(0)
    labels = np.arange(200) % 2
    inputs = rng.normal(size=(200, 4)) + 3.0 * labels[:, None] * (1, -1, 0, 0)
    path = tmp_path / "notes.txt"
    np.savetxt(path, np.column_stack([inputs, labels]), fmt=["%.4f"] * 4 + ["%d"], delimiter=",")
    report = run_json(capsys, "check", str(path))
    assert (report["table"]["header"], report["task"], len(report["inputs"])) == (False, "binary", 4)
    assert run_json(capsys, "train", str(path), "--epochs", "200")["test_accuracy"] > 0.95


def test_the_report_has_the_same_keys_for_any_preset(capsys: Captured) -> None:
    keys = [
        "format", "id", "preset", "valid", "table", "inputs", "outputs", "classes", "task", "train_rows", "test_rows",
        "sizes", "parameters", "warnings", "gradient_check", "compared", "largest_error", "passed", "findings",
    ]  # fmt: skip
    reports = {name: run_json(capsys, "check", name) for name in ("xor", "mazur", "iris")}
    assert [list(report) for report in reports.values()] == [keys] * 3
    assert [report["table"] is None for report in reports.values()] == [True, True, False]
    assert [report["task"] for report in reports.values()] == ["binary", "regression", "classes"]
    mazur, iris = reports["mazur"], reports["iris"]
    assert (mazur["inputs"], mazur["outputs"]) == (["x1", "x2"], ["y1", "y2"])
    assert (mazur["train_rows"], mazur["test_rows"], mazur["parameters"]) == (1, 0, 12)
    assert mazur["gradient_check"]["passed"] is mazur["passed"] is True
    assert list(iris["table"]["columns"][0]) == ["name", "role", "kind", "missing", "values", "reason"]
    assert [column["values"] for column in iris["table"]["columns"]] == [35, 23, 43, 22, 3]


def test_the_report_lists_what_is_probably_not_meant(capsys: Captured) -> None:
    warnings = run_json(capsys, "check", "mazur", "--seed", "5")["warnings"]
    assert [(warning["kind"], warning["column"]) for warning in warnings] == [("setting", None)]
    assert warnings[0]["text"].startswith("The seed changes")


# What was assumed


def test_training_says_what_was_assumed_in_a_line(capsys: Captured) -> None:
    code, out, err = run(capsys, "train", str(FILES / "min-id-leak.csv"), "--epochs", "1")
    assert code == 0 and out
    line = err.splitlines()[0]
    for text in (
        "UTF-8",
        "commas",
        "kind",
        "Id",
        "18 of 60 rows are for testing",
        "first network",
        "--target",
        "--keep",
    ):
        assert text in line
    assert err.count("\n") == 1


def test_a_preset_says_nothing_of_its_table(capsys: Captured) -> None:
    assert run(capsys, "train", "iris", "--epochs", "1")[2] == ""


def test_a_preset_that_leaves_choices_says_what_was_assumed(tmp_path: Path, capsys: Captured) -> None:
    shutil.copy(FILES / "Salary_Data.csv", tmp_path)
    path = tmp_path / "salaries.toml"
    network = '[[layers]]\nunits = 1\n[training]\nloss = "mean_squared_error"\n'
    path.write_text(f'[data]\ncsv = "Salary_Data.csv"\nseparator = ","\n{network}')
    assert 'The target is "Salary"' in run(capsys, "train", str(path), "--updates", "1")[2]
    choices = 'target = "Salary"\ndecimal = "."\nheader = true\nencoding = "utf-8"\n'
    choices += 'target_kind = "numbers"\nmissing = "mean"\n'
    path.write_text(f'[data]\ncsv = "Salary_Data.csv"\nseparator = ","\n{choices}{network}')
    assert run(capsys, "train", str(path), "--updates", "1")[2] == ""


def test_what_was_assumed_can_be_overruled(capsys: Captured) -> None:
    file = str(FILES / "min-id-leak.csv")
    columns = run_json(capsys, "check", file, "--keep", "Id")["table"]["columns"]
    assert [column["role"] for column in columns] == ["input", "input", "target"]
    report = run_json(capsys, "check", file, "--target", "x")
    assert report["task"] == "regression"
    assert report["table"]["columns"][1]["role"] == "target"
    assert run_json(capsys, "check", file, "--test", "0")["test_rows"] == 0


def test_check_for_people_has_a_line_for_each_column(capsys: Captured) -> None:
    code, out, _ = run(capsys, "check", str(FILES / "titanic-seaborn.csv"), "--target", "survived")
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith(("age ", "survived ", "deck "))] == [
        ["survived", "target"], ["age", "input"], ["deck", "input"],
    ]  # fmt: skip
    assert any("alive" in line and "survived" in line for line in lines)


def test_check_shortens_a_wide_table_for_people(capsys: Captured) -> None:
    _, out, _ = run(capsys, "check", str(FILES / "mnist-label-first.csv"))
    assert "… 745 more columns" in out
    assert len(out.splitlines()) < 60


# Errors


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("--target", "survivd"), ("--target:", '"survived"')),
        (("--drop", "sexx"), ("--drop:", '"sex"')),
        (("--keep", "decc"), ("--keep:", '"deck"')),
        (("--missing", "meen"), ("--missing:", '"mean"')),
        (("--test", "1.5"), ("--test:", "less than 1")),
        (("--test", "no-such-file.csv"), ("--test:", "no-such-file.csv")),
        (("--encoding", "utf-99"), ("--encoding:",)),
        (("--separator", "ab"), ("--separator:",)),
        (("--decimal", ";"), ("--decimal:",)),
        (("--target", "survived", "--drop", "survived"), ("survived",)),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_option(
    words: tuple[str, ...], texts: tuple[str, ...], capsys: Captured
) -> None:
    error = failure(capsys, "check", str(FILES / "titanic-seaborn.csv"), *words)
    for text in texts:
        assert text in error
    assert "data." not in error


def test_options_for_tables_are_refused_for_a_preset_without_a_table(capsys: Captured) -> None:
    error = failure(capsys, "train", "xor", "--epochs", "1", "--target", "y")
    assert "xor" in error and "--target" in error


def test_options_for_tables_are_refused_for_a_document(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "mine.nntui"
    write_session(path, new_session(open_experiment("xor")))
    assert "leave out --no-header" in failure(capsys, "check", str(path), "--no-header")


def test_the_app_takes_the_options_too(capsys: Captured) -> None:
    error = failure(capsys, str(FILES / "titanic-seaborn.csv"), "--target", "survivd")
    assert "--target:" in error and '"survived"' in error
    code, _, err = run(capsys, str(FILES / "titanic-seaborn.csv"), "--target", "survived")
    assert code == 2 and "the app needs a terminal" in err


def test_options_apply_to_a_preset_with_a_table(capsys: Captured) -> None:
    report = run_json(capsys, "check", "iris", "--test", "0.5")
    assert (report["train_rows"], report["test_rows"]) == (75, 75)


# Standard input


class _Stdin(io.TextIOWrapper):
    """Standard input with some bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda content: monkeypatch.setattr(sys, "stdin", _Stdin(content))


@pytest.mark.parametrize(
    "words",
    [
        ("train", "--epochs", "2"),
        ("trace",),
        ("check",),
        ("export",),
        ("predict", "--rows", "1-2"),
        ("worksheet", "--seeds", "1-2", "--blank", "db2", "--format", "json", "-o"),
    ],
)
def test_commands_read_a_table_from_standard_input(
    words: tuple[str, ...], pipe: Any, tmp_path: Path, capsys: Captured
) -> None:
    pipe((FILES / "Salary_Data.csv").read_bytes())
    command, *rest = words
    if command == "worksheet":
        rest.append(str(tmp_path / "sheets"))
        (tmp_path / "sheets").mkdir()
    code, out, err = run(capsys, command, "-", *rest)
    assert code == 0, err
    assert "Salary" in out + err or len(list((tmp_path / "sheets").iterdir())) == 2


@pytest.mark.parametrize(
    ("content", "words", "text"),
    [
        (b"", (), "standard input: it is empty"),
        (b"x,y\n1,2\n3,4\n5,7\n", ("--target", "z"), "standard input: --target:"),
        (b"<!DOCTYPE html><html></html>", (), "standard input: this is a web page"),
    ],
    ids=["empty", "no such column", "web page"],
)
def test_errors_call_standard_input_by_its_name(
    content: bytes, words: tuple[str, ...], text: str, pipe: Any, capsys: Captured
) -> None:
    pipe(content)
    assert text in failure(capsys, "check", "-", *words)


def test_a_preset_on_standard_input_is_refused(pipe: Any, capsys: Captured) -> None:
    pipe(b"[data]\ninputs = [[1]]\ntargets = [[1]]\n[[layers]]\nunits = 1\n")
    assert "has a preset" in failure(capsys, "check", "-")


def test_the_app_does_not_read_a_table_from_standard_input(pipe: Any, capsys: Captured) -> None:
    pipe(b"x,y\n1,2\n")
    code, out, err = run(capsys, "-")
    assert code == 2 and out == ""
    assert "nn-tui train -" in err and err.count("\n") == 1


# Export


def test_export_writes_what_was_assumed_and_reopens_to_the_same_numbers(tmp_path: Path, capsys: Captured) -> None:
    file = str(FILES / "titanic-seaborn.csv")
    options = ("--target", "survived", "--drop", "alive")
    mine = str(tmp_path / "mine.toml")
    assert run(capsys, "export", file, *options, "-o", mine)[0] == 0
    text = Path(mine).read_text(encoding="utf-8")
    for key in ("csv", "target", "drop", "target_kind", "missing", "header", "separator", "decimal", "encoding"):
        assert f"\n{key} = " in text
    first = run_json(capsys, "train", file, *options, "--epochs", "5")
    again = run_json(capsys, "train", mine, "--epochs", "5")
    assert [again[name] for name in ("train_loss", "test_loss")] == [
        first[name] for name in ("train_loss", "test_loss")
    ]


# Any value of an option


TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["a", "b", "a,b", '"a', "0.5", "1e400", "nan", "ａ", "\x00", "\x1b[2J", "idna", "rot13"]),
)


@given(
    words=st.lists(
        st.one_of(
            st.sampled_from(["--header", "--no-header", "--classes", "--numbers"]),
            st.builds(
                "{}={}".format,
                st.sampled_from(OPTIONS_WITH_VALUE),
                TEXTS,
            ),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(deadline=None, max_examples=60)
def test_any_value_of_an_option_works_or_is_refused_in_one_line(words: list[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["check", str(FILES / "min-id-leak.csv"), *words])
    assert code in (0, 1, 2)
    assert "Traceback" not in err.getvalue() and "internal error" not in err.getvalue()
    assert err.getvalue().count("\n") == (1 if code else 0)
    assert "\x1b" not in out.getvalue() + err.getvalue()


def test_a_long_name_does_not_make_every_line_long(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(
        "\n".join((f"a,{'question ' * 12},y", *(f"{row}.5,{row % 7}.5,{row % 2}" for row in range(30)), ""))
    )
    _, out, _ = run(capsys, "check", str(path))
    lines = out.splitlines()[1:5]
    assert lines[2].startswith("question question question qu…  input")
    assert max(map(len, lines)) < 90
