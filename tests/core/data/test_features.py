"""Check that features are computed from two inputs, and that wrong ones are refused."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.features import FEATURES, check_features, expand_features
from nn_tui.core.errors import InputError
from nn_tui.core.spec import DataSpec

NAMES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")


def test_the_seven_features() -> None:
    points = np.array([[0.5, -2.0], [3.0, 0.25]])
    x1, x2 = points.T
    expected = np.column_stack([x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)])
    assert tuple(FEATURES) == NAMES
    assert expand_features(points, NAMES) == pytest.approx(expected, rel=1e-15)
    assert expand_features(points, ("x2", "x1")).tolist() == points[:, ::-1].tolist()
    assert expand_features(points, ()).tolist() == points.tolist()


def test_features_name_the_inputs_and_leave_the_points() -> None:
    spec = DataSpec(inputs=((0, 0), (0, 1), (1, 0), (1, 1)), targets=((0,), (1,), (1,), (0,)), features=("x1", "x1*x2"))
    data = load_data(spec, 0, None)
    assert data.x.tolist() == [[0, 0], [0, 0], [1, 0], [1, 1]]
    assert data.points.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.input_names == ("x1", "x1*x2")


@pytest.mark.parametrize(
    ("features", "inputs", "message"),
    [
        (("x1", "x1^3"), 2, 'data.features[1]: "x1^3" is not a feature. Did you mean "x1^2"?'),
        (("x1", "x1"), 2, 'data.features[1]: "x1" is listed twice; list it once.'),
        (("x1",), 4, "data.features: features need data with two inputs, but this data has 4."),
        (("x1",), 1, "this data has 1."),
    ],
)
def test_wrong_features_are_refused(features: tuple[str, ...], inputs: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_features(features, inputs)
    assert message in str(caught.value)


def test_the_loader_checks_the_features() -> None:
    with pytest.raises(InputError, match="this data has 1"):
        load_data(DataSpec(generator="sine", features=("x1",)), 0, None)
