"""Tests of files with marks: whatever is wrong with one is said in a sentence with its place."""

from __future__ import annotations

import json
from math import isnan
from typing import Any

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.marking.marks import FORMAT, read_marks

MARK = {
    "student": "anna", "quantity": "z1[1]", "answer": 0.5, "expected": 0.4, "verdict": "wrong", "mistake": None,
    "also": [], "text": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "it has no marks"),
        ({"format": "other", "marks": []}, f'the format of a file with marks is "{FORMAT}"'),
        ({"format": FORMAT, "marks": [1]}, "marks[0]: it must be an object"),
        ({"format": FORMAT, "marks": [MARK | {"verdict": "good"}]}, "marks[0].verdict: it must be one of right"),
        ({"format": FORMAT, "marks": [MARK | {"student": 7}]}, "marks[0].student: it must be a text"),
        ({"format": FORMAT, "marks": [MARK | {"mistake": 7}]}, "marks[0].mistake"),
        ({"format": FORMAT, "marks": [MARK | {"also": "sign"}]}, "marks[0].also: it must be a list of texts"),
    ],
)
def test_a_file_without_valid_marks_is_refused(content: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_marks(json.dumps(content))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("answer", ["inf", None, True, 10**400])
def test_an_answer_that_is_no_finite_number_is_nan(answer: object) -> None:
    (mark,) = read_marks(json.dumps({"format": FORMAT, "marks": [MARK | {"answer": answer}]}))
    assert isnan(mark.answer)


def test_control_characters_in_a_name_do_no_harm() -> None:
    (mark,) = read_marks(json.dumps({"format": FORMAT, "marks": [MARK | {"student": "a\x1b[31m"}]}))
    assert mark.student.isprintable()
