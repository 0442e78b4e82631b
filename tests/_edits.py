"""A small problem that takes every live change, and the change itself by its text."""

from __future__ import annotations

from nn_tui.core.edits.parser import parse_edit
from nn_tui.core.engine.trace import State
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec


def problem(optimizer: str = "momentum", rate: float = 0.1, hidden: tuple[int, ...] = (4,)) -> Experiment:
    """Noisy circles in batches of 5, sigmoid output on squared error: a problem that takes every edit."""
    layers = (*(LayerSpec(units, "tanh") for units in hidden), LayerSpec(1, "sigmoid"))
    training = TrainingSpec(batch_size=5, optimizer=OptimizerSpec(optimizer, rate))
    data = DataSpec(generator="circles", samples=16, noise=0.1)
    return load_experiment(Preset("circles", "Circles", "", data, layers, training, seed=3))


def trained(experiment: Experiment, updates: int = 9) -> Run:
    """A run of the experiment after some updates."""
    run = Run.start(experiment)
    run.train(updates)
    return run


def edit(run: Run, text: str, at: int | None = None, row: int = 0) -> Run:
    """The run that ``text`` makes, by default of where the run ends."""
    return parse_edit(text, run, run.reached if at is None else at, row).run


def bits(state: State) -> tuple[bytes, int]:
    """Everything that a state is, to be compared exactly."""
    return state.array.tobytes(), state.steps
