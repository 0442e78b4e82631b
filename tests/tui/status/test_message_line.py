"""Tests of the message line: a message without room for it is shown in its shorter form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.translation import message
from nn_tui.tui.session import branches
from nn_tui.tui.session.session import new_session, with_message
from nn_tui.tui.status import message_line
from tests._app import DARK, AppTester, experiment, in_app
from tests.tui._lessons import session_at, small_lesson

LONG = message("The first form says everything: where, what and why.")
MIDDLE = message("The second form says what: `f` runs it.")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (53, "The first form says everything: where, what and why."),
        (52, "The second form says what: f runs it."),
        (38, "The second form says what: f runs it."),
        (37, "Third form."),
        (12, "Third form."),
    ],
)
def test_the_longest_form_that_fits_is_shown(width: int, shown: str) -> None:
    text = LONG.or_shorter(MIDDLE.or_shorter(message("Third form.")))
    (line,) = message_line.draw(with_message(new_session(experiment("xor")), text), DARK, width, 1)
    assert line.text.strip() == shown and line.cell_length == width


def test_a_message_has_its_forms_from_the_longest_to_the_shortest() -> None:
    assert LONG.or_shorter(MIDDLE).forms == (LONG.or_shorter(MIDDLE), MIDDLE)
    assert LONG.forms == (LONG,)


@pytest.mark.parametrize(
    ("keys", "point"),
    [
        (["<"], "`;` highlights a number, `>` selects it."),
        (["B"], "`B` shows one sample again."),
        (["n", "Y"], "if your terminal supports OSC 52."),
    ],
)
def test_messages_keep_their_point_at_eighty_columns(keys: list[str], point: str) -> None:
    @in_app("xor", (80, 24))
    async def play(tester: AppTester) -> None:
        await tester.press(*keys)
        await tester.wait_until(lambda: tester.text("message").endswith(point.replace("`", "")))

    play()


@in_app("xor", (80, 24))
async def test_the_result_of_the_gradient_check_keeps_its_point_at_eighty_columns(tester: AppTester) -> None:
    await tester.press("f", "b", "g")
    await tester.wait_until(lambda: len(tester.app.screen_stack) == 2)
    await tester.wait_until(lambda: "Gradients agree: 17 of 17 checked." in tester.text("message"))


def test_the_changes_of_a_lesson_are_not_announced_but_those_of_the_learner_are() -> None:
    given = session_at(small_lesson(), 3)
    (line,) = message_line.draw(given, DARK, 80, 1)
    assert line.text.strip() == "ctrl+r shows a solution; 0 starts the task again."
    changed = branches.show_edited(given, apply_edit("b1 = 0", given.run, 0))
    (line,) = message_line.draw(replace(changed, message=""), DARK, 80, 1)
    assert line.text.strip() == "Changed here: b1[1] = 0. f goes on, ⌫ undoes the change."


def test_a_question_of_a_lesson_says_how_to_answer() -> None:
    (line,) = message_line.draw(session_at(small_lesson(), 1), DARK, 80, 1)
    assert line.text.strip() == "Type your answer and press enter. tab gives a hint, ctrl+r shows the number."
