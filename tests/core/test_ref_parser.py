"""Tests of addresses, printed in formulas and typed by the user."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.ref_parser import parse_ref, typed_name
from nn_tui.core.refs import QUANTITIES, Ref
from nn_tui.core.spec import Experiment
from tests._explanations import NUMBERS, experiments, refs_of

BATCH = 5
SAMPLES = st.integers(0, BATCH - 1)
TO_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def refs_with_state(experiment: Experiment, numbers: tuple[int, int, int, int]) -> tuple[list[Ref], tuple[str, ...]]:
    """Return an address of every array of a network, and the names of the arrays of the optimiser's state."""
    slots = OPTIMIZERS[experiment.training.optimizer.name].slots
    refs = refs_of(experiment, BATCH, numbers)
    layer, unit, input, _ = numbers
    layer %= len(experiment.sizes) - 1
    unit, input = unit % experiment.sizes[layer + 1], input % experiment.sizes[layer]
    for slot, after in product(slots, (False, True)):
        refs += [
            Ref("state_w", layer, unit, input, slot=slot, after=after),
            Ref("state_b", layer, unit, slot=slot, after=after),
        ]
    return refs, slots


def spellings(symbol: str) -> list[str]:
    """Return the symbol with its prime in every place and of every kind, each also with plain digits."""
    plain = symbol.replace("′", "")
    found = [symbol]
    if plain != symbol:
        parts = re.fullmatch(r"(\D+)([₀-₉]+)(\[.+\])", plain)
        assert parts is not None
        for place, prime in product(range(1, 4), "′'’"):
            found.append("".join([*parts.groups()[:place], prime, *parts.groups()[place:]]))
    return found + [text.translate(TO_DIGITS) for text in found]


@given(experiments(), NUMBERS, SAMPLES, SAMPLES)
def test_what_a_formula_shows_selects_that_number(
    experiment: Experiment, numbers: tuple[int, int, int, int], sample: int, default: int
) -> None:
    refs, slots = refs_with_state(experiment, numbers)
    assert {ref.quantity for ref in refs} >= set(QUANTITIES) - {"state_w", "state_b", "slope"}
    for ref in refs:
        here = replace(ref, sample=sample)
        assert parse_ref(here.name, experiment.sizes, default, slots, BATCH) == here
        assert typed_name(here).isascii()
        assert parse_ref(typed_name(here), experiment.sizes, default, slots, BATCH) == here
        assert parse_ref(typed_name(here, with_sample=False), experiment.sizes, sample, slots, BATCH) == here
        for text in spellings(ref.symbol):
            assert parse_ref(text, experiment.sizes, sample, slots) == here, text
            assert parse_ref(f"{text}@{sample + 1}", experiment.sizes, default, slots, BATCH) == here, text


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
        ("y", Ref("y", 0, 0, sample=7)),
        ("yhat1", Ref("a", 1, 0, sample=7)),
        ("yhat", Ref("a", 1, 0, sample=7)),
        ("y_hat1", Ref("a", 1, 0, sample=7)),
        ("ŷ1", Ref("a", 1, 0, sample=7)),
        ("ŷ₁", Ref("a", 1, 0, sample=7)),
        ("ŷ[1]", Ref("a", 1, 0, sample=7)),
        ("y\u0302₁", Ref("a", 1, 0, sample=7)),
        ("L", Ref("loss")),
    ],
)
def test_a_typed_address_is_parsed(text: str, ref: Ref) -> None:
    assert parse_ref(text, (2, 4, 1), ref.sample) == ref


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not the name of a number"),
        ("w2[1;3]", "write for example w2[1,3]"),
        ("q1[1]", "is not the name of a number"),
        ("w9[1,1]", "the layers go from 1 to 2"),
        ("w0[1,1]", "the layers go from 1 to 2"),
        ("z1[5]", "layer 1 has units 1 to 4"),
        ("w1[1,3]", "layer 1 has inputs 1 to 2"),
        ("dx2[5]", "layer 2 has inputs 1 to 4"),
        ("x3", "the names go from x1 to x2"),
        ("yhat2", "the only such name is yhat1"),
        ("w2[2,1]", "layer 2 has only unit 1"),
        ("x", "the names go from x1 to x2"),
        ("y0", "the only such name is y1"),
        ("x[0]", "the names go from x1 to x2"),
        ("x1[2]", "write one index, as in x1"),
        ("b1[1,2]", "only weights have two"),
        ("w٣[1,1]", "is not the name of a number"),
        ("a" * 10_000, "is not the name of a number"),
    ],
)
def test_an_invalid_address_is_rejected_in_one_short_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_ref(text, (2, 4, 1))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("z1[2]@3", Ref("z", 0, 1, sample=2)),
        ("dz1[2]@3", Ref("dz", 0, 1, sample=2)),
        ("x2 @ 3", Ref("x", 0, 1, sample=2)),
        ("y1@1", Ref("y")),
        ("loss@3", Ref("loss", sample=2)),
        ("L@3", Ref("loss", sample=2)),
        ("w2[1,3]@3", Ref("w", 1, 0, 2, sample=2)),
        ("w1[4,2]'@3", Ref("w", 0, 3, 1, sample=2, after=True)),
    ],
)
def test_a_number_behind_an_at_is_the_sample(text: str, ref: Ref) -> None:
    assert parse_ref(text, (2, 4, 1), 3, (), 4) == ref


@pytest.mark.parametrize(
    ("text", "batch_size", "said"),
    [
        ("z1[2]@5", 4, "z1[2]@5: the batch has samples 1 to 4"),
        ("w1[1,1]@0", 4, "w1[1,1]@0: the batch has samples 1 to 4"),
        ("loss@2", 1, "loss@2: the batch has only sample 1"),
        ("z1[2]@", 4, "is not the name of a number"),
        ("@3", 4, "is not the name of a number"),
        ("z1[2]@-1", 4, "is not the name of a number"),
        ("z1@2[2]", 4, "is not the name of a number"),
        ("w′1[1,1]′", 4, "is not the name of a number"),
        ("z1[2]′", 4, "is not the name of a number"),
        ("σ1[2]", 4, "is not the name of a number"),
    ],
)
def test_a_sample_or_prime_that_does_not_exist_is_refused(text: str, batch_size: int, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        parse_ref(text, (2, 4, 1), 0, (), batch_size)


def test_state_that_the_optimiser_lacks_is_refused() -> None:
    with pytest.raises(InputError, match=r'has no "m"; its state is v \(velocity\)'):
        parse_ref("m'1[1,1]", (2, 1), slots=("velocity",))


@pytest.mark.parametrize("name", ["∂a/∂z₁[2]", "da/dz1[2]", "σ′1[2]", "sigma'1[2]", "slope1[2]"])
def test_the_slope_has_the_name_of_a_derivative(name: str) -> None:
    assert parse_ref(name, (2, 4, 1)) == Ref("slope", 0, 1)
    assert Ref("slope", 0, 1).symbol == "∂a/∂z₁[2]"
