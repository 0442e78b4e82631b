"""A timer for one call, which a machine that is held up cannot lose."""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer


def once(node: MessagePump, seconds: float, callback: Callable[[], object]) -> Timer:
    """Call ``callback`` in ``seconds``; later where the machine is busy, and never not at all."""
    timer = node.set_timer(seconds, callback)
    # Textual passes over a time that has gone by already when the timer's task begins. A timer of few milliseconds
    # whose process is held up right there has no other time, and what waits for it would wait for ever.
    timer._skip = False
    return timer
