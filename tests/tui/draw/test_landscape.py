"""Tests of the drawing of the loss landscape in any size."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_tui.core.analysis.landscape import Landscape, evaluate_grid, plan_grid
from nn_tui.core.translation import message
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
    if "path" in changes and "updates" not in changes and len(changes["path"]) != 2:
        changes["updates"] = np.arange(len(changes["path"]))
    return replace(bowl, **changes)


def test_a_bowl_in_ascii_exactly() -> None:
    strips = draw_landscape(bowl(path=np.array([[-0.9, -0.9], [0.0, 0.0]])), get_palette("mono", ascii=True), 44, 9)
    assert [strip.text for strip in strips] == [
        "+1.00 #######************************#######",
        "      ##**********::::::::::::::**********##",
        "      *******::::.....      .....::::*******",
        " 0.00 ******:::...    ---@ 5    ...:::******",
        "      *******::::------     .....::::*******",
        "      ##***------*::::::::::::::**********##",
        "-1.00 #S-0--#************************#######",
        "      -1.00            0.00  w1[1,1] > +1.00",
        "@ 0  ^ b1[1]                                ",
    ]


def test_a_curve_in_ascii_exactly() -> None:
    xs = np.linspace(-2, 2, 41)
    path = np.array([[-1.5, 0.0], [1.0, 0.0], [-0.5, 0.0], [0.0, 0.0]])
    curve = bowl(
        xs=xs, ys=np.zeros(1), losses=xs[None] ** 2, path=path, updates=np.arange(4), names=("w", message("loss"))
    )
    strips = draw_landscape(curve, get_palette("mono", ascii=True), 44, 10)
    assert [strip.text for strip in strips] == [
        "+4.20 \\                                    /",
        "      \\\\                                  //",
        "        \\\\0                             //  ",
        "+2.10    \\S\\                          ///   ",
        "           \\\\                        //     ",
        "             \\\\\\                  1//       ",
        "               \\\\\\  2    3      //o         ",
        " 0.00             \\-o----@----//            ",
        "      -2.00            0.00        w > +2.00",
        "@ 0  ^ loss  S start o path                 ",
    ]


def test_a_curve_is_cut_where_it_rises_far_above_hills_and_path() -> None:
    xs = np.linspace(-3, 3, 61)
    losses = 0.1 * (xs**2 - 1) ** 2  # two valleys, a hill of 0.1 between them, and 6.4 at the ends
    curve = bowl(xs=xs, ys=np.zeros(1), losses=losses[None], path=np.array([[1.2, 0.0], [1.0, 0.0]]))
    top = draw_landscape(curve, DARK, 80, 24)[0].text.split()[0]
    assert 0.2 < float(top) < 2


def test_the_path_is_a_line_with_start_end_and_updates_in_order() -> None:
    path = np.array([[-0.6, 0.8], [0.6, 0.4], [-0.6, 0.0], [0.6, -0.4], [-0.6, -0.8], [0.0, -0.9]])
    lines = [strip.text for strip in draw_landscape(bowl(path=path, updates=np.arange(6)), DARK, 80, 24)]
    drawn = "".join(lines[:-2])
    assert drawn.count("○") == 1 and drawn.count("◉") == 1
    places = {update: next(y for y, line in enumerate(lines) if re.search(f"●.{update}", line)) for update in (1, 2)}
    assert next(y for y, line in enumerate(lines) if re.search("○.0", line)) < places[1] < places[2]
    assert sum("\u2800" < char <= "\u28ff" for char in drawn) > 100, "the line"


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
    assert "path 2 of 4 outside " in strips[-1].text
    assert sum(strip.text.count("●") for strip in strips[:-1]) == 1
    assert sum(strip.text.count("◉") for strip in strips[:-1]) == 1


def test_the_landscape_names_its_log_scale() -> None:
    session = MOVES["train 3"](new_session(experiment("xor")))
    found = evaluate_grid(plan_grid(session.run, session.updates_done, seed=1), lambda part: None, lambda: False)
    assert found is not None
    legend = draw_landscape(found, DARK, 120, 30)[-1].text
    assert re.search(r"  loss [\d.]+ .* [\d.]+ \(log scale\)", legend) and "log loss" not in legend
