"""Tests of tasks: when they are done, and the state in which their solution does them."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.engine.moments import parse_moment
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.condition import parse_condition
from nn_tui.core.lesson.goal import is_met, separates, solve
from nn_tui.core.lesson.lesson import Reach, Separates, Until
from nn_tui.core.lesson.names import GATES, Gate
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.lesson.state import run_of
from nn_tui.core.preset.loader import load_experiment, open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, LayerSpec, Preset
from tests.core.lesson._lessons import HEAD, step_of

AND_HEAD = HEAD.replace('"neuron"', '"and"')


def at_start(preset: str, *changes: str) -> PassCursor:
    run = start_with(Run.start(open_experiment(preset)), changes)
    return PassCursor(run.engine, run.trace(1), 0)


@pytest.mark.parametrize(
    ("place", "met"),
    [((1, 99), False), ((2, 2), False), ((2, 3), True), ((2, 8), True), ((3, 0), True)],
)
def test_a_moment_is_reached_there_and_later(place: tuple[int, int], met: bool) -> None:
    run = Run.start(open_experiment("neuron"))
    run.goto(3)
    at = PassCursor(run.engine, run.trace(place[0]), place[1])
    assert is_met(Reach(parse_moment("2.loss")), at) is met


def test_a_condition_holds_within_a_number_of_updates() -> None:
    run = Run.start(open_experiment("neuron"))
    run.goto(30)
    trace = run.trace(30)
    end = PassCursor(run.engine, trace, 8)
    condition = parse_condition("loss < 0.1")
    assert is_met(Until(condition), end)
    assert is_met(Until(condition, 30), end)
    assert not is_met(Until(condition, 29), end)
    assert is_met(Until(condition, 29), end, start_updates=1)
    assert not is_met(Until(condition), PassCursor(run.engine, trace, 0))  # this pass has no loss yet
    assert not is_met(Until(parse_condition("z9[9] > 0")), end)


@pytest.mark.parametrize(
    ("weights", "bias", "gate"),
    [("1 1", -1.5, "AND"), ("1 1", -0.5, "OR"), ("-1 -1", 1.5, "NAND"), ("1 -1", -0.5, None)],
)
@pytest.mark.parametrize("preset", ["and", "xor-perceptron"])
def test_a_unit_separates_what_its_line_separates(preset: str, weights: str, bias: float, gate: Gate | None) -> None:
    at = at_start(preset, f"w1 = {weights}", f"b1[1] = {bias}")
    assert [name for name in GATES if separates(name, at)] == ([gate] if gate else [])
    assert is_met(Separates("AND"), at) is (gate == "AND")


def test_gates_for_data_of_minus_one_and_one() -> None:
    data = DataSpec(inputs=((-1, -1), (-1, 1), (1, -1), (1, 1)), targets=((-1,), (-1,), (-1,), (1,)))
    layer = LayerSpec(1, "tanh", weights=((1.0, 1.0),), bias=(-1.0,))
    run = Run.start(load_experiment(Preset("signs", "Signs", "", data, (layer,))))
    at = PassCursor(run.engine, run.trace(1), 0)
    assert [name for name in GATES if separates(name, at)] == ["AND"]


def test_a_gate_needs_two_inputs_and_one_output() -> None:
    assert not is_met(Separates("AND"), at_start("neuron"))
    with pytest.raises(InputError, match="two inputs and one output"):
        separates("AND", at_start("neuron"))


def test_a_solution_is_made_at_the_moment_of_the_step() -> None:
    lesson = step_of('at = "2.z"\ndo = { until = "z1[1] > 10" }\nsolution = ["w1[1,1] = 9"]')
    state = solve(lesson, 0)
    assert state is not None and state.at.place == (2, 1)
    assert state.at.trace.before.weights[0].tolist() == [[9.0]]
    assert solve(step_of('do = { until = "z1[1] > 10" }\nsolution = ["w1[1,1] = 1"]'), 0) is None


def test_a_solution_trains_as_long_as_the_task_allows() -> None:
    text = 'set = ["eta = 0.01"]\nat = "5"\ndo = {{ until = "loss < 0.1", within = {} }}\nsolution = ["eta = 2"]'
    state = solve(step_of(text.format(40)), 0)
    assert state is not None and state.at.trace.loss < 0.1
    before = state.run.trace(state.at.trace.update - 1)
    assert before.loss >= 0.1 and before.update > 5
    needed = state.at.updates - 5
    assert solve(step_of(text.format(needed)), 0) is not None
    assert solve(step_of(text.format(needed - 1)), 0) is None


def test_a_solution_that_only_trains_or_steps() -> None:
    trained = solve(step_of('do = { separates = "AND", within = 2000 }', AND_HEAD), 0)
    assert trained is not None and separates("AND", trained.at)
    reached = solve(step_of('do = { reach = "3.dw.1.1" }'), 0)
    assert reached is not None and (reached.at.place, reached.run.finished) == ((3, 6), 2)


def test_a_solution_that_does_not_fit() -> None:
    lesson = step_of('do = { until = "loss < 0.1" }\nsolution = ["eta = 1", "w2[1,1] = 3"]')
    with pytest.raises(InputError) as error:
        solve(lesson, 0)
    assert str(error.value) == 't.toml: steps[0].solution[1]: "w2[1,1]" does not exist: the network has only layer 1.'
    assert run_of(lesson, 0).at.place == (1, 0)
