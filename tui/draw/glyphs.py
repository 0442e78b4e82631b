"""Every character that the program draws beyond letters and digits, in Unicode and in plain ASCII."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.text import subscript

BRAILLE_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a braille character, by [row][column] of its 4 × 2 dots."""


def braille(bits: int) -> str:
    """Return the braille character with the dots in ``bits``."""
    return chr(0x2800 + bits)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Glyphs:
    """One set of characters, Unicode or ASCII.

    Lines, marks and each step of a fill are one cell wide in both sets. Mathematical signs may be longer in ASCII.
    Drawings take every character from here, so that ASCII output contains nothing else.
    """

    is_ascii: bool
    # Lines and boxes, one cell each.
    hline: str
    hline_thick: str
    hline_dash: str
    hline_below: str
    hline_thick_below: str
    vline: str
    vline_dash: str
    up: str
    down: str
    box_bl: str
    box_right: str
    # Marks, one cell each.
    node: str
    node_open: str
    done: str
    current: str
    todo: str
    arrow: str
    arrow_left: str
    arrow_up: str
    arrow_down: str
    edit: str
    diverged: str
    dot: str
    blank: str
    point: str
    check: str
    fail: str
    warn: str
    open: str
    close: str
    frame_left: str
    frame_right: str
    overflow: str  # replaces a number that does not fit
    cut: str  # ends a shortened text; in ASCII a character that names do not contain
    # Fills, one cell each; ramps run from empty to full.
    half_top: str
    half_bottom: str
    full: str
    shades: str
    bars: str
    classes: str
    # Mathematics and keys, of any width.
    eta: str
    delta: str
    step: str
    partial: str
    times: str
    by: str
    minus: str
    approx: str
    sum: str
    prime: str
    to: str
    at_most: str
    infinity: str
    transpose: str
    ellipsis: str

    def shade(self, fraction: float) -> str:
        """Return the shade character for a fraction from 0 (blank) to 1 (full)."""
        return self.shades[round(fraction * (len(self.shades) - 1))]

    def sub(self, index: int) -> str:
        """Return ``index`` as a subscript: ``₁₂``, or ``12`` in ASCII."""
        return str(index) if self.is_ascii else subscript(index)


UNICODE = Glyphs(
    is_ascii=False,
    hline="─", hline_thick="━", hline_dash="╌", hline_below="╌", hline_thick_below="╍",
    vline="│", vline_dash="╎", up="╱", down="╲", box_bl="╰", box_right="┤",
    node="●", node_open="○", done="✓", current="◉", todo="○", arrow="▸", arrow_left="◂",
    arrow_up="▴", arrow_down="▾", edit="◆", diverged="✕", dot="·", blank="·", point="•", check="✓", fail="✗",
    warn="!", open="[", close="]", frame_left="▐", frame_right="▌", overflow="…", cut="…",
    half_top="▀", half_bottom="▄", full="█", shades=" ░▒▓█", bars=" ▁▂▃▄▅▆▇█", classes="●▲■◆○△□◇+×",
    eta="η", delta="δ", step="Δ", partial="∂", times="×", by="×", minus="−", approx="≈",
    sum="Σ", prime="′", to="→", at_most="≤", infinity="∞",
    transpose="ᵀ", ellipsis="…",
)  # fmt: skip

ASCII = Glyphs(
    is_ascii=True,
    hline="-", hline_thick="=", hline_dash="-", hline_below="-", hline_thick_below="=",
    vline="|", vline_dash=":", up="/", down="\\", box_bl="+", box_right="+",
    node="o", node_open=".", done="+", current="*", todo=".", arrow=">", arrow_left="<",
    arrow_up="^", arrow_down="v", edit="E", diverged="X", dot="|", blank=".", point="*", check="v", fail="x",
    warn="!", open="[", close="]", frame_left="[", frame_right="]", overflow="#", cut="~",
    half_top="^", half_bottom="_", full="#", shades=" .:*#", bars=" _.-~=*%#", classes="o^#%.x+*@&",
    eta="eta", delta="delta", step="step_", partial="d", times="*", by="x", minus="-", approx="~",
    sum="sum", prime="'", to="->", at_most="<=",
    infinity="inf", transpose="^T", ellipsis="...",
)  # fmt: skip
