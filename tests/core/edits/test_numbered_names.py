"""Tests of names from books that count weights and biases through all layers."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.numbered_names import parse_name, parse_numbered
from nn_tui.core.errors import InputError
from nn_tui.core.refs import Ref


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("w1", "w1[1,1]"),
        ("w2", "w1[1,2]"),
        ("w3", "w1[2,1]"),
        ("w5", "w2[1,1]"),
        ("w₆", "w2[1,2]"),
        ("w8", "w2[2,2]"),
        ("w9", ""),
        ("w0", ""),
        ("w5'", "w2[1,1]'"),
        ("w'5", "w2[1,1]'"),
        ("dw7", "dw2[2,1]"),
        ("Δw7", "Δw2[2,1]"),
        ("∂L/∂w₅", "∂L/∂w2[1,1]"),
        ("w5@2", "w2[1,1]@2"),
        ("b2", "b1[2]"),
        ("b3", "b2[1]"),
        ("b5", ""),
        ("w2[1,1]", ""),
        ("w", ""),
        ("z3", ""),
    ],
)
def test_a_name_that_counts_through_all_layers_has_a_cell(text: str, name: str) -> None:
    """In the example of Mazur, a 2-2-2 network, w1 to w4 are in the first layer and w5 to w8 in the second."""
    assert parse_numbered(text, (2, 2, 2)) == name


def test_a_missing_layer_suggests_the_cell_of_that_number() -> None:
    with pytest.raises(InputError) as caught:
        parse_name("w5", (2, 2, 2))
    assert caught.value.suggestions == ("w2[1,1]",)
    assert str(caught.value) == ('w5: the layers go from 1 to 2. Did you mean "w2[1,1]"?')


def test_other_names_are_parsed_and_rejected_as_before() -> None:
    assert parse_name("w2[1,2]", (2, 2, 2)) == Ref("w", 1, 0, 1)
    with pytest.raises(InputError) as caught:
        parse_name("w13", (2, 2, 2))
    assert str(caught.value) == "w13: the layers go from 1 to 2."
