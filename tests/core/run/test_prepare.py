"""Passes computed ahead or kept near: the same bits as ever, recorded only when they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.engine.trace import Trace
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run import state_cache as cache
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment


def experiment(name: str) -> Experiment:
    return load_experiment(find_preset(name))


def numbers(trace: Trace) -> list[np.ndarray]:
    """Copies of everything that a pass holds."""
    arrays = (*trace.computed, trace.before.array, trace.after.array, np.array(trace.loss))
    return [array.copy() for array in arrays]


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("preset", ["xor", "iris", "digits"])
def test_a_prepared_pass_is_the_pass(preset: str) -> None:
    plain, ahead = Run.start(experiment(preset)), Run.start(experiment(preset))
    for update in range(1, 8):
        while ahead.prepare(update):
            pass
        one, other = plain.trace(update), ahead.trace(update)
        assert same(numbers(one), numbers(other))
        plain.release(one)
        ahead.release(other)
    assert list(plain.samples) == list(ahead.samples)
    assert np.array_equal(plain.losses.points()[1], ahead.losses.points()[1])


def test_preparing_records_nothing() -> None:
    run = Run.start(experiment("xor"))
    assert run.prepare(1) and run.prepare(1) and not run.prepare(1)
    assert not run.prepare(2)  # further than one beyond
    assert (run.reached, run.position, len(run.losses.points()[0]), len(run.samples.taken)) == (0, 0, 0, 1)
    with pytest.raises(ValueError, match="pass 2"):
        run.trace(2)


def test_passes_near_by_are_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.start(experiment("digits"))
    first = run.trace(1)
    run.release(run.trace(2))
    computed = []
    engine = run.engine
    monkeypatch.setattr(engine, "run", lambda *given: computed.append(given))
    assert run.trace(1) is first
    run.release(run.trace(2))
    assert not computed


def test_a_kept_pass_is_not_written_to_while_the_run_goes_on() -> None:
    run, other = Run.start(experiment("digits")), Run.start(experiment("digits"))
    shown = run.trace(1)
    before = numbers(shown)
    run.prepare(2)
    run.train(40)
    for update in (5, 6, 7, 8, 9):
        run.release(run.trace(update))
    assert same(numbers(shown), before)
    run.release(shown)
    other.train(41)
    assert same(numbers(run.trace(41)), numbers(other.trace(41)))


def test_a_run_keeps_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.start(experiment("digits"))
    for update in range(1, 12):
        run.release(run.trace(update))
    assert len(run._passes) == cache.PASSES
    monkeypatch.setattr(cache, "PASSES_BYTES", 1000)
    large = Run.start(experiment("digits"))
    large.release(large.trace(1))
    assert not len(large._passes)
