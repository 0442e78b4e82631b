"""Training while watching: one worker thread that runs passes and hands over the newest when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from textual.message import Message
from textual.message_pump import MessagePump

from nn_tui.core.timeline import Run
from nn_tui.core.trace import Trace

FRAMES_PER_SECOND = 30


class Frame(Message):
    """The newest pass of a training, leased to whoever receives it."""

    def __init__(self, trace: Trace, training: Training) -> None:
        super().__init__()
        self.trace = trace
        self.training = training


class Finished(Message):
    """Training ended by itself: the target was reached, or a number was not finite."""


@dataclass(slots=True, eq=False)
class Training:
    """What the screen and the worker share: the run, which the worker alone uses till it ends, and two flags."""

    run: Run
    stop: Event = field(default_factory=Event)
    want: Event = field(default_factory=Event)


def train(
    training: Training, start: int, target: int | None, screen: MessagePump, cancelled: Callable[[], bool]
) -> None:
    """The worker's whole life: train from update ``start`` to ``target`` (None: until stopped or cancelled).

    It never touches a widget: it posts a :class:`Frame` when one is wanted, and :class:`Finished` at the
    end unless it was told to stop.
    """
    run = training.run
    run.goto(start)

    def publish(trace: Trace) -> bool:
        if not training.want.is_set():
            return False
        training.want.clear()
        return screen.post_message(Frame(trace, training))

    run.train(
        None if target is None else max(0, target - start),
        should_stop=lambda: training.stop.is_set() or cancelled(),
        publish=publish,
    )
    if not training.stop.is_set():
        screen.post_message(Finished())
