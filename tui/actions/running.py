"""Running and pausing: a timer drives slow speeds, a worker thread drives the full speed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Lock

from textual import on, work
from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from nn_tui.tui.actions.base import Move, SessionScreen
from nn_tui.tui.actions.training import FRAMES_PER_SECOND, Training, TrainingFinished, TrainingFrame, train
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session import display, stepping, timeline
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session, clamp_ref, with_message
from nn_tui.tui.terminal.signals import pending_output


class RunActions(SessionScreen):
    """A session screen that can run."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._training: Training | None = None
        self._worker: Worker[None] | None = None
        self._timer: Timer | None = None
        self.other_run_lock = Lock()  # held by the thread that uses the run compared with

    async def move(self, move: Move) -> None:
        """Pause, apply a move to the session and show the result."""
        await self.pause()
        self.show(move(self.session))

    async def action_run(self) -> None:
        """Run, or pause."""
        if self.session.running:
            await self.pause()
        else:
            self.start_running()

    async def key_escape(self) -> None:
        """Pause, unless the user has given escape to an action."""
        # Textual calls this before that action, which might start the run again.
        if self.session.running and "escape" not in self.active_bindings:
            await self.pause()

    async def action_faster(self) -> None:
        """Run faster."""
        await self._change_speed(1)

    async def action_slower(self) -> None:
        """Run slower."""
        await self._change_speed(-1)

    async def _change_speed(self, direction: int) -> None:
        await self.set_speed(lambda session: display.change_speed(session, direction))

    async def set_speed(self, move: Move) -> None:
        """Apply a move that changes the speed; if the session is running, it goes on in the same direction."""
        before = self.session
        target = None if self._training is None else self._training.target
        await self.pause()
        self.show(move(self.session))
        if before.running:
            message = self.session.message
            self.start_playing_back() if before.playing_back else self.start_running(target)
            if self.session.running:  # otherwise the message that it diverged matters more than the speed
                self.show(with_message(self.session, message))

    def start_running(self, target: int | None = None) -> None:
        """Start running at the session's speed, or at full speed up to update ``target``."""
        divergence = self.session.run.divergence
        if divergence and self.session.updates_done >= divergence.update:
            self.show(with_message(self.session, display.hint(self.session)))
            return
        speed = SPEEDS[self.session.speed]
        self.show(replace(self.session, running=True, target=target, message=""))
        if target is None and (speed.stops or speed.passes):
            move = stepping.next_stop if speed.stops else stepping.whole_pass
            self._timer = self.set_interval(1 / (speed.stops or speed.passes or 1), partial(self._tick, move))
            return
        self._training = Training(self.session.run, self.session.other, self.other_run_lock, target)
        self._worker = self._train(self._training)
        self._timer = self.set_interval(1 / FRAMES_PER_SECOND, self._request_frame)

    def start_playing_back(self) -> None:
        """Start playing backwards at the session's speed; it ends at the start of the run."""
        speed = SPEEDS[self.session.speed]
        move = timeline.play_back_stop if speed.stops else timeline.play_back_pass
        self.show(replace(self.session, running=True, playing_back=True, message=""))
        rate = speed.stops or speed.passes or FRAMES_PER_SECOND
        self._timer = self.set_interval(1 / rate, partial(self._tick, move))

    @work(thread=True, exclusive=True, group="training", description="train")
    def _train(self, training: Training) -> None:
        # The app cancels its workers when it exits, also after an error.
        worker = get_current_worker()
        train(training, self.session.updates_done, self, lambda: worker.is_cancelled)

    def _tick(self, move: Move) -> None:
        """Make one move of a slow run; a move that changes nothing ends it."""
        before = self.session
        after = move(before)
        if after.trace is before.trace and after.cursor == before.cursor:
            self._stop_timer()
            after = replace(after, running=False, playing_back=False)
        self.show(after)

    def _request_frame(self) -> None:
        """Ask the worker for its newest pass, unless the terminal is still receiving the last frame."""
        if self._training is not None and self._is_output_sent():
            self._training.is_frame_wanted = True

    def _is_output_sent(self) -> bool:
        # Output that waits to be sent delays the answer to the next key, so a slow terminal gets fewer frames.
        return not pending_output(self.app)

    @on(TrainingFrame)
    def _show_frame(self, message: TrainingFrame) -> None:
        if message.training is not self._training:
            for trace in (message.trace, message.other):
                if trace is not None:
                    message.training.run.release(trace)
            return
        self._show_passes(message)

    def _show_passes(self, message: TrainingFrame) -> None:
        """Show the passes of a frame."""
        session = self.session
        session.run.release(session.trace)
        shown = replace(session, trace=message.trace)
        shown = replace(shown, cursor=shown.pass_steps.end)
        self.show(replace(shown, ref=clamp_ref(shown, shown.ref)))

    @on(TrainingFinished)
    async def _pause_at_end(self, message: TrainingFinished) -> None:
        if message.training is self._training:
            await self.pause()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def pause(self) -> None:
        """Stop running, wait for the worker, and go to the update that it has reached."""
        self._stop_timer()
        training, worker = self._training, self._worker
        if training is not None and worker is not None:
            training.is_stopping = True
            try:
                await worker.wait()
            except (WorkerCancelled, WorkerFailed):
                return
            if training is not self._training:
                return  # another key waited for the same worker too and has done the rest
            self._training = self._worker = None
            run = self.session.run
            paused = replace(self.session, running=False, target=None)
            self.show(stepping.goto(paused, run.position))
        elif self.session.running:
            self.show(replace(self.session, running=False, playing_back=False))

    def stop_training(self) -> None:
        """Tell a running worker to end, because the app is about to exit."""
        if self._training is not None:
            self._training.is_stopping = True
