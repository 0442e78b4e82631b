"""Tests of the preset writer: what it writes is parsed to the same preset."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.writer import preset_text
from nn_tui.core.spec import Experiment, Preset
from tests._explanations import experiments

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)


def parsed(text: str, like: Preset) -> Preset:
    """Parse the text under the id and the folder of another preset."""
    return parse_preset(text, id=like.id, file=f"{like.id}.toml", folder=like.folder)


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.id)
def test_a_shipped_preset_is_read_back_as_it_is(preset: Preset) -> None:
    assert parsed(preset_text(preset), preset) == preset


@given(experiments(), TEXTS, TEXTS)
def test_a_random_preset_is_read_back_as_it_is(experiment: Experiment, summary: str, notes: str) -> None:
    preset = replace(experiment.preset, summary=" ".join(summary.split()), notes=notes.strip())
    again = parsed(preset_text(preset), preset)
    assert again == replace(preset, summary=again.summary, notes=again.notes)
    assert parsed(preset_text(again), preset) == again


def test_quotes_and_backslashes_of_notes_stay() -> None:
    preset = replace(shipped_presets()[0], notes='He said "look". Then: C:\\new, and """ at the end.')
    assert parsed(preset_text(preset), preset).notes == preset.notes


def test_a_comment_stands_at_the_head() -> None:
    preset = shipped_presets()[0]
    text = preset_text(preset, "Two lines\nof a comment.")
    assert text.startswith("# Two lines\n# of a comment.\ntitle = ")
    assert parsed(text, preset) == preset


def test_each_row_of_a_matrix_has_a_line_of_its_own() -> None:
    mazur = next(preset for preset in shipped_presets() if preset.id == "mazur")
    assert "weights = [\n    [0.15, 0.2],\n    [0.25, 0.3],\n]\n" in preset_text(mazur)


def test_the_standardisation_of_targets_is_written() -> None:
    preset = next(preset for preset in shipped_presets() if preset.id == "sine")
    preset = replace(preset, data=replace(preset.data, standardize_target=True))
    text = preset_text(preset)
    assert "standardize_target = true\n" in text
    assert parsed(text, preset) == preset
