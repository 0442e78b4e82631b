"""What a preset was read as, in words: what nobody wrote down and the program has chosen is said, too."""

from __future__ import annotations

import numpy as np

from nn_tui.core.spec import Experiment
from nn_tui.core.text import pluralize

NAMED = 6  # classes that are named; of more, the number says enough
FEW = 20  # whole numbers up to which a column to predict may well hold classes


def summary(experiment: Experiment) -> list[str]:
    """Samples, what is predicted from what, and how; then, where whole numbers may be meant as classes, a hint."""
    data, training, spec = experiment.data, experiment.training, experiment.preset.data
    count = pluralize(len(data.x), "training sample")
    if len(data.x_test):
        count += f" and {len(data.x_test):,} for testing"
    inputs = pluralize(data.x.shape[1], "input") + (" (standardised)" if spec.standardize else "")
    names = ", ".join(data.classes) if len(data.classes) <= NAMED else ""
    if data.classes:
        target = f"{len(data.classes)} classes{f' ({names})' if names else ''}"
    else:
        target = pluralize(data.y.shape[1], "number")
    lines = [f"{count}; {inputs} to {target}; {training.loss} loss, {training.optimizer.name}."]
    values = np.unique(data.y)
    if spec.csv is not None and not data.classes and len(values) <= FEW and bool((values == np.rint(values)).all()):
        lines.append(
            f"The {len(values)} values of {data.output_names[0]} are taken as numbers; if they are classes, "
            "write a preset with classes = true in [data]."
        )
    return lines
