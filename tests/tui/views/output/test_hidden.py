"""Tests of the hidden units: a response for each of them, and the hidden space with the samples and the boundary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.core.refs import Ref
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, clamp_ref, new_session
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.hidden_space import hidden_pair, hidden_space
from nn_tui.tui.views.output.moves import next_output
from nn_tui.tui.views.output.output_views import available_views
from nn_tui.tui.views.output.predictions import SampleHit
from tests._app import DARK, AppTester, experiment, in_app
from tests.tui.draw._drawing import cells

SIZES = [(27, 20), (78, 10), (46, 34), (118, 33)]


def after(name: str, updates: int, unit: int = 0) -> Session:
    """Return a session of the hidden units after some updates, with a unit of layer 1 selected."""
    session = new_session(experiment(name))
    session.run.goto(updates)
    session = replace(stepping.goto(session, updates), output_view="hidden")
    return replace(session, ref=clamp_ref(session, Ref("a", 0, unit, 0, 0)))


def lines_of(session: Session, width: int, height: int) -> list[str]:
    return [strip.text for strip in output.draw(session, DARK, width, height)]


def hits(session: Session, width: int, height: int, step: int = 1) -> dict[tuple[int, int], object]:
    """Return what a click selects, by cell (x, y), in each line and column or in each ``step``-th one."""
    points = ((x, y) for y in range(0, height, step) for x in range(0, width, step))
    found = {(x, y): output.hit(session, DARK, width, height, x, y) for x, y in points}
    return {cell: hit for cell, hit in found.items() if hit is not None}


@in_app("xor")
async def test_one_key_from_the_regions_shows_the_hidden_units_and_their_space(tester: AppTester) -> None:
    await tester.press("y")
    await tester.wait_until(lambda: "hidden h" in tester.title("output"))
    await tester.wait_until(lambda: all(f"h{k}" in tester.text("output") for k in "₁₂₃₄"))
    await tester.wait_until(lambda: "ŷ = 0.5" in tester.text("output"))


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [("xor", *size) for size in SIZES] + [(name, 46, 34) for name in ("xor-221", "circles", "xor-relu-exact")],
)
def test_each_hidden_unit_has_a_map_with_its_name_and_its_own_activation(name: str, width: int, height: int) -> None:
    session = after(name, 200)
    text = lines_of(session, width, height)
    drawn = cells(output.draw(session, DARK, width, height))
    units = session.engine.sizes[1]
    maps: dict[int, list[tuple[int, int]]] = {unit: [] for unit in range(units)}
    for cell, hit in hits(session, width, height).items():
        if isinstance(hit, Ref):
            assert (hit.quantity, hit.layer) == ("a", 0)
            maps[hit.unit].append(cell)
    pictures = []
    for unit, spots in maps.items():
        x, y = min(spots, key=lambda spot: (spot[1], spot[0]))
        assert text[y][x:].startswith(f"h{DARK.glyphs.sub(unit + 1)}"), "the name stands above the map"
        right, bottom = max(spot[0] for spot in spots), max(spot[1] for spot in spots)
        assert right - x + 1 == pytest.approx(2 * (bottom - y), abs=1), "the map is a square"
        pictures.append([drawn[spot] for spot in sorted(spots) if spot[1] > y])
    assert len({str(picture) for picture in pictures}) == units


def test_the_points_of_the_hidden_space_are_the_activations_and_its_line_separates_xor() -> None:
    session = after("xor-221", 3000)
    data = session.experiment.data
    space = hidden_space(session)
    z = data.x @ session.state.weights[0].T + session.state.biases[0]
    assert space.units == (0, 1)
    np.testing.assert_allclose(space.points, 1 / (1 + np.exp(-z)), atol=1e-12)
    weights, bias = session.state.weights[1][0], session.state.biases[1][0]
    assert ((space.points @ weights + bias > 0) == (data.y[:, 0] == 1)).all(), "XOR is separable here"
    width, height = 46, 34
    drawn = cells(output.draw(session, DARK, width, height))
    found: dict[int, set[tuple[int, int]]] = {}
    for cell, hit in hits(session, width, height).items():
        if isinstance(hit, SampleHit):
            found.setdefault(hit.row, set()).add(cell)
    # Both samples of class 0 have about the same activations: one may hide the other.
    assert len(found) >= 3
    background = {}
    for row, spots in found.items():
        around = {drawn[spot][1] for spot in spots}
        background[row] = {style.bgcolor for style in around if style is not None}
    zero, one = ({row for row in found if data.y[row, 0] == label} for label in (0, 1))
    assert zero and one
    assert not {color for row in zero for color in background[row]} & {c for row in one for c in background[row]}


@pytest.mark.parametrize(("unit", "pair"), [(0, (0, 1)), (2, (2, 3)), (3, (3, 0))])
def test_of_more_than_two_units_the_axes_are_the_selected_one_and_the_next(unit: int, pair: tuple[int, int]) -> None:
    session = after("xor", 300, unit)
    assert hidden_pair(session) == pair
    text = lines_of(session, 46, 34)
    axis = next(line for line in text if "−1.2 " in line and "1.2" in line.replace("−1.2", "", 1))
    first, second = (f"h{DARK.glyphs.sub(each + 1)}" for each in pair)
    assert first in axis
    assert any(line.lstrip().startswith(second) for line in text[text.index(axis) - 14 : text.index(axis)])
    assert any("other units: mean" in line for line in text)
    assert not any("others at" in line for line in lines_of(after("xor-221", 300), 46, 34))


@pytest.mark.parametrize(("name", "count"), [("xor", 4), ("spiral", 16), ("xor-221", 2)])
def test_every_pair_of_few_hidden_units_can_be_chosen(name: str, count: int) -> None:
    session = after(name, 2)
    layer = len(session.engine.sizes) - 3
    pairs = set()
    for unit in range(count):
        selected = replace(session, output_view="", ref=Ref("a", layer, unit))
        for _ in available_views(session):
            selected = next_output(selected)
            if "hidden" in selected.output_view:
                assert output.title(selected, DARK) != output.title(replace(selected, output_view="regions"), DARK)
                pairs.add(frozenset(hidden_pair(selected)))
    assert pairs >= {frozenset((a, b)) for a in range(count) for b in range(a) if min(a - b, count - a + b) <= 3}


def test_a_weight_of_the_last_layer_chooses_the_pair_of_its_input() -> None:
    session = replace(after("xor", 2), ref=Ref("dw", 1, 0, 2))
    assert hidden_pair(session) == (2, 3) and "hidden h₃ h₄" in output.title(session, DARK)
    other = replace(session, ref=Ref("dw", 1, 0, 1))
    assert output.cache_key(session, 20) != output.cache_key(other, 20)
    assert lines_of(session, 46, 34) != lines_of(other, 46, 34)


@pytest.mark.parametrize(
    ("width", "height", "count", "is_counted"),
    [(27, 20, 6, False), (78, 10, 6, True), (46, 34, 16, False), (118, 33, 16, False)],
)
def test_the_window_of_units_holds_the_selected_one_and_counts_the_others(
    width: int, height: int, count: int, is_counted: bool
) -> None:
    for unit in (0, 9, 15):
        session = after("spiral", 2, unit)
        shown = {hit.unit for hit in hits(session, width, height, step=3).values() if isinstance(hit, Ref)}
        assert unit in shown and len(shown) == count
        assert ("6 of 16 units" in "\n".join(lines_of(session, width, height))) == is_counted


@in_app("xor", (120, 40))
async def test_a_click_on_a_map_selects_its_unit(tester: AppTester) -> None:
    await tester.press("y")
    panel = tester.widget("output")
    await tester.wait_until(lambda: "h₃" in tester.text("output"))
    size = panel.size
    x, y = next(
        cell for cell, hit in hits(tester.session, size.width, size.height).items()
        if isinstance(hit, Ref) and hit.unit == 2
    )  # fmt: skip
    await tester.pilot.click(panel, offset=(x + 1, y + 1))
    await tester.wait_until(lambda: (tester.session.ref.quantity, tester.session.ref.unit) == ("a", 2))
    await tester.wait_until(lambda: "hidden h" in tester.title("output"), "the view stays")
