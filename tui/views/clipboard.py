"""What the copy key copies: the arithmetic as text, or a whole matrix with every digit."""

from __future__ import annotations

import numpy as np

from nn_tui.core.engine.quantities import quantity
from nn_tui.core.explain.explain import explain
from nn_tui.core.refs import BY_SAMPLE
from nn_tui.core.text import plain_line
from nn_tui.tui.session.session import Session, operation_of
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.arithmetic import NEEDS

LARGEST = 100_000
"""Characters; the strictest terminals take about 75,000 bytes of a clipboard sequence, most of them more."""


def copied(session: Session) -> tuple[str, str]:
    """(what it is, the text); the text is empty where there is nothing to copy, and the first part says why."""
    ref = session.ref
    needs = operation_of(ref.key)
    whole = session.tab == "layer" and layer_view.cell_of(session) is not None
    layer = layer_view.layer_of(session)
    known = session.known_units(ref.key, layer) == session.engine.sizes[layer + 1] if whole else session.is_known(ref)
    if needs is not None and not known:
        return f"{ref.symbol} is not computed yet in this pass: it needs {NEEDS[needs]}.", ""
    what, text = _matrix(session) if whole else _arithmetic(session)
    if len(text) > LARGEST:
        return f"{what} is {len(text):,} characters long, more than a terminal's clipboard takes ({LARGEST:,}).", ""
    return what, text


def _matrix(session: Session) -> tuple[str, str]:
    """The selected matrix, a line for each row and tabs between; by sample where it has a value for each."""
    ref = session.ref
    values = np.asarray(quantity(session.engine, session.trace, ref.key, ref.layer))
    rows = values if values.ndim == 2 else values[:, None]
    name = ref.symbol.split("[")[0]
    kind = f"{rows.shape[0]}×{rows.shape[1]}, {'rows are samples' if ref.key in BY_SAMPLE else 'every digit'}"
    # Spreadsheets and NumPy read a hyphen as the minus, and repr's shortest digits back to the same number.
    return f"{name} ({kind})", "\n".join("\t".join(repr(float(value)) for value in row) for row in rows)


def _arithmetic(session: Session) -> tuple[str, str]:
    """The formula of the selected number and its lines, with every digit."""
    ref = session.ref
    explanation = explain(session.engine, session.trace, ref)
    lines = [explanation.formula, *(f"  {plain_line(line, None)}" for line in explanation.lines)]
    return f"The arithmetic of {ref.symbol}", "\n".join(lines)
