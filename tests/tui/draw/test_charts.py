"""Tests of charts as text, with any data and size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import itemgetter
from typing import Literal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nn_tui.tui.draw.canvas import draw_message
from nn_tui.tui.draw.chart_layout import ChartLayout, layout_chart
from nn_tui.tui.draw.charts import EMPTY_MESSAGE, draw_chart
from nn_tui.tui.draw.glyphs import ASCII as GLYPHS
from nn_tui.tui.draw.glyphs import UNICODE
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.plotext_raster import downsample
from nn_tui.tui.draw.series import Series
from tests.tui.draw._drawing import ASCII, DARK, assert_size, lines


def test_a_straight_line_between_labelled_axes() -> None:
    assert lines(draw_chart([Series("train", [0, 1, 2, 3], [0, 1, 2, 3])], ASCII, 24, 8)) == [
        " |                     *",
        " |                  *** ",
        "2+              ****    ",
        " |       *******        ",
        " |    ***               ",
        "0+****                  ",
        " +----------------------",
        "  0             2      3",
    ]


def test_more_than_one_series_has_a_legend_with_a_shape_each() -> None:
    strips = draw_chart([Series("train", [0, 1], [1, 0]), Series("test", [0, 1], [2, 1], "test")], DARK, 40, 10)
    head = lines(strips)[0]
    assert "● train" in head and "▲ test" in head
    body = "".join(lines(strips)[1:])
    assert "●" in body and "▲" in body


def test_one_measurement_is_a_mark_that_the_legend_names_and_not_a_dot() -> None:
    drawn = lines(draw_chart([Series("train", [0.0], [1.0], value="1.0")], DARK, 40, 10))
    assert "● train" in drawn[0] and "".join(drawn[1:]).count("●") == 1
    two = lines(draw_chart([Series("train", [0.0], [1.0]), Series("test", [0.0], [2.0])], DARK, 40, 10))
    assert "".join(two[1:]).count("●") == "".join(two[1:]).count("▲") == 1
    assert "●" not in "".join(lines(draw_chart([Series("train", [0, 1], [1, 0], value="0.0")], DARK, 40, 10)))


def test_the_marks_that_tell_curves_apart_stand_on_their_points() -> None:
    first, second = Series("train", [0, 1, 2], [3, 0, 1]), Series("test", [0, 2], [4, 2], "test")
    frame = layout_chart([first, second], DARK, 60, 12)
    drawn = lines(draw_chart([first, second], DARK, 60, 12))
    for shape, one in (("●", first), ("▲", second)):
        spots = [(x, y) for y, line in enumerate(drawn[1:], 1) for x, char in enumerate(line) if char == shape]
        found = [frame.nearest(one.x, one.y, x, y) for x, y in spots]
        assert len(found) == len(set(found)) and set(found) == {*range(np.size(one.x))}


def of_two_runs(*names: str) -> list[Series]:
    """Return curves of run A and of run B."""
    return [
        Series(f"{group} {name}", [0, 1], [k, 1], group=group, short_name=short_name(name))
        for group in "AB"
        for k, name in enumerate(names)
    ]


def short_name(name: str) -> str:
    """Return a shorter name of a curve."""
    return {"this batch": "batch", "train set": "train", "test set": "test"}[name]


def test_a_legend_with_no_room_for_every_curve_names_those_of_two_runs_once() -> None:
    six = of_two_runs("this batch", "train set", "test set")
    assert lines(draw_chart(six, DARK, 38, 6))[0].strip() == "A ●▲■  B ◆○△  batch, train, test"
    wide = lines(draw_chart(six, DARK, 100, 6))[0]
    assert all(one.name in wide for one in six), "where there is room every curve has its name"
    unlike = [*of_two_runs("train set"), Series("B penalty", [0, 1], [1, 1], group="B", short_name="penalty")]
    assert "A ● " not in lines(draw_chart(unlike, DARK, 30, 6))[0], "which mark is which would not be said"


def test_points_are_drawn_over_their_line() -> None:
    x = np.linspace(0, 1, 50)
    strips = draw_chart(
        [Series("network", x, x), Series("train", [0.25, 0.75], [0.25, 0.75], kind="points", marker="@")], DARK, 40, 12
    )
    assert "".join(lines(strips)[1:]).count("@") == 2


def test_an_empty_chart_explains_why() -> None:
    assert "Nothing measured yet." in "".join(lines(draw_chart([], DARK, 40, 3)))
    only_nan = [Series("train", [0, 1], [np.nan, np.inf])]
    assert "Nothing measured yet" in "".join(lines(draw_chart(only_nan, DARK, 40, 3)))
    negative = [Series("train", [0, 1], [-1.0, 0.0])]
    assert "log scale" in "".join(lines(draw_chart(negative, DARK, 60, 3, log=True)))


def test_a_gap_stays_a_gap() -> None:
    y = np.ones(40)
    y[18:22] = np.nan
    row = max(lines(draw_chart([Series("train", np.arange(40), y)], ASCII, 42, 8)), key=lambda t: t.count("*"))
    left, right = row.index("*"), row.rindex("*")
    assert "   " in row[left:right]


def test_a_log_scale_draws_values_of_0_and_below_on_a_line_of_their_own() -> None:
    text = lines(draw_chart([Series("loss", [0, 1, 2], [1.0, 0.0, 0.01])], ASCII, 40, 12, log=True))
    bottom = next(line for line in text if "<=0" in line)
    assert "*" in bottom
    assert any(line.lstrip().startswith("1+") for line in text)


def test_a_constant_is_labelled_with_itself() -> None:
    text = lines(draw_chart([Series("loss", [0, 1, 2], [0.125] * 3)], ASCII, 40, 9))
    assert [line for line in text if "0.125" in line and "****" in line]


def test_the_cursor_stands_at_its_x() -> None:
    text = lines(draw_chart([Series("loss", [0, 10], [1, 0])], DARK, 43, 12, cursor=5.0))
    layout = layout_chart([Series("loss", [0, 10], [1, 0])], DARK, 43, 12, cursor=5.0)
    column = layout.column_of(5.0)
    assert column == layout.columns // 2
    assert {line.index("╎") for line in text if "╎" in line} == {layout.left + column}


def test_the_guide_stands_at_its_y_and_the_axis_includes_it() -> None:
    text = lines(draw_chart([Series("ratio", [0, 10], [1, 1])], ASCII, 43, 12, guide=3.0))
    layout = layout_chart([Series("ratio", [0, 10], [1, 1])], ASCII, 43, 12, guide=3.0)
    row = layout.top + layout.row_of(float(layout.y.fraction(3.0)))
    assert [y for y, line in enumerate(text) if line.endswith("-" * layout.columns)] == [row, layout.top + layout.rows]
    assert row < next(y for y, line in enumerate(text) if "****" in line)


def test_stems_join_two_values_of_an_x() -> None:
    text = lines(draw_chart([Series("f", [0, 2], [0, 4])], ASCII, 43, 12, stems=[(1.0, 3.5, 2.1)]))
    layout = layout_chart([Series("f", [0, 2], [0, 4])], ASCII, 43, 12)
    column = layout.column_of(1.0)
    assert column is not None
    assert [line[layout.left + column] for line in text].count("|") in (2, 3, 4)


def test_extreme_values_keep_whole_labels() -> None:
    assert "1e308" in "".join(lines(draw_chart([Series("a", [0, 1], [1e308, -1e308])], ASCII, 40, 12)))
    assert "2e-9" in "".join(lines(draw_chart([Series("a", [0, 1, 2], [1e-9, 3e-9, 2e-9])], ASCII, 40, 12)))


def test_buckets_keep_the_outline_and_the_order() -> None:
    x = np.arange(10_000.0)
    y = np.sin(x / 50)
    y[4321], y[8765] = 50.0, -60.0
    bx, by = downsample(x, y, 30)
    assert len(bx) <= 60
    assert by.max() == 50.0 and by.min() == -60.0
    assert (np.diff(bx) > 0).all()


def test_a_run_without_any_number_is_one_gap() -> None:
    y = np.ones(1000)
    y[400:600] = np.nan
    _, by = downsample(np.arange(1000.0), y, 20)
    assert np.isnan(by).any() and np.isfinite(by[[0, -1]]).all()


VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, -1.0, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308]),
)


def is_drawn(drawn: list[str], layout: ChartLayout, x: float, y: float) -> bool:
    """Return whether a line or a marker is drawn at a point or in a cell next to it."""
    column, fraction = layout.column_of(x), float(layout.y.fraction(y))
    assert column is not None
    middle = layout.row_of(fraction)
    near = [
        drawn[layout.top + row][layout.left + k]
        for row in range(max(0, middle - 1), min(layout.rows, middle + 2))
        for k in range(max(0, column - 1), min(layout.columns, column + 2))
    ]
    return bool(set(near) - {" ", UNICODE.vline_dash, GLYPHS.vline_dash})


def extremes(x: Sequence[float], y: Sequence[float]) -> list[tuple[float, float]]:
    """Return the lowest and the highest point that can be drawn."""
    points = [(a, b) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)]
    return [min(points, key=itemgetter(1)), max(points, key=itemgetter(1))] if points else []


@given(
    ys=st.lists(st.lists(VALUES, max_size=30), max_size=3),
    width=st.integers(1, 70),
    height=st.integers(1, 20),
    log=st.booleans(),
    cursor=st.none() | VALUES,
    ascii_only=st.booleans(),
    kind=st.sampled_from(["line", "points"]),
)
def test_the_extremes_of_any_numbers_are_drawn_in_any_size(
    ys: list[list[float]],
    width: int,
    height: int,
    log: bool,
    cursor: float | None,
    ascii_only: bool,
    kind: Literal["line", "points"],
) -> None:
    series = [Series(f"s{k}", np.arange(len(y)), np.array(y, dtype=float), kind=kind) for k, y in enumerate(ys)]
    palette = get_palette("dark", ascii=ascii_only)
    strips = draw_chart(series, palette, width, height, log=log, cursor=cursor)
    assert_size(strips, palette, width, height)
    drawn = lines(strips)
    assert not ascii_only or "".join(drawn).isascii()
    points = [point for y in ys for point in extremes(range(len(y)), y)]
    if not points:
        assert drawn == lines(draw_message(EMPTY_MESSAGE, palette, width, height))
    elif not log or any(y > 0 for _, y in points):
        layout = layout_chart(series, palette, width, height, log=log, cursor=cursor)
        assert all(is_drawn(drawn, layout, x, y) for x, y in points)


@example(xs=[0.0, 0.0, math.inf], width=1, height=3)
@given(xs=st.lists(VALUES, min_size=1, max_size=5), width=st.integers(1, 50), height=st.integers(1, 15))
def test_the_extremes_are_drawn_for_any_x(xs: list[float], width: int, height: int) -> None:
    x = np.sort(xs)
    series = [Series("a", x, np.arange(len(xs)))]
    strips = draw_chart(series, DARK, width, height)
    assert_size(strips, DARK, width, height)
    points = extremes(x.tolist(), range(len(xs)))
    if points:
        layout = layout_chart(series, DARK, width, height)
        assert all(is_drawn(lines(strips), layout, x, y) for x, y in points)
    else:
        assert lines(strips) == lines(draw_message(EMPTY_MESSAGE, DARK, width, height))


@given(
    st.integers(1, 40),
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=2, max_size=6, unique=True),
)
def test_a_point_is_found_at_the_cell_that_it_is_drawn_in(
    width: int, height: int, points: list[tuple[float, float]]
) -> None:
    xs, ys = zip(*points, strict=True)
    series = [Series("points", xs, ys, kind="points", marker="@")]
    frame = layout_chart(series, ASCII, width, height)
    drawn = {
        (x, y) for y, line in enumerate(lines(draw_chart(series, ASCII, width, height))) for x, c in enumerate(line)
        if c == "@"
    }  # fmt: skip
    assert drawn
    for x, y in drawn:
        found = frame.nearest(xs, ys, x, y)
        assert found is not None
        # No other is drawn nearer: a point alone answers in its own cell, and in the eight around it.
        alone = [(a, b) for a in range(-1, width + 1) for b in range(-1, height + 1)
                 if frame.nearest([xs[found]], [ys[found]], a, b) is not None]  # fmt: skip
        own = (sum(a for a, _ in alone) / len(alone), sum(b for _, b in alone) / len(alone))
        assert own == (x, y)


def test_a_narrow_legend_names_every_curve_with_its_value() -> None:
    curves = [
        Series(name, [0.0, 1.0], [1.0, 2.0], value="2.7522", short_name=short_name(name))
        for name in ("this batch", "train set", "test set")
    ]
    shown = [strip.text.strip() for strip in draw_chart(curves, DARK, 32, 7)]
    assert shown[:2] == ["● batch 2.7522  ▲ train 2.7522", "■ test 2.7522"]
    lowest = draw_chart(curves, DARK, 32, 5)[0].text
    assert all(name in lowest for name in ("batch", "train", "test"))


@pytest.mark.parametrize(("end", "width", "has_label"), [(227, 60, True), (203, 60, False), (200, 60, True)])
def test_the_last_update_has_a_label_where_there_is_room(end: int, width: int, has_label: bool) -> None:
    updates = np.arange(end + 1.0)
    last = draw_chart([Series("loss", updates, updates)], DARK, width, 12)[-1].text.split()
    assert (last[-1] == str(end)) == has_label
    assert len(last) == len(set(last))
