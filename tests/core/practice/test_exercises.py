"""Exercises: numbers for work by hand, and no mistake scores."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pytest

from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.exercises import SPECS, generate, questions
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.names import TOPICS, Topic
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from tests.core.practice._by_hand import ByHand

NUMBERS = (0, 1, 2, 4, 7)


def has_one_decimal(values: Array) -> bool:
    return bool(np.allclose(values, np.round(values, 1)))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("number", NUMBERS)
def test_an_exercise_is_for_work_by_hand(topic: Topic, number: int) -> None:
    run = Run.start(generate(topic, 11, number))
    first = run.trace(1)
    assert all(has_one_decimal(array) and array.all() for array in (*first.before.weights, *first.before.biases))
    assert has_one_decimal(first.x) and first.x.all() and np.abs(first.x).max() <= 3
    asked = run.trace(SPECS[topic].first_pass)
    assert all(np.abs(z).max() <= 3 for z in asked.z)
    assert all(np.abs(a).max() <= 0.95 for a in asked.a), "no unit is saturated"
    assert run.trace(asked.update + 1).loss < asked.loss
    assert len(list(questions(topic, run.engine))) >= 1


@pytest.mark.parametrize("topic", TOPICS)
def test_no_mistake_is_right(topic: Topic) -> None:
    for number in NUMBERS:
        experiment = generate(topic, 5, number)
        run = Run.start(experiment)
        previous = run.trace(1)
        run.train(SPECS[topic].first_pass - 1)
        trace = run.trace(SPECS[topic].first_pass)
        layers = range(len(experiment.layers))
        for ref in questions(topic, run.engine):
            right, allowed = value_of(run.engine, trace, ref), tolerance(run.engine, trace, ref)
            place = (ref.sample, ref.unit) if ref.quantity in BY_SAMPLE else ref.indices
            for kind in MISTAKES:
                older = previous if trace.update > 1 else None
                wrong = ByHand(experiment, trace, kind, layers, older).at(ref.key, ref.layer, place)
                has_no_effect = abs(wrong - right) <= 1e-12 * abs(right)
                assert has_no_effect or not isfinite(wrong) or abs(wrong - right) > allowed, (ref.name, kind)


def test_the_same_seed_gives_the_same_exercise() -> None:
    first, again, other = generate("delta", 3), generate("delta", 3), generate("delta", 4)
    assert first.preset == again.preset and first.preset.layers != other.preset.layers


def test_the_first_exercises_are_easier() -> None:
    assert [generate("forward", 1, number).sizes for number in (0, 2, 6)] == [(2, 1), (2, 2, 1), (2, 3, 1)]
    assert [len(generate("forward", 1, number).data.x) for number in (0, 2, 4)] == [1, 1, 2]
