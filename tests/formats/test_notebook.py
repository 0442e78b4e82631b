"""Tests of exported notebooks with nbformat and nbclient: they are valid and run from the first cell to the last."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.cli.main import main

TITANIC = Path(__file__).parents[1] / "core" / "table" / "files" / "titanic-seaborn.csv"


@pytest.mark.filterwarnings("ignore")  # of the packages, about event loops and sockets
@pytest.mark.parametrize("source", ["xor", "iris", "digits", "spiral", "mazur", str(TITANIC)])
def test_a_notebook_runs(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", source, "--updates", "3", "--framework", "numpy", "-o", "mine.ipynb"]) == 0
    notebook = nbformat.read(tmp_path / "mine.ipynb", as_version=4)
    nbformat.validate(notebook, relax_add_props=False)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    cells = {cell.id: cell for cell in notebook.cells}
    assert " of " in cells["predictions"].outputs[0].text
    lines = [line for line in cells["go-on"].outputs[0].text.splitlines() if line.startswith("update ")]
    run = Run.start(open_experiment(source))
    run.goto(13)
    for update, line in zip(range(4, 14), lines, strict=True):
        words = line.split()
        assert words[:3] == ["update", str(update), "loss"]
        assert float(words[3]) == pytest.approx(run.trace(update).loss, rel=1e-9)
