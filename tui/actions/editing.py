"""Changing things live, switching between runs, comparing two, and training many starts."""

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
from nn_tui.tui.actions.running import Running
from nn_tui.tui.actions.training import Frame
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.edit import EditPrompt
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session import branches
from nn_tui.tui.session.run_names import run_label
from nn_tui.tui.session.session import Session, with_message

STARTS = 20
UPDATES = 1000
AT_ONCE = 64  # updates at most by which the run compared with is brought along before the screen is drawn
WORK_AT_ONCE = 2_000_000  # and multiplications at most
_KINDS = {"w": "weight", "b": "bias", "x": "input", "y": "target"}
_ABOUT = "Any line below, with your own names and numbers."


class Editing(Running):
    """The actions that make other runs, and bring the run compared with along."""

    class Brought(Message):
        """The run compared with is as far as the one on screen was; ``errand`` tells which time it was."""

        def __init__(self, errand: Event) -> None:
            super().__init__()
            self.errand = errand

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._bringing: Event | None = None
        self._bringer: Worker[None] | None = None
        self._lent: tuple[Run, Trace] | None = None  # a pass of the run compared with

    @work
    async def action_edit(self) -> None:
        """Ask for a change and apply it where the cursor stands."""
        await self.pause()
        session = self.session
        done, row = session.updates_done, session.data_row
        written = ""

        def attempt(text: str) -> Edit:
            nonlocal written
            written = text
            return _applied(session, text, row)

        value = branches.selection_as_edit(session)
        about = f"A number replaces this {_KINDS[value[0]]}, a letter begins another change." if value else _ABOUT
        if value[:1] in ("x", "y", ""):
            about += f" x and y are those of sample {row + 1} of the training data."
        prompt = EditPrompt(f"Change something after update {done:,}", about, attempt, self.palette, value)
        edit = await self.ask(prompt)
        if edit is None:
            return
        await self.pause()
        self.show(branches.show_edited(session, edit, written))

    async def action_switch_run(self) -> None:
        """Show another run."""
        await self.move(branches.switch_run)

    @work
    async def action_compare(self) -> None:
        """Compare with a run that differs in one thing, or end that."""
        await self.pause()
        session = self.session
        if session.other is not None:
            self.show(branches.stop_comparing(session))
            return
        row = session.data_row
        before = session.runs[session.active - 1]
        others = len(session.runs) > 1

        def attempt(text: str) -> Run:
            if others and not text.strip():
                return before
            return parse_edit(text, session.run, 0, row).run

        about = "What shall be different from the start on? Both runs then go on together."
        if others:
            about += f" An empty line compares with the run before: {run_label(before)}."
        other = await self.ask(EditPrompt("Compare with a run that differs", about, attempt, self.palette))
        if other is None:
            return
        await self.pause()
        self.show(branches.compare(self.session, other))

    @work
    async def action_seeds(self) -> None:
        """Train many starts and show what became of them."""
        await self.pause()
        experiment = self.session.experiment
        try:
            require_random_weights(experiment)
        except InputError as error:
            self.show(with_message(self.session, f"No other starts: {error}"))
            return
        from nn_tui.tui.screens.seeds import SeedsProgress, SeedsPrompt, document  # as the landscape: seldom needed

        expect = experiment.preset.expect
        asked = await self.ask(SeedsPrompt(STARTS, expect.updates if expect else UPDATES))
        if asked is None:
            return
        result = await self.app.push_screen_wait(SeedsProgress(experiment, *asked, self.palette))
        keys = self.session.keys
        self.app.push_screen(
            TextScreen("Many seeds", lambda width: document(result, self.palette, width, keys), self.palette)
        )

    # The run compared with

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, with the run compared with as far as it, at the same pass."""
        if session.other is not None and self._training is None and self._bringing is None:
            behind = _behind(session)
            if 0 < behind <= _at_once(session.other):
                session.other.goto(session.other.reached + behind)
            elif behind > 0 and not session.running:
                self.call_later(self._bring_other)
        if self._training is None:
            self._lend(_same_pass(session) if self._bringing is None else None)
        lent = None if self._lent is None else self._lent[1]
        super().show(session if session.other_trace is lent else replace(session, other_trace=lent))

    def _lend(self, wanted: tuple[Run, int] | None) -> None:
        """Hold pass number ``wanted`` of the run compared with, and give back the one that was held."""
        lent = self._lent
        if lent is not None and wanted is not None and (lent[0], lent[1].update) == wanted:
            return
        self._lent = None if wanted is None else (wanted[0], wanted[0].trace(wanted[1]))
        if lent is not None:
            lent[0].release(lent[1])

    def _show_trace(self, message: Frame) -> None:
        """Show the newest passes of a training."""
        lent, other = self._lent, self.session.other
        self._lent = None if message.other is None or other is None else (other, message.other)
        if lent is not None:
            lent[0].release(lent[1])
        super()._show_trace(message)

    def _bring_other(self) -> None:
        """Begin to train the run compared with up to the update on screen, in a thread."""
        session = self.session
        free = self._bringing is None and not session.running and self.is_current
        if session.other is None or not free or _behind(session) <= 0:
            return
        self._bringing = Event()
        self._bringer = self._train_other(session.other, branches.common_update(session), self._bringing)

    @work(thread=True, exclusive=True, group="bringing")
    def _train_other(self, other: Run, target: int, stop: Event) -> None:
        worker = get_current_worker()
        with self.turn:
            other.goto(other.reached)
            other.train(target - other.position, should_stop=lambda: stop.is_set() or worker.is_cancelled)
        if not stop.is_set() and not worker.is_cancelled:
            self.post_message(self.Brought(stop))

    @on(Brought)
    def _brought(self, message: Brought) -> None:
        if message.errand is self._bringing:
            self._bringing = self._bringer = None
            self.show(self.session)

    def on_screen_resume(self) -> None:
        """Go on with what a dialog has put off."""
        self.call_later(self._bring_other)

    async def _stop_bringing(self) -> None:
        stop, worker = self._bringing, self._bringer
        if stop is None or worker is None:
            return
        stop.set()
        self._bringing = self._bringer = None
        try:
            await worker.wait()
        except (WorkerCancelled, WorkerFailed):
            return

    async def pause(self) -> None:
        """Stop whatever runs."""
        await self._stop_bringing()
        await super().pause()

    async def action_run(self) -> None:
        """Run, or pause; the run compared with is the training's from then on."""
        await self._stop_bringing()
        await super().action_run()

    def stop_training(self) -> None:
        """Tell running workers to end; for leaving."""
        if self._bringing is not None:
            self._bringing.set()
        super().stop_training()


def _applied(session: Session, text: str, row: int) -> Edit:
    """The change, or InputError; numbers that have run away are no ground to go on from."""
    divergence = session.run.divergence
    if divergence is not None and session.updates_done >= divergence.update:
        words = "the run has diverged here: close this, go back some passes (`p`), and change it there."
        raise InputError(format_keys(words, session.keys))
    return parse_edit(text, session.run, session.updates_done, row)


def _behind(session: Session) -> int:
    """How many updates the run compared with is short of the one on screen; 0 where it cannot go on."""
    other = session.other
    if other is None or other.divergence is not None:
        return 0
    return max(0, branches.common_update(session) - other.reached)


def _same_pass(session: Session) -> tuple[Run, int] | None:
    """The run compared with and the number of the pass on screen, where it has that pass or can begin it."""
    other, number = session.other, session.trace.update
    if other is None or (other.divergence is not None and number > other.divergence.update):
        return None
    return (other, number) if number <= other.reached + 1 else None


def _at_once(run: Run) -> int:
    """How many updates of a run take no more time than a key press may."""
    work: int = run.engine.parameters * run.engine.batch
    return min(AT_ONCE, max(1, WORK_AT_ONCE // work))
