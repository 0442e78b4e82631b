"""The timeline on the running app: scrubbing, bookmarks, playing back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.edits.parser import parse_edit
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session, begin
from tests._app import Hand, check_replay, experiment, in_app

KEYS_TESTED = {
    "play_back", "scrub(-10)", "scrub(10)", "scrub_part(-1)", "scrub_part(1)", "run_start", "run_end",
    "bookmark", "jump(-1)", "jump(1)",
}  # fmt: skip


@in_app()
async def test_scrubbing_by_key_stays_within_the_run(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 60))
    for key, stands in (
        ("ctrl+left", 50), ("shift+left", 47), ("shift+right", 50), ("ctrl+right", 60), ("ctrl+right", 60),
        ("home", 0), ("ctrl+left", 0), ("end", 60),
    ):  # fmt: skip
        await hand.press(key)
        await hand.wait_until(lambda: hand.session.updates_done == stands, key)
        check_replay(hand.session)
    await hand.press("ctrl+right")
    await hand.wait_until(lambda: "furthest" in hand.text("message"))
    await hand.wait_until(lambda: hand.session.run.reached == 60, "scrubbing computes nothing new")


def reach(session: Session, update: int) -> Session:
    """The session after that many updates."""
    session.run.goto(update)
    return stepping.goto(session, update)


@in_app()
async def test_a_drag_along_the_timeline_scrubs(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 200))
    timeline = hand.widget("timeline")
    y = timeline.region.y
    assert await hand.pilot.mouse_down(offset=(3, y))
    await hand.wait_until(lambda: hand.session.updates_done == 0)
    seen = set()
    for x in range(10, 60, 10):
        await hand.pilot.hover(offset=(x, y - 5))  # the pointer may leave the line
        seen.add(hand.session.updates_done)
    assert len(seen) == 5 and max(seen) > 50
    await hand.pilot.mouse_up(offset=(60, y))
    stood = hand.session.updates_done
    await hand.pilot.hover(offset=(90, y))
    await hand.wait_until(lambda: hand.session.updates_done == stood, "the button is up")
    check_replay(hand.session)


@in_app()
async def test_bookmarks_stand_on_the_timeline_and_can_be_jumped_between(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 100))
    for update in (30, 70):
        await hand.main.move(lambda s, update=update: stepping.goto(s, update))  # type: ignore[misc]
        await hand.press("asterisk")
        await hand.wait_until(lambda: f"Bookmark at update {update}" in hand.text("message"))
    await hand.press("home")
    await hand.wait_until(lambda: hand.text("timeline").count("*") == 2)
    visited = []
    for _ in range(3):
        await hand.press("right_parenthesis")
        visited.append(hand.session.updates_done)
    assert visited == [30, 70, 100]
    await hand.press("right_parenthesis")
    await hand.wait_until(lambda: "no mark beyond" in hand.text("message"))
    for stands in (70, 30, 0):
        await hand.press("left_parenthesis")
        await hand.wait_until(lambda: hand.session.updates_done == stands)
    await hand.press("left_parenthesis")
    await hand.wait_until(lambda: "no mark before the start" in hand.text("message"))
    await hand.press("right_parenthesis", "asterisk", "home")
    await hand.wait_until(lambda: hand.session.bookmarks == {70} and hand.text("timeline").count("*") == 1)


def test_edits_and_a_divergence_are_marks() -> None:
    session = begin(experiment("xor"))
    session = reach(session, 20)
    run = parse_edit("eta = 0.5", session.run, 10).run
    session = replace(session, runs=(run,), trace=run.trace(10), cursor=0)
    run.goto(15)
    assert timeline.marked_updates(session) == (0, 10, 15)
    there = timeline.jump(stepping.goto(session, 15), -1)
    assert there.updates_done == 10 and f"edit: {run.segments[-1].label}" in there.message
    diverging = begin(experiment("too-fast"))
    diverging.run.goto(100_000)
    assert diverging.run.divergence is not None
    assert diverging.run.divergence.update in timeline.marked_updates(diverging)


def test_the_mark_behind_the_middle_of_a_pass_is_where_it_began() -> None:
    session = timeline.toggle_bookmark(reach(begin(experiment("xor")), 5))
    session = stepping.forward(session)
    assert session.updates_done == 5 and 0 < session.cursor < session.pass_steps.end
    assert timeline.jump(session, -1).cursor == session.pass_steps.end
    assert timeline.jump(session, -1).updates_done == 5


@in_app()
async def test_play_back_goes_to_the_start_and_stops_there(hand: Hand) -> None:
    await hand.press(*"nnnnf")
    await hand.press("P")
    await hand.wait_until(lambda: "playing back 30 passes/s" in hand.text("phases") or not hand.session.running)
    await hand.wait_until(lambda: hand.session.trace.update == 1 and hand.session.cursor == 0)
    await hand.wait_until(lambda: not hand.session.running)
    await hand.wait_until(lambda: "paused" in hand.text("phases") and len(hand.session.runs) == 1)
    check_replay(hand.session)


@in_app()
async def test_what_pauses_playing_back_is_said_alike_and_an_unused_key_does_not(hand: Hand) -> None:
    words = "r or any step pauses"
    assert words in next(format_keys(key.help, {}) for key in KEYS if key.action == "play_back")
    await hand.main.move(lambda s: reach(s, 5000))
    await hand.press("P", "x")
    await hand.wait_until(lambda: words in hand.text("message"))
    await hand.wait_until(lambda: hand.session.playing_back)
    await hand.press("r")


@pytest.mark.parametrize("key", ["P", "r", "f", "d", "down", "T", "1", "asterisk", "Y"])
def test_any_key_pauses_playing_back(key: str) -> None:
    @in_app()
    async def check(hand: Hand) -> None:
        await hand.main.move(lambda s: reach(s, 500))
        await hand.press("P")
        await hand.wait_until(lambda: hand.session.updates_done < 500)
        await hand.wait_until(lambda: hand.session.playing_back)
        await hand.press(key)
        await hand.wait_until(lambda: not hand.session.running and not hand.session.playing_back)
        stood = hand.session.updates_done
        await hand.press("f")
        await hand.wait_until(lambda: hand.session.cursor)
        assert hand.session.updates_done == stood > 0

    check()


@in_app()
async def test_a_new_speed_goes_on_backwards(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 200))
    await hand.press("P", "plus")
    await hand.wait_until(lambda: hand.session.playing_back and hand.session.running)
    await hand.wait_until(lambda: SPEEDS[hand.session.speed].label == "flat out")
    await hand.wait_until(lambda: hand.session.updates_done < 199)
    await hand.press(*["minus"] * 6)
    await hand.wait_until(lambda: SPEEDS[hand.session.speed].stops == 1 and hand.session.playing_back)
    await hand.press("P")


@in_app()
async def test_play_back_does_not_leave_the_run(hand: Hand) -> None:
    await hand.press("n", "n", "0", "P")
    await hand.wait_until(lambda: not hand.session.running)
    await hand.wait_until(
        lambda: (hand.session.trace.update, hand.session.cursor) == (1, 0), "⌫ would go back to before the restart"
    )
