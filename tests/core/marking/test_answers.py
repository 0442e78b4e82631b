"""Tests of files of answers: what people's spreadsheets write is read, and the rest is named."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.marking.answers import AnswerRow, read_answers


@pytest.mark.parametrize(
    "text",
    [
        "student,quantity,answer\nanna,dw1[2,1],0.5\n",
        'student,quantity,answer\nanna,"dw1[2,1]",0.5',
        "Answer;Student;Quantity;remark\r\n0.5;anna;dw1[2,1];good\r\n",
        "student\tquantity\tanswer\nanna\tdw1[2,1]\t0.5\n",
        "quantity, answer, student\n\n dw1[2,1] , 0.5 , anna \n",
    ],
)
def test_the_rows_of_spreadsheets_are_read(text: str) -> None:
    (row,) = read_answers(text)
    assert (row.student, row.quantity, row.answer) == ("anna", "dw1[2,1]", "0.5")


def test_rows_know_their_lines_and_missing_cells_are_empty() -> None:
    rows = read_answers("student,quantity,answer\n\nanna,z1[1]\nben,z1[2],1/3\n")
    assert rows == [AnswerRow(3, "anna", "z1[1]", ""), AnswerRow(4, "ben", "z1[2]", "1/3")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", 'the first line must name the columns student,quantity,answer; "student" is missing'),
        ("student,quantity\nanna,z1[1]", '"answer" is missing'),
        ("anna,z1[1],0.5", '"student" is missing'),
        ("student,quantity,answer\n\n", "it has a header but no rows"),
        ('student,quantity,answer\nanna,"' + "x" * 200_000, "the line cannot be read"),
    ],
)
def test_what_is_no_file_of_answers_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_answers(text)
    assert sentence in str(caught.value)
