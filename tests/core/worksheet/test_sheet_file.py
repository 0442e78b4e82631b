"""Tests of sheets as JSON: the same numbers come out of the file, and a file that is no sheet is refused."""

from __future__ import annotations

import json

import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.trace_json import trace_pass
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.run.run import Run
from nn_tui.core.worksheet.nice_weights import with_nice_weights
from nn_tui.core.worksheet.request import Request
from nn_tui.core.worksheet.sheet import worksheet
from nn_tui.core.worksheet.sheet_file import read_sheet, sheet_json


@pytest.mark.parametrize(
    ("preset", "update", "changes"),
    [
        ("mazur", 1, ()),
        ("ravine-adam", 7, ()),
        ("iris", 3, ("batch_size = 5",)),
        ("xor", 2, ("w1[1,1] = 0.33", "eta = 1")),
    ],
)
def test_a_file_gives_the_numbers_of_its_sheet(preset: str, update: int, changes: tuple[str, ...]) -> None:
    run = start_with(Run.start(open_experiment(preset, 3)), changes)
    sheet = worksheet(run, update, Request("z1,dw1,w'1", "unit=1,sample=1", has_answers=True))
    read = read_sheet(sheet_json([sheet]), "mine")
    assert (read.update, read.digits) == (update, 4)
    engine, trace = trace_pass(read.experiment, update)
    assert read.quantities == tuple(question.quantity for question in sheet.questions)
    for name, question in zip(read.quantities, sheet.questions, strict=True):
        ref = parse_ref(name, engine.sizes, batch_size=trace.n)
        assert value_of(engine, trace, ref) == pytest.approx(question.answer, rel=1e-12, abs=1e-15)


def test_the_keys_of_a_file() -> None:
    run = Run.start(open_experiment("mazur"))
    sheet, key = (
        json.loads(sheet_json([worksheet(run, 1, Request(has_answers=has_answers))])) for has_answers in (False, True)
    )
    assert list(sheet) == ["format", "preset", "seed", "update", "digits", "questions"]
    assert sheet["format"] == "nn-tui-worksheet/1"
    assert list(sheet["questions"][0]) == ["id", "quantity", "prompt", "tolerance"]
    answers = [question.pop("answer") for question in key["questions"]]
    assert key == sheet and answers[0] == pytest.approx(0.3925)
    # The notes of this preset tell the loss.
    assert "notes" not in sheet["preset"] and "expect" not in sheet["preset"]


def test_nice_weights_have_one_decimal_and_given_ones_stay() -> None:
    run = with_nice_weights(Run.start(open_experiment("xor", 5)))
    assert all(round(w, 1) == w for weights in run.state.weights for w in weights.flat)
    mazur = Run.start(open_experiment("mazur"))
    assert (with_nice_weights(mazur).state.array == mazur.state.array).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda content: content.update(format="x"), "it is not a sheet"),
        (lambda content: content.pop("preset"), "the preset of the sheet is missing"),
        (lambda content: content.update(update=0), "update"),
        (lambda content: content.update(digits=99), "digits"),
        (lambda content: content.update(questions=[1]), "questions: it must be a list of questions"),
        (lambda content: content["preset"].pop("layers"), "layers: it is missing"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(change: object, sentence: str) -> None:
    content = json.loads(sheet_json([worksheet(Run.start(open_experiment("mazur")), 1, Request())]))
    assert callable(change)
    change(content)
    with pytest.raises(InputError) as caught:
        read_sheet(json.dumps(content), "mine")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "null"])
def test_a_text_that_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="it is not a sheet"):
        read_sheet(text, "mine")
