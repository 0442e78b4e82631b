"""Tests that the panels show the numbers of the step on screen, however one came to it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest
from textual.geometry import Region

from nn_tui.core.lesson.loader import load_lesson
from nn_tui.tui.app import NNTui
from nn_tui.tui.session.blanked import blank_unanswered
from nn_tui.tui.session.lesson import open_step
from nn_tui.tui.start import StartOptions
from nn_tui.tui.widgets.panel import Panel
from tests._app import DARK, AppTester, experiment
from tests.tui._lessons import session_at

STEPS_OF_WALK = 20


def painted(panel: Panel) -> list[str]:
    """Return the lines of a panel's content as they are painted on the screen."""
    place = panel.content_region.translate(-panel.region.offset)
    crop = Region(0, place.y, panel.region.width, place.height)
    return [line.crop(place.x, place.right).text.rstrip() for line in panel.render_lines(crop)]


def drawn_afresh(panel: Panel, tester: AppTester) -> list[str]:
    """Return the lines of that panel for a session that has just been opened at the step on screen."""
    state = tester.session.lesson
    assert state is not None
    opened = open_step(tester.session, state.lesson, state.index, state.outcomes)
    opened = replace(opened, history=tester.session.history, findings=tester.session.findings)
    session = blank_unanswered(opened)
    return [line.text.rstrip() for line in panel.lines(session, *panel.size)]


def shown_panels(tester: AppTester) -> list[Panel]:
    """Return the panels of the views that are visible."""
    panels = tester.main.query("#main Panel").results(Panel)
    return [panel for panel in panels if panel.id != "lesson" and tester.visible(str(panel.id))]


def stale_panels(tester: AppTester) -> list[str | None]:
    """Return the names of the visible views that show something else than the step."""
    return [panel.id for panel in shown_panels(tester) if painted(panel) != drawn_afresh(panel, tester)]


@pytest.mark.parametrize(("name", "size"), [("line", (80, 24)), ("perceptron-rule", (120, 40))], ids=str)
def test_every_panel_shows_the_step_on_screen(name: str, size: tuple[int, int]) -> None:
    lesson, chance = load_lesson(name), random.Random(3)

    async def run() -> None:
        start = StartOptions(session=session_at(lesson))
        app = NNTui(experiment("and"), DARK, start)
        async with app.run_test(size=size) as pilot:
            tester = AppTester(app, pilot)
            await tester.settle()
            for _ in range(STEPS_OF_WALK):
                keys = chance.choices(["pagedown", "pageup"], [3, 1], k=chance.randint(1, 2))
                await tester.press(*keys)
                if tester.session.lesson is not None and tester.session.lesson.is_at_end:
                    await tester.press("pageup")
                assert shown_panels(tester)
                await tester.wait_until(lambda: not stale_panels(tester), (tester.session.lesson, keys))

    asyncio.run(run())
