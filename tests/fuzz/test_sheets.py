"""Random files of sheets, answers, marks and arrays: each is read or refused in a sentence."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.marking.answers import read_answers
from nn_tui.core.marking.class_marks import mark_answers
from nn_tui.core.marking.marks import FORMAT, marks_table, read_marks
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.worksheet.request import Request
from nn_tui.core.worksheet.sheet import worksheet
from nn_tui.core.worksheet.sheet_file import read_sheet, sheet_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CELLS = st.sampled_from(
    ("anna", "z1[1]", "w'1[1,1]", "dw1[1,2]", "loss", "0.5", "1/0", "1e999", "", '"', "[", "=1+1", "z1[2]@2")
)
SHEET = json.loads(sheet_json([worksheet(Run.start(open_experiment("mazur")), 1, Request(level=3))]))


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in JSON content."""
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [*([path] if path else []), *(place for key, value in items for place in places(value, (*path, key)))]


@given(st.sampled_from(places(SHEET)), VALUES)
def test_a_sheet_with_any_value_in_any_place(place: tuple[Any, ...], value: Any) -> None:
    content = copy.deepcopy(SHEET)
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    try:
        sheet = read_sheet(json.dumps(content), "sheet")
        if sheet.update < 100:
            run = Run.start(sheet.experiment)
            mark_answers(sheet, read_answers("student,quantity,answer\nanna,z1[1],0.5\nanna,dw1[1,1],0.5"), run)
    except InputError as error:
        assert str(error)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=6), st.sampled_from((",", ";", "\t")))
def test_answers_with_any_cells(rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [["student", "quantity", "answer"], *rows])
    sheet = read_sheet(json.dumps(SHEET), "sheet")
    try:
        read = read_answers(text)
    except InputError as error:
        assert str(error)
        return
    marks, problems = mark_answers(sheet, read, Run.start(sheet.experiment))
    assert len(marks) + len(problems) == len(read)
    assert read_marks(json.dumps(marks_table(marks), allow_nan=False)) == marks


@given(VALUES)
def test_marks_with_any_content(content: Any) -> None:
    for text in (
        json.dumps(content),
        json.dumps({"format": FORMAT, "marks": content}),
        json.dumps({"format": FORMAT, "marks": [content]}),
    ):
        try:
            read_marks(text)
        except InputError as error:
            assert str(error)
