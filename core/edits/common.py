"""Helpers that all live changes share: checks of values, and the construction of the changed run.

A change is a pure function ``(run, update, …) -> Run``. The new run equals the old one up to ``update`` (the number of
updates done) and continues with the change; the old run stays as it is. Every change raises InputError if a value does
not fit or is already in force.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nn_tui.core.edits.change_text import format_value
from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.nn.arrays import parameter_count, split_parameters
from nn_tui.core.nn.initializers import initial_parameters
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.validate import MAX_LAYERS, check_experiment
from nn_tui.core.run.change import Change, Value
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec
from nn_tui.core.translation import message

EditFunction = Callable[[Run, int], Run]  # takes the run and the update after which the change takes effect


def at_update(run: Run, update: int) -> tuple[Experiment, State]:
    """Return the experiment in force after ``update`` and the state there, which is read-only.

    Raises:
        ValueError: The run has not reached ``update``.
    """
    if not 0 <= update <= run.reached:
        raise ValueError(f"update {update} is not in this run: it has reached update {run.reached}")
    return run.segment(update).experiment, run.state_after(update)


def apply_change(run: Run, update: int, experiment: Experiment, change: Change, state: State | None = None) -> Run:
    """Return a copy of ``run`` that continues after ``update`` with another experiment.

    Args:
        run: The run to change; it stays as it is.
        update: The number of updates that the new run shares with ``run``.
        experiment: The experiment of the updates that follow.
        change: What is changed.
        state: The state from which to continue; None means the state after ``update``.

    Raises:
        InputError: The parts of ``experiment`` do not fit together.
    """
    check_experiment(experiment)
    return run.edited(update, experiment, change, state)


def empty_state(experiment: Experiment) -> State:
    """Return a state with the shapes of the experiment, all numbers 0 and no step made."""
    count = parameter_count(experiment.sizes)
    optimizer = OPTIMIZERS[experiment.training.optimizer.name]
    return State(np.zeros((1 + len(optimizer.slots), count)), experiment.sizes, optimizer.initial_scalars)


def draw_parameters(state: State, experiment: Experiment, layers: Sequence[int], edits: int = 0) -> None:
    """Write initial parameters into ``layers`` of ``state``.

    ``edits`` is the number of edits of the run so far: each draws from its own random streams, 0 from the preset's.
    """
    sizes = experiment.sizes
    for index in layers:
        stream = index + MAX_LAYERS * edits
        weights, bias = initial_parameters(experiment.layers[index], stream, sizes[index], experiment.init_seed)
        for row in state.array[1:]:
            split_parameters(row, sizes)[index][...] = 0.0
        state.weights[index][...] = weights
        state.biases[index][...] = bias


def replace_layer(experiment: Experiment, layer: int, spec: LayerSpec) -> Experiment:
    """Return the experiment with another ``layer`` (from 0)."""
    layers = (*experiment.layers[:layer], spec, *experiment.layers[layer + 1 :])
    return replace(experiment, layers=layers)


def check_layer(experiment: Experiment, layer: int) -> int:
    """Return ``layer`` (from 0) if the network has it, or raise InputError."""
    count = len(experiment.layers)
    if not 0 <= layer < count:
        problem = message("there is no such layer; this network has layers 1 to {count}.", count=count)
        if count == 1:
            problem = message("there is no such layer; this network has layer 1 only.")
        raise InputError("not_found", problem, path=("layers", layer), value=layer)
    return layer


def require_change(path: KeyPath, old: Value, new: Value) -> None:
    """Raise InputError if the values are equal, because such an edit would cut the run off for nothing."""
    if old == new:
        problem = message("the value is {value} already.", value=format_value(old))
        raise InputError("unchanged", problem, path=path, value=new)
