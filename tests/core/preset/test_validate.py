"""Check that inconsistent presets are refused in one sentence with file, key and remedy."""

from __future__ import annotations

import pytest

from nn_tui.core.preset.loader import load_experiment
from tests.preset_texts import LOSS, SIGMOID, SMALL, TABLE, TANH, TARGETS, parse, refusal

REFUSED = [
    # expectations
    (
        "[data]",
        "[expect]\nupdates = 1\nloss_below = 1\ndiverges = true\n[data]",
        "expect.diverges: a run that diverges has no loss or accuracy to expect.",
    ),
    (
        "[data]",
        "[expect]\nupdates = 1\naccuracy_at_most = 0.5\ndiverges = true\n[data]",
        "expect.diverges: a run that diverges has no loss or accuracy to expect.",
    ),
    (
        "[data]",
        "[expect]\nupdates = 1\nloss_below = 0.1\nloss_above = 0.2\n[data]",
        "expect.loss_above: no loss is above 0.2 and below 0.1; loss_above must be the smaller one.",
    ),
    ("[data]", "[expect]\nupdates = 1\nloss_below = 0\n[data]", "expect.loss_below: no loss is below 0; write"),
    (
        "[data]",
        "[expect]\nupdates = 1\naccuracy_at_least = 0.9\naccuracy_at_most = 0.8\n[data]",
        "expect.accuracy_at_least: no accuracy is at least 0.9 and at most 0.8; "
        "accuracy_at_least must be the smaller one.",
    ),
    # shapes and combinations
    (TANH, TANH + "\nbias = [1, 2]", "layers[0].bias: it has 2 numbers, but the layer has 3 units; write one"),
    (
        TANH,
        TANH + "\nweights = [[1, 2]]",
        "layers[0].weights: 1 × 2 does not fit; it must be 3 × 2, a row for each unit and a column for each input.",
    ),
    (SIGMOID, SIGMOID + "\nweights = [[1, 2]]", "layers[1].weights: 1 × 2 does not fit; it must be 1 × 3"),
    ("units = 1", "units = 2", "layers[1].units: 2 does not fit the data, which has 1 target column."),
    (TANH, 'activation = "softmax"', 'layers[0].activation: "softmax" is for the output layer only'),
    (SIGMOID, TANH, 'needs sigmoid in layer 2; with "tanh" there, use one of'),
    (
        LOSS,
        'loss = "cross_entropy"',
        '"cross_entropy" needs softmax in layer 2; with',
    ),
    (LOSS, 'loss = "perceptron"', 'training.loss: "perceptron" needs identity in layer 2; with "sigmoid" there'),
    (
        TARGETS,
        "targets = [[0], [1], [1], [2]]",
        "does not fit the targets (2) of training sample 4. Each target must be from 0 to 1.",
    ),
    (
        TARGETS,
        "targets = [[-1], [1], [1], [-1]]",
        "does not fit the targets (-1) of training sample 1. Each target must be from 0 to 1; write 0 for −1.",
    ),
    (
        TANH,
        TANH + '\ninit = "uniform"\ninit_low = 2',
        "layers[0].init_low: 2 is above init_high, 1; init_low must be the smaller one.",
    ),
    # size, before anything is allocated
    (
        "units = 3\n",
        "units = 90000\n[[layers]]\nunits = 90000\n",
        "layers: 8,100,450,001 parameters are more than the 20,000,000",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), REFUSED)
def test_a_wrong_combination_is_refused_with_file_key_and_remedy(old: str, new: str, message: str) -> None:
    assert old in SMALL
    text = refusal(SMALL.replace(old, new, 1))
    assert text.startswith("mine.toml: ")
    assert message in text


@pytest.mark.parametrize(
    ("loss", "activation", "targets", "fits"),
    [
        ("cross_entropy", "softmax", "[[0.25, 0.75]]", True),
        ("cross_entropy", "softmax", "[[0.5, 0.6]]", False),
        ("cross_entropy", "softmax", "[[1.5, -0.5]]", False),
        ("cross_entropy", "softmax", "[[1, 1]]", False),
        ("binary_cross_entropy", "sigmoid", "[[0.5, 1]]", True),
        ("binary_cross_entropy", "sigmoid", "[[-0.1, 1]]", False),
        ("perceptron", "identity", "[[0, 1]]", True),
        ("perceptron", "identity", "[[0.5, 1]]", False),
        ("mean_squared_error", "softmax", "[[3, 4]]", True),
    ],
)
def test_targets_must_suit_the_loss(loss: str, activation: str, targets: str, fits: bool) -> None:
    text = f"""
[data]
inputs = [[1.0]]
targets = {targets}
[[layers]]
units = 2
activation = "{activation}"
[training]
loss = "{loss}"
"""
    if fits:
        assert load_experiment(parse(text)).sizes == (1, 2)
    else:
        assert f'"{loss}" does not fit the targets' in refusal(text)


@pytest.mark.parametrize("loss", ["half_squared_error", "huber", "mean_absolute_error", "mean_squared_error"])
@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu", "gelu", "softplus"])
def test_the_free_losses_take_any_output(loss: str, activation: str) -> None:
    text = SMALL.replace(LOSS, f'loss = "{loss}"\nreduction = "sum"').replace(SIGMOID, f'activation = "{activation}"')
    assert load_experiment(parse(text)).training.loss == loss


def test_the_output_layer_must_fit_the_classes() -> None:
    text = SMALL.replace(TABLE, 'generator = "moons"').replace("units = 1", "units = 3")
    assert "layers[1].units: 3 does not fit the data, whose 2 classes take 1 unit or 2 units." in refusal(text)
    text = SMALL.replace(TABLE, 'generator = "blobs"\nclasses = 4')
    assert "layers[1].units: 1 does not fit the data, whose 4 classes take 4 units." in refusal(text)


def test_a_batch_too_large_for_memory_is_refused() -> None:
    text = SMALL.replace(TABLE, 'generator = "moons"\nsamples = 100000').replace("units = 3", "units = 5000")
    assert "training.batch_size: 100000 rows through 5003 units are more than" in refusal(text)
    assert load_experiment(parse(text.replace(LOSS, LOSS + "\nbatch_size = 100"))).sizes == (2, 5000, 1)
