"""Tests of the table of samples: exact text, fixed columns, blank predictions, and the marked sample in view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.spec import Array
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.sample_columns import TableSamples
from nn_tui.tui.draw.sample_table import draw_sample_table, layout_sample_table, sample_at
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_names, any_values, assert_size, lines

XOR = TableSamples(
    input_names=("x₁", "x₂"),
    inputs=np.array([[0.0, 0.0], [0.0, 1.0]]),
    output_names=("1",),
    target_names=("y",),
    prediction_names=("ŷ",),
    error_names=("ŷ−y",),
    targets=np.array([[0.0], [1.0]]),
    predictions=np.array([[0.1], [0.25]]),
)
TWO_OUTPUTS = TableSamples(
    input_names=("x₁", "x₂"),
    inputs=np.array([[0.05, 0.1], [0.05, 0.2]]),
    output_names=("1", "2"),
    target_names=("y₁", "y₂"),
    prediction_names=("ŷ₁", "ŷ₂"),
    error_names=("ŷ₁−y₁", "ŷ₂−y₂"),
    targets=np.array([[0.01, 0.99], [0.02, 0.98]]),
    predictions=np.array([[0.74, 0.78], [0.75, 0.79]]),
)
FLOWER = ("sepal_length_in_cm", "sepal_width_in_cm", "petal_length_in_cm")


def samples(inputs: Array, names: tuple[str, ...]) -> TableSamples:
    """Return samples with a single target of 0 and no prediction."""
    return replace(XOR, input_names=names, inputs=inputs, targets=np.zeros((len(inputs), 1)), predictions=None)


def headings(table: TableSamples, width: int, palette: Palette = DARK) -> list[str]:
    return lines(draw_sample_table(table, palette, width, 8, cursor=0))[0].split()


def test_truth_table_exactly() -> None:
    assert lines(draw_sample_table(XOR, DARK, 30, 3, cursor=1)) == [
        "  x₁  x₂  y      ŷ    ŷ−y     ",
        "   0   0  0   0.10  +0.10     ",
        "▸  0   1  1   0.25  −0.75     ",
    ]


def test_ascii_spells_the_prediction_as_it_is_typed() -> None:
    assert headings(XOR, 40, ASCII) == ["x1", "x2", "y", "yhat", "yhat-y"]


def test_the_columns_stay_when_the_predictions_come_and_with_more_digits() -> None:
    for width in range(8, 50):
        without = headings(replace(XOR, predictions=None), width)
        assert headings(XOR, width) == without
        more = lines(draw_sample_table(XOR, DARK, width, 8, cursor=0, digits=6))[0].split()
        assert more == without


def test_as_many_decimals_as_fit_are_shown() -> None:
    texts = [lines(draw_sample_table(XOR, DARK, width, 8, cursor=0, digits=4))[1] for width in (22, 28, 34)]
    assert ["0.10 " in texts[0], "0.1000" in texts[1], "0.1000" in texts[2]] == [True, True, True]


def test_several_outputs_are_columns_or_lines() -> None:
    assert headings(TWO_OUTPUTS, 60) == ["x₁", "x₂", "y₁", "ŷ₁", "ŷ₁−y₁", "y₂", "ŷ₂", "ŷ₂−y₂"]
    assert lines(draw_sample_table(TWO_OUTPUTS, DARK, 35, 9, cursor=0))[:5] == [
        "    x₁    x₂  k     y      ŷ    ŷ−y",
        "▸ 0.05  0.10  1  0.01   0.74  +0.73",
        "              2  0.99   0.78  −0.21",
        "  0.05  0.20  1  0.02   0.75  +0.73",
        "              2  0.98   0.79  −0.19",
    ]


def test_where_the_inputs_do_not_fit_the_rows_have_numbers() -> None:
    table = samples(np.array([[0.1, 0.2, 0.3, 0.5]] * 3 + [[0.1, 0.2, 0.3, 0.6]]), ("a", "b", "c", "d"))
    drawn = lines(draw_sample_table(table, DARK, 28, 8, cursor=3))
    assert drawn[0].split() == ["row", "a", "…", "y", "ŷ", "ŷ−y"]
    assert [line.split("0.1")[0].split()[-1] for line in drawn[1:5]] == ["1", "2", "3", "4"]


def test_a_single_sample_needs_no_inputs_to_be_found() -> None:
    one = replace(
        TWO_OUTPUTS,
        inputs=np.array([[0.05, 0.1]]),
        targets=np.array([[0.01, 0.99]]),
        predictions=np.array([[0.7, 0.8]]),
    )
    assert headings(one, 27) == ["k", "y", "ŷ", "ŷ−y"]
    assert headings(one, 34) == ["x₁", "x₂", "k", "y", "ŷ", "ŷ−y"]


def test_long_names_of_inputs_are_shortened_together() -> None:
    table = samples(np.array([[5.1, 3.5, 1.4], [4.9, 3.0, 1.3]]), FLOWER)
    assert headings(table, 90)[:3] == list(FLOWER)
    assert headings(table, 45)[:3] == ["sep_le", "sep_wi", "pet_le"]


def test_a_table_without_predictions_is_blank_there_and_keeps_the_cursor_in_view() -> None:
    table = samples(np.arange(50.0)[:, None], ("x",))
    text = lines(draw_sample_table(table, DARK, 40, 6, cursor=30))
    assert any(line.startswith("▸") and "30" in line for line in text)
    assert "·" in text[2] and text[-1].strip() == "more: 28 above, 18 below"


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM, digits=st.integers(2, 6))
def test_any_table_shows_its_marked_sample_and_no_column_twice(
    width: int, height: int, palette: Palette, rng: np.random.Generator, digits: int
) -> None:
    outputs, count = int(rng.integers(1, 12)), int(rng.integers(1, 30))
    inputs, cursor = int(rng.integers(1, 8)), int(rng.integers(0, count))
    names = tuple(any_names(rng, outputs))
    table = TableSamples(
        input_names=tuple(f"column_{k}_of_{inputs}" for k in range(inputs)),
        inputs=any_values(rng, count, inputs),
        output_names=names,
        target_names=tuple(f"y {k}" for k in range(outputs)),
        prediction_names=tuple(f"ŷ {k}" for k in range(outputs)),
        error_names=tuple(f"ŷ−y {k}" for k in range(outputs)),
        targets=any_values(rng, count, outputs),
        predictions=any_values(rng, count, outputs),
    )
    strips = draw_sample_table(table, palette, width, height, cursor=cursor, digits=digits)
    assert_size(strips, palette, width, height)
    headings = [column.name for column in layout_sample_table(table, palette, width, digits).columns]
    assert len(set(headings)) == len(headings)
    marked = [k for k, line in enumerate(strips) if line.crop(0, 1).text == palette.glyphs.arrow]
    if height >= 3:
        assert [sample_at(table, palette, width, height, cursor, k) for k in marked] == [cursor]
