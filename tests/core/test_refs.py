"""Tests of addresses, printed in formulas and typed by the user."""

from __future__ import annotations

import pytest
from hypothesis import given

from nn_tui.core.errors import InputError
from nn_tui.core.refs import Ref, parse_ref
from nn_tui.core.spec import Experiment
from tests._explanations import NUMBERS, experiments, refs_of


@given(experiments(), NUMBERS)
def test_the_symbol_of_a_number_is_a_valid_address(experiment: Experiment, numbers: tuple[int, int, int, int]) -> None:
    assert parse_ref("L", experiment.sizes, 3) == Ref("loss", sample=3)
    for ref in refs_of(experiment, 5, numbers)[1:]:
        assert parse_ref(ref.symbol, experiment.sizes, ref.sample) == ref


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("w2[1,3]", Ref("w", 1, 0, 2)),
        (" W2 [ 1 , 3 ] ", Ref("w", 1, 0, 2)),
        ("dw1[4,2]", Ref("dw", 0, 3, 1)),
        ("Δw1[4,2]", Ref("step_w", 0, 3, 1)),
        ("step_w1[4,2]", Ref("step_w", 0, 3, 1)),
        ("w'1[4,2]", Ref("w", 0, 3, 1, after=True)),
        ("dz1[2]", Ref("dz", 0, 1, sample=7)),
        ("x2", Ref("x", 0, 1, sample=7)),
        ("y1", Ref("y", 0, 0, sample=7)),
        ("L", Ref("loss")),
    ],
)
def test_a_typed_address_is_parsed(text: str, ref: Ref) -> None:
    assert parse_ref(text, (2, 4, 1), ref.sample) == ref


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no number"),
        ("w2[1;3]", "write for example w2[1,3]"),
        ("q1[1]", "names no number"),
        ("w9[1,1]", "the layers go from 1 to 2"),
        ("w0[1,1]", "the layers go from 1 to 2"),
        ("z1[5]", "layer 1 has units 1 to 4"),
        ("w1[1,3]", "layer 1 has inputs 1 to 2"),
        ("dx2[5]", "layer 2 has inputs 1 to 4"),
        ("x3", "the names go from x1 to x2"),
        ("y0", "the names go from y1 to y1"),
        ("b1[1,2]", "only weights have two"),
        ("w٣[1,1]", "names no number"),
        ("a" * 10_000, "names no number"),
    ],
)
def test_an_invalid_address_is_rejected_in_one_short_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_ref(text, (2, 4, 1))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 160


def test_state_that_the_optimiser_lacks_is_refused() -> None:
    with pytest.raises(InputError, match=r'has no "m"; its state is v \(velocity\)'):
        parse_ref("m'1[1,1]", (2, 1), slots=("velocity",))
