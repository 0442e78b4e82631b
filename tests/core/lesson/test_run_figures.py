"""Tests of the numbers of a run by name."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.run_figures import PassCursor, figure
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run


def cursors(run: Run, update: int) -> tuple[PassCursor, PassCursor]:
    """Return the start and the end of a pass."""
    trace, engine = run.trace(update), run.engine
    start = PassCursor(engine, trace, 0)
    return start, PassCursor(engine, trace, start.steps.end)


def test_losses_and_accuracies_are_those_of_the_parameters_in_force() -> None:
    run = Run.start(open_experiment("iris"))
    run.train(run.engine.batches_per_epoch)
    first, *_, last = run.evaluations
    assert first.update == 0 and last.update == run.reached
    for at, evaluation in ((cursors(run, 1)[0], first), (cursors(run, run.reached)[1], last)):
        for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
            assert figure(name, at) == getattr(evaluation, name), name
        assert figure("accuracy", at) == evaluation.train_accuracy
        assert figure("updates", at) == evaluation.update
        assert figure("learning_rate", at) == run.experiment.training.optimizer.learning_rate


def test_numbers_have_r2_and_rmse_instead_of_an_accuracy() -> None:
    run = Run.start(open_experiment("sine"))
    run.train(5)
    *_, last = run.evaluations
    at = cursors(run, 5)[1]
    assert figure("r2", at) == figure("train_r2", at) == last.train_r2
    assert figure("rmse", at) == figure("train_rmse", at) == last.train_rmse
    for name in ("accuracy", "test_r2", "test_rmse"):
        with pytest.raises(InputError, match=f'this data has no "{name}"'):
            figure(name, at)


def test_numbers_of_a_pass_have_the_names_that_people_type() -> None:
    start, end = cursors(Run.start(open_experiment("xor")), 1)
    assert figure("x2@3", start) == end.trace.x[2, 1]
    assert figure("dw1[2,1]", end) == end.trace.dw[0][1, 0]
    assert figure("w1'[2,1]", end) == end.trace.after.weights[0][1, 0]
    assert figure("loss", end) == end.trace.loss
    with pytest.raises(InputError, match='"loss" is not computed yet at this moment'):
        figure("loss", start)
    assert figure("loss", start, must_be_known=False) == end.trace.loss


def test_softmax_has_no_slope() -> None:
    _, end = cursors(Run.start(open_experiment("iris")), 1)
    with pytest.raises(InputError, match="softmax has no slope for each unit"):
        figure("slope2[1]", end)


def test_regression_has_no_accuracy() -> None:
    _, end = cursors(Run.start(open_experiment("plane")), 1)
    with pytest.raises(InputError, match='this data has no "accuracy"') as error:
        figure("accuracy", end)
    assert error.value.code == "not_available"
