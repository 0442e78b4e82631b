"""Tests of the moves of a lesson: each step gives its whole state, whatever was done before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.core.lesson.parser import parse_lesson
from nn_tui.core.lesson.text import number_text
from nn_tui.core.refs import Ref
from nn_tui.tui.keys.lesson_keys import acts_in_lesson
from nn_tui.tui.session import lesson as moves
from nn_tui.tui.session import stepping
from nn_tui.tui.session.lesson_answers import choose_answer, follow_lesson, give_up, leave_line, show_hint
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.practice_answers import answer
from nn_tui.tui.session.session import Session
from nn_tui.tui.status import footer, message_line
from nn_tui.tui.views import lesson as lesson_view
from tests._app import DARK
from tests.tui._lessons import TEXT, picture, session_at, small_lesson

LESSON = small_lesson()
STEPS = range(len(LESSON.steps))


def state_of(session: Session) -> LessonState:
    """Return the lesson of a session."""
    assert session.lesson is not None
    return session.lesson


@pytest.mark.parametrize("index", STEPS)
def test_a_step_is_the_same_from_both_sides_and_after_a_detour(index: int) -> None:
    direct = picture(session_at(LESSON, index))
    forward = session_at(LESSON)
    for _ in range(index):
        forward = moves.next_step(forward)
    backward = session_at(LESSON, len(LESSON.steps) - 1)
    for _ in range(len(LESSON.steps) - 1 - index):
        backward = moves.previous_step(backward)
    detour = stepping.whole_pass(stepping.whole_pass(replace(forward, tab="loss", batch=True, practice=None)))
    assert picture(forward) == picture(backward) == picture(moves.step_again(detour)) == direct
    assert moves.is_away(detour) and not moves.is_away(moves.step_again(detour))


def test_texts_have_the_numbers_of_the_state() -> None:
    assert state_of(session_at(LESSON)).texts.say == "The weight is 0.5, the input 2. Look at it with `/`."
    texts = state_of(session_at(LESSON, 2)).texts
    assert texts.reasons == ("It is −1.5.", "It is −1.5, which is below 0.")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('ask = "z1[1]"', 'ask = "w1[1,1]"', 'steps[1].ask: "w1[1,1]" is computed already'),
        ("then add the bias.", "then add {loss}.", 'steps[1]: "loss" is not computed yet'),
    ],
)
def test_a_step_that_does_not_fit_says_where(old: str, new: str, problem: str) -> None:
    lesson = parse_lesson(TEXT.replace(old, new), id="small", file="small.toml")
    with pytest.raises(InputError) as error:
        session_at(lesson, 1)
    assert str(error.value).startswith(f"small.toml: {problem}")
    session = moves.next_step(session_at(lesson))
    assert state_of(session).index == 0 and str(session.message).startswith(f"small.toml: {problem}")


def test_outcomes_of_steps_that_ask_nothing_are_left_out() -> None:
    session = moves.open_step(session_at(LESSON), LESSON, 0, {0: "later", 1: "at once", 99: "at once"})
    assert state_of(session).outcomes == {1: "at once"} and len(state_of(session).open_steps) == 3


def test_a_number_is_asked_for_as_in_practice() -> None:
    session = session_at(LESSON, 1)
    assert session.practice and session.practice.question and session.practice.question.ref == Ref("z")
    wrong = follow_lesson(session, answer(session, "1"))
    assert state_of(wrong).question is not None
    right = follow_lesson(wrong, answer(wrong, "-0.5"))
    assert (state_of(right).outcome, right.practice) == ("later", None)
    assert right.is_known(Ref("z")) and state_of(right).texts.solved == "So z is −0.5."
    assert str(right.message) == "Right: z₁[1] = −0.5000, right within ±0.000050. `pgdn` goes on."


def test_a_sign_that_is_asked_for_has_no_tolerance() -> None:
    text = TEXT.replace('ask = "z1[1]"', 'ask = { quantity = "z1[1]", level = "sign" }')
    session = session_at(parse_lesson(text, id="small", file="small.toml"), 1)
    right = follow_lesson(session, answer(session, "-"))
    assert str(right.message) == "Right: z₁[1] = −0.5000. `pgdn` goes on."


def test_a_wrong_choice_is_refused_with_its_reason() -> None:
    session = choose_answer(session_at(LESSON, 2), "a")
    assert state_of(session).chosen == (0,) and state_of(session).question is not None
    for text in ("C", "x", "ab", "2", "0.5"):
        refused = choose_answer(session, text)
        assert str(refused.message) == f"Type the letter of an answer, from A to B, not {text!r}.".replace("'", '"')
        assert state_of(refused).chosen == (0,)
    assert str(choose_answer(session, " ").message) == "Type the letter of an answer, from A to B."
    session = choose_answer(session, "b")
    assert (state_of(session).outcome, state_of(session).outcomes) == ("later", {2: "later"})
    assert choose_answer(session, "a") is session, "the question is closed"


def test_a_hint_makes_the_answer_a_later_one() -> None:
    assert state_of(choose_answer(session_at(LESSON, 2), "b")).outcome == "at once"
    assert state_of(choose_answer(show_hint(session_at(LESSON, 2)), "b")).outcome == "later"


def test_a_task_is_done_with_the_usual_keys() -> None:
    session = session_at(LESSON, 3)
    half = stepping.next_stop(session)
    assert state_of(follow_lesson(session, half)).question is not None
    done = follow_lesson(half, stepping.forward(half))
    assert state_of(done).outcome == "at once"
    assert state_of(done).texts.solved == f"The loss is {done.trace.loss:.4f}."


def test_a_task_of_a_step_that_changes_the_data_is_done_too() -> None:
    step = "say = 'Press `n`.'\nset = ['data = 1 -> 1; 2 -> 0']\ndo = { until = 'updates >= 1' }\n"
    lesson = parse_lesson(f"{TEXT}[[steps]]\n{step}", id="small", file="small.toml")
    session = session_at(lesson, len(LESSON.steps))
    done = follow_lesson(session, stepping.whole_pass(session))
    assert state_of(done).outcome == "at once"


def test_a_solution_is_shown_on_giving_up() -> None:
    shown = give_up(session_at(LESSON, 4))
    assert state_of(shown).shows_solution and state_of(shown).outcomes == {4: "revealed"}
    again = follow_lesson(shown, moves.step_again(shown))
    assert state_of(again).question is not None, "one may still try it"
    assert state_of(again).outcomes == {4: "revealed"}, "but the outcome stays"


def test_the_end_counts_the_answers() -> None:
    session = choose_answer(session_at(LESSON, 2), "b")
    session = moves.next_step(moves.next_step(moves.next_step(session)))
    state = state_of(session)
    assert state.is_at_end and len(state.open_steps) == 3 and state.count("at once") == 1
    assert moves.next_step(session) is session
    assert state_of(moves.previous_step(session)).index == 4


def test_the_end_names_the_next_lesson() -> None:
    def end_of(lesson: Lesson) -> str:
        last = session_at(lesson, len(lesson.steps) - 1)
        lines = lesson_view.draw(moves.next_step(last), DARK, 77, 14)
        return " ".join(line.text.strip() for line in lines)

    lessons = shipped_lessons()
    assert f"pgdn opens the next lesson: {lessons[1].title}." in end_of(lessons[0])
    assert "This was the last lesson." in end_of(lessons[-1])
    assert "Steps 2, 3, 4 and 5 are not answered yet: pgup goes back." in end_of(
        LESSON
    ) and "next lesson" not in end_of(LESSON)


def test_leaving_keeps_the_network() -> None:
    session = stepping.forward(session_at(LESSON, 3))
    left = moves.leave_lesson(session)
    assert left.lesson is None and left.trace is session.trace and left.cursor == session.cursor
    assert moves.next_step(left).lesson is None


def test_the_line_can_be_left() -> None:
    assert not state_of(leave_line(session_at(LESSON, 2))).is_typing
    asking = leave_line(session_at(LESSON, 1))
    assert asking.practice and not asking.practice.is_typing


def test_the_footer_has_the_keys_that_a_step_allows() -> None:
    keys = footer.draw(session_at(LESSON, 3), DARK, 120, 1)[0].text
    assert "f Forward" in keys and "pgdn pgup Lesson" in keys and "q Quit" in keys
    assert "Run" not in keys and "Edit" not in keys


def test_the_message_line_says_how_to_go_on_and_not_what_the_lesson_changed() -> None:
    line = message_line.draw(session_at(LESSON, 3), DARK, 120, 1)[0].text
    assert "Changed here" not in line and "ctrl+r shows a solution; 0 starts the task again." in line


def test_the_message_line_says_how_to_answer() -> None:
    def line(session: Session) -> str:
        return message_line.draw(session, DARK, 100, 1)[0].text.strip()

    typing = session_at(LESSON, 1)
    assert line(typing) == "Type your answer and press enter. tab gives a hint, ctrl+r shows the number."
    left = replace(leave_line(typing), message="")
    assert line(left) == "0 returns to the question, ctrl+r shows the number, esc leaves the lesson."
    assert line(session_at(LESSON, 2)).startswith("Type the letter of your answer and press enter. tab gives a hint")
    assert line(session_at(LESSON, 0)).startswith("pgdn goes on, pgup goes back, esc leaves the lesson.")
    away = stepping.forward(session_at(LESSON, 0))
    assert line(away) == "0 returns to the step, pgdn goes on, esc leaves the lesson."


@pytest.mark.parametrize(
    ("at", "selected"),
    [("0", "w₁[1,1]"), ("1.z.1", "z₁[1]"), ("1.loss", "L"), ("1.backward", "∂L/∂w₁[1,1]"), ("2", "w′₁[1,1]")],
)
def test_a_step_selects_what_its_moment_has_computed(at: str, selected: str) -> None:
    text = TEXT.replace('select = "w1[1,1]"', f'at = "{at}"')
    session = session_at(parse_lesson(text, id="t", file="t.toml"))
    assert session.ref.symbol == selected and not moves.is_away(session)


def test_a_step_without_a_hint_says_so() -> None:
    text = str(show_hint(session_at(LESSON, 4)).message)
    assert text == "This step has no hint: `ctrl+r` shows the answer."


@pytest.mark.parametrize("action", ["network", "output", "next_tab", "digits", "zoom", "select", "up", "help"])
def test_looking_is_allowed_where_a_step_limits_the_keys(action: str) -> None:
    session = session_at(LESSON, 3)
    assert acts_in_lesson(session, action) and not acts_in_lesson(session, "run")


def test_what_follows_a_task_is_shown_when_it_is_done_also_after_giving_up() -> None:
    task = session_at(LESSON, 3)
    shown = follow_lesson(task, give_up(task))
    assert (state_of(shown).outcome, state_of(shown).texts.solved) == ("revealed", "")
    done = follow_lesson(shown, stepping.forward(shown))
    state = state_of(done)
    assert (state.outcome, state.outcomes) == ("revealed", {3: "revealed"})
    assert state.texts.solved == f"The loss is {number_text(done.trace.loss)}."
    assert not follow_lesson(done, replace(stepping.whole_pass(done), message="")).message


def test_what_follows_an_answer_has_the_numbers_of_the_step() -> None:
    text = TEXT.replace('say = "Is the bias', 'solved = "The bias is {b1[1]}."\nsay = "Is the bias')
    step = session_at(parse_lesson(text, id="small", file="small.toml"), 2)
    away = choose_answer(stepping.whole_pass(stepping.whole_pass(step)), "2")
    assert away.trace.before.biases[0][0] != -1.5
    assert state_of(away).texts.solved == "The bias is −1.5."


def test_a_jump_past_the_end_of_a_task_says_that_there_is_no_time_left() -> None:
    task = session_at(LESSON, 4)
    task.run.goto(40)
    early = follow_lesson(task, stepping.goto(task, 21))
    late = follow_lesson(early, stepping.goto(early, 30))
    assert not early.message and state_of(late).question is not None
    assert str(late.message) == "20 updates did not do it: `0` starts the task again."
