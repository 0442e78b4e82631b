"""The text that the copy key copies: the arithmetic of the selected number, a whole matrix, or the program."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.computed import operation_of
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import explanation_text
from nn_tui.core.program.values import FRAMEWORK_NAMES
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.core.translation import tr
from nn_tui.tui.session.hints import not_computed_text
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.block_properties import shown_layer
from nn_tui.tui.views.code_listing import listing

MAX_LENGTH = 100_000
"""Characters. The strictest terminals accept about 75,000 bytes for the clipboard; most accept more."""


def clipboard_text(session: Session) -> tuple[str, str]:
    """Return the text for the copy key.

    Returns:
        (description, text). If there is nothing to copy, the text is empty and the description says why.
    """
    if session.tab == "code":
        name = FRAMEWORK_NAMES[session.framework]
        return _if_short(tr("The program for {framework}", framework=name), listing(session).program.text)
    ref = session.ref
    is_matrix = session.tab == "layer" and layer_view.cell_of(session) is not None
    layer = shown_layer(session)
    is_complete = session.known_units(ref.key, layer) == session.engine.sizes[layer + 1]
    if operation_of(ref.key) is not None and not (is_complete if is_matrix else session.is_known(ref)):
        return not_computed_text(session), ""
    description, text = _matrix(session) if is_matrix else _arithmetic(session)
    return _if_short(description, text)


def _if_short(description: str, text: str) -> tuple[str, str]:
    """Return a text with its description; if it is too long for a clipboard, a sentence that says so and no text."""
    if len(text) > MAX_LENGTH:
        too_long = tr(
            "{name} is {count:,} characters long, more than a terminal's clipboard takes ({limit:,}).",
            name=description,
            count=len(text),
            limit=MAX_LENGTH,
        )
        return too_long, ""
    return description, text


def _matrix(session: Session) -> tuple[str, str]:
    """Return the selected quantity as lines of numbers with tabs between them: rows of the matrix, or samples."""
    ref = session.ref
    values = np.asarray(quantity(session.engine, session.trace, ref.key, ref.layer))
    rows = values if values.ndim == 2 else values[:, None]
    symbol, (count, columns) = ref.array_symbol, rows.shape
    if ref.quantity in BY_SAMPLE:
        name = tr("{name} ({rows}×{columns}, rows are samples)", name=symbol, rows=count, columns=columns)
    else:
        name = tr("{name} ({rows}×{columns}, every digit)", name=symbol, rows=count, columns=columns)
    # Spreadsheets and NumPy read a hyphen as the minus sign, and the digits of repr() as the same number again.
    return name, "\n".join("\t".join(repr(float(value)) for value in row) for row in rows)


def _arithmetic(session: Session) -> tuple[str, str]:
    """Return the explanation of the selected number, with every digit."""
    ref = session.ref
    explanation = explain(session.engine, session.trace, ref)
    return tr("The arithmetic of {symbol}", symbol=ref.symbol), explanation_text(explanation, None)
