"""Tests of loading data: tables, encodings, the split and standardisation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.data.dataset import load_data
from nn_tui.core.data.features import FEATURES, network_inputs
from nn_tui.core.data.input_rows import typed_rows
from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array, Dataset, DataSpec
from nn_tui.core.table.values import TableOptions

DATA = Path(__file__).parents[3] / "presets" / "data"
XOR = DataSpec(inputs=((0, 0), (0, 1), (1, 0), (1, 1)), targets=((0,), (1,), (1,), (0,)))
IRIS = DataSpec(csv="iris.csv", target="species", standardize=True, test_fraction=0.3)


def refusal(spec: DataSpec, folder: Path | None = None) -> str:
    with pytest.raises(InputError) as caught:
        load_data(spec, 0, folder)
    text = str(caught.value)
    assert text.isprintable()
    assert text.endswith((".", "?"))
    return text


def bits(data: Dataset) -> list[bytes]:
    arrays = (data.x, data.y, data.x_test, data.y_test, data.points, data.points_test)
    return [array.tobytes() for array in (*arrays, data.x_mean, data.x_scale)]


def rows_of(points: Array, y: Array) -> list[tuple[float, ...]]:
    return [tuple(row) for row in np.column_stack([points, y]).tolist()]


def test_a_table_is_taken_as_written() -> None:
    data = load_data(XOR, 0, None)
    assert data.x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.y.tolist() == [[0], [1], [1], [0]]
    assert data.x_test.shape == (0, 2)
    assert data.y_test.shape == (0, 1)
    assert (data.input_names, data.output_names) == (("x1", "x2"), ("y",))
    assert data.classes == ("0", "1")
    assert network_inputs(data, data.points).tolist() == data.x.tolist()


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        (((1.0,), (0.0,)), ("0", "1")),
        (((1.0,), (1.0,)), ()),
        (((0.5,), (1.0,)), ()),
        (((-1.0,), (1.0,)), ("-1", "1")),
        (((-1.0,), (-1.0,)), ()),
        (((-1.0, 1.0), (1.0, -1.0)), ()),
        (((1.0, 0.0), (0.0, 1.0)), ("y1", "y2")),
        (((1.0, 0.0), (1.0, 0.0)), ()),
        (((1.0, 1.0), (0.0, 1.0)), ()),
        (((0.01, 0.99), (0.99, 0.01)), ()),
    ],
)
def test_a_table_has_classes_if_its_targets_are_coded_classes(
    targets: tuple[tuple[float, ...], ...], classes: tuple[str, ...]
) -> None:
    data = load_data(DataSpec(inputs=((1.0,), (2.0,)), targets=targets), 0, None)
    assert data.classes == classes
    assert data.y.tolist() == [list(row) for row in targets]


@pytest.mark.parametrize(
    ("inputs", "targets", "text"),
    [
        (((1, 2), (3,)), ((0,), (1,)), "data.inputs[1]: this row has 1 number, but the first row has 2."),
        (((1, 2), (3, 4)), ((0,), (1, 2)), "data.targets[1]: this row has 2 numbers, but the first row has 1."),
        (((1,), (float("nan"),)), ((0,), (1,)), "data.inputs[1][0]: nan is not a finite number."),
        (((1,), (2,)), ((0,), (float("-inf"),)), "data.targets[1][0]: -inf is not a finite number."),
        (((1,), (2,)), ((0,),), "data.targets: it has 1 row, but inputs has 2"),
        ((), (), "data.inputs: it is empty"),
        (((1,),), (), "data.targets: it is empty"),
        (((),), ((1,),), "data.inputs[0]: the row is empty"),
        (None, None, "data.inputs: it is missing"),
        (((1,),), None, "data.targets: it is missing"),
    ],
)
def test_a_wrong_table_is_refused_with_key_row_and_value(inputs: object, targets: object, text: str) -> None:
    assert refusal(DataSpec(inputs=inputs, targets=targets)).startswith(text)  # type: ignore[arg-type]


def test_a_refusal_names_its_key() -> None:
    assert "data.target:" in refusal(DataSpec(csv="iris.csv"), DATA)
    text = refusal(DataSpec(csv="none.csv", target="y"), DATA)
    assert text.startswith("data.csv: there is no file none.csv in")
    assert text.endswith("A path in a preset starts at the folder of the preset.")
    assert "data.generator:" in refusal(DataSpec(generator="none"))
    for fraction in (-0.1, 1.0, float("nan")):
        assert "data.test_fraction:" in refusal(replace(XOR, test_fraction=fraction))


def test_classes_from_a_file_are_encoded_for_the_outputs(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("a,kind\n1,no\n2,yes\n3,no\n")
    spec = DataSpec(csv="two.csv", target="kind")
    for outputs in (None, 1):
        data = load_data(spec, 0, tmp_path, outputs=outputs)
        assert data.y.tolist() == [[0], [1], [0]]
        assert data.output_names == ("kind",)
    data = load_data(spec, 0, tmp_path, outputs=2)
    assert data.y.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert data.output_names == data.classes == ("no", "yes")


def test_generated_classes_are_encoded_for_the_outputs() -> None:
    assert load_data(DataSpec(generator="moons"), 0, None).y.shape == (200, 1)
    assert load_data(DataSpec(generator="moons"), 0, None, outputs=2).y.shape == (200, 2)
    blobs = DataSpec(generator="blobs", classes=2)
    assert load_data(blobs, 0, None).y.shape == (200, 2)
    assert load_data(blobs, 0, None, outputs=1).y.shape == (200, 1)
    assert load_data(DataSpec(generator="blobs"), 0, None, outputs=1).y.shape == (200, 3)
    assert load_data(DataSpec(generator="sine"), 0, None, outputs=1).classes == ()


def test_more_one_hot_values_than_fit_are_refused() -> None:
    assert "20,000,000" in refusal(DataSpec(generator="blobs", samples=1_000_000, classes=100))


def test_a_numeric_target_is_regression_by_default() -> None:
    spec = DataSpec(csv="digits.csv", target="digit")
    assert load_data(spec, 0, DATA).y.shape == (1797, 1)
    data = load_data(replace(spec, target_is_class=True), 0, DATA)
    assert data.y.shape == (1797, 10)
    assert data.y[0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert data.image_shape == (8, 8)


def test_iris_splits_35_and_15_of_each_species() -> None:
    data = load_data(IRIS, 1, DATA)
    assert data.y.sum(axis=0).tolist() == [35, 35, 35]
    assert data.y_test.sum(axis=0).tolist() == [15, 15, 15]
    assert data.input_names == ("sepal_length", "sepal_width", "petal_length", "petal_width")


@st.composite
def class_tables(draw: st.DrawFn) -> DataSpec:
    labels = draw(st.lists(st.integers(0, 3), min_size=2, max_size=60))
    kinds = max(2, max(labels) + 1)
    return DataSpec(
        inputs=tuple((float(i), float(i * i)) for i in range(len(labels))),
        targets=tuple(tuple(float(k == label) for k in range(kinds)) for label in labels),
        test_fraction=draw(st.floats(0.05, 0.95)),
    )


def split(spec: DataSpec, seed: int) -> Dataset | None:
    """Return the data, or None if there are too few rows for a test part."""
    try:
        return load_data(spec, seed, None)
    except InputError as error:
        assert "leaves no test row" in str(error)
        return None


def test_minus_one_and_one_are_split_like_zero_and_one() -> None:
    inputs = tuple((float(row),) for row in range(20))
    marks = [1.0 if row < 4 else -1.0 for row in range(20)]
    signs = load_data(DataSpec(inputs=inputs, targets=tuple((m,) for m in marks), test_fraction=0.5), 3, None)
    zeros = load_data(DataSpec(inputs=inputs, targets=tuple(((m + 1) / 2,) for m in marks), test_fraction=0.5), 3, None)
    assert signs.points.tolist() == zeros.points.tolist()
    assert sorted(signs.y[:, 0]) == [-1.0] * 8 + [1.0] * 2


@given(class_tables(), st.integers(0, 2**40))
def test_the_split_is_a_stratified_partition(spec: DataSpec, seed: int) -> None:
    data = split(spec, seed)
    if data is None:
        return
    whole = load_data(replace(spec, test_fraction=0.0), seed, None)
    train, test = rows_of(data.points, data.y), rows_of(data.points_test, data.y_test)
    assert sorted(train + test) == rows_of(whole.points, whole.y)
    assert train == sorted(train)
    assert test == sorted(test)
    assert test
    if not data.classes:
        assert len(train) >= 1
        return
    counts, train_counts = whole.y.sum(axis=0), data.y.sum(axis=0)
    assert (train_counts[counts > 0] >= 1).all()
    assert (np.abs(data.y_test.sum(axis=0) - counts * spec.test_fraction) <= 1.0 + 1e-9).all()


@given(st.integers(2, 200), st.floats(0.05, 0.95), st.integers(0, 2**40))
def test_the_split_of_a_regression_has_the_size_asked_for(rows: int, fraction: float, seed: int) -> None:
    data = split(DataSpec(generator="plane", samples=rows, test_fraction=fraction), seed)
    if data is None:
        assert rows * fraction <= 0.5
        return
    assert len(data.x_test) == min(round(rows * fraction), rows - 1)
    assert len(data.x) + len(data.x_test) == rows


@given(st.integers(0, 2**40))
@settings(max_examples=20)
def test_same_seed_same_bits_other_seed_other_split(seed: int) -> None:
    assert bits(load_data(IRIS, seed, DATA)) == bits(load_data(IRIS, seed, DATA))
    assert bits(load_data(IRIS, seed, DATA)) != bits(load_data(IRIS, seed + 1, DATA))


def test_a_test_part_does_not_change_the_rows() -> None:
    spec = DataSpec(generator="spiral", samples=50, noise=0.1)
    whole, parts = load_data(spec, 3, None), load_data(replace(spec, test_fraction=0.4), 3, None)
    assert sorted(rows_of(whole.points, whole.y)) == sorted(
        rows_of(parts.points, parts.y) + rows_of(parts.points_test, parts.y_test)
    )


@pytest.mark.parametrize("fraction", [0.0, 0.4])
@pytest.mark.parametrize("features", [(), tuple(FEATURES)])
@given(st.integers(0, 2**40))
@settings(max_examples=20)
def test_standardised_training_inputs_have_mean_0_and_deviation_1(
    fraction: float, features: tuple[str, ...], seed: int
) -> None:
    spec = DataSpec(generator="circles", samples=40, standardize=True, test_fraction=fraction, features=features)
    data = load_data(spec, seed, None)
    assert data.x.mean(axis=0) == pytest.approx(0.0, abs=1e-12)
    assert data.x.std(axis=0) == pytest.approx(1.0, abs=1e-12)
    assert network_inputs(data, data.points).tobytes() == data.x.tobytes()
    assert network_inputs(data, data.points_test).tobytes() == data.x_test.tobytes()


def test_standardisation_is_fitted_on_the_training_part_alone() -> None:
    data = load_data(IRIS, 1, DATA)
    assert data.x_mean.tobytes() == data.points.mean(axis=0).tobytes()
    assert data.x_scale.tobytes() == data.points.std(axis=0).tobytes()
    assert np.abs(data.x_test.mean(axis=0)).max() > 1e-3


@pytest.mark.parametrize("value", [0.0, 0.1, 1e-300, 1e300])
def test_a_constant_column_becomes_0(value: float) -> None:
    rows = tuple((value, float(i)) for i in range(7))
    data = load_data(DataSpec(inputs=rows, targets=tuple((0.5,) for _ in rows), standardize=True), 0, None)
    assert data.x[:, 0].tolist() == [0.0] * 7
    assert data.x_scale[0] == 1.0


@pytest.mark.filterwarnings("error")
def test_numbers_that_overflow_are_refused_without_a_warning() -> None:
    huge = DataSpec(inputs=((1.7e308, 1.0), (-1.7e308, 1.0)), targets=((0.0,), (1.0,)))
    assert "data.standardize:" in refusal(replace(huge, standardize=True))
    assert "data.features: x1^2 overflows in row 1" in refusal(replace(huge, features=("x2", "x1^2")))


def test_the_arrays_cannot_be_written_to() -> None:
    data = load_data(IRIS, 0, DATA)
    for array in (data.x, data.y, data.x_test, data.y_test, data.points, data.x_mean, data.x_scale):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


SALARIES = DataSpec(
    inputs=tuple((float(years),) for years in range(10)),
    targets=tuple((40000.0 + 9000.0 * years, 2.5) for years in range(10)),
    standardize_target=True,
)


@pytest.mark.parametrize("fraction", [0.0, 0.3])
def test_standardised_targets_have_mean_0_and_deviation_1_on_the_training_part(fraction: float) -> None:
    data = load_data(replace(SALARIES, test_fraction=fraction), 3, None)
    raw = load_data(replace(SALARIES, test_fraction=fraction, standardize_target=False), 3, None)
    assert data.y[:, 0].mean() == pytest.approx(0.0, abs=1e-12)
    assert data.y[:, 0].std() == pytest.approx(1.0)
    assert data.y_mean.tolist() == [raw.y[:, 0].mean(), 2.5]
    assert data.y_scale.tolist() == [raw.y[:, 0].std(), 1.0]  # a constant target is not scaled
    assert data.y[:, 1].tolist() == [0.0] * len(data.y)
    assert data.y_test.tolist() == ((raw.y_test - data.y_mean) / data.y_scale).tolist()
    assert (data.targets.tolist(), data.targets_test.tolist()) == (raw.y.tolist(), raw.y_test.tolist())
    assert not data.y.flags.writeable and not data.targets.flags.writeable


def test_targets_keep_their_values_without_standardisation() -> None:
    data = load_data(replace(SALARIES, standardize_target=False), 0, None)
    assert data.y.tolist() == [list(row) for row in SALARIES.targets or ()]
    assert data.y_mean.size == data.y_scale.size == data.targets.size == data.targets_test.size == 0


@pytest.mark.parametrize(
    "spec",
    [
        XOR,
        DataSpec(generator="circles", samples=40),
        DataSpec(csv="iris.csv", target="species"),
        DataSpec(inputs=((0,), (1,)), targets=((1, 1), (0, 1))),
    ],
    ids=["table", "generator", "csv", "several labels"],
)
def test_targets_that_are_classes_are_not_standardised(spec: DataSpec) -> None:
    text = refusal(replace(spec, standardize_target=True), DATA)
    assert "data.standardize_target: only targets that are numbers can be standardised" in text


def test_targets_that_overflow_are_not_standardised() -> None:
    huge = DataSpec(inputs=((0,), (1,)), targets=((1.5e308,), (-1.5e308,)), standardize_target=True)
    assert "data.standardize_target: the targets are too large to standardise" in refusal(huge)


@pytest.mark.parametrize("value", [0.1, None], ids=["constant", "varied"])
def test_a_filled_in_number_is_exactly_0_when_standardised(tmp_path: Path, value: float | None) -> None:
    rng = np.random.default_rng(3)
    rows = [f"{value or rng.uniform(0, 80):.3f},{rng.uniform():.2f},{index % 2}" for index in range(40)]
    for index in (2, 5, 11, 14, 19, 22, 27, 30):
        rows[index] = "," + rows[index].partition(",")[2]
    (tmp_path / "gaps.csv").write_text("age,fare,y\n" + "\n".join(rows) + "\n")
    spec = DataSpec(csv="gaps.csv", target="y", options=TableOptions(), standardize=True, test_fraction=0.3)
    data = load_data(spec, 1, tmp_path)
    for x in (data.x, data.x_test):
        assert set(x[x[:, 1] == 1.0, 0].tolist()) <= {0.0}
    assert (data.x[:, 1] == 1.0).any() and (data.x_test[:, 1] == 1.0).any()
    assert typed_rows(data, [["", ""]]).x[0].tolist() == [0.0, 1.0, 0.0]  # also where the table has no gap
    assert np.array_equal(network_inputs(data, data.points), data.x)
    assert set(data.x[:, 0].tolist()) == {0.0} if value else data.x[:, 0].std() == pytest.approx(1.0)
