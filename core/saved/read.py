"""Reading a saved session: the runs that :func:`nn_tui.core.saved.write.pack` wrote, or an InputError.

The reader checks everything: sizes before it allocates memory of that size, names and ranges as a preset file may have
them, and whether the parts fit together.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import NAMES, Finding
from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.optimizer import Scalars
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import SHIPPED_DATA
from nn_tui.core.run.change import Change
from nn_tui.core.run.curves import MAX_BUCKETS, MAX_EVALUATIONS, Evaluation, EvaluationHistory, LossCurve
from nn_tui.core.run.replay import Segment
from nn_tui.core.saved.codec import MAX_INT, from_json, invalid_value
from nn_tui.core.saved.record import RunRecord
from nn_tui.core.saved.validate import check_saved_experiment
from nn_tui.core.saved.write import (
    FORMAT,
    MAX_BODY_BYTES,
    MAX_BYTES,
    MAX_HEADER_BYTES,
    SHIPPED_FOLDER,
    VERSION,
    digest,
    too_large_error,
)
from nn_tui.core.spec import Array, Dataset, Experiment, LayerSpec, Preset, TrainingSpec
from nn_tui.core.translation import message

_MAX_BUFFER_BYTES = 2**31  # of the engines of all segments together, about
_MISFITS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)


def read_header(line: bytes) -> dict[str, Any]:
    """Return the content of the header line of a saved session.

    Raises:
        InputError: For a line that is not the header of this version.
    """
    try:
        header = json.loads(line) if len(line) <= MAX_HEADER_BYTES else None
    except (ValueError, RecursionError):
        header = None
    name, _, version = str(header.get("format")).partition("/") if isinstance(header, dict) else ("", "", "")
    if not isinstance(header, dict) or name != FORMAT:
        raise InputError("unreadable", message("it is not a session that nn-tui saved."))
    if version != str(VERSION):
        problem = message("another version of nn-tui saved it, and this version cannot read it.")
        raise InputError("other_version", problem, value=version)
    return header


def damaged_error() -> InputError:
    """Return the error for a file that was changed or cut; the caller raises it."""
    return InputError("damaged", message("it is damaged."))


def unpack(data: bytes) -> tuple[list[RunRecord], Any]:
    """Return the runs and the view of a saved session.

    Raises:
        InputError: For data that :func:`nn_tui.core.saved.write.pack` did not write.
    """
    if len(data) > MAX_BYTES:
        raise too_large_error()
    start = data.find(b"\n", 0, MAX_HEADER_BYTES) + 1
    header = read_header(data[: start or MAX_HEADER_BYTES + 1])
    rest = memoryview(data)[start:]
    size = header.get("head")
    if type(size) is not int or not 0 < size <= MAX_BODY_BYTES or header.get("sha256") != digest([rest]):
        raise damaged_error()
    try:
        body = json.loads(bytes(rest[:size]))
        reader = _Reader(body, rest[size:])
        return [reader.run(run) for run in body["runs"]], body["view"]
    except InputError:
        raise
    except _MISFITS:
        raise misfit_error() from None


def misfit_error() -> InputError:
    """Return the error for values that are valid alone and not together; the caller raises it."""
    return InputError("conflict", message("its values do not fit together."))


class _Reader:
    """The values that the body describes, each made once."""

    def __init__(self, body: dict[str, Any], numbers: memoryview) -> None:
        self._arrays: list[Array] = []
        start = 0
        for shape in body["arrays"]:
            size = 8
            for side in shape:
                size *= _check_int(side, "arrays")
            if start + size > len(numbers):
                raise invalid_value("arrays")
            # A copy, so that the bytes of the file can be freed.
            array = np.frombuffer(bytes(numbers[start : start + size]), "<f8").reshape(shape)
            self._arrays.append(array.astype(np.float64, copy=False))
            start += size
        self._presets = [self._preset(preset) for preset in body["presets"]]
        self._data = [from_json(Dataset, data, self._array, ("data",)) for data in body["data"]]
        self._experiments = [self._experiment(experiment) for experiment in body["experiments"]]
        self._buffer_bytes = 0
        self._segments = [self._segment(segment) for segment in body["segments"]]

    def _array(self, number: int) -> Array:
        return self._arrays[_check_int(number, "arrays")]

    def _preset(self, body: Any) -> Preset:
        preset = from_json(Preset, body, self._array, ("presets",))
        return replace(preset, folder=SHIPPED_DATA) if preset.folder == Path(SHIPPED_FOLDER) else preset

    def _experiment(self, body: dict[str, Any]) -> Experiment:
        layers: tuple[LayerSpec, ...] = from_json(tuple[LayerSpec, ...], body["layers"], self._array, ("layers",))
        experiment = Experiment(
            preset=self._presets[_check_int(body["preset"], "preset")],
            data=self._data[_check_int(body["data"], "data")],
            layers=layers,
            training=from_json(TrainingSpec, body["training"], self._array, ("training",)),
            seed=_check_int(body["seed"], "seed"),
            init_seed=_check_int(body["init_seed"], "init_seed"),
        )
        check_saved_experiment(experiment)
        return experiment

    def _segment(self, body: dict[str, Any]) -> Segment:
        experiment = self._experiments[_check_int(body["experiment"], "experiment")]
        slots = OPTIMIZERS[experiment.training.optimizer.name].slots
        *_, number = body["state"]
        # Checked before the engine allocates its buffers: a small file must not describe a huge network.
        if self._array(number).shape != (1 + len(slots), parameter_count(experiment.sizes)):
            raise invalid_value("state")
        self._buffer_bytes += experiment.data.x.nbytes + experiment.data.y.nbytes + self._array(number).nbytes
        if self._buffer_bytes > _MAX_BUFFER_BYTES:
            raise too_large_error()
        engine = Engine(experiment)
        start = _check_int(body["start"], "start")
        return Segment(start, experiment, engine, self._state(engine, body["state"]), self._change(body))

    def _change(self, body: dict[str, Any]) -> Change:
        """Return the change that began a segment; files of older versions have only its text."""
        if "change" in body:
            change = from_json(Change, body["change"], self._array, ("change",))
        else:
            change = Change("text", name=from_json(str, body["label"], self._array, ("label",)))
        if not change_text(change).isprintable():
            raise invalid_value("change")
        return change

    def _state(self, engine: Engine, body: list[Any]) -> State:
        steps, scalars, number = body
        state = engine.new_state()
        if state.array.shape != self._array(number).shape:
            raise invalid_value("state")
        state.array[...] = self._array(number)
        state.steps = _check_int(steps, "state", 0)
        state.scalars = from_json(Scalars, scalars, self._array, ("state", 1))
        if len(state.scalars) != len(engine.optimizer.initial_scalars):
            raise invalid_value("state", 1)
        state.refcount = 1  # so that the engine never writes to it
        return state

    def run(self, body: dict[str, Any]) -> RunRecord:
        """Return the record of a run from its JSON."""
        segments = tuple(self._segments[_check_int(number, "segments")] for number in body["segments"])
        reached = _check_int(body["reached"], "reached")
        starts = [segment.start for segment in segments]
        if not starts or starts[0] != 0 or starts != sorted(starts) or starts[-1] > reached:
            raise invalid_value("segments")
        states: dict[int, State] = {}
        for update, *state in body["frames"]:
            if not 1 <= _check_int(update, "frames") <= reached:
                raise invalid_value("frames")
            # The engine of the segment in which the update was made.
            segment = [segment for segment in segments if segment.start < update][-1]
            states[update] = self._state(segment.engine, state)
        divergence = body["divergence"]
        return RunRecord(
            segments=segments,
            reached=reached,
            divergence=None if divergence is None else _finding(divergence, reached),
            losses=self._losses(body["losses"], reached),
            evaluations=self._evaluations(body["samples"], reached),
            states=states,
            stride=_check_positive(body["stride"], "stride"),
            is_last_made=from_json(bool, body["last_made"], self._array, ("last_made",)),
        )

    def _losses(self, body: list[Any], reached: int) -> LossCurve:
        stride, buckets, tail = body
        (minima, maxima), recent = self._array(buckets), self._array(tail)
        curve = LossCurve(_check_positive(stride, "losses"), minima, maxima, recent.tolist())
        if len(curve) != reached or len(minima) > MAX_BUCKETS or minima.ndim != 1 or recent.ndim != 1:
            raise invalid_value("losses")
        return curve

    def _evaluations(self, body: list[Any], reached: int) -> EvaluationHistory:
        stride, number = body
        items: list[Evaluation] = []
        table = self._array(number)
        max_layers = int(table[:, 10].max(initial=0))
        has_deltas = table.shape[1] >= 11 + 3 * max_layers  # files of older versions lack them
        for row in table.tolist():
            layers = int(row[10])
            train_loss, test_loss, train_accuracy, test_accuracy = (
                value if known else None for known, value in zip(row[2:10:2], row[3:10:2], strict=True)
            )
            norms, ratios = tuple(row[11 : 11 + layers]), tuple(row[11 + layers : 11 + 2 * layers])
            deltas = tuple(row[11 + 2 * layers : 11 + 3 * layers]) if has_deltas else ()
            if train_loss is None or not 0 <= row[0] <= reached:
                raise invalid_value("samples")
            if len(ratios) != layers or len(items) > MAX_EVALUATIONS:
                raise invalid_value("samples")
            items.append(
                Evaluation(
                    int(row[0]), train_loss, test_loss, train_accuracy, test_accuracy, norms, ratios, row[1], deltas
                )
            )
        return EvaluationHistory(_check_positive(stride, "samples"), items)


def _finding(body: list[Any], reached: int) -> Finding:
    update, key, layer, value = body
    if key not in {*NAMES, "loss"} or _check_positive(update, "divergence") > reached:
        raise invalid_value("divergence")
    return Finding(update, key, _check_int(layer, "divergence"), float(value))


def _check_int(value: object, *path: str | int) -> int:
    """Return ``value`` if it is a whole number ≥ 0; raise InputError otherwise."""
    if type(value) is not int or not 0 <= value <= MAX_INT:
        raise invalid_value(*path)
    return value


def _check_positive(value: object, *path: str | int) -> int:
    """Return ``value`` if it is a whole number ≥ 1; raise InputError otherwise."""
    if _check_int(value, *path) == 0:
        raise invalid_value(*path)
    return _check_int(value, *path)
