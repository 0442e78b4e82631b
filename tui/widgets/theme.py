"""Textual's theme in the colours of a palette, for borders, dialogs and inputs."""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from nn_tui.tui.draw.palette import Palette


def theme_of(palette: Palette) -> Theme:
    """Textual's theme with this palette's colours, named after it."""
    if palette.background == "default":
        # The terminal's own colours, whatever they are: only its text is sure to stand out from its ground.
        own = BUILTIN_THEMES["ansi-dark"]
        lines = {"border": "ansi_default", "border-blurred": "ansi_default"}
        return replace(own, name=f"nn-{palette.name}", variables={**own.variables, **lines})

    def ink(key: str) -> str:
        color = palette.style(key).color
        return palette.foreground if color is None else color.get_truecolor().hex

    dark = palette.name != "light"
    return Theme(
        name=f"nn-{palette.name}",
        primary=ink("accent"),
        secondary=ink("border"),
        accent=ink("accent"),
        warning=ink("warn"),
        error=ink("bad"),
        success=ink("good"),
        foreground=palette.foreground,
        background=palette.background,
        surface=palette.background,
        panel=palette.background,
        dark=dark,
        variables={"border": ink("border"), "border-blurred": ink("border")},
    )
