"""Tests of training on the running app: start, pause, step, diverge and quit at any time."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from textual.widgets import Input
from textual.worker import WorkerFailed

from nn_tui.core.run.run import Run
from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.app import NNTui
from nn_tui.tui.session import goal, hints
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.widgets.panels import TimelinePanel
from tests._app import DARK, AppTester, check_layer_view, check_replay, experiment, in_app

FLAT_OUT = len(SPEEDS) - 1


async def set_speed(tester: AppTester, speed: int) -> None:
    """Choose a speed by its keys."""
    await tester.press(*["minus" if tester.session.speed > speed else "plus"] * abs(tester.session.speed - speed))
    await tester.wait_until(lambda: tester.session.speed == speed)


async def run_flat_out(tester: AppTester) -> None:
    """Start at full speed and wait until frames arrive."""
    await set_speed(tester, FLAT_OUT)
    tester.send("r")
    await tester.wait_until(lambda: tester.session.running and tester.session.updates_done > 50)


async def paused(tester: AppTester) -> None:
    """Wait for a pause, and check that the screen shows a pass of the run."""
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: "paused" in tester.text("phases"))
    await tester.settle()
    check_layer_view(tester.session)


def counter(updates: int) -> str:
    """Return the words of a wide header about the updates that are done."""
    return f"after update {updates}" if updates else "no update yet"


@pytest.mark.parametrize("speed", range(len(SPEEDS)), ids=lambda speed: SPEEDS[speed].name)
@in_app()
async def test_it_runs_and_pauses_at_every_speed(tester: AppTester, speed: int) -> None:
    await set_speed(tester, speed)
    start = tester.session.trace.update, tester.session.cursor
    tester.send("r")
    await tester.wait_until(lambda: (tester.session.trace.update, tester.session.cursor) > start)
    await tester.wait_until(lambda: tester.session.running)
    await tester.wait_until(lambda: str(SPEEDS[speed].label) in tester.text("phases"))
    tester.send("r")
    await paused(tester)
    place = tester.session.trace.update, tester.session.cursor
    await tester.wait_until(lambda: counter(tester.session.updates_done) in tester.text("header"))
    for _ in range(5):
        await tester.settle()
    await tester.wait_until(
        lambda: (tester.session.trace.update, tester.session.cursor) == place, "a paused run stands still"
    )
    check_replay(tester.session)


@in_app()
async def test_the_screen_follows_a_run_flat_out(tester: AppTester) -> None:
    await run_flat_out(tester)
    headers = set()
    for _ in range(4):
        headers.add(seen := tester.text("header"))
        await tester.wait_until(lambda: tester.text("header") != seen)
    assert len(headers) == 4
    tester.send("r")
    await paused(tester)
    # Nothing of the run is lost between the last frame and the pause.
    await tester.wait_until(
        lambda: tester.session.updates_done == tester.session.run.position == tester.session.run.reached
    )
    check_replay(tester.session)


@pytest.mark.parametrize("speed", ["10 passes/s", "30 passes/s"])
@in_app("xor", (120, 40))
async def test_all_panels_show_the_same_pass_while_it_runs(tester: AppTester, speed: str) -> None:
    await tester.press("n")
    await set_speed(tester, [each.name for each in SPEEDS].index(speed))
    tester.send("r")
    seen = set()
    for _ in range(6):
        before = tester.text("header")
        await tester.wait_until(lambda: tester.text("header") != before)
        header, arithmetic = tester.text("header"), tester.text("arithmetic")
        done = int(re.findall(r"after update (\d+)", header)[0])
        assert f"before update {done}" in tester.title("network")
        for name in ("output", "loss"):
            panel = tester.widget(name)
            assert f"after update {done}" in f"{panel.border_title} {panel.border_subtitle}"
        seen.add((header, arithmetic))
    assert len({arithmetic for _, arithmetic in seen}) == len(seen), "the arithmetic is that of the same pass"


@pytest.mark.parametrize(
    ("key", "moved"),
    [
        ("f", (1, 11)),
        ("space", (1, 8)),
        ("n", (1, 36)),
        ("p", (-1, 36)),
        ("backspace", (0, 31)),
        ("b", (0, 36)),
        ("u", (0, 36)),
    ],
)
@in_app()
async def test_a_stepping_key_pauses_first(tester: AppTester, key: str, moved: tuple[int, int]) -> None:
    await run_flat_out(tester)
    tester.send(key)
    await paused(tester)
    await tester.wait_until(lambda: tester.session.cursor == moved[1])
    # The run ended at the pass that it had reached; the step goes from there.
    reached = tester.session.run.reached - (moved[0] == 1)
    await tester.wait_until(lambda: tester.session.trace.update == reached + moved[0])
    check_replay(tester.session)


@in_app()
async def test_keys_typed_ahead_all_act(tester: AppTester) -> None:
    await run_flat_out(tester)
    for key in "fbufbu":
        tester.app.simulate_key(key)
    await tester.wait_until(lambda: not tester.session.running and "The weights are updated" in tester.text("message"))
    await tester.settle()
    await tester.wait_until(
        lambda: tester.session.updates_done == tester.session.run.reached == tester.session.trace.update
    )
    check_replay(tester.session)


@in_app()
async def test_views_can_be_changed_while_it_runs(tester: AppTester) -> None:
    await run_flat_out(tester)
    for key in ("right_square_bracket", "full_stop", "d", "L", "z", "down", "m", "m", "3", "2"):
        tester.send(key)
    await tester.wait_until(lambda: tester.session.ref.sample == 3 and tester.session.log)
    await tester.wait_until(lambda: tester.session.running)
    tester.send("r")
    await paused(tester)


@in_app()
async def test_the_speed_changes_while_it_runs(tester: AppTester) -> None:
    await run_flat_out(tester)
    tester.send("minus")
    await tester.wait_until(lambda: tester.session.speed == FLAT_OUT - 1 and tester.session.running)
    tester.send("plus")
    before = tester.session.updates_done
    await tester.wait_until(lambda: tester.session.updates_done > before + 200)
    tester.send("r")
    await paused(tester)


@in_app()
async def test_inspecting_a_number_pauses_the_run(tester: AppTester) -> None:
    await run_flat_out(tester)
    tester.send("enter")
    await tester.wait_until(lambda: "exact value" in tester.all_text())
    await tester.wait_until(lambda: not tester.session.running)
    check_replay(tester.session)


@in_app()
async def test_another_preset_can_be_opened_during_a_run(tester: AppTester) -> None:
    await run_flat_out(tester)
    await open_preset(tester.main, "iris")
    await paused(tester)
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "iris" and tester.session.cursor == 0)
    await tester.press("f", "b", "u")
    check_replay(tester.session)
    await run_flat_out(tester)
    await tester.wait_until(lambda: tester.session.engine.sizes == (4, 10, 3))
    tester.send("r")
    await paused(tester)


@in_app()
async def test_a_new_seed_can_be_drawn_during_a_run(tester: AppTester) -> None:
    await run_flat_out(tester)
    tester.app.simulate_key("N")
    await tester.wait_until(lambda: len(tester.session.runs) == 2)
    await paused(tester)
    await tester.wait_until(lambda: (tester.session.trace.update, tester.session.cursor) == (1, 0))
    await tester.press("backspace")
    await tester.wait_until(lambda: tester.session.active == 0 and tester.session.updates_done > 50)
    check_replay(tester.session)


@in_app()
async def test_a_check_during_a_run_checks_the_pass_where_it_stops(tester: AppTester) -> None:
    await run_flat_out(tester)
    tester.send("g")
    await tester.wait_until(lambda: "Gradient check" in tester.all_text())
    await tester.wait_until(lambda: "Gradients agree: 17 of 17" in tester.all_text())
    await tester.wait_until(lambda: not tester.session.running)


@in_app("digits")
async def test_stepping_on_does_not_disturb_a_check(tester: AppTester) -> None:
    await tester.press("f", "b")
    for key in "gufbn":
        tester.app.simulate_key(key)
    await tester.wait_until(lambda: "Gradient check" in tester.all_text())
    await tester.wait_until(lambda: "Gradients agree" in tester.all_text())


# Going to an update


@in_app()
async def test_goto_beyond_the_last_computed_update_trains(tester: AppTester) -> None:
    await tester.press("n", "t", *"2,000", "enter")
    await tester.wait_until(lambda: tester.session.updates_done == 2000 and not tester.session.running)
    await tester.settle()
    await tester.wait_until(lambda: tester.session.run.reached == 2000)
    await tester.wait_until(lambda: "update 2000" in tester.text("header"))
    check_replay(tester.session)
    await tester.press("t", *"3", "enter")
    await tester.wait_until(lambda: tester.session.updates_done == 3)
    check_replay(tester.session)


async def go_to(tester: AppTester, destination: str) -> None:
    """Type a destination into the dialog of `t`."""
    await tester.press("t")
    await tester.wait_until(lambda: bool(tester.app.screen.query("#answer")))
    tester.app.screen.query_one("#answer", Input).value = destination
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app()
async def test_goto_a_goal_trains_until_it_holds(tester: AppTester, monkeypatch: pytest.MonkeyPatch) -> None:
    await tester.press("n", "n")
    await go_to(tester, "loss < 0.11 and updates >= 5")
    await tester.wait_until(lambda: "loss < 0.11 and updates >= 5 holds after update" in tester.text("message"))
    await paused(tester)
    run = Run.start(tester.session.run.segments[0].experiment)
    losses = [run.trace(update).loss for update in range(1, tester.session.updates_done + 1)]
    assert losses[-1] < 0.11 <= min(losses[4:-1]) and len(losses) > 5
    done = tester.session.updates_done
    await go_to(tester, "loss < 0.11")
    await tester.wait_until(lambda: "loss < 0.11 holds here already, after update" in tester.text("message"))
    assert tester.session.updates_done == done and not tester.session.running

    monkeypatch.setattr(goal, "MAX_UPDATES_TO_GOAL", 50_000_000)  # it is not reached before the pause
    await go_to(tester, "loss < 1e-12")
    hint = f"Training until loss < 1e-12, at most to update {done + 50_000_000:,}: r pauses."
    await tester.wait_until(lambda: hint in tester.text("message"))
    await tester.press("minus")
    await tester.wait_until(lambda: tester.session.running and tester.session.updates_done > done + 1)
    tester.send("r")
    await tester.wait_until(lambda: "Paused: loss < 1e-12 does not hold yet." in tester.text("message"))
    await paused(tester)
    assert tester.session.goal is None
    await tester.press("t")
    await tester.wait_until(lambda: bool(tester.app.screen.query("#answer")))
    assert tester.app.screen.query_one("#answer", Input).value == "loss < 1e-12", "the goal is offered again"
    await tester.press("0", "enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main and tester.session.updates_done == 0)

    reached = tester.session.run.reached
    monkeypatch.setattr(goal, "MAX_UPDATES_TO_GOAL", 40)
    await go_to(tester, "loss < 1e-12")
    text = "Stopped after 40 more updates: loss < 1e-12 does not hold yet."
    await tester.wait_until(lambda: text in tester.text("message").replace("\n", " "))
    assert tester.session.updates_done == reached + 40 and not tester.session.running and tester.session.target is None


@in_app()
async def test_a_long_goto_can_be_paused(tester: AppTester) -> None:
    await tester.press("t", *"100000000", "enter")
    await tester.wait_until(lambda: tester.session.running and tester.session.updates_done > 100)
    tester.send("r")
    await paused(tester)
    await tester.wait_until(lambda: 100 < tester.session.updates_done < 100_000_000)


# Divergence


@pytest.mark.parametrize("speed", [FLAT_OUT - 1, FLAT_OUT], ids=lambda speed: SPEEDS[speed].name)
@in_app("too-fast")
async def test_a_divergence_stops_the_run_with_a_message(tester: AppTester, speed: int) -> None:
    if speed != FLAT_OUT:
        # At 30 passes a second the whole way takes half a minute: begin a little before the end.
        await tester.press("t", *"100000", "enter")
        await tester.wait_until(lambda: tester.session.run.divergence is not None and not tester.session.running)
        await tester.press("p", "p", "p")
    await set_speed(tester, speed)
    tester.send("r")
    await tester.wait_until(lambda: not tester.session.running and "iverged at" in tester.text("message"))
    await tester.settle()
    finding = tester.session.run.divergence
    assert finding is not None
    await tester.wait_until(lambda: tester.session.updates_done == finding.update == tester.session.run.reached)
    await tester.wait_until(lambda: str(finding.sentence) in tester.text("message"))
    await tester.wait_until(lambda: "✕" in tester.text("timeline"))
    check_layer_view(tester.session)
    for key in ("r", "f", "space", "n"):
        await tester.press(key)
        await tester.wait_until(lambda: not tester.session.running and tester.session.updates_done == finding.update)
    await tester.press("p", "p")
    await tester.wait_until(lambda: tester.session.updates_done == finding.update - 2)
    check_layer_view(tester.session)
    check_replay(tester.session)
    await tester.wait_until(lambda: "nan" not in tester.text("layer") and "inf" not in tester.text("layer"))
    await tester.press("backspace")
    await tester.wait_until(lambda: tester.session.cursor < tester.session.pass_steps.end)
    await tester.press("0", "f", "b", "u")
    await tester.wait_until(lambda: tester.session.updates_done == 1)
    check_replay(tester.session)


# Leaving


@pytest.mark.parametrize("way", ["q", "ctrl+q"])
@pytest.mark.parametrize("speed", [0, FLAT_OUT], ids=lambda speed: SPEEDS[speed].name)
def test_quitting_while_it_runs_ends_the_app(way: str, speed: int) -> None:
    async def leave() -> None:
        app = NNTui(experiment("digits"), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            await set_speed(tester, speed)
            tester.send("r")
            await tester.wait_until(lambda: tester.session.running and (tester.session.updates_done > 5 or not speed))
            app.simulate_key(way)
            await tester.wait_until(lambda: not app.is_running)
        assert not app.return_code

    asyncio.run(leave())  # which waits for the worker's thread too


def test_an_error_in_the_worker_ends_the_app_with_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("made up for a test")

    monkeypatch.setattr(Run, "train", broken)

    async def play() -> NNTui:
        app = NNTui(experiment("xor"), DARK)
        with pytest.raises(WorkerFailed, match="made up for a test"):
            async with app.run_test(size=(120, 40)) as pilot:
                tester = AppTester(app, pilot)
                await set_speed(tester, FLAT_OUT)
                tester.send("r")
                await tester.wait_until(lambda: not app.is_running)
        return app

    assert asyncio.run(play()).return_code == 1


def test_an_error_in_a_view_during_a_run_ends_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker thread must not keep the process alive after a crash."""

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("made up for a test")

    async def play() -> NNTui:
        app = NNTui(experiment("xor"), DARK)
        with pytest.raises(RuntimeError, match="made up for a test"):
            async with app.run_test(size=(120, 40)) as pilot:
                tester = AppTester(app, pilot)
                await run_flat_out(tester)
                monkeypatch.setattr(tester.widget("header"), "lines", broken)
                await tester.wait_until(lambda: not app.is_running)
        return app

    assert asyncio.run(play()).return_code == 1


# Sizes while it runs


@in_app()
async def test_resizing_while_it_runs_keeps_the_session(tester: AppTester) -> None:
    await run_flat_out(tester)
    for width, height in ((80, 24), (200, 60), (40, 10), (120, 40)):
        await tester.resize(width, height)
        before = tester.session.updates_done
        await tester.wait_until(lambda: tester.session.updates_done > before)
        await tester.wait_until(lambda: tester.session.running)
    tester.send("r")
    await paused(tester)
    check_replay(tester.session)


@in_app(size=(80, 24))
async def test_a_run_to_an_update_names_its_target_and_escape_pauses_it(tester: AppTester) -> None:
    await tester.press("t", *"99999999")
    tester.send("enter")
    await tester.wait_until(lambda: tester.session.updates_done > 50)
    await tester.wait_until(
        lambda: "to 99,999,999" in tester.text("phases") and "passes/s" not in tester.text("phases")
    )
    await tester.wait_until(
        lambda: tester.text("message").strip() == "Going to update 99,999,999: r or any step pauses."
    )
    tester.send("escape")
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: "paused" in tester.text("phases") and tester.session.target is None)
    await tester.press("escape")
    await tester.wait_until(lambda: not tester.session.running, "escape pauses, and starts nothing")


@in_app()
async def test_playback_has_a_message(tester: AppTester) -> None:
    await tester.press("n", "n", "n")
    tester.send("P")
    await tester.wait_until(lambda: tester.session.playing_back)
    await tester.wait_until(lambda: hints.hint(tester.session).startswith("Playing back, "))
    await tester.wait_until(
        lambda: not hints.hint(replace(tester.session, playing_back=False)).startswith("Playing back")
    )


@in_app()
async def test_the_prompt_names_only_computed_updates(tester: AppTester) -> None:
    await tester.press("t")
    await tester.wait_until(lambda: "0 is the start." in tester.all_text())
    await tester.press("escape", "n", "n", "t")
    await tester.wait_until(lambda: "2 the last update so far" in tester.all_text())


@in_app("too-fast")
async def test_a_divergence_during_a_change_of_speed_is_reported(tester: AppTester) -> None:
    tester.send("r")
    for _ in range(5):
        tester.send("plus")
    await tester.wait_until(lambda: tester.session.run.divergence is not None and not tester.session.running)
    await tester.settle()
    await tester.wait_until(lambda: "Diverged at update 319" in tester.text("message"))


@in_app("digits")
async def test_a_drag_during_a_change_of_speed_pauses(tester: AppTester) -> None:
    await run_flat_out(tester)
    for _ in range(5):
        timeline = tester.widget("timeline")
        assert isinstance(timeline, TimelinePanel)
        tester.send("plus")  # the app reads the key, and the screen the drag: both wait for the same worker
        timeline.post_message(TimelinePanel.Scrubbed(timeline, 0))
        await paused(tester)
        tester.send("r")
        await tester.wait_until(lambda: tester.session.running)
