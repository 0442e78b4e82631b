"""The help: every key of the key table, and the words and symbols of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.network_legend import uses_dashes
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display, wrap
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.screens.text import TextScreen

INDENT = 18  # cells of the first column
NO_REMAPPED_KEYS: Mapping[str, str] = MappingProxyType({})
SYMBOLS = (
    ("x, y", "what goes in, and the target: what should come out"),
    ("W, b", "weights and biases of a layer; row i of W holds the weights into unit i, as in torch.nn.Linear"),
    ("z", "what a unit sums up: weights times inputs, plus bias"),
    ("a", "activation: what the unit hands on, σ(z)"),
    ("L", "the loss of this batch, exactly what is differentiated"),
    ("dW, db, da, dx", "the matrices of ∂L/∂w, ∂L/∂b, ∂L/∂a, ∂L/∂x: how the loss changes with each, from backward"),
    ("δ", "∂L/∂z, in code often dz: how the loss changes with a unit's z"),
    ("σ′(z)", "the slope of the activation at z: δ = ∂L/∂a · σ′(z)"),
    ("Σₙ, 1/N", "over the N samples of the batch; 1/N, from the mean, is in ∂L/∂a and so in every δ"),
    ("η", "the learning rate (some books write α)"),
    ("ΔW, Δb", "what the optimiser adds; update moves the parameters by it"),
    ("W′, b′", "the parameters after the update, W + ΔW"),
    ("m, v, velocity", "what an optimiser keeps from pass to pass, beside each parameter; after the update m′, v′"),
)
WORDS = (
    ("pass, update", "one forward, backward and update on one batch"),
    ("epoch", "once through all training samples"),
    ("stop, zoom", "where `␣` halts: after a phase, a layer, an operation or a unit"),
)


def signs(palette: Palette) -> tuple[tuple[str, str], ...]:
    """Return the marks and lines of the screen, as this palette draws them, and their meanings."""
    g = palette.glyphs
    colours = "blue or cyan below 0, yellow or red above" if palette.name == "ansi" else "blue below 0, orange above"
    return (
        (f"{g.done} {g.current} {g.todo}", "done, at it, to come"),
        (g.blank, "not computed yet in this pass"),
        (f"{g.open} {g.close}", "the selected number; arrows move it, `enter` tells all about it"),
        (g.arrow, "the sample on screen; in the matrices what belongs to the selected number"),
        (
            "lines",
            f"weights, after backward gradients: {'dashed below 0' if uses_dashes(palette) else colours}",
        ),
        (g.hline_thick, "a thick line: one of the largest"),
        (f"{g.edit} {g.diverged} *", "on the timeline: a change, where the numbers ran away, a bookmark"),
        (g.approx, "the numbers in that place are rounded; `d` shows more digits"),
    )


class Help(TextScreen):
    """The keys and the words; ``key_labels`` has the label of each remapped key, by its default label."""

    def __init__(self, palette: Palette, key_labels: Mapping[str, str]) -> None:
        super().__init__("Keys and words", lambda width: help_page(palette, width, key_labels), palette)


def help_page(palette: Palette, width: int, key_labels: Mapping[str, str] = NO_REMAPPED_KEYS) -> list[Strip]:
    """Return the help as lines of ``width`` cells."""
    text, title, accent = palette.style("text"), palette.style("title"), palette.style("accent")
    lines: list[Strip] = []

    def add_row(left: str, right: str) -> None:
        ascii_only = palette.glyphs.is_ascii
        start = fit("  " + to_display(left, ascii_only), INDENT)
        for line in wrap(to_display(right, ascii_only), max(10, width - INDENT)):
            lines.append(make_strip([Segment(start, accent), Segment(line, text)], width, text))
            start = " " * INDENT

    def add_heading(heading: str) -> None:
        if lines:
            lines.append(make_strip([], width, text))
        lines.append(make_strip([Segment(heading, title)], width, text))

    for group in dict.fromkeys(key.group for key in KEYS):
        add_heading(group)
        for key in KEYS:
            if key.group == group:
                add_row(key_labels.get(key.key_label, key.key_label), format_keys(key.help, key_labels))
    add_heading("Also")
    add_row("ctrl+p", "The command palette: every action, preset and setting by name; a picture of the screen.")
    add_row("ctrl+z", "Stop the app; the shell's fg goes on with it, a training too.")
    add_row("mouse", "Click a unit, a number, a tab or a key; drag on the timeline; the wheel scrolls a view.")
    add_row("", "Rest the pointer on a number, a unit, a title or a key, and its exact value or help appears.")
    add_row("config file", "Keys, colours and first settings: ~/.config/nn-tui/config.toml.")
    for title_of_rows, rows in (("Symbols", SYMBOLS), ("Words", WORDS), ("Signs", signs(palette))):
        add_heading(title_of_rows)
        for word, meaning in rows:
            add_row(word, format_keys(meaning, key_labels))
    return lines
