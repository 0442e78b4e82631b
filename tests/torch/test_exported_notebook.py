"""Tests of exported notebooks with PyTorch: their cells run, and go on with the training (`make test-torch`)."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from nn_tui.core.export.writers import export_files
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from tests.core.export.test_write_arrays import trained

TITANIC = Path(__file__).parents[1] / "core" / "table" / "files" / "titanic-seaborn.csv"


@pytest.mark.parametrize("source", ["xor", "iris", "digits", "spiral", "mazur", str(TITANIC)])
def test_the_cells_of_a_notebook_run_in_order(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in export_files(trained(source, 3), Path("mine.ipynb"), "pytorch"):
        (tmp_path / file.name).write_bytes(file.content)
    monkeypatch.chdir(tmp_path)
    variables: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        for cell in json.loads((tmp_path / "mine.ipynb").read_bytes())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), variables)
    lines = [line.split() for line in printed.getvalue().splitlines() if line.startswith("update ")]
    run = Run.start(open_experiment(source))
    run.goto(13)
    for update, (*words, loss) in zip(range(4, 14), lines, strict=True):
        assert words == ["update", str(update), "loss"]
        assert float(loss) == pytest.approx(run.trace(update).loss, rel=1e-9)
    assert len(variables["predict"](variables["examples"])) == len(variables["expected"])
