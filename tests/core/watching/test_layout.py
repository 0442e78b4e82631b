"""How arrays lie: orientations that follow from the chain of shapes, and shapes that fit no network."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.watching.given import read_pass
from nn_tui.core.watching.layout import ArrayLayout, layouts
from nn_tui.core.watching.watch import watch

Shape = tuple[int, ...]


def found(weights: list[Shape], x: Shape, y: Shape, *, is_module: bool = False) -> list[ArrayLayout]:
    given = read_pass([np.ones(shape) for shape in weights], inputs=np.ones(x), targets=np.ones(y))
    assert given.x is not None
    return layouts(given.readings, given.x, given.y, is_module=is_module)


@pytest.mark.parametrize(
    ("weights", "x", "y", "sizes", "are_units_rows", "are_samples_rows"),
    [
        ([(4, 2), (4, 1), (1, 4), (1, 1)], (2, 7), (1, 7), (2, 4, 1), (True, True), False),
        ([(2, 4), (4,), (4, 1), (1,)], (7, 2), (7, 1), (2, 4, 1), (False, False), True),
        ([(4, 2), (4,), (1, 4), (1,)], (7, 2), (7, 1), (2, 4, 1), (True, True), True),
        ([(2, 4), (4, 1)], (7, 2), (7,), (2, 4, 1), (False, False), True),
        ([(3, 2), (3,), (3, 3), (3,), (1, 3), (1,)], (7, 2), (7, 1), (2, 3, 3, 1), (True, True, True), True),
        ([(2, 3), (1, 3), (3, 3), (1, 3), (3, 1), (1, 1)], (7, 2), (7, 1), (2, 3, 3, 1), (False,) * 3, True),
        ([(784, 9), (9,), (9, 10), (10,)], (5, 28, 28), (5,), (784, 9, 10), (False, False), True),
        ([(3,), (1,)], (7, 3), (7,), (3, 1), (True,), True),
        ([(4, 2), (4,), (1, 4), (1,)], (2,), (1,), (2, 4, 1), (True, True), True),
    ],
)
def test_the_orientation_follows_from_the_shapes(
    weights: list[Shape], x: Shape, y: Shape, sizes: Shape, are_units_rows: tuple[bool, ...], are_samples_rows: bool
) -> None:
    layout = found(weights, x, y)[0]
    assert layout.sizes == sizes
    assert (layout.are_units_rows, layout.are_samples_rows) == (are_units_rows, are_samples_rows)


def test_square_arrays_are_read_as_the_numbers_say() -> None:
    rng = np.random.default_rng(0)
    x, y, w1, w2 = (rng.normal(size=(3, 3)) for _ in range(4))
    for is_transposed in (False, True):
        hidden = np.tanh(x @ (w1.T if is_transposed else w1))
        output = hidden @ (w2.T if is_transposed else w2)
        delta = output - y
        hidden_delta = delta @ (w2 if is_transposed else w2.T) * (1.0 - hidden**2)
        dw1, dw2 = x.T @ hidden_delta, hidden.T @ delta
        run = watch(quiet=True)
        gradients = [dw1.T, dw2.T] if is_transposed else [dw1, dw2]
        run.step([w1, w2], gradients, x, y, loss=0.5 * (delta**2).sum())
        assert "update 1: equal to 1" in run.report()


def test_the_numbers_of_classes_become_rows() -> None:
    layout = found([(5, 2), (5,), (3, 5), (3,)], (4, 2), (4,))[0]
    given = read_pass([np.ones((5, 2))], inputs=np.ones((4, 2)), targets=np.array([2, 0, 1, 2]))
    assert layout.are_labels and given.y is not None
    assert layout.targets(given.y, 4).tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("weights", "x", "y", "sentence"),
    [
        ([(4, 3), (4,), (1, 4), (1,)], (7, 2), (7, 1), "weights: W1 is 4 × 3, and inputs is 7 × 2; a side of W1 must"),
        ([(4, 2), (4,), (1, 5), (1,)], (7, 2), (7, 1), "weights: W2 is 1 × 5, and W1 is 4 × 2; W2 must have a side"),
        ([(4, 2), (3,), (1, 4), (1,)], (7, 2), (7, 1), "weights: b1 has the shape 3, and W1 is 4 × 2; a bias has one"),
        ([(4, 2), (4,), (1, 4), (1,)], (7, 2), (6, 1), "targets: its shape is 6 × 1; for 7 samples and 1 outputs"),
        ([(4, 2, 3, 3), (4,)], (7, 2), (7, 1), "weights: W1 has the shape 4 × 2 × 3 × 3; only networks of dense"),
    ],
)
def test_shapes_that_fit_no_network_are_refused(weights: list[Shape], x: Shape, y: Shape, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        found(weights, x, y)
    assert str(caught.value).startswith(sentence)


def test_other_shapes_than_in_the_first_call_are_refused() -> None:
    run = watch(quiet=True)
    x, y = np.ones((3, 2)), np.ones((3, 1))
    run.step([np.ones((2, 4)), np.ones((4, 1))], [np.ones((2, 4)), np.ones((4, 1))], x, y, loss=1.0)
    run = watch(["tanh", "identity"], "half_squared_error", quiet=True)
    hidden = np.tanh(x @ np.ones((2, 4)))
    run.step([np.ones((2, 4)), np.ones((4, 1))], cache={"A1": hidden}, inputs=x, targets=y)
    with pytest.raises(InputError, match="the shapes differ from those of the first call"):
        run.step([np.ones((2, 5)), np.ones((5, 1))], cache={"A1": hidden}, inputs=x, targets=y)
    run.step([np.ones((2, 4)), np.ones((4, 1))], cache={"A1": hidden}, inputs=x, targets=y)
    assert run.updates == 2
