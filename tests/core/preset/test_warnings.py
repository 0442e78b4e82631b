"""Tests of warnings about valid presets that are probably not meant."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.preset.loader import find_preset, load_experiment, shipped_presets
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.preset.writer import preset_text
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Preset

SEED = "The seed changes nothing here, because no weight and no sample is drawn at random."


def changed(name: str, old: str, new: str) -> Preset:
    """Return a shipped preset with a part of its text replaced."""
    text = preset_text(find_preset(name))
    assert old in text
    return parse_preset(text.replace(old, new, 1), id="mine", file="mine.toml", folder=find_preset(name).folder)


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.id)
def test_no_shipped_preset_has_a_warning(preset: Preset) -> None:
    assert experiment_warnings(load_experiment(preset)) == ()


@pytest.mark.parametrize(
    ("preset", "sentences"),
    [
        (
            changed("mazur", 'activation = "sigmoid"', 'activation = "sigmoid"\ninit = "zeros"'),
            ["The init zeros of layer 1 has no effect, because its weights are given."],
        ),
        (
            changed("ravine-momentum", 'name = "momentum"', 'name = "momentum"\nmomentum = 1.5'),
            ["The momentum 1.5 is not below 1: the velocity never forgets old gradients, so the run may not converge."],
        ),
        (
            changed("circles", "test_fraction = 0.25", "test_fraction = 0.99"),
            ["With test_fraction 0.99, only 2 of 200 samples are left to train on."],
        ),
        (find_preset("xor"), []),
    ],
    ids=["init", "momentum", "test_fraction", "none"],
)
def test_what_is_probably_not_meant_is_named(preset: Preset, sentences: list[str]) -> None:
    assert [str(warning) for warning in experiment_warnings(load_experiment(preset))] == sentences


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("mazur", [SEED]),
        ("xor-zeros", [SEED]),
        ("xor", []),
        ("circles", []),
    ],
)
def test_a_seed_without_an_effect_is_named(name: str, sentences: list[str]) -> None:
    experiment = load_experiment(find_preset(name), 5)
    assert [str(warning) for warning in experiment_warnings(experiment, is_seed_given=True)] == sentences


def test_a_seed_that_changes_only_the_data_is_named() -> None:
    run = start_with(Run.start(load_experiment(find_preset("circles"))), ["init = zeros"])
    (warning,) = experiment_warnings(run.experiment, is_seed_given=True)
    assert str(warning) == "The seed changes no weight here, because none is drawn at random."
