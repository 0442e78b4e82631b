"""Tests of the state of a step: a run, a moment and a number."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Ask
from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.core.lesson.state import asked_ref, run_of
from nn_tui.core.refs import Ref
from tests.core.lesson._lessons import HEAD, lesson_of, step_of


def test_changes_of_the_lesson_come_before_those_of_the_step() -> None:
    lesson = step_of('set = ["b1[1] = 1"]', HEAD + 'set = ["w1[1,1] = 0.3", "b1[1] = 9"]\n')
    state = run_of(lesson, 0)
    assert state.at.trace.before.weights[0].tolist() == [[0.3]]
    assert state.at.trace.before.biases[0].tolist() == [1.0]
    assert (state.at.place, state.ref) == ((1, 0), None)


def test_a_step_is_at_its_moment() -> None:
    lesson = lesson_of(
        'say = "A."\nat = "3.backward"\nselect = "dw1[1,1]"',
        'say = "A."\nat = 3',
        'say = "A."\nat = "2.z.1.1"\nask = "a1[1]"',
    )
    states = [run_of(lesson, index) for index in range(3)]
    assert [(state.at.updates, state.run.finished) for state in states] == [(2, 2), (3, 3), (1, 1)]
    assert [state.at.place for state in states] == [(3, 7), (3, 8), (2, 1)]
    assert [state.ref for state in states] == [Ref("dw"), None, Ref("a")]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('set = ["w1[1,1] = 1", "w9[1,1] = 1"]', 'steps[0].set[1]: "w9[1,1]" does not exist: the network'),
        ('at = "1.z.2"', "steps[0].at: the network has only layer 1."),
        ('set = ["activation 1 = identity", "eta = 1e200"]\nat = 5', "steps[0].at: training diverged before pass 5:"),
        ('select = "q7"', 'steps[0].select: "q7" is not the name of a number;'),
        ('ask = "z1[2]"', 'steps[0].ask: "z1[2]" does not exist: layer 1 has only unit 1.'),
    ],
)
def test_states_that_do_not_exist(step: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        run_of(step_of(step), 0)
    assert str(error.value).startswith(f"t.toml: {problem}")


def test_a_moment_that_takes_long_to_reach_is_refused() -> None:
    large = HEAD.replace('"neuron"', '"digits"')
    with pytest.raises(InputError) as error:
        run_of(step_of("at = 20000", large + 'set = ["batch = full"]\n'), 0)
    assert str(error.value).startswith(
        "t.toml: steps[0].at: this network is too large for so many updates; go to pass "
    )
    assert run_of(step_of("at = 2", large), 0).at.updates == 2


@pytest.mark.parametrize("name", ["w1[1,1]", "x1", "z1[1]"])
def test_a_number_that_is_computed_is_not_asked_for(name: str) -> None:
    at = run_of(step_of('at = "1.z"'), 0).at
    with pytest.raises(InputError) as error:
        asked_ref(Ask(name), at)
    assert str(error.value).startswith(f'"{name}" is computed already at this step')
    assert asked_ref(Ask("a1[1]"), at) == Ref("a")


def test_a_step_has_the_same_state_from_both_sides() -> None:
    for lesson in shipped_lessons():
        steps = range(len(lesson.steps))
        forward = [run_of(lesson, index) for index in steps]
        backward = [run_of(lesson, index) for index in reversed(steps)][::-1]
        for one, other in zip(forward, backward, strict=True):
            assert (one.at.place, one.at.updates, one.ref) == (other.at.place, other.at.updates, other.ref), lesson.id
            assert np.array_equal(one.at.state.array, other.at.state.array), lesson.id
            assert np.array_equal(one.at.trace.x, other.at.trace.x), lesson.id
