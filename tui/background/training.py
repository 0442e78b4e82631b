"""Training in a worker thread, which gives the newest pass to the screen when the screen asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from textual.constants import MAX_FPS
from textual.message import Message
from textual.message_pump import MessagePump

from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.run import Run

FRAMES_PER_SECOND = min(30, MAX_FPS)
ROUND_SECONDS = 0.01  # about: both of two compared runs train once in this time


class TrainingFrame(Message):
    """The newest pass of a training. The receiver holds the traces and must release them.

    ``other`` is the same pass of the run compared with, or None if that run did not make it in this round.
    """

    def __init__(self, trace: Trace, training: Training, other: Trace | None = None) -> None:
        super().__init__()
        self.trace = trace
        self.training = training
        self.other = other

    def release(self) -> None:
        """Release the traces, if nobody shows them."""
        for trace in (self.trace, self.other):
            if trace is not None:
                self.training.run.release(trace)


class TrainingFinished(Message):
    """A training has ended by itself: it reached its target, or the run diverged."""

    def __init__(self, training: Training) -> None:
        super().__init__()
        self.training = training


@dataclass(slots=True, eq=False)
class Training:
    """The state that the screen and the worker share.

    Attributes:
        run: The run; only the worker uses it until the worker ends.
        other: The run compared with, which is trained together with ``run``.
        other_lock: Held while the worker uses ``other``.
        target: The update to stop after, None to go on until the screen stops the training.
        is_done: Returns for a pass of ``run`` whether the training may end after it; None to look at no pass.
        is_stopping: Set by the screen to end the training.
        is_frame_wanted: Set by the screen to get the next pass; the worker clears it.
    """

    run: Run
    other: Run | None = None
    other_lock: Lock = field(default_factory=Lock)
    target: int | None = None
    is_done: Callable[[Trace], bool] | None = None
    is_stopping: bool = False
    is_frame_wanted: bool = False


def train(training: Training, start: int, screen: MessagePump, cancelled: Callable[[], bool]) -> None:
    """Train until the target is reached, the run diverges, or the training is stopped or cancelled.

    This runs in the worker's thread and touches no widget: it posts a ``TrainingFrame`` when one is wanted, and
    ``TrainingFinished`` at the end unless the screen stopped it.

    Args:
        training: The run and the flags, shared with the screen.
        start: The update to train from.
        screen: The receiver of the messages.
        cancelled: Whether the app has cancelled the worker.
    """
    run, target = training.run, training.target
    run.goto(start)

    def publish(trace: Trace, other: Trace | None = None) -> bool:
        return screen.post_message(TrainingFrame(trace, training, other))

    has_ended = False

    def is_taken(trace: Trace) -> bool:
        """Look whether the training ends with a pass, and return whether the screen wants it."""
        nonlocal has_ended
        has_ended = training.is_done is not None and training.is_done(trace)
        is_wanted, training.is_frame_wanted = training.is_frame_wanted, False
        return is_wanted

    def should_stop() -> bool:
        return has_ended or training.is_stopping or cancelled()

    if training.other is None:
        updates = None if target is None else max(0, target - start)
        run.train(updates, should_stop=should_stop, publish=lambda trace: is_taken(trace) and publish(trace))
    else:
        with training.other_lock:
            _train_alternately(training, training.other, should_stop, is_taken, publish)
    if not training.is_stopping:
        screen.post_message(TrainingFinished(training))


def _train_alternately(
    training: Training,
    other: Run,
    should_stop: Callable[[], bool],
    is_taken: Callable[[Trace], bool],
    publish: Callable[[Trace, Trace | None], bool],
) -> None:
    """Train two runs, some updates of one and then of the other, so that they differ by at most one round.

    If ``other`` is behind, it gets up to twice as many updates per round until it has caught up. If ``run`` is behind,
    because it replays its past, ``other`` waits. A wanted pass of ``run`` waits until the end of the round for the
    same pass of ``other``.
    """
    run, target = training.run, training.target
    other.goto(other.reached)
    waiting: list[Trace] = []

    def keep_wanted(trace: Trace) -> bool:
        is_kept = is_taken(trace) and not waiting
        if is_kept:
            waiting.append(trace)
        return is_kept

    def publish_both(trace: Trace) -> bool:
        return bool(waiting) and trace.update == waiting[0].update and publish(waiting.pop(), trace)

    updates = 1
    while not should_stop() and run.position != target:
        if run.divergence and run.position >= run.divergence.update:
            break
        began = perf_counter()
        run.train(
            updates if target is None else min(updates, target - run.position),
            should_stop=should_stop,
            publish=keep_wanted,
        )
        missing = max(0, min(run.position - other.position, 2 * updates))
        other.train(missing, should_stop=should_stop, publish=publish_both)
        if waiting:
            publish(waiting.pop(), None)
        seconds = perf_counter() - began
        if seconds < ROUND_SECONDS / 2:
            updates *= 2
        elif seconds > 2 * ROUND_SECONDS:
            updates = max(1, updates // 2)
