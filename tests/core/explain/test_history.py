"""Tests of histories: a limited selection of passes, and the value of a number in each of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.history import MAX_POINTS, HistoryCache, compute_history, select_passes
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from tests._explanations import NUMBERS, experiments, refs_of


@given(st.integers(1, 5000), st.integers(0, 100_000))
def test_the_selected_passes_are_few_and_include_both_ends(first: int, length: int) -> None:
    passes = select_passes(first, first + length)
    assert passes[0] == first and passes[-1] == first + length
    assert len(passes) <= MAX_POINTS and passes == sorted(set(passes))
    if length + 3 <= MAX_POINTS:
        assert len(passes) == length + 1
    else:
        assert len(passes) > MAX_POINTS // 3


@given(st.integers(1, 5000), st.integers(0, 100_000))
def test_one_more_pass_adds_one_point_unless_it_halves_their_number(first: int, length: int) -> None:
    passes, longer = select_passes(first, first + length), select_passes(first, first + length + 1)
    if len(longer) >= len(passes):
        assert len(set(longer) - set(passes)) == 1
    else:
        assert len(longer) <= len(passes) // 2 + 2


@settings(max_examples=25)
@given(experiments(), st.integers(1, 30), NUMBERS)
def test_a_history_has_the_values_of_each_pass(
    problem: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    run = Run.start(problem)
    run.goto(update - 1)
    trace = run.trace(update)
    cache = HistoryCache()
    for ref in refs_of(problem, trace.n, numbers):
        result = compute_history(run, trace, ref, cache)
        assert result.updates[-1] == update and len(result.updates) == len(result.values) and not result.note
        values = dict(zip(result.updates, result.values, strict=True))
        fresh = Run.start(problem)
        for number in range(1, update + 1):
            trace_there = fresh.trace(number)
            row = None if trace.rows is None else trace.rows[ref.sample]
            at = ref.sample if trace_there.rows is None else next(iter(np.flatnonzero(trace_there.rows == row)), None)
            by_sample = ref.quantity in ("x", "y", "z", "a", "term", "da", "dz", "dx", "slope")
            if at is None and by_sample:
                assert number not in values
            else:
                ref_there = replace(ref, sample=int(at or 0))
                assert np.array_equal(values[number], value_of(fresh.engine, trace_there, ref_there), equal_nan=True)
            fresh.release(trace_there)
        assert run.position == update
