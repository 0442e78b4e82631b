"""The limits of the record, and the batches of its passes."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.watching import record
from nn_tui.core.watching.watch import Watch, watch
from tests.core.watching._programs import backward, descend, planar, steps


def watched(count: int, mistake: str = "") -> Watch:
    run = watch(quiet=True)
    for step in steps(count, mistake):
        run.step(step.weights, step.gradients, step.x, step.y, loss=step.loss)
    return run


def test_a_full_record_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MAX_PASSES", 3)
    run = watched(6)
    assert run.run().finished == 3
    assert run.report().count("update 4: the record is full; it ends before this update.") == 1
    assert run.report().splitlines()[-1].startswith("updates 1 to 6: equal to")


def test_a_large_first_pass_is_recorded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MAX_BYTES", 10)
    assert watched(2).run().finished == 1


def test_weights_that_are_others_in_each_step_have_a_limit_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MAX_PARTS", 2)
    assert watched(5).run().finished == 5
    assert watched(5, "mean left out").run().finished == 2


def test_a_part_after_a_jump_takes_its_own_batches() -> None:
    run = watch(quiet=True)
    x, y, weights = planar(samples=12)
    own = []
    for number in range(6):
        batch = slice(2 * number, 2 * number + 2)
        step = backward(x[:, batch], y[:, batch], weights)
        run.step(step.weights, step.gradients, step.x, step.y, loss=step.loss)
        own.append(step)
        weights = descend(weights, step.gradients)
        if number == 2:
            weights = {name: array + 0.1 for name, array in weights.items()}
    recorded = run.run()
    assert [segment.start for segment in recorded.segments] == [0, 3] and recorded.finished == 6
    for update, step in enumerate(own, 1):
        trace = recorded.trace(update)
        assert np.array_equal(trace.x, step.x.T) and trace.loss == pytest.approx(step.loss, rel=1e-9)
        recorded.release(trace)
