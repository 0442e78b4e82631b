"""The state of a step of a lesson: a run, a pass, a cursor in it, and the selected number."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.engine.moments import Moment
from nn_tui.core.errors import InputError, KeyPath, locate_errors
from nn_tui.core.lesson.lesson import Ask, Lesson
from nn_tui.core.lesson.limits import MAX_STEP_EFFORT
from nn_tui.core.lesson.located import located
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.moment import go_to_moment
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote
from nn_tui.core.translation import message


@dataclass(frozen=True, slots=True, eq=False)
class StepState:
    """A run at a cursor in one of its passes.

    Attributes:
        run: The run.
        at: The pass, which is held, and the cursor.
        ref: The selected number; None if the step does not name one.
    """

    run: Run
    at: PassCursor
    ref: Ref | None


def run_of(lesson: Lesson, index: int) -> StepState:
    """Return the state of a step. It depends on nothing but the lesson, so it is the same whenever it is entered.

    The trace of the pass is held; release it with ``Run.release`` when it is no longer shown.

    Args:
        lesson: The lesson.
        index: The index of the step, from 0.

    Raises:
        InputError: The changes do not fit the network, or the run does not get to the moment of the step.
    """
    step = lesson.steps[index]
    path: KeyPath = ("steps", index)
    with locate_errors(file=lesson.file):
        run = Run.start(load_experiment(lesson.preset))
        run = _changed(run, lesson.changes, ("set",))
        run = _changed(run, step.changes, (*path, "set"))
        with located((*path, "at"), lesson.file):
            _check_effort(run, step.moment)
            update, cursor = go_to_moment(run, step.moment)
        trace = run.trace(update)
        at = PassCursor(run.segment(update - 1).engine, trace, cursor)
        ref = None
        name, key = (step.select, "select") if step.select else ("", "")
        if not name and isinstance(step.question, Ask):
            name, key = step.question.quantity, "ask"
        if name:
            with located((*path, key), lesson.file):
                ref = at.ref(name)
    return StepState(run, at, ref)


def asked_ref(ask: Ask, at: PassCursor) -> Ref:
    """Return the address of the number that a question asks for.

    Raises:
        InputError: There is no such number, or the pass has computed it already.
    """
    ref = at.ref(ask.quantity)
    if at.is_known(ref):
        problem = message(
            "{name} is computed already at this step, so it is on the screen; choose an earlier moment (at).",
            name=quote(ask.quantity),
        )
        raise InputError("conflict", problem, value=ask.quantity)
    return ref


def _check_effort(run: Run, moment: Moment) -> None:
    """Raise InputError if the network is so large that a person would wait for the moment."""
    limit = MAX_STEP_EFFORT // max(1, run.engine.batch * run.engine.parameters)
    if moment.update > max(1, limit):
        problem = message(
            "this network is too large for so many updates; go to pass {max:,} at most.", max=max(1, limit)
        )
        raise InputError("too_large", problem, value=moment.update)


def _changed(run: Run, changes: tuple[str, ...], path: KeyPath) -> Run:
    """Return the run with changes at its start, made in their order."""
    from nn_tui.core.edits.at_start import start_with

    for index, change in enumerate(changes):
        with located((*path, index)):
            run = start_with(run, [change])
    return run
