"""Tests of the layer view of a whole batch: the order of its blocks, and their names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session, select
from nn_tui.tui.views import layer
from tests._app import DARK, experiment
from tests.tui.views.test_layer_arrangement import blocks, name, networks

ORDER = ("x", "z", "a", "y", "term", "da", "slope", "dz", "db", "dw", "w", "dx")


def batch_of(made: Experiment, index: int, digits: int | None = 4) -> Session:
    session = stepping.whole_pass(new_session(made))
    index %= len(session.engine.sizes) - 1
    return replace(select(session, replace(session.ref, layer=index)), batch=True, digits=digits)


@settings(max_examples=40)
@given(networks(), st.integers(0, 2), st.sampled_from((2, 4, 6, None)), st.integers(58, 160))
def test_the_order_of_blocks_depends_on_neither_width_nor_digits(
    made: Experiment, index: int, digits: int | None, width: int
) -> None:
    layout = layer.layout_layer(batch_of(made, index, digits), DARK.glyphs, width, 20)
    shown = [name(key) for key in blocks(layout)]
    assert shown == [each for each in ORDER if each in shown]
    assert set(ORDER) - set(shown) <= {"y", "term", "dx"}
    assert layout.width <= width, "no block is cut at the right edge"


def test_a_large_batch_has_a_unit_of_each_block_side_by_side() -> None:
    layout = layer.layout_layer(batch_of(experiment("iris"), 1), DARK.glyphs, 60, 20)
    lines = [strip.text.split() for strip in draw_matrix(layout, DARK, 1, 0, 60, 4)]
    assert lines[0] == ["a₁", "z₂", "a₂", "target", "y", "loss"]
    assert lines[1] == ["h₂", "versi…", "versi…", "versi…", "versi…"]
    assert len(lines[2]) == 1 + 5


@pytest.mark.parametrize(("preset", "names"), [("xor", ["y", "ŷ"]), ("mazur", ["y₁", "y₂", "ŷ₁", "ŷ₂"])])
def test_the_targets_of_a_batch_are_called_y(preset: str, names: list[str]) -> None:
    layout = layer.layout_layer(batch_of(experiment(preset), 1), DARK.glyphs, 57, 20)
    lines = [strip.text for strip in draw_matrix(layout, DARK, 0, 0, 57, layout.height)]
    title = next(index for index, line in enumerate(lines) if "target y" in line)
    assert lines[title + 1].split() == names


def test_the_title_of_the_output_layer_says_that_its_targets_are_standardised() -> None:
    preset = find_preset("sine")
    for is_scaled in (True, False):
        made = load_experiment(replace(preset, data=replace(preset.data, standardize_target=is_scaled)))
        assert ("y and ŷ standardised" in layer.title(batch_of(made, 1), DARK)) == is_scaled
        assert "standardised" not in layer.title(batch_of(made, 0), DARK)
