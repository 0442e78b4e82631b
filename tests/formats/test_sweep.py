"""Test that pandas reads what `nn-tui sweep` prints: names, kinds and every digit of the numbers."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.sweep.grid import combinations, parse_setting
from nn_tui.core.sweep.rows import sweep_rows
from nn_tui.tui.cli.main import main

WORDS = ["sweep", "xor", "--set", "eta=0.5,1/3", "--set", "optimizer=sgd,adam", "--set", "freeze b1", "--seeds", "3-4"]


def test_pandas_reads_a_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    settings = [parse_setting(text) for text in ("eta=0.5,1/3", "optimizer=sgd,adam", "freeze b1")]
    rows = list(sweep_rows(open_experiment("xor"), combinations(settings, (3, 4)), 40, jobs=1))
    assert main([*WORDS, "--updates", "40"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), engine="python")  # the faster one may round
    assert list(table["train_loss"]) == [row.train_loss for row in rows]
    assert list(table["eta"]) == [0.5] * 4 + [1 / 3] * 4 and list(table["seed"]) == [3, 4] * 4
    assert table["freeze b1"].dtype == table["diverged"].dtype == bool
    assert table["test_loss"].isna().all() and table["error"].isna().all()
    means = table.groupby(["eta", "optimizer"])["train_loss"].mean()
    assert len(means) == 4 and (means > 0.0).all()


def test_pandas_reads_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--updates", "40", "--json"]) == 0
    table = pd.read_json(io.StringIO(capsys.readouterr().out), lines=True)
    assert list(pd.json_normalize(table["settings"])["optimizer"]) == ["sgd", "sgd", "adam", "adam"] * 2
    assert table["train_loss"].dtype == "float64" and len(table) == 8
