"""The wait after each key of the tests: it ends when the app has dealt with everything, and not before."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from tests._idle import SOON, wait_until_idle


class Slow(App[None]):
    """Each key leads to its end in another way."""

    done = ""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def compose(self) -> ComposeResult:
        """A widget that is painted anew."""
        yield Static("at first", id="message")

    def on_key(self, key: object) -> None:
        """Begin what the key's letter stands for."""
        begin = {"c": self.chain, "t": self.timers, "w": self.worker, "p": self.paint}[getattr(key, "key", "")]
        begin()

    def chain(self, links: int = 50) -> None:
        """One message after another."""
        if links:
            self.screen.call_later(self.chain, links - 1)
        else:
            self.done = "chain"

    def timers(self, links: int = 3) -> None:
        """One timer after another, none of them longer than what is soon."""
        if links:
            self.set_timer(SOON * 0.8, lambda: self.timers(links - 1))
        else:
            self.done = "timers"

    def worker(self) -> None:
        """A thread, and what it leaves to do."""

        def work() -> None:
            self.gate.wait(0.15)
            self.call_from_thread(self.chain, 5)

        self.run_worker(work, thread=True)

    def paint(self) -> None:
        """The screen itself, which is painted with the next frame."""
        self.query_one(Static).update("painted")


@pytest.mark.parametrize(("key", "done"), [("c", "chain"), ("t", "timers"), ("w", "chain")])
def test_all_that_a_key_leads_to_is_waited_for(key: str, done: str) -> None:
    async def play() -> None:
        app = Slow()
        async with app.run_test() as pilot:
            await pilot.press(key)
            assert app.done == done

    asyncio.run(play())


def test_what_changed_has_been_painted() -> None:
    async def play() -> None:
        app = Slow()
        async with app.run_test() as pilot:
            await pilot.press("p")
            assert not app.screen._dirty_widgets
            line = app.screen._compositor.render_strips()[0]
            assert "".join(segment.text for segment in line).startswith("painted")

    asyncio.run(play())


def test_what_never_ends_is_not_waited_for_for_ever_and_the_far_future_not_at_all() -> None:
    async def play() -> None:
        app = Slow()
        async with app.run_test():
            app.set_timer(60.0, app.exit)
            began = time.monotonic()
            for _ in range(20):
                await wait_until_idle()
            assert time.monotonic() - began < 5.0, "the far future is not waited for, the second at most is not used up"
            ticks = []
            app.set_interval(SOON / 6, lambda: ticks.append(0))
            await wait_until_idle(max_sleep=1_000.0)
            assert 0 < len(ticks) < 40, "what comes again and again is no more than looked at"
            app.run_worker(lambda: app.gate.wait(5.0), thread=True)
            began = time.monotonic()
            await wait_until_idle(max_sleep=0.2)
            assert time.monotonic() - began >= 0.2
            app.gate.set()

    asyncio.run(play())
