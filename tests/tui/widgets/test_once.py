"""A timer for one call on a machine that is held up just as the timer starts."""

from __future__ import annotations

import pytest
from textual import _time, timer

from nn_tui.tui.widgets.once import once
from tests._app import Hand, in_app


class HeldUp:
    """Textual's clock on a machine on which something else runs for 6 ms between any two looks at it."""

    def __init__(self) -> None:
        self.looks = 0

    def get_time(self) -> float:
        """Seconds."""
        self.looks += 1
        return _time.get_time() + 0.006 * self.looks


@in_app()
async def test_one_call_comes_even_then(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timer, "_time", HeldUp())
    calls: list[int] = []
    once(hand.main, 0.005, lambda: calls.append(1))
    await hand.wait_until(lambda: bool(calls), 5.0)
    await hand.pilot.pause(0.05)
    assert calls == [1]


@in_app()
async def test_it_can_be_stopped(hand: Hand) -> None:
    calls: list[int] = []
    once(hand.main, 0.005, lambda: calls.append(1)).stop()
    await hand.pilot.pause(0.05)
    assert not calls


@in_app()
async def test_a_key_that_waits_for_a_dialog_arrives_even_then(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timer, "_time", HeldUp())
    for key in "e0.5":
        await hand.send(key)
    await hand.send("enter")
    await hand.wait_until(lambda: len(hand.session.run.segments) == 2 or len(hand.session.runs) > 1, 5.0)
