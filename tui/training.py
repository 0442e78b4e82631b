"""Training while watching: one worker thread that runs passes and hands over the newest when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event

from textual.message import Message
from textual.message_pump import MessagePump

from nn_tui.core.timeline import Run
from nn_tui.core.trace import Trace

FRAMES_PER_SECOND = 30


class Frame(Message):
    """The newest pass, leased to whoever receives it."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self.trace = trace


class Finished(Message):
    """Training ended by itself: the target was reached, or a number was not finite."""


@dataclass(slots=True)
class Training:
    """What the screen and the worker share: two flags, nothing else."""

    stop: Event = field(default_factory=Event)
    want: Event = field(default_factory=Event)


def train(run: Run, start: int, target: int | None, training: Training, screen: MessagePump) -> None:
    """The worker's whole life: train from update ``start`` to ``target`` (None: until stopped).

    It never touches a widget: it posts a :class:`Frame` when one is wanted, and :class:`Finished` at the
    end unless it was told to stop.
    """
    run.goto(start)

    def publish(trace: Trace) -> bool:
        if not training.want.is_set():
            return False
        training.want.clear()
        return screen.post_message(Frame(trace))

    run.train(
        None if target is None else max(0, target - start),
        should_stop=training.stop.is_set,
        publish=publish,
    )
    if not training.stop.is_set():
        screen.post_message(Finished())
