"""The prompt for many runs: the number of starts, of updates, and settings with several values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from nn_tui.core.errors import InputError
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.text import parse_int
from nn_tui.core.translation import message, tr, tr_plural
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.session.sweep_table import MAX_SWEEP_RUNS, parse_settings, sweep_combinations

MAX_UPDATES = 1_000_000  # for each run
DEFAULT_STARTS = 20
_MIN_HEIGHT = 22  # lines of a terminal in which everything has room


@dataclass(frozen=True, slots=True)
class ManyRuns:
    """What is to be trained.

    Attributes:
        starts: From how many initial weights.
        updates: The number of updates of each run.
        text: The settings with their values, as typed; "" to train many starts of one network.
        combinations: All combinations of the settings and the starts; none without settings.
    """

    starts: int
    updates: int
    text: str = ""
    combinations: tuple[Combination, ...] = ()


class ManyRunsPrompt(Dialog[ManyRuns | None]):
    """Ask what to train. The result is None if the prompt was cancelled.

    Args:
        form: The text of the fields at first.
        check: Raises an InputError if none of the runs can be trained.
        has_random: Whether weights are drawn at random, so that there is more than one start.
    """

    BINDINGS = [("escape", "cancel", "Cancel")]

    def __init__(self, form: ManyRuns, check: Callable[[ManyRuns], None], *, has_random: bool = True) -> None:
        super().__init__()
        self._has_random = has_random
        self._form = form
        self._check = check

    def compose(self) -> ComposeResult:
        """Compose the fields, the number of runs that they mean, and the problem."""
        with Vertical(id="ask") as frame:
            frame.border_title = self.shown(tr("Many runs"))
            frame.border_subtitle = self.shown(tr("enter trains, tab: next line, esc cancels"))
            about = tr(
                "Train from many starts (other initial weights, the same data), to see how many runs get stuck; or "
                "write settings with several values, to see which of them learns best (a sweep)."
            )
            if not self._has_random:
                about = tr(
                    "The weights of this network are given, so there is one start. Write settings with several "
                    "values, to see which of them learns best (a sweep)."
                )
            yield Label(self.shown(about), id="about", markup=False)
            yield Label(self.shown(tr("Starts:")), classes="line", markup=False)
            yield Input(str(self._form.starts), id="count")
            yield Label(self.shown(tr("Updates for each:")), classes="line", markup=False)
            yield Input(str(self._form.updates), id="updates")
            yield Label(
                self.shown(tr("Settings to compare, with ; between them (may be empty):")), classes="line", markup=False
            )
            example = tr("for example: {edit}", edit="eta = 0.3, 0.1; optimizer = sgd, adam")
            yield Input(self._form.text, id="settings", placeholder=self.shown(example))
            yield Label("", id="runs", markup=False)
            yield Label("", id="problem", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Leave out the sentence and the frames of the fields in a low terminal."""
        self.set_class(event.size.height < _MIN_HEIGHT, "-low")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Show how many runs the fields mean; with settings one start is enough."""
        count, text = self.query_one("#count", Input), self.query_one("#settings", Input).value
        if event.input.id == "settings":
            if text.strip() and count.value == str(DEFAULT_STARTS):
                count.value = "1"
            elif not text.strip() and count.value == "1" and self._has_random:
                count.value = str(DEFAULT_STARTS)
        self.query_one("#problem", Label).update("")
        try:
            runs = self._read()
        except InputError:
            self.query_one("#runs", Label).update("")
            return
        if runs.combinations and runs.starts > 1:
            settings = len(runs.combinations) // runs.starts
            line = tr_plural(
                "{count:,} run: {settings:,} × {starts:,} (combinations × starts)",
                "{count:,} runs: {settings:,} × {starts:,} (combinations × starts)",
                len(runs.combinations), settings=settings, starts=runs.starts,
            )  # fmt: skip
        else:
            line = tr_plural("{count:,} run", "{count:,} runs", len(runs.combinations) or runs.starts)
        self.query_one("#runs", Label).update(self.shown(line))

    def _read(self) -> ManyRuns:
        """Return what the fields mean.

        Raises:
            InputError: A field is not valid; the path of the error is the id of the field.
        """
        text = self.query_one("#settings", Input).value.strip()
        if not (text or self._has_random):
            problem = message("Settings: write one with several values, such as {example}.", example="eta = 0.3, 0.1")
            raise InputError("missing", problem, path=("settings",))
        low = 1 if text else 2
        starts = parse_int(self.query_one("#count", Input).value.replace(",", ""), low, MAX_SWEEP_RUNS)
        if starts is None:
            problem = message("Starts: write a whole number from {low} to {high:,}.", low=low, high=MAX_SWEEP_RUNS)
            raise InputError("out_of_range", problem, path=("count",))
        updates = parse_int(self.query_one("#updates", Input).value.replace(",", ""), 1, MAX_UPDATES)
        if updates is None:
            problem = message("Updates: write a whole number from {low} to {high:,}.", low=1, high=MAX_UPDATES)
            raise InputError("out_of_range", problem, path=("updates",))
        settings = parse_settings(text)
        return ManyRuns(starts, updates, text, sweep_combinations(settings, starts) if settings else ())

    @on(Input.Submitted)
    def _submit(self) -> None:
        try:
            runs = self._read()
            self._check(runs)
        except InputError as error:
            self.query_one("#problem", Label).update(self.shown(error.sentence))
            field = error.path[0] if error.path and error.path[0] in ("count", "updates") else "settings"
            self.query_one(f"#{field}", Input).focus()
        else:
            self.dismiss(runs)

    def on_mount(self) -> None:
        """Begin with the settings if there is only one start."""
        if not self._has_random:
            for line in self.query("#settings"):
                line.focus()

    def action_cancel(self) -> None:
        """Close without training."""
        self.dismiss(None)
