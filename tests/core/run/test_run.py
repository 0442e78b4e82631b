"""Runs: training, edits, prepared passes, held traces, and training in another thread."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.engine.trace import Trace
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.saved.record import record_run, restore_run
from tests._edits import bits
from tests._reference import dataset, experiment
from tests.core.run._runs import reference_bits, trace_bits

DEADLINE = 60.0  # seconds; only a broken training reaches it


def test_a_thread_trains_while_another_one_reads_and_releases_traces() -> None:
    problem = experiment(sizes=(2, 8, 3), rows=8, optimizer="adam", batch_size=3, shuffle=True)
    run = Run.start(problem)
    wanted, published, stop = threading.Event(), threading.Event(), threading.Event()
    newest: list[Trace] = []
    wanted.set()

    def publish(trace: Trace) -> bool:
        if not wanted.is_set():
            return False
        wanted.clear()
        newest.append(trace)
        published.set()
        return True

    worker = threading.Thread(target=lambda: run.train(publish=publish, should_stop=stop.is_set), daemon=True)
    worker.start()
    held: list[tuple[Trace, tuple[bytes, ...]]] = []
    for turn in range(40):
        assert published.wait(DEADLINE), "the training has ended"
        published.clear()
        trace = newest.pop()
        held.append((trace, trace_bits(trace)))
        if len(held) > 3:
            old, before = held.pop(turn % 3)
            assert trace_bits(old) == before
            run.release(old)
        wanted.set()
    stop.set()
    worker.join()
    alone = Run.start(problem)
    alone.train(run.position)
    assert bits(run.state) == bits(alone.state)
    for trace, before in held:
        assert trace_bits(trace) == before
        assert bits(trace.after) == reference_bits([(0, problem, 0.0)], trace.update)


def test_training_can_be_stopped_and_continues_at_the_same_update() -> None:
    problem = experiment(optimizer="momentum")
    run = Run.start(problem)
    calls = 0

    def stop() -> bool:
        nonlocal calls
        calls += 1
        return calls > 20

    run.train(1000, should_stop=stop)
    assert 0 < run.position < 25
    run.train(100 - run.position)
    assert bits(run.state) == reference_bits([(0, problem, 0.0)], 100)


def test_training_uses_a_few_traces_again_and_again() -> None:
    run = Run.start(experiment(batch_size=2))
    made: set[int] = set()

    def publish(trace: Trace) -> bool:
        made.add(id(trace))
        return False

    run.train(3000, publish=publish)
    assert len(made) <= 4


def test_an_edit_does_not_change_the_old_run() -> None:
    problem = experiment(optimizer="adam")
    run = Run.start(problem)
    run.train(40)
    end = bits(run.state)
    spec = replace(problem.training.optimizer, learning_rate=0.5)
    new = run.edited(10, replace(problem, training=replace(problem.training, optimizer=spec)), Change("text", "rate"))
    new.train(30)
    assert bits(new.state) != end
    assert bits(run.state) == end
    assert new.segment(9).change == Change("start")
    assert new.segment(10).change == Change("text", "rate")
    assert new.goto(10) == 10
    assert bits(new.state) == reference_bits([(0, problem, 0.0)], 10)
    assert run.goto(40) == 40
    assert bits(run.state) == end


def test_an_edit_refuses_a_state_of_another_shape() -> None:
    problem = experiment(optimizer="adam")
    run = Run.start(problem)
    run.train(5)
    training = replace(problem.training, optimizer=experiment(optimizer="rmsprop").training.optimizer)
    with pytest.raises(ValueError, match="does not fit"):
        run.edited(5, replace(problem, training=training), Change("text", "optimiser"))
    with pytest.raises(ValueError, match="does not fit"):
        run.edited(
            5, problem, Change("text", "optimiser"), Run.start(experiment(optimizer="adam", sizes=(2, 9, 2))).state
        )


def test_a_trace_can_be_released_through_another_run() -> None:
    """The screen releases a trace through the run on screen, which may be an edited copy of the trace's run."""
    problem, other = experiment(), experiment(optimizer="adam", sizes=(2, 3, 2))
    run = Run.start(problem)
    run.train(5)
    trace = run.trace(5)
    new = run.edited(2, other, Change("text", "optimiser"), Run.start(other).state)
    new.release(trace)
    new.train(10)
    run.goto(3)
    again = Run.start(problem).edited(0, problem, Change("text", "same"))
    again.train(3)
    assert bits(run.state) == bits(again.state)


def test_updates_outside_the_run_are_refused() -> None:
    run = Run.start(experiment())
    run.train(3)
    with pytest.raises(ValueError, match="numbered from 0"):
        run.goto(-1)
    for update in (0, 5):
        with pytest.raises(ValueError, match="not in this run"):
            run.trace(update)


@pytest.mark.parametrize("preset", ["xor", "iris", "digits"])
def test_a_prepared_pass_has_the_same_bits(preset: str) -> None:
    problem = load_experiment(find_preset(preset))
    plain, prepared = Run.start(problem), Run.start(problem)
    for update in range(1, 8):
        while prepared.prepare(update):
            pass
        one, other = plain.trace(update), prepared.trace(update)
        assert trace_bits(one) == trace_bits(other)
        plain.release(one)
        prepared.release(other)
    assert list(plain.evaluations) == list(prepared.evaluations)
    assert np.array_equal(plain.losses.points()[1], prepared.losses.points()[1])


def test_a_long_epoch_has_the_same_evaluations_however_it_is_walked_through() -> None:
    problem = experiment(rows=310, batch_size=1, shuffle=True)
    problem = replace(problem, data=dataset(problem.data.x, problem.data.y, (problem.data.x[:9], problem.data.y[:9])))
    trained = Run.start(problem)
    trained.train(700)
    powers = [1, 2, 4, 8, 16, 32, 64, 128]
    assert [each.update for each in trained.evaluations] == [0, *powers, 155, 310, 465, 620]
    assert all(each.test_loss is not None for each in trained.evaluations)
    stepped = Run.start(problem)
    for update in range(1, 701):
        while update < 20 and stepped.prepare(update):
            pass
        stepped.release(stepped.trace(update))
        stepped.is_last_made = True
    parts = Run.start(problem)
    for count in (3, 100, 1, 257):
        parts.train(count)
        parts.goto(parts.position // 2)
        parts = restore_run(record_run(parts))
        parts.goto(parts.reached)
    parts.train(700 - parts.position)
    assert list(stepped.evaluations) == list(parts.evaluations) == list(trained.evaluations)


def test_preparing_records_nothing() -> None:
    run = Run.start(load_experiment(find_preset("xor")))
    assert run.prepare(1)
    assert run.prepare(1)
    assert not run.prepare(1)
    assert not run.prepare(2), "further than one pass beyond the last"
    assert (run.reached, run.position) == (0, 0)
    assert (len(run.losses), len(list(run.evaluations))) == (0, 1)
    with pytest.raises(ValueError, match="pass 2"):
        run.trace(2)


def test_a_held_trace_is_not_overwritten_while_the_run_continues() -> None:
    problem = load_experiment(find_preset("digits"))
    run, other = Run.start(problem), Run.start(problem)
    shown = run.trace(1)
    before = trace_bits(shown)
    run.prepare(2)
    run.train(40)
    for update in (5, 6, 7, 8, 9):
        run.release(run.trace(update))
    assert trace_bits(shown) == before
    run.release(shown)
    other.train(41)
    assert trace_bits(run.trace(41)) == trace_bits(other.trace(41))


def test_an_update_counts_as_made_when_its_pass_is_finished() -> None:
    run = Run.start(experiment())
    assert run.finished == 0
    run.release(run.trace(1))
    assert (run.reached, run.finished) == (1, 0)
    run.is_last_made = True
    assert run.finished == 1
    run.release(run.trace(2))
    assert (run.reached, run.finished) == (2, 1)
    run.goto(1)
    assert run.finished == 1
    run.train(1)
    assert (run.reached, run.finished) == (2, 2)
    run.release(run.trace(3))
    run.goto(5)
    assert (run.reached, run.finished) == (5, 5)
