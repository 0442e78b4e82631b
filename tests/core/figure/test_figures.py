"""Tests of all figures: XML without images or fonts from elsewhere, texts in their places, the same bytes each time."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.figure.figures import FIGURES
from nn_tui.core.figure.theme import THEMES
from nn_tui.core.preset.loader import preset_ids
from tests.core.figure._figures import SVG, Picture, request_of

MOMENTS = {"network": "1.backward", "layer": "1", "loss": "60", "regions": "60", "landscape": "60"}
SMALL = {"network": "mazur", "layer": "mazur", "loss": "moons", "regions": "blobs", "landscape": "neuron"}
ALLOWED = {"svg", "title", "desc", "rect", "g", "text", "line", "path", "circle"}


def picture(view: str, preset: str, at: str, **fields: object) -> Picture:
    return Picture(FIGURES[view].draw(request_of(preset, at, **fields)))


@pytest.mark.parametrize("view", FIGURES)
def test_a_figure_is_vector_graphics_with_a_title_and_a_description(view: str) -> None:
    request = request_of(SMALL[view], MOMENTS[view])
    text = FIGURES[view].draw(request)
    made = Picture(text)
    assert {item.tag.removeprefix(SVG) for item in made.root.iter()} <= ALLOWED
    assert made.root.get("role") == "img" and made.root.get("font-family") == "sans-serif"
    assert made.child("title").startswith(request.experiment.preset.title) and len(made.child("desc")) > 40
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "", 1)
    assert made.all("background")[0].get("fill") == "#ffffff"
    assert made.problems() == []
    assert FIGURES[view].draw(request_of(SMALL[view], MOMENTS[view])) == text


@pytest.mark.parametrize("view", FIGURES)
def test_a_figure_without_a_title_keeps_it_for_screen_readers(view: str) -> None:
    made, bare = (picture(view, SMALL[view], MOMENTS[view], has_heading=shown) for shown in (True, False))
    assert bare.all("title") == bare.all("heading") == [] and made.all("title")
    assert bare.child("title") == made.child("title") and bare.child("desc") == made.child("desc")
    assert bare.size()[1] < made.size()[1] - 30 and bare.problems() == []


@pytest.mark.parametrize("palette", THEMES)
def test_a_figure_has_the_background_of_its_palette(palette: str) -> None:
    backgrounds = {
        picture(view, "xor", "1", palette=palette).all("background")[0].get("fill") for view in ("network", "layer")
    }
    assert len(backgrounds) == 1 and (backgrounds == {"#ffffff"}) == (palette == "light")


@pytest.mark.parametrize("preset", preset_ids())
def test_the_texts_of_each_preset_have_room(preset: str) -> None:
    for view, at in (("network", "1.backward"), ("layer", "1.loss")):
        made = picture(view, preset, at)
        assert made.problems() == [], view


def test_the_line_of_the_network_is_broken_between_its_parts() -> None:
    lines = picture("layer", "vanishing", "20").texts("heading")[:2]
    assert lines[0].endswith(" ·") and lines[1] == "pass 20, after the update"


def test_a_name_from_a_file_is_text_and_stays_in_its_place(tmp_path: object) -> None:
    hostile = '<script>alert(1)</script>&"\x1b[31m' + "long " * 30
    request = request_of("iris", "1")
    data = request.data
    for name, value in (("input_names", (hostile, *data.input_names[1:])), ("output_names", (hostile, "b", "c"))):
        object.__setattr__(data, name, value)
    for view in ("network", "layer"):
        text = FIGURES[view].draw(request)
        assert "<script>" not in text and "\x1b" not in text
        assert Picture(text).problems() == []


@pytest.mark.parametrize(("preset", "inputs"), [("digits", "64"), ("iris", "4")])
def test_a_view_that_does_not_suit_says_which_one_does(preset: str, inputs: str) -> None:
    with pytest.raises(InputError, match=rf"this network has {inputs}; take network or layer instead\.$"):
        FIGURES["regions"].draw(request_of(preset))
    with pytest.raises(InputError, match="this network has 2 outputs that are numbers"):
        FIGURES["regions"].draw(request_of("mazur"))
