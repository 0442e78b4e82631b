"""The expected findings of the shipped presets, and helpers to diagnose them."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.diagnosis.finding import Finding, Kind
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, Preset

HEALTHY = (
    "neuron", "and", "or", "nand", "xor", "xor-221", "xor-relu-exact", "mazur", "plane", "schedule", "sine",
    "hills", "gaussians", "circles", "features", "moons", "spiral", "blobs", "ravine-sgd", "ravine-momentum",
    "ravine-rmsprop", "ravine-adam", "autoencoder", "iris", "penguins", "digits", "vanishing-relu",
    "local-minimum-single",
)  # fmt: skip
# The kinds of the findings of all other presets by update; the last update is that of their [expect]. An update after
# the divergence means the divergence.
TROUBLED: dict[str, dict[int, tuple[Kind, ...]]] = {
    "xor-perceptron": {
        0: ("single_layer",), 1: ("single_layer",), 8: ("single_layer",), 9: ("single_layer", "cycle"),
        10: ("single_layer", "cycle"), 155: ("single_layer", "cycle"), 400: ("single_layer", "cycle"),
    },
    "xor-221-stuck": {0: (), 1: (), 10: (), 100: (), 500: (), 2000: ("local_minimum",)},
    "xor-zeros": {
        0: ("symmetric",), 1: ("symmetric",), 10: ("symmetric",), 100: ("symmetric",), 500: ("symmetric",),
        2000: ("symmetric",),
    },
    "too-fast": {
        0: (), 1: (), 5: ("learning_rate_high",), 10: ("learning_rate_high",), 100: ("learning_rate_high",),
        1000: ("diverged",),
    },
    "too-slow": dict.fromkeys((0, 1, 10, 100, 1000), ("learning_rate_low",)),
    "overfitting": {0: (), 1: (), 10: (), 100: (), 500: ("overfitting",), 1000: ("overfitting",)},
    "vanishing": dict.fromkeys((0, 1, 10, 100, 500, 1000), ("vanishing",)),
    "exploding": {0: ("exploding",), 1: ("exploding",), 10: ("exploding", "diverged")},
    "dying-relu": {
        0: (), 1: (), 10: ("learning_rate_high", "dead_units"), 100: ("learning_rate_high", "dead_units"),
        200: ("learning_rate_high", "dead_units"),
    },
    "local-minimum-full": {0: (), 1: (), 10: (), 75: (), 100: (), 300: ("local_minimum",)},
    "penguins-raw": {
        0: ("inputs_unscaled", "saturated"), 1: ("inputs_unscaled", "saturated"), 10: ("inputs_unscaled", "saturated"),
        100: ("inputs_unscaled", "saturated"), 300: ("inputs_unscaled", "saturated"),
    },
}  # fmt: skip


def findings_at(run: Run, update: int) -> tuple[Finding, ...]:
    """Return the findings after an update; at the start of a segment those before the next update."""
    done = run.goto(update)
    starts = {segment.start for segment in run.segments}
    trace = run.trace(done + 1 if done in starts else done)
    findings = diagnose(run, trace, done)
    run.release(trace)
    return findings


def start(preset: Preset) -> Run:
    return Run.start(load_experiment(preset))


def kinds(findings: tuple[Finding, ...]) -> tuple[Kind, ...]:
    """Return the kinds of the findings, in their order."""
    return tuple(finding.kind for finding in findings)


def with_layers(preset: Preset, *layers: LayerSpec) -> Preset:
    return replace(preset, layers=layers)
