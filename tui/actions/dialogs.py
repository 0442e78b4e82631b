"""The screens that open on top: go to, presets, inspect, help, gradient check."""

from __future__ import annotations

from textual import work
from textual.worker import WorkerCancelled, get_current_worker

from nn_tui.core.analysis.gradcheck import GradientCheck, gradient_check
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_PASS
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.spec import Experiment
from nn_tui.core.text import parse_int
from nn_tui.tui.actions.running import Running
from nn_tui.tui.screens.check import CheckScreen
from nn_tui.tui.screens.help import Help
from nn_tui.tui.screens.picker import Picker
from nn_tui.tui.screens.prompt import Ask
from nn_tui.tui.screens.text import Editable
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.session import Session, begin, with_message
from nn_tui.tui.views import details, gradcheck


class Dialogs(Running):
    """The actions that open another screen."""

    @work
    async def action_goto(self) -> None:
        """Ask for an update and stand there."""
        await self.pause()
        reached = self.session.run.reached
        answer = await self.ask(
            Ask(
                "Go to update",
                f"{_so_far(timeline.last_update(self.session))}; a larger one trains up to it.",
                _whole_number,
            )
        )
        target = None if answer is None else _update(answer)
        if target is None:
            return
        if target <= reached:
            self.show(stepping.goto(self.session, target))
        else:
            self.show(stepping.goto(self.session, reached))
            self.start_running(target)

    @work
    async def action_presets(self) -> None:
        """Pick a preset and open it."""
        await self.pause()
        chosen = await self.ask(Picker(self.session.experiment.preset.id, self.palette))
        if chosen is not None:
            await self.open_preset(chosen)

    async def open_preset(self, name: str) -> None:
        """Open a preset by id or path; a bad one is explained and the run on screen stays."""
        await self.pause()
        try:
            experiment = open_experiment(name)
        except InputError as error:
            self.show(with_message(self.session, str(error)))
            return
        self.open_experiment(experiment)

    def open_experiment(self, experiment: Experiment) -> None:
        """Start over with another experiment; the view settings stay."""
        old = self.session
        fresh = begin(
            experiment,
            digits=old.digits,
            zoom=old.zoom,
            tab=old.tab,
            maximised=old.maximised,
            log=old.log,
            swapped=old.swapped,
            chart=old.chart,
            recent=old.recent,
            output_view=old.output_view,
            speed=old.speed,
            keys=old.keys,
        )
        self.show(with_message(fresh, experiment.preset.notes or experiment.preset.summary))

    async def action_inspect(self) -> None:
        """Show everything about the selected number, which holds still for it."""
        await self.pause()
        session = self.session
        self.app.push_screen(
            Editable(
                details.title(session),
                lambda width: details.document(session, self.palette, width),
                self.palette,
                lambda: self.call_later(self.run_action, "edit"),
            )
        )

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(Help(self.palette, self.session.keys))

    @work(exclusive=True, group="check")
    async def action_check(self) -> None:
        """Check the gradients of the pass on screen."""
        await self.pause()
        session = self.session
        if session.cursor < session.pass_steps.after("backward"):
            self.show(with_message(session, "No gradients to check yet: run backward (`b`) first."))
            return
        self.show(with_message(session, "Checking every gradient against central differences…"))
        session.trace.holders += 1  # stepping on must not write over what is checked and then told of
        try:
            await self._check_and_tell(session)
        finally:
            session.run.release(session.trace)

    async def _check_and_tell(self, session: Session) -> None:
        try:
            result: GradientCheck = await self._check(session).wait()
        except WorkerCancelled:  # the key was pressed again, and that check goes on
            return
        self.show(with_message(self.session, gradcheck.sentence(result, session.trace.update)))
        if not self.is_current:
            return
        row = await self.ask(
            CheckScreen(
                lambda width: gradcheck.intro(result, session, self.palette, width),
                lambda width: gradcheck.rows(result, self.palette, width),
                len(result.checks),
                self.palette,
            )
        )
        if row is not None:
            self.look(lambda s: gradcheck.chosen(s, result, row, session.trace.update))

    @work(thread=True, exclusive=True, group="gradients", description="check the gradients")
    def _check(self, session: Session) -> GradientCheck:
        worker = get_current_worker()
        return gradient_check(session.engine, session.trace, lambda: worker.is_cancelled)

    async def action_quit(self) -> None:
        """Leave."""
        self.stop_training()
        self.app.exit()


def _so_far(furthest: int) -> str:
    return f"0 is the start, {furthest:,} the furthest so far" if furthest else "0 is the start and the furthest so far"


def _whole_number(text: str) -> str | None:
    """What is wrong with an update number; None if nothing."""
    return f"Write a whole number from 0 to {MAX_PASS:,}." if _update(text) is None else None


def _update(text: str) -> int | None:
    return parse_int(text.replace(",", ""), 0, MAX_PASS)
