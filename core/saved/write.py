"""Runs to bytes, so that a session outlives its process: the same parameters, the same undo, the same future.

A kept session is a line of JSON that says what it is, a line of JSON with everything but the numbers of arrays,
and these as little-endian float64. No code is in it, nothing is compressed, and a digest finds damage.
``keep_read`` is the way back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from nn_tui.core.engine.nonfinite import Finding
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.errors import InputError
from nn_tui.core.run.curves import EvaluationHistory, LossCurve
from nn_tui.core.run.replay import Segment
from nn_tui.core.run.run import Run
from nn_tui.core.run.state_cache import StateCache
from nn_tui.core.saved.codec import plain
from nn_tui.core.spec import Array, Experiment

FORMAT, VERSION = "nn-tui-session", 1
MOST_BYTES = 128 * 2**20
MOST_TEXT = 32 * 2**20  # of the second line, which takes several times its size when it is read
FIRST_LINE = 4096
FRAME_BYTES = 8 * 2**20  # of the states along a run, beside those that it cannot do without
FEW_FRAME_BYTES = 2**20  # the same, of a run that is not on screen


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A run as it is at one moment. Nothing in it is written again, so another thread may read it.

    ``frames`` are states by update, the newest of them where the run goes on from.
    """

    segments: tuple[Segment, ...]
    reached: int
    divergence: Finding | None
    losses: LossCurve
    evaluations: EvaluationHistory
    frames: Mapping[int, State]
    stride: int


def record(run: Run, *, live: bool = False, least: int = 0, stand: int = 0, trace: Trace | None = None) -> Record:
    """The run as it is now; ``live`` says that another thread trains it meanwhile.

    It has reached update ``least`` for sure. The screen stands in pass ``stand``, if it is this run that it shows;
    ``trace`` is a pass of the run that nobody writes to now.
    """
    # The pass that another thread is at is left out; so is one that an error has interrupted.
    reached = min(run.reached - 1 if live else run.reached, len(run.losses))
    reached = max(reached, run.segments[-1].start, least, stand)
    frames = _thinned(run, reached, FRAME_BYTES if stand else FEW_FRAME_BYTES)
    before = stand - 1
    if stand and before not in {*frames, *_starts(run)}:
        if trace is not None and trace.update == stand:
            # Copied, because the buffers of a pass are written again once the screen has moved on.
            frames[before] = run.segment(before).engine.copy_state(trace.before)
        else:
            frames[before] = run.state_after(before)
    divergence = run.divergence if run.divergence and run.divergence.update <= reached else None
    losses, evaluations = run.losses.truncated(reached), run.evaluations.truncated(reached)
    return Record(run.segments, reached, divergence, losses, evaluations, frames, run.states.stride)


def has_state(run: Run, update: int) -> bool:
    """Whether the state after ``update`` is there without a replay."""
    return update in _starts(run) or run.states.get(update) is not None


def _thinned(run: Run, reached: int, most: int) -> dict[int, State]:
    """The newest state in the run's cache, and of the others as many as there is room for, evenly."""
    keyframes, nearby = run.states.snapshot()
    newest = max((update for update in nearby if update <= reached), default=None)
    cached = {**keyframes, **({} if newest is None else {newest: nearby[newest]})}
    updates = sorted((update for update in cached.keys() - _starts(run) if update <= reached), reverse=True)
    while len(updates) > 1 and sum(cached[update].array.nbytes for update in updates) > most:
        updates = updates[::2]
    return {update: cached[update] for update in updates}


def _starts(run: Run) -> set[int]:
    return {segment.start for segment in run.segments}


def revived(kept: Record) -> Run:
    """A run that goes on from a record as the recorded one would have."""
    run = Run(kept.segments, kept.losses, kept.evaluations, kept.reached)
    run.divergence = kept.divergence
    run.states = StateCache(kept.stride)
    run.states.center = kept.reached
    for update, state in sorted(kept.frames.items()):
        # Where the screen stands and where the run ends are between the regular ones, and found at once all the same.
        if update % kept.stride:
            run.states.add_nearby(update, state)
        else:
            run.states.add_keyframe(update, state)
    return run


class _Shared:
    """Arrays and other values that several things hold: each is written once, and named by its number."""

    def __init__(self) -> None:
        self.arrays: list[Array] = []
        self.values: dict[str, list[Any]] = {"presets": [], "data": [], "experiments": [], "segments": []}
        self._numbers: dict[int, int] = {}
        self._kept: list[object] = []  # so that no number is given to two values that follow each other in memory

    def array(self, array: Array) -> int:
        """The number of an array."""
        return self._number(array, self.arrays, lambda: array)

    def value(self, kind: str, value: object, make: Callable[[], Any] | None = None) -> int:
        """The number of a value of a kind; ``make`` says how it is written, else as a plain one."""
        return self._number(value, self.values[kind], make or (lambda: plain(value, self.array)))

    def _number(self, value: object, written: list[Any], make: Callable[[], Any]) -> int:
        if id(value) not in self._numbers:
            made = make()
            self._numbers[id(value)] = len(written)
            self._kept.append(value)
            written.append(made)
        return self._numbers[id(value)]

    def experiment(self, value: Experiment) -> int:
        """The number of an experiment; many share their preset and their data."""

        def make() -> dict[str, Any]:
            parts = {"layers": value.layers, "training": value.training, "seed": value.seed}
            return {
                "preset": self.value("presets", value.preset),
                "data": self.value("data", value.data),
                "init_seed": value.init_seed,
                **{name: plain(part, self.array) for name, part in parts.items()},
            }

        return self.value("experiments", value, make)

    def segment(self, value: Segment) -> int:
        """The number of a segment; runs that branched off share those before."""

        def make() -> dict[str, Any]:
            state = [value.state.steps, self.array(value.state.array)]
            return {
                "start": value.start,
                "label": value.label,
                "experiment": self.experiment(value.experiment),
                "state": state,
            }

        return self.value("segments", value, make)

    def run(self, value: Record) -> dict[str, Any]:
        """A run."""
        stride, low, high, tail = value.losses.parts
        found = value.divergence
        return {
            "segments": [self.segment(segment) for segment in value.segments],
            "reached": value.reached,
            "divergence": found and [found.update, found.key, found.layer, str(found.value)],
            "losses": [stride, self.array(np.array([low, high])), self.array(np.array(tail, dtype=np.float64))],
            "samples": [value.evaluations.stride, self.array(_table(value.evaluations))],
            "frames": [[at, state.steps, self.array(state.array)] for at, state in sorted(value.frames.items())],
            "stride": value.stride,
        }


def pack(records: Sequence[Record], about: Mapping[str, Any], view: Any) -> list[bytes | memoryview]:
    """A kept session as pieces of bytes: ``about`` is what the first line says, ``view`` what a screen adds, as JSON.

    Raises InputError when it would be larger than ``MOST_BYTES``.
    """
    shared = _Shared()
    runs = [shared.run(each) for each in records]
    if sum(array.nbytes for array in shared.arrays) > MOST_BYTES:
        raise too_large()
    body = {"arrays": [array.shape for array in shared.arrays], **shared.values, "runs": runs, "view": view}
    head = json.dumps(body, allow_nan=False, separators=(",", ":")).encode() + b"\n"
    numbers = [np.ascontiguousarray(array, "<f8").reshape(-1).data.cast("B") for array in shared.arrays if array.size]
    digest = digest_of([head, *numbers])
    sizes = {"head": len(head), "bytes": len(head) + sum(map(len, numbers))}
    first = json.dumps({"format": f"{FORMAT}/{VERSION}", **about, **sizes, "sha256": digest}).encode() + b"\n"
    pieces: list[bytes | memoryview] = [first, head, *numbers]
    if sum(map(len, pieces)) > MOST_BYTES or len(head) > MOST_TEXT or len(first) > FIRST_LINE:
        raise too_large()
    return pieces


def digest_of(pieces: Iterable[bytes | memoryview]) -> str:
    """The SHA-256 of all that follows the first line."""
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def too_large() -> InputError:
    """The refusal of what is beyond the limits; the caller raises it."""
    return InputError(f"it is larger than {MOST_BYTES // 2**20} MiB")


def _table(evaluations: EvaluationHistory) -> Array:
    """One row a sample: update, penalty, the four figures with whether there is one, layers, norms and ratios."""
    most = max((len(sample.gradient_norms) for sample in evaluations), default=0)
    table = np.zeros((len(evaluations.items), 11 + 2 * most))
    for row, sample in zip(table, evaluations, strict=True):
        figures = (sample.train_loss, sample.test_loss, sample.train_accuracy, sample.test_accuracy)
        row[:2] = sample.update, sample.penalty
        row[2:10] = [number for each in figures for number in ((0.0, 0.0) if each is None else (1.0, each))]
        row[10] = count = len(sample.gradient_norms)
        row[11 : 11 + 2 * count] = sample.gradient_norms + sample.update_ratios
    return table
