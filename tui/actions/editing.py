"""Editing the run, switching between runs, comparing two runs, and training from many seeds."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from textual import on, work
from textual.message import Message
from textual.worker import Worker, WorkerCancelled, WorkerFailed, get_current_worker

from nn_tui.core.edits.network import require_random_weights
from nn_tui.core.edits.parser import Edit, parse_edit
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.actions.training import TrainingFrame
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.edit import EditPrompt
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session import branches
from nn_tui.tui.session.run_names import run_label
from nn_tui.tui.session.session import Session, with_message

DEFAULT_STARTS = 20
DEFAULT_UPDATES = 1000
# The run compared with catches up before the screen is drawn, unless that takes more than these.
MAX_IMMEDIATE_UPDATES = 64
MAX_IMMEDIATE_MULTIPLICATIONS = 2_000_000
_KINDS = {"w": "weight", "b": "bias", "x": "input", "y": "target"}
_DEFAULT_ABOUT = "Any line below, with your own names and numbers."


class EditActions(RunActions):
    """The actions that make other runs, and the training of the run compared with up to the update on screen."""

    class CaughtUp(Message):
        """The run compared with has reached the update that ``request`` was made for."""

        def __init__(self, request: Event) -> None:
            super().__init__()
            self.request = request

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._catch_up_request: Event | None = None  # set to stop the worker
        self._catch_up_worker: Worker[None] | None = None
        self._held_trace: tuple[Run, Trace] | None = None  # of the run compared with

    @work
    async def action_edit(self) -> None:
        """Ask for an edit and apply it at the cursor."""
        await self.pause()
        session = self.session
        done, row = session.updates_done, session.data_row
        typed = ""

        def attempt(text: str) -> Edit:
            nonlocal typed
            typed = text
            return _parse_edit(session, text, row)

        value = branches.selection_as_edit(session)
        about = _DEFAULT_ABOUT
        if value:
            about = f"A number replaces this {_KINDS[value[0]]}, a letter begins another change."
        if value[:1] in ("x", "y", ""):
            about += f" x and y are those of sample {row + 1} of the training data."
        prompt = EditPrompt(f"Change something after update {done:,}", about, attempt, self.palette, value)
        edit = await self.ask(prompt)
        if edit is None:
            return
        await self.pause()
        self.show(branches.show_edited(session, edit, typed))

    async def action_switch_run(self) -> None:
        """Show another run."""
        await self.move(branches.switch_run)

    @work
    async def action_compare(self) -> None:
        """Compare with a run that differs in one thing, or end the comparison."""
        await self.pause()
        session = self.session
        if session.other is not None:
            self.show(branches.stop_comparing(session))
            return
        row = session.data_row
        previous = session.runs[session.active - 1]
        has_others = len(session.runs) > 1

        def attempt(text: str) -> Run:
            if has_others and not text.strip():
                return previous
            return parse_edit(text, session.run, 0, row).run

        about = "What shall be different from the start on? Both runs then go on together."
        if has_others:
            about += f" An empty line compares with the run before: {run_label(previous)}."
        other = await self.ask(EditPrompt("Compare with a run that differs", about, attempt, self.palette))
        if other is None:
            return
        await self.pause()
        self.show(branches.compare(self.session, other))

    @work
    async def action_seeds(self) -> None:
        """Train from many seeds and show how many got stuck."""
        await self.pause()
        experiment = self.session.experiment
        try:
            require_random_weights(experiment)
        except InputError as error:
            self.show(with_message(self.session, f"No other starts: {error}"))
            return
        # Imported here, because the start of the app waits for every import and this screen is seldom opened.
        from nn_tui.tui.screens.seeds import SeedsProgress, SeedsPrompt, results_page

        expect = experiment.preset.expect
        answer = await self.ask(SeedsPrompt(DEFAULT_STARTS, expect.updates if expect else DEFAULT_UPDATES))
        if answer is None:
            return
        result = await self.app.push_screen_wait(SeedsProgress(experiment, *answer, self.palette))
        keys = self.session.key_labels
        self.app.push_screen(
            TextScreen("Many seeds", lambda width: results_page(result, self.palette, width, keys), self.palette)
        )

    # The run compared with

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, and let the run compared with catch up to the same pass."""
        if session.other is not None and self._training is None and self._catch_up_request is None:
            missing = _missing_updates(session)
            if 0 < missing <= _max_immediate_updates(session.other):
                session.other.goto(session.other.reached + missing)
            elif missing > 0 and not session.running:
                self.call_later(self._catch_up)
        if self._training is None:
            self._hold_pass(_pass_of_other(session) if self._catch_up_request is None else None)
        held = None if self._held_trace is None else self._held_trace[1]
        super().show(session if session.other_trace is held else replace(session, other_trace=held))

    def _hold_pass(self, run_and_update: tuple[Run, int] | None) -> None:
        """Hold the trace of a pass of the run compared with, or none, and release the one held before."""
        before = self._held_trace
        if before is not None and (before[0], before[1].update) == run_and_update:
            return
        if run_and_update is None:
            self._held_trace = None
        else:
            run, update = run_and_update
            self._held_trace = run, run.trace(update)
        if before is not None:
            before[0].release(before[1])

    def _show_passes(self, message: TrainingFrame) -> None:
        """Show the passes of a frame."""
        before, other = self._held_trace, self.session.other
        self._held_trace = None if message.other is None or other is None else (other, message.other)
        if before is not None:
            before[0].release(before[1])
        super()._show_passes(message)

    def _catch_up(self) -> None:
        """Start a thread that trains the run compared with up to the update on screen."""
        session = self.session
        is_idle = self._catch_up_request is None and not session.running and self.is_current
        if session.other is None or not is_idle or _missing_updates(session) <= 0:
            return
        self._catch_up_request = request = Event()
        self._catch_up_worker = self._train_other(session.other, branches.common_update(session), request)

    @work(thread=True, exclusive=True, group="catch-up")
    def _train_other(self, other: Run, target: int, request: Event) -> None:
        worker = get_current_worker()
        with self.other_run_lock:
            other.goto(other.reached)
            other.train(target - other.position, should_stop=lambda: request.is_set() or worker.is_cancelled)
        if not request.is_set() and not worker.is_cancelled:
            self.post_message(self.CaughtUp(request))

    @on(CaughtUp)
    def _show_caught_up(self, message: CaughtUp) -> None:
        if message.request is self._catch_up_request:
            self._catch_up_request = self._catch_up_worker = None
            self.show(self.session)

    def on_screen_resume(self) -> None:
        """Let the run compared with catch up, which waits while a dialog is open."""
        self.call_later(self._catch_up)

    async def _stop_catch_up(self) -> None:
        request, worker = self._catch_up_request, self._catch_up_worker
        if request is None or worker is None:
            return
        request.set()
        self._catch_up_request = self._catch_up_worker = None
        try:
            await worker.wait()
        except (WorkerCancelled, WorkerFailed):
            return

    async def pause(self) -> None:
        """Stop what runs, also the run compared with."""
        await self._stop_catch_up()
        await super().pause()

    async def action_run(self) -> None:
        """Run, or pause; the training takes over the run compared with."""
        await self._stop_catch_up()
        await super().action_run()

    def stop_training(self) -> None:
        """Tell running workers to end, because the app is about to exit."""
        if self._catch_up_request is not None:
            self._catch_up_request.set()
        super().stop_training()


def _parse_edit(session: Session, text: str, row: int) -> Edit:
    """Return the edit that ``text`` describes.

    Raises:
        InputError: If the text is no edit, or the run has diverged at the cursor.
    """
    divergence = session.run.divergence
    if divergence is not None and session.updates_done >= divergence.update:
        message = "the run has diverged here: close this, go back some passes (`p`), and change it there."
        raise InputError(format_keys(message, session.key_labels))
    return parse_edit(text, session.run, session.updates_done, row)


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
