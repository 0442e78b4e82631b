"""The path of a key press: ``action_do`` finds the action, a move changes the session, ``show`` takes it to the screen.

For ``b``, ``action_do("backward")`` finds ``ApplyMove(stepping.backward)``. ``apply_move`` pauses a training and calls
``stepping.backward``. ``show`` takes the session that it returns through ``SessionScreen.steps``, which draw it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.screen import ModalScreen, Screen

from nn_tui.core.preset.form import NetworkForm
from nn_tui.tui.background.compared_run import CaughtUp, ComparedRun
from nn_tui.tui.background.idle_analysis import IDLE_DELAY, PART_DELAY, IdleAnalysis
from nn_tui.tui.background.idle_timer import IdleTimer
from nn_tui.tui.background.lesson_follower import LessonFollower
from nn_tui.tui.background.message_log import MessageLog
from nn_tui.tui.background.saving import BackgroundSaver, SaveFailed
from nn_tui.tui.background.trainer import Trainer
from nn_tui.tui.background.training import TrainingFinished, TrainingFrame
from nn_tui.tui.config.log import Log
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.keys.lesson_keys import acts_in_lesson, limit_message
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.saved.auto_saver import SAVE_INTERVAL, AutoSaver
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.session.blanked import blank_unanswered, is_blanked
from nn_tui.tui.session.lesson_answers import return_to_line
from nn_tui.tui.session.practice import practise
from nn_tui.tui.session.session import Move, Session, clamp_ref, hide_notes_after_step, release_old_runs, with_message
from nn_tui.tui.widgets.drawing import Drawing

if TYPE_CHECKING:
    from nn_tui.tui.saved.practice_results import PracticeResults
    from nn_tui.tui.session.sweep_table import SweepTable

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ApplyMove:
    """An action that is a move of the session. A training pauses before it."""

    move: Move


@dataclass(frozen=True, slots=True)
class ApplyViewMove:
    """An action that is a move that changes only the view. A training goes on."""

    move: Move


@dataclass(frozen=True, slots=True)
class CallCommand:
    """An action that is more than one move. A key that is pressed meanwhile waits until the command has ended."""

    command: Callable[[SessionScreen], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """An action that waits for the answer to a dialog."""

    dialog: Callable[[SessionScreen], Coroutine[None, None, None]]


Action = ApplyMove | ApplyViewMove | CallCommand | OpenDialog


class SessionScreen(Screen[None]):
    """The screen that holds the session.

    Args:
        session: The session to show first.
        palette: The colours.
        log_file: The file that messages are written to; None for no log.
        auto_saver: Saves the session; None if saving is switched off.
        offer: The kept session that stepping back resumes if it is the first key after the start.
        results: The file for the marks of practice; None for none.
        lessons: The file with the progress in lessons; None for none.

    Attributes:
        session: The session on screen.
        steps: What happens with each new session, in this order. Each step gets the session that the step before
            returned, and returns it with something added, or the same session after drawing it. Until
            ``set_session``, ``self.session`` is the session before.
        trainer: Runs the session.
        lesson_follower: Closes the question of a lesson that is answered, and records the progress.
        compared_run: Keeps the run compared with at the pass on screen.
        analysis: Computes the findings and the history.
        saver: Saves the session in a thread.
        drawing: Draws the panels and the tooltip.
        network_form, last_goal, sweep: The last form of a new network, goal of a training, and table of a sweep.
    """

    def __init__(
        self,
        session: Session,
        palette: Palette,
        *,
        log_file: Log | None = None,
        auto_saver: AutoSaver | None = None,
        offer: SessionInfo | None = None,
        results: PracticeResults | None = None,
        lessons: LessonStore | None = None,
    ) -> None:
        super().__init__(classes="-alone" if VIEWS[session.tab].is_alone else None)  # before any style is computed
        self.session = session
        self.palette = palette
        self.message_log = MessageLog(log_file, session.message)
        self.auto_saver = auto_saver
        self.offer = offer
        self.results = results
        self.trainer = Trainer(self, self._tick)
        self.lesson_follower = LessonFollower(self.trainer, lessons)
        self.compared_run = ComparedRun(self, self.trainer)
        self.analysis = IdleAnalysis(self.trainer.other_run_lock)
        self.saver = BackgroundSaver(self)
        self.drawing = Drawing(self, lambda: self.show(self.session))  # again, for panels that have become visible
        self.steps: tuple[Move, ...] = (
            self.lesson_follower.follow_lesson,
            self.message_log.log_message,
            self.hide_notes,
            self.compared_run.follow_compared_run,
            self.analysis.add_findings,
            self.analysis.add_history,
            self.release_old_runs,
            self.set_session,
            self.schedule_background_work,
            blank_unanswered,
            self.drawing.choose_view,
            self.drawing.draw_panels,
            self.drawing.update_tooltip,
            self.drawing.show_answer_line,
        )
        self.network_form = NetworkForm()
        self.last_goal = ""
        self.sweep: SweepTable | None = None
        self._turn = asyncio.Lock()  # held while a key or a click stops and starts the training
        self._idle_timer = IdleTimer(self, self._compute_missing)
        self._is_asking = False

    # One key press

    def actions(self) -> tuple[Mapping[str, Action], frozenset[str]]:
        """Return what each key does, by the name of its action, and the commands that act while a question is open."""
        raise NotImplementedError

    async def action_do(self, name: str) -> None:
        """Do the action of a key; while a question is open, a command that might show the number does nothing."""
        actions, acting_while_asking = self.actions()
        action = actions[name]
        is_command = isinstance(action, CallCommand | OpenDialog)
        if not acts_in_lesson(self.session, name):
            self.show(with_message(self.session, limit_message(self.session)))
            return
        if is_blanked(self.session) and is_command and name not in acting_while_asking:
            self.show(return_to_line(self.session))
            return
        match action:
            case ApplyMove(move):
                await self.apply_move(move)
            case ApplyViewMove(move):
                self.apply_view_move(move)
            case CallCommand(command):
                await command(self)
            case OpenDialog(dialog):
                self.run_worker(dialog(self))

    async def apply_move(self, move: Move) -> None:
        """Pause, apply a move to the session and show the result; in the practice mode a stop asks for its number."""
        self.offer = None
        async with self.paused():
            self.show(practise(move)(self.session))

    def apply_view_move(self, move: Move) -> None:
        """Apply a move that changes only the view: training goes on, playing backwards pauses."""
        session = self.session
        if session.playing_back:
            session = self.trainer.pause_moves(session)
        self.drawing.draw_all_next()
        self.show(move(session))

    async def pause(self) -> None:
        """Stop running, also the run compared with, and go to the update that training has reached."""
        async with self.paused():
            pass

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[Session]:
        """Pause; nothing else can pause until the block ends. The value is the session before."""
        async with self._turn:
            before = self.session
            await self.compared_run.stop()
            session = (await self.trainer.stop())(self.session)
            if session is not self.session:
                self.show(session)
            yield before

    def show(self, session: Session) -> None:
        """Take a session through the steps, which make it the one on screen."""
        for step in self.steps:
            session = step(session)

    # The steps

    def hide_notes(self, session: Session) -> Session:
        """Hide the notes of the preset if this session is at another step than ``self.session``."""
        return hide_notes_after_step(self.session, session)

    def release_old_runs(self, session: Session) -> Session:
        """Release the buffers of runs that are in ``self.session``, the session before, but not in this one."""
        return release_old_runs(self.session, session)

    def set_session(self, session: Session) -> Session:
        """Make the session the one of the screen. The steps before this find the session before in ``self.session``."""
        self.session = session
        return session

    def schedule_background_work(self, session: Session) -> Session:
        """Let what this session still lacks be computed when no key is pressed for a moment."""
        if self.analysis.is_complete(session):
            self._idle_timer.cancel()
        else:
            self._idle_timer.start(IDLE_DELAY)
        if self.compared_run.is_behind(session):
            self.call_later(self._catch_up)
        if self.lesson_follower.has_new_progress(session):
            self.call_after_refresh(self._record_progress)  # a disk may be slow
        return session

    # Running

    def request_stop(self) -> None:
        """Ask running workers to stop, because the app is about to exit."""
        self.compared_run.request_stop()
        self.trainer.request_stop()

    def _tick(self, move: Move) -> None:
        """Make one move of a slow run; a move that changes nothing ends it."""
        before = self.session
        after = move(before)
        if after.trace is before.trace and after.cursor == before.cursor:
            after = self.trainer.pause_moves(after)
        self.show(after)

    @on(TrainingFrame)
    def _show_frame(self, message: TrainingFrame) -> None:
        if not self.trainer.is_current(message):
            message.release()
            return
        session = self.session
        self.compared_run.replace_trace(session.other, message.other)
        session.run.release(session.trace)
        session = replace(session, trace=message.trace)
        self.show(replace(session, cursor=session.pass_steps.end, ref=clamp_ref(session, session.ref)))

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

    def on_unmount(self) -> None:
        """Record the progress of the last key."""
        self.lesson_follower.record_progress(self.session)

    @on(SaveFailed)
    def _show_save_failed(self, message: SaveFailed) -> None:
        self.show(with_message(self.session, message.text))

    def _record_progress(self) -> None:
        session = self.lesson_follower.record_progress(self.session)
        if session is not self.session:
            self.show(session)

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
        if (filled := self.analysis.add_missing(self.session)) is not None:
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
