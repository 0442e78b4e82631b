"""Tests of the text of a lesson."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from nn_tui.core.lesson.loader import load_lesson
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session.lesson_answers import choose_answer, give_up, show_hint
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import lesson
from tests._app import DARK
from tests.tui._lessons import session_at, small_lesson

LESSON = small_lesson()
STATES = {
    "says": session_at(LESSON, 0),
    "asks": session_at(LESSON, 1),
    "choice": session_at(LESSON, 2),
    "hint": show_hint(session_at(LESSON, 2)),
    "wrong": choose_answer(session_at(LESSON, 2), "a"),
    "right": choose_answer(session_at(LESSON, 2), "B"),
    "task": session_at(LESSON, 4),
    "solution": give_up(session_at(LESSON, 4)),
}


def text_of(session: Session, width: int = 77, height: int = 9) -> str:
    lines = lesson.draw(session, DARK, width, height)
    assert len(lines) == height and all(line.cell_length == width for line in lines)
    return "\n".join(line.text.rstrip() for line in lines).rstrip()


def test_a_step_with_a_choice() -> None:
    assert text_of(STATES["choice"]).split("\n") == [
        "A small lesson" + " " * 48 + "‹ step 3 of 5 ›",
        "Is the bias above or below 0?",
        "  A  Above.",
        "  B  Below.",
    ]
    assert text_of(STATES["wrong"]).split("\n")[2:] == ["✗ A  Above.", "  B  Below.", "Not A. It is −1.5."]
    assert text_of(STATES["right"]).split("\n")[2:] == ["  A  Above.", "✓ B  Below.", "It is −1.5, which is below 0."]
    assert text_of(STATES["hint"]).split("\n")[-1] == "Hint: Look at its sign."


def test_a_task_and_its_solution() -> None:
    assert "○ Task: loss < 0.003, after at most 20 updates." in text_of(STATES["task"])
    assert "One solution: press e and type eta = 2." in text_of(STATES["solution"])
    assert "○ Task: loss < 0.003" in text_of(STATES["solution"]), "a task that was given up is not done"


def test_a_solution_of_several_changes_is_one_text_for_e() -> None:
    nand = load_lesson("line")
    shown = text_of(give_up(session_at(nand, len(nand.steps) - 1)))
    assert "One solution: press e and type w1 = [[-1, -1]]; b1 = 1.5." in shown


def test_keys_are_highlighted() -> None:
    line = lesson.draw(STATES["task"], DARK, 77, 9)[1]
    assert "`" not in line.text
    strip = lesson.draw(session_at(LESSON, 3), DARK, 77, 9)[1]
    assert next(segment.text for segment in strip if segment.style == DARK.style("accent")) == "f"


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("width", [8, 20, 36, 77, 150])
def test_all_lines_are_counted(name: str, width: int) -> None:
    session, palette = STATES[name], get_palette("dark", ascii=True)
    count = lesson.count_lines(session, palette.glyphs, width)
    lines = [line.text for line in lesson.draw(session, palette, width, count + 3)]
    assert not any(line.strip() for line in lines[count:]) and lines[count - 1].strip()
    assert all(line.isascii() and cell_len(line) == width for line in lines)
    if count > 1:
        assert lesson.draw(session, palette, width, count - 1)[-1].text.strip(" .") == "", "an ellipsis"


def test_the_signs_at_the_step_lead_to_its_neighbours() -> None:
    session = STATES["choice"]
    hits = [lesson.hit(session, DARK.glyphs, 77, x, 0) for x in (10, 62, 76)]
    assert hits == [None, "lesson_back", "lesson_next"]
    assert lesson.hit(session, DARK.glyphs, 77, 76, 1) is None
