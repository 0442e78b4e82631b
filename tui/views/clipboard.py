"""The text that the copy key copies: the arithmetic of the selected number, or a whole matrix."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.quantities import quantity
from nn_tui.core.explain.explain import explain
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.core.text import plain_line
from nn_tui.tui.session.session import Session, operation_of
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.block_properties import shown_layer
from nn_tui.tui.views.explanation_layout import not_computed_text

MAX_LENGTH = 100_000
"""Characters. The strictest terminals accept about 75,000 bytes for the clipboard; most accept more."""


def clipboard_text(session: Session) -> tuple[str, str]:
    """Return the text for the copy key.

    Returns:
        (description, text). If there is nothing to copy, the text is empty and the description says why.
    """
    ref = session.ref
    is_matrix = session.tab == "layer" and layer_view.cell_of(session) is not None
    layer = shown_layer(session)
    is_complete = session.known_units(ref.key, layer) == session.engine.sizes[layer + 1]
    if operation_of(ref.key) is not None and not (is_complete if is_matrix else session.is_known(ref)):
        return not_computed_text(ref), ""
    description, text = _matrix(session) if is_matrix else _arithmetic(session)
    if len(text) > MAX_LENGTH:
        too_long = f"more than a terminal's clipboard takes ({MAX_LENGTH:,})"
        return f"{description} is {len(text):,} characters long, {too_long}.", ""
    return description, text


def _matrix(session: Session) -> tuple[str, str]:
    """Return the selected quantity as lines of numbers with tabs between them: rows of the matrix, or samples."""
    ref = session.ref
    values = np.asarray(quantity(session.engine, session.trace, ref.key, ref.layer))
    rows = values if values.ndim == 2 else values[:, None]
    name = ref.array_symbol
    kind = f"{rows.shape[0]}×{rows.shape[1]}, {'rows are samples' if ref.quantity in BY_SAMPLE else 'every digit'}"
    # Spreadsheets and NumPy read a hyphen as the minus sign, and the digits of repr() as the same number again.
    return f"{name} ({kind})", "\n".join("\t".join(repr(float(value)) for value in row) for row in rows)


def _arithmetic(session: Session) -> tuple[str, str]:
    """Return the explanation of the selected number, with every digit."""
    ref = session.ref
    explanation = explain(session.engine, session.trace, ref)
    lines = [explanation.formula, *(f"  {plain_line(line, None)}" for line in explanation.lines)]
    return f"The arithmetic of {ref.symbol}", "\n".join(lines)
