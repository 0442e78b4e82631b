"""Follows the lesson on screen: closes its question when it is answered or done, and records the progress."""

from __future__ import annotations

from nn_tui.tui.background.trainer import Trainer
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.session.lesson_answers import follow_lesson
from nn_tui.tui.session.lesson_progress import LessonProgress, lesson_key, progress_of
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.session import Session, with_message


class LessonFollower:
    """Follows the lesson of a screen.

    Args:
        trainer: Runs the session of the screen; a run pauses when it has done a task.
        store: The file with the progress in lessons; None for none.

    Attributes:
        store: The file.
    """

    def __init__(self, trainer: Trainer, store: LessonStore | None) -> None:
        self.store = store
        self._trainer = trainer
        self._before: Session | None = None
        self._recorded: tuple[str, LessonProgress] | None = None

    def follow_lesson(self, session: Session) -> Session:
        """Return the session with its question closed if it has been answered or done; a run pauses then."""
        followed = session if self._before is None else follow_lesson(self._before, session)
        if followed is not session and followed.running:
            followed = self._trainer.pause_moves(followed)
        self._before = followed
        return followed

    def has_new_progress(self, session: Session) -> bool:
        """Return whether the lesson has come to another step or outcome than was recorded last."""
        return self.store is not None and session.lesson is not None and _progress(session.lesson) != self._recorded

    def record_progress(self, session: Session) -> Session:
        """Write how far the lesson has come, if that has changed."""
        if self.store is None or session.lesson is None or not self.has_new_progress(session):
            return session
        self._recorded = key, progress = _progress(session.lesson)
        problem = self.store.record(key, progress)
        return session if problem is None else with_message(session, problem)


def _progress(state: LessonState) -> tuple[str, LessonProgress]:
    """Return the key of a lesson and how far it has come."""
    return lesson_key(state.lesson), progress_of(state)
