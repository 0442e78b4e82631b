"""Tests of all changes: they keep the past, and a replay of any sequence of changes is exact."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from tests._edits import Bits, bits, edit, small_experiment, trained


def test_edits_at_one_update_are_separate_segments_and_the_past_stays() -> None:
    run = trained(small_experiment(), 20)
    before = [bits(run.state_after(update)) for update in range(21)]
    new = edit(edit(run, "eta = 0.5", update=12), "w1[1,1] = 2")
    assert [(mark.start, change_text(mark.change)) for mark in new.segments] == [
        (0, "start"), (12, "η 0.1 → 0.5"), (12, "w1[1,1] = 2"),
    ]  # fmt: skip
    assert new.reached == 12 and run.reached == 20
    new.train(8)
    assert [bits(new.state_after(update)) for update in range(12)] == before[:12]
    assert [bits(run.state_after(update)) for update in range(21)] == before
    assert bits(new.state_after(20)) != before[20]
    past = edit(new, "eta = 0.2", update=4)
    assert [mark.start for mark in past.segments] == [0, 4] and past.reached == 4
    assert len(past.losses) == 4 and len(new.segments) == 3
    with pytest.raises(ValueError, match="has reached update 4"):
        apply_edit("eta = 0.3", past, 5)


def test_another_start_has_its_own_evaluation() -> None:
    run = trained(small_experiment())
    new = edit(run, "seed = 5", update=0)
    expected = next(iter(Run.start(replace(run.experiment, init_seed=5)).evaluations))
    assert [sample.update for sample in new.evaluations] == [0]
    assert next(iter(new.evaluations)) == expected != next(iter(run.evaluations))


@pytest.mark.parametrize(
    "text", ["optimizer = adam", "eta = 0.5", "activation 1 = relu", "batch = full", "loss = binary_cross_entropy"]
)
def test_a_change_at_the_start_keeps_the_initial_weights(text: str) -> None:
    run = trained(small_experiment(), 20)
    other = apply_edit(text, run, 0)
    assert other.position == 0 and run.position == 20
    assert np.array_equal(other.state.array[0], run.state_after(0).array[0])
    assert other.experiment.data is run.experiment.data
    other.train(20)
    assert other.segments[-1].change == edit(run, text).segments[-1].change
    assert not np.array_equal(other.state.array[0], run.state.array[0])


def test_a_change_at_the_start_equals_a_run_of_the_changed_experiment() -> None:
    run = trained(small_experiment(), 20)
    for text, changed in (
        ("seed = 5", replace(run.experiment, init_seed=5)),
        ("l2 = 0.1", replace(run.experiment, training=replace(run.experiment.training, l2=0.1))),
    ):
        other, plain = apply_edit(text, run, 0), Run.start(changed)
        other.train(20)
        plain.train(20)
        assert bits(other.state) == bits(plain.state)
        assert [a.tolist() for a in other.losses.points()] == [a.tolist() for a in plain.losses.points()]
        assert list(other.evaluations) == list(plain.evaluations)


def test_a_change_at_the_start_keeps_other_edits_there_and_drops_later_ones() -> None:
    run = edit(edit(trained(small_experiment(), 5), "w1[1,1] = 2", update=0), "eta = 0.5", update=0)
    run.train(5)
    other = apply_edit("optimizer = adam", edit(run, "l2 = 0.5"), 0)
    assert other.state.weights[0][0, 0] == 2.0 and other.experiment.training.l2 == 0.0
    with pytest.raises(InputError, match="already"):
        apply_edit("eta = 0.5", run, 0)


TEXTS = st.sampled_from(
    [
        "w1[1,2] = 0.5", "b1[1] = -1", "x1 = 0.25", "y1 = 1", "y1 = 0", "eta = 0.3", "eta = 0.05", "optimizer = adam",
        "optimizer = nesterov", "optimizer = sgd 0.2", "momentum = 0.5", "loss = binary_cross_entropy",
        "activation 1 = relu", "batch = 3", "batch = full", "shuffle = off", "reduction = sum", "l1 = 0.01",
        "l2 = 0.1", "noise = 0.3", "samples = 9", "samples = 20", "standardize = on", "data", "seed",
        "init 1 = he_normal", "units 1 = 2", "units 1 = 5", "remove unit 1 of layer 1", "add layer 1 3 relu",
        "add layer 1 4", "remove layer 1", "freeze w1", "freeze b1", "unfreeze w1", "optimizer = nadam",
        "schedule = step step_size=3 gamma=0.5", "schedule = cosine T_max=9 per=epoch", "warmup = 4",
    ]
)  # fmt: skip
Log = list[tuple[int, str, int]]


def naive(log: Log, last: int) -> list[Bits]:
    """Return every state from 0 to ``last``, computed by plain passes with the edits between them."""
    run = Run.start(small_experiment())
    for at, text, row in log:
        run.goto(at, past_divergence=True)
        run = edit(run, text, at, row)
    states: dict[int, Bits] = {}
    ends = [*(following.start for following in run.segments[1:]), last]
    with np.errstate(all="ignore"):
        for segment, end in zip(run.segments, ends, strict=True):
            engine, state = Engine(segment.experiment), segment.state
            states[segment.start] = bits(state)
            for update in range(segment.start + 1, end + 1):
                state = engine.run(state, update).after
                states[update] = bits(state)
    return [states[update] for update in range(last + 1)]


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["edit", "edit", "train", "goto", "back"]), st.integers(0, 40), TEXTS), max_size=10
)


@given(ACTIONS)
def test_any_sequence_of_edits_is_a_replay_from_the_start(actions: list[tuple[str, int, str]]) -> None:
    run, log = Run.start(small_experiment()), Log()
    others: list[tuple[Run, Log]] = []
    for action, number, text in actions:
        if action == "train":
            run.train(number % 20, past_divergence=True)
        elif action == "goto":
            run.goto(number, past_divergence=True)
        elif action == "back" and others:
            others.append((run, log))
            run, log = others.pop(number % len(others))
        elif action == "edit":
            at, row = min(number, run.reached), number % 4
            try:
                new = edit(run, text, at, row)
            except InputError:
                continue
            others.append((run, log))
            run, log = new, [*(entry for entry in log if entry[0] <= at), (at, text, row)]
            assert run.position == run.reached == at
        assert bits(run.state) == naive(log, run.position)[run.position]
    for other, entries in [*others, (run, log)]:
        other.train(3, past_divergence=True)
        assert [bits(other.state_after(update)) for update in range(other.reached + 1)] == naive(entries, other.reached)
        assert all(one.start <= two.start for one, two in pairwise(other.segments))
