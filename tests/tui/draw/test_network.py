"""Tests of the network drawing: positions, omissions, and any network in any size."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.number_text import fmt
from nn_tui.core.spec import Array
from nn_tui.tui.draw.network import draw_network, unit_at
from nn_tui.tui.draw.network_layout import gap_between, layout_network
from nn_tui.tui.draw.network_view import NetworkSelection, NetworkView
from nn_tui.tui.draw.palette import Palette, get_palette
from tests.tui.draw._drawing import ASCII, DARK, assert_size, lines


def net(*sizes: int, selected: NetworkSelection = None, known: bool = True) -> NetworkView:
    rng = np.random.default_rng(0)
    return NetworkView(
        sizes=sizes,
        input_names=tuple(f"x{k + 1}" for k in range(sizes[0])),
        output_names=tuple(f"y{k + 1}" for k in range(sizes[-1])),
        values=tuple(rng.normal(size=n) if known or not k else None for k, n in enumerate(sizes)),
        edges=tuple(rng.normal(size=(b, a)) for a, b in pairwise(sizes)),
        biases=tuple(rng.normal(size=n) for n in sizes[1:]),
        value_scales=(NumberScale("diverging", 1.0),) * len(sizes),
        edge_scales=(NumberScale("diverging", 1.0),) * (len(sizes) - 1),
        activations=("tanh",) * (len(sizes) - 1),
        selected=selected,
        done=frozenset({1}),
        current=2,
    )


def with_edges(view: NetworkView, *edges: Array) -> NetworkView:
    """Return the view with other edges; the largest of each layer has full colour."""
    scales = tuple(NumberScale("diverging", float(np.abs(weights).max())) for weights in edges)
    return replace(view, edges=edges, edge_scales=scales)


TINY = NetworkView(
    sizes=(1, 1),
    input_names=("x",),
    output_names=("y",),
    values=(np.array([1.0]), np.array([0.75])),
    edges=(np.array([[-2.0]]),),
    biases=(np.array([0.5]),),
    value_scales=(NumberScale("diverging", 1.0), NumberScale("sequential", 1.0)),
    edge_scales=(NumberScale("diverging", 2.0),),
    activations=("sigmoid",),
)


def test_one_neuron_exactly() -> None:
    assert lines(draw_network(TINY, ASCII, 30, 9)) == [
        "inputs               . sigmoid",
        "                              ",
        "                              ",
        "     x                  y     ",
        "[+1.00]==  -2.00 = == =[+0.75]",
        "                       b +0.50",
        "                              ",
        "                              ",
        "w1 -2.00 == --== +2.00        ",
    ]


def _braille(line: str) -> str:
    return "".join(char for char in line if "\u2800" < char <= "\u28ff")


def _dots(text: str) -> int:
    """Return the number of braille dots in a text."""
    return sum((ord(char) - 0x2800).bit_count() for char in _braille(text))


@pytest.mark.parametrize("name", ["mono", "ascii"])
@pytest.mark.parametrize("size", [0.1, 2.0])
@pytest.mark.parametrize("rows", [1, 3])
def test_edges_below_0_are_dashed_where_no_colour_tells_them(name: str, size: float, rows: int) -> None:
    palette = get_palette("dark", ascii=True) if name == "ascii" else get_palette("mono")
    edges = np.full((rows, 1), size)
    edges[-1] = 2.0
    view = net(1, rows)
    above, below = (lines(draw_network(with_edges(view, sign * edges), palette, 40, 16)) for sign in (1.0, -1.0))
    assert above[1:-1] != below[1:-1]
    assert above[-1] == below[-1], "the legend shows both"
    assert ("== --==" if name == "ascii" else "╍╍╌──━━") in above[-1]
    whole, dashed = ("".join(_braille(line) for line in drawn) for drawn in (above, below))
    assert len(dashed) <= 0.75 * len(whole)


def test_colour_needs_no_dashes() -> None:
    view = net(2, 3, 1)
    flipped = replace(view, edges=tuple(None if edges is None else -edges for edges in view.edges))
    drawn = [[_braille(line) for line in lines(draw_network(each, DARK, 60, 20))] for each in (view, flipped)]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("digits", [2, 4])
@pytest.mark.parametrize("value", [-0.0034, 0.0034, -0.5, 7e-05])
def test_small_networks_show_every_value_and_bias_in_the_narrowest_panel(digits: int, value: float) -> None:
    view = net(2, 4, 1)
    values = (view.values[0], np.full(4, value), np.full(1, value))
    biases = (np.full(4, value), np.full(1, value))
    text = "\n".join(lines(draw_network(replace(view, values=values, biases=biases, digits=digits), DARK, 30, 21)))
    assert DARK.glyphs.overflow not in text
    assert len(re.findall(r"\bb ?[−+]\d", text)) == 5


@pytest.mark.parametrize(("width", "height"), [(34, 18), (60, 30)])
def test_every_value_name_and_bias_of_xor_is_there(width: int, height: int) -> None:
    view = net(2, 4, 1)
    text = "\n".join(lines(draw_network(view, DARK, width, height)))
    for values in view.values:
        assert values is not None
        sign = "" if width < 60 and bool((values >= 0).all()) else "+"  # as the values of a sigmoid
        for value in values:
            assert f"{value:{sign}.2f}".replace("-", "−") in text
    for biases in view.biases:
        assert biases is not None
        for bias in biases:
            number = f"{bias:+.2f}".replace("-", "−")
            assert f"b {number}" in text or (width < 60 and f"b{number}" in text)
    for name in ("x1", "x2", "h₁", "h₂", "h₃", "h₄", "y1", "tanh", "inputs"):
        assert name in text


@pytest.mark.parametrize("mode", ["weights", "gradients"])
@pytest.mark.parametrize(
    ("sizes", "width", "height"),
    [((2, 2, 2), 56, 24), ((2, 4, 1), 70, 26), ((3, 2, 1), 56, 24), ((1, 1), 30, 9), ((2, 3, 3, 1), 90, 28)],
)
def test_every_weight_stands_on_its_edge_where_there_is_room(
    sizes: tuple[int, ...], width: int, height: int, mode: Literal["weights", "gradients"]
) -> None:
    for selected in ((1, 0, 0), (1, 0), None):
        view = replace(net(*sizes, selected=selected), mode=mode)
        body = "\n".join(lines(draw_network(view, DARK, width, height))[1:-1])
        for weights in view.edges:
            assert weights is not None
            for weight in weights.ravel():
                assert f" {fmt(weight, 2, width=6, glyphs=DARK.glyphs).strip()} " in body


def test_where_not_every_weight_has_room_those_of_the_selected_unit_stand_on_their_edges() -> None:
    view = net(2, 6, 1, selected=(1, 0))
    body = "\n".join(lines(draw_network(view, DARK, 44, 30))[1:-1])
    assert view.edges[0] is not None
    for weight in view.edges[0][0]:
        assert f" {fmt(weight, 2, width=6, glyphs=DARK.glyphs).strip()} " in body
    assert f" {fmt(view.edges[0][4, 1], 2, width=6, glyphs=DARK.glyphs).strip()} " not in body


ALIKE = replace(
    net(2, 2, 2), digits=4, values=(np.array([0.05, 0.1]), np.array([0.5933, 0.5969]), np.array([-0.751, -0.7729]))
)


@pytest.mark.parametrize("width", range(25, 60))
def test_two_values_of_a_layer_never_read_alike(width: int) -> None:
    assert all(len(set(layer)) == 2 for layer in _value_texts(ALIKE, width))


@pytest.mark.parametrize("width", range(14, 25))
def test_units_are_marks_where_their_values_would_read_alike(width: int) -> None:
    assert "●" in "\n".join(lines(draw_network(ALIKE, DARK, width, 24)))


def _value_texts(view: NetworkView, width: int) -> list[list[str]]:
    layout = layout_network(view, DARK.glyphs, width, 24)
    assert layout is not None
    drawn = lines(draw_network(view, DARK, width, 24))
    return [
        [drawn[unit.row][column.box_x : column.box_x + column.box_width].strip() for unit in column.units]
        for column in layout.columns
    ]


@pytest.mark.parametrize("width", range(22, 40))
@pytest.mark.parametrize("mode", ["weights", "gradients"])
def test_no_bias_stands_between_two_columns(width: int, mode: Literal["weights", "gradients"]) -> None:
    view = replace(net(2, 4, 1), mode=mode, digits=4)
    layout = layout_network(view, DARK.glyphs, width, 21)
    assert layout is not None
    drawn = lines(draw_network(view, DARK, width, 21))[1:-1]
    for left, right in pairwise(layout.columns):
        x, cells = gap_between(left, right)
        between = "".join(line[x : x + cells] for line in drawn)
        assert "b" not in between and "[" not in between and DARK.glyphs.overflow not in between


def test_the_names_of_layers_never_touch() -> None:
    for width in range(12, 60):
        heading = lines(draw_network(net(2, 2, 2), DARK, width, 14))[0]
        assert "h✓" not in heading and "h◉" not in heading and heading.split()[-1] in ("◉", "tanh")


def test_a_number_that_is_not_computed_is_blank() -> None:
    view = net(2, 4, 1, known=False)
    text = "\n".join(lines(draw_network(view, DARK, 34, 18)))
    assert text.count("○") == 5
    assert "●" not in text


def test_units_that_do_not_fit_are_counted_and_the_selected_one_is_shown() -> None:
    view = net(64, 32, 10, selected=(1, 20))
    text = "\n".join(lines(draw_network(view, DARK, 60, 18)))
    assert "h₂₁" in text and "h₃₂" in text and "h₁₉" not in text
    assert "x64" in text and "more" in text
    hidden = [int(part.split(" more")[0]) for part in text.split("⋮ ")[1:]]
    layout_units = sum(hit is not None for hit in _hits(view, 60, 18))
    assert layout_units + sum(hidden) == 64 + 32 + 10


def _hits(view: NetworkView, width: int, height: int) -> set[tuple[int, int]]:
    every = (unit_at(view, DARK, width, height, x, y) for x in range(width) for y in range(height))
    return {hit for hit in every if hit is not None}


def test_the_mouse_finds_the_unit_under_it() -> None:
    view = net(2, 4, 1)
    text = lines(draw_network(view, DARK, 34, 18))
    row = next(y for y, line in enumerate(text) if "h₃" in line)
    assert unit_at(view, DARK, 34, 18, text[row].index("h₃"), row) == (1, 2)
    assert _hits(view, 34, 18) == {(layer, u) for layer, n in enumerate((2, 4, 1)) for u in range(n)}
    assert unit_at(view, DARK, 34, 18, 10, 0) is None
    assert unit_at(view, DARK, 34, 18, -1, 99) is None


def test_a_narrow_deep_net_is_drawn_as_marks() -> None:
    text = "\n".join(lines(draw_network(net(2, 4, 4, 4, 4, 4, 4, 1), DARK, 34, 18)))
    assert text.count("●") == 2 + 4 * 6 + 1


def test_too_many_edges_are_reduced_to_the_strongest_and_said_so() -> None:
    view = net(30, 30, 2)
    text = lines(draw_network(view, DARK, 60, 32))[-1]
    drawn, total = (int(part) for part in text.split("  ")[-1].split(" edges")[0].split(" of "))
    assert total == 30 * 30 + 30 * 2 and 10 <= drawn < 300


def test_selecting_a_unit_lights_its_edges_alone() -> None:
    view = net(2, 2, 1)
    strong = with_edges(view, np.full((2, 2), 5.0), np.full((1, 2), 5.0))
    full = DARK.number_fg(5.0, NumberScale("diverging", 5.0))

    def dots(selected: NetworkSelection) -> int:
        strips = draw_network(replace(strong, selected=selected), DARK, 40, 14)
        edges = [segment for strip in strips[1:-1] for segment in strip if _braille(segment.text)]
        assert {segment.style for segment in edges} == {full}, "the others keep their colour"
        return sum(_dots(segment.text) for segment in edges)

    assert 0 < dots((1, 0, 0)) < dots((1, 0)) < dots(None)


def test_a_selected_weight_is_named_with_its_value() -> None:
    view = replace(TINY, selected=(1, 0, 0))
    assert lines(draw_network(view, DARK, 40, 9))[-1].endswith("x → y −2.00")


def test_gradients_are_labelled_as_gradients() -> None:
    text = lines(draw_network(replace(TINY, mode="gradients"), DARK, 40, 12))
    assert text[-1].startswith("∂L/∂w₁ −2.00")
    assert any("db +0.50" in line for line in text)


SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=9).map(tuple)


@given(
    sizes=SIZES,
    width=st.integers(1, 80),
    height=st.integers(1, 40),
    seed=st.integers(0, 99),
    ascii_only=st.booleans(),
    known=st.booleans(),
    digits=st.integers(0, 6),
    mode=st.sampled_from(["weights", "gradients"]),
)
def test_the_selected_unit_of_any_net_is_found_in_any_size(
    sizes: tuple[int, ...],
    width: int,
    height: int,
    seed: int,
    ascii_only: bool,
    known: bool,
    digits: int,
    mode: Literal["weights", "gradients"],
) -> None:
    rng = np.random.default_rng(seed)
    view = replace(net(*sizes, known=known), digits=digits, mode=mode)
    for array in (*view.edges, *view.biases, *view.values):
        if array is not None:
            array[rng.random(array.shape) < 0.2] = rng.choice([np.nan, np.inf, -np.inf, 0.0, 1e300, -1e-300])
    layer = int(rng.integers(0, len(sizes)))
    unit = int(rng.integers(0, sizes[layer]))
    selected: NetworkSelection = (layer, unit)
    if layer and rng.random() < 0.5:
        selected = (layer, unit, int(rng.integers(0, sizes[layer - 1])))
    finite = [weights[np.isfinite(weights)] for weights in view.edges if weights is not None]
    scales = tuple(NumberScale("diverging", float(np.abs(weights).max(initial=0.0))) for weights in finite)
    view = replace(view, selected=selected, edge_scales=scales)
    palette = get_palette("mono" if seed % 2 else "dark", ascii=ascii_only)
    assert_size(draw_network(view, palette, width, height), palette, width, height)
    if width > 12 * len(sizes) and height > 3:
        hits = {unit_at(view, palette, width, height, x, y) for x in range(width) for y in range(height)}
        assert (layer, unit) in hits


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_every_cell_stands_on_the_palettes_own_ground(name: str) -> None:
    palette = get_palette(name)
    for width in (20, 34, 60):
        for strip in draw_network(net(2, 16, 16, 1), palette, width, 24):
            assert all(segment.style is not None and segment.style.bgcolor is not None for segment in strip)


def test_names_that_differ_only_at_the_end_are_shortened_differently() -> None:
    view = replace(net(2, 3, 1), input_names=("sepal_length", "sepal_width"))
    text = "\n".join(lines(draw_network(view, DARK, 30, 21)))
    assert "sep_le" in text and "sep_wi" in text


def test_a_legend_of_nothing_but_zeros_says_so() -> None:
    view = with_edges(replace(net(2, 1, selected=(1, 0, 1)), mode="gradients"), np.zeros((1, 2)))
    assert lines(draw_network(view, DARK, 60, 14))[-1].startswith("∂L/∂w₁: all 0 ")
    assert lines(draw_network(view, DARK, 60, 14))[-1].endswith("x2 → y1 ∂L/∂w  0.00")


@pytest.mark.parametrize("name", ["dark", "light", "contrast", "ansi"])
@pytest.mark.parametrize("value", [0.01, -0.01, 0.0])
def test_a_selected_weight_is_a_heavy_line_in_its_colour_however_small_it_is(name: str, value: float) -> None:
    palette = get_palette(name)
    edges = np.full((2, 2), 1.0)
    edges[1, 1] = value
    view = with_edges(net(2, 2, selected=(1, 1, 1)), edges)
    drawn = [segment for strip in draw_network(view, palette, 60, 14)[1:-1] for segment in strip]
    own = palette.number_fg(value, view.edge_scales[0])
    lit = "".join(segment.text for segment in drawn if segment.style == own and _braille(segment.text))
    others = "".join(segment.text for segment in drawn if segment.style != own and _braille(segment.text))
    assert len(lit) >= 20
    assert _dots(lit) >= 4 * len(lit) > 4 * _dots(others) / len(others)


def test_crossing_lines_are_left_out_where_ascii_could_not_show_them() -> None:
    narrow, wide = (lines(draw_network(net(2, 4, 1, selected=(1, 1)), ASCII, width, 20)) for width in (30, 60))
    assert narrow[-1].endswith("3 of 12 edges") and "edges" not in wide[-1]


def test_a_flat_drawing_has_the_weights_into_a_unit_below_each_other() -> None:
    view = net(2, 4, 1)
    text = "\n".join(lines(draw_network(view, DARK, 78, 11)))
    for value in np.concatenate([weights.ravel() for weights in view.edges if weights is not None]).tolist():
        assert fmt(value, 2, width=6, glyphs=DARK.glyphs).strip() in text


@pytest.mark.parametrize("palette", [DARK, ASCII], ids=["dark", "ascii"])
def test_a_narrow_drawing_has_the_weights_into_a_unit_below_each_other(palette: Palette) -> None:
    weights = np.array([[0.71, -0.15], [0.73, 0.99], [-0.67, -0.58], [-0.09, 0.08]]), np.array([[0.1, 0.2, 0.3, -0.4]])
    view = replace(with_edges(net(2, 4, 1), *weights), integer_inputs=True, values=(np.array([1.0, 0.0]), None, None))
    layout = layout_network(view, palette.glyphs, 35, 21)
    assert layout is not None
    drawn = lines(draw_network(view, palette, 35, 21))
    for left, right in pairwise(layout.columns):
        x, cells = gap_between(left, right)
        for unit in right.units:
            stack = [drawn[row][x : x + cells] for row in range(unit.row - len(left.units) + 1, unit.row + 1)]
            shown = [fmt(value, 2, glyphs=palette.glyphs) for value in weights[right.layer - 1][unit.index]]
            assert [line[-5:] for line in stack] == shown


def test_inputs_that_are_integers_have_no_decimals() -> None:
    view = replace(TINY, integer_inputs=True)
    assert _value_texts(view, 30)[0] == ["1"]


@pytest.mark.parametrize("mode", ["weights", "gradients"])
@pytest.mark.parametrize(("sizes", "width"), [((2, 2, 2), 34), ((2, 4, 1), 34), ((2, 2, 1), 34)])
def test_every_weight_stands_on_its_edge_in_a_terminal_of_100_columns(
    sizes: tuple[int, ...], width: int, mode: Literal["weights", "gradients"]
) -> None:
    view = replace(net(*sizes, selected=(1, 0, 0)), mode=mode)
    values = tuple(None if each is None else abs(each) for each in view.values)
    view = replace(view, values=values, integer_inputs=sizes[1] == 4)
    body = "\n".join(lines(draw_network(view, DARK, width, 16))[1:-1])
    for weights in view.edges:
        assert weights is not None
        for weight in weights.ravel():
            assert fmt(weight, 2, width=5, glyphs=DARK.glyphs).strip() in body
