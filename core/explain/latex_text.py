"""Text for LaTeX: escapes, and the commands of signs and Greek letters."""

from __future__ import annotations

import re

_MATH = {
    "−": "-", "×": r"\times ", "·": r"\cdot ", "∂": r"\partial ", "Σ": r"\sum ", "Π": r"\prod ", "√": r"\sqrt ",
    "½": r"\frac{1}{2}", "′": "'", "δ": r"\delta ", "Δ": r"\Delta ", "σ": r"\sigma ", "η": r"\eta ", "μ": r"\mu ",
    "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "ε": r"\varepsilon ", "λ": r"\lambda ", "Φ": r"\Phi ",
    "φ": r"\varphi ", "π": r"\pi ", "ψ": r"\psi ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "≈": r"\approx ",
    "≠": r"\neq ", "≤": r"\leq ", "≥": r"\geq ", "→": r"\to ", "∞": r"\infty ", "±": r"\pm ", "°": r"^{\circ}",
    "ŷ": r"\hat{y}", "m\u0302": r"\hat{m}", "v\u0302": r"\hat{v}", "\u0302": "", "|": "|",
    **{char: f"_{{{digit}}}" for char, digit in zip("₀₁₂₃₄₅₆₇₈₉₊ₖᵢⱼₙₜₘ", "0123456789+kijntm", strict=True)},
    **{char: f"^{{{digit}}}" for char, digit in zip("⁰¹²³⁴⁵⁶⁷⁸⁹ᵗᵏᵀ", "0123456789tkT", strict=True)},
}  # fmt: skip
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "^": r"\textasciicircum{}",
    "_": r"\_", "~": r"\textasciitilde{}", "%": r"\%", "<": r"\textless{}", ">": r"\textgreater{}",
    '"': "''", "`": r"\textasciigrave{}", "…": r"\dots{}", "–": "--",
    "—": "---", "-": "{-}", "\u2009": r"\,", "\u00a0": "~",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z][A-Za-z_]+")


def latex_text(text: str) -> str:
    """Return text for a paragraph; signs and Greek letters become small formulas."""
    return "".join(_ESCAPES.get(char) or (f"${_MATH[char].strip()}$" if char in _MATH else char) for char in text)


def latex_number(text: str) -> str:
    """Return a number for a formula; the e of an exponent is upright, and its sign stands close to it."""
    mantissa, e, exponent = text.partition("e")
    return latex_math(mantissa) + (rf"\mathrm{{e}}{{{exponent}}}" if e else "")


def latex_math(text: str) -> str:
    """Return a number, signs or the name of a function for a formula; a name is upright."""
    parts, end = [], 0
    for match in _NAME.finditer(text):
        name = match[0].replace("_", r"\_")
        parts += [_math(text[end : match.start()]), rf"\mathrm{{{name}}}"]
        end = match.end()
    return "".join(parts) + _math(text[end:])


def _math(text: str) -> str:
    return "".join(_MATH.get(char) or _ESCAPES.get(char, char) if char != "-" else "-" for char in text)
