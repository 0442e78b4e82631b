"""The run compared with: it follows the run on screen to the same pass, whose trace is acquired."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Event

from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.run import Run
from nn_tui.tui.background.trainer import Trainer
from nn_tui.tui.session import branches
from nn_tui.tui.session.session import Session

# The run compared with catches up before the screen is drawn, unless that takes more than these.
MAX_IMMEDIATE_UPDATES = 64
MAX_IMMEDIATE_MULTIPLICATIONS = 2_000_000


class CaughtUp(Message):
    """The run compared with has reached the update that ``request`` was made for."""

    def __init__(self, request: Event) -> None:
        super().__init__()
        self.request = request


class ComparedRun:
    """Keeps the run compared with at the pass on screen.

    Args:
        screen: The screen, whose workers are used, and which gets the message :class:`CaughtUp`.
        trainer: The trainer of the run on screen. While it trains, it trains both runs.
    """

    def __init__(self, screen: Screen[None], trainer: Trainer) -> None:
        self._screen = screen
        self._trainer = trainer
        self._request: Event | None = None  # set to stop the worker
        self._worker: Worker[None] | None = None
        self._acquired: tuple[Run, Trace] | None = None

    @property
    def is_catching_up(self) -> bool:
        """Whether a thread is training the run compared with."""
        return self._request is not None

    def follow_compared_run(self, session: Session) -> Session:
        """Take the run compared with to the pass on screen, unless that takes long, and return its trace of it."""
        if not self._trainer.is_training:
            if session.other is not None and not self.is_catching_up:
                missing = _missing_updates(session)
                if 0 < missing <= _max_immediate_updates(session.other):
                    session.other.goto(session.other.reached + missing)
            self._acquire_pass(_pass_of_other(session) if not self.is_catching_up else None)
        trace = None if self._acquired is None else self._acquired[1]
        return session if session.other_trace is trace else replace(session, other_trace=trace)

    def replace_trace(self, run: Run | None, trace: Trace | None) -> None:
        """Replace the trace of the run compared with, such as by that of a frame, and release the one before."""
        before = self._acquired
        self._acquired = None if run is None or trace is None else (run, trace)
        if before is not None:
            before[0].release(before[1])

    def _acquire_pass(self, run_and_update: tuple[Run, int] | None) -> None:
        """Acquire the trace of a pass, or none, and release the one before."""
        if self._acquired is not None and (self._acquired[0], self._acquired[1].update) == run_and_update:
            return
        if run_and_update is None:
            self.replace_trace(None, None)
        else:
            run, update = run_and_update
            self.replace_trace(run, run.trace(update))

    def is_behind(self, session: Session) -> bool:
        """Return whether the run compared with has to catch up in a thread."""
        is_busy = self._trainer.is_training or self.is_catching_up or session.running
        return not is_busy and _missing_updates(session) > 0

    def catch_up(self, session: Session) -> None:
        """Start a thread that trains the run compared with up to the update on screen, if it is behind."""
        if session.other is None or not self.is_behind(session):
            return
        self._request = request = Event()
        work = partial(self._train, session.other, branches.common_update(session), request)
        self._worker = self._screen.run_worker(work, thread=True, exclusive=True, group="catch-up")

    def _train(self, other: Run, target: int, request: Event) -> None:
        worker = get_current_worker()
        with self._trainer.other_run_lock:
            other.goto(other.reached)
            other.train(target - other.position, should_stop=lambda: request.is_set() or worker.is_cancelled)
        if not request.is_set() and not worker.is_cancelled:
            self._screen.post_message(CaughtUp(request))

    def finish(self, message: CaughtUp) -> bool:
        """Take the message of a thread. Return whether the run has caught up; a message may be out of date."""
        if message.request is not self._request:
            return False
        self._request = self._worker = None
        return True

    async def stop(self) -> None:
        """Stop catching up, and wait for the thread."""
        request, worker = self._request, self._worker
        if request is None or worker is None:
            return
        request.set()
        self._request = self._worker = None
        try:
            await worker.wait()
        except (WorkerCancelled, WorkerFailed):
            return

    def request_stop(self) -> None:
        """Ask a running thread to stop, because the app is about to exit."""
        if self._request is not None:
            self._request.set()


def _missing_updates(session: Session) -> int:
    """Return how many updates the run compared with is behind the one on screen; 0 if it has diverged."""
    other = session.other
    if other is None or other.divergence is not None:
        return 0
    return max(0, branches.common_update(session) - other.reached)


def _pass_of_other(session: Session) -> tuple[Run, int] | None:
    """Return the run compared with and the pass on screen, if that run has the pass or can begin it."""
    other, update = session.other, session.trace.update
    if other is None or (other.divergence is not None and update > other.divergence.update):
        return None
    return (other, update) if update <= other.reached + 1 else None


def _max_immediate_updates(run: Run) -> int:
    """Return how many updates of a run can be computed before the screen answers a key."""
    multiplications: int = run.engine.parameters * run.engine.batch
    return min(MAX_IMMEDIATE_UPDATES, max(1, MAX_IMMEDIATE_MULTIPLICATIONS // multiplications))
