"""Any sequence of edits, training and going back and forth is a replay from the start, bit for bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from tests._edits import bits, edit, problem

TEXTS = st.sampled_from(
    [
        "w1[1,2] = 0.5", "b1[1] = -1", "x1 = 0.25", "y1 = 1", "y1 = 0", "eta = 0.3", "eta = 0.05", "optimizer = adam",
        "optimizer = nesterov", "optimizer = sgd 0.2", "momentum = 0.5", "loss = binary_cross_entropy",
        "activation 1 = relu", "batch = 3", "batch = full", "shuffle = off", "reduction = sum", "l1 = 0.01",
        "l2 = 0.1", "noise = 0.3", "samples = 9", "samples = 20", "standardize = on", "data", "seed",
        "init 1 = he_normal", "units 1 = 2", "units 1 = 5", "remove unit 1 of layer 1", "add layer 1 3 relu",
        "add layer 1 4", "remove layer 1", "freeze w1", "freeze b1", "unfreeze w1",
    ]
)  # fmt: skip
Log = list[tuple[int, str, int]]


def naive(log: Log, last: int) -> list[tuple[bytes, int]]:
    """Every state from 0 to ``last``, by making the edits in turn from the start and plain passes between them."""
    run = Run.start(problem())
    for at, text, row in log:
        run.goto(at, past_divergence=True)
        run = edit(run, text, at, row)
    states: dict[int, tuple[bytes, int]] = {}
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
    run, log = Run.start(problem()), Log()
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
    for each, entries in [*others, (run, log)]:
        each.train(3, past_divergence=True)
        assert [bits(each.state_after(update)) for update in range(each.reached + 1)] == naive(entries, each.reached)
        assert all(one.start <= two.start for one, two in pairwise(each.segments))
