"""Tests of notation: how symbols are written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.explain.notation import ASCII, superscripts, symbol_text
from nn_tui.core.expression.nodes import Derivative, Node, Num, Symbol, symbol_of
from nn_tui.core.nn.symbols import symbol
from nn_tui.core.refs import QUANTITIES, UPDATED, Quantity, Ref

INDICES = st.integers(0, 30)


@given(st.sampled_from(QUANTITIES), INDICES, INDICES, INDICES, st.booleans())
def test_the_symbol_of_a_number_is_written_like_its_name(
    quantity: Quantity, layer: int, unit: int, input: int, after: bool
) -> None:
    slot = "velocity" if quantity in ("state_w", "state_b") else ""
    ref = Ref(quantity, layer, unit, input, 0, slot, after and quantity in UPDATED)
    assert symbol_text(symbol_of(ref)) == ref.symbol


@pytest.mark.parametrize(
    ("exponent", "text"),
    [
        (Num(12.0), "¹²"), (Num(0.0), "⁰"), (Symbol("t"), "ᵗ"), (Symbol("k"), "ᵏ"),
        (Num(-1.0), ""), (Num(0.5), ""), (Num(None), ""), (Num(math.inf), ""), (Symbol("z"), ""),
    ],
)  # fmt: skip
def test_whole_numbers_t_and_k_are_exponents_without_a_sign(exponent: Node, text: str) -> None:
    assert superscripts(exponent) == text


@pytest.mark.parametrize("text", ["aₖ", "zᵢ", "m̂", "v′", "β₁", "μₜ₊₁", "Πμ′", "η₀", "ηₘ", "z_max", "λ", "g"])
def test_a_symbol_is_written_as_it_was_asked_for(text: str) -> None:
    assert symbol_text(symbol(text)) == text
    assert ASCII.symbol(text).isascii()


def test_a_derivative_is_a_fraction_of_two_symbols() -> None:
    weight = Symbol("w", subscript="2", indices=("1", "3"))
    assert symbol_text(Derivative(Symbol("L"), weight)) == "∂L/∂w₂[1,3]"
