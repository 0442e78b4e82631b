"""The drawing of the loss landscape in any size."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_tui.core.analysis.landscape import Landscape, evaluate_grid, plan_grid
from nn_tui.tui.draw.landscape import draw_landscape
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.session.session import new_session
from tests._app import DARK, experiment
from tests._sessions import MOVES
from tests.tui.draw._drawing import assert_size


def bowl(**changes: Any) -> Landscape:
    steps = np.linspace(-1, 1, 9)
    path = np.array([[-1.0, -1.0], [0.0, 0.0]])
    losses = steps[:, None] ** 2 + steps**2
    bowl = Landscape(steps, steps, losses, path, np.array([0, 5]), ("w₁[1,1]", "b₁[1]"), 0.0, 5, 4)
    return replace(bowl, **changes)


def test_a_bowl_in_ascii_exactly() -> None:
    strips = draw_landscape(bowl(path=np.array([[-0.9, -0.9], [0.0, 0.0]])), get_palette("mono", ascii=True), 44, 9)
    assert [strip.text for strip in strips] == [
        "+1.00 #######************************#######",
        "      ##**********::::::::::::::**********##",
        "      *******::::.....      .....::::*******",
        " 0.00 ******:::...       @      ...:::******",
        "      *******::::.....      .....::::*******",
        "      ##**********::::::::::::::**********##",
        "-1.00 #o#####************************#######",
        "      -1.00            0.00  w1[1,1] > +1.00",
        "@ 0  loss 0  ..::**# 2 (log scale)  o path  ",
    ]


@given(
    arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(allow_nan=True)),
    st.integers(-1, 90),
    st.integers(-1, 30),
    st.sampled_from(PALETTES),
    st.booleans(),
)
def test_the_legend_names_the_loss_for_any_numbers_in_any_size(
    losses: np.ndarray, width: int, height: int, name: str, ascii_only: bool
) -> None:
    palette = get_palette(name, ascii=ascii_only)
    rows, columns = losses.shape
    landscape = bowl(xs=np.arange(columns) * 1.0, ys=np.arange(rows) * 1.0, losses=losses, loss=float(losses[0, 0]))
    strips = draw_landscape(landscape, palette, width, height)
    assert_size(strips, palette, max(1, width), max(1, height))
    if width >= 14 and height >= 6:
        assert f" {losses[0, 0]:.4g}" in strips[-1].text


def test_low_is_blank_and_high_is_full() -> None:
    strips = draw_landscape(bowl(path=np.zeros((0, 2))), get_palette("mono"), 9, 5)
    assert strips[2].text[4] == " "
    assert {strips[0].text[0], strips[0].text[-1], strips[-1].text[0], strips[-1].text[-1]} == {"█"}


def test_a_loss_of_nan_is_named() -> None:
    losses = bowl().losses.copy()
    losses[:, 0] = np.nan
    strips = draw_landscape(bowl(losses=losses), get_palette("mono"), 60, 10)
    assert strips[0].text[6] == "?"
    assert "NaN" in strips[-1].text


def test_points_of_the_path_outside_the_window_are_counted() -> None:
    path = np.array([[-9.0, 0.0], [0.0, 5.0], [0.5, 0.5], [0.0, 0.0]])
    strips = draw_landscape(bowl(path=path), get_palette("dark"), 90, 12)
    assert "path 2 of 4 outside  " in strips[-1].text
    assert sum(strip.text.count("●") for strip in strips[:-1]) == 1
    assert sum(strip.text.count("◉") for strip in strips[:-1]) == 1


def test_the_landscape_says_what_is_on_a_log_scale() -> None:
    session = MOVES["train 3"](new_session(experiment("xor")))
    found = evaluate_grid(plan_grid(session.run, session.updates_done, seed=1), lambda part: None, lambda: False)
    assert found is not None
    legend = draw_landscape(found, DARK, 120, 30)[-1].text
    assert re.search(r"  loss [\d.]+ .* [\d.]+ \(log scale\)", legend) and "log loss" not in legend
