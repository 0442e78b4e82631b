"""The record of a watched program as a run of ours, which the app opens.

A run goes on by itself as long as the next weights of the program are those that our optimiser gives. Where they are
others, a new segment begins with the weights of the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nn_tui.core.engine.blas import restore_threads
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Dataset, DataSpec, Experiment, OptimizerSpec, Preset, to_matrix
from nn_tui.core.translation import tr
from nn_tui.core.watching.structure import WatchedNetwork, engine_of, run_pass

MAX_PASSES = 10_000
MAX_PARTS = 500  # with weights of the program that are not those that our optimiser gives
MAX_BYTES = 48 * 2**20  # of the weights and samples together
_MAX_NUMBERS = 20_000  # of the samples in the preset of a run, which people may read
_SAME = 1e-9  # how near the weights of a run are to those of the program
_ROUNDINGS = 100.0  # the same in units of the precision of its type
_TINY = 1e-300  # in place of a learning rate of 0, which no preset may have


@dataclass(frozen=True, slots=True, eq=False)
class RecordedPass:
    """One pass of a program.

    Attributes:
        parameters: The parameters before it, (parameters,).
        epsilon: Their relative precision.
        data: Its samples.
        learning_rate: η; None if it is not known.
    """

    parameters: Array
    epsilon: float
    data: Dataset
    learning_rate: float | None


@dataclass(slots=True, eq=False)
class PassRecord:
    """The passes of a program, from the first one on.

    Attributes:
        passes: The passes.
        is_full: Whether a pass was left out because of its size or number; no later one is added.
    """

    passes: list[RecordedPass] = field(default_factory=list)
    is_full: bool = False
    _bytes: int = 0

    def add(self, parameters: Array, epsilon: float, data: Dataset, learning_rate: float | None) -> bool:
        """Add a pass, and return whether there was room for it."""
        is_known = bool(self.passes) and self.passes[-1].data is data
        size = parameters.nbytes + (0 if is_known else data.x.nbytes + data.y.nbytes)
        if self.is_full or (self.passes and (len(self.passes) >= MAX_PASSES or self._bytes + size > MAX_BYTES)):
            self.is_full = True
            return False
        self._bytes += size
        self.passes.append(RecordedPass(parameters, epsilon, data, learning_rate))
        return True


@dataclass(slots=True, eq=False)
class _Part:
    """Passes that follow one another: the state before the first, and the samples of each."""

    start: int
    state: State
    batches: list[Dataset]
    learning_rate: float


def recorded_run(
    record: PassRecord, structure: WatchedNetwork, optimizer: OptimizerSpec | None, notes: str, change: str
) -> Run:
    """Return the passes of a program as a run, at update 0; its pass N is that of call N.

    Args:
        record: The passes; at least one.
        structure: The network.
        optimizer: The optimiser; None if it is not known.
        notes: A text about the run, which the app shows.
        change: What is said of places where the weights of the program are not those of the optimiser.
    """
    spec = optimizer or OptimizerSpec()
    parts = _parts(record.passes, structure, spec)
    first = _experiment(structure, spec, parts[0], notes)
    run: Run | None = None
    with restore_threads():
        for part in parts:
            training = structure.training(replace(spec, learning_rate=part.learning_rate))
            if len({id(data) for data in part.batches}) > 1:
                training = replace(training, batch_size=len(part.batches[0].x))
            experiment = replace(first, data=_stacked(part, first.data), training=training)
            if run is None:
                run = Run.start(experiment)
            else:
                run = run.edited(part.start, experiment, Change("text", change), part.state)
            run.goto(part.start + len(part.batches), past_divergence=True)
        assert run is not None
        run.goto(0)
    return run


def _parts(passes: Sequence[RecordedPass], structure: WatchedNetwork, spec: OptimizerSpec) -> list[_Part]:
    """Divide the passes where the weights, the size of the batch or η are others than the pass before gives."""
    parts: list[_Part] = []
    engine: Engine | None = None
    state: State | None = None  # what our optimiser gives, with the weights of the program
    follows = False
    for number, each in enumerate(passes):
        rate = max(each.learning_rate or spec.learning_rate, _TINY)
        if engine is None or engine.experiment.data is not each.data or rate != _rate(engine):
            engine = engine_of(structure, each.data, replace(spec, learning_rate=rate), engine)
        if state is None:
            state = engine.new_state()
            state.array[...] = 0.0
            state.scalars = engine.optimizer.initial_scalars
        else:
            gap = np.abs(state.parameters - each.parameters).max(initial=0.0)
            allowed = max(_SAME, _ROUNDINGS * each.epsilon)
            follows = bool(gap <= allowed * max(1.0, float(np.abs(each.parameters).max(initial=0.0))))
        if not follows:
            state.parameters[...] = each.parameters
        state.refcount = 1
        last = parts[-1] if parts else None
        if last is None or not follows or rate != last.learning_rate or not _is_alike(last, each.data):
            if len(parts) == MAX_PARTS:
                return parts
            parts.append(_Part(number, state.copy(), [], rate))
        parts[-1].batches.append(each.data)
        trace = run_pass(engine, state, number + 1)
        state = trace.after.copy()
        engine.release(trace)
    return parts


def _rate(engine: Engine) -> float:
    return engine.experiment.training.optimizer.learning_rate


def _is_alike(part: _Part, data: Dataset) -> bool:
    """Return whether samples may be one more batch of a part: the same ones again, or as many others."""
    is_one = all(batch is part.batches[0] for batch in part.batches)
    if is_one and len(part.batches) > 1:
        return data is part.batches[0]
    return len(data.x) == len(part.batches[0].x)


def _stacked(part: _Part, like: Dataset) -> Dataset:
    """Return the samples of a part: its batches one below the other, so that each pass takes its own."""
    batches = part.batches
    if all(batch is batches[0] for batch in batches):
        x, y = batches[0].x, batches[0].y
    else:
        shift = part.start % len(batches)  # the first pass of the part takes the batch at this position
        turned = [*batches[len(batches) - shift :], *batches[: len(batches) - shift]]
        x, y = (np.concatenate([getattr(batch, name) for batch in turned]) for name in ("x", "y"))
    if x.shape == like.x.shape and np.array_equal(x, like.x) and np.array_equal(y, like.y):
        return like
    return replace(like, x=x, y=y, points=x)


def _experiment(structure: WatchedNetwork, spec: OptimizerSpec, part: _Part, notes: str) -> Experiment:
    """Return the experiment of the first part, with a preset that starts like the program."""
    data = part.batches[0]
    rows = max(1, _MAX_NUMBERS // (data.x.shape[1] + data.y.shape[1]))
    layers = tuple(
        replace(layer, weights=to_matrix(w), bias=tuple(b.tolist()))
        for layer, w, b in zip(structure.layers, part.state.weights, part.state.biases, strict=True)
    )
    preset = Preset(
        "watched",
        tr("Your program"),
        tr("The passes of a program that was watched."),
        DataSpec(inputs=to_matrix(data.x[:rows]), targets=to_matrix(data.y[:rows])),
        layers,
        structure.training(replace(spec, learning_rate=part.learning_rate)),
        notes=notes,
    )
    return load_experiment(preset)
