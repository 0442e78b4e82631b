"""The tokens of an expression: pieces of text that a renderer writes one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nn_tui.core.expression.nodes import Node, Num

Path = tuple[int, ...]
"""The indices of a node in its explanation: of a line, then of a child of each node down to it."""
NumberText = Callable[[Num], str]
"""Returns the text of a number."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text of an expression.

    Attributes:
        text: The text.
        path: The path of the node that wrote it.
        node: The node, if it is a number, a symbol, words or a blank, and the symbol of a sum over an index; None for
            other signs and for brackets.
        kind: What the token is; "note" is the bracket before a note. "open" and "close" stand around a part that the
            renderer places; their text says which: "exponent", "root", "numerator" or "denominator".
        is_highlighted: Whether the node, or one around it, is highlighted.
    """

    text: str
    path: Path = ()
    node: Node | None = None
    kind: Literal["number", "symbol", "sign", "words", "blank", "note", "open", "close"] = "sign"
    is_highlighted: bool = False
