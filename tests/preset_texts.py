"""Preset files as text, for the tests of the preset reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.spec import Preset

CONTRACT = """
title = "Mazur 2-2-2"
summary = "One line."
seed = 7
[data]
inputs  = [[0.05, 0.10]]
targets = [[0.01, 0.99]]
[[layers]]
units = 2
activation = "sigmoid"
init = "xavier_uniform"
weights = [[0.15, 0.20], [0.25, 0.30]]
bias = [0.35, 0.35]
train_bias = false
[[layers]]
units = 2
activation = "sigmoid"
weights = [[0.40, 0.45], [0.50, 0.55]]
bias = [0.60, 0.60]
train_bias = false
[training]
loss = "half_squared_error"
reduction = "mean"
batch_size = 1
shuffle = false
l1 = 0.0
l2 = 0.0
[training.optimizer]
name = "sgd"
learning_rate = 0.5
[expect]
updates = 2000
loss_below = 0.01
"""

SMALL = """
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [[0], [1], [1], [0]]
[[layers]]
units = 3
activation = "tanh"
[[layers]]
units = 1
activation = "sigmoid"
[training]
loss = "binary_cross_entropy"
[training.optimizer]
name = "sgd"
"""

# Lines of SMALL, for tests that replace one of them.
SIGMOID, TANH, LOSS = 'activation = "sigmoid"', 'activation = "tanh"', 'loss = "binary_cross_entropy"'
INPUTS, TARGETS = "inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]", "targets = [[0], [1], [1], [0]]"
TABLE = f"{INPUTS}\n{TARGETS}"


def parse(text: str, folder: Path | None = None) -> Preset:
    """Parse ``text`` as the content of the file mine.toml."""
    return parse_preset(text, id="mine", file="mine.toml", folder=folder)


def refusal(text: str) -> str:
    """Return the message with which parsing or loading ``text`` is refused."""
    with pytest.raises(InputError) as caught:
        load_experiment(parse(text))
    message = str(caught.value)
    assert message.isprintable(), "control characters reached the message"
    assert message.endswith((".", "?"))
    assert len(message) < 400
    return message
