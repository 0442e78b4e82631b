"""When an app has dealt with what it was sent: nothing is ready to run, nothing is due soon, and no thread works.

Textual's own wait takes an app for idle once its process has taken almost no processor time for 20 ms, twice a key:
more time than most keys take, and no answer at all where the machine stalls.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from textual._context import active_app

SOON = 0.06  # seconds: a frame, and what is computed once no other key has come for a moment
_TIMERS = 8  # of them at most: those that come again and again are not waited for
_LOOK = 0.002  # seconds between two looks at a thread


async def wait_until_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Let the app run until it only waits for something to come, or for longer than ``max_sleep`` seconds."""
    loop: Any = asyncio.get_running_loop()
    end, timers = time.monotonic() + max_sleep, 0
    await asyncio.sleep(min_sleep)
    while time.monotonic() < end:
        await asyncio.sleep(0)  # behind all that is ready
        if loop._ready:
            continue
        due = [handle.when() for handle in loop._scheduled if not handle.cancelled()]
        wait = min(due, default=float("inf")) - loop.time()
        if wait < SOON and timers < _TIMERS:
            timers += 1
            await asyncio.sleep(max(wait, 0.0))
        elif any(worker._thread_worker and not worker.is_finished for worker in active_app.get().workers):
            await asyncio.sleep(_LOOK)
        else:
            return
