"""Tests of the figure of the loss landscape."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.figure.landscape import draw_landscape
from nn_tui.core.figure.plot import place_plot, range_axis
from tests.core.figure._figures import Picture, points_of, request_of


def test_two_parameters_are_the_axes_and_the_path_ends_at_the_moment() -> None:
    request = request_of("local-minimum-single", "20")
    made = Picture(draw_landscape(request))
    names = made.texts("axis-name")
    assert len(names) == 2 and made.problems() == []
    assert made.texts("update-name")[0] == "20" and "after update 20" in made.texts("legend")


def test_random_directions_have_bands_between_contours_and_a_path() -> None:
    made = Picture(draw_landscape(request_of("mazur", "12")))
    assert made.texts("axis-name") == ["direction 1", "direction 2"]
    assert len({area.get("fill") for area in made.all("area")}) > 3
    assert made.all("contour") and len(made.all("path")) == 2
    (frame,) = made.all("frame")
    line = points_of(made.all("path")[0].get("d", ""))
    middle = [float(frame.get(a, "")) + float(frame.get(b, "")) / 2 for a, b in (("x", "width"), ("y", "height"))]
    assert line[-1].tolist() == pytest.approx(middle, abs=0.2)  # the parameters are in the middle of the plane
    assert any("≤" in text or text[0].isdigit() for text in made.texts("legend"))


def test_random_directions_are_explained_and_the_two_parameters_of_a_network_need_no_words() -> None:
    said = " ".join(Picture(draw_landscape(request_of("xor", "50"))).texts("heading"))
    assert "Directions 1 and 2 are random" in said and "after update 50 are at 0, 0." in said
    other = request_of("local-minimum-single", "20")
    assert "irections" not in " ".join(Picture(draw_landscape(other)).texts("heading"))


@pytest.mark.parametrize(("preset", "at"), [("xor", "50"), ("digits", "20"), ("local-minimum-single", "20")])
def test_the_keys_are_those_of_the_marks_and_no_mark_lies_on_another(preset: str, at: str) -> None:
    made = Picture(draw_landscape(request_of(preset, at)))
    marks = made.all("update")
    assert len({mark.get("fill") + mark.get("r", "") for mark in marks}) == len(made.all("key"))  # type: ignore[operator]
    centers = np.array([[float(mark.get(name, "")) for name in ("cx", "cy")] for mark in marks])
    distances = np.hypot(*(centers[:, None] - centers).transpose(2, 0, 1))
    assert (distances[np.triu_indices(len(marks), 1)] >= 8).all()


def test_the_moment_is_that_of_the_parameters_in_the_heading_and_in_the_keys() -> None:
    made = Picture(draw_landscape(request_of("xor", "3.backward")))
    assert made.texts("heading")[0].endswith("after update 2") and "after update 2" in made.texts("legend")


def test_what_is_outside_of_the_plot_is_cut_off() -> None:
    made = Picture(draw_landscape(request_of("neuron", "3")))
    (picture,), (frame,) = made.all("picture"), made.all("frame")
    sides = [frame.get(key) for key in ("x", "y", "width", "height")]
    assert picture.get("viewBox") == " ".join(map(str, sides)) and [picture.get(k) for k in ("x", "y")] == sides[:2]


def test_a_network_that_trains_nothing_is_refused() -> None:
    from dataclasses import replace

    from nn_tui.core.preset.loader import open_experiment

    experiment = open_experiment("xor")
    frozen = tuple(replace(layer, train_weights=False, train_bias=False) for layer in experiment.layers)
    with pytest.raises(InputError, match="no weight or bias is trained"):
        draw_landscape(request_of(replace(experiment, layers=frozen)))


def test_a_plot_has_room_for_its_labels() -> None:
    plot = place_plot(50.0, 700.0, 300.0, range_axis(0, 1e6, 600), range_axis(-0.00012, 0.00031, 300))
    assert plot.left > 60 and plot.right < 700 and plot.end > plot.bottom > plot.top > 50
