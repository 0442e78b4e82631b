"""The labels of inputs, targets, predictions and outputs on a screen.

Everywhere y is the target and ŷ the prediction. A class keeps its name, and so does a column of a data file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nn_tui.core.spec import Dataset
from nn_tui.core.text import subscript


def input_labels(data: Dataset) -> tuple[str, ...]:
    """Return a label for each input of the network: ``x₁`` or the name of a column; ``x₁²`` for a feature."""
    if data.features:
        return tuple(_feature_label(name) for name in data.features)
    return _numbered("x", data.input_names) or data.input_names


def point_labels(data: Dataset) -> tuple[str, ...]:
    """Return a label for each column of the raw points, from which features are computed."""
    if data.features:
        return tuple(f"x{subscript(index + 1)}" for index in range(data.points.shape[1]))
    return input_labels(data)


def target_labels(data: Dataset) -> tuple[str, ...]:
    """Return a label for each target: ``y`` for a single one, ``y₁``, or ``y`` and the name of the class."""
    return _labels_of_outputs("y", data.output_names)


def prediction_labels(data: Dataset) -> tuple[str, ...]:
    """Return a label for each prediction: ``ŷ`` for a single one, ``ŷ₁``, or ``ŷ`` and the name of the class."""
    return _labels_of_outputs("ŷ", data.output_names)


def error_labels(data: Dataset) -> tuple[str, ...]:
    """Return a label for each error: ``ŷ−y`` for a single one, ``ŷ₁−y₁``, or ``ŷ−y`` and the name of the class."""
    if has_named_outputs(data):
        return tuple(f"ŷ−y {name}" for name in data.output_names)
    pairs = zip(prediction_labels(data), target_labels(data), strict=True)
    return tuple(f"{prediction}−{target}" for prediction, target in pairs)


def unit_labels(data: Dataset) -> tuple[str, ...]:
    """Return a label for each output unit: the name of its class, else that of its prediction."""
    return data.output_names if has_named_outputs(data) else prediction_labels(data)


def has_named_outputs(data: Dataset) -> bool:
    """Return whether the outputs have names of their own, such as those of classes, and not numbers alone."""
    return len(data.output_names) > 1 and not _numbered("y", data.output_names)


def output_labels(data: Dataset) -> tuple[str, ...]:
    """Return the name of the class of each output, or its number if it has none."""
    return _without_letter(data.output_names)


def class_labels(data: Dataset) -> tuple[str, ...]:
    """Return the names of the classes; their numbers where a table of one-hot rows gives them no names."""
    return _without_letter(data.classes)


def _labels_of_outputs(letter: str, names: Sequence[str]) -> tuple[str, ...]:
    if len(names) == 1:
        return (letter,)
    return _numbered("y", names, letter) or tuple(f"{letter} {name}" for name in names)


def _without_letter(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(index + 1) for index in range(len(names))) if _numbered("y", names) else names


def _numbered(letter: str, names: Sequence[str], shown: str = "") -> tuple[str, ...]:
    """Return ``x₁``, ``x₂``, … if the names are ``x1``, ``x2``, …, and ``x`` for ``x``; nothing for other names.

    Args:
        letter: The letter of the names.
        names: The names.
        shown: The letter of the labels; "" for that of the names.
    """
    shown = shown or letter
    if tuple(names) == (letter,):
        return (shown,)
    if all(name == f"{letter}{index}" for index, name in enumerate(names, 1)):
        return tuple(f"{shown}{subscript(index + 1)}" for index in range(len(names)))
    return ()


def _feature_label(name: str) -> str:
    """Return a feature as a formula: ``x₁·x₂`` for ``x1*x2``."""
    label = re.sub(r"x([12])", lambda match: f"x{subscript(int(match[1]))}", name)
    return label.replace("^2", "²").replace("*", "·")
