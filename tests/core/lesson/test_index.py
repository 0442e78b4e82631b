"""Tests of the reverse index."""

from __future__ import annotations

from nn_tui.core.lesson.index import lessons_about
from nn_tui.core.lesson.loader import shipped_lessons


def test_a_word_leads_to_the_steps_that_teach_it() -> None:
    lesson, index, word = next(
        (lesson, index, word)
        for lesson in shipped_lessons()
        for index, step in enumerate(lesson.steps)
        for word in step.teaches
    )
    first = lessons_about(word)[0]
    assert (first.lesson, first.step) == (lesson, index)
    assert lessons_about(f" {word.upper()} ") == lessons_about(word.replace(" ", "_")) == lessons_about(word)
    assert lessons_about("no such word") == ()


def test_every_taught_word_is_found_once_for_each_lesson() -> None:
    for lesson in shipped_lessons():
        for word in {word for step in lesson.steps for word in step.teaches}:
            places = [place for place in lessons_about(word) if place.lesson.id == lesson.id]
            assert len(places) == 1 and word in lesson.steps[places[0].step].teaches
