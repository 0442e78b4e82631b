"""Warnings about what is valid in a preset and probably not meant."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.nn.initializers import has_random_weights
from nn_tui.core.spec import DEFAULT_INIT, Experiment
from nn_tui.core.translation import Message, message, message_plural

_LARGE_TEST_FRACTION = 0.8


def experiment_warnings(experiment: Experiment, *, is_seed_given: bool = False) -> tuple[Message, ...]:
    """Return a sentence on each setting that has no effect or a bad one.

    Args:
        experiment: The experiment, whose settings are all valid.
        is_seed_given: Whether a seed was given in place of the one of the preset.
    """
    return tuple(_warnings(experiment, is_seed_given))


def _warnings(experiment: Experiment, is_seed_given: bool) -> Iterator[Message]:
    training, spec, data = experiment.training, experiment.preset.data, experiment.data
    if is_seed_given and not has_random_weights(experiment.layers):
        is_order_random = training.shuffle and training.batch_size is not None and training.batch_size < len(data.x)
        if spec.generator is not None or spec.test_fraction or is_order_random:
            yield message("The seed changes no weight here, because none is drawn at random.")
        else:
            yield message("The seed changes nothing here, because no weight and no sample is drawn at random.")
    for number, layer in enumerate(experiment.layers, 1):
        if layer.weights is not None and (layer.init != DEFAULT_INIT or layer.init_options):
            yield message(
                "The init {init} of layer {layer} has no effect, because its weights are given.",
                init=layer.init,
                layer=number,
            )
    momentum = dict(training.optimizer.options).get("momentum", 0.0)
    if momentum >= 1.0:
        yield message(
            "The momentum {value:g} is not below 1: the velocity never forgets old gradients, "
            "so the run may not converge.",
            value=momentum,
        )
    if spec.test_fraction > _LARGE_TEST_FRACTION:
        yield message_plural(
            "With test_fraction {fraction:g}, only {count} of {total} samples is left to train on.",
            "With test_fraction {fraction:g}, only {count} of {total} samples are left to train on.",
            len(data.x),
            fraction=spec.test_fraction,
            total=len(data.x) + len(data.x_test),
        )
