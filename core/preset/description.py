"""A description of what the program has read from a preset, including the choices that the preset does not state."""

from __future__ import annotations

import numpy as np

from nn_tui.core.spec import Experiment
from nn_tui.core.text import pluralize

_MAX_NAMED_CLASSES = 6
_MAX_LABEL_VALUES = 20  # a target column with more different whole numbers is hardly meant as classes


def describe_experiment(experiment: Experiment) -> list[str]:
    """Return one line about samples, inputs, target and training, and a hint if whole numbers may be classes."""
    data, training, spec = experiment.data, experiment.training, experiment.preset.data
    samples = pluralize(len(data.x), "training sample")
    if len(data.x_test):
        samples += f" and {len(data.x_test):,} for testing"
    inputs = pluralize(data.x.shape[1], "input") + (" (standardised)" if spec.standardize else "")
    names = ", ".join(data.classes) if len(data.classes) <= _MAX_NAMED_CLASSES else ""
    if data.classes:
        target = f"{len(data.classes)} classes{f' ({names})' if names else ''}"
    else:
        target = pluralize(data.y.shape[1], "number")
    lines = [f"{samples}; {inputs} to {target}; {training.loss} loss, {training.optimizer.name}."]
    values = np.unique(data.y)
    is_whole = bool((values == np.rint(values)).all())
    if spec.csv is not None and not data.classes and len(values) <= _MAX_LABEL_VALUES and is_whole:
        lines.append(
            f"The {len(values)} values of {data.output_names[0]} are taken as numbers; if they are classes, "
            "write a preset with classes = true in [data]."
        )
    return lines
