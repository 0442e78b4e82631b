"""Tests of weights found among the arrays of a file: whatever their names and orientation, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array
from nn_tui.core.weights.match import Weights, match_weights

SIZES = (3, 4, 2)
W = [np.arange(12.0).reshape(4, 3) / 7, np.arange(8.0).reshape(2, 4) / 3]
B = [np.array([1.0, 2, 3, 4]), np.array([-1.0, 0.5])]
Rename = Callable[[int, str], str]

STYLES: dict[str, tuple[Rename, bool]] = {
    "ours": (lambda layer, kind: f"{kind}{layer + 1}", False),
    "capitals, from 0": (lambda layer, kind: f"{kind.upper()}{layer}", False),
    "nn.Sequential": (lambda layer, kind: f"{2 * layer}.{'weight' if kind == 'w' else 'bias'}", False),
    "modules": (lambda layer, kind: f"{['hidden', 'out'][layer]}.{'weight' if kind == 'w' else 'bias'}", False),
    "Keras": (lambda layer, kind: f"{['dense', 'dense_1'][layer]}/{'kernel' if kind == 'w' else 'bias'}:0", True),
    "scikit-learn": (lambda layer, kind: f"{'coefs' if kind == 'w' else 'intercepts'}_{layer}", True),
    "positions": (lambda layer, kind: f"arr_{2 * layer + (kind == 'b')}", False),
    "positions, weights first": (lambda layer, kind: f"arr_{layer + 2 * (kind == 'b')}", True),
}


def assert_same(found: Weights) -> None:
    for ours, theirs in zip([*W, *B], [*found.weights, *found.biases], strict=True):
        assert np.array_equal(ours, theirs) and theirs.dtype == np.float64


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_names_of_many_programs(style: str, is_reversed: bool) -> None:
    name, is_transposed = STYLES[style]
    arrays = {name(layer, "w"): w.T if is_transposed else w for layer, w in enumerate(W)}
    arrays |= {name(layer, "b"): b for layer, b in enumerate(B)}
    found = match_weights(dict(reversed(arrays.items())) if is_reversed else arrays, SIZES)
    assert_same(found)
    assert [str(note) for note in found.notes] == (
        ["arr_0 and arr_1 have a column for each unit, so they were transposed."] if "positions, w" in style else []
    )


@pytest.mark.parametrize("first", [W[0], W[0].T])
@pytest.mark.parametrize("bias", [B[0], B[0][None], B[0][:, None]])
def test_weights_and_biases_of_any_orientation(first: Array, bias: Array) -> None:
    assert_same(match_weights({"w1": first, "b1": bias, "w2": W[1], "b2": B[1]}, SIZES))


SQUARE = np.array([[1.0, 2], [3, 4]])


@settings(max_examples=50)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    style=st.sampled_from(list(STYLES)[:3]),
    is_transposed=st.booleans(),
    seed=st.integers(0, 99),
)
def test_random_networks_of_either_orientation(sizes: list[int], style: str, is_transposed: bool, seed: int) -> None:
    assume(any(inputs != units for inputs, units in pairwise(sizes)))
    name, rng = STYLES[style][0], np.random.default_rng(seed)
    shapes = [(units, inputs) for inputs, units in pairwise(sizes)]
    weights, biases = [rng.normal(size=shape) for shape in shapes], [rng.normal(size=shape[0]) for shape in shapes]
    arrays = {name(layer, "w"): w.T if is_transposed else w for layer, w in enumerate(weights)}
    arrays |= {name(layer, "b"): b for layer, b in enumerate(biases)}
    found = match_weights(arrays, tuple(sizes))
    assert all(map(np.array_equal, [*weights, *biases], [*found.weights, *found.biases]))


def test_a_square_matrix_follows_the_others() -> None:
    sizes = (3, 2, 2)
    first, bias = np.ones((2, 3)), np.zeros(2)
    straight = match_weights({"w1": first, "b1": bias, "w2": SQUARE, "b2": bias}, sizes)
    assert np.array_equal(straight.weights[1], SQUARE)
    assert str(straight.notes[0]) == (
        "w2 is square: a row was taken for the weights of a unit. The other layers have it so."
    )
    turned = match_weights({"w1": first.T, "b1": bias, "w2": SQUARE, "b2": bias}, sizes)
    assert np.array_equal(turned.weights[1], SQUARE.T)
    assert str(turned.notes[0]) == (
        "w2 is square: a column was taken for the weights of a unit. The other layers have it so."
    )
    assert str(turned.notes[1]) == "w1 has a column for each unit, so it was transposed."


def test_square_matrices_follow_the_form_of_the_biases() -> None:
    arrays = {"w1": SQUARE, "w2": 2 * SQUARE}
    row, column = np.zeros((1, 2)), np.zeros((2, 1))
    with_rows = match_weights({**arrays, "b1": row, "b2": row}, (2, 2, 2))
    assert np.array_equal(with_rows.weights[0], SQUARE.T)
    assert str(with_rows.notes[0]) == (
        "w1 and w2 are square: a column was taken for the weights of a unit. The shape of the biases tells it."
    )
    with_columns = match_weights({**arrays, "b1": column, "b2": column}, (2, 2, 2))
    assert np.array_equal(with_columns.weights[0], SQUARE)


def test_names_of_libraries_and_symmetric_matrices_need_no_assumption() -> None:
    for name, expected in (("0.weight", SQUARE), ("kernel", SQUARE.T)):
        found = match_weights({name: SQUARE, name.replace("weight", "bias").replace("kernel", "bias"): B[1]}, (2, 2))
        assert np.array_equal(found.weights[0], expected) and found.notes == []
    assert match_weights({"w1": np.eye(2), "b1": B[1]}, (2, 2)).notes == []


def test_an_order_that_neither_names_nor_shapes_tell_is_said() -> None:
    found = match_weights({"in.weight": SQUARE, "out.weight": 2 * SQUARE, "out.bias": B[1], "in.bias": B[1]}, (2, 2, 2))
    assert np.array_equal(found.weights[0], SQUARE)
    assert [str(note) for note in found.notes] == [
        "The order of the layers was taken from the file: in.weight and out.weight."
    ]


def test_one_unit_and_one_input_may_be_vectors() -> None:
    found = match_weights({"w": np.array([1.0, 2, 3]), "b": np.array(0.5)}, (3, 1))
    assert found.weights[0].tolist() == [[1, 2, 3]] and found.biases[0].tolist() == [0.5]
    assert match_weights({"w": np.array([1.0, 2, 3]), "b": np.zeros(3)}, (1, 3)).weights[0].tolist() == [[1], [2], [3]]


def test_what_is_missing_or_left_out_is_said() -> None:
    found = match_weights({"0.weight": W[0], "2.weight": W[1], "2.bias": B[1], "dW1": W[0], "loss": B[0]}, SIZES)
    assert found.biases[0].tolist() == [0, 0, 0, 0]
    assert [str(note) for note in found.notes] == [
        "It has no bias for layer 1: the bias is 0.",
        "Left out, because they are neither weights nor biases: dW1 and loss.",
    ]


def test_other_types_of_numbers_are_converted() -> None:
    found = match_weights({"w1": W[0].astype(np.float32), "b1": np.array([1, 2, 3, 4]), "w2": W[1], "b2": B[1]}, SIZES)
    assert np.array_equal(found.weights[0], W[0].astype(np.float32).astype(np.float64))
    assert found.biases[0].dtype == np.float64


GOOD = {"w1": W[0], "b1": B[0], "w2": W[1], "b2": B[1]}
REFUSED: dict[str, tuple[dict[str, Array], str]] = {
    "shape of W": (
        {**GOOD, "w1": np.ones((5, 3))},
        "w1: its shape is (5, 3), but layer 1 of the network 3–4–2 needs (4, 3), or (3, 4).",
    ),
    "shape of b": (
        {**GOOD, "b2": np.ones(3)},
        "b2: its shape is (3,), but layer 2 of the network 3–4–2 needs (2,).",
    ),
    "bias of the right size in two dimensions": (
        {**GOOD, "b1": np.ones((2, 2))},
        "b1: its shape is (2, 2), but layer 1 of the network 3–4–2 needs (4,).",
    ),
    "layers": (
        {"w1": W[0], "b1": B[0]},
        "it has the weights of 1 layer (w1), but the network 3–4–2 has 2.",
    ),
    "NaN": ({**GOOD, "w1": np.full((4, 3), np.nan)}, "w1: it has numbers that are not finite."),
    "text": ({**GOOD, "w1": np.full((4, 3), "a")}, "w1: it must be an array of numbers."),
    "twice": ({**GOOD, "W1": W[0]}, 'w1" and "W1" name the same array of a layer'),
    "no names": (
        {"spam": W[0]},
        "no name in it is that of weights, such as w1, W1, 0.weight or fc1.weight; it has spam.",
    ),
    "nothing": ({}, "it has no arrays."),
    "order": (
        {"w1": W[1], "b1": B[1], "w2": W[0], "b2": B[0]},
        "w1: its shape is (2, 4), but layer 1 of the network 3–4–2 needs (4, 3), or (3, 4).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_in_one_sentence(case: str) -> None:
    arrays, sentence = REFUSED[case]
    with pytest.raises(InputError) as error:
        match_weights(arrays, SIZES)
    assert sentence in str(error.value) and "\n" not in str(error.value)
