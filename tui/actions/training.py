"""Training while watching: one worker thread that runs passes and hands over the newest when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from textual.message import Message
from textual.message_pump import MessagePump

from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.run import Run

FRAMES_PER_SECOND = 30
TURN = 0.01  # seconds, about: how long two runs train before the turn is the first one's again


class Frame(Message):
    """The newest pass of a training, leased to whoever receives it.

    ``other`` is the same pass of the run compared with, where that one has just made it.
    """

    def __init__(self, trace: Trace, training: Training, other: Trace | None = None) -> None:
        super().__init__()
        self.trace = trace
        self.training = training
        self.other = other


class Finished(Message):
    """A training ended by itself: its target was reached, or a number was not finite."""

    def __init__(self, training: Training) -> None:
        super().__init__()
        self.training = training


@dataclass(slots=True, eq=False)
class Training:
    """What the screen and the worker share: the run, which the worker alone uses till it ends, and two flags.

    ``target`` is the update to stop after (None: when told to). The run compared with, ``other``, is the
    worker's too while it has its ``turn``.
    """

    run: Run
    other: Run | None = None
    turn: Lock = field(default_factory=Lock)
    target: int | None = None
    stop: bool = False
    want: bool = False


def train(training: Training, start: int, screen: MessagePump, cancelled: Callable[[], bool]) -> None:
    """The worker's whole life: train from update ``start`` to the target, until stopped or cancelled.

    It never touches a widget: it posts a :class:`Frame` when one is wanted, and :class:`Finished` at the
    end unless it was told to stop.
    """
    run, target = training.run, training.target
    run.goto(start)

    def publish(trace: Trace, other: Trace | None = None) -> bool:
        return screen.post_message(Frame(trace, training, other))

    def newest(trace: Trace) -> bool:
        if not training.want:
            return False
        training.want = False
        return publish(trace)

    def should_stop() -> bool:
        return training.stop or cancelled()

    if training.other is None:
        run.train(None if target is None else max(0, target - start), should_stop=should_stop, publish=newest)
    else:
        with training.turn:
            _train_in_turn(training, training.other, should_stop, publish)
    if not training.stop:
        screen.post_message(Finished(training))


def _train_in_turn(
    training: Training,
    other: Run,
    should_stop: Callable[[], bool],
    publish: Callable[[Trace, Trace | None], bool],
) -> None:
    """Train two runs, some updates of each in turn, so that they are equally far but for one turn.

    A run that is behind gets twice as many until it has caught up. Ends with the training's own run; what it has
    replayed of its past, ``other`` need not. A pass that is wanted waits for the same one of ``other``, for the
    rest of a turn at most.
    """
    run, target = training.run, training.target
    other.goto(other.reached)
    waiting: list[Trace] = []

    def first(trace: Trace) -> bool:
        if waiting or not training.want:
            return False
        training.want = False
        waiting.append(trace)
        return True

    def second(trace: Trace) -> bool:
        return bool(waiting) and trace.update == waiting[0].update and publish(waiting.pop(), trace)

    updates = 1
    while not should_stop() and run.position != target:
        if run.divergence and run.position >= run.divergence.update:
            break
        began = perf_counter()
        run.train(
            updates if target is None else min(updates, target - run.position),
            should_stop=should_stop,
            publish=first,
        )
        ahead = max(0, min(run.position - other.position, 2 * updates))
        other.train(ahead, should_stop=should_stop, publish=second)
        if waiting:
            publish(waiting.pop(), None)
        taken = perf_counter() - began
        if taken < TURN / 2:
            updates *= 2
        elif taken > 2 * TURN:
            updates = max(1, updates // 2)
