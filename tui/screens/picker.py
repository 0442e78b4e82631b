"""The preset picker: the presets by topic, a line that finds them, and a description of the highlighted one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.core.preset.loader import shipped_presets, user_presets
from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.spec import Preset
from nn_tui.core.translation import tr, tr_plural
from nn_tui.presets import TOPICS
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, sanitize, to_display
from nn_tui.tui.saved.readers import READERS
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList

_TITLE_WIDTH = 37  # cells of a title in the list, so that each takes one line
NEW_NETWORK = "*"  # the result if a new network is wanted; no id contains an asterisk
EXERCISES = "+"  # the result if exercises are wanted; no id contains a plus
_ON_SCREEN = "/"  # the option of the preset on screen if it is none of the others; no id contains a slash

Topics = Mapping[str, Mapping[str, Preset]]
"""The presets of each topic, by their id."""


class FindInput(Input):
    """A line whose arrows and page keys move the highlight of the list below it."""

    BINDINGS = [
        ("up", "screen.move('cursor_up')", "Preset above"),
        ("down", "screen.move('cursor_down')", "Preset below"),
        ("pageup", "screen.move('page_up')", "Page up"),
        ("pagedown", "screen.move('page_down')", "Page down"),
        ("home", "screen.move('first')", "First preset"),
        ("end", "screen.move('last')", "Last preset"),
    ]


class Picker(Dialog[str | None]):
    """A dialog whose result is the id of the chosen preset, the path of a file, ``NEW_NETWORK``, or None.

    Args:
        current: The preset on screen, which is highlighted first.
        opened: The ids of the presets that have been opened before.
        palette: The colours.
    """

    BINDINGS = [("escape", "cancel", "Cancel")]
    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (74, "-beside"), (110, "-roomy")]

    def __init__(self, current: Preset, opened: Collection[str], palette: Palette) -> None:
        super().__init__()
        self._opened = opened
        self._palette = palette
        self._topics = presets_by_topic(current)
        self._presets = {name: preset for presets in self._topics.values() for name, preset in presets.items()}
        self._current = next(name for name, preset in self._presets.items() if preset == current)

    def compose(self) -> ComposeResult:
        """Compose the line, the list and the preview."""
        with Vertical(id="picker") as frame:
            frame.border_title = self.shown(tr("Presets: a course of {count}", count=len(shipped_presets())))
            subtitle = tr("enter opens, esc closes")
            if any(name in self._opened for name in self._presets):
                subtitle = tr("{mark} opened before, enter opens, esc closes", mark=self._palette.glyphs.check)
            frame.border_subtitle = self.shown(subtitle)
            yield FindInput(
                id="find",
                placeholder=self.shown(tr("Find a preset, such as xor or momentum, or type a file: mine.nntui")),
            )
            with Container(id="choice"):
                options = SafeOptionList(*self._options(self._topics, _special_options()), id="presets", markup=False)
                options.can_focus = False
                yield options
                with VerticalScroll(id="preview"):
                    yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        """Highlight the preset on screen."""
        self._highlight(self._current)

    def on_resize(self) -> None:
        """Keep the highlighted preset in view."""
        self.call_after_refresh(self._highlight, None)

    def _options(self, topics: Topics, specials: Mapping[str, str]) -> list[Option]:
        """Return the special options, a heading for each topic and an option for each preset."""
        ascii_only, mark = self._palette.glyphs.is_ascii, self._palette.glyphs.check
        options = [Option(Content(to_display(text, ascii_only)), id=name) for name, text in specials.items()]
        for topic, presets in topics.items():
            options.append(Option(Content.styled(to_display(topic, ascii_only), "bold"), disabled=True))
            for name, preset in presets.items():
                title = fit(to_display(preset.title, ascii_only), _TITLE_WIDTH, ellipsis=self._palette.glyphs.cut)
                options.append(Option(Content(f"{mark if name in self._opened else ' '} {title}".rstrip()), id=name))
        return options

    @on(Input.Changed)
    def _find(self, message: Input.Changed) -> None:
        topics = matching_presets(self._topics, message.value)
        words = message.value.casefold().split()
        specials = {
            name: text for name, text in _special_options().items() if all(word in text.casefold() for word in words)
        }
        options, file = self._options(topics, specials), file_named(message.value)
        if file:
            options.insert(0, Option(Content(self.shown(tr("Open {file}", file=sanitize(file)))), id=file))
        elif not options:
            options = [Option(Content(self.shown(tr("No preset matches."))), disabled=True)]
        names = [name for presets in topics.values() for name in presets]
        first = file or next(iter(specials), names[0] if names else "")
        if (exact := message.value.strip().casefold()) in names:
            first = exact
        for presets in self.query(OptionList):  # none if the picker is closing
            presets.clear_options()
            presets.add_options(options)
            if first:
                self._highlight(first if words else self._current)

    def _highlight(self, name: str | None) -> None:
        """Highlight a preset, None for the highlighted one, and scroll to it."""
        for options in self.query(OptionList):  # none if the picker was closed while it opened
            if name is not None:
                options.highlighted = options.get_option_index(name)
            options.scroll_to_highlight()

    def action_move(self, direction: str) -> None:
        """Move the highlight of the list."""
        presets = self.query_one(OptionList)
        {
            "cursor_up": presets.action_cursor_up, "cursor_down": presets.action_cursor_down,
            "page_up": presets.action_page_up, "page_down": presets.action_page_down,
            "first": presets.action_first, "last": presets.action_last,
        }[direction]()  # fmt: skip
        if presets.highlighted is None:  # there is only a heading a page up
            presets.action_first()
        if presets.highlighted == 1:  # show its heading too
            presets.scroll_home(animate=False)

    @on(OptionList.OptionHighlighted)
    def _preview(self, message: OptionList.OptionHighlighted) -> None:
        if message.option.id == NEW_NETWORK:
            about = tr("Type a network of your own: sizes, weights, data, loss and optimiser.")
            self.query_one("#about", Static).update(self.shown(about))
        elif message.option.id == EXERCISES:
            about = tr("Endless exercises: small networks with numbers for work by hand, from easy to hard.")
            self.query_one("#about", Static).update(self.shown(about))
        elif message.option.id and message.option.id not in self._presets:
            self.query_one("#about", Static).update(self.shown(tr("Open this file.")))
        elif message.option.id:
            self.query_one("#about", Static).update(self._about(self._presets[message.option.id]))
            self.query_one("#preview").scroll_home(animate=False)

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

    @on(Input.Submitted)
    def _choose_highlighted(self) -> None:
        option = self.query_one(OptionList).highlighted_option
        if option is not None:
            self._open(option.id)

    @on(OptionList.OptionSelected)
    def _choose(self, message: OptionList.OptionSelected) -> None:
        self._open(message.option.id)

    def _open(self, name: str | None) -> None:
        self.dismiss(None if name == _ON_SCREEN else name)

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def file_named(text: str) -> str:
    """Return the path of the file that a text names, if the app can open such a file; else an empty string."""
    try:
        path = Path(text.strip()).expanduser()
        return str(path) if path.suffix.lower() in READERS and path.is_file() else ""
    except (OSError, RuntimeError, ValueError):  # too long, no home folder, NUL
        return ""


def _special_options() -> dict[str, str]:
    """Return the text of each option that is no preset."""
    return {NEW_NETWORK: tr("New network…"), EXERCISES: tr("Practice exercises…")}


def matching_presets(topics: Topics, text: str) -> Topics:
    """Return the presets that have every word of ``text``, by topic; topics without any are left out.

    The words are looked for in title, id and topic; if no preset has them there, in its summary, notes and training.
    """
    words = text.casefold().split()

    def names(topic: str, preset: Preset) -> str:
        return f"{topic} {preset.title} {preset.id}"

    def everything(topic: str, preset: Preset) -> str:
        training = preset.training
        activations = " ".join(layer.activation for layer in preset.layers)
        source = preset.data.generator or preset.data.csv or ""
        about = f"{preset.summary} {preset.notes} {activations} {source}"
        return f"{names(topic, preset)} {about} {training.loss} {training.optimizer.name}".replace("_", " ")

    for text_of in (names, everything):
        found = {
            topic: {
                name: preset
                for name, preset in presets.items()
                if all(word in text_of(topic, preset).casefold() for word in words)
            }
            for topic, presets in topics.items()
        }
        if any(found.values()):
            return {topic: presets for topic, presets in found.items() if presets}
    return {}


def presets_by_topic(current: Preset) -> Topics:
    """Return the shipped presets by topic, then the user's own, with the one on screen if it is none of them."""
    shipped = {preset.id: preset for preset in shipped_presets()}
    own = {preset.id: preset for preset in user_presets()[0]}
    if current not in (*shipped.values(), *own.values()):
        own[_ON_SCREEN] = current
    topics = {topic: {name: shipped[name] for name in names} for topic, names in TOPICS.items()}
    return topics | ({tr("Your own"): own} if own else {})
