"""The expected badges of the shipped presets, and helpers to diagnose them."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.analysis.badge import Badge, Kind
from nn_tui.core.analysis.health import diagnose
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, Preset

HEALTHY = (
    "neuron", "and", "or", "nand", "xor", "xor-221", "xor-relu-exact", "mazur", "plane", "schedule", "sine",
    "hills", "gaussians", "circles", "features", "moons", "spiral", "blobs", "ravine-sgd", "ravine-momentum",
    "ravine-rmsprop", "ravine-adam", "autoencoder", "iris", "penguins", "digits",
)  # fmt: skip
# The badges of all other presets by update; the last update is that of their [expect]. An update after the divergence
# means the divergence.
TROUBLED: dict[str, dict[int, set[Kind]]] = {
    "xor-perceptron": {0: set(), 1: set(), 8: set(), 9: {"cycle"}, 10: {"cycle"}, 155: {"cycle"}, 400: {"cycle"}},
    "xor-221-stuck": {0: set(), 1: set(), 10: set(), 100: set(), 500: set(), 2000: {"plateau"}},
    "xor-zeros": {
        0: {"symmetric"}, 1: {"symmetric"}, 10: {"symmetric"}, 100: {"symmetric"},
        500: {"symmetric", "stuck_at_mean"}, 2000: {"symmetric", "stuck_at_mean"},
    },
    "too-fast": {
        0: {"update_large"}, 1: {"update_large"}, 5: {"divergence", "update_large"},
        10: {"divergence", "exploding", "update_large"}, 100: {"divergence", "exploding", "update_large"},
        1000: {"divergence"},
    },
    "too-slow": {
        0: {"update_small"}, 1: {"update_small"}, 10: {"update_small"}, 100: {"update_small"},
        1000: {"update_small", "plateau"},
    },
    "vanishing": {
        0: {"vanishing"}, 1: {"vanishing"}, 10: {"vanishing"}, 100: {"vanishing"},
        500: {"vanishing", "stuck_at_mean"}, 1000: {"vanishing", "stuck_at_mean"},
    },
    # It learns although no row switches on two of its units.
    "vanishing-relu": {0: {"dead"}, 1: {"dead"}, 10: {"dead"}, 100: {"dead"}, 1000: {"dead"}},
    "exploding": {
        0: {"exploding", "update_large"}, 1: {"divergence", "exploding", "update_large"}, 10: {"divergence"},
    },
    "dying-relu": {
        0: {"update_large"}, 1: {"update_large"}, 10: {"dead"}, 100: {"dead"}, 200: {"dead", "stuck_at_mean"},
    },
    "local-minimum-full": {
        0: {"update_large"}, 1: {"update_large"}, 10: set(), 75: set(), 100: set(), 300: {"plateau"},
    },
    "local-minimum-single": {0: set(), 1: set(), 10: {"update_large"}, 100: set(), 150: set(), 300: set()},
    "penguins-raw": {
        0: {"saturated"}, 1: {"saturated"}, 10: {"saturated"}, 100: {"saturated"}, 300: {"saturated", "stuck_at_mean"},
    },
}  # fmt: skip


def badges_at(run: Run, update: int) -> tuple[Badge, ...]:
    """Return the badges after an update; at the start of a segment those before the next update."""
    done = run.goto(update)
    starts = {segment.start for segment in run.segments}
    trace = run.trace(done + 1 if done in starts else done)
    badges = diagnose(run, trace, done)
    run.release(trace)
    return badges


def start(preset: Preset) -> Run:
    return Run.start(load_experiment(preset))


def kinds(badges: tuple[Badge, ...]) -> set[Kind]:
    return {badge.kind for badge in badges}


def with_layers(preset: Preset, *layers: LayerSpec) -> Preset:
    return replace(preset, layers=layers)
