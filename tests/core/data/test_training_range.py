"""Tests of the values that no training row has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tui.core.data.input_rows import raw_blocks, raw_cells, raw_names, typed_rows
from nn_tui.core.data.training_range import new_values, training_range
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.spec import Dataset
from tests._app import experiment

FILES = Path(__file__).parents[1] / "table" / "files"


def said(data: Dataset, *rows: list[str]) -> list[str]:
    """Return what is new in rows: the number of the row, the input, and the sentence."""
    blocks = raw_blocks(data)
    found = new_values(data, training_range(data), typed_rows(data, rows, blocks), blocks)
    return [f"{new.row} {raw_names(data)[new.column]}: {new.text}" for new in found]


def test_a_number_outside_of_the_training_rows_is_named() -> None:
    data = open_experiment(str(FILES / "Salary_Data.csv"), changes={"target": "Salary", "test_fraction": 0.0}).data
    assert said(data, ["50"]) == ["0 YearsExperience: 50 is more than the 10.5 of the training rows."]
    assert said(data, ["10.5"], ["1.1"], ["-2"]) == ["2 YearsExperience: -2 is less than the 1.1 of the training rows."]


def test_inputs_without_a_table_have_a_range_too() -> None:
    assert said(experiment("xor").data, ["0", "1.5"]) == ["0 x2: 1.5 is more than the 1 of the training rows."]


def test_a_decimal_comma_stays_one() -> None:
    data = open_experiment(str(FILES / "auto-semicolon-decimal-comma.csv")).data
    assert data.table is not None
    cells = [str(cell).replace(".", ",") for cell in raw_cells(data, data.points[:1])[0]]
    place = next(index for index, column in enumerate(data.table.plan.inputs) if column.kind == "number")
    (text,) = said(data, [*cells[:place], "99999,5", *cells[place + 1 :]])
    assert "99999,5 is more than the " in text and "." not in text.removesuffix(".")


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (["2024-03-01", "a", "no", "1.5"], ["0 when: 2024-03-01 is more than the 2024-01-20 of the training rows."]),
        (["2024-01-05", "c", "no", "1.5"], ["0 kind: c is in none of the training rows."]),
        (["2024-01-05", "a", "yes", "1.5"], ["0 flag: yes is in none of the training rows."]),
        (["2024-01-05", "b", "no", ""], ["0 size: it is missing in none of the training rows."]),
        (["", "b", "no", "1.5"], []),
    ],
    ids=["date", "category", "boolean", "missing", "known gap"],
)
def test_texts_that_no_training_row_has_are_named(tmp_path: Path, row: list[str], text: list[str]) -> None:
    days = [f"2024-01-{day:02}" if day != 4 else "" for day in range(1, 21)]
    lines = [f"{day},{'ab'[index % 2]},no,{index / 8},{index * 1.5}" for index, day in enumerate(days)]
    others = ["2024-01-02,c,yes,,1.5", "2024-01-03,c,yes,2,3.5"]
    (tmp_path / "table.csv").write_text("\n".join(["when,kind,flag,size,y", *lines, *others]))
    changes = {"target": "y", "keep": ["when"], "test_fraction": 0.0}
    data = open_experiment(str(tmp_path / "table.csv"), changes=changes).data
    assert said(replace(data, points=data.points[:20]), row) == text
