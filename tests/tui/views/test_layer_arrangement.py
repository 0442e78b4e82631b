"""Tests of the arrangement of the layer view: one order of the blocks, all of them in reach, and none drawn half."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.refs import Quantity, QuantityKey, Ref
from nn_tui.core.spec import Experiment, LayerSpec, OptimizerSpec, TrainingSpec
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell, MatrixLayout
from nn_tui.tui.draw.matrix_navigation import adjacent_cell, is_drawn, scroll_lines, scroll_to_cell
from nn_tui.tui.session.session import Session, new_session, select
from nn_tui.tui.views import layer
from nn_tui.tui.views.block_properties import block_title
from nn_tui.tui.views.layer_arrangement import BandPlan, LayerGeometry, arrange, block_width
from tests._app import DARK, AppTester, experiment, in_app
from tests._explanations import build
from tests._moves import session_after_passes
from tests.tui.draw._matrix import locate_cell
from tests.tui.views._printed import state_titles, with_optimizer

M, V = "m of W₁ 1×2 old m of b₁", "v of W₁ 1×2 old v of b₁"
STEP = "ΔW₁ 8×1 Δb₁ 8 W₁′ 8×1 b₁′ 8"
OLD, NEW, OLD_V = "m of W₁ m of b₁", "m′ of W₁ m′ of b₁", "v of W₁ v of b₁ v′ of W₁ v′ of b₁"
NEW_M, NEW_V = "m′ of W₁ 1×2 m′ of b₁", "v′ of W₁ 1×2 v′ of b₁"

ORDER = (
    "x", "w", "b", "z", "a", "y", "term", "dw", "db", "dz", "da", "slope", "step_w", "step_b", "w′", "b′",
    "state_w m", "state_b m", "state_w′ m", "state_b′ m", "state_w v", "state_b v", "state_w′ v", "state_b′ v", "dx",
)  # fmt: skip
"""The order of the blocks of a layer."""

EXERCISE = build(
    ((1.0, 0.0, 1.0),),
    ((1.0,),),
    (
        LayerSpec(2, "sigmoid", weights=((0.2, 0.4, -0.5), (-0.3, 0.1, 0.2)), bias=(-0.4, 0.2)),
        LayerSpec(1, "sigmoid", weights=((-0.3, -0.2),), bias=(0.1,)),
    ),
    TrainingSpec(optimizer=OptimizerSpec("sgd", 0.9), batch_size=1),
)
"""The 3-2-1 network of a text book's exercise."""


@st.composite
def geometries(draw: st.DrawFn) -> LayerGeometry:
    sizes = draw(st.lists(st.integers(1, 40), min_size=2, max_size=5))
    count = len(sizes) - 1
    return LayerGeometry(
        sizes=tuple(sizes),
        has_slope=tuple(draw(st.lists(st.booleans(), min_size=count, max_size=count))),
        slots=draw(st.sampled_from(((), ("m",), ("m", "v")))),
        gutters=tuple(draw(st.lists(st.integers(3, 13), min_size=count, max_size=count))),
        pitch=draw(st.sampled_from((7, 8, 9, 10, 11, 25, 26))),
        target=10,
    )


@st.composite
def networks(draw: st.DrawFn) -> Experiment:
    """Draw an experiment with matrices of many sizes, with or without state of the optimiser."""
    inputs, *units = draw(st.lists(st.integers(1, 16), min_size=2, max_size=4))
    layers = tuple(LayerSpec(count, "tanh") for count in units)
    optimizer = OptimizerSpec(draw(st.sampled_from(("sgd", "adam"))), 0.1)
    rows = draw(st.sampled_from((1, 4, 20)))
    table, targets = ((0.5,) * inputs,) * rows, ((0.25,) * units[-1],) * rows
    return build(table, targets, layers, TrainingSpec(optimizer=optimizer))


def name(key: BlockKey) -> str:
    array = key.array
    if key.is_input:
        return "x"
    return f"{array.quantity}{'′' if array.after else ''} {array.slot}".strip()


def blocks(layout: MatrixLayout) -> list[BlockKey]:
    return [placed.block.key for band in layout.bands for placed in band.blocks]


def in_order(keys: list[BlockKey]) -> bool:
    """Return whether the blocks of each layer have the fixed order, and the layers, too."""
    places = [(key.layer + key.is_input, ORDER.index(name(key))) for key in keys]
    return places == sorted(places)


@given(geometries(), st.integers(0, 3), st.integers(40, 200), st.integers(1, 60))
def test_the_order_of_blocks_depends_on_neither_width_nor_digits(
    geometry: LayerGeometry, selected: int, width: int, height: int
) -> None:
    selected %= len(geometry.sizes) - 1
    plans = arrange(geometry, selected, width, height)
    keys = [key for plan in plans for key in plan.keys]
    assert in_order(keys) and len(set(keys)) == len(keys)
    own = {key for key in keys if key.layer == selected and not key.is_input}
    for pitch in (7, 9, 11, 25):
        other = arrange(replace(geometry, pitch=pitch), selected, width, height)
        others = {key for plan in other for key in plan.keys if key.layer == selected and not key.is_input}
        assert others == own, "more digits hide no block"
    gutter = max(geometry.gutters[plan.layer] for plan in plans)
    for plan in plans:
        cells = gutter + sum(block_width(geometry, plan.layer, key, plan.columns) for key in plan.keys)
        assert cells <= width or (len(plan.keys) == 1 and plan.columns == 1)


@pytest.mark.parametrize("quantity", ["step_w", "w"])
def test_new_weights_use_the_room_that_their_vectors_leave(quantity: Quantity) -> None:
    session = select(new_session(experiment("iris")), Ref("w", 0))
    plan = layer.layout_layer(session, DARK.glyphs, 61, 23)
    key = QuantityKey(quantity, after=quantity == "w")
    shown = [placed.block for band in plan.bands for placed in band.blocks if placed.block.key.array == key]
    assert [block.visible_columns for block in shown] == [4]


@given(geometries(), st.integers(60, 200))
def test_a_derivative_stands_below_its_number(geometry: LayerGeometry, width: int) -> None:
    pairs = {"w": "dw", "b": "db", "z": "dz", "a": "da"}
    for selected in range(len(geometry.sizes) - 1):
        places: dict[str, int] = {}
        for plan in arrange(geometry, selected, width, 0):
            x = 0
            for key in plan.keys:
                places[name(key)] = x
                x += block_width(geometry, plan.layer, key, plan.columns)
        assert all(places[number] == places[gradient] for number, gradient in pairs.items())


@given(geometries(), st.integers(60, 200), st.integers(5, 60))
def test_layers_share_a_panel_only_if_all_their_blocks_fit(geometry: LayerGeometry, width: int, height: int) -> None:
    def lines(plan: BandPlan) -> int:
        if plan.keys[0].is_by_input:
            return plan.gap + 1 + (plan.keys[0].array.quantity == "dx")
        has_columns = any(key.array.is_weight for key in plan.keys)
        return plan.gap + 1 + has_columns + geometry.sizes[plan.layer + 1]

    pages = {arrange(geometry, selected, width, height) for selected in range(len(geometry.sizes) - 1)}
    shown = [layer for page in pages for layer, _ in groupby(plan.layer for plan in page)]
    assert sorted(shown) == list(range(len(geometry.sizes) - 1)), "each layer is on one page"
    for page in pages:
        if page[0].layer != page[-1].layer:
            assert sum(map(lines, page)) <= height


@settings(max_examples=40)
@given(networks(), st.sampled_from((2, 4, 6, None)), st.integers(0, 3), st.integers(58, 120), st.integers(8, 40))
def test_every_block_is_in_reach_and_none_is_drawn_half(
    made: Experiment, digits: int | None, selected: int, width: int, height: int
) -> None:
    session = new_session(made)
    ref = replace(session.ref, layer=selected % (len(session.engine.sizes) - 1))
    for batch in (False, True):
        shown = replace(select(session, ref), digits=digits, batch=batch)
        check_window(shown, width, height)


def check_window(session: Session, width: int, height: int) -> None:
    """Check what a panel of that size shows at each place to which it can be scrolled."""
    layout = layer.layout_layer(session, DARK.glyphs, width, height)
    assert layout.width <= width, "no block is cut at the right edge"
    y = 0
    starts: list[int] = []
    while not starts or y != starts[-1]:
        starts.append(y)
        y = scroll_lines(layout, y, height, 1)
    whole = set()
    for y in starts:
        lines = [strip.text for strip in draw_matrix(layout, DARK, 0, y, width, height)]
        for band in layout.bands:
            fits = band.end - band.y <= height
            if is_drawn(band, y, height):
                assert not fits or y <= band.y <= band.end <= y + height
                whole.add(id(band))
            elif fits:
                rows = lines[max(0, band.top - y) : max(0, band.end - y)]
                assert not any(re.search(r"·", row) for row in rows), "nothing of a hidden band"
    assert len(whole) == len(layout.bands), "each band is in reach"
    for key in blocks(layout):
        placed = next(placed for band in layout.bands for placed in band.blocks if placed.block.key == key)
        last = Cell(key, placed.block.shape[0] - 1, placed.block.shape[1] - 1)
        column, y = scroll_to_cell(layout, last, 0, 0, height)
        place = locate_cell(layout, last, column)
        assert place is not None and y <= place[1] < y + height and place[0] + place[2] < width


@in_app(EXERCISE)
async def test_all_matrices_of_a_3_2_1_network_fit(tester: AppTester) -> None:
    await tester.press("f", "b", "u", "left_square_bracket")
    await tester.wait_until(lambda: "+0.1921" in tester.text("layer"))
    titles = [block_title(key, 0, DARK.glyphs) for key in ("w", "b", "z", "a", "slope", "dw", "db", "dz", "da")]
    titles += ["ΔW₁", "Δb₁", "W₁′", "b₁′"]
    found = re.findall("|".join(rf"(?<= ){re.escape(title)}(?!\S)" for title in titles), tester.text("layer"))
    assert sorted(found) == sorted(titles)
    assert "−0.4079" in tester.text("layer"), "the last number"


@in_app(EXERCISE)
async def test_more_digits_keep_the_order_of_blocks_and_the_selected_number(tester: AppTester) -> None:
    await tester.press("f", "b", "u", "left_square_bracket")
    orders = []
    for shown in ("▐+0.1921▌", "▐+0.192148▌", "▐    +0.19214789423111006▌", "▐ +0.19▌"):
        await tester.wait_until(lambda: shown in tester.text("layer"))
        size = tester.widget("layer").size
        layout = layer.layout_layer(tester.session, DARK.glyphs, size.width, size.height)
        orders.append(blocks(layout))
        await tester.press("d")
    assert all(order == orders[0] for order in orders) and in_order(orders[0])


@in_app(with_optimizer("adam"))
async def test_the_state_of_adam_is_named_until_an_arrow_scrolls_to_it(tester: AppTester) -> None:
    await tester.press("n", "left_square_bracket")
    await tester.wait_until(lambda: "v of W₁" in str(tester.widget("layer").border_subtitle))
    await tester.press(*["down"] * 40)
    await tester.wait_until(lambda: "v′ of W₁" in tester.text("layer"))
    await tester.wait_until(lambda: "above: x W₁" in str(tester.widget("layer").border_subtitle))


@in_app(with_optimizer("adam"), size=(200, 60))
async def test_a_large_screen_shows_all_arrays_of_adam(tester: AppTester) -> None:
    await tester.press("n", "left_square_bracket")
    titles = ("ΔW₁", "W₁′", "m of W₁", "m′ of W₁", "v of W₁", "v′ of W₁", "dx")
    await tester.wait_until(lambda: all(title in tester.text("layer") for title in titles))
    assert "below" not in str(tester.widget("layer").border_subtitle)


@pytest.mark.parametrize(
    ("preset", "width", "expected"),
    [
        ("ravine-adam", 55, [f"{M} {NEW_M}", f"{V} {NEW_V}"]),
        ("ravine-adam", 50, [M, NEW_M, V, NEW_V]),
        ("ravine-momentum", 55, [f"{V} {NEW_V}"]),
    ],
)
def test_old_and_new_state_share_a_band_if_it_fits(preset: str, width: int, expected: list[str]) -> None:
    assert state_titles(session_after_passes(experiment(preset), 2), width) == expected


def test_a_wide_block_of_state_has_its_whole_name() -> None:
    found = state_titles(session_after_passes(with_optimizer("rmsprop", "iris"), 1), 100)
    assert found[0] == "mean square of W₁ 10×4 old s of b₁ mean square′ of W₁ 10×4 s′ of b₁"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (44, [f"{OLD} {NEW}", OLD_V]),
        (78, [f"{STEP} {OLD} {NEW}", OLD_V]),
        (118, [f"{STEP} {OLD} {NEW} {OLD_V}"]),
    ],
)
def test_narrow_state_stands_beside_the_new_parameters(width: int, expected: list[str]) -> None:
    assert state_titles(session_after_passes(experiment("sine"), 2), width, 1) == expected


def test_the_new_state_is_below_the_new_parameter() -> None:
    session = session_after_passes(experiment("ravine-adam"), 2)
    layout = layer.layout_layer(session, DARK.glyphs, 55)
    cell = Cell(BlockKey(QuantityKey("w", after=True), 0), 0, 1)
    reached = []
    for _ in range(2):
        cell = adjacent_cell(layout, cell, 1, 0)
        reached.append(cell)
    assert reached == [Cell(BlockKey(QuantityKey("state_w", slot, after=True), 0), 0, 1) for slot in ("m", "v")]
