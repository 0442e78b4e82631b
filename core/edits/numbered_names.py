"""Names of books that count weights and biases through all layers: in a 2-2-2 network, w5 is ``w2[1,1]``."""

from __future__ import annotations

import re
from itertools import pairwise

from nn_tui.core.errors import InputError
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import Ref
from nn_tui.core.text import without_subscripts

_NAME = re.compile(r"((?:d|∂l/∂|Δ|step_?)?([wb]))(['’′]?)([0-9]{1,6})(['’′]?)(@[0-9]+)?", re.IGNORECASE)


def parse_numbered(text: str, sizes: tuple[int, ...]) -> str:
    """Return the name of the weight or bias that ``text`` means in a book that counts through all layers.

    Args:
        text: A name without brackets: ``w5``, ``dw5``, ``w5'``, ``b3``.
        sizes: Units per layer, the inputs first.

    Returns:
        A name such as ``w2[1,1]``; "" for any other text, and for a number that is too large for the network.
    """
    match = _NAME.fullmatch(without_subscripts(text.strip()))
    if match is None:
        return ""
    letters, letter, before, digits, behind, sample = match.groups("")
    is_weight = letter in "wW"
    index = int(digits) - 1
    for layer, (inputs, units) in enumerate(pairwise(sizes), 1):
        count = units * inputs if is_weight else units
        if 0 <= index < count:
            cell = f"{index // inputs + 1},{index % inputs + 1}" if is_weight else f"{index + 1}"
            return f"{letters}{layer}[{cell}]{before or behind}{sample}"
        index -= count
    return ""


def parse_name(
    text: str, sizes: tuple[int, ...], sample: int = 0, slots: tuple[str, ...] = (), batch_size: int = 1
) -> Ref:
    """Parse a name like :func:`~nn_tui.core.ref_parser.parse_ref`; the error for a missing layer suggests a cell."""
    try:
        return parse_ref(text, sizes, sample, slots, batch_size)
    except InputError as error:
        if error.code == "not_found" and (numbered := parse_numbered(text, sizes)):
            error.suggestions = (numbered,)
        raise
