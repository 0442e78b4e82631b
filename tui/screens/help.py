"""The help: every key from the one table, and the words of the screen."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, strip
from nn_tui.tui.keys import KEYS
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.views.words import plain

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
    """The keys and the words."""

    def __init__(self, palette: Palette) -> None:
        super().__init__("Keys and words", lambda width: document(palette, width), palette)


def document(palette: Palette, width: int) -> list[Strip]:
    """The help as lines of ``width`` cells."""
    text, title, accent = palette.style("text"), palette.style("title"), palette.style("accent")
    lines: list[Strip] = []

    def row(left: str, right: str) -> None:
        ascii_only = palette.glyphs.is_ascii
        parts = [Segment(fit("  " + plain(left, ascii_only), 18), accent), Segment(plain(right, ascii_only), text)]
        lines.append(strip(parts, width, text))

    def heading(words: str) -> None:
        if lines:
            lines.append(strip([], width, text))
        lines.append(strip([Segment(words, title)], width, text))

    for group in dict.fromkeys(key.group for key in KEYS):
        heading(group)
        for key in KEYS:
            if key.group == group:
                row(key.shown, key.help)
    heading("Also")
    row("ctrl+p", "The command palette: every action and preset by name.")
    row("mouse", "Click a unit, a number, the timeline, a tab or a key; the wheel scrolls a view.")
    heading("Words")
    for word, meaning in WORDS:
        row(word, meaning)
    return lines
