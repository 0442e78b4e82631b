"""Tests of the comparison with a person's own program, which is written here in plain NumPy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.marking.program import Comparison, compare_arrays, comparison_table, read_arrays
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array


def xor_pass(slope: bool = True, scale: float = 0.25, sign: float = 1.0) -> dict[str, Array]:
    """Return the arrays of the first pass on XOR, with a mistake if asked for."""
    run = Run.start(open_experiment("xor"))
    (w1, w2), (b1, b2) = run.state.weights, run.state.biases
    x, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    z1 = x @ w1.T + b1
    a1 = np.tanh(z1)
    z2 = a1 @ w2.T + b2
    a2 = 1.0 / (1.0 + np.exp(-z2))
    dz2 = sign * scale * (a2 - y) * (a2 * (1.0 - a2) if slope else 1.0)
    dz1 = dz2 @ w2 * (1.0 - a1**2)
    dw1, dw2, db1, db2 = dz1.T @ x, dz2.T @ a1, dz1.sum(0), dz2.sum(0)
    loss = np.array(0.125 * ((a2 - y) ** 2).sum())
    names = ("z1", "a1", "z2", "a2", "loss", "dz2", "dz1", "dw1", "dw2", "db1", "db2", "w1'", "b2'")
    arrays = (z1, a1, z2, a2, loss, dz2, dz1, dw1, dw2, db1, db2, w1 - 2.0 * dw1, b2 - 2.0 * db2)
    return dict(zip(names, arrays, strict=True))


def compare(arrays: dict[str, Array]) -> Comparison:
    run = Run.start(open_experiment("xor"))
    return compare_arrays(run.engine, run.trace(1), arrays)


def verdicts(comparison: Comparison) -> dict[str, str]:
    return {array.name: array.verdict for array in comparison.arrays}


def test_a_right_program_is_equal_and_in_the_order_of_the_pass() -> None:
    comparison = compare(dict(reversed(xor_pass().items())))
    assert set(verdicts(comparison).values()) == {"equal"}
    assert [array.name for array in comparison.arrays][:5] == ["z1", "a1", "z2", "a2", "loss"]
    assert comparison.first_difference is None and not any(array.is_transposed for array in comparison.arrays)


def test_single_precision_is_equal_to_so_many_digits() -> None:
    comparison = compare({name: array.astype(np.float32).astype(np.float64) for name, array in xor_pass().items()})
    assert set(verdicts(comparison).values()) <= {"equal", "close"}
    assert all(6 <= array.digits <= 15 for array in comparison.arrays)


def test_transposed_weights_and_columns_of_samples_are_recognised() -> None:
    arrays = xor_pass()
    comparison = compare({"dw1": arrays["dw1"].T, "z1": arrays["z1"].T, "db2": arrays["db2"].reshape(1, 1)})
    assert [(array.name, array.verdict, array.is_transposed) for array in comparison.arrays] == [
        ("z1", "equal", True), ("db2", "equal", False), ("dw1", "equal", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arrays", "name", "mistake"),
    [
        (xor_pass(slope=False), "dz2", "slope_left_out"),
        (xor_pass(scale=1.0), "dz2", "mean_left_out"),
        (xor_pass(sign=-1.0), "dz2", "sign"),
        ({"dw1": xor_pass(slope=False)["dw1"]}, "dw1", "slope_left_out"),
        (xor_pass() | {"a1": xor_pass()["z1"]}, "a1", "activation_left_out"),
    ],
)
def test_the_first_array_that_differs_is_named_with_its_mistake(
    arrays: dict[str, Array], name: str, mistake: str
) -> None:
    comparison = compare(arrays)
    first = comparison.first_difference
    assert first is not None and first.name == name and mistake in comparison.mistakes
    table = comparison_table(comparison)
    assert mistake in (table["first_difference"]["mistake"], *table["first_difference"]["also"])
    assert json.loads(json.dumps(table, allow_nan=False)) == table


def test_a_name_that_is_none_of_the_pass_is_named() -> None:
    comparison = compare({"z1": xor_pass()["z1"], "grad": np.zeros(3), "w1[1,1]": np.zeros(1)})
    assert comparison.unknown == ("grad", "w1[1,1]")


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"z1": np.zeros((4, 3))}, "z1: its shape is 4 × 3; that of this pass is 4 × 4"),
        ({"foo": np.zeros(3)}, "no name in it is that of an array"),
    ],
)
def test_arrays_that_cannot_be_compared(arrays: dict[str, Array], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        compare(arrays)


def test_numbers_that_are_not_finite_differ() -> None:
    z1 = xor_pass()["z1"].copy()
    z1[2, 1] = np.nan
    first = compare({"z1": z1}).first_difference
    assert first is not None and first.ref is not None and (first.ref.sample, first.ref.unit) == (2, 1)


def test_files_of_arrays(tmp_path: Path) -> None:
    arrays = xor_pass()
    np.savez(tmp_path / "mine.npz", allow_pickle=False, **arrays)
    (tmp_path / "mine.json").write_text(json.dumps({name: array.tolist() for name, array in arrays.items()}))
    for file in ("mine.npz", "mine.json"):
        read = read_arrays(tmp_path / file)
        assert {name: array.tolist() for name, array in read.items()} == {
            name: a.tolist() for name, a in arrays.items()
        }


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("mine.npz", b"no zip", "it is not an .npz file; numpy.savez writes one."),
        ("mine.json", b"[1]", "it is not a JSON object of arrays"),
        ("mine.json", b"{", "it is not a JSON object of arrays"),
        ("mine.json", b"{}", "it has no arrays"),
        ("mine.json", b'{"z1": [[1], [2, 3]]}', "z1: it must be an array of numbers"),
        ("mine.json", b'{"z1": "text"}', "z1: it must be an array of numbers"),
        ("mine.json", b"\xff", "this is not UTF-8 text"),
    ],
)
def test_files_that_have_no_arrays_are_refused(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_arrays(tmp_path / name)
    assert sentence in str(caught.value) and str(caught.value).startswith(str(tmp_path / name))


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", z1=np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="it has Python objects"):
        read_arrays(tmp_path / "mine.npz")
