"""The path of every key press: training pauses, a move changes the session, and the result goes through the steps.

``SessionScreen.steps`` is the list of everything that happens to a session on its way to the screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from textual import on
from textual.screen import ModalScreen, Screen

from nn_tui.tui.background.compared_run import CaughtUp, ComparedRun
from nn_tui.tui.background.idle_analysis import IDLE_DELAY, PART_DELAY, IdleAnalysis
from nn_tui.tui.background.idle_timer import IdleTimer
from nn_tui.tui.background.saving import BackgroundSaver, SaveFailed
from nn_tui.tui.background.trainer import Trainer, stopped
from nn_tui.tui.background.training import TrainingFinished, TrainingFrame
from nn_tui.tui.config.log import Log
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.saved.auto_saver import SAVE_INTERVAL, AutoSaver
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.session import display
from nn_tui.tui.session.session import Move, Session, clamp_ref, with_message
from nn_tui.tui.widgets.drawing import Drawing

Step = Callable[[Session], Session]
Answer = TypeVar("Answer")


class SessionScreen(Screen[None]):
    """The screen that holds the session.

    Args:
        session: The session to show first.
        palette: The colours.
        log_file: The file that messages are written to; None for no log.
        auto_saver: Saves the session; None if saving is switched off.
        offer: The saved session that stepping back resumes if it is the first key after the start.

    Attributes:
        session: The session on screen.
        steps: What happens with each new session, in this order. Each step gets the session that the step before
            returned, and returns it with something added, or the same session after drawing it.
        trainer: Runs the session.
        compared_run: Keeps the run compared with at the pass on screen.
        analysis: Computes the badges and the history.
        saver: Saves the session in a thread.
        drawing: Draws the panels and the tooltip.
    """

    def __init__(
        self,
        session: Session,
        palette: Palette,
        *,
        log_file: Log | None = None,
        auto_saver: AutoSaver | None = None,
        offer: SessionInfo | None = None,
    ) -> None:
        super().__init__(classes=f"-{VIEWS[session.tab].row}-chosen")  # before any style is computed
        self.session = session
        self.palette = palette
        self.log_file = log_file
        self.auto_saver = auto_saver
        self.offer = offer
        self.trainer = Trainer(self, self._tick)
        self.compared_run = ComparedRun(self, self.trainer)
        self.analysis = IdleAnalysis(self.trainer.other_run_lock)
        self.saver = BackgroundSaver(self)
        self.drawing = Drawing(self)
        self.steps: tuple[Step, ...] = (
            self.log_message,
            self.compared_run.follow,
            self.analysis.add_badges,
            self.analysis.add_history,
            self.release_old_runs,
            self.store,
            self.drawing.draw_panels,
            self.drawing.update_tooltip,
            self.schedule_background_work,
        )
        self._turn = asyncio.Lock()  # held while a key or a click stops and starts the training
        self._view: tuple[str, bool] | None = None  # the tab and whether it is maximised, as the style sheet knows them
        self._idle_timer = IdleTimer(self, self._compute_missing)
        self._is_asking = False

    # One key press

    async def apply(self, move: Move) -> None:
        """Pause, apply a move to the session and show the result."""
        self.offer = None
        async with self._turn:
            await self._stop()
            self.show(move(self.session))

    def change_view(self, move: Move) -> None:
        """Apply a move that changes only the view: training goes on, playing backwards pauses."""
        if self.session.playing_back:
            self.trainer.stop_timer()
            self.session = stopped(self.session)
        self.drawing.draw_all_next()
        self.show(move(self.session))

    async def pause(self) -> None:
        """Stop running, also the run compared with, and go to the update that training has reached."""
        async with self._turn:
            await self._stop()

    async def _stop(self) -> None:
        await self.compared_run.stop()
        move = await self.trainer.stop()
        session = move(self.session)
        if session is not self.session:
            self.show(session)

    def show(self, session: Session) -> None:
        """Take a session through the steps, which make it the one on screen."""
        for step in self.steps:
            session = step(session)

    # The steps

    def log_message(self, session: Session) -> Session:
        """Write the message to the log if it is new; an error of the log is shown before the message."""
        if self.log_file is None or session.message in ("", self.session.message):
            return session
        problem = self.log_file.append_message(str(session.message))
        return with_message(session, f"{problem} {session.message}") if problem else session

    def release_old_runs(self, session: Session) -> Session:
        """Release the buffers of runs that are no longer on screen."""
        if not session.running:  # a worker thread may be using engines that runs share
            for run in {self.session.run, self.session.other} - {session.run, session.other}:
                if run is not None:
                    run.release_buffers()
        return session

    def store(self, session: Session) -> Session:
        """Make the session the one of the screen, and tell the style sheet which view is chosen."""
        self.session = session
        view = (session.tab, session.maximised)
        if view != self._view:
            self._view = view
            for name in VIEWS:
                self.query_one(f"#{name}").set_class(name == session.tab, "-chosen")
            for row in ("top", "bottom"):
                self.set_class(VIEWS[session.tab].row == row, f"-{row}-chosen")
            self.set_class(session.maximised, "-maximised")
            self.call_after_refresh(self.show_again)  # draws the panels that this uncovers
        return session

    def schedule_background_work(self, session: Session) -> Session:
        """Let what this session still lacks be computed when no key is pressed for a moment."""
        if self.analysis.is_complete(session):
            self._idle_timer.cancel()
        else:
            self._idle_timer.start(IDLE_DELAY)
        if self.compared_run.is_behind(session):
            self.call_later(self._catch_up)
        return session

    # Running

    def start_running(self, target: int | None = None) -> None:
        """Start running at the session's speed, or at full speed up to update ``target``."""
        session = self.session
        divergence = session.run.divergence
        if divergence and session.updates_done >= divergence.update:
            self.show(with_message(session, display.hint(session)))
            return
        self.show(replace(session, running=True, target=target, message=""))
        self.trainer.start(self.session)

    def start_playing_back(self) -> None:
        """Start playing backwards at the session's speed; it ends at the start of the run."""
        self.show(replace(self.session, running=True, playing_back=True, message=""))
        self.trainer.start(self.session)

    async def run(self) -> None:
        """Run, or pause."""
        async with self._turn:
            was_running = self.session.running
            await self._stop()
            if not was_running:
                self.start_running()

    async def play_back(self) -> None:
        """Play backwards, or pause."""
        async with self._turn:
            was_playing = self.session.playing_back
            await self._stop()
            if not was_playing:
                self.start_playing_back()

    async def set_speed(self, move: Move) -> None:
        """Apply a move that changes the speed; if the session is running, it goes on in the same direction."""
        async with self._turn:
            before = self.session
            await self._stop()
            self.show(move(self.session))
            if before.running:
                message = self.session.message
                self.start_playing_back() if before.playing_back else self.start_running(before.target)
                if self.session.running:  # otherwise the message that it diverged matters more than the speed
                    self.show(with_message(self.session, message))

    def stop_training(self) -> None:
        """Tell running workers to end, because the app is about to exit."""
        self.compared_run.request_end()
        self.trainer.request_end()

    def _tick(self, move: Move) -> None:
        """Make one move of a slow run; a move that changes nothing ends it."""
        before = self.session
        after = move(before)
        if after.trace is before.trace and after.cursor == before.cursor:
            self.trainer.stop_timer()
            after = stopped(after)
        self.show(after)

    @on(TrainingFrame)
    def _show_frame(self, message: TrainingFrame) -> None:
        session = self.session
        if not self.trainer.is_current(message):
            message.release()
            return
        self.compared_run.hold_frame(session.other, message.other)
        session.run.release(session.trace)
        shown = replace(session, trace=message.trace)
        shown = replace(shown, cursor=shown.pass_steps.end)
        self.show(replace(shown, ref=clamp_ref(shown, shown.ref)))

    @on(TrainingFinished)
    async def _pause_at_end(self, message: TrainingFinished) -> None:
        if self.trainer.is_current(message):
            await self.pause()

    # Background work

    def on_mount(self) -> None:
        """Show the session, and start to save it at regular intervals."""
        self.show(self.session)
        if self.auto_saver is not None:
            self.set_interval(SAVE_INTERVAL, self.save_in_background)

    def save_in_background(self) -> None:
        """Save the session in a thread if it has changed."""
        if self.auto_saver is not None:
            is_training = self.trainer.is_training or self.compared_run.is_catching_up
            self.saver.save(self.auto_saver, self.session, is_training=is_training)

    def on_screen_resume(self) -> None:
        """Let the run compared with catch up, which waits while a dialog is open."""
        self.call_later(self._catch_up)

    def show_again(self) -> None:
        """Show the same session again, for panels that have become visible."""
        self.show(self.session)

    @on(SaveFailed)
    def _show_save_failed(self, message: SaveFailed) -> None:
        self.show(with_message(self.session, message.text))

    def _catch_up(self) -> None:
        if self.is_current:
            self.compared_run.catch_up(self.session)

    @on(CaughtUp)
    def _show_caught_up(self, message: CaughtUp) -> None:
        if self.compared_run.finish(message):
            self.show(self.session)

    def _compute_missing(self) -> None:
        if self.analysis.is_blocked and not self.session.running:
            self._idle_timer.start(IDLE_DELAY)
            return
        filled = self.analysis.add_missing(self.session)
        if filled is None:
            return
        if filled is not self.session:
            self.show(filled)
        self._idle_timer.start(PART_DELAY)

    # Dialogs

    async def ask(self, question: ModalScreen[Answer | None]) -> Answer | None:
        """Open a dialog and return its result; None if it was cancelled or if another dialog is open."""
        if self._is_asking or not self.is_current:
            return None
        self._is_asking = True
        try:
            return await self.app.push_screen_wait(question)
        finally:
            self._is_asking = False
