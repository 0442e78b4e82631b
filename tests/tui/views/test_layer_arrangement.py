"""Tests of the arrangement of the optimiser's state in the layer view."""

from __future__ import annotations

import pytest

from nn_tui.core.refs import QuantityKey
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell
from nn_tui.tui.draw.matrix_navigation import adjacent_cell
from nn_tui.tui.views import layer
from tests._app import DARK, experiment
from tests._moves import session_after_passes
from tests.tui.views._printed import state_titles, with_optimizer

M, V = "m of W₁ 1×2 old m of b₁", "v of W₁ 1×2 old v of b₁"
STEP = "ΔW₁ 8×1 Δb₁ 8 W₁′ 8×1 b₁′ 8"
OLD, NEW, OLD_V = "m of W₁ m of b₁", "m′ of W₁ m′ of b₁", "v of W₁ v of b₁ v′ of W₁ v′ of b₁"
NEW_M, NEW_V = "m′ of W₁ 1×2 m′ of b₁", "v′ of W₁ 1×2 v′ of b₁"


@pytest.mark.parametrize(
    ("name", "width", "expected"),
    [
        ("ravine-adam", 55, [f"{M} {NEW_M}", f"{V} {NEW_V}"]),
        ("ravine-adam", 50, [M, NEW_M, V, NEW_V]),
        ("ravine-momentum", 55, [f"{V} {NEW_V}"]),
    ],
)
def test_old_and_new_state_share_a_band_if_it_fits(name: str, width: int, expected: list[str]) -> None:
    assert state_titles(session_after_passes(experiment(name), 2), width) == expected


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
