"""A small experiment for which every live change is valid, and helpers to change its run."""

from __future__ import annotations

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.trace import State
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec

Bits = tuple[bytes, tuple[float, ...]]


def small_experiment(optimizer: str = "momentum", rate: float = 0.1, hidden: tuple[int, ...] = (4,)) -> Experiment:
    """Return noisy circles in batches of 5, with a sigmoid output and a squared error; every live change is valid."""
    layers = (*(LayerSpec(units, "tanh") for units in hidden), LayerSpec(1, "sigmoid"))
    training = TrainingSpec(batch_size=5, optimizer=OptimizerSpec(optimizer, rate))
    data = DataSpec(generator="circles", samples=16, noise=0.1)
    return load_experiment(Preset("circles", "Circles", "", data, layers, training, seed=3))


def trained(experiment: Experiment, updates: int = 9) -> Run:
    """Return a run of the experiment after some updates."""
    run = Run.start(experiment)
    run.train(updates)
    return run


def edit(run: Run, text: str, update: int | None = None, row: int = 0) -> Run:
    """Apply a change after ``update`` and return the new run; None means the last update of the run."""
    return apply_edit(text, run, run.reached if update is None else update, row)


def bits(state: State) -> Bits:
    """Return all numbers of a state, for exact comparisons."""
    return state.array.tobytes(), (state.steps, *state.scalars)
