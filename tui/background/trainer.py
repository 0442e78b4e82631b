"""Running a session: a timer makes the moves of the slow speeds, a worker thread trains at full speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Lock

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from nn_tui.tui.background.training import FRAMES_PER_SECOND, Training, TrainingFinished, TrainingFrame, train
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.lesson_answers import task_check
from nn_tui.tui.session.session import Move, Session
from nn_tui.tui.terminal.signals import pending_output


class Trainer:
    """Runs the session of a screen.

    Args:
        screen: The screen, whose timers and workers are used, and which gets the messages of a training.
        tick: Makes one move of a slow run.

    Attributes:
        other_run_lock: Held by the thread that uses the run compared with.
    """

    def __init__(self, screen: Screen[None], tick: Callable[[Move], None]) -> None:
        self.other_run_lock = Lock()
        self._screen = screen
        self._tick = tick
        self._training: Training | None = None
        self._worker: Worker[None] | None = None
        self._timer: Timer | None = None

    @property
    def is_training(self) -> bool:
        """Whether a thread is training the run on screen."""
        return self._training is not None

    def start(self, session: Session) -> None:
        """Start to run ``session`` as its speed, target and direction say."""
        speed = SPEEDS[session.speed]
        if session.playing_back:
            move = timeline.play_back_stop if speed.stops else timeline.play_back_pass
            self._start_timer(speed.stops or speed.passes or FRAMES_PER_SECOND, partial(self._tick, move))
        elif not session.is_at_full_speed and (rate := speed.stops or speed.passes):
            move = stepping.next_stop if speed.stops else stepping.whole_pass
            self._start_timer(rate, partial(self._tick, move))
        else:
            is_done = task_check(session)
            if session.goal is not None:
                from nn_tui.tui.session.goal import add_goal

                is_done = add_goal(session.goal, session.run, is_done)
            self._training = Training(session.run, session.other, self.other_run_lock, session.target, is_done)
            work = partial(_train, self._training, session.updates_done, self._screen)
            self._worker = self._screen.run_worker(
                work, thread=True, exclusive=True, group="training", description="train"
            )
            self._start_timer(FRAMES_PER_SECOND, self._request_frame)

    def _start_timer(self, rate: float, callback: Callable[[], None]) -> None:
        self.stop_timer()
        self._timer = self._screen.set_interval(1 / rate, callback)

    def stop_timer(self) -> None:
        """Make no more moves of a slow run."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def pause_moves(self, session: Session) -> Session:
        """Make no more moves of a slow run, and return the session paused."""
        self.stop_timer()
        return replace(session, running=False, playing_back=False) if session.running else session

    async def stop(self) -> Move:
        """Stop running and wait for the worker. Return the move to the last trained update."""
        self.stop_timer()
        training, worker = self._training, self._worker
        if training is None or worker is None:
            return self.pause_moves
        training.is_stopping = True
        try:
            await worker.wait()
        except (WorkerCancelled, WorkerFailed):
            return _keep_session
        self._training = self._worker = None
        return _go_to_trained_update

    def request_stop(self) -> None:
        """Ask a running worker to stop, because the app is about to exit."""
        if self._training is not None:
            self._training.is_stopping = True

    def is_current(self, message: TrainingFrame | TrainingFinished) -> bool:
        """Return whether a message is about the training that runs now."""
        return message.training is self._training

    def _request_frame(self) -> None:
        """Ask the worker for its newest pass, unless the terminal is still receiving the last frame."""
        # Output that waits to be sent delays the answer to the next key, so a slow terminal gets fewer frames.
        if self._training is not None and not pending_output(self._screen.app):
            self._training.is_frame_wanted = True


def _go_to_trained_update(session: Session) -> Session:
    paused = stepping.goto(replace(session, running=False, target=None, goal=None), session.run.position)
    if session.goal is None:
        return paused
    from nn_tui.tui.session.goal import say_reached

    return say_reached(paused, session.goal, session.target)


def _keep_session(session: Session) -> Session:
    return session


def _train(training: Training, start: int, screen: Screen[None]) -> None:
    # The app cancels its workers when it exits, also after an error.
    worker = get_current_worker()
    train(training, start, screen, lambda: worker.is_cancelled)
