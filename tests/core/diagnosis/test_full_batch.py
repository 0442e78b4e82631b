"""Tests of the gradient and the curvature over the whole training set."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.full_batch import MAX_ROWS, MAX_SEARCH_SIZE, FullBatch
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from tests.core.diagnosis._problems import preset, start_text

QUADRATIC = preset("inputs = [[1.0], [-3.0]]\ntargets = [[2.0], [-6.0]]", "1 identity train_bias=false",
                   "half_squared_error sgd 0.1")  # fmt: skip


def test_the_gradient_is_that_of_a_pass_with_all_rows() -> None:
    run = Run.start(open_experiment("circles"))
    trace = run.trace(1)
    loss, gradient = FullBatch(run.engine).gradient(trace.before.parameters)
    assert loss == pytest.approx(trace.loss, rel=1e-12)
    assert gradient == pytest.approx(trace.gradient, rel=1e-9, abs=1e-15)


def test_it_is_that_of_all_rows_and_their_mean_whatever_the_batch_is() -> None:
    run = Run.start(open_experiment("circles"))
    expected = FullBatch(run.engine).gradient(run.state.parameters)[1]
    for change in ("batch = 1", "reduction = sum"):
        changed = apply_edit(change, run, 0)
        assert FullBatch(changed.engine).gradient(changed.state.parameters)[1] == pytest.approx(expected, rel=1e-12)


def test_frozen_parameters_have_no_gradient() -> None:
    run = Run.start(open_experiment("mazur"))
    gradient = FullBatch(run.engine).gradient(run.state.parameters)[1]
    assert run.engine.is_frozen is not None
    assert not gradient[run.engine.is_frozen].any() and gradient[~run.engine.is_frozen].all()


def test_the_curvature_of_a_quadratic_is_exact() -> None:
    run = start_text(QUADRATIC)
    assert FullBatch(run.engine).curvature(run.state.parameters) == pytest.approx(5.0, rel=1e-6)  # (1² + 3²) / 2


def test_the_search_finds_the_best_multiple_of_a_step() -> None:
    run = start_text(QUADRATIC)
    full_batch, parameters = FullBatch(run.engine), run.state.parameters.copy()
    parameters[0] = 0.0  # the loss is 2.5·(w − 2)²
    step = np.array([0.5, 0.0])
    assert full_batch.search(parameters, step).factor == 4.0
    assert full_batch.search(parameters, step).fall == pytest.approx(10.0)
    assert full_batch.search(parameters, -step).factor == 0.0 and full_batch.search(parameters, -step).fall == 0.0


def test_the_loss_is_lower_near_a_saddle_but_not_near_a_minimum() -> None:
    run = start_text(QUADRATIC)
    full_batch, parameters = FullBatch(run.engine), run.state.parameters.copy()
    parameters[0] = 2.0
    assert full_batch.lowest_nearby(parameters) == pytest.approx(0.0, abs=1e-12)
    xor = Run.start(open_experiment("xor"))
    flat = FullBatch(xor.engine)
    near_zero = 0.01 * xor.state.parameters
    assert flat.lowest_nearby(near_zero) < 0.1 * flat.loss(near_zero)


def test_the_searches_of_a_large_network_take_fewer_rows() -> None:
    run = Run.start(open_experiment("digits"))
    assert len(Facts(run.segments[0]).full_batch.x) == MAX_ROWS
    wide = apply_edit("units 1 = 600", run, 0)
    assert len(Facts(wide.segments[-1]).full_batch.x) == MAX_SEARCH_SIZE // wide.engine.parameters < MAX_ROWS
