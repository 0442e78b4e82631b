"""Check the geometry, the size, the noise and the seed of generated data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.data.generators import GENERATORS, generate
from nn_tui.core.errors import InputError
from nn_tui.core.rng import stream
from nn_tui.core.spec import Array

NAMES = sorted(GENERATORS)
TWO_CLASSES = sorted(name for name, each in GENERATORS.items() if each.classes == 2)
REGRESSIONS = sorted(name for name, each in GENERATORS.items() if each.classes == 0)


def drawn(
    name: str, samples: int = 200, noise: float = 0.0, classes: int = 3, seed: int = 5
) -> tuple[Array, Array, tuple[str, ...]]:
    return generate(name, stream(seed, "data"), samples, noise, classes)


def refusal(name: str, samples: int = 200, noise: float = 0.0, classes: int = 3) -> str:
    with pytest.raises(InputError) as caught:
        generate(name, stream(0, "data"), samples, noise, classes)
    return str(caught.value)


def test_there_are_nine_problems() -> None:
    expected = {"xor", "circles", "moons", "gaussians", "spiral", "blobs"}
    assert set(GENERATORS) == expected | {"plane", "sine", "regression_gaussian"}


@pytest.mark.parametrize("name", NAMES)
@given(samples=st.integers(3, 60), noise=st.floats(0, 1), seed=st.integers(0, 2**40))
@settings(max_examples=20)
def test_same_seed_same_bits_other_seed_other_bits(name: str, samples: int, noise: float, seed: int) -> None:
    one, again = drawn(name, samples, noise, seed=seed), drawn(name, samples, noise, seed=seed)
    other = drawn(name, samples, noise, seed=seed + 1)
    assert one[0].tobytes() == again[0].tobytes()
    assert one[1].tobytes() == again[1].tobytes()
    assert one[0].tobytes() != other[0].tobytes()


@pytest.mark.parametrize("name", NAMES)
@given(samples=st.integers(7, 300), classes=st.integers(2, 7))
@settings(max_examples=20)
def test_shapes_and_balance(name: str, samples: int, classes: int) -> None:
    points, y, names = drawn(name, samples, 0.1, classes)
    generator = GENERATORS[name]
    assert points.shape == (samples, generator.inputs)
    assert y.shape == (samples,)
    assert points.dtype == y.dtype == np.float64
    expected = classes if generator.classes is None else generator.classes
    assert len(names) == expected
    if names:
        counts = np.bincount(y.astype(int), minlength=expected)
        assert len(counts) == expected
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_coordinates_are_about_minus_one_to_one(name: str) -> None:
    points, _, _ = drawn(name, 2000)
    assert np.abs(points).max() < 1.6
    assert (np.abs(points) <= 1.0).mean() > 0.97
    assert np.abs(points).max() > 0.9


def test_xor_is_one_where_exactly_one_coordinate_is_positive() -> None:
    points, y, _ = drawn("xor", 400)
    assert np.array_equal(y == 1, (points[:, 0] > 0) != (points[:, 1] > 0))
    quadrants = np.bincount((points[:, 0] > 0) * 2 + (points[:, 1] > 0))
    assert quadrants.tolist() == [100, 100, 100, 100]
    assert np.abs(points).min() >= 0.1


def test_circles_are_a_disc_in_a_ring() -> None:
    points, y, _ = drawn("circles", 400)
    radius = np.hypot(points[:, 0], points[:, 1])
    assert radius[y == 1].max() <= 0.5
    assert radius[y == 0].min() >= 0.7
    assert radius.max() <= 1.0 + 1e-12


def test_moons_are_two_half_circles() -> None:
    points, y, _ = drawn("moons", 400)
    plain = points * 1.5 + [0.5, 0.25]
    upper, lower = plain[y == 0], plain[y == 1]
    assert np.hypot(upper[:, 0], upper[:, 1]) == pytest.approx(1.0)
    assert np.hypot(lower[:, 0] - 1.0, lower[:, 1] - 0.5) == pytest.approx(1.0)
    assert upper[:, 1].min() >= -1e-12
    assert lower[:, 1].max() <= 0.5 + 1e-12


def test_gaussians_are_two_clouds() -> None:
    points, y, _ = drawn("gaussians", 4000)
    for label, centre in ((0, -0.5), (1, 0.5)):
        cloud = points[y == label]
        assert cloud.mean(axis=0) == pytest.approx([centre, centre], abs=0.02)
        assert cloud.std(axis=0) == pytest.approx([0.2, 0.2], rel=0.05)


def test_spiral_is_one_arm_and_its_half_turn() -> None:
    points, y, _ = drawn("spiral", 400)
    radius, angle = np.hypot(points[:, 0], points[:, 1]), np.arctan2(points[:, 1], points[:, 0])
    expected = 3.5 * np.pi * (radius - 0.05) / 0.95 + np.pi * y
    assert np.cos(angle - expected) == pytest.approx(1.0)
    assert radius.min() >= 0.05 - 1e-12
    assert radius.max() <= 1.0 + 1e-12


@pytest.mark.parametrize("classes", [2, 3, 5, 10])
def test_blobs_lie_evenly_on_a_circle(classes: int) -> None:
    points, y, names = drawn("blobs", 2000, classes=classes)
    centres = np.array([points[y == label].mean(axis=0) for label in range(classes)])
    angles = np.pi / 2 - 2 * np.pi * np.arange(classes) / classes
    expected = 0.7 * np.column_stack([np.cos(angles), np.sin(angles)])
    assert centres == pytest.approx(expected, abs=0.06)
    assert names == tuple(str(label) for label in range(classes))
    nearest = np.linalg.norm(points[:, None] - expected, axis=2).argmin(axis=1)
    assert (nearest == y).mean() > 0.99


def test_regression_targets_follow_their_formulas() -> None:
    points, y, _ = drawn("plane")
    assert y == pytest.approx((points[:, 0] + points[:, 1]) / 2)
    points, y, _ = drawn("sine")
    assert y == pytest.approx(np.sin(np.pi * points[:, 0]))
    points, y, _ = drawn("regression_gaussian", 5000)
    for x1, x2, height in ((-0.5, -0.4, 1.0), (0.5, -0.4, -1.0), (0.0, 0.5, 1.0)):
        near = np.hypot(points[:, 0] - x1, points[:, 1] - x2) < 0.05
        assert near.any()
        assert y[near] == pytest.approx(height, abs=0.05)
    corners = np.abs(points).min(axis=1) > 0.95
    assert np.abs(y[corners]).max() < 0.1


@pytest.mark.parametrize("name", [*TWO_CLASSES, "blobs"])
def test_noise_moves_points_by_its_deviation_and_keeps_labels(name: str) -> None:
    clean, noisy = drawn(name, 3000), drawn(name, 3000, 0.25)
    assert (noisy[0] - clean[0]).std() == pytest.approx(0.25, rel=0.05)
    assert np.array_equal(noisy[1], clean[1])


@pytest.mark.parametrize("name", REGRESSIONS)
def test_noise_moves_regression_targets_and_keeps_points(name: str) -> None:
    clean, noisy = drawn(name, 3000), drawn(name, 3000, 0.25)
    assert (noisy[1] - clean[1]).std() == pytest.approx(0.25, rel=0.05)
    assert np.array_equal(noisy[0], clean[0])


@pytest.mark.parametrize("samples", [0, -1, 1_000_001, 10**30])
@pytest.mark.parametrize("name", NAMES)
def test_sizes_out_of_range_are_refused_before_anything_is_drawn(name: str, samples: int) -> None:
    text = refusal(name, samples)
    assert text == f"data.samples: {samples} is not between 1 and 1000000."


def test_every_class_needs_a_row() -> None:
    assert "at least one sample for each of the 2 classes" in refusal("xor", 1)
    assert "at least one sample for each of the 5 classes" in refusal("blobs", 4, classes=5)
    assert drawn("plane", 1)[0].shape == (1, 2)


@pytest.mark.parametrize("noise", [-0.1, float("nan"), float("inf"), 101.0])
def test_noise_out_of_range_is_refused(noise: float) -> None:
    assert "data.noise:" in refusal("moons", noise=noise)


@pytest.mark.parametrize("classes", [-1, 0, 1, 101])
def test_classes_out_of_range_are_refused(classes: int) -> None:
    assert f"data.classes: {classes} is not between 2 and 100." in refusal("blobs", classes=classes)


def test_an_unknown_name_gets_the_nearest() -> None:
    text = refusal("sprial\x1b")
    assert "data.generator:" in text
    assert text.endswith('Did you mean "spiral"?')
    assert text.isprintable()
