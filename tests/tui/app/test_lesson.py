"""Tests of lessons in the app: the keys, the text at every size, and the progress."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.geometry import Region

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.tui.app import NNTui
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.session.lesson_progress import LessonProgress
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.practice_state import Outcome
from nn_tui.tui.start import StartOptions
from tests._app import DARK, AppTester, in_app
from tests.tui._lessons import session_at, small_lesson

KEYS_TESTED = {"lesson_next", "lesson_back", "lesson_solution"}


def in_lesson(
    test: Callable[[AppTester], Awaitable[None]],
    lesson: Lesson | None = None,
    index: int = 0,
    size: tuple[int, int] = (120, 40),
) -> None:
    """Run a coroutine test with an app on a step of a lesson, which records progress."""

    async def run() -> None:
        session = session_at(lesson or small_lesson(), index)
        start = StartOptions(session=session, lessons=LessonStore(os.environ))
        app = NNTui(session.experiment, DARK, start)
        async with app.run_test(size=size) as pilot:
            await test(AppTester(app, pilot))

    asyncio.run(run())


def state_of(tester: AppTester) -> LessonState:
    """Return the lesson on screen."""
    assert tester.session.lesson is not None
    return tester.session.lesson


def test_a_whole_lesson_with_the_keys_it_names() -> None:
    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "The weight is 0.5, the input 2." in tester.text("lesson"))
        await tester.press("pagedown")
        await tester.wait_until(lambda: "Question" in tester.text("question"))
        assert "-0.5" not in tester.all_text(), "the number is hidden"
        await tester.press(*"-0.5", "enter")
        await tester.wait_until(lambda: "So z is −0.5." in tester.text("lesson"))
        await tester.press(*["enter", "0", ".", "5", "enter"])
        await tester.wait_until(lambda: 'not "0.5"' in tester.text("message"))
        await tester.press("a", "enter")
        await tester.wait_until(lambda: "Not A. It is −1.5." in tester.text("lesson"))
        await tester.press("b", "enter")
        await tester.wait_until(lambda: "✓ B  Below." in tester.text("lesson"))
        await tester.press("pagedown", "r")
        await tester.wait_until(lambda: "only these keys act: f, ␣" in tester.text("message"))
        await tester.press("f")
        await tester.wait_until(lambda: "✓ Task: compute the loss of pass 1." in tester.text("lesson"))
        await tester.press("enter", "e")
        await tester.wait_until(lambda: tester.app.screen is not tester.main)
        await tester.press(*"eta = 2", "enter")
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        await tester.press("r")
        await tester.wait_until(lambda: state_of(tester).outcome is not None)
        assert not tester.session.running and tester.session.trace.loss < 0.003
        await tester.press("pagedown")
        await tester.wait_until(lambda: "This was the last step." in tester.text("lesson"))
        await tester.wait_until(lambda: "  3  right at once" in tester.text("lesson"))
        await tester.wait_until(lambda: "  1  right later, or with a hint" in tester.text("lesson"))

    in_lesson(check)
    outcomes: dict[int, Outcome] = {1: "at once", 2: "later", 3: "at once", 4: "at once"}
    assert LessonStore(os.environ).read() == {"small": LessonProgress(True, 0, outcomes)}


def test_keys_and_clicks_lead_through_the_steps_and_back() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("pageup")
        await tester.wait_until(lambda: "This is the first step." in tester.text("message"))
        end = tester.text("lesson").split("\n")[0].index("›")
        await tester.pilot.click("#lesson", offset=(end + 2, 1))
        await tester.wait_until(lambda: state_of(tester).index == 1)
        await tester.press("pagedown", "pagedown")
        await tester.wait_until(lambda: state_of(tester).index == 3)
        await tester.press("pageup")
        await tester.wait_until(lambda: state_of(tester).index == 2 and state_of(tester).is_typing)
        await tester.press("n", "n", "9", "escape", "4")
        await tester.wait_until(lambda: tester.session.updates_done == 2 and tester.session.tab == "output")
        assert "0 Step again" in tester.text("footer")
        await tester.press("0")
        await tester.wait_until(lambda: tester.session.updates_done == 0 and tester.session.tab == "network")
        await tester.press("escape", "escape")
        await tester.wait_until(lambda: tester.session.lesson is None)
        assert not tester.visible("lesson")

    in_lesson(check)


def test_a_letter_may_be_typed_in_hangul_mode() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("ㅠ", "enter")
        await tester.wait_until(lambda: "✓ B  Below." in tester.text("lesson"))

    in_lesson(check, index=2)


def test_progress_is_written_while_the_app_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    async def check(tester: AppTester) -> None:
        await tester.press("pagedown")
        await tester.wait_until(lambda: LessonStore(os.environ).read() == {"small": LessonProgress(False, 1)})

    in_lesson(check)


def test_progress_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "nn-tui").write_text("a file where a folder should be")

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "Your progress cannot be saved" in tester.text("message"))
        await tester.press("pagedown")
        await tester.wait_until(lambda: state_of(tester).index == 1)

    in_lesson(check)


def test_hints_and_solutions() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("tab")
        await tester.wait_until(lambda: "Hint: Multiply, then add the bias." in tester.text("lesson"))
        await tester.press("tab")
        await tester.wait_until(lambda: "Hint 1 of 1: 0.5 × 2 = 1" in tester.text("message"))
        await tester.press("ctrl+r")
        await tester.wait_until(lambda: "z₁[1] = −0.5000" in tester.text("message"))
        await tester.press("pagedown", "ctrl+r")
        await tester.wait_until(lambda: "Answer B is right." in tester.text("message"))
        await tester.press("pagedown", "pagedown", "ctrl+r")
        await tester.wait_until(
            lambda: "○ Task: loss < 0.003" in tester.text("lesson") and "eta = 2." in tester.text("lesson")
        )

    in_lesson(check, index=1)


def test_the_text_stays_visible_while_a_change_is_typed() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("e")
        await tester.wait_until(lambda: "b1[1] = 0" in tester.all_text())
        assert "Bring the loss below 0.003." in tester.all_text() and "b1[2]" not in tester.all_text()

    in_lesson(check, index=4, size=(80, 24))


def test_a_run_ends_when_there_is_no_time_left() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("plus", "r")
        await tester.wait_until(lambda: tester.session.updates_done == 22 and not tester.session.running)
        await tester.wait_until(lambda: "20 updates did not do it: 0 starts the task again." in tester.text("message"))
        await tester.press("0", "minus", "r")
        await tester.wait_until(lambda: tester.session.updates_done == 22 and not tester.session.running)
        assert state_of(tester).outcome is None

    in_lesson(check, index=4)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)], ids=str)
def test_the_text_is_whole_at_every_step(size: tuple[int, int]) -> None:
    async def check(tester: AppTester) -> None:
        for number in range(5):
            await tester.wait_until(lambda: f"step {number + 1} of 5" in tester.text("lesson"))
            await tester.wait_until(lambda: "…" not in tester.text("lesson"))
            say = state_of(tester).texts.say.replace("`", "")
            assert say in " ".join(tester.text("lesson").split())
            assert any(tester.visible(name) for name in ("network", "layer", "arithmetic"))
            assert Region(0, 0, *size).contains_region(tester.widget("lesson").region)
            await tester.press("pagedown")

    in_lesson(check, size=size)


@in_app("mazur")
async def test_help_offers_the_lesson_about_the_selected_number(tester: AppTester) -> None:
    await tester.press("f", "b", "question_mark")
    await tester.wait_until(lambda: "Selected: ∂L/∂w₂[1,1]" in tester.all_text())
    assert "Open the lesson about it: The chain rule in three factors." in tester.all_text()
    await tester.press("l")
    await tester.wait_until(lambda: tester.session.lesson is not None)
    assert state_of(tester).lesson.id == "chain-rule" and "dw" in state_of(tester).step.teaches


@in_app("dying-relu")
async def test_a_finding_offers_its_lesson(tester: AppTester) -> None:
    await tester.press("n", "n", "n", "n", "f")
    await tester.wait_until(lambda: any(finding.kind == "dead_units" for finding in tester.session.findings))
    await tester.press("i")
    await tester.wait_until(lambda: "press l for the lesson: Dead ReLU units" in tester.all_text())
    await tester.press("l")
    await tester.wait_until(lambda: tester.session.lesson is not None)
    assert "dead_units" in state_of(tester).step.teaches
