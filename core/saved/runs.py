"""Runs as a tree of values that a document can hold, and back.

The reader checks everything: sizes before it allocates memory of that size, and whether the parts fit together. The
preset reader checks presets, layers and training, as it does in a file that people write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TypeVar

from nn_tui.core.data.consistency import is_consistent
from nn_tui.core.edits.change_text import change_text
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import NAMES
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import SHIPPED_DATA
from nn_tui.core.preset.parser import parse_layers, parse_preset_table, parse_training
from nn_tui.core.preset.validate import check_experiment
from nn_tui.core.preset.writer import layers_table, preset_table, training_table
from nn_tui.core.run.change import Change
from nn_tui.core.run.curves import MAX_BUCKETS, MAX_EVALUATIONS, LossCurve
from nn_tui.core.run.replay import Segment
from nn_tui.core.saved.codec import invalid_value
from nn_tui.core.saved.document import too_large_error
from nn_tui.core.saved.earlier import with_fill
from nn_tui.core.saved.record import (
    Progress,
    RunRecord,
    StateRecords,
    record_states,
    restore_states,
    segment_ranges,
)
from nn_tui.core.spec import Dataset, Experiment, Preset
from nn_tui.core.text import printable

_MAX_MEMORY = 2**31  # bytes of the states and of the engines' data, about

T = TypeVar("T")

# The fields of these classes are keys in the files.


@dataclass(frozen=True, slots=True)
class SavedPreset:
    """A preset: its id, whether its CSV file comes with nn-tui, and the table of its file.

    The rows of a CSV file that does not come with nn-tui are a part of the data.
    """

    id: str
    is_shipped: bool
    table: dict[str, object]


@dataclass(frozen=True, slots=True)
class SavedExperiment:
    """An experiment. ``changed`` has the tables ``layers`` and ``training`` where they differ from the preset's."""

    preset: int
    data: int
    seed: int
    init_seed: int
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """A segment: the number of its experiment, the change that began it, and the state that it starts from."""

    experiment: int
    change: Change
    start: StateRecords


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run: the numbers of its segments, and how far it was."""

    segments: tuple[int, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class SavedRuns:
    """Runs, and the values that they share, which other values name by their numbers from 0."""

    presets: tuple[SavedPreset, ...]
    data: tuple[Dataset, ...]
    experiments: tuple[SavedExperiment, ...]
    segments: tuple[SavedSegment, ...]
    runs: tuple[SavedRun, ...]


def save_runs(records: Sequence[RunRecord]) -> SavedRuns:
    """Return the tree of some runs; what several of them share is in it once."""
    segments = _unique(segment for record in records for segment in record.segments)
    experiments = _unique(segment.experiment for segment in segments)
    presets = _unique(experiment.preset for experiment in experiments)
    data = _unique(experiment.data for experiment in experiments)
    number = {id(value): n for values in (segments, experiments, presets, data) for n, value in enumerate(values)}
    shipped = {id(each.data) for each in experiments if _is_shipped(each.preset)}
    return SavedRuns(
        presets=tuple(map(_save_preset, presets)),
        data=tuple(replace(each, table=None) if id(each) in shipped else each for each in data),
        experiments=tuple(
            SavedExperiment(number[id(each.preset)], number[id(each.data)], each.seed, each.init_seed, _changed(each))
            for each in experiments
        ),
        segments=tuple(
            SavedSegment(number[id(each.experiment)], each.change, record_states({each.start: each.state}))
            for each in segments
        ),
        runs=tuple(
            SavedRun(tuple(number[id(segment)] for segment in record.segments), record.progress) for record in records
        ),
    )


def _unique(values: Iterable[T]) -> list[T]:
    return list({id(value): value for value in values}.values())


def _save_preset(preset: Preset) -> SavedPreset:
    spec = preset.data
    options = spec.options
    if spec.csv is not None:  # a name may contain anything, and a path says where it is
        spec = replace(spec, csv=_file_name(spec.csv))
    if options is not None and options.test_csv is not None:
        spec = replace(spec, options=replace(options, test_csv=_file_name(options.test_csv)))
    if options is None and spec.target is not None:
        spec = replace(spec, target=printable(spec.target))
    return SavedPreset(preset.id, _is_shipped(preset), preset_table(replace(preset, data=spec)))


def _is_shipped(preset: Preset) -> bool:
    """Return whether the rows come with nn-tui, and can be read there again without a choice."""
    return preset.folder == SHIPPED_DATA and preset.data.options is None


def _file_name(path: str) -> str:
    return printable(PurePath(path).name).replace("\\", "_")


def _changed(experiment: Experiment) -> dict[str, object]:
    preset = experiment.preset
    layers = {} if experiment.layers == preset.layers else layers_table(experiment.layers)
    training = {} if experiment.training == preset.training else training_table(experiment.training)
    return layers | training


def restore_runs(saved: SavedRuns) -> list[RunRecord]:
    """Return the runs of a tree.

    Raises:
        InputError: For a tree that :func:`save_runs` did not return. Errors of other kinds are possible, too, if the
            parts do not fit together.
    """
    presets = [_restore_preset(preset) for preset in saved.presets]
    all_data = tuple(map(with_fill, saved.data))
    for number, data in enumerate(all_data):
        if not is_consistent(data):
            raise invalid_value("data", number)
    experiments = [_restore_experiment(each, presets, all_data) for each in saved.experiments]
    starts = [(experiments[segment.experiment], segment.start) for segment in saved.segments]
    cached = [states for run in saved.runs for states in run.progress.states]
    arrays = [states.numbers for states in (*cached, *(start for _, start in starts))]
    arrays += [array for experiment, _ in starts for array in (experiment.data.x, experiment.data.y)]
    # Checked before states are copied and engines allocate their buffers.
    if sum(array.nbytes for array in arrays) > _MAX_MEMORY:
        raise too_large_error()
    segments = list[Segment]()
    for each in saved.segments:
        segments.append(_restore_segment(each, experiments[each.experiment], segments[-1].engine if segments else None))
    records = [RunRecord(tuple(segments[n] for n in run.segments), run.progress) for run in saved.runs]
    for record in records:
        _check_record(record)
    return records


def _restore_preset(saved: SavedPreset) -> Preset:
    folder = SHIPPED_DATA if saved.is_shipped else None
    # The samples may have been changed since, so that the layers of the preset do not fit them any more.
    preset = parse_preset_table(saved.table, id=saved.id, folder=folder, must_fit=False)
    spec = preset.data
    for csv in (spec.csv, None if spec.options is None else spec.options.test_csv):
        if csv is not None and PurePath(csv).name != csv:
            raise invalid_value("presets")
    return preset


def _restore_experiment(saved: SavedExperiment, presets: list[Preset], data: tuple[Dataset, ...]) -> Experiment:
    changed, preset = saved.changed, presets[saved.preset]
    if not changed.keys() <= {"layers", "training"}:
        raise invalid_value("experiments")
    experiment = Experiment(
        preset=preset,
        data=data[saved.data],
        layers=parse_layers(changed) if "layers" in changed else preset.layers,
        training=parse_training(changed) if "training" in changed else preset.training,
        seed=saved.seed,
        init_seed=saved.init_seed,
    )
    check_experiment(experiment)
    return experiment


def _restore_segment(saved: SavedSegment, experiment: Experiment, like: Engine | None) -> Segment:
    # Checked before the engine is made: a small file must not describe a huge network.
    _check_states(saved.start, experiment)
    if not change_text(saved.change).isprintable():
        raise invalid_value("segments")
    engine = Engine(experiment, like)
    ((start, state),) = restore_states(saved.start, engine).items()
    return Segment(start, experiment, engine, state, saved.change)


def _check_states(saved: StateRecords, experiment: Experiment) -> None:
    optimizer = OPTIMIZERS[experiment.training.optimizer.name]
    count = len(saved.updates)
    if saved.numbers.shape != (count, 1 + len(optimizer.slots), parameter_count(experiment.sizes)):
        raise invalid_value("states")
    if [len(scalars) for scalars in saved.scalars] != [len(optimizer.initial_scalars)] * count:
        raise invalid_value("states")
    if len(saved.steps) != count or list(saved.updates) != sorted(set(saved.updates)):
        raise invalid_value("states")


def _check_record(record: RunRecord) -> None:
    """Raise InputError for a run whose parts do not fit together."""
    progress, reached = record.progress, record.progress.reached
    starts = [segment.start for segment in record.segments]
    if not starts or starts[0] != 0 or starts != sorted(starts) or starts[-1] > reached:
        raise invalid_value("segments")
    ranges = segment_ranges(record.segments, reached)
    for segment, states, (start, end) in zip(record.segments, progress.states, ranges, strict=True):
        if states.updates:
            _check_states(states, segment.experiment)
            if not start < states.updates[0] <= states.updates[-1] <= end:
                raise invalid_value("states")
    losses, evaluations, finding = progress.losses, progress.evaluations, progress.divergence
    if not (progress.stride and losses.stride and 1 <= evaluations.parts <= evaluations.stride):
        raise invalid_value("stride")
    is_curve = losses.minima.ndim == losses.recent.ndim == 1 and losses.minima.shape == losses.maxima.shape
    if not is_curve or len(losses.minima) > MAX_BUCKETS or len(LossCurve(*losses)) != reached:
        raise invalid_value("losses")
    for item in evaluations:
        counts = {len(item.gradient_norms), len(item.update_ratios), len(item.delta_sizes)}
        if item.update > reached or len(counts) > 1 or len(evaluations.items) > MAX_EVALUATIONS:
            raise invalid_value("evaluations")
    if finding is not None:
        is_named = finding.key in NAMES if finding.layer else finding.key == "loss"
        if not is_named or not 1 <= finding.update <= reached:
            raise invalid_value("divergence")
