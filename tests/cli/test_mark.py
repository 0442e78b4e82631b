"""Tests of the command mark: answers of a class, arrays of a program, folders of results, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nn_tui.tui.__main__ import main

Captured = pytest.CaptureFixture[str]
SHORT = "This is right to 2 digits, but the answer needs 4 significant digits."
ANSWERS = """student,quantity,answer
anna,z1[1],0.3775
anna,dz2[1],0.7414
ben,dz2[1],0.7414
ben,dw2[1,1],abc
"""


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    assert main(["worksheet", "mazur", "--level", "3", "-o", "sheet.json"]) == 0
    Path("answers.csv").write_text(ANSWERS, encoding="utf-8")


def test_a_class_is_marked_in_a_table(capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["mark", "sheet.json", "answers.csv"]) == 0
    done = capsys.readouterr()
    lines = done.out.splitlines()
    assert lines[0].split() == ["student", "quantity", "answer", "expected", "mark", "what", "was", "done"]
    assert lines[2].split()[:5] == ["anna", "dz2[1]", "0.7414", "0.138499", "wrong"]
    assert "slope of the activation" in lines[2]
    assert "  slope_left_out: 2 answers of 2 students. The slope of the activation, σ′(z), was left out." in lines
    assert done.err.startswith('nn-tui: answers.csv: line 5: "abc" is not a number')


def test_json_has_the_marks_in_the_order_of_the_rows_and_is_summed_up_from_a_folder(capsys: Captured) -> None:
    capsys.readouterr()
    assert main(["mark", "sheet.json", "answers.csv", "--json"]) == 0
    text = capsys.readouterr().out
    marks = json.loads(text)["marks"]
    assert [(mark["student"], mark["verdict"]) for mark in marks] == [
        ("anna", "right"),
        ("anna", "wrong"),
        ("ben", "wrong"),
    ]
    Path("results").mkdir()
    Path("results/class.json").write_text(text, encoding="utf-8")
    Path("results/other.json").write_text("{}", encoding="utf-8")
    assert main(["mark", "results"]) == 0
    done = capsys.readouterr()
    assert ["ben", "0", "0", "0", "0", "1", "1"] in [line.split() for line in done.out.splitlines()]
    assert "slope_left_out: 2 answers" in done.out and "other.json: it has no marks" in done.err
    assert main(["mark", "results", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["marks"] == marks


def test_three_students_solve_a_sheet_with_two_mistakes_and_a_row_that_cannot_be_read(capsys: Captured) -> None:
    assert main(["worksheet", "mazur", "-o", "sheet.json"]) == 0
    assert main(["worksheet", "mazur", "--key", "-o", "key.json"]) == 0
    names = [question["quantity"] for question in json.loads(Path("sheet.json").read_text())["questions"]]
    key = {each["quantity"]: f"{each['answer']:.4g}" for each in json.loads(Path("key.json").read_text())["questions"]}
    wrong = {"ben": {"dz2[2]": "-0.2171"}, "cem": {"z1[2]": "-0.3925"}}
    rows = [
        (student, name, wrong.get(student, {}).get(name, key[name]))
        for student in ("ana", "ben", "cem")
        for name in names
    ]
    rows.append(("cem", "q9[1]", "0.5"))
    table = [f'{student},"{name}",{answer}' for student, name, answer in rows]
    Path("answers.csv").write_text("\n".join(["student,quantity,answer", *table]), encoding="utf-8")
    capsys.readouterr()
    assert main(["mark", "sheet.json", "answers.csv"]) == 0
    done = capsys.readouterr()
    lines, count = done.out.splitlines(), str(len(names))
    counts = {line.split()[0]: line.split()[1:] for line in lines if line.endswith(count)}
    one_less = str(len(names) - 1)
    assert counts == {
        "ana": [count, "0", "0", count],
        "ben": [one_less, "0", "1", count],
        "cem": [one_less, "0", "1", count],
    }
    said = {line.split()[0]: line.split("wrong  ")[1] for line in lines if "wrong  " in line and "mark" not in line}
    assert (
        said["ben"] == "The slope of the activation, σ′(z), was left out." and said["cem"] == "It has the other sign."
    )
    assert done.err.startswith(f'nn-tui: answers.csv: line {len(rows) + 1}: "q9[1]" is not the name of a number')


def test_blank_short_and_repeated_answers_and_decimal_commas_are_counted(capsys: Captured) -> None:
    rows = """student,quantity,answer
anna,z1[1],
anna,z1[2],0.39
anna,dw1[1,2],0,0008771
ben,z1[1],1
ben,z1[1],0.3775
"""
    Path("answers.csv").write_text(rows, encoding="utf-8")
    capsys.readouterr()
    assert main(["mark", "sheet.json", "answers.csv"]) == 0
    done = capsys.readouterr()
    assert done.err == 'nn-tui: answers.csv: line 2: z1[1]: "anna" has left this number empty.\n'
    assert [line.split() for line in done.out.splitlines()] == [
        ["student", "quantity", "answer", "expected", "mark", "what", "was", "done"],
        [*["anna", "z1[2]", "0.39", "0.3925", "wrong"], *SHORT.split()],
        ["anna", "dw1[1,2]", "0.0008771", "0.000877135", "right"],
        [*["ben", "z1[1]", "1", "0.3775", "wrong", "No", "usual", "mistake", "gives", "this", "number."]],
        ["ben", "z1[1]", "0.3775", "0.3775", "right"],
        [],
        ["student", "right", "follows", "wrong", "numbers"],
        ["anna", "1", "0", "1", "2"],
        ["ben", "1", "0", "0", "1"],
        [],
        ["ben", "answered", "z1[1]", "2", "times:", "the", "last", "answer", "counts."],
        ["1", "answer", "is", "right,", "but", "has", "too", "few", "digits."],
    ]


def test_a_program_is_compared(capsys: Captured) -> None:
    np.savez("mine.npz", z1=np.array([[0.3775, 0.3925]]), dz2=np.array([[0.741365, -0.217072]]), foo=np.zeros(1))
    capsys.readouterr()
    assert main(["mark", "mazur", "mine.npz"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "z1: equal",
        "dz2: different",
        "The first difference: dz2[1] is 0.741365, but the pass gives 0.138499.",
        "The slope of the activation, σ′(z), was left out.",
        "Or: The activation was left out: z was used in place of a.",
        "foo: not compared, because the pass has no such array",
    ]
    assert main(["mark", "mazur", "mine.npz", "--json", "--set", "b1[1] = 0.4"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["first_difference"]["quantity"] == "z1[1]"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["mazur"], "mazur is not a folder of results; write nn-tui mark SHEET.json ANSWERS.csv"),
        (["mazur", "answers.csv"], "answers are marked with their sheet: nn-tui mark SHEET.json answers.csv"),
        (["answers.json", "answers.csv"], "answers.json: it cannot be read: no such file"),
        (["sheet.json", "no.csv"], "no.csv: it cannot be read: no such file"),
        (["config.json", "answers.csv"], "config.json: it is not a sheet"),
        (["mazur", "no.npz"], "no.npz: it cannot be read: no such file"),
        (["empty"], "Progress in lessons has no marks: docs/class.md says how to read it."),
    ],
)
def test_bad_input_is_one_sentence(argv: list[str], sentence: str, capsys: Captured) -> None:
    Path("config.json").write_text("{}", encoding="utf-8")
    Path("empty").mkdir()
    capsys.readouterr()
    assert main(["mark", *argv]) != 0
    done = capsys.readouterr()
    assert done.out == "" and done.err.count("\n") == 1 and sentence in done.err
