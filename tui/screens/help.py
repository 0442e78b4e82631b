"""The help: every key from the one table, and the words of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, strip, wrap
from nn_tui.tui.keys import KEYS
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.views.words import keyed, plain

INDENT = 18
NOT_MOVED: Mapping[str, str] = MappingProxyType({})
WORDS = (
    ("z", "what a unit sums up: weights times inputs, plus bias"),
    ("a", "activation: what the unit hands on, σ(z)"),
    ("L", "the loss of this batch, exactly what is differentiated"),
    ("δ", "∂L/∂z: how the loss changes with a unit's z"),
    ("∂W, ∂b", "∂L/∂w, ∂L/∂b: the gradients; backward computes them, nothing moves"),
    ("ΔW, Δb", "what the optimiser adds; update moves the parameters by it"),
    ("W′, b′", "the parameters after the update, W + ΔW"),
    ("η", "the learning rate (some books write α)"),
    ("pass, update", "one forward, backward and update on one batch"),
    ("epoch", "once through all training samples"),
    ("(units, inputs)", "the shape of W: row i holds the weights into unit i, as in torch.nn.Linear"),
)


class Help(TextScreen):
    """The keys and the words; ``keys`` says which keys are written otherwise than in the table."""

    def __init__(self, palette: Palette, keys: Mapping[str, str]) -> None:
        super().__init__("Keys and words", lambda width: document(palette, width, keys), palette)


def document(palette: Palette, width: int, keys: Mapping[str, str] = NOT_MOVED) -> list[Strip]:
    """The help as lines of ``width`` cells."""
    text, title, accent = palette.style("text"), palette.style("title"), palette.style("accent")
    lines: list[Strip] = []

    def row(left: str, right: str) -> None:
        ascii_only = palette.glyphs.is_ascii
        start = fit("  " + plain(left, ascii_only), INDENT)
        for words in wrap(plain(right, ascii_only), max(10, width - INDENT)):
            lines.append(strip([Segment(start, accent), Segment(words, text)], width, text))
            start = " " * INDENT

    def heading(words: str) -> None:
        if lines:
            lines.append(strip([], width, text))
        lines.append(strip([Segment(words, title)], width, text))

    for group in dict.fromkeys(key.group for key in KEYS):
        heading(group)
        for key in KEYS:
            if key.group == group:
                row(keys.get(key.shown, key.shown), keyed(key.help, keys))
    heading("Also")
    row("ctrl+p", "The command palette: every action, preset and setting by name; a picture of the screen.")
    row("mouse", "Click a unit, a number, a tab or a key; drag on the timeline; the wheel scrolls a view.")
    row("", "Rest the pointer on a number, a unit, a title or a key, and its exact value or help appears.")
    row("config file", "Keys, colours and first settings: ~/.config/nn-tui/config.toml.")
    heading("Words")
    for word, meaning in WORDS:
        row(word, meaning)
    return lines
