"""Running: a timer for slow speeds, a worker thread for flat out, and pausing before anything else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Lock

from textual import on, work
from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from nn_tui.tui.actions.base import Move, SessionScreen
from nn_tui.tui.actions.training import FRAMES_PER_SECOND, Finished, Frame, Training, train
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session import display, stepping, timeline
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session, clamp_ref, with_message


class Running(SessionScreen):
    """A session screen that can run."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._training: Training | None = None
        self._worker: Worker[None] | None = None
        self._timer: Timer | None = None
        self.turn = Lock()  # one thread at a time may use the run compared with

    async def move(self, make: Move) -> None:
        """One key press: pause, make the move, show it."""
        await self.pause()
        self.show(make(self.session))

    async def action_run(self) -> None:
        """Run, or pause."""
        if self.session.running:
            await self.pause()
        else:
            self.start_running()

    async def key_escape(self) -> None:
        """Pause, as on every screen that works for a while; not where an action has been given this key."""
        # Textual calls this before the action: one that runs or pauses would start again what was paused here.
        if self.session.running and "escape" not in self.active_bindings:
            await self.pause()

    async def action_faster(self) -> None:
        """Run faster."""
        await self._change_speed(1)

    async def action_slower(self) -> None:
        """Run slower."""
        await self._change_speed(-1)

    async def _change_speed(self, step: int) -> None:
        await self.set_speed(lambda session: display.change_speed(session, step))

    async def set_speed(self, make: Move) -> None:
        """Change the speed; what runs goes on, the way it went."""
        before = self.session
        target = None if self._training is None else self._training.target
        await self.pause()
        self.show(make(self.session))
        if before.running:
            message = self.session.message
            self.start_playing_back() if before.playing_back else self.start_running(target)
            if self.session.running:  # where it cannot go on, that it diverged says more than its speed
                self.show(with_message(self.session, message))

    def start_running(self, target: int | None = None) -> None:
        """Start running at the session's speed; with a target flat out, up to that update."""
        divergence = self.session.run.divergence
        if divergence and self.session.updates_done >= divergence.update:
            self.show(with_message(self.session, display.hint(self.session)))
            return
        speed = SPEEDS[self.session.speed]
        self.show(replace(self.session, running=True, target=target, message=""))
        if target is None and (speed.stops or speed.passes):
            make = stepping.next_stop if speed.stops else stepping.whole_pass
            self._timer = self.set_interval(1 / (speed.stops or speed.passes or 1), partial(self._tick, make))
            return
        self._training = Training(self.session.run, self.session.other, self.turn, target)
        self._worker = self._train(self._training)
        self._timer = self.set_interval(1 / FRAMES_PER_SECOND, self._ask_for_frame)

    def start_playing_back(self) -> None:
        """Start going back at the session's speed, to the start of the run at most."""
        speed = SPEEDS[self.session.speed]
        back = timeline.play_back_stop if speed.stops else timeline.play_back_pass
        self.show(replace(self.session, running=True, playing_back=True, message=""))
        rate = speed.stops or speed.passes or FRAMES_PER_SECOND
        self._timer = self.set_interval(1 / rate, partial(self._tick, back))

    @work(thread=True, exclusive=True, group="training", description="train")
    def _train(self, training: Training) -> None:
        # The app cancels its workers when it ends, however it ends.
        worker = get_current_worker()
        train(training, self.session.updates_done, self, lambda: worker.is_cancelled)

    def _tick(self, make: Move) -> None:
        """One stop or pass of a slow run."""
        before = self.session
        after = make(before)
        if after.trace is before.trace and after.cursor == before.cursor:
            self._stop_timer()
            after = replace(after, running=False, playing_back=False)
        self.show(after)

    def _ask_for_frame(self) -> None:
        """Ask the worker for its newest pass, unless the terminal is still busy with the last frame."""
        if self._training is not None and self._drained():
            self._training.want = True

    def _drained(self) -> bool:
        # What waits to be sent delays the answer to the next key; a slow terminal is better shown fewer frames.
        return not getattr(self.app._driver, "pending", 0)

    @on(Frame)
    def _show_frame(self, message: Frame) -> None:
        if message.training is not self._training:
            for trace in (message.trace, message.other):
                if trace is not None:
                    message.training.run.release(trace)
            return
        self._show_trace(message)

    def _show_trace(self, message: Frame) -> None:
        session = self.session
        session.run.release(session.trace)
        shown = replace(session, trace=message.trace)
        shown = replace(shown, cursor=shown.pass_steps.end)
        self.show(replace(shown, ref=clamp_ref(shown, shown.ref)))

    @on(Finished)
    async def _finished(self, message: Finished) -> None:
        if message.training is self._training:
            await self.pause()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def pause(self) -> None:
        """Stop running, wait for the worker, and stand where it stopped."""
        self._stop_timer()
        training, worker = self._training, self._worker
        if training is not None and worker is not None:
            training.stop = True
            try:
                await worker.wait()
            except (WorkerCancelled, WorkerFailed):
                return
            if training is not self._training:
                return  # a second key waited for the same worker, and the first one has done the rest
            self._training = self._worker = None
            run = self.session.run
            paused = replace(self.session, running=False, target=None)
            self.show(stepping.goto(paused, run.position))
        elif self.session.running:
            self.show(replace(self.session, running=False, playing_back=False))

    def stop_training(self) -> None:
        """Tell a running worker to end; for leaving."""
        if self._training is not None:
            self._training.stop = True
