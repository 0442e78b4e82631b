"""Tests of the arrangement of the panels: nothing overlaps, nothing is left over, and no pass moves a panel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.presets import COURSE
from nn_tui.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.views.arrangement import LayerPanelSize, OutputNeed, PanelNeeds, arrange_panels
from nn_tui.tui.views.panel_needs import needs_key, panel_needs
from tests._app import DARK, PERMANENT_VIEWS, AppTester, experiment, in_app
from tests.tui.views._printed import after_passes

MAX_BLANK_SHARE = 0.62
SIZES = [(100, 25), (120, 35), (160, 40), (200, 55)]


@st.composite
def needs(draw: st.DrawFn) -> PanelNeeds:
    """Draw needs whose layer has fewer lines the wider it is."""
    widths = sorted(draw(st.sets(st.integers(40, 200), max_size=5)))
    lines = sorted(draw(st.lists(st.integers(10, 200), min_size=len(widths), max_size=len(widths))), reverse=True)
    layer = tuple(LayerPanelSize(width, count, count // 2 + 5) for width, count in zip(widths, lines, strict=True))
    output = OutputNeed(draw(st.integers(10, 200)), draw(st.integers(3, 200)), draw(st.booleans()))
    return PanelNeeds(
        draw(st.integers(20, 300)), layer, output, draw(st.integers(8, 30)), draw(st.sampled_from([0, 60]))
    )


@settings(max_examples=300, deadline=None)
@given(needs=needs(), width=st.integers(100, 300), height=st.integers(15, 90))
def test_the_panels_fill_the_area_and_each_has_room(needs: PanelNeeds, width: int, height: int) -> None:
    regions = arrange_panels(needs, width, height)
    assert set(regions) == set(PERMANENT_VIEWS)
    assert sum(region.area for region in regions.values()) == width * height
    assert Region.from_union(list(regions.values())) == Region(0, 0, width, height)
    assert not any(one.overlaps(other) for one, other in combinations(regions.values(), 2))
    for name, region in regions.items():
        assert region.width >= 24 and region.height >= 3, name


def places(session: Session, width: int, height: int) -> dict[str, Region]:
    return dict(arrange_panels(panel_needs(session, DARK.glyphs), width, height))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("preset", ["mazur", "xor", "iris", "vanishing", "ravine-adam"])
def test_a_pass_moves_no_panel(preset: str, size: tuple[int, int]) -> None:
    session = new_session(experiment(preset))
    first, key = places(session, *size), needs_key(session)
    for step in (stepping.forward, stepping.backward, stepping.update, stepping.forward):
        session = step(session)
        assert needs_key(session) == key
        assert places(session, *size) == first


def test_large_numbers_move_no_panel() -> None:
    first, later = new_session(experiment("too-fast")), after_passes("too-fast", 45)
    assert panel_needs(later, UNICODE) == panel_needs(first, UNICODE)
    assert needs_key(later) == needs_key(first)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_a_table_of_one_sample_leaves_its_room_to_the_network(glyphs: Glyphs) -> None:
    needs = panel_needs(new_session(experiment("mazur")), glyphs)
    regions = arrange_panels(needs, 120, 35)
    assert regions["network"].width >= 48 and regions["network"].height >= 20
    assert regions["output"].height <= 6


def test_a_picture_of_the_plane_keeps_its_height() -> None:
    regions = places(new_session(experiment("xor")), 200, 55)
    assert regions["output"].height >= 30
    assert regions["layer"].height >= 36, "both layers have room"


@pytest.mark.parametrize("preset", ["xor", "xor-221", "mazur", "or"])
@pytest.mark.parametrize(("width", "height"), [(120, 35), (200, 55)])
def test_a_small_network_has_its_weights_on_its_edges(preset: str, width: int, height: int) -> None:
    session = stepping.forward(after_passes(preset, 2))
    region = places(session, width, height)["network"]
    drawn = "\n".join(strip.text for strip in VIEWS["network"].draw(session, DARK, region.width - 2, region.height - 2))
    numbers = np.array([float(text.replace("−", "-")) for text in re.findall(r"[+−]?\d\.\d+", drawn)])
    for weights in session.trace.before.weights:
        for value in weights.flat:
            assert np.abs(numbers - value).min() <= 0.0051


def blank_cells(strips: Sequence[Strip]) -> NDArray[np.bool_]:
    """Return a mask (lines, cells) of the spaces on the palette's own ground."""
    ground = DARK.style("text").bgcolor
    rows = []
    for strip in strips:
        is_ground = [segment.style is None or segment.style.bgcolor == ground for segment in strip]
        cells = zip(strip, is_ground, strict=True)
        rows.append([char == " " and plain for segment, plain in cells for char in segment.text])
    width = min(map(len, rows))
    return np.array([row[:width] for row in rows])


def largest_blank_share(strips: Sequence[Strip]) -> float:
    """Return the share of a panel that its largest blank rectangle takes."""
    blank = blank_cells(strips)
    heights, largest = np.zeros(blank.shape[1] + 1, dtype=np.intp), 0
    for row in blank:
        heights[:-1] = np.where(row, heights[:-1] + 1, 0)
        stack: list[tuple[int, int]] = []  # (first column, height) of rectangles that reach this column
        for column, height in enumerate(heights.tolist()):
            first = column
            while stack and stack[-1][1] >= height:
                first, tall = stack.pop()
                largest = max(largest, tall * (column - first))
            stack.append((first, height))
    return largest / blank.size


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_panel_of_a_shipped_preset_has_a_blank_rectangle_of_62_percent(size: tuple[int, int]) -> None:
    for preset in COURSE:
        session = stepping.backward(stepping.forward(after_passes(preset, 2)))
        for name, region in places(session, *size).items():
            strips = VIEWS[name].draw(session, DARK, region.width - 2, region.height - 2)
            assert largest_blank_share(strips) <= MAX_BLANK_SHARE, (preset, name)


@in_app("mazur")
async def test_opening_another_preset_arranges_the_panels_again(tester: AppTester) -> None:
    before = {name: tester.widget(name).region for name in PERMANENT_VIEWS}
    await tester.press("f", "b", "u")
    assert {name: tester.widget(name).region for name in PERMANENT_VIEWS} == before
    await tester.press("o", *"iris", "enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "iris")
    expected = {name: size.size for name, size in places(tester.session, 120, 35).items()}
    await tester.wait_until(lambda: {name: tester.widget(name).outer_size for name in PERMANENT_VIEWS} == expected)


@pytest.mark.parametrize("preset", ["xor", "mazur", "xor-221"])
def test_the_network_has_room_for_its_weights_from_100_columns_on(preset: str) -> None:
    session = new_session(experiment(preset))
    needs = panel_needs(session, DARK.glyphs)
    for width in (100, 105, 110, 120, 140):
        regions = arrange_panels(needs, width, 24)
        assert regions["network"].width >= needs.narrow_network > 0
        assert any(size.width <= regions["layer"].width for size in needs.layer if size.has_all_columns)


def test_a_layer_whose_columns_would_be_hidden_keeps_its_width() -> None:
    needs = panel_needs(new_session(experiment("xor")), get_palette("dark", ascii=True).glyphs)
    assert needs.narrow_network and arrange_panels(needs, 100, 24) == arrange_panels(
        replace(needs, narrow_network=0), 100, 24
    )
