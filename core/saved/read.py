"""Kept sessions from their bytes: the runs that ``keep`` has written, or an InputError of one sentence.

Nothing is taken on trust: sizes are compared before anything of that size is made, names and ranges are those that
a preset file may have, and what does not fit together is refused.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import NAMES, Finding
from nn_tui.core.engine.trace import State, parameter_count
from nn_tui.core.errors import InputError
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.curves import MAX_BUCKETS, MAX_EVALUATIONS, Evaluation, EvaluationHistory, LossCurve
from nn_tui.core.run.replay import Segment
from nn_tui.core.saved.codec import MOST_WHOLE, typed, wrong
from nn_tui.core.saved.validate import check_kept
from nn_tui.core.saved.write import FIRST_LINE, FORMAT, MOST_BYTES, MOST_TEXT, VERSION, Record, digest_of, too_large
from nn_tui.core.spec import Array, Dataset, Experiment, LayerSpec, Preset, TrainingSpec

_MOST_BUFFERS = 2**31  # bytes, about, that all changes together may take once they are in force
_MISFITS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)


def about(first: bytes) -> dict[str, Any]:
    """What the first line of a kept session says; InputError for a line that is none of ours."""
    try:
        found = json.loads(first) if len(first) <= FIRST_LINE else None
    except (ValueError, RecursionError):
        found = None
    name, _, version = str(found.get("format")).partition("/") if isinstance(found, dict) else ("", "", "")
    if not isinstance(found, dict) or name != FORMAT:
        raise InputError("it is no session that nn-tui kept")
    if version != str(VERSION):
        raise InputError("another version of nn-tui kept it, and this one cannot read it")
    return found


def unpack(data: bytes) -> tuple[list[Record], Any]:
    """Return the runs and the view of a saved session.

    Raises:
        InputError: For data that :func:`nn_tui.core.saved.write.pack` did not write.
    """
    if len(data) > MOST_BYTES:
        raise too_large()
    start = data.find(b"\n", 0, FIRST_LINE) + 1
    said = about(data[: start or FIRST_LINE + 1])
    rest = memoryview(data)[start:]
    size = said.get("head")
    if type(size) is not int or not 0 < size <= MOST_TEXT or said.get("sha256") != digest_of([rest]):
        raise InputError("it is damaged")
    try:
        body = json.loads(bytes(rest[:size]))
        reader = _Reader(body, rest[size:])
        return [reader.run(each) for each in body["runs"]], body["view"]
    except InputError:
        raise
    except _MISFITS:
        raise InputError("what is in it does not fit together") from None


class _Reader:
    """What the second line describes, each thing made once."""

    def __init__(self, body: dict[str, Any], numbers: memoryview) -> None:
        self._arrays: list[Array] = []
        at = 0
        for shape in body["arrays"]:
            size = 8
            for side in shape:
                size *= _whole(side, "an array")
            if at + size > len(numbers):
                raise wrong("the size of an array")
            # Copied, so that the bytes of the file can go.
            array = np.frombuffer(bytes(numbers[at : at + size]), "<f8").reshape(shape)
            self._arrays.append(array.astype(np.float64, copy=False))
            at += size
        self._presets = [typed(Preset, each, self._array, "preset") for each in body["presets"]]
        self._data = [typed(Dataset, each, self._array, "data") for each in body["data"]]
        self._experiments = [self._experiment(each) for each in body["experiments"]]
        self._buffers = 0
        self._segments = [self._segment(each) for each in body["segments"]]

    def _array(self, number: int) -> Array:
        return self._arrays[_whole(number, "an array")]

    def _experiment(self, body: dict[str, Any]) -> Experiment:
        layers: tuple[LayerSpec, ...] = typed(tuple[LayerSpec, ...], body["layers"], self._array, "layers")
        experiment = Experiment(
            preset=self._presets[_whole(body["preset"], "a preset")],
            data=self._data[_whole(body["data"], "data")],
            layers=layers,
            training=typed(TrainingSpec, body["training"], self._array, "training"),
            seed=_whole(body["seed"], "the seed"),
            init_seed=_whole(body["init_seed"], "the seed"),
        )
        check_kept(experiment)
        return experiment

    def _segment(self, body: dict[str, Any]) -> Segment:
        experiment = self._experiments[_whole(body["experiment"], "an experiment")]
        slots = OPTIMIZERS[experiment.training.optimizer.name].slots
        steps, number = body["state"]
        # Before the engine makes its buffers: a network of a size that the file itself has not is refused.
        if self._array(number).shape != (1 + len(slots), parameter_count(experiment.sizes)):
            raise wrong("the shape of a state")
        self._buffers += experiment.data.x.nbytes + experiment.data.y.nbytes + self._array(number).nbytes
        if self._buffers > _MOST_BUFFERS:
            raise too_large()
        label = body["label"]
        if not isinstance(label, str) or not label.isprintable():
            raise wrong("the name of a change")
        engine = Engine(experiment)
        return Segment(_whole(body["start"], "a change"), experiment, engine, self._state(engine, steps, number), label)

    def _state(self, engine: Engine, steps: object, number: int) -> State:
        state = engine.new_state()
        if state.array.shape != self._array(number).shape:
            raise wrong("the shape of a state")
        state.array[...] = self._array(number)
        state.steps = _whole(steps, "the number of steps")
        state.uses = 1  # never to be written again
        return state

    def run(self, body: dict[str, Any]) -> Record:
        """One run."""
        segments = tuple(self._segments[_whole(each, "a change")] for each in body["segments"])
        reached = _whole(body["reached"], "an update")
        starts = [each.start for each in segments]
        if not starts or starts[0] != 0 or starts != sorted(starts) or starts[-1] > reached:
            raise wrong("the order of the changes")
        frames: dict[int, State] = {}
        for update, steps, number in body["frames"]:
            if not 1 <= _whole(update, "an update") <= reached:
                raise wrong("an update")
            # A state after an update belongs to what was in force for that update.
            made = [each for each in segments if each.start < update][-1]
            frames[update] = self._state(made.engine, steps, number)
        found = body["divergence"]
        return Record(
            segments=segments,
            reached=reached,
            divergence=None if found is None else _finding(found, reached),
            losses=self._losses(body["losses"], reached),
            evaluations=self._evaluations(body["samples"], reached),
            frames=frames,
            stride=_positive(body["stride"], "the distance of states"),
        )

    def _losses(self, body: list[Any], reached: int) -> LossCurve:
        stride, bounds, tail = body
        (low, high), newest = self._array(bounds), self._array(tail)
        curve = LossCurve(_positive(stride, "the curve"), low, high, newest.tolist())
        if len(curve) != reached or len(low) > MAX_BUCKETS or low.ndim != 1 or newest.ndim != 1:
            raise wrong("the curve of the loss")
        return curve

    def _evaluations(self, body: list[Any], reached: int) -> EvaluationHistory:
        stride, number = body
        taken: list[Evaluation] = []
        for row in self._array(number).tolist():
            layers = int(row[10])
            train, test, train_right, test_right = (
                value if there else None for there, value in zip(row[2:10:2], row[3:10:2], strict=True)
            )
            norms, ratios = tuple(row[11 : 11 + layers]), tuple(row[11 + layers : 11 + 2 * layers])
            if train is None or not 0 <= row[0] <= reached or len(ratios) != layers or len(taken) > MAX_EVALUATIONS:
                raise wrong("the figures of the whole set")
            taken.append(Evaluation(int(row[0]), train, test, train_right, test_right, norms, ratios, row[1]))
        return EvaluationHistory(_positive(stride, "the distance of figures"), taken)


def _finding(body: list[Any], reached: int) -> Finding:
    update, key, layer, value = body
    if key not in NAMES or _positive(update, "the divergence") > reached:
        raise wrong("the divergence")
    return Finding(update, key, _whole(layer, "the divergence"), float(value))


def _whole(value: object, at: str) -> int:
    if type(value) is not int or not 0 <= value <= MOST_WHOLE:
        raise wrong(at)
    return value


def _positive(value: object, at: str) -> int:
    return _whole(value, at) or _whole(-1, at)
