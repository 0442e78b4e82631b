"""Textual's theme in the colours of a palette: borders, dialogs and inputs; and the message that asks for another."""

from __future__ import annotations

from dataclasses import replace

from textual.message import Message
from textual.theme import BUILTIN_THEMES, Theme

from nn_tui.tui.draw.palette import Palette


class Recolor(Message):
    """A request for another palette, by name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def make_theme(palette: Palette) -> Theme:
    """Return a Textual theme with the colours of a palette, named after it."""
    if palette.background == "default":
        # The terminal's colours are unknown. Only its text colour is sure to differ from its background.
        ansi = BUILTIN_THEMES["ansi-dark"]
        lines = {"border": "ansi_default", "border-blurred": "ansi_default"}
        return replace(ansi, name=f"nn-{palette.name}", variables={**ansi.variables, **lines})

    def hex_color(key: str) -> str:
        color = palette.style(key).color
        return palette.foreground if color is None else color.get_truecolor().hex

    dark = palette.name != "light"
    return Theme(
        name=f"nn-{palette.name}",
        primary=hex_color("accent"),
        secondary=hex_color("border"),
        accent=hex_color("accent"),
        warning=hex_color("warn"),
        error=hex_color("bad"),
        success=hex_color("good"),
        foreground=palette.foreground,
        background=palette.background,
        surface=palette.background,
        panel=palette.background,
        dark=dark,
        variables={"border": hex_color("border"), "border-blurred": hex_color("border")},
    )
