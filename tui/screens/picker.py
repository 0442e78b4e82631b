"""The preset picker: a list of the presets, with a description of the highlighted one."""

from __future__ import annotations

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.spec import Preset
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, sanitize, to_display
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList


class Picker(Dialog[str | None]):
    """A dialog whose result is the id of the chosen preset, or None."""

    BINDINGS = [("escape,q", "cancel", "Cancel")]
    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (74, "-beside"), (110, "-roomy")]

    def __init__(self, current: str, palette: Palette) -> None:
        super().__init__()
        self._current = current
        self._palette = palette
        self._presets = {preset.id: preset for preset in shipped_presets()}

    def compose(self) -> ComposeResult:
        """Compose the list and the preview."""
        with Horizontal(id="picker") as frame:
            frame.border_title = self.shown(tr("Presets: a course of {count}", count=len(self._presets)))
            frame.border_subtitle = self.shown(tr("enter opens, esc closes"))
            yield SafeOptionList(
                *(
                    Option(f"{index:>2}  {sanitize(preset.title)}", id=preset.id)
                    for index, preset in enumerate(self._presets.values(), 1)
                ),
                id="presets",
                markup=False,
            )
            with VerticalScroll(id="preview"):
                yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        """Highlight the preset on screen."""
        if self._current in self._presets:
            for options in self.query(OptionList):  # none if the picker was closed while it opened
                options.highlighted = list(self._presets).index(self._current)

    @on(OptionList.OptionHighlighted)
    def _preview(self, message: OptionList.OptionHighlighted) -> None:
        if message.option.id:
            self.query_one("#about", Static).update(self._about(self._presets[message.option.id]))

    def _about(self, preset: Preset) -> Content:
        training = preset.training
        data = preset.data
        rows = len(data.inputs or ())
        table = tr_plural("a table of {count} sample", "a table of {count} samples", rows)
        layers = ", ".join(f"{layer.units} {layer.activation}" for layer in preset.layers)
        batch = tr("all samples") if training.batch_size is None else f"{training.batch_size}"
        facts = (
            (tr("data"), data.csv or data.generator or table),
            (tr("layers"), layers),
            (tr("loss"), training.loss.replace("_", " ")),
            (tr("optimiser"), f"{training.optimizer.name}, η {training.optimizer.learning_rate:g}"),
            *([(tr("schedule"), str(schedule_text(training.schedule)))] if not training.schedule.is_constant else []),
            (tr("batch"), batch),
            (tr("seed"), str(preset.seed)),
        )
        parts = [Content.styled(sanitize(preset.title), "bold"), Content("\n\n" + sanitize(preset.summary))]
        if preset.notes:
            parts.append(Content("\n\n" + " ".join(sanitize(preset.notes).split())))
        indent = max(11, *(cell_len(name) + 1 for name, _ in facts))
        lines = "\n".join(fit(name, indent) + to_display(value, False) for name, value in facts)
        parts.append(Content(f"\n\n{lines}\n\nnn-tui {preset.id}"))
        content = Content("").join(parts)
        return (
            Content("\n".join(to_display(line, True) for line in content.plain.split("\n")))
            if self._palette.glyphs.is_ascii
            else content
        )

    @on(OptionList.OptionSelected)
    def _choose(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(message.option.id)

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss(None)
