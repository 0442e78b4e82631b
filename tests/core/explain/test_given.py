"""Tests of explanations of data."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.explain.explain import explain
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from tests._explanations import (
    known,
    numbers_in,
    words_of,
)
from tests._salaries import salaries


@pytest.mark.parametrize("name", ["iris", "digits", "penguins"])
def test_a_standardised_input_shows_the_number_as_given(name: str) -> None:
    experiment = load_experiment(find_preset(name))
    run = Run.start(experiment)
    trace = run.trace(1)
    data = experiment.data
    row = 2 if trace.rows is None else int(trace.rows[2])
    text = explain(run.engine, trace, Ref("x", 0, 1, 0, 2))
    raw, mean, deviation, x = map(known, numbers_in(text.lines[0]))
    assert (raw, x) == (data.points[row, 1], trace.x[2, 1])
    assert (raw - mean) / deviation == pytest.approx(x, rel=1e-12)
    everything = np.concatenate([data.points, data.points_test])
    assert raw in everything[:, 1] and mean == pytest.approx(data.points[:, 1].mean(), rel=1e-12)


def test_an_input_without_standardisation_shows_no_mean() -> None:
    run = Run.start(load_experiment(find_preset("xor")))
    assert "mean" not in words_of(explain(run.engine, run.trace(1), Ref("x", 0, 1, 0, 2)))


def test_a_standardised_target_shows_the_number_as_given() -> None:
    run = Run.start(salaries())
    trace, data = run.trace(1), run.experiment.data
    text = explain(run.engine, trace, Ref("y", 0, 0, 0, 2))
    raw, mean, deviation, y = map(known, numbers_in(text.lines[0]))
    assert (raw, mean, deviation, y) == (data.targets[2, 0], data.y_mean[0], data.y_scale[0], trace.y[2, 0])
    assert (raw - mean) / deviation == pytest.approx(y, rel=1e-12)
    plain = Run.start(salaries(standardize_target=False))
    assert "mean" not in words_of(explain(plain.engine, plain.trace(1), Ref("y", 0, 0, 0, 2)))
