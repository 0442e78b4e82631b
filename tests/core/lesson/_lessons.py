"""Small lessons for tests."""

from __future__ import annotations

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.parser import parse_lesson

HEAD = 'kind = "lesson"\ntitle = "T"\nsummary = "S."\npreset = "neuron"\n'


def lesson_of(*steps: str, head: str = HEAD) -> Lesson:
    """Return a lesson with these steps; each is the text of its table."""
    return parse_lesson(head + "".join(f"[[steps]]\n{step}\n" for step in steps), id="t", file="t.toml")


def step_of(text: str, head: str = HEAD) -> Lesson:
    """Return a lesson of one step with a text and these other lines."""
    return lesson_of(f'say = "A text."\n{text}', head=head)
