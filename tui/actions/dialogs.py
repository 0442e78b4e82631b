"""The dialogs: go to an update, select by name, open a preset, check the gradients."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from textual.worker import Worker, WorkerCancelled, get_current_worker

from nn_tui.core.analysis.gradcheck import GradientCheck, gradient_check
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.condition import Condition
from nn_tui.core.lesson.loader import is_lesson, shipped_lessons
from nn_tui.core.limits import MAX_PASS
from nn_tui.core.preset.loader import is_table_name
from nn_tui.core.text import parse_int
from nn_tui.core.translation import message, tr
from nn_tui.tui.actions import practice, table
from nn_tui.tui.actions.lesson import open_lesson
from nn_tui.tui.actions.new_network import new_network
from nn_tui.tui.actions.running import start_running
from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.opened import opened_presets
from nn_tui.tui.screens.check import CheckScreen
from nn_tui.tui.screens.picker import COLUMNS, EXERCISES, LESSONS, NEW_NETWORK, Picker
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.session import goal, selection, stepping
from nn_tui.tui.session.session import Session, with_message
from nn_tui.tui.views import gradcheck


async def goto(screen: SessionScreen) -> None:
    """Ask for an update and go there, or for a goal and train until it holds."""
    await screen.pause()
    check = partial(_check_destination, screen.session)
    offered = goal.goal_to_offer(screen.last_goal, screen.session)
    prompt = TextPrompt(tr("Go to update or goal"), _destinations(screen.session), check, offered)
    answer = await screen.ask(prompt)
    if answer is None:
        return
    session, destination = screen.session, check(answer)
    if isinstance(destination, Condition):
        screen.last_goal = destination.text
        if goal.holds(destination, session):
            screen.show(goal.say_holds_already(session, destination))
        else:
            start_running(screen, goal.last_update(session), destination)
    elif destination <= session.run.reached:
        screen.show(stepping.goto(session, destination))
    else:
        screen.show(stepping.goto(session, session.run.reached))
        start_running(screen, destination)


def _destinations(session: Session) -> str:
    """Return what can be typed, with an example of a goal that fits the data."""
    last, example = session.run.finished, "accuracy >= 0.95"
    if session.engine.coding == "numbers":
        example = "r2 >= 0.95"
    if last:
        return tr(
            "0 is the start, {last:,} the last update so far. For a larger number the run is trained. "
            "For a goal, such as loss < 0.01 or {example}, it is trained until the goal holds; "
            "other names are train_loss, test_loss, test_accuracy, rmse, updates and learning_rate.",
            last=last, example=example,
        )  # fmt: skip
    return tr(
        "0 is the start. For a larger number the run is trained. "
        "For a goal, such as loss < 0.01 or {example}, it is trained until the goal holds; "
        "other names are train_loss, test_loss, test_accuracy, rmse, updates and learning_rate.",
        example=example,
    )


def _check_destination(session: Session, text: str) -> int | Condition:
    """Return the number of an update, or a goal.

    Raises:
        InputError: It is neither.
    """
    update = parse_int(text.replace(",", ""), 0, MAX_PASS)
    if update is not None:
        return update
    if set(text) & set("<>=!≤≥≠"):
        return goal.parse_goal(text, session)
    raise InputError(
        "out_of_range",
        message("Enter a whole number from 0 to {largest:,}, or a goal such as loss < 0.01.", largest=MAX_PASS),
    )


async def select_by_name(screen: SessionScreen) -> None:
    """Ask for the name of a number and select it."""
    await screen.pause()
    sizes = screen.session.engine.sizes
    example = f"w{len(sizes) - 1}[1,{min(3, sizes[-2])}]"

    answer = await screen.ask(
        TextPrompt(
            tr("Select"),
            tr(
                "A number by its name, such as {example}, b1[1], z1[1], dw1[1,1], x1, y1 (target), yhat1 "
                "(prediction) or loss; @3 after a name selects sample 3.",
                example=example,
            ),
            lambda text: selection.select_by_name(screen.session, text),
        )
    )
    if answer is not None:
        screen.apply_view_move(lambda s: selection.select_by_name(s, answer))


async def presets(screen: SessionScreen) -> None:
    """Show the presets and their notes, and open the one that is chosen."""
    await screen.pause()
    state, store = screen.session.lesson, screen.lesson_follower.store
    current = screen.session.experiment.preset if state is None else state.lesson
    if state is None and screen.offer is not None and screen.offer.lesson:  # the last thing was a lesson
        current = next((each for each in shipped_lessons() if each.title == screen.offer.lesson), current)
    progress = {} if store is None else store.read()
    chosen = await screen.ask(Picker(current, opened_presets(os.environ), screen.palette, progress))
    if chosen == NEW_NETWORK:
        await new_network(screen)
    elif chosen == EXERCISES:
        await practice.choose_topic(screen)
    elif chosen == LESSONS:
        await choose_lesson(screen)
    elif chosen is not None and is_lesson(chosen):
        await open_lesson(screen, chosen)
    elif chosen == COLUMNS:
        await table.table_columns(screen)
    elif chosen is not None and is_table_name(chosen):
        await table.open_table(screen, Path(chosen))
    elif chosen is not None:
        await open_preset(screen, chosen)


async def choose_lesson(screen: SessionScreen) -> None:
    """Show the lessons with what is done, and open the one that is chosen."""
    await screen.pause()
    state, store = screen.session.lesson, screen.lesson_follower.store
    current = screen.session.experiment.preset if state is None else state.lesson
    progress = {} if store is None else store.read()
    chosen = await screen.ask(Picker(current, (), screen.palette, progress, is_course=True))
    if chosen is not None:
        await open_lesson(screen, chosen)


async def check(screen: SessionScreen) -> None:
    """Check the gradients of the pass on screen; pressing the key again starts another check."""
    screen.run_worker(_check(screen), exclusive=True, group="check")


async def _check(screen: SessionScreen) -> None:
    await screen.pause()
    session = screen.session
    if session.cursor < session.pass_steps.after("backward"):
        screen.show(with_message(session, message("No gradients to check yet: run backward (`b`) first.")))
        return
    screen.show(with_message(session, message("Checking every gradient against finite differences…")))
    session.trace.refcount += 1  # so that stepping does not overwrite the pass while it is checked
    try:
        await _check_and_show(screen, session)
    finally:
        session.run.release(session.trace)


async def _check_and_show(screen: SessionScreen, session: Session) -> None:
    work = partial(_compute_check, session)
    worker: Worker[GradientCheck] = screen.run_worker(
        work, thread=True, exclusive=True, group="gradients", description="check the gradients"
    )
    try:
        result = await worker.wait()
    except WorkerCancelled:  # the key was pressed again, which started another check
        return
    screen.show(with_message(screen.session, gradcheck.sentence(result, session.trace.update)))
    if not screen.is_current:
        return
    row = await screen.ask(
        CheckScreen(
            lambda width: gradcheck.introduction(result, session, screen.palette, width),
            lambda width: gradcheck.parameter_lines(result, screen.palette, width),
            len(result.checks),
            screen.palette,
        )
    )
    if row is not None:
        screen.apply_view_move(lambda s: gradcheck.select_parameter(s, result, row, session.trace.update))


def _compute_check(session: Session) -> GradientCheck:
    worker = get_current_worker()
    return gradient_check(session.engine, session.trace, lambda: worker.is_cancelled)
