"""Training while watching: start, pause, step in the middle, diverge, and leave at any moment."""

from __future__ import annotations

import asyncio

import pytest
from textual.worker import WorkerFailed

from nn_tui.core.run.run import Run
from nn_tui.tui.app import NNTui
from nn_tui.tui.session.choices import SPEEDS
from tests._app import DARK, Hand, check_layer_view, check_replay, experiment, in_app

FLAT_OUT = len(SPEEDS) - 1


async def set_speed(hand: Hand, speed: int) -> None:
    """Choose a speed by its keys."""
    await hand.press(*["minus" if hand.session.speed > speed else "plus"] * abs(hand.session.speed - speed))
    await hand.wait_until(lambda: hand.session.speed == speed)


async def run_flat_out(hand: Hand) -> None:
    """Start at full speed and wait until frames come in."""
    await set_speed(hand, FLAT_OUT)
    await hand.send("r")
    await hand.wait_until(lambda: hand.session.running and hand.session.updates_done > 50)


async def paused(hand: Hand) -> None:
    """Wait for a pause, and check that what stands on screen is a moment of the run."""
    await hand.wait_until(lambda: not hand.session.running)
    await hand.wait_until(lambda: "paused" in hand.text("phases"))
    await hand.settle()
    check_layer_view(hand.session)


@pytest.mark.parametrize("speed", range(len(SPEEDS)), ids=lambda speed: SPEEDS[speed].label)
@in_app()
async def test_it_runs_and_pauses_at_every_speed(hand: Hand, speed: int) -> None:
    await set_speed(hand, speed)
    start = hand.session.trace.update, hand.session.cursor
    await hand.send("r")
    await hand.wait_until(lambda: (hand.session.trace.update, hand.session.cursor) > start)
    await hand.wait_until(lambda: hand.session.running)
    await hand.wait_until(lambda: SPEEDS[speed].label in hand.text("phases"))
    await hand.send("r")
    await paused(hand)
    place = hand.session.trace.update, hand.session.cursor
    await hand.wait_until(lambda: f"update {hand.session.updates_done}" in hand.text("header"))
    for _ in range(5):
        await hand.settle()
    await hand.wait_until(
        lambda: (hand.session.trace.update, hand.session.cursor) == place, "a paused run stands still"
    )
    check_replay(hand.session)


@in_app()
async def test_the_screen_follows_a_run_flat_out(hand: Hand) -> None:
    await run_flat_out(hand)
    headers = set()
    for _ in range(4):
        headers.add(seen := hand.text("header"))
        await hand.wait_until(lambda seen=seen: hand.text("header") != seen)  # type: ignore[misc]
    assert len(headers) == 4
    await hand.send("r")
    await paused(hand)
    # Nothing of the run is lost between the last frame and the pause.
    await hand.wait_until(lambda: hand.session.updates_done == hand.session.run.position == hand.session.run.reached)
    check_replay(hand.session)


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
async def test_a_stepping_key_pauses_first(hand: Hand, key: str, moved: tuple[int, int]) -> None:
    await run_flat_out(hand)
    await hand.send(key)
    await paused(hand)
    await hand.wait_until(lambda: hand.session.cursor == moved[1])
    # The run ended at the pass that it had reached; the step goes from there.
    reached = hand.session.run.reached - (moved[0] == 1)
    await hand.wait_until(lambda: hand.session.trace.update == reached + moved[0])
    check_replay(hand.session)


@in_app()
async def test_keys_typed_ahead_are_all_done(hand: Hand) -> None:
    await run_flat_out(hand)
    for key in "fbufbu":
        hand.app.simulate_key(key)
    await hand.wait_until(lambda: not hand.session.running and "The parameters have moved" in hand.text("message"))
    await hand.settle()
    await hand.wait_until(lambda: hand.session.updates_done == hand.session.run.reached == hand.session.trace.update)
    check_replay(hand.session)


@in_app()
async def test_looking_goes_on_while_it_runs(hand: Hand) -> None:
    await run_flat_out(hand)
    for key in ("right_square_bracket", "full_stop", "d", "L", "z", "down", "m", "m", "3", "2"):
        await hand.send(key)
    await hand.wait_until(lambda: hand.session.ref.sample == 3 and hand.session.log)
    await hand.wait_until(lambda: hand.session.running)
    await hand.send("r")
    await paused(hand)


@in_app()
async def test_the_speed_changes_while_it_runs(hand: Hand) -> None:
    await run_flat_out(hand)
    await hand.send("minus")
    await hand.wait_until(lambda: hand.session.speed == FLAT_OUT - 1 and hand.session.running)
    await hand.send("plus")
    before = hand.session.updates_done
    await hand.wait_until(lambda: hand.session.updates_done > before + 200)
    await hand.send("r")
    await paused(hand)


@in_app()
async def test_inspecting_a_running_number_holds_it_still(hand: Hand) -> None:
    await run_flat_out(hand)
    await hand.send("enter")
    await hand.wait_until(lambda: "exact value" in hand.all_text())
    await hand.wait_until(lambda: not hand.session.running)
    check_replay(hand.session)


@in_app()
async def test_another_preset_in_the_middle_of_a_run(hand: Hand) -> None:
    await run_flat_out(hand)
    await hand.main.open_preset("iris")
    await paused(hand)
    await hand.wait_until(lambda: hand.session.experiment.preset.id == "iris" and hand.session.cursor == 0)
    await hand.press("f", "b", "u")
    check_replay(hand.session)
    await run_flat_out(hand)
    await hand.wait_until(lambda: hand.session.engine.sizes == (4, 10, 3))
    await hand.send("r")
    await paused(hand)


@in_app()
async def test_a_new_seed_in_the_middle_of_a_run(hand: Hand) -> None:
    await run_flat_out(hand)
    hand.app.simulate_key("N")
    await hand.wait_until(lambda: len(hand.session.runs) == 2)
    await paused(hand)
    await hand.wait_until(lambda: (hand.session.trace.update, hand.session.cursor) == (1, 0))
    await hand.press("backspace")
    await hand.wait_until(lambda: hand.session.active == 0 and hand.session.updates_done > 50)
    check_replay(hand.session)


@in_app()
async def test_a_check_while_it_runs_is_of_the_pass_where_it_stopped(hand: Hand) -> None:
    await run_flat_out(hand)
    await hand.send("g")
    await hand.wait_until(lambda: "Gradient check" in hand.all_text())
    await hand.wait_until(lambda: "Gradients agree: 17 of 17" in hand.all_text())
    await hand.wait_until(lambda: not hand.session.running)


@in_app("digits")
async def test_stepping_on_does_not_disturb_a_check(hand: Hand) -> None:
    await hand.press("f", "b")
    for key in "gufbn":
        hand.app.simulate_key(key)
    await hand.wait_until(lambda: "Gradient check" in hand.all_text())
    await hand.wait_until(lambda: "Gradients agree" in hand.all_text())


# Going to an update


@in_app()
async def test_goto_beyond_the_furthest_trains_up_to_it(hand: Hand) -> None:
    await hand.press("n", "t", *"2,000", "enter")
    await hand.wait_until(lambda: hand.session.updates_done == 2000 and not hand.session.running)
    await hand.settle()
    await hand.wait_until(lambda: hand.session.run.reached == 2000)
    await hand.wait_until(lambda: "update 2000" in hand.text("header"))
    check_replay(hand.session)
    await hand.press("t", *"3", "enter")
    await hand.wait_until(lambda: hand.session.updates_done == 3)
    check_replay(hand.session)


@in_app()
async def test_a_long_way_can_be_paused(hand: Hand) -> None:
    await hand.press("t", *"100000000", "enter")
    await hand.wait_until(lambda: hand.session.running and hand.session.updates_done > 100)
    await hand.send("r")
    await paused(hand)
    await hand.wait_until(lambda: 100 < hand.session.updates_done < 100_000_000)


# Divergence


@pytest.mark.parametrize("speed", [FLAT_OUT - 1, FLAT_OUT], ids=lambda speed: SPEEDS[speed].label)
@in_app("too-fast")
async def test_divergence_stops_the_run_with_a_sentence(hand: Hand, speed: int) -> None:
    if speed != FLAT_OUT:
        # At 30 passes a second the whole way takes half a minute: begin a little before the end.
        await hand.press("t", *"100000", "enter")
        await hand.wait_until(lambda: hand.session.run.divergence is not None and not hand.session.running)
        await hand.press("p", "p", "p")
    await set_speed(hand, speed)
    await hand.send("r")
    await hand.wait_until(lambda: not hand.session.running and "iverged at" in hand.text("message"))
    await hand.settle()
    finding = hand.session.run.divergence
    assert finding is not None
    await hand.wait_until(lambda: hand.session.updates_done == finding.update == hand.session.run.reached)
    await hand.wait_until(lambda: finding.sentence in hand.text("message"))
    await hand.wait_until(lambda: "✕" in hand.text("timeline"))
    check_layer_view(hand.session)
    for key in ("r", "f", "space", "n"):
        await hand.press(key)
        await hand.wait_until(lambda: not hand.session.running and hand.session.updates_done == finding.update)
    await hand.press("p", "p")
    await hand.wait_until(lambda: hand.session.updates_done == finding.update - 2)
    check_layer_view(hand.session)
    check_replay(hand.session)
    await hand.wait_until(lambda: "nan" not in hand.text("layer") and "inf" not in hand.text("layer"))
    await hand.press("backspace")
    await hand.wait_until(lambda: hand.session.cursor < hand.session.pass_steps.end)
    await hand.press("0", "f", "b", "u")
    await hand.wait_until(lambda: hand.session.updates_done == 1)
    check_replay(hand.session)


# Leaving


@pytest.mark.parametrize("way", ["q", "ctrl+q"])
@pytest.mark.parametrize("speed", [0, FLAT_OUT], ids=lambda speed: SPEEDS[speed].label)
def test_quitting_while_it_runs_ends_the_app(way: str, speed: int) -> None:
    async def leave() -> None:
        app = NNTui(experiment("digits"), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            hand = Hand(app, pilot)
            await set_speed(hand, speed)
            await hand.send("r")
            await hand.wait_until(lambda: hand.session.running and (hand.session.updates_done > 5 or not speed))
            app.simulate_key(way)
            await hand.wait_until(lambda: not app.is_running)
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
                hand = Hand(app, pilot)
                await set_speed(hand, FLAT_OUT)
                await hand.send("r")
                await hand.wait_until(lambda: not app.is_running)
        return app

    assert asyncio.run(play()).return_code == 1


def test_an_error_in_a_view_while_it_runs_ends_the_training_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash leaves at once: the worker's thread must not keep the process."""

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("made up for a test")

    async def play() -> NNTui:
        app = NNTui(experiment("xor"), DARK)
        with pytest.raises(RuntimeError, match="made up for a test"):
            async with app.run_test(size=(120, 40)) as pilot:
                hand = Hand(app, pilot)
                await run_flat_out(hand)
                monkeypatch.setattr(hand.widget("header"), "lines", broken)
                await hand.wait_until(lambda: not app.is_running)
        return app

    assert asyncio.run(play()).return_code == 1


# Sizes while it runs


@in_app()
async def test_resizing_while_it_runs_keeps_the_session(hand: Hand) -> None:
    await run_flat_out(hand)
    for width, height in ((80, 24), (200, 60), (40, 10), (120, 40)):
        await hand.resize(width, height)
        before = hand.session.updates_done
        await hand.wait_until(lambda before=before: hand.session.updates_done > before)  # type: ignore[misc]
        await hand.wait_until(lambda: hand.session.running)
    await hand.send("r")
    await paused(hand)
    check_replay(hand.session)
