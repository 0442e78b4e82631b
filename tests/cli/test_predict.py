"""Tests of the command predict: rows of the data and rows of one's own, as text and as JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.data.input_rows import own_rows, row_positions
from nn_tui.core.edits.data import set_input
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import predict
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, session_of

Captured = pytest.CaptureFixture[str]
FILES = Path(__file__).parents[1] / "core" / "table" / "files"


@pytest.fixture(autouse=True)
def _no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def run(capsys: Captured, *argv: str) -> tuple[str, str]:
    """Run a command line that succeeds; return stdout and stderr."""
    code = main(["predict", *argv])
    done = capsys.readouterr()
    assert code == 0, done.err
    return done.out, done.err


def report(capsys: Captured, *argv: str) -> dict[str, Any]:
    """Run a command line that prints one JSON object, and return it."""
    out, _ = run(capsys, *argv, "--json")
    assert out.count("\n") == 1
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def failure(capsys: Captured, code: int, *argv: str) -> str:
    """Run a command line that fails with ``code``; return its only line on stderr."""
    assert main(["predict", *argv]) == code
    done = capsys.readouterr()
    assert done.out == "" and done.err.count("\n") == 1 and done.err.startswith("nn-tui: ")
    return done.err


def test_rows_of_the_data_are_predicted_after_the_updates(capsys: Captured) -> None:
    found = report(capsys, "xor", "--updates", "300", "--rows", "4,1-2")
    trained = Run.start(open_experiment("xor"))
    trained.train(300)
    expected = predict(trained.engine, trained.state, trained.experiment.data.x)
    assert found["inputs"] == [[1, 1], [0, 0], [0, 1]] and found["rows"] == [4, 1, 2]
    assert found["predictions"] == expected[[3, 0, 1]].tolist()
    assert found["updates"] == 300 and found["input_names"] == ["x1", "x2"] and found["outputs"] == ["y"]
    assert found["classes"] == ["0", "1"] and found["predicted"] == ["0", "0", "1"]
    assert found["targets"] == [["0"], ["0"], ["1"]]


def test_rows_are_numbered_as_in_the_file_and_not_by_the_split(capsys: Captured) -> None:
    found = report(capsys, "iris", "--rows", "1-2,150")
    assert found["inputs"] == [[5.1, 3.5, 1.4, 0.2], [4.9, 3.0, 1.4, 0.2], [5.9, 3.0, 5.1, 1.8]]
    assert found["targets"] == [["setosa"], ["setosa"], ["virginica"]]
    assert [sum(row) for row in found["predictions"]] == pytest.approx([1, 1, 1])


def test_a_row_of_ones_own_is_predicted_as_the_same_row_of_the_data(capsys: Captured) -> None:
    own = report(capsys, "iris", "--updates", "50", "--rows", "1")
    typed = report(capsys, "iris", "--updates", "50", "--input", "5.1,3.5,1.4,0.2")
    assert typed["inputs"] == own["inputs"] and typed["predicted"] == own["predicted"] == ["setosa"]
    assert typed["predictions"][0] == pytest.approx(own["predictions"][0], rel=1e-12)
    assert typed["rows"] is None and typed["targets"] is None


def test_several_rows_of_ones_own_may_begin_with_a_minus(capsys: Captured) -> None:
    found = report(capsys, "plane", "--input", "-1,0.5", "--input", "-.5 0")
    assert found["inputs"] == [[-1, 0.5], [-0.5, 0]] and len(found["predictions"]) == 2


def test_regression_is_predicted_in_the_units_of_the_data(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "pay.toml"
    path.write_text(
        "[data]\ninputs = [[1.0], [2.0], [3.0], [4.0]]\ntargets = [[41000.0], [49000.0], [61000.0], [69000.0]]\n"
        "standardize = true\nstandardize_target = true\n[[layers]]\nunits = 1\n"
        '[training]\nloss = "mean_squared_error"\n'
    )
    found = report(capsys, str(path), "--updates", "300", "--input", "2.5")
    assert found["predictions"][0] == pytest.approx([55000.0]) and found["predicted"] is None
    out, _ = run(capsys, str(path), "--updates", "300", "--rows", "1-4")
    assert out.splitlines()[:2] == ["row  x  prediction  target", "  1  1       40600   41000"]


def test_the_table_has_the_class_and_its_probability(capsys: Captured) -> None:
    out, err = run(capsys, "xor", "--updates", "2000", "--rows", "1-4")
    head, *lines = [line.split() for line in out.splitlines()]
    assert head == ["row", "x1", "x2", "prediction", "probability", "target"] and err == ""
    assert [[*line[:4], line[5]] for line in lines] == [
        ["1", "0", "0", "0", "0"], ["2", "0", "1", "1", "1"], ["3", "1", "0", "1", "1"], ["4", "1", "1", "0", "0"],
    ]  # fmt: skip
    assert all(0.9 < float(line[4]) <= 1 for line in lines)


def test_a_wide_table_leaves_out_inputs(capsys: Captured) -> None:
    out, _ = run(capsys, "digits", "--updates", "3", "--rows", "1-2", "--ascii")
    lines = out.splitlines()
    assert all(len(line) <= 96 for line in lines) and out.isascii()
    assert lines[0].split()[-4:] == ["...", "prediction", "probability", "target"]
    assert lines[1].split()[:3] == ["1", "0", "0"]


def test_a_network_that_is_not_trained_is_said_to_be(capsys: Captured) -> None:
    _, err = run(capsys, "xor", "--rows", "1")
    assert "not trained" in err and "--updates" in err
    assert run(capsys, "mazur", "--rows", "1")[1] == ""  # its weights are written in the preset


def test_set_and_seed_act_as_in_train(capsys: Captured) -> None:
    changed = report(capsys, "mazur", "--set", "w2 = [[0, 0], [0, 0]]", "--set", "b2 = 0 0", "--input", "1,1")
    assert changed["predictions"] == [[0.5, 0.5]]
    first, second = (report(capsys, "moons", "--seed", seed, "--rows", "1")["inputs"] for seed in ("1", "2"))
    assert first != second


@pytest.mark.parametrize(
    ("argv", "code", "expected"),
    [
        (["xor", "--rows", "4-5"], 1, "--rows: there is no row 5; the data has rows 1 to 4."),
        (["xor", "--rows", "1-999999999"], 1, "there is no row 5;"),
        (["xor", "--rows", "0"], 2, "'0' is not a list of row numbers from 1; write one such as 1-5,8"),
        (["xor", "--rows", "3-1"], 2, "'3-1' is not a list of row numbers"),
        (["xor", "--rows", "1,"], 2, "'1,' is not a list of row numbers"),
        (["xor", "--rows", "9" * 5000], 2, "is not a list of row numbers"),
        (["xor"], 2, "one of the arguments --rows --input --csv is required"),
        (["xor", "--rows", "1", "--input", "1,0"], 2, "not allowed with"),
        (["xor", "--input", "1"], 1, "--input: 1 value is written, but a row has 2: x1, x2."),
        (["xor", "--input", "1,a"], 1, 'x2: "a" is not a number'),
        (["xor", "--input", "1,0", "--input", "1,\x1b[31m"], 1, 'row 2.x2: "\\x1b[31m" is not a number'),
        (["nosuch-preset", "--rows", "1"], 1, "nn-tui list"),
        (["too-fast", "--set", "eta = 1e300", "--updates", "50", "--rows", "1"], 1, "training diverged"),
    ],
)
def test_what_cannot_be_predicted_is_one_line(capsys: Captured, argv: list[str], code: int, expected: str) -> None:
    assert expected in failure(capsys, code, *argv)


def test_the_help_explains_the_rows(capsys: Captured) -> None:
    out, _ = run(capsys, "--help")
    assert (
        out.startswith("usage: nn-tui predict")
        and "in the order of the file" in " ".join(out.split())
        and "--csv FILE" in out
    )


def test_the_rows_of_another_file_are_predicted_by_the_names_of_its_columns(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("note;x2;x1\nfirst;0;1\nsecond;1;1\n")
    found = report(capsys, "xor", "--updates", "300", "--csv", str(tmp_path / "new.csv"))
    assert found["inputs"] == [[1, 0], [1, 1]] and found["rows"] is None and found["targets"] is None
    assert found["predictions"] == report(capsys, "xor", "--updates", "300", "--rows", "3-4")["predictions"]


@pytest.mark.parametrize(
    ("name", "text", "targets"),
    [
        ("xor", "x1,x2,y\n1,0,1\n0,0,0\n", [["1"], ["0"]]),
        ("plane", "y,x1,x2\n0.25,1,0\n,0.5,1\n", [[0.25], [None]]),
        ("mazur", "x1,x2,y1,y2\n1,0,0.5,0.75\n", [[0.5, 0.75]]),
        ("blobs", "x1,x2,y\n1,0,b\n", [["b"]]),
        ("mazur", "x1,x2,y1\n1,0,0.5\n", None),
    ],
)
def test_another_file_may_have_the_target_of_a_preset_without_a_table(
    capsys: Captured, tmp_path: Path, name: str, text: str, targets: object
) -> None:
    (tmp_path / "new.csv").write_text(text)
    assert report(capsys, name, "--csv", str(tmp_path / "new.csv"))["targets"] == targets


def test_another_way_of_reading_is_said(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("x1;x2\n0,5;1,0\n1,0;0,25\n")
    _, err = run(capsys, "xor", "--updates", "5", "--csv", str(path))
    assert "new.csv: Read as UTF-8 text separated by semicolons, with a header and with decimal commas." in err
    path.write_text("x1,x2\n0.5,1.0\n1.0,0.25\n")
    assert run(capsys, "xor", "--updates", "5", "--csv", str(path))[1] == ""
    cars = str(FILES / "auto-semicolon-decimal-comma.csv")
    assert err_of_csv(capsys, cars, cars) == ""


def err_of_csv(capsys: Captured, table: str, other: str) -> str:
    """Return what is said about the file of the rows."""
    _, err = run(capsys, table, "--updates", "5", "--csv", other)
    return "".join(line for line in err.splitlines() if line.startswith(f"nn-tui: {other}: "))


def test_values_that_no_training_row_has_are_said(capsys: Captured) -> None:
    _, err = run(capsys, "xor", "--updates", "5", "--input", "1,0", "--input", "0,1.5")
    assert err == "nn-tui: row 2: x2: 1.5 is more than the 1 of the training rows.\n"
    _, err = run(capsys, "xor", "--updates", "5", "--input", "-1,5")
    assert err == (
        "nn-tui: row 1: x1: -1 is less than the 0 of the training rows. 1 more value is new to the network.\n"
    )
    assert run(capsys, "xor", "--updates", "5", "--rows", "1-4")[1] == ""


def test_numbers_of_a_column_have_the_same_decimals(capsys: Captured) -> None:
    wine = str(FILES / "winequality-red-uci.csv")
    out, _ = run(capsys, wine, "--numbers", "--updates", "5", "--rows", "1-9")
    head, *lines = out.splitlines()
    assert head.endswith("  prediction  target") and "volatile acidity" in head
    for column in (1, -2):  # the first input and the prediction
        assert len({len(line.split()[column].partition(".")[2]) for line in lines}) == 1


def test_class_probabilities_have_the_names_of_the_classes(capsys: Captured) -> None:
    out, _ = run(capsys, "iris", "--updates", "5", "--rows", "1-2")
    assert out.splitlines()[0].split()[-5:] == [
        "prediction", "p(setosa)", "p(versicolor)", "p(virginica)", "target",
    ]  # fmt: skip
    wine = run(capsys, str(FILES / "winequality-red-uci.csv"), "--classes", "--updates", "5", "--rows", "1-2")[0]
    assert "p(5)" in wine.splitlines()[0]


def test_a_file_without_a_header_has_the_inputs_in_their_order(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("0 1\n1 1\n")
    assert report(capsys, "xor", "--csv", str(tmp_path / "new.txt"))["inputs"] == [[0, 1], [1, 1]]


def test_another_file_may_have_the_target(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(
        "species,petal_width,petal_length,sepal_width,sepal_length\nsetosa,0.2,1.4,3.5,5.1\n,1.8,5.1,3.0,5.9\n"
    )
    found = report(capsys, "iris", "--updates", "50", "--csv", str(path))
    assert found["inputs"] == [[5.1, 3.5, 1.4, 0.2], [5.9, 3.0, 5.1, 1.8]]
    assert found["targets"] == [["setosa"], [None]]
    out, _ = run(capsys, "iris", "--updates", "50", "--csv", str(path))
    assert out.splitlines()[1].split()[-1] == "setosa" and out.splitlines()[2].split()[-1] == "-"


def test_standard_input_may_have_the_rows(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x1,x2\n1,0\n")))
    assert report(capsys, "xor", "--csv", "-")["inputs"] == [[1, 0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x1,y\n1,1\n", 'new.csv: there is no column "x2"; the file needs a column for each input.'),
        ("x1,x22\n1,1\n", 'Did you mean "x22"?'),
        ("a,b\n1,1\n", 'there are no columns "x1" and "x2"; the file needs'),
        ("x1,x2\n1,1\n2,b\n3,3\n4,4\n5,5\n6,6\n", 'x2: "b" is not a number'),
        ("x1,x2\n1,1\n2,\n", "x2: the value is missing; the network was trained on rows without missing values."),
        ("<!DOCTYPE html><html></html>", "web page"),
        ("", "new.csv"),
    ],
)
def test_what_is_wrong_with_another_file_is_one_line(
    capsys: Captured, tmp_path: Path, text: str, expected: str
) -> None:
    (tmp_path / "new.csv").write_text(text)
    assert expected in failure(capsys, 1, "mazur", "--csv", str(tmp_path / "new.csv"))


def test_a_file_that_is_not_there_is_one_line(capsys: Captured, tmp_path: Path) -> None:
    assert "there is no file new.csv" in failure(capsys, 1, "xor", "--csv", str(tmp_path / "new.csv"))


# Tables and documents


def test_rows_of_a_table_have_texts_gaps_and_probabilities(capsys: Captured) -> None:
    titanic = str(FILES / "titanic-seaborn.csv")
    options = ("--target", "survived", "--drop", "alive,who,adult_male,class,deck,embark_town", "--updates", "200")
    found = report(capsys, titanic, *options, "--rows", "1,6")
    names = ["pclass", "sex", "age", "sibsp", "parch", "fare", "embarked", "alone"]
    assert found["input_names"] == names and found["classes"] == ["0", "1"]
    assert found["inputs"] == [[3, "male", 22, 1, 0, 7.25, "S", "False"], [3, "male", None, 0, 0, 8.4583, "Q", "True"]]
    assert found["targets"] == [["0"], ["0"]] and all(0 <= p <= 1 for row in found["predictions"] for p in row)
    rows = ("--input", "3,male,22,1,0,7.25,S,False", "--input", "3,male,,0,0,8.4583,q,TRUE")
    typed = report(capsys, titanic, *options, *rows)
    assert typed["inputs"] == found["inputs"]
    assert [row[0] for row in typed["predictions"]] == pytest.approx([row[0] for row in found["predictions"]])


def test_values_that_are_filled_in_are_said(capsys: Captured) -> None:
    salaries = str(FILES / "Salary_Data.csv")
    _, err = run(capsys, salaries, "--updates", "5", "--input", "")
    assert 'missing values of "YearsExperience" are filled in as in training' in err
    _, err = run(capsys, salaries, "--updates", "5", "--input", "3")
    assert "filled in" not in err and 'The target is "Salary"' in err


def test_a_regression_of_a_table_is_predicted_in_its_own_units(capsys: Captured) -> None:
    salaries = FILES / "Salary_Data.csv"
    found = report(capsys, str(salaries), "--updates", "600", "--rows", "1-30")
    with salaries.open() as file:
        rows = [list(map(float, row)) for row in list(csv.reader(file))[1:]]
    assert found["inputs"] == [row[:1] for row in rows] and found["targets"] == [row[1:] for row in rows]
    errors = [abs(p[0] - t[0]) for p, t in zip(found["predictions"], found["targets"], strict=True)]
    assert max(errors) < 20_000 and min(t[0] for t in found["targets"]) > 30_000


def test_a_row_left_out_of_a_table_is_refused_and_another_file_may_lack_the_target(capsys: Captured) -> None:
    cars = str(FILES / "auto-semicolon-decimal-comma.csv")
    assert main(["predict", cars, "--rows", "3-5"]) == 1
    assert "--rows: row 4 is left out of the data, because a value is missing." in capsys.readouterr().err
    found = report(capsys, cars, "--csv", cars)
    assert found["targets"][3] == [None] and len(found["predictions"]) == len(found["inputs"])


def test_a_table_on_standard_input_is_predicted(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x,y\n" + "".join(f"{n}.5,{2 * n}.25\n" for n in range(30))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert report(capsys, "-", "--rows", "30")["inputs"] == [[29.5]]
    assert "can be read once" in failure(capsys, 2, "-", "--csv", "-")


def test_a_document_predicts_with_the_weights_that_it_shows(capsys: Captured, tmp_path: Path) -> None:
    session = new_session(open_experiment(str(FILES / "titanic-seaborn.csv"), changes={"target": "survived"}))
    session.run.train(30)
    session = stepping.goto(session, 20)
    write_session(tmp_path / "mine.nntui", session)
    found = report(capsys, str(tmp_path / "mine.nntui"), "--rows", "1-3")
    trained = Run.start(session.experiment)
    trained.train(20)
    expected = predict_rows(trained.engine, trained.state, own_rows(session.experiment, [1, 2, 3]))
    assert found["predictions"] == expected.outputs.tolist()
    assert found["inputs"] == [list(row) for row in expected.rows.cells]


def test_a_document_keeps_samples_that_were_changed_by_hand(capsys: Captured, tmp_path: Path) -> None:
    salaries = open_experiment(str(FILES / "Salary_Data.csv"))
    trained = Run.start(salaries)
    trained.train(300)
    row = int(np.flatnonzero(row_positions(salaries) == 0)[0]) + 1  # the first training row
    run_with_change = set_input(trained, 300, 0, 0, 0.0)  # its input becomes the mean
    session = stepping.goto(session_of(run_with_change), 300)
    write_session(tmp_path / "mine.nntui", session)
    found = report(capsys, str(tmp_path / "mine.nntui"), "--rows", f"{row}")
    assert found["inputs"] == [[pytest.approx(salaries.data.x_mean[0])]] and found["predictions"][0][0] > 30_000
    assert found["targets"][0][0] == salaries.data.targets[0, 0]
