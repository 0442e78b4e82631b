"""Tests of the figure of the output over the inputs: areas, points and curves where the network has them."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.data.classes import class_names
from nn_tui.core.data.features import network_inputs
from nn_tui.core.figure.regions import draw_regions
from nn_tui.core.figure.request import FigureRequest
from nn_tui.core.figure.theme import theme_of
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import evaluate, predict
from nn_tui.core.run.run import Run
from tests.core.figure._figures import Picture, points_of, request_of


def frame_of(made: Picture) -> tuple[float, float, float, float]:
    (frame,) = made.all("frame")
    left, top, width, height = (float(frame.get(key, "")) for key in ("x", "y", "width", "height"))
    return left, top, width, height


def color_at(made: Picture, x: float, y: float) -> str:
    """Return the colour of the topmost area at a position."""
    color = ""
    for area in made.all("area"):
        if area.get("d") is None or is_inside(area.get("d", ""), x, y):
            color = area.get("fill", "")
    return color


def is_inside(data: str, x: float, y: float) -> bool:
    """Return whether a position is inside of closed lines, by the even-odd rule."""
    crossings = 0
    for part in data.split("M")[1:]:
        points = points_of(part)
        (x0, y0), (x1, y1) = points[:-1].T, points[1:].T
        is_across = (y0 > y) != (y1 > y)
        with np.errstate(all="ignore"):
            crossings += int((is_across & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))).sum())
    return crossings % 2 == 1


def positions(request: FigureRequest, made: Picture) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of the training points, and the points of all markers."""
    left, top, width, height = frame_of(made)
    assert min(left, top, width, height) > 0
    markers = [item for item in made.all("point") if item.tag.endswith("circle")]
    return request.data.points, np.array([[float(m.get("cx", "")), float(m.get("cy", ""))] for m in markers])


def test_every_sample_has_a_marker_and_each_wrong_one_is_a_cross() -> None:
    request = request_of("moons", "5")
    made, data = Picture(draw_regions(request)), request.data
    engine, state = request.engine, request.state
    parts = (evaluate(engine, state, data.x, data.y), evaluate(engine, state, data.x_test, data.y_test))
    mistakes = sum(part.mistakes or 0 for part in parts if part is not None)
    assert len(made.all("point")) == len(data.x) + len(data.x_test)
    assert len([item for item in made.all("wrong") if "point" in (item.get("class") or "")]) == mistakes > 0
    keys = [*class_names(data), "ŷ = 0.5", "wrong prediction", "test set (outlined)"]
    assert made.texts("legend")[: len(keys)] == keys
    assert made.texts("axis-name") == ["x₁", "x₂"] and made.problems() == []


def test_the_areas_have_the_colours_of_the_output_and_the_boundary_parts_them() -> None:
    request = request_of("xor", "2000")
    made, theme = Picture(draw_regions(request)), theme_of("light")
    left, top, width, height = frame_of(made)
    assert len(made.all("boundary")) == 1
    low, high = theme.sequential[0], theme.sequential[-1]
    corners = {color_at(made, left + 3, top + height - 3), color_at(made, left + width - 3, top + 3)}
    others = {color_at(made, left + 3, top + 3), color_at(made, left + width - 3, top + height - 3)}
    lightness = {color: sum(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in corners | others | {low, high}}
    assert min(lightness[c] for c in corners) > max(lightness[c] for c in others)


def test_what_is_not_in_the_plot_is_not_in_the_keys() -> None:
    said = Picture(draw_regions(request_of("xor", "2000"))).texts("legend")
    assert "wrong prediction" not in said and "test set (outlined)" not in said


@pytest.mark.parametrize("preset", ["xor", "blobs"])
def test_each_class_has_the_colour_of_its_area_in_the_keys(preset: str) -> None:
    request = request_of(preset, "2000")
    made, data = Picture(draw_regions(request)), request.data
    left, top, width, height = frame_of(made)
    x_low, x_high, y_low, y_high = extent_of(made)
    keys = [item.get("fill", "") for item in made.all("key-area")]
    assert len(keys) == len(class_names(data))
    outputs = predict(request.engine, request.state, network_inputs(data, data.points))
    for label, key in enumerate(keys):
        chance = outputs[:, label] if len(keys) > 2 else np.abs(1 - label - outputs[:, 0])
        x, y = data.points[chance.argmax()]
        at = left + (x - x_low) / (x_high - x_low) * width, top + (y_high - y) / (y_high - y_low) * height
        shown = color_at(made, *at)
        others = [distance(shown, other) for other in keys if other != key]
        assert distance(shown, key) < min(others)


def distance(first: str, second: str) -> int:
    """Return how far two colours are apart."""
    return sum(abs(int(first[i : i + 2], 16) - int(second[i : i + 2], 16)) for i in (1, 3, 5))


def test_the_plot_takes_nearly_the_whole_width_with_its_names_beside_the_axes() -> None:
    made = Picture(draw_regions(request_of("xor", "2000")))
    left, top, width, height = frame_of(made)
    assert width / made.size()[0] > 0.75
    across, up = made.all("axis-name")
    assert float(across.get("y", "")) > top + height and float(up.get("x", "")) < left - 20
    assert "rotate(-90" in up.get("transform", "")


def test_the_areas_of_numbers_are_paler_than_cells() -> None:
    darkest = min(
        sum(int((area.get("fill") or "")[i : i + 2], 16) for i in (1, 3, 5))
        for area in Picture(draw_regions(request_of("xor", "2000"))).all("area")
    )
    assert darkest > 3 * 255 * 0.45


def test_the_area_of_a_class_holds_the_points_that_are_predicted_as_it() -> None:
    request = request_of("blobs", "200")
    made, theme, data = Picture(draw_regions(request)), theme_of("light"), request.data
    left, top, width, height = frame_of(made)
    rng = np.random.default_rng(0)
    outputs = predict(request.engine, request.state, network_inputs(data, data.points))
    confident = np.flatnonzero(np.sort(outputs, axis=1)[:, -1] > 0.9)[:40]
    assert len(confident) > 10
    assert len(made.all("point")) == len(data.x) + len(data.x_test)
    fractions = rng.uniform(0.02, 0.98, (40, 2))
    ends = extent_of(made)
    xs = ends[0] + fractions[:, 0] * (ends[1] - ends[0])
    ys = ends[2] + fractions[:, 1] * (ends[3] - ends[2])
    predicted = predict(request.engine, request.state, network_inputs(data, np.stack([xs, ys], axis=1)))
    for (fx, fy), row in zip(fractions, predicted, strict=True):
        first, second = np.sort(row)[::-1][:2]
        if first - second < 0.05:
            continue
        color = color_at(made, left + fx * width, top + (1 - fy) * height)
        shades = {theme.class_area(int(row.argmax()), strength) for strength in (0.12, 0.22, 0.32, 0.42, 0.5)}
        assert color in shades


def extent_of(made: Picture) -> tuple[float, float, float, float]:
    """Return the values at the sides of the plot, read from the ticks."""
    left, top, width, height = frame_of(made)
    ticks = [(item.text or "", float(item.get("x", "")), float(item.get("y", "")), item.get("text-anchor")) for item in
             made.all("tick")]  # fmt: skip
    values = [(float(words.replace("−", "-")), x, y, anchor) for words, x, y, anchor in ticks]
    across = [(value, (x - left) / width) for value, x, _, anchor in values if anchor == "middle"]
    up = [(value, (top + height - (y - 4)) / height) for value, _, y, anchor in values if anchor == "end"]
    ends = []
    for axis in (across, up):
        (v0, f0), (v1, f1) = axis[0], axis[-1]
        slope = (v1 - v0) / (f1 - f0)
        ends += [v0 - f0 * slope, v0 + (1 - f0) * slope]
    return ends[0], ends[1], ends[2], ends[3]


def test_one_unit_is_equally_long_along_both_axes() -> None:
    made = Picture(draw_regions(request_of("circles")))
    _, _, width, height = frame_of(made)
    x_low, x_high, y_low, y_high = extent_of(made)
    assert (x_high - x_low) / width == pytest.approx((y_high - y_low) / height, rel=0.01)


def test_a_number_over_the_plane_has_a_scale_and_no_boundary() -> None:
    request = request_of("plane", "3")
    made = Picture(draw_regions(request))
    assert "target y" in made.texts("legend") and "ŷ" in made.texts("legend") and made.all("boundary") == []
    assert len(made.all("point")) == len(request.data.x)


def test_a_single_input_has_a_curve_through_the_outputs_of_the_network() -> None:
    request = request_of("sine", "300")
    made, data = Picture(draw_regions(request)), request.data
    (curve,) = made.all("curve")
    _, markers = positions(request, made)
    assert len(made.all("point")) == len(data.x) + len(data.x_test) == len(made.all("residual"))
    line = points_of(curve.get("d", ""))
    residuals = {(float(r.get("x1", "")), float(r.get("y2", ""))) for r in made.all("residual")}
    for x, y in sorted(residuals)[1:-1]:  # each ends on the curve
        assert np.interp(x, line[:, 0], line[:, 1]) == pytest.approx(y, abs=1.0)
    assert len(markers) == len(made.all("point"))


def test_a_perceptron_has_two_areas() -> None:
    made = Picture(draw_regions(request_of("xor-perceptron", "8")))
    assert len(made.all("area")) <= 2 and made.problems() == []


def test_numbers_that_are_not_numbers_have_their_own_area() -> None:
    run = Run.start(open_experiment("xor"))
    trace = run.trace(1)
    trace.before.weights[0][...] = np.nan
    request = FigureRequest(run, trace, 0, request_of("xor").ref)
    made = Picture(draw_regions(request))
    assert theme_of("light").nan in {area.get("fill") for area in made.all("area")}
