"""The commands of the practice mode: begin, answer, go to the next question or exercise, leave with a summary."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from nn_tui.core.marking.marks import Mark
from nn_tui.core.practice.exercises import generate
from nn_tui.core.practice.names import LEVELS, TOPICS
from nn_tui.core.translation import message
from nn_tui.tui.actions.saved_session import show_experiment
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.screens.practice import LevelDialog, SummaryDialog, TopicDialog
from nn_tui.tui.session import exercise as exercise_moves
from nn_tui.tui.session import practice as moves
from nn_tui.tui.session import stepping
from nn_tui.tui.session.practice_answers import answer as marked
from nn_tui.tui.session.practice_answers import mark_of_answer, mark_of_reveal
from nn_tui.tui.session.practice_answers import reveal as revealed
from nn_tui.tui.session.practice_state import Exercise, Practice
from nn_tui.tui.session.session import with_message
from nn_tui.tui.widgets.answer_line import AnswerLine
from nn_tui.tui.widgets.choice_line import ChoiceLine


async def choose_level(screen: SessionScreen) -> None:
    """Ask for the level, and begin to practise."""
    await screen.pause()
    if screen.session.lesson is not None:
        text = message("A lesson asks its own questions: `esc` leaves it, then `Q` begins to practise.")
        screen.show(with_message(screen.session, text))
        return
    practice = screen.session.practice
    answer = await screen.ask(LevelDialog("formula" if practice is None else practice.level))
    level = next((each for each in LEVELS if each == answer), None)
    if level is None:
        return
    digits = Practice().digits if practice is None else practice.digits
    exercise = None if practice is None else practice.exercise
    screen.show(moves.start_practice(screen.session, level, digits, exercise))
    await next_stop(screen)


async def next_stop(screen: SessionScreen) -> None:
    """Go to the next stop; in an exercise to the next question, and after the last one to the next exercise."""
    practice = screen.session.practice
    exercise = None if practice is None else practice.exercise
    if practice is None or exercise is None or practice.question is not None:
        await screen.apply_move(stepping.next_stop)
    elif exercise_moves.has_next_question(screen.session):
        await screen.apply_move(exercise_moves.next_exercise_stop)
    else:
        open_exercise(screen, replace(exercise, number=exercise.number + 1), practice)


def open_exercise(screen: SessionScreen, exercise: Exercise, practice: Practice) -> None:
    """Show an exercise with its first question."""
    experiment = generate(exercise.topic, exercise.seed, exercise.number, practice.digits)
    show_experiment(screen, experiment)
    practice = replace(practice, question=None, is_typing=False, exercise=exercise)
    session = replace(screen.session, practice=practice, lesson=None, notes=False, zoom="operation")
    screen.show(exercise_moves.first_question(exercise_moves.begin_exercise(session)))


async def choose_topic(screen: SessionScreen) -> None:
    """Ask for the topic of exercises, and open the first one."""
    await screen.pause()
    open_topic(screen, await screen.ask(TopicDialog()), screen.session.practice or Practice())


def open_topic(screen: SessionScreen, answer: str | None, practice: Practice) -> None:
    """Open the first exercise of the topic that was chosen in a dialog, if one was."""
    topic = next((each for each in TOPICS if each == answer), None)
    if topic is not None:
        open_exercise(screen, Exercise(topic, screen.session.experiment.seed), practice)


async def answer(screen: SessionScreen, text: str) -> None:
    """Mark what was typed in the answer line, and write the mark to the results; between two questions ask the next."""
    if screen.session.practice is not None and screen.session.practice.question is None:
        await next_stop(screen)
        return
    async with screen.paused():
        results = screen.results
        mark = None if results is None else mark_of_answer(screen.session, text, results.student)
        screen.show(marked(screen.session, text))
    await _add_result(screen, mark)


async def submit(screen: SessionScreen) -> None:
    """Submit the answer line, as enter does in it."""
    line = screen.query_one(ChoiceLine if screen.session.practice is None else AnswerLine)
    await line.action_submit()


async def reveal(screen: SessionScreen) -> None:
    """Show the number of the question."""
    async with screen.paused():
        mark = None if screen.results is None else mark_of_reveal(screen.session, screen.results.student)
        screen.show(revealed(screen.session))
    await _add_result(screen, mark)


async def _add_result(screen: SessionScreen, mark: Mark | None) -> None:
    """Write a mark to the results, if there are any, and say if that fails."""
    if screen.results is None or mark is None:
        return
    problem = await asyncio.to_thread(screen.results.add, mark)
    if problem is not None:
        screen.show(with_message(screen.session, problem))


async def leave(screen: SessionScreen) -> None:
    """Leave the practice mode with a summary, which offers exercises on what was weak."""
    practice = screen.session.practice
    if practice is None:
        screen.show(with_message(screen.session, message("You are not practising: `Q` begins.")))
        return
    screen.show(moves.end_practice(screen.session))
    if practice.results:
        optimizer = screen.session.experiment.training.optimizer.name
        chosen = await screen.ask(SummaryDialog(practice.results, optimizer))
        open_topic(screen, chosen, replace(practice, results=()))
