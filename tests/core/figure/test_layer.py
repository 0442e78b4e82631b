"""Tests of the figure of the layers: every number that the pass has computed, and nothing else."""

from __future__ import annotations

import pytest

from nn_tui.core.display.number_text import UNICODE_SIGNS, fmt, number_width
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.figure.layer import draw_layer
from nn_tui.core.figure.layer_blocks import MAX_COLUMNS, MAX_ROWS
from nn_tui.core.figure.svg import text_width
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.spec import Array
from tests.core.figure._figures import Picture, request_of


def texts(values: Array) -> list[str]:
    return [fmt(float(v), 4, width=number_width(4), glyphs=UNICODE_SIGNS).strip() for v in values.ravel()]


def test_the_first_forward_pass_shows_its_numbers_and_no_gradients() -> None:
    request = request_of("xor", "1.forward")
    made, trace, sample = Picture(draw_layer(request)), request.trace, request.ref.sample
    expected = texts(trace.x[sample])
    for layer in range(2):
        expected += [*texts(trace.before.weights[layer]), *texts(trace.before.biases[layer])]
        expected += [*texts(trace.z[layer][sample]), *texts(trace.a[layer][sample])]
    assert made.texts("number") == [*expected, *texts(trace.y[sample])]
    assert len(made.all("blank")) == 1  # the loss of the output
    assert made.texts("array") == ["W₁", "b₁", "z₁", "a₁", "W₂", "b₂", "z₂", "a₂", "target y", "loss"]
    assert made.texts("shape")[:2] == ["4×2", "4"]


@pytest.mark.parametrize("preset", ["vanishing", "digits", "iris", "xor"])
def test_a_whole_pass_fits_on_a_page_with_the_layer_of_the_number_if_not_with_all(preset: str) -> None:
    request = request_of(preset, "2")
    made = Picture(draw_layer(request))
    width, height = made.size()
    assert height <= 1.45 * 900 and width <= 1000 and made.problems() == []
    count = len(request.engine.sizes) - 1
    assert len(made.texts("layer")) == (count if preset == "xor" else 1)
    other = Picture(draw_layer(request_of(preset, "2", ref=Ref("w", 1), is_selected=True)))
    assert other.texts("layer")[0].startswith("Layer 2 of ") and other.size()[1] <= 1.45 * 900


def test_the_end_of_a_pass_is_named_as_such() -> None:
    heading = Picture(draw_layer(request_of("xor", "20"))).texts("heading")
    assert heading[0].endswith("pass 20, after the update")
    assert "W is the matrix before update 20, with which all of this is computed" in " ".join(heading)


def test_inputs_that_are_not_shown_do_not_set_the_colours_of_the_others() -> None:
    made = Picture(draw_layer(request_of("digits", "1")))
    assert len({cell.get("fill") for cell in made.all("cell")[:MAX_COLUMNS]}) > 4


def test_standardised_numbers_are_named() -> None:
    said = {name: " ".join(Picture(draw_layer(request_of(name))).texts("heading")) for name in ("iris", "xor")}
    assert "Inputs are standardised" in said["iris"] and "standardised" not in said["xor"]


def test_what_is_not_computed_yet_is_blank() -> None:
    made = Picture(draw_layer(request_of("xor", "1.z.1.3")))
    blanks = 1 + 4 + 1 + 1 + 1  # one z and all a of layer 1; z and a of layer 2, and the loss
    assert len(made.all("blank")) == blanks


def test_a_whole_pass_shows_gradients_steps_and_the_state_of_the_optimiser() -> None:
    request = request_of("xor", "3", digits=4)
    arrays = Picture(draw_layer(request)).texts("array")
    assert arrays[4:13] == ["dW₁", "db₁", "δ₁", "da₁", "∂a/∂z₁", "ΔW₁", "Δb₁", "W₁′", "b₁′"]
    request = request_of("ravine-adam", "2")
    made = Picture(draw_layer(request))
    assert [name for name in made.texts("array") if name.startswith("m")] == ["m′ of W₁", "m′ of b₁"]
    key = QuantityKey("state_w", "m", True)
    assert set(texts(quantity(request.engine, request.trace, key, 0))) <= set(made.texts("number"))


def test_a_selected_number_is_framed_and_its_layer_stands_alone() -> None:
    request = request_of("xor", "1.backward", ref=Ref("dw", 1, 0, 2, 1), is_selected=True)
    made = Picture(draw_layer(request))
    assert len(made.all("selected")) == 1 and len(made.texts("layer")) == 1
    assert made.texts("number")[:4] == texts(request.trace.a[0][1])  # the inputs of layer 2, of sample 2


@pytest.mark.parametrize("digits", [2, 6, None])
def test_numbers_stay_in_their_cells(digits: int | None) -> None:
    made = Picture(draw_layer(request_of("mazur", "1", digits=digits)))
    assert made.problems() == []
    numbers, cells = made.all("number"), made.all("cell")
    assert len(cells) == len(numbers) > 0
    for cell, number in zip(cells, numbers, strict=True):
        left, right = float(cell.get("x", "")), float(number.get("x", ""))
        assert left < right - text_width(number.text, float(number.get("font-size", "")))
        assert right < left + float(cell.get("width", ""))
        assert 0 < float(number.get("y", "")) - float(cell.get("y", "")) < float(cell.get("height", ""))


def test_a_large_matrix_shows_its_first_rows_and_columns_and_says_how_many_there_are() -> None:
    made = Picture(draw_layer(request_of("digits", ref=Ref("w", 0), is_selected=True)))
    assert made.texts("shape")[0] == "32×64" and "… of 64" in made.texts("more")
    assert "⋮ 20 more" in made.texts("more")
    weights = MAX_ROWS * MAX_COLUMNS
    assert len(made.texts("number")) == MAX_COLUMNS + weights + MAX_ROWS  # x, W and b


def test_a_number_has_the_colour_of_its_scale_and_readable_digits() -> None:
    made = Picture(draw_layer(request_of("xor", "1.forward")))
    positive, negative = (
        {
            cell.get("fill")
            for cell, words in zip(made.all("cell"), made.texts("number"), strict=True)
            if words[0] == sign
        }
        for sign in "+−"
    )
    assert positive and negative and not positive & negative
