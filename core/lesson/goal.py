"""When a task of a lesson is done, and the state in which its solution does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

import numpy as np

from nn_tui.core.data.features import network_inputs
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.moments import cursor_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.condition import Condition
from nn_tui.core.lesson.lesson import Do, Goal, Lesson, Reach, Separates, Until
from nn_tui.core.lesson.located import located
from nn_tui.core.lesson.names import Gate
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.lesson.state import StepState, run_of
from nn_tui.core.run.metrics import predict
from nn_tui.core.run.moment import go_to_moment
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message

GoalCheck = Callable[[Trace], bool]
"""Returns whether a training has reached its goal with a pass."""
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
"""The inputs of a gate: its four pairs of 0 and 1."""
GATE_OUTPUTS: Mapping[Gate, tuple[float, ...]] = {
    "AND": (0.0, 0.0, 0.0, 1.0),
    "OR": (0.0, 1.0, 1.0, 1.0),
    "NAND": (1.0, 1.0, 1.0, 0.0),
    "XOR": (0.0, 1.0, 1.0, 0.0),
}
"""The outputs of each gate for ``CORNERS``."""


def is_met(goal: Goal, at: PassCursor, start_updates: int = 0) -> bool:
    """Return whether a task is done at a cursor in a pass.

    A number that the pass has not computed, or that the network does not have, does no task.

    Args:
        goal: When the task is done.
        at: The cursor.
        start_updates: The number of updates at the moment of the step, from which ``within`` counts.
    """
    with suppress(InputError):
        match goal:
            case Reach(moment):
                return at.place[0] > moment.update or at.place >= (moment.update, cursor_of(moment, at.steps))
            case Until(condition, within):
                return _is_in_time(within, at, start_updates) and condition.holds(at)
            case Separates(gate, within):
                return _is_in_time(within, at, start_updates) and separates(gate, at)
    return False


def condition_check(condition: Condition, run: Run) -> GoalCheck:
    """Return a function that tells for a pass of a run whether a condition holds after its update.

    A condition that names a number which the network or the data does not have never holds. A thread may call the
    function while it trains the run.
    """
    goal = Until(condition)
    return lambda trace: is_met(goal, PassCursor.at_end(run.segment(trace.update - 1).engine, trace))


def _is_in_time(within: int | None, at: PassCursor, start_updates: int) -> bool:
    return within is None or at.updates - start_updates <= within


def separates(gate: Gate, at: PassCursor) -> bool:
    """Return whether the parameters in force predict the outputs of a gate for its four pairs of inputs.

    If the inputs or targets of the data are −1 and 1, the gate is written with −1 and 1 too.

    Raises:
        InputError: The network does not have two inputs and one output.
    """
    data, coding = at.engine.experiment.data, at.engine.coding
    if data.points.shape[1] != 2 or at.engine.sizes[-1] != 1:
        problem = message("a gate needs a network with two inputs and one output.")
        raise InputError("wrong_shape", problem, value=gate)
    points = 2.0 * CORNERS - 1.0 if np.isin(data.points, (-1.0, 1.0)).all() else CORNERS
    targets = np.array(GATE_OUTPUTS[gate])[:, None]
    if coding == "plus_minus":
        targets = 2.0 * targets - 1.0
    prediction = predict(at.engine, at.state, network_inputs(data, points))
    return not wrong_rows(prediction, targets, "plus_minus" if coding == "plus_minus" else "zero_one").any()


def solve(lesson: Lesson, index: int) -> StepState | None:
    """Return the state in which the solution of a task has done it; None if the solution does not do it.

    The changes of the solution are made at the moment of the step, at the same cursor. If the task is not done then,
    the run goes to the moment to reach, or trains until the condition holds: for as many updates as the task allows,
    and without such a limit to the end of the pass.

    Args:
        lesson: The lesson.
        index: The index of a step with a task, from 0.

    Raises:
        InputError: The changes do not fit the network, or the run does not get to the moment.
    """
    question = lesson.steps[index].question
    if not isinstance(question, Do):
        raise TypeError(f"step {index} has no task")
    state = run_of(lesson, index)
    run, at, start = state.run, state.at, state.at.updates
    for number, change in enumerate(question.solution):
        with located(("steps", index, "solution", number), lesson.file):
            run = apply_edit(change, run, start)
    update, cursor = at.place
    if run is not state.run:
        update = start + 1
        cursor = 0 if at.is_complete or run.engine.sizes != at.engine.sizes else cursor
    goal = question.goal
    if isinstance(goal, Reach):
        with located(("steps", index, "do", "reach"), lesson.file):
            update, cursor = go_to_moment(run, goal.moment)
        return StepState(run, _at(run, update, cursor), state.ref)
    found = first_met(goal, run, update, cursor, start)
    if found is None and goal.within is not None:
        found = _train_until(goal, run, start)
    return None if found is None else StepState(run, found, state.ref)


def first_met(goal: Goal, run: Run, update: int, cursor: int, start_updates: int = 0) -> PassCursor | None:
    """Return the first cursor of a pass, from ``cursor`` on, at which a task is done; None if there is none."""
    at = _at(run, update, cursor)
    stops = [cursor, *(stop for stop in at.steps.stops["operation"] if stop > cursor)]
    places = (PassCursor(at.engine, at.trace, stop) for stop in stops)
    return next((place for place in places if is_met(goal, place, start_updates)), None)


def _at(run: Run, update: int, cursor: int) -> PassCursor:
    """Return a cursor in a pass of a run; the pass is held."""
    trace = run.trace(update)
    return PassCursor(run.segment(update - 1).engine, trace, cursor)


def _train_until(goal: Until | Separates, run: Run, start_updates: int) -> PassCursor | None:
    """Train until a task is done after an update; return None if that takes too many updates."""
    engine, met = run.engine, []

    def check(trace: Trace) -> bool:
        if is_met(goal, PassCursor.at_end(engine, trace), start_updates):
            met.append(trace.update)
        return False

    run.goto(start_updates)
    run.train(goal.within, should_stop=lambda: bool(met), publish=check)
    return _at(run, met[0], _at(run, met[0], 0).steps.end) if met else None
