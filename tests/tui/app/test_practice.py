"""The practice mode on the screen: questions, answers, hints, and its end."""

from __future__ import annotations

from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.names import TOPICS
from nn_tui.core.practice.rounding import answer_text
from nn_tui.tui.session.practice_pass import is_pass_over
from nn_tui.tui.session.practice_state import OpenQuestion, Practice
from nn_tui.tui.widgets.answer_line import AnswerLine
from tests._app import AppTester, in_app

KEYS_TESTED = {"practice"}


def practice_of(tester: AppTester) -> Practice:
    """Return the state of the practice mode."""
    assert tester.session.practice is not None
    return tester.session.practice


def question_of(tester: AppTester) -> OpenQuestion:
    """Return the open question."""
    question = practice_of(tester).question
    assert question is not None
    return question


def right_answer(tester: AppTester) -> str:
    """Return the right answer to the open question, as a person types it."""
    value = value_of(tester.session.engine, tester.session.trace, question_of(tester).ref)
    return answer_text(value, practice_of(tester).digits)


async def begin(tester: AppTester, *, down: int = 0) -> None:
    """Begin to practise, at the level that is ``down`` lines below the chosen one."""
    await tester.press("Q")
    await tester.wait_until(lambda: "Sign: is the number" in tester.all_text())
    await tester.press(*["down"] * down, "enter")
    await tester.wait_until(lambda: tester.session.practice and tester.session.practice.question)


@in_app("mazur")
async def test_a_whole_pass_of_right_answers(tester: AppTester) -> None:
    await begin(tester)
    assert question_of(tester).ref.symbol == "z₁[1]"
    await tester.wait_until(lambda: "Question 1: z₁[1] = ?" in tester.text("question"))
    await tester.press("0", "question_mark")
    await tester.wait_until(lambda: "Keys and words" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen.query(AnswerLine))
    assert tester.app.screen.query_one(AnswerLine).value == "0"
    await tester.press("backspace")
    asked = []
    while tester.session.cursor < tester.session.pass_steps.end:
        asked.append(question_of(tester).ref.symbol)
        await tester.press(*right_answer(tester), "enter")
        await tester.wait_until(lambda: practice_of(tester).question is None)
        assert "Right: " in str(tester.session.message)
        if tester.session.cursor < tester.session.pass_steps.end:
            await tester.press("space")
    assert practice_of(tester).count("at once") == len(asked)
    assert asked[:5] == ["z₁[1]", "a₁[1]", "z₂[1]", "a₂[1]", "L"]
    assert "∂L/∂b₁[1]" not in asked, "with one sample it is δ itself"
    summary = f"Pass 1 is done: {len(asked)} questions, right at once {len(asked)}, later 0, revealed 0."
    await tester.wait_until(lambda: summary in tester.text("question"))
    assert "enter begins pass 2, esc twice ends practice." in tester.text("message")
    await tester.wait_until(lambda: f"right at once {len(asked)}, later 0, revealed 0" in tester.text("header"))
    await tester.press("escape", "escape")
    await tester.wait_until(lambda: f"Practice: {len(asked)} questions" in tester.all_text())
    assert "Everything was right at once." in tester.all_text()
    rows = [row for row in tester.all_text().split("\n") if "right later 0" in row]
    assert len(rows) == 7, "a line for each of z, a, L, ∂L/∂a, δ, ∂L/∂w and w′"
    await tester.press("escape")
    await tester.wait_until(lambda: tester.session.practice is None)


@in_app("mazur")
async def test_a_mistake_is_named_and_its_factor_marked(tester: AppTester) -> None:
    await begin(tester)
    await tester.press(*"0.0275", "enter")
    await tester.wait_until(lambda: "The bias was left out." in tester.text("message"))
    assert "0.3775" not in tester.all_text()
    assert question_of(tester).mistake == "bias_left_out"
    await tester.press(*"0,3775", "enter")
    await tester.wait_until(lambda: "Write a point, not a comma: 0.3775." in tester.text("message"))
    assert question_of(tester).tries == 1, "what is no number is no try"
    await tester.press(*"0.3775", "enter")
    await tester.wait_until(lambda: practice_of(tester).count("later") == 1)
    assert "+0.3775" in tester.text("layer")


@in_app("mazur")
async def test_hints_unfold_the_sum_and_a_key_shows_the_number(tester: AppTester) -> None:
    await begin(tester)
    await tester.press("tab")
    await tester.wait_until(lambda: "Hint 1 of 2: 0.15 × 0.05 = 0.0075" in tester.text("message"))
    await tester.press("tab", "tab")
    await tester.wait_until(lambda: "There are no more hints" in tester.text("message"))
    await tester.press("ctrl+r")
    await tester.wait_until(lambda: practice_of(tester).count("revealed") == 1)
    assert "z₁[1] = 0.3775; answers within ±0.000050 are right." in tester.text("message")
    await tester.press("escape", "escape")
    await tester.wait_until(lambda: "weighted sum z: right at once 0, right later 0, revealed 1" in tester.all_text())
    assert "Practice: 1 question " in tester.all_text()
    await tester.press("enter")
    await tester.wait_until(lambda: practice_of(tester).exercise is not None)
    assert practice_of(tester).results == () and question_of(tester).ref.symbol == "z₁[1]"
    assert "Practice: The forward pass, exercise 1" in tester.session.experiment.preset.title


@in_app("mazur")
async def test_letters_are_keys_again_outside_of_the_line(tester: AppTester) -> None:
    await begin(tester)
    cursor = tester.session.cursor
    await tester.press("escape", "1", "b", "i")
    assert tester.session.tab == "network" and tester.session.cursor == cursor
    assert practice_of(tester).is_typing, "a key that would go on leads back to the line"
    await tester.press("escape", "escape")
    await tester.wait_until(lambda: tester.session.practice is None)
    assert tester.session.cursor == cursor


@in_app("mazur")
async def test_only_who_returns_to_the_line_types_in_it(tester: AppTester) -> None:
    await begin(tester)
    line = tester.main.query_one(AnswerLine)
    await tester.press("escape", "Q")
    await tester.wait_until(lambda: "Sign: is the number" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.press("1")
    await tester.wait_until(lambda: tester.session.tab == "network")
    assert line.value == "" and not practice_of(tester).is_typing
    await tester.pilot.click("#answer-line")
    await tester.wait_until(lambda: practice_of(tester).is_typing)
    await tester.press("1")
    await tester.wait_until(lambda: line.value == "1")


@in_app("mazur")
async def test_signs_and_comparisons(tester: AppTester) -> None:
    await begin(tester, down=0)
    await tester.press("escape", "Q")
    await tester.wait_until(lambda: "Sign: is the number" in tester.all_text())
    await tester.press("up", "up", "enter")
    await tester.wait_until(lambda: practice_of(tester).level == "sign")
    await tester.press("x", "enter")
    await tester.wait_until(lambda: "Type + if the number is above 0" in tester.text("message"))
    await tester.press("backspace", "-", "enter")
    await tester.wait_until(lambda: "It has the other sign." in tester.text("message"))
    await tester.press("+", "enter")
    await tester.wait_until(lambda: practice_of(tester).count("later") == 1)
    await tester.wait_until(lambda: "Right: z₁[1] = 0.3775. enter asks" in tester.text("message"))
    await tester.press("Q")
    await tester.wait_until(lambda: "Sign: is the number" in tester.all_text())
    await tester.press("down", "enter")
    await tester.wait_until(lambda: practice_of(tester).level == "compare" and practice_of(tester).question)
    await tester.wait_until(lambda: "is a₁[1] larger (>) or smaller (<) than a₁[2]" in tester.text("question"))
    await tester.press("<", "enter")
    await tester.wait_until(lambda: practice_of(tester).count("at once") == 1)


@in_app("mazur", size=(80, 24))
async def test_the_formula_is_hidden_at_the_last_level(tester: AppTester) -> None:
    await begin(tester, down=1)
    await tester.wait_until(lambda: "Find its formula yourself" in tester.text("arithmetic"))
    assert "×" not in tester.text("arithmetic")
    await tester.resize(120, 40)
    await tester.wait_until(lambda: "Find its formula yourself" in tester.text("arithmetic"))
    assert "Σ" not in tester.text("arithmetic")
    await tester.press("tab")
    await tester.wait_until(lambda: "z₁[1] = Σⱼ w₁[1,j]·x[j] + b₁[1]" in tester.text("arithmetic"))


@in_app("mazur")
async def test_exercises_follow_each_other(tester: AppTester) -> None:
    await tester.press("o")
    await tester.wait_until(lambda: "Presets: a course" in tester.all_text())
    await tester.press(*"practice ex", "enter")
    await tester.wait_until(lambda: "Small networks with numbers for work by hand" in tester.all_text())
    await tester.press(*["down"] * TOPICS.index("momentum"), "enter")
    await tester.wait_until(lambda: tester.session.practice and practice_of(tester).question)
    assert (question_of(tester).ref.symbol, tester.session.trace.update) == ("w′₁[1,1]", 2)
    first = tester.session.experiment
    assert first.preset.id == "practice-momentum-1-1"
    await tester.press(*right_answer(tester), "enter")
    await tester.wait_until(lambda: practice_of(tester).count("at once") == 1)
    await tester.press("space")
    await tester.wait_until(lambda: tester.session.experiment is not first)
    assert tester.session.experiment.preset.id == "practice-momentum-1-2"
    assert practice_of(tester).count("at once") == 1 and question_of(tester).ref.symbol == "w′₁[1,1]"


@in_app("mazur")
async def test_the_keys_of_the_line_can_be_clicked(tester: AppTester) -> None:
    await begin(tester)
    await tester.press(*"0.3775")
    x = tester.text("footer").index("enter")
    await tester.pilot.click("#footer", offset=(x, 0))
    await tester.wait_until(lambda: practice_of(tester).count("at once") == 1)


async def answer_rightly(tester: AppTester) -> None:
    """Answer the open question, and wait for the line between two questions."""
    await tester.press(*right_answer(tester), "enter")
    await tester.wait_until(lambda: practice_of(tester).is_between_questions)


@in_app("mazur")
async def test_enter_goes_on_after_a_right_answer(tester: AppTester) -> None:
    await begin(tester)
    await answer_rightly(tester)
    await tester.wait_until(lambda: "Next: question 2" in tester.text("question"))
    assert "enter Next question" in tester.text("footer")
    assert "enter asks the next question." in tester.text("message")
    await tester.press("enter")
    await tester.wait_until(lambda: "Question 2: a₁[1] = ?" in tester.text("question"))


@in_app("mazur")
async def test_the_next_answer_may_be_typed_at_once(tester: AppTester) -> None:
    await begin(tester)
    await answer_rightly(tester)
    tab = tester.session.tab
    await tester.press(*"0.5933")
    await tester.wait_until(lambda: tester.main.query_one(AnswerLine).value == "0.5933")
    assert question_of(tester).ref.symbol == "a₁[1]" and tester.session.tab == tab
    await tester.press("enter")
    await tester.wait_until(lambda: practice_of(tester).count("at once") == 2)
    await tester.press("-")
    await tester.wait_until(lambda: tester.main.query_one(AnswerLine).value == "-")
    assert question_of(tester).ref.symbol == "z₂[1]"


@in_app("mazur")
async def test_other_keys_between_two_questions_are_those_of_the_screen(tester: AppTester) -> None:
    await begin(tester)
    await answer_rightly(tester)
    digits, row = tester.session.digits, tester.session.ref.unit
    await tester.press("d", "down")
    await tester.wait_until(lambda: tester.session.digits != digits and tester.session.ref.unit != row)
    assert practice_of(tester).is_between_questions and tester.main.query_one(AnswerLine).value == ""
    await tester.press("escape", "1")
    await tester.wait_until(lambda: tester.session.tab == "network")
    assert not tester.visible("answer-line")
    await tester.press("space")
    await tester.wait_until(lambda: question_of(tester).ref.symbol == "a₁[2]")


@in_app("mazur")
async def test_the_second_pass_counts_its_own_questions(tester: AppTester) -> None:
    await begin(tester)
    await tester.press("escape", "Q")
    await tester.wait_until(lambda: "Sign: is the number" in tester.all_text())
    await tester.press("up", "up", "enter")
    await tester.wait_until(lambda: practice_of(tester).level == "sign")
    while not (tester.session.trace.update == 2 and is_pass_over(tester.session)):
        if practice_of(tester).question is None:
            await tester.press("enter")
            await tester.wait_until(lambda: practice_of(tester).question)
        value = value_of(tester.session.engine, tester.session.trace, question_of(tester).ref)
        await tester.press("+" if value > 0 else "-", "enter")
        await tester.wait_until(lambda: practice_of(tester).is_between_questions)
    count = len(practice_of(tester).results) - practice_of(tester).pass_start
    assert 0 < count < len(practice_of(tester).results)
    await tester.wait_until(
        lambda: f"Pass 2 is done: {count} questions, right at once {count}" in tester.text("question")
    )


@in_app("mazur", size=(60, 20))
async def test_a_narrow_screen_says_what_is_wrong(tester: AppTester) -> None:
    await begin(tester)
    await tester.press(*"0.02", "enter")
    await tester.wait_until(lambda: "That is w₁[1,2]·x[2] alone" in tester.text("message"))


@in_app("mazur", size=(80, 24))
async def test_the_keys_that_show_all_lines_of_a_question_do_it(tester: AppTester) -> None:
    await begin(tester)
    while "esc 3 shows all" not in tester.all_text():
        await tester.press(*right_answer(tester), "enter", "enter")
        await tester.wait_until(lambda: practice_of(tester).question is not None)
    symbol = question_of(tester).ref.symbol
    assert "enter shows all" not in tester.all_text()
    await tester.press("escape", "3")
    await tester.wait_until(lambda: tester.session.tab == "arithmetic")
    await tester.wait_until(lambda: "left out" not in tester.all_text() and "shows all" not in tester.all_text())
    assert question_of(tester).ref.symbol == symbol
