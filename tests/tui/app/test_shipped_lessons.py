"""Take every shipped lesson in the app: forward with every answer, right and wrong, and backward again."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from nn_tui.core.explain.explain import value_of
from nn_tui.core.lesson.lesson import Ask, Choose, Do, LessonStep, Reach
from nn_tui.core.lesson.loader import lesson_ids, load_lesson
from nn_tui.core.practice.rounding import answer_text
from nn_tui.tui.app import NNTui
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.lesson import open_step
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.start import StartOptions
from tests._app import DARK, AppTester, experiment
from tests.tui._lessons import picture

MAX_STOPS = 80  # that a task may need


def state_of(tester: AppTester) -> LessonState:
    """Return the lesson on screen."""
    assert tester.session.lesson is not None
    return tester.session.lesson


def line_of_text(tester: AppTester) -> str:
    """Return the text of the lesson on screen as one line."""
    return " ".join(tester.text("lesson").split())


def send(tester: AppTester, *keys: str) -> None:
    """Press keys one after the other, without waiting for the screen in between."""
    for key in keys:
        tester.send(key)


async def choose(tester: AppTester, question: Choose) -> None:
    """Choose each wrong answer, which is refused with its reason, and then the right one."""
    for index, answer in enumerate(question.answers):
        if not answer.is_right:
            send(tester, "abcd"[index], "enter")
            reason = state_of(tester).texts.reasons[index].replace("`", "")
            await tester.wait_until(lambda: f"Not {'ABCD'[index]}. {reason}" in line_of_text(tester), reason)
            assert state_of(tester).outcome is None
    send(tester, "abcd"[question.right], "enter")


async def answer_number(tester: AppTester, question: Ask) -> None:
    """Type a wrong answer, and then the number that the engine has."""
    practice = tester.session.practice
    assert practice is not None and practice.question is not None
    value = value_of(tester.session.engine, tester.session.trace, practice.question.ref)
    right, wrong = answer_text(value, question.digits), answer_text(1.7 * value + 0.3, question.digits)
    if question.level == "sign":
        right, wrong = ("+", "-") if value > 0 else ("-", "+")
    send(tester, *wrong, "enter")
    await tester.wait_until(lambda: "Not yet." in str(tester.session.message))
    assert state_of(tester).outcome is None
    send(tester, *right, "enter")


async def do_task(tester: AppTester, step: LessonStep, task: Do) -> None:
    """Do a task with the solution of the lesson, and then with the keys that it leaves."""
    if task.solution:
        await tester.press("e")
        await tester.wait_until(lambda: tester.app.screen is not tester.main)
        send(tester, *"; ".join(task.solution), "enter")
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        await tester.settle()
    keys = [entry.keys.split(",")[0] for entry in KEYS for name in step.keys if name in entry.keys.split(",")]
    is_stepping = isinstance(task.goal, Reach) or bool(task.solution)
    for key in itertools.islice(itertools.cycle(keys or ["space"]), MAX_STOPS):
        is_trained = not isinstance(task.goal, Reach) and tester.session.updates_done > 0
        if state_of(tester).outcome is not None or not is_stepping or is_trained:
            break
        await tester.press(key)
    if state_of(tester).outcome is None:
        await tester.press("r")


@pytest.mark.parametrize("name", lesson_ids())
def test_a_lesson_is_taken_forward_and_backward(name: str) -> None:
    lesson = load_lesson(name)

    async def check(tester: AppTester) -> None:
        pictures = []
        for index, step in enumerate(lesson.steps):
            await tester.wait_until(lambda: state_of(tester).index == index and not tester.session.running)
            pictures.append(picture(tester.session))
            say = state_of(tester).texts.say.replace("`", "")
            await tester.wait_until(lambda: say in line_of_text(tester), say)
            match step.question:
                case Choose() as question:
                    await choose(tester, question)
                case Ask() as question:
                    await answer_number(tester, question)
                case Do() as task:
                    await do_task(tester, step, task)
            if step.question is not None:
                await tester.wait_until(lambda: state_of(tester).outcome is not None, (index, step.say))
                solved = state_of(tester).texts.solved.replace("`", "")
                await tester.wait_until(lambda: solved in line_of_text(tester), solved)
            send(tester, "pagedown")
        await tester.wait_until(lambda: "This was the last step." in line_of_text(tester))
        assert state_of(tester).open_steps == []
        for index in range(len(lesson.steps) - 1, -1, -1):
            send(tester, "pageup")
            await tester.wait_until(lambda: state_of(tester).index == index and not state_of(tester).is_at_end)
            assert picture(tester.session) == pictures[index], index

    async def run() -> None:
        start: Session = open_step(new_session(experiment("xor"), speed=len(SPEEDS) - 1), lesson, 0, {})
        app = NNTui(start.experiment, DARK, StartOptions(session=start))
        async with app.run_test(size=(80, 24)) as pilot:
            await check(AppTester(app, pilot))

    asyncio.run(run())
