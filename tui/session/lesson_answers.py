"""The questions of a lesson: answers, hints, solutions, and tasks that are done when their goal is met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Ask, Choose, Do, Reach
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.lesson.text import fill
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message
from nn_tui.tui.session import practice
from nn_tui.tui.session.lesson import is_elsewhere
from nn_tui.tui.session.lesson_state import ANSWER_LETTERS, LessonState
from nn_tui.tui.session.practice_pass import revealed_message, right_message
from nn_tui.tui.session.practice_state import Outcome
from nn_tui.tui.session.session import Session, with_message


def follow_lesson(before: Session, session: Session) -> Session:
    """Return the session with the question of its lesson closed if it has been answered or done since ``before``."""
    state = session.lesson
    if state is None or state.is_at_end:
        return session
    if isinstance(state.question, Ask):
        return _take_answer(session, state)
    place, place_before = ((each.run, each.trace, each.cursor) for each in (session, before))
    is_moved = place != place_before or before.running  # the last frame of a training may show its end already
    task = state.step.question
    if not isinstance(task, Do) or not is_moved or (session.running and session.is_at_full_speed):
        return session
    if state.outcome is None:
        return _take_task(session, state, task)
    is_solved_late = state.outcome == "revealed" and not state.texts.solved and is_task_done(session, state, task)
    return finish_task(session, state, "revealed") if is_solved_late and state.step.solved else session


def _take_task(session: Session, state: LessonState, task: Do) -> Session:
    """Return the session with the task closed if it is done, or with a message if there is no time left for it."""
    if is_task_done(session, state, task):
        return finish_task(session, state, "later" if state.shows_hint else "at once")
    last = _last_update(state, task)
    if last is None or session.updates_done < last or is_elsewhere(session):
        return session
    if session.updates_done > last and session.message:  # what a later move says stays
        return session
    over = message("{updates:,} updates did not do it: `0` starts the task again.", updates=last - _start(state))
    return with_message(session, over)


def _start(state: LessonState) -> int:
    """Return the number of updates with which the step begins."""
    return 0 if state.given is None else state.given.updates


def _last_update(state: LessonState, task: Do) -> int | None:
    """Return the update after which there is no time left for a task; None if it has all time."""
    if isinstance(task.goal, Reach) or task.goal.within is None:
        return None
    return _start(state) + task.goal.within


def is_task_done(session: Session, state: LessonState, task: Do) -> bool:
    """Return whether the session meets the goal of the task on screen."""
    from nn_tui.core.lesson.goal import is_met

    return not is_elsewhere(session) and is_met(task.goal, pass_cursor(session), _start(state))


def task_check(session: Session) -> Callable[[Trace], bool] | None:
    """Return a function that tells for a later pass of the run whether its end does the task, or is too late for it.

    None if there is no task that training can do. A thread may call the function while it trains the run.
    """
    state, run = session.lesson, session.run
    if state is None or not isinstance(state.question, Do) or isinstance(state.question.goal, Reach):
        return None
    if is_elsewhere(session):
        return None
    from nn_tui.core.lesson.goal import is_met

    goal, start, last = state.question.goal, _start(state), _last_update(state, state.question)

    def is_over(trace: Trace) -> bool:
        at = PassCursor.at_end(run.segment(trace.update - 1).engine, trace)
        return trace.update == last or is_met(goal, at, start)

    return is_over


def pass_cursor(session: Session) -> PassCursor:
    """Return the place of the session in its pass."""
    return PassCursor(session.engine, session.trace, session.cursor)


def finish_task(session: Session, state: LessonState, outcome: Outcome) -> Session:
    """Return the session with the task closed, and what is shown after it with the numbers that did it."""
    try:
        solved = fill(state.step.solved, pass_cursor(session), must_be_known=False)
    except InputError:  # the network has been changed so that it has no such number
        solved = ""
    done = replace(session, lesson=replace(state, texts=replace(state.texts, solved=solved)))
    return finish_question(done, outcome, message("Done. `pgdn` goes on."))


def finish_question(session: Session, outcome: Outcome, text: Message) -> Session:
    """Return the session with the question closed; the outcome of a step that was answered before stays."""
    state = session.lesson
    assert state is not None
    outcomes = {**state.outcomes, state.index: state.outcomes.get(state.index, outcome)}
    closed = replace(state, outcome=outcome, outcomes=outcomes, is_typing=False)
    return replace(session, lesson=closed, message="" if session.is_presented else text)


def _take_answer(session: Session, state: LessonState) -> Session:
    """Return the session with the outcome of a number that was asked for, once the practice mode has it."""
    asked = session.practice
    if asked is None or asked.question is not None or not asked.results:
        return session
    outcome, following = asked.results[-1].outcome, message("`pgdn` goes on.")
    text = (revealed_message if outcome == "revealed" else right_message)(session, session.ref, following)
    if outcome == "at once" and state.shows_hint:
        outcome = "later"
    return finish_question(replace(session, practice=None), outcome, text)


def choose_answer(session: Session, text: str) -> Session:
    """Return the session after the letter of an answer was typed."""
    state = session.lesson
    if state is None or not isinstance(state.question, Choose):
        return session
    letters, typed = ANSWER_LETTERS[: len(state.texts.answers)], text.strip().upper()
    if not typed:
        return with_message(session, message("Type the letter of an answer, from A to {last}.", last=letters[-1]))
    if len(typed) != 1 or typed not in letters:
        problem = message(
            "Type the letter of an answer, from A to {last}, not {text}.", last=letters[-1], text=quote(text.strip())
        )
        return with_message(session, problem)
    index = letters.index(typed)
    if index == state.question.right:
        is_first = not state.chosen and not state.shows_hint
        text_right = message("Right: answer {letter}. `pgdn` goes on.", letter=typed)
        return finish_question(session, "at once" if is_first else "later", text_right)
    chosen = (*(each for each in state.chosen if each != index), index)
    again = message("Not yet. Choose another answer; `ctrl+r` shows the right one.")
    return replace(session, lesson=replace(state, chosen=chosen), message=again)


def show_hint(session: Session) -> Session:
    """Return the session with the hint of the step; after it, with the hints of the practice mode."""
    state = session.lesson
    if has_hint(session) and state is not None:
        return replace(session, lesson=replace(state, shows_hint=True), message="")
    if session.practice is not None:
        return practice.next_hint(session)
    if state is not None and state.question is not None and not state.texts.hint:
        return with_message(session, message("This step has no hint: `ctrl+r` shows the answer."))
    return with_message(session, message("There are no more hints: `ctrl+r` shows the answer."))


def has_hint(session: Session) -> bool:
    """Return whether the open question has a hint that is not shown yet."""
    state = session.lesson
    return state is not None and state.question is not None and bool(state.texts.hint) and not state.shows_hint


def has_solution(session: Session) -> bool:
    """Return whether the lesson has an open question."""
    return session.lesson is not None and session.lesson.question is not None


def give_up(session: Session) -> Session:
    """Return the session with the answer or the solution of the open question."""
    state = session.lesson
    if state is None or state.question is None:
        return with_message(session, message("There is no open question here."))
    if isinstance(state.question, Ask):
        from nn_tui.tui.session.practice_answers import reveal

        return reveal(session)
    if isinstance(state.question, Choose):
        text = message("Answer {letter} is right. `pgdn` goes on.", letter=ANSWER_LETTERS[state.question.right])
    else:
        text = message("This is a solution: try it, or go on with `pgdn`.")
    shown = replace(session, lesson=replace(state, shows_solution=True))
    return finish_question(shown, "revealed", text)


def leave_line(session: Session) -> Session:
    """Return the session with the keys of the screen; the question stays open."""
    state = session.lesson
    if state is None:
        return practice.leave_line(session)
    text = message("The question stays open: `0` returns to it, `esc` leaves the lesson.")
    if session.practice is not None:
        session = practice.leave_line(session)
    return replace(session, lesson=replace(state, is_typing=False), message=text)


def return_to_line(session: Session) -> Session:
    """Return the session with the keys in the answer line."""
    state = session.lesson
    if state is not None and isinstance(state.question, Choose):
        return replace(session, lesson=replace(state, is_typing=True))
    return practice.return_to_line(session)
