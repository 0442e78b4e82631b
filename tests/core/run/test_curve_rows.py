"""Tests of the curve of a training as a table: each row against the numbers of a run that is stepped."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import numpy as np
import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.curve_rows import CurveRows
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run

EVALUATED = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


def curve(run: Run, updates: int, every: int | None = None) -> list[dict[str, str]]:
    """Return the rows of a training, by the names of the columns."""
    lines: list[str] = []
    rows = CurveRows(run, lines.append, every)

    def record(trace: object) -> bool:
        rows.add(trace)  # type: ignore[arg-type]
        return False

    run.train(updates, publish=record)
    rows.finish()
    table = list(csv.DictReader("".join(lines).splitlines()))
    assert len(table) == rows.count
    return table


def number(text: str) -> float | None:
    return float(text) if text else None


def check_rows(name: str, table: Sequence[dict[str, str]]) -> None:
    """Compare each row with the pass of another run, and its evaluation with one of the whole data set."""
    run = Run.start(open_experiment(name, None))
    data = run.experiment.data
    for row in table:
        run.goto(int(row["update"]) - 1)
        trace = run.trace(int(row["update"]))
        assert (int(row["epoch"]), float(row["loss"])) == (trace.epoch, trace.loss)
        assert float(row["learning_rate"]) == trace.learning_rate
        norms = [float(row[f"gradient_norm_{layer + 1}"]) for layer in range(len(trace.dw))]
        np.testing.assert_allclose(norms, [np.sqrt((dw**2).sum()) for dw in trace.dw], rtol=1e-13)
        if any(row[name] for name in EVALUATED):
            train = evaluate(run.engine, trace.after, data.x, data.y)
            test = evaluate(run.engine, trace.after, data.x_test, data.y_test)
            expected = [part and part.loss for part in (train, test)]
            expected += [part and part.accuracy for part in (train, test)]
            assert [number(row[name]) for name in EVALUATED] == expected
        run.release(trace)


@pytest.mark.parametrize("name", ["iris", "schedule", "sine"])
def test_each_pass_has_a_row_that_is_evaluated_after_an_epoch_and_at_the_end(name: str) -> None:
    run = Run.start(open_experiment(name, None))
    batches = run.engine.batches_per_epoch
    updates = 3 * batches + batches // 2
    table = curve(run, updates)
    assert [int(row["update"]) for row in table] == list(range(1, updates + 1))
    evaluated = [int(row["update"]) for row in table if row["train_loss"]]
    assert {batches, 2 * batches, 3 * batches, updates} <= set(evaluated)
    assert evaluated == sorted({*(each.update for each in run.evaluations if each.update), updates})
    check_rows(name, table)


def test_rows_at_a_distance_are_all_evaluated_and_the_last_pass_has_one() -> None:
    table = curve(Run.start(open_experiment("iris", None)), 17, every=5)
    assert [int(row["update"]) for row in table] == [5, 10, 15, 17]
    assert all(row[name] for row in table for name in EVALUATED)
    check_rows("iris", table)


def test_the_whole_of_a_large_data_set_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_tui.core.run.evaluation_sample.MAX_EVALUATED_ROWS", 20)
    table = curve(Run.start(open_experiment("iris", None)), 12)
    assert sum(bool(row["train_loss"]) for row in table) > 1
    check_rows("iris", table)


def test_the_last_row_of_a_divergence_has_the_number_that_is_not_finite() -> None:
    run = Run.start(open_experiment("exploding", None))
    table = curve(run, 1000, every=7)
    assert run.divergence is not None and int(table[-1]["update"]) == run.divergence.update < 1000
    assert not np.isfinite([float(table[-1][name]) for name in ("loss", "train_loss", "gradient_norm_1")]).all()


def test_no_training_has_no_rows() -> None:
    assert curve(Run.start(open_experiment("xor", None)), 0) == []
