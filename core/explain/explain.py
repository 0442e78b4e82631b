"""Explanations of the numbers of a pass: a formula, and the same formula with numbers.

An :class:`~nn_tui.core.expression.explanation.Explanation` is data, not text for one screen: lines of expressions whose
numbers have addresses, so that a reader can follow them. A number with an address is read from the trace. A number
without one, such as a bias correction, is computed by the expression from such numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.backward import explain_da, explain_dx, explain_dz, explain_gradient
from nn_tui.core.explain.forward import explain_a, explain_slope, explain_z
from nn_tui.core.explain.given import explain_data, explain_parameter, explain_state
from nn_tui.core.explain.loss import explain_loss, explain_term
from nn_tui.core.explain.parts import Numbers, value_of
from nn_tui.core.explain.update import explain_update
from nn_tui.core.expression.explanation import Explanation
from nn_tui.core.refs import Quantity, Ref

__all__ = ["explain", "value_of"]


def explain(engine: Engine, trace: Trace, ref: Ref, is_known: Callable[[Ref], bool] | None = None) -> Explanation:
    """Explain how the number at ``ref`` is computed from the numbers of the operation before.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        ref: The address of the number.
        is_known: Returns whether the number at an address has been computed; None if all have. Symbols stand for those
            that have not.

    Raises:
        IndexError, KeyError: The network has no such address.
    """
    # All numbers from which a number was computed were computed before.
    numbers = Numbers(engine, trace, None if is_known is None or is_known(ref) else is_known)
    with np.errstate(all="ignore"):
        if ref.key.is_from_update:
            return explain_update(numbers, ref)
        return _EXPLAINERS[ref.quantity](numbers, ref)


_EXPLAINERS: dict[Quantity, Callable[[Numbers, Ref], Explanation]] = {
    "z": explain_z,
    "a": explain_a,
    "loss": explain_loss,
    "term": explain_term,
    "da": explain_da,
    "dz": explain_dz,
    "dw": explain_gradient,
    "db": explain_gradient,
    "dx": explain_dx,
    "w": explain_parameter,
    "b": explain_parameter,
    "x": explain_data,
    "y": explain_data,
    "slope": explain_slope,
    "state_w": explain_state,
    "state_b": explain_state,
}
