"""Tests of the marks of a class: verdicts, mistakes, answers that follow, and rows that cannot be read."""

from __future__ import annotations

import json

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.errors import InputError
from nn_tui.core.marking.answers import AnswerRow
from nn_tui.core.marking.class_marks import mark_answers
from nn_tui.core.marking.marks import Mark, MarkVerdict, marks_table, read_marks
from nn_tui.core.marking.summary import MistakeCount, step_of, summarize, summarize_practice
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.worksheet.request import Request
from nn_tui.core.worksheet.sheet import worksheet
from nn_tui.core.worksheet.sheet_file import SheetFile, read_sheet, sheet_json

# Mazur's first pass by hand: z₁ = 0.15·0.05 + 0.2·0.1 + 0.35, and so on.
ANSWERS = (
    ("anna", "z1[1]", "0.3775", "right", None),
    ("anna", "dz2[1]", "0.7414", "wrong", "slope_left_out"),
    ("anna", "dw2[1,1]", "0.4398", "follows", None),  # 0.7414 × 0.5933
    ("ben", "dz2[1]", "0.1385", "right", None),
    ("ben", "z1[1]", "0.0275", "wrong", "bias_left_out"),
    ("ben", "dw2[1,1]", "0.4398", "wrong", "slope_left_out"),  # his δ is right
    ("cleo", "z1[2]", "17", "wrong", None),
    ("cleo", "w'1[1,1]", "1498e-4", "right", None),
)


def sheet_of(preset: str, update: int = 1, blank: str = "all", *changes: str) -> SheetFile:
    run = start_with(Run.start(open_experiment(preset)), changes)
    return read_sheet(sheet_json([worksheet(run, update, Request(blank, level=3))]), "sheet")


def marked(sheet: SheetFile, rows: list[AnswerRow]) -> tuple[list[Mark], list[InputError]]:
    return mark_answers(sheet, rows, Run.start(sheet.experiment))


def rows_of(*answers: tuple[object, ...]) -> list[AnswerRow]:
    return [AnswerRow(line, *map(str, answer[:3])) for line, answer in enumerate(answers, 2)]


def test_each_answer_has_its_verdict_and_its_mistake() -> None:
    marks, problems = marked(sheet_of("mazur"), rows_of(*ANSWERS))
    assert not problems
    assert [(mark.student, mark.quantity, mark.verdict, mark.mistake) for mark in marks] == [
        (student, quantity, verdict, mistake) for student, quantity, _, verdict, mistake in ANSWERS
    ]
    assert "dz2[1]" in marks[2].text


def test_the_order_of_the_rows_does_not_change_the_marks() -> None:
    forward, _ = marked(sheet_of("mazur"), rows_of(*ANSWERS))
    backward, _ = marked(sheet_of("mazur"), rows_of(*ANSWERS[::-1]))
    assert backward[::-1] == forward


def test_a_row_that_cannot_be_read_is_named_and_the_rest_is_marked() -> None:
    sheet = sheet_of("mazur", blank="z1")
    bad = (("anna", "q7", "1"), ("anna", "z1[1]", ""), ("anna", "a1[1]", "0.5"), ("anna", "z1[2]", "0.3925"))
    marks, problems = marked(sheet, rows_of(*bad))
    assert [mark.verdict for mark in marks] == ["right"]
    assert [problem.line for problem in problems] == [2, 3, 4]
    assert 'z1[1]: "anna" has left this number empty.' in str(problems[1])
    assert "the sheet does not ask for this number" in str(problems[2])


def test_only_the_last_of_several_answers_is_carried_on() -> None:
    rows = (("anna", "dz2[1]", "0.7414"), ("anna", "dz2[1]", "0.1385"), ("anna", "dw2[1,1]", "0.4398"))
    marks, _ = marked(sheet_of("mazur"), rows_of(*rows))
    assert [(mark.verdict, mark.mistake) for mark in marks[1:]] == [("right", None), ("wrong", "slope_left_out")]
    summary = summarize(marks)
    assert dict(summary.students["anna"]) == {"right": 1, "wrong": 1}
    assert [(mark.quantity, count) for mark, count in summary.repeated] == [("dz2[1]", 2)]
    assert summary.mistakes == (MistakeCount("slope_left_out", 1, 1),)


def test_a_right_number_with_too_few_digits_has_no_mistake_and_is_counted_apart() -> None:
    marks, _ = marked(sheet_of("mazur"), rows_of(("anna", "z1[2]", "0.39"), ("anna", "z1[1]", "17")))
    assert [(mark.verdict, mark.mistake, mark.has_too_few_digits) for mark in marks] == [
        ("wrong", None, True),  # 0.2 × 0.05 + 0.3 × 0.1 + 0.35 is 0.39, too
        ("wrong", None, False),
    ]
    assert read_marks(json.dumps(marks_table(marks, with_details=True))) == marks
    assert all(len(row) == 8 for row in marks_table(marks)["marks"])
    summary = summarize(marks)
    assert (summary.too_few_digits, summary.unexplained) == (1, 1)


def test_practice_is_summed_up_by_questions() -> None:
    def mark(quantity: str, verdict: MarkVerdict, expected: float = 0.5, hints: int = 0) -> Mark:
        kind = "sign" if verdict == "wrong" else None
        return Mark("bo", quantity, 1.0, expected, verdict, kind, (), "", hints)

    marks = [
        mark("z1[1]", "right"),
        mark("a1[1]", "wrong"), mark("a1[1]", "wrong"), mark("a1[1]", "right"),
        mark("dz1[1]", "right", hints=1),
        mark("dw1[1,1]", "wrong"), mark("dw1[1,1]", "revealed"),
        mark("loss", "wrong"),
        mark("z1[1]", "right", 0.25),
    ]  # fmt: skip
    summary = summarize_practice(marks)
    assert dict(summary.students["bo"]) == {"at once": 2, "later": 2, "revealed": 1, "wrong": 1}
    assert dict(summary.steps["dw"]) == {"revealed": 1}
    assert summary.mistakes == (MistakeCount("sign", 4, 1),)


def test_several_answers_to_one_question_are_marked_one_by_one() -> None:
    marks, _ = marked(sheet_of("mazur"), rows_of(*(("anna", "z1[1]", answer) for answer in ("1", "0.3775", "1"))))
    assert [mark.verdict for mark in marks] == ["wrong", "right", "wrong"]


def test_gradients_that_were_added_to_those_of_the_pass_before_are_recognised() -> None:
    run = Run.start(open_experiment("xor"))
    run.goto(1)
    first = float(run.trace(1).db[1][0])
    run.goto(1)
    second = float(run.trace(2).db[1][0])
    marks, _ = marked(sheet_of("xor", 2, "db2"), rows_of(("anna", "db2[1]", repr(first + second))))
    assert [(mark.verdict, mark.mistake) for mark in marks] == [("wrong", "accumulated")]


def test_marks_go_through_json_and_are_summed_up() -> None:
    marks, _ = marked(sheet_of("mazur"), rows_of(*ANSWERS))
    table = marks_table(marks)
    assert table["format"] == "nn-tui-marks/1"
    keys = ["student", "quantity", "answer", "expected", "verdict", "mistake", "also", "text"]
    assert all(list(row) == keys for row in table["marks"])
    assert read_marks(json.dumps(table, allow_nan=False)) == marks
    summary = summarize(marks)
    assert {name: dict(count) for name, count in summary.students.items()} == {
        "anna": {"right": 1, "wrong": 1, "follows": 1},
        "ben": {"right": 1, "wrong": 2},
        "cleo": {"wrong": 1, "right": 1},
    }
    assert summary.mistakes == (MistakeCount("slope_left_out", 2, 2), MistakeCount("bias_left_out", 1, 1))
    assert summary.unexplained == 1
    assert list(summary.steps) == ["z", "dz", "dw", "w'"]


def test_steps_are_named_by_their_letters() -> None:
    assert [step_of(name) for name in ("dw1[2,1]", "z1[2]@3", "w'1[1,1]", "loss", "l1@2")] == [
        "dw",
        "z",
        "w'",
        "loss",
        "l",
    ]
