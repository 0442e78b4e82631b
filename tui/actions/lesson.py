"""The commands of a lesson: open one, go through its steps, give up, leave."""

from __future__ import annotations

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.index import LessonPlace
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import load_lesson
from nn_tui.core.translation import message
from nn_tui.tui.actions import practice
from nn_tui.tui.actions.saved_session import keep_session
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.registry import show_next_view
from nn_tui.tui.session import lesson as moves
from nn_tui.tui.session import lesson_answers, stepping
from nn_tui.tui.session.lesson_progress import LessonProgress, first_undone, lesson_after, lesson_key
from nn_tui.tui.session.presenting import has_hidden_answer
from nn_tui.tui.session.session import Session, with_message


async def next_step(screen: SessionScreen) -> None:
    """Go to the next step; at the end of a lesson, open the next lesson; on a projector show a hidden answer first."""
    session = screen.session
    if session.is_presented and session.lesson is None:
        await screen.apply_move(stepping.next_stop)
        return
    async with screen.paused():
        if session.is_presented and has_hidden_answer(screen.session):
            screen.show(lesson_answers.give_up(screen.session))
            return
        state = screen.session.lesson
        following = lesson_after(state.lesson) if state is not None and state.is_at_end else None
        if following is not None:
            show_lesson(screen, following)
        else:
            screen.show(moves.next_step(screen.session))


async def previous_step(screen: SessionScreen) -> None:
    """Go to the step before; on a projector without a lesson, to the stop before."""
    if screen.session.is_presented and screen.session.lesson is None:
        await screen.apply_move(stepping.previous_stop)
        return
    async with screen.paused():
        screen.show(moves.previous_step(screen.session))


async def restart(screen: SessionScreen) -> None:
    """Go to the start of the run; in a lesson, back to the step as it was given."""
    if screen.session.lesson is None:
        await screen.apply_move(stepping.restart)
        return
    async with screen.paused():
        screen.show(moves.step_again(screen.session))


async def give_up(screen: SessionScreen) -> None:
    """Show the answer or the solution of the open question."""
    async with screen.paused():
        screen.show(lesson_answers.give_up(screen.session))


async def reveal(screen: SessionScreen) -> None:
    """Show the number of the practice mode, or the answer of a lesson."""
    if screen.session.lesson is None:
        await practice.reveal(screen)
    else:
        await give_up(screen)


def hint_or_next_view(session: Session) -> Session:
    """Return the session with the hint of its task; with the next view if there is none, or if it is shown."""
    return lesson_answers.show_hint(session) if lesson_answers.has_hint(session) else show_next_view(session)


async def leave(screen: SessionScreen) -> None:
    """Leave the lesson; the network stays on screen."""
    async with screen.paused():
        if screen.session.lesson is None:
            screen.show(with_message(screen.session, message("This is no lesson: `o` opens one.")))
        else:
            screen.show(moves.leave_lesson(screen.session))


async def learn(screen: SessionScreen) -> None:
    """Open the first lesson that is not done."""
    store = screen.lesson_follower.store
    await open_lesson(screen, first_undone({} if store is None else store.read()))


async def open_lesson(screen: SessionScreen, name: str) -> None:
    """Open a lesson by its id or its file where it was left; if it is invalid, show why and change nothing."""
    async with screen.paused():
        try:
            show_lesson(screen, load_lesson(name))
        except InputError as error:
            screen.show(with_message(screen.session, str(error)))


async def open_place(screen: SessionScreen, place: LessonPlace) -> None:
    """Open a lesson at a step."""
    async with screen.paused():
        store = screen.lesson_follower.store
        progress = {} if store is None else store.read()
        outcomes = progress.get(lesson_key(place.lesson), LessonProgress()).outcomes
        _show(screen, moves.open_step(screen.session, place.lesson, place.step, outcomes))


def show_lesson(screen: SessionScreen, lesson: Lesson) -> None:
    """Keep the session on screen, and show a lesson where it was left.

    Raises:
        InputError: The step does not fit the network of the lesson.
    """
    store = screen.lesson_follower.store
    _show(screen, moves.open_where_left(screen.session, lesson, {} if store is None else store.read()))


def _show(screen: SessionScreen, opened: Session) -> None:
    """Keep the session on screen, and show another one."""
    screen.show(with_message(opened, keep_session(screen, opened.experiment.preset.id)))
