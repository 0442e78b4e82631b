"""Tests of documents that earlier versions saved: they open, and their data can be changed without the file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from nn_tui.core.spec import Dataset
from nn_tui.tui.saved.readers import open_document
from tests._edits import edit

FILES = Path(__file__).parent / "files"


def digest(data: Dataset) -> str:
    arrays = (data.x, data.y, data.x_test, data.y_test)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]


@pytest.mark.parametrize(
    ("name", "columns", "digests"),
    [
        ("colours", ("a", "b", "colour"), ("bb8b6f00046e7cd5", "31b846fc58a2ec1f", "517aa52cc4eafa1b")),
        ("prices", ("size", "rooms", "price"), ("fbbc1d6331a93b58", "564447cd422392ec", "49213fc126b414d9")),
    ],
)
def test_a_table_of_the_first_form_is_read(name: str, columns: tuple[str, ...], digests: tuple[str, ...]) -> None:
    run = open_document(FILES / f"{name}-0.nntui").run  # saved before tables had kinds of columns
    data = run.experiment.data
    assert data.table is not None
    assert tuple(column.name for column in data.table.plan.columns) == columns
    assert data.table.plan.target.name == columns[-1]
    assert data.fill.tolist() == pytest.approx(data.points.mean(axis=0).tolist())
    changed = [edit(run, text, 0).experiment.data for text in ("standardize = off", "data seed = 9")]
    assert tuple(map(digest, (data, *changed))) == digests
