"""Random expressions of whole numbers, for the tests of renderers."""

from __future__ import annotations

from hypothesis import strategies as st

from nn_tui.core.expression.equations import Marked, fold
from nn_tui.core.expression.nodes import Num, Power, Product, Quotient, literal

LEAVES = st.integers(-9, 9).map(lambda value: Num(float(value)))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner).map(lambda pair: Product(pair)),
        st.tuples(inner, inner).map(lambda pair: Quotient(*pair)),
        inner.map(lambda node: -node),
        inner.map(fold),
        inner.map(lambda node: Marked(node, "highlight")),
        st.tuples(inner, st.integers(0, 3)).map(lambda pair: Power(pair[0], literal(pair[1]))),
    ),
    max_leaves=8,
)
