"""Test that pandas reads the curve that `nn-tui train --curve` writes: names, kinds and every digit of the numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.cli.main import main


def test_pandas_reads_a_curve(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    assert main(["train", "schedule", "--epochs", "4", "--curve", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    curve = pd.read_csv(path, engine="python")  # the faster engine may round the last digit
    assert list(curve.columns[:5]) == ["update", "epoch", "loss", "train_loss", "test_loss"]
    assert (curve.dtypes.drop(["update", "epoch"]) == "float64").all()
    assert list(curve["update"]) == list(range(1, report["updates"] + 1))
    run = Run.start(open_experiment("schedule", None))
    for row in curve.itertuples():
        trace = run.trace(row.update)
        assert (row.loss, row.learning_rate, row.epoch) == (trace.loss, trace.learning_rate, trace.epoch)
        run.release(trace)
    evaluated = curve.dropna(subset=["train_loss"])
    assert evaluated["epoch"].nunique() == 4 and len(evaluated) < len(curve)
    assert curve["train_loss"].iloc[-1] == report["train_loss"]
    assert curve["train_accuracy"].isna().all() and report["train_accuracy"] is None  # a regression has none
