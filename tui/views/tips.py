"""The tooltip of a number."""

from __future__ import annotations

from nn_tui.core.data.units import has_standardized_targets, to_raw_units
from nn_tui.core.display.number_text import fmt_quantity
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.parts import prediction_symbol
from nn_tui.core.refs import Ref
from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.session.session import Session


def exact_value(session: Session, ref: Ref) -> str | None:
    """Return a number's name and all its digits: ``w1[2,1] = 0.7081…``; None if the network has no such number."""
    if not session.is_known(ref):
        return tr("{number}: not computed yet in this pass", number=ref.symbol)
    try:
        value = value_of(session.engine, session.trace, ref)
    except (KeyError, IndexError):
        return None
    text = f"{ref.symbol} = {value!r}".replace("-", "−")
    raw = raw_value(session, ref)
    if raw is None:
        return text
    return tr(
        "{number}; {value} in the units of the data",
        number=text,
        value=fmt_quantity(raw, session.digits, glyphs=UNICODE),
    )


def raw_value(session: Session, ref: Ref) -> float | None:
    """Return a known target or prediction in the units of the data; None for other numbers and other data."""
    engine, trace, data = session.engine, session.trace, session.experiment.data
    is_result = ref.quantity == "y" or prediction_symbol(engine, ref) is not None
    if not is_result or not has_standardized_targets(data):
        return None
    if ref.quantity == "y":
        row = ref.sample if trace.rows is None else int(trace.rows[ref.sample])
        return float(data.targets[row, ref.unit])
    return float(to_raw_units(data, trace.a[-1][ref.sample : ref.sample + 1])[0, ref.unit])
