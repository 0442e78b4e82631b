"""The symbols of formulas by the text that shows them, so that ``symbol("β₁")`` is a β with the subscript 1."""

from __future__ import annotations

from math import pi

from nn_tui.core.expression.nodes import Symbol

_MARKED: dict[str, Symbol] = {
    **{f"{letter}ₖ": Symbol(letter, subscript="k") for letter in "azy"},
    **{f"{letter}ᵢ": Symbol(letter, subscript="i") for letter in "az"},
    **{f"{letter}′": Symbol(letter, is_primed=True) for letter in ("m", "v", "s", "Πμ", "w", "b")},
    **{f"{letter}\u0302": Symbol(letter, has_hat=True) for letter in "mv"},
    "β₁": Symbol("β", subscript="1"),
    "β₂": Symbol("β", subscript="2"),
    "μₜ": Symbol("μ", subscript="t"),
    "μₜ₊₁": Symbol("μ", subscript="t+1"),
    "η₀": Symbol("η", subscript="0"),
    "ηₘ": Symbol("η", subscript="min"),
    "z_max": Symbol("z", subscript="max"),
}
Y_HAT = Symbol("y", has_hat=True)
HALF = Symbol("½", 0.5)
PI = Symbol("π", pi)


def symbol(text: str) -> Symbol:
    """Return the symbol that is written as ``text``; a text without marks is a letter."""
    return _MARKED.get(text, Symbol(text))
