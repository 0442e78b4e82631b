"""The tooltip of a number."""

from __future__ import annotations

from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import Ref
from nn_tui.core.translation import tr
from nn_tui.tui.session.session import Session


def exact_value(session: Session, ref: Ref) -> str | None:
    """Return a number's name and all its digits: ``w1[2,1] = 0.7081…``; None if the network has no such number."""
    if not session.is_known(ref):
        return tr("{number}: not computed yet in this pass", number=ref.symbol)
    try:
        value = value_of(session.engine, session.trace, ref)
    except (KeyError, IndexError):
        return None
    return f"{ref.symbol} = {value!r}".replace("-", "−")
