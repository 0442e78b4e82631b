"""The actions that open a screen over the main one: go to, presets, inspect, help, gradient check; and quit."""

from __future__ import annotations

from textual import work
from textual.worker import WorkerCancelled, get_current_worker

from nn_tui.core.analysis.gradcheck import GradientCheck, gradient_check
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_PASS
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.spec import Experiment
from nn_tui.core.text import parse_int
from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.screens.check import CheckScreen
from nn_tui.tui.screens.help import Help
from nn_tui.tui.screens.picker import Picker
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.screens.text import EditableTextScreen
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.session import Session, new_session, with_message
from nn_tui.tui.views import details, gradcheck


class DialogActions(RunActions):
    """The actions that open a screen over the main one, and quit."""

    @work
    async def action_goto(self) -> None:
        """Ask for an update and go there."""
        await self.pause()
        reached = self.session.run.reached
        answer = await self.ask(
            TextPrompt(
                "Go to update",
                f"{_known_updates(timeline.last_finished_update(self.session))}; a larger one trains up to it.",
                _update_problem,
            )
        )
        target = None if answer is None else _parse_update(answer)
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
        """Open a preset by id or path; if it is invalid, show why and keep the run on screen."""
        await self.pause()
        try:
            experiment = open_experiment(name)
        except InputError as error:
            self.show(with_message(self.session, str(error)))
            return
        self.open_experiment(experiment)

    def open_experiment(self, experiment: Experiment) -> None:
        """Show another experiment from its start, with the same view settings."""
        old = self.session
        fresh = new_session(
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
            key_labels=old.key_labels,
        )
        self.show(with_message(fresh, experiment.preset.notes or experiment.preset.summary))

    async def action_inspect(self) -> None:
        """Show everything about the selected number; what runs pauses."""
        await self.pause()
        session = self.session
        self.app.push_screen(
            EditableTextScreen(
                details.title(session),
                lambda width: details.document(session, self.palette, width),
                self.palette,
                lambda: self.call_later(self.run_action, "edit"),
            )
        )

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(Help(self.palette, self.session.key_labels))

    @work(exclusive=True, group="check")
    async def action_check(self) -> None:
        """Check the gradients of the pass on screen."""
        await self.pause()
        session = self.session
        if session.cursor < session.pass_steps.after("backward"):
            self.show(with_message(session, "No gradients to check yet: run backward (`b`) first."))
            return
        self.show(with_message(session, "Checking every gradient against finite differences…"))
        session.trace.refcount += 1  # so that stepping does not overwrite the pass while it is checked
        try:
            await self._check_and_show(session)
        finally:
            session.run.release(session.trace)

    async def _check_and_show(self, session: Session) -> None:
        try:
            result: GradientCheck = await self._check(session).wait()
        except WorkerCancelled:  # the key was pressed again, which started another check
            return
        self.show(with_message(self.session, gradcheck.sentence(result, session.trace.update)))
        if not self.is_current:
            return
        row = await self.ask(
            CheckScreen(
                lambda width: gradcheck.introduction(result, session, self.palette, width),
                lambda width: gradcheck.parameter_lines(result, self.palette, width),
                len(result.checks),
                self.palette,
            )
        )
        if row is not None:
            self.change_view(lambda s: gradcheck.select_parameter(s, result, row, session.trace.update))

    @work(thread=True, exclusive=True, group="gradients", description="check the gradients")
    def _check(self, session: Session) -> GradientCheck:
        worker = get_current_worker()
        return gradient_check(session.engine, session.trace, lambda: worker.is_cancelled)

    async def action_quit(self) -> None:
        """Quit the app."""
        self.stop_training()
        self.app.exit()


def _known_updates(last: int) -> str:
    return f"0 is the start, {last:,} the furthest so far" if last else "0 is the start and the furthest so far"


def _update_problem(text: str) -> str | None:
    """Return the error in the number of an update, None if it is valid."""
    return f"Write a whole number from 0 to {MAX_PASS:,}." if _parse_update(text) is None else None


def _parse_update(text: str) -> int | None:
    return parse_int(text.replace(",", ""), 0, MAX_PASS)
