"""The help: every key of the key table, and the words and symbols of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.network_legend import uses_dashes
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display, wrap
from nn_tui.tui.keys.keys import GROUPS, KEYS
from nn_tui.tui.screens.text import TextScreen

INDENT = 18  # cells of the first column
CONFIG_FILE = "~/.config/nn-tui/config.toml"
NO_REMAPPED_KEYS: Mapping[str, str] = MappingProxyType({})
SYMBOLS: tuple[tuple[str, Message], ...] = (
    ("x", message("input")),
    ("y", message("target, the desired output; to select target 1, press `/` and type y1")),
    (
        "ŷ",
        message(
            "prediction: the a of the last layer, which the loss compares with y (of a perceptron it is step(z)); "
            "to select prediction 1, press `/` and type yhat1"
        ),
    ),
    (
        "W, b",
        message(
            "weights and biases of a layer; row i of W has the weights into unit i, as in {library}",
            library="torch.nn.Linear",
        ),
    ),
    ("z", message("weighted sum of a unit: weights times inputs, plus bias")),
    ("a", message("activation: the output of a unit, such as tanh(z)")),
    ("L", message("loss of this batch, exactly the function that is differentiated")),
    ("dW, db, da, dx", message("matrices of the gradients ∂L/∂w, ∂L/∂b, ∂L/∂a and ∂L/∂x, computed by backward")),
    ("δ", message("∂L/∂z, in code often dz: the derivative of the loss with respect to a unit's z")),
    ("∂a/∂z", message("slope of the activation at z, such as σ′(z) of a sigmoid: δ = ∂L/∂a · ∂a/∂z")),
    ("Σₙ, 1/N", message("sum over the N samples of the batch; the 1/N of the mean is in ∂L/∂a and so in every δ")),
    ("η", message("learning rate (some books write α)")),
    ("ΔW, Δb", message("step of the optimiser: update adds it to the parameters")),
    ("W′, b′", message("parameters after the update, W + ΔW")),
    ("m, v, velocity", message("state of an optimiser, one number for each parameter; after the update m′, v′")),
)
WORDS: tuple[tuple[Message, Message], ...] = (
    (message("pass"), message("forward, loss, backward and update on one batch; counted from 1")),
    (message("update"), message("change of the weights at the end of a pass: pass 1 makes update 1")),
    (
        message("after update 3"),
        message(
            "the numbers come from the weights that update 3 has made; those before update 3 from the weights that it "
            "changes"
        ),
    ),
    (message("epoch"), message("the passes that together use every training sample once; counted from 1")),
    (
        message("stop, zoom"),
        message("`␣` goes to the next stop; the zoom says whether that is a phase, a layer, an operation or a unit"),
    ),
)


def signs(palette: Palette) -> tuple[tuple[str, str], ...]:
    """Return the marks and lines of the screen, as this palette draws them, and their meanings."""
    g = palette.glyphs
    if uses_dashes(palette):
        lines = tr("weights, after backward gradients: dashed below 0")
    elif palette.name == "ansi":
        lines = tr("weights, after backward gradients: blue or cyan below 0, yellow or red above")
    else:
        lines = tr("weights, after backward gradients: blue below 0, orange above")
    if not palette.has_color:
        numbers = tr("the larger the magnitude, the bolder the number")
    elif palette.name == "ansi":
        numbers = tr("blue or cyan below 0, yellow or red above; green if they cannot be below 0")
    else:
        numbers = tr("blue below 0, orange above; green if they cannot be below 0, such as the output of a sigmoid")
    return (
        (f"{g.done} {g.current} {g.todo}", tr("done, current, to come")),
        (g.blank, tr("not computed yet in this pass")),
        (f"{g.open} {g.close}", tr("the selected number; arrows move it, `enter` shows its details")),
        (g.arrow, tr("the sample on screen; in the matrices, the numbers that belong to the selected one")),
        (tr("numbers"), numbers),
        (tr("lines"), lines),
        (g.hline_thick, tr("a thick line: one of the largest values")),
        (f"{g.edit} {g.diverged} *", tr("on the timeline: a change, a divergence, a bookmark")),
        (g.approx, tr("the numbers there are rounded; `d` shows more digits")),
    )


@dataclass(frozen=True, slots=True)
class LessonOffer:
    """A lesson about the selected number.

    Attributes:
        symbol: The symbol of the number.
        title: The title of the lesson.
        open: Opens the lesson.
    """

    symbol: str
    title: str
    open: Callable[[], object]


class Help(TextScreen):
    """The keys and the words.

    Args:
        palette: The colours.
        key_labels: The label of each remapped key, by its default label.
        offer: A lesson about the selected number; None if there is none.
    """

    BINDINGS = [("l", "lesson", "Open the lesson")]

    def __init__(self, palette: Palette, key_labels: Mapping[str, str], offer: LessonOffer | None = None) -> None:
        super().__init__(tr("Keys and words"), lambda width: help_page(palette, width, key_labels, offer))
        self._offer = offer

    def action_lesson(self) -> None:
        """Close the page and open the lesson."""
        if self._offer is not None:
            self.dismiss(None)
            self._offer.open()


def help_page(
    palette: Palette,
    width: int,
    key_labels: Mapping[str, str] = NO_REMAPPED_KEYS,
    offer: LessonOffer | None = None,
) -> list[Strip]:
    """Return the help as lines of ``width`` cells, first the lesson about the selected number."""
    text, title, accent = palette.style("text"), palette.style("title"), palette.style("accent")
    lines: list[Strip] = []

    def add_row(left: object, right: object) -> None:
        ascii_only = palette.glyphs.is_ascii
        start = "  " + to_display(str(left), ascii_only)
        if cell_len(start) >= INDENT:  # a long word stands alone, so that it is not cut
            lines.append(make_strip([Segment(start, accent)], width, text))
            start = ""
        for line in wrap(to_display(format_keys(str(right), key_labels), ascii_only), max(10, width - INDENT)):
            lines.append(make_strip([Segment(fit(start, INDENT), accent), Segment(line, text)], width, text))
            start = ""

    def add_heading(heading: str) -> None:
        if lines:
            lines.append(make_strip([], width, text))
        lines.append(make_strip([Segment(to_display(heading, palette.glyphs.is_ascii), title)], width, text))

    if offer is not None:
        add_heading(tr("Selected: {symbol}", symbol=offer.symbol))
        add_row("l", tr("Open the lesson about it: {title}.", title=offer.title))
    for group, heading in GROUPS.items():
        add_heading(str(heading))
        for key in KEYS:
            if key.group == group:
                add_row(key_labels.get(key.key_label, key.key_label), key.help)
    add_heading(tr("Also"))
    add_row(
        "ctrl+p", tr("Open the command palette: every action, preset and setting by name; a picture of the screen.")
    )
    add_row("ctrl+z", tr("Stop the app; the shell's {command} continues it, and a training too.", command="fg"))
    add_row(
        tr("mouse"), tr("Click a unit, a number, a tab or a key; drag on the timeline; scroll a view with the wheel.")
    )
    add_row("", tr("Point at a number, a unit, a title or a key to see its exact value or its help."))
    add_row(tr("config file"), tr("Keys, colours and settings at the start: {path}.", path=CONFIG_FILE))
    tables: tuple[tuple[str, Iterable[tuple[object, object]]], ...] = (
        (tr("Symbols"), SYMBOLS),
        (tr("Words"), WORDS),
        (tr("Signs"), signs(palette)),
    )
    for title_of_rows, rows in tables:
        add_heading(title_of_rows)
        for word, meaning in rows:
            add_row(word, meaning)
    return lines
