"""The progress in lessons: where a lesson goes on, and which one follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import lesson_ids, load_lesson
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.practice_state import Outcome


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """The progress in one lesson.

    Attributes:
        is_done: Whether the end was reached with every question answered.
        next_step: The index of the step with which the lesson goes on.
        outcomes: How each question ended at best, by the index of its step.
    """

    is_done: bool = False
    next_step: int = 0
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)

    @property
    def score(self) -> int:
        """The number of questions that were right at once."""
        return sum(outcome == "at once" for outcome in self.outcomes.values())


def progress_of(state: LessonState) -> LessonProgress:
    """Return the progress that a lesson on screen shows."""
    if not state.is_at_end:
        return LessonProgress(False, state.index, state.outcomes)
    open_steps = state.open_steps
    return LessonProgress(not open_steps, open_steps[0] if open_steps else 0, state.outcomes)


def lesson_key(lesson: Lesson) -> str:
    """Return the name by which the progress in a lesson is kept: its id, or the path of a file that is not shipped."""
    return lesson.id if lesson.chapter or lesson.path is None else str(lesson.path.absolute())


def first_undone(progress: Mapping[str, LessonProgress]) -> str:
    """Return the id of the first shipped lesson that is not done; of the first one if all are done."""
    ids = lesson_ids()
    return next((id for id in ids if id not in progress or not progress[id].is_done), ids[0])


def lesson_after(lesson: Lesson) -> Lesson | None:
    """Return the shipped lesson that follows a shipped one; None after the last one, and for a file."""
    ids = lesson_ids()
    index = ids.index(lesson.id) + 1 if lesson.chapter and lesson.id in ids else len(ids)
    return load_lesson(ids[index]) if index < len(ids) else None
