"""Long computations for a program: ctrl+c ends them between two passes, and the threads of BLAS stay as they were."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from nn_tui.core.engine.blas import restore_threads


@contextmanager
def computing() -> Iterator[Callable[[], bool]]:
    """Run a block whose passes are never cut in two.

    Yields:
        A function that returns whether to stop. After the block, the interrupt raises ``KeyboardInterrupt`` as usual.
    """
    with restore_threads(), _deferred_interrupt() as should_stop:
        yield should_stop


@contextmanager
def _deferred_interrupt() -> Iterator[Callable[[], bool]]:
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield lambda: False  # no interrupt arrives here
        return
    received: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: received.append((number, frame)))
    try:
        yield lambda: bool(received)
    finally:
        signal.signal(signal.SIGINT, previous)
        if received:
            previous(*received[0])
