"""Tests of the welcome at the first start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tui.core.lesson.loader import lesson_ids
from nn_tui.tui.start import StartOptions
from nn_tui.tui.widgets.welcome import record_first_start
from tests._app import AppTester, run_with_start


def test_a_newcomer_makes_a_whole_pass_in_six_keys() -> None:
    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "Welcome" in tester.all_text() and "three keys" in tester.all_text())
        pressed = 0
        while tester.session.updates_done == 0:
            words = tester.text("message")
            # The newcomer presses the first key that the words name.
            key = re.search(r"(?:^| |\()([fbu])(?: |:|\))", words)
            assert key is not None, words
            await tester.press(key[1])
            pressed += 1
            await tester.wait_until(lambda: "three keys" not in tester.all_text(), "the first key closes the card")
        assert pressed <= 6

    run_with_start(check, StartOptions(welcome=True))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 12), (20, 5), (1, 1)], ids=str)
def test_the_welcome_takes_no_key(size: tuple[int, int]) -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("f")
        await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))
        await tester.wait_until(lambda: not tester.app.query("#welcome"))

    run_with_start(check, StartOptions(welcome=True), size=size)


def test_a_click_closes_the_welcome_and_has_its_usual_effect() -> None:
    async def check(tester: AppTester) -> None:
        footer = tester.text("footer")
        await tester.pilot.click("#footer", offset=(footer.index("Forward"), 0))
        await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))
        await tester.wait_until(lambda: not tester.app.query("#welcome"))

    run_with_start(check, StartOptions(welcome=True))


def test_the_first_start_is_remembered(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path / "state")}
    assert record_first_start(environ)
    assert not record_first_start(environ)
    assert [path.name for path in (tmp_path / "state" / "nn-tui").iterdir()] == ["state.toml"]


def test_the_welcome_is_skipped_if_it_cannot_be_remembered(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    assert not record_first_start({"XDG_STATE_HOME": str(tmp_path / "state")})
    assert not record_first_start({"XDG_STATE_HOME": "/proc/none"})


def test_enter_and_a_click_open_the_first_lesson() -> None:
    async def press(tester: AppTester) -> None:
        assert f"enter  Learn: {len(lesson_ids())} short lessons" in tester.all_text()
        assert "esc    Explore" in tester.all_text()
        await tester.press("enter")
        await tester.wait_until(lambda: tester.session.lesson is not None and not tester.app.query("#welcome"))
        assert tester.session.lesson is not None and tester.session.lesson.lesson.id == lesson_ids()[0]

    async def click(tester: AppTester) -> None:
        await tester.wait_until(lambda: tester.app.query("#welcome"))
        await tester.pilot.click("#welcome", offset=(12, 1))
        await tester.wait_until(lambda: tester.session.lesson is not None and not tester.app.query("#welcome"))

    for test in (press, click):
        run_with_start(test, StartOptions(welcome=True), size=(80, 24))
