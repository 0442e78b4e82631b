"""Tests of the choices of a table as options: the command line opens the table as it was opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.tui.cli.parsers import parse
from nn_tui.tui.cli.table_options import data_changes
from nn_tui.tui.session.moment import moment_line
from nn_tui.tui.session.session import new_session

TABLE = "id,x;1,size,kind,note\n" + "".join(
    f"{n},{n * n % 11 / 2},{n * 5 % 7 / 4},{n % 2},{'a' if n % 3 else 'b'}\n" for n in range(30)
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"target": "size"},
        {"target": "kind", "target_kind": "numbers", "test_fraction": 0.5},
        {"drop": ["x;1", "note"], "keep": ["id"], "target": "kind"},
        {"categories": ["id"], "target": "kind", "test_fraction": 0.2},
        {"header": False, "separator": ","},
        {"test_csv": "more.csv", "missing": "drop"},
    ],
)
@pytest.mark.parametrize("name", ["own.csv", "iris"])
def test_a_line_opens_the_table_with_the_same_choices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.csv").write_text(TABLE, encoding="utf-8")
    Path("more.csv").write_text(TABLE, encoding="utf-8")
    if name == "iris":
        changes = {key: value for key, value in changes.items() if key == "test_fraction"}
    experiment = open_experiment(name, changes=changes)
    line = moment_line(new_session(experiment))
    again = open_experiment(name, changes=data_changes(parse(list(line.arguments))))
    assert np.array_equal(again.data.x, experiment.data.x) and np.array_equal(again.data.y, experiment.data.y)
    assert np.array_equal(again.data.x_test, experiment.data.x_test)
    assert (line.arguments[0] == name) and (("more.csv" in line.files) == ("test_csv" in changes))
    assert bool(changes) == any(word in line.arguments for word in ("--target", "--test"))
