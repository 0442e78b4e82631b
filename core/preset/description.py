"""A description of what the program has read from a preset, including the choices that the preset does not state."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.units import has_standardized_targets, raw_targets
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import Message, message, message_plural, tr

_MAX_NAMED_CLASSES = 6
_MAX_LABEL_VALUES = 20  # a target column with more different whole numbers is hardly meant as classes


def describe_experiment(experiment: Experiment) -> list[str]:
    """Return one line about samples, inputs, target and training, and a hint if whole numbers may be classes."""
    data, training, spec = experiment.data, experiment.training, experiment.preset.data
    lines = [
        tr(
            "{samples}; {inputs} to {target}; {loss} loss, {optimizer}.",
            samples=_samples(experiment),
            inputs=_inputs(experiment),
            target=_target(experiment),
            loss=training.loss,
            optimizer=training.optimizer.name,
        )
    ]
    values = np.unique(raw_targets(data))
    is_whole = bool((values == np.rint(values)).all())
    if (
        spec.csv is not None
        and spec.options is None
        and not data.classes
        and len(values) <= _MAX_LABEL_VALUES
        and is_whole
    ):
        lines.append(
            tr(
                "The {count} values of {target} are taken as numbers; if they are classes, "
                "write a preset with classes = true in [data].",
                count=len(values),
                target=data.output_names[0],
            )
        )
    return lines


def _samples(experiment: Experiment) -> Message:
    count, test_count = len(experiment.data.x), len(experiment.data.x_test)
    if test_count:
        return message_plural(
            "{count:,} training sample and {test:,} for testing",
            "{count:,} training samples and {test:,} for testing",
            count,
            test=test_count,
        )
    return message_plural("{count:,} training sample", "{count:,} training samples", count)


def _inputs(experiment: Experiment) -> Message:
    count = experiment.data.x.shape[1]
    if experiment.preset.data.standardize:
        return message_plural("{count:,} input (standardised)", "{count:,} inputs (standardised)", count)
    return message_plural("{count:,} input", "{count:,} inputs", count)


def _target(experiment: Experiment) -> Message:
    data = experiment.data
    if data.classes and len(data.classes) <= _MAX_NAMED_CLASSES:
        return message("{count} classes ({names})", count=len(data.classes), names=", ".join(data.classes))
    if data.classes:
        return message("{count} classes", count=len(data.classes))
    if has_standardized_targets(data):
        return message_plural("{count:,} number (standardised)", "{count:,} numbers (standardised)", data.y.shape[1])
    return message_plural("{count:,} number", "{count:,} numbers", data.y.shape[1])
