"""Tests of the timeline on the running app: scrubbing, bookmarks and playback."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.edits.parser import apply_edit
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.widgets.panels import TimelinePanel
from tests._app import AppTester, check_replay, experiment, in_app

KEYS_TESTED = {
    "play_back", "ten_back", "ten_on", "part_back", "part_on", "run_start", "run_end",
    "bookmark", "mark_back", "mark_on",
}  # fmt: skip


@in_app()
async def test_scrubbing_by_key_stays_within_the_run(tester: AppTester) -> None:
    await tester.main.apply_move(lambda s: reach(s, 60))
    for key, stands in (
        ("ctrl+left", 50), ("shift+left", 47), ("shift+right", 50), ("ctrl+right", 60), ("ctrl+right", 60),
        ("home", 0), ("ctrl+left", 0), ("end", 60),
    ):  # fmt: skip
        await tester.press(key)
        await tester.wait_until(lambda: tester.session.updates_done == stands, key)
        check_replay(tester.session)
    await tester.press("ctrl+right")
    await tester.wait_until(lambda: "last update" in tester.text("message"))
    await tester.wait_until(lambda: tester.session.run.reached == 60, "scrubbing computes nothing new")


def reach(session: Session, update: int) -> Session:
    """Return the session after some updates."""
    session.run.goto(update)
    return stepping.goto(session, update)


@in_app()
async def test_a_drag_along_the_timeline_scrubs(tester: AppTester) -> None:
    await tester.main.apply_move(lambda s: reach(s, 200))
    timeline = tester.widget("timeline")
    y = timeline.region.y
    assert await tester.pilot.mouse_down(offset=(3, y))
    await tester.wait_until(lambda: tester.session.updates_done == 0)
    seen = set()
    for x in range(10, 60, 10):
        await tester.pilot.hover(offset=(x, y - 5))  # the pointer may leave the line
        seen.add(tester.session.updates_done)
    assert len(seen) == 5 and max(seen) > 50
    await tester.pilot.mouse_up(offset=(60, y))
    stood = tester.session.updates_done
    await tester.pilot.hover(offset=(90, y))
    await tester.wait_until(lambda: tester.session.updates_done == stood, "the button is up")
    check_replay(tester.session)


@in_app()
async def test_bookmarks_are_on_the_timeline_and_keys_jump_between_them(tester: AppTester) -> None:
    await tester.main.apply_move(lambda s: reach(s, 100))
    for update in (30, 70):
        await tester.main.apply_move(lambda s: stepping.goto(s, update))
        await tester.press("asterisk")
        await tester.wait_until(lambda: f"Bookmark at update {update}" in tester.text("message"))
    await tester.press("home")
    await tester.wait_until(lambda: tester.text("timeline").count("*") == 2)
    visited = []
    for _ in range(3):
        await tester.press("right_parenthesis")
        visited.append(tester.session.updates_done)
    assert visited == [30, 70, 100]
    await tester.press("right_parenthesis")
    await tester.wait_until(lambda: "no later mark" in tester.text("message"))
    for stands in (70, 30, 0):
        await tester.press("left_parenthesis")
        await tester.wait_until(lambda: tester.session.updates_done == stands)
    await tester.press("left_parenthesis")
    await tester.wait_until(lambda: "no mark before the start" in tester.text("message"))
    await tester.press("right_parenthesis", "asterisk", "home")
    await tester.wait_until(lambda: tester.session.bookmarks == {70} and tester.text("timeline").count("*") == 1)


def test_edits_and_a_divergence_are_marked() -> None:
    session = new_session(experiment("xor"))
    session = reach(session, 20)
    run = apply_edit("eta = 0.5", session.run, 10)
    session = replace(session, runs=(run,), trace=run.trace(10), cursor=0)
    run.goto(15)
    assert timeline.marked_updates(session) == (0, 10, 15)
    there = timeline.jump(stepping.goto(session, 15), -1)
    assert there.updates_done == 10 and f"the edit {change_text(run.segments[-1].change)}" in str(there.message)
    diverging = new_session(experiment("too-fast"))
    diverging.run.goto(100_000)
    assert diverging.run.divergence is not None
    assert diverging.run.divergence.update in timeline.marked_updates(diverging)


def test_the_previous_mark_within_a_pass_is_its_start() -> None:
    session = timeline.toggle_bookmark(reach(new_session(experiment("xor")), 5))
    session = stepping.forward(session)
    assert session.updates_done == 5 and 0 < session.cursor < session.pass_steps.end
    assert timeline.jump(session, -1).cursor == session.pass_steps.end
    assert timeline.jump(session, -1).updates_done == 5


@in_app()
async def test_play_back_goes_to_the_start_and_stops_there(tester: AppTester) -> None:
    await tester.press(*"nnnnf")
    await tester.press("P")
    await tester.wait_until(
        lambda: "playing back at 30 passes/s" in tester.text("phases") or not tester.session.running
    )
    await tester.wait_until(lambda: tester.session.trace.update == 1 and tester.session.cursor == 0)
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: "paused" in tester.text("phases") and len(tester.session.runs) == 1)
    check_replay(tester.session)


@in_app()
async def test_playback_names_the_keys_that_pause_it_and_ignores_unused_keys(tester: AppTester) -> None:
    words = "r or any step pauses"
    assert words in next(format_keys(str(key.help), {}) for key in KEYS if key.action == "play_back")
    await tester.main.apply_move(lambda s: reach(s, 5000))
    await tester.press("P", "9")
    await tester.wait_until(lambda: words in tester.text("message"))
    await tester.wait_until(lambda: tester.session.playing_back)
    await tester.press("r")


@pytest.mark.parametrize("key", ["P", "r", "f", "d", "down", "T", "1", "asterisk", "Y"])
def test_every_key_pauses_playback(key: str) -> None:
    @in_app()
    async def check(tester: AppTester) -> None:
        await tester.main.apply_move(lambda s: reach(s, 500))
        await tester.press("P")
        await tester.wait_until(lambda: tester.session.updates_done < 500)
        await tester.wait_until(lambda: tester.session.playing_back)
        await tester.press(key)
        await tester.wait_until(lambda: not tester.session.running and not tester.session.playing_back)
        stood = tester.session.updates_done
        await tester.press("f")
        await tester.wait_until(lambda: tester.session.cursor)
        assert tester.session.updates_done == stood > 0

    check()


@in_app()
async def test_playback_continues_at_a_new_speed(tester: AppTester) -> None:
    await tester.main.apply_move(lambda s: reach(s, 200))
    await tester.press("P", "plus")
    await tester.wait_until(lambda: tester.session.playing_back and tester.session.running)
    await tester.wait_until(lambda: SPEEDS[tester.session.speed].name == "flat out")
    await tester.wait_until(lambda: tester.session.updates_done < 199)
    await tester.press(*["minus"] * 6)
    await tester.wait_until(lambda: SPEEDS[tester.session.speed].stops == 1 and tester.session.playing_back)
    await tester.press("P")


@in_app()
async def test_play_back_does_not_leave_the_run(tester: AppTester) -> None:
    await tester.press("n", "n", "0", "P")
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(
        lambda: (tester.session.trace.update, tester.session.cursor) == (1, 0), "⌫ would go back to before the restart"
    )


@in_app("digits")
async def test_a_drag_while_another_run_is_started_goes_to_an_update_of_that_run(tester: AppTester) -> None:
    panel = tester.widget("timeline")
    assert isinstance(panel, TimelinePanel)
    await tester.press(*["plus"] * len(SPEEDS))
    for _ in range(5):
        tester.send("r")
        await tester.wait_until(lambda: tester.session.running and tester.session.updates_done > 20)
        key = asyncio.create_task(tester.main.action_do("new_seed"))
        await asyncio.sleep(0)  # the key waits for the worker now
        panel.post_message(TimelinePanel.Scrubbed(panel, panel.size.width - 8))
        await key
        await tester.wait_until(lambda: not tester.session.running and tester.session.run.reached == 1)
        await tester.settle()
        assert tester.session.updates_done <= 1


@in_app()
async def test_keys_that_can_do_nothing_say_why(tester: AppTester) -> None:
    await tester.press("P")
    await tester.wait_until(lambda: "nothing to play back" in tester.text("message") and not tester.session.running)
    for key in ("end", "right_parenthesis"):
        await tester.press(key)
        await tester.wait_until(lambda: tester.session.updates_done == tester.session.cursor == 0)
        await tester.wait_until(lambda: re.search("Nothing later|no later mark", tester.text("message")))
    await tester.press("K", "H", "9")
    await tester.wait_until(lambda: '"9" has no action; ? lists the keys.' in tester.text("message"))
