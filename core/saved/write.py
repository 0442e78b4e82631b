"""Writing a saved session: a header line and a body line of JSON, then the arrays as little-endian float64.

The header describes the session. The body holds everything but the numbers of the arrays. The file has no code in
it and is not compressed; a digest in the header finds damage. :mod:`nn_tui.core.saved.read` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import SHIPPED_DATA
from nn_tui.core.run.curves import EvaluationHistory
from nn_tui.core.run.replay import Segment
from nn_tui.core.saved.codec import to_json
from nn_tui.core.saved.record import RunRecord
from nn_tui.core.spec import Array, Experiment, Preset
from nn_tui.core.translation import message

FORMAT, VERSION = "nn-tui-session", 2
MAX_BYTES = 128 * 2**20  # of the whole file
MAX_BODY_BYTES = 32 * 2**20  # of the body line, which takes several times its size when it is read
MAX_HEADER_BYTES = 4096
SHIPPED_FOLDER = "(nn-tui)"  # stands for the folder of the data that come with nn-tui


class _Writer:
    """Values to write, each of them once, and the number by which the others refer to it.

    Args:
        with_folders: Whether presets keep the folder of their data.
    """

    def __init__(self, with_folders: bool) -> None:
        self._with_folders = with_folders
        self.arrays: list[Array] = []
        self.values: dict[str, list[Any]] = {"presets": [], "data": [], "experiments": [], "segments": []}
        self._numbers: dict[int, int] = {}
        self._alive: list[object] = []  # values whose id is in use: a freed value would pass its id on to another one

    def array(self, array: Array) -> int:
        """Return the number of an array."""
        return self._number(array, self.arrays, lambda: array)

    def value(self, kind: str, value: object, convert: Callable[[], Any] | None = None) -> int:
        """Return the number of a value of one ``kind``; ``convert`` returns its JSON (default: by :func:`to_json`)."""
        return self._number(value, self.values[kind], convert or (lambda: to_json(value, self.array)))

    def _number(self, value: object, written: list[Any], convert: Callable[[], Any]) -> int:
        if id(value) not in self._numbers:
            converted = convert()
            self._numbers[id(value)] = len(written)
            self._alive.append(value)
            written.append(converted)
        return self._numbers[id(value)]

    def experiment(self, value: Experiment) -> int:
        """Return the number of an experiment; many share their preset and their data."""

        def convert() -> dict[str, Any]:
            parts = {"layers": value.layers, "training": value.training, "seed": value.seed}
            return {
                "preset": self.value("presets", value.preset, lambda: self._preset(value.preset)),
                "data": self.value("data", value.data),
                "init_seed": value.init_seed,
                **{name: to_json(part, self.array) for name, part in parts.items()},
            }

        return self.value("experiments", value, convert)

    def _preset(self, preset: Preset) -> Any:
        """Return the JSON of a preset; without folders, only data that come with nn-tui have one, by another name."""
        if not self._with_folders:
            csv = preset.data.csv and PurePath(preset.data.csv).name
            folder = Path(SHIPPED_FOLDER) if preset.folder == SHIPPED_DATA else None
            preset = replace(preset, data=replace(preset.data, csv=csv), folder=folder)
        return to_json(preset, self.array)

    def state(self, value: State) -> list[Any]:
        """Return a state: the number of steps, the optimiser's scalars and the index of its array."""
        return [value.steps, list(value.scalars), self.array(value.array)]

    def segment(self, value: Segment) -> int:
        """Return the number of a segment; a run shares segments with the run it branched off from."""

        def convert() -> dict[str, Any]:
            return {
                "start": value.start,
                "change": to_json(value.change, self.array),
                "experiment": self.experiment(value.experiment),
                "state": self.state(value.state),
            }

        return self.value("segments", value, convert)

    def run(self, record: RunRecord) -> dict[str, Any]:
        """Return the JSON of a run."""
        stride, minima, maxima, recent = record.losses.parts
        finding = record.divergence
        return {
            "segments": [self.segment(segment) for segment in record.segments],
            "reached": record.reached,
            "divergence": finding and [finding.update, finding.key, finding.layer, str(finding.value)],
            "losses": [stride, self.array(np.array([minima, maxima])), self.array(np.array(recent, dtype=np.float64))],
            "samples": [record.evaluations.stride, self.array(_evaluation_table(record.evaluations))],
            "frames": [[update, *self.state(state)] for update, state in sorted(record.states.items())],
            "stride": record.stride,
            "last_made": record.is_last_made,
        }


def pack(
    records: Sequence[RunRecord],
    header: Mapping[str, Any],
    view: Any,
    max_bytes: int = MAX_BYTES,
    *,
    with_folders: bool = True,
) -> list[bytes | memoryview]:
    """Return a saved session as pieces of bytes.

    Args:
        records: The runs.
        header: The description of the session, as JSON.
        view: The view of the screen, as JSON; it becomes a part of the body.
        max_bytes: How large the session may be.
        with_folders: Whether to write the folders of data files, which say something about the machine.

    Raises:
        InputError: For a session that is too large.
    """
    writer = _Writer(with_folders)
    runs = [writer.run(record) for record in records]
    if sum(array.nbytes for array in writer.arrays) > max_bytes:
        raise too_large_error()
    content = {"arrays": [array.shape for array in writer.arrays], **writer.values, "runs": runs, "view": view}
    body = json.dumps(content, allow_nan=False, separators=(",", ":")).encode() + b"\n"
    numbers = [np.ascontiguousarray(array, "<f8").reshape(-1).data.cast("B") for array in writer.arrays if array.size]
    sizes = {"head": len(body), "bytes": len(body) + sum(map(len, numbers))}
    fields = {"format": f"{FORMAT}/{VERSION}", **header, **sizes, "sha256": digest([body, *numbers])}
    first = json.dumps(fields).encode() + b"\n"
    pieces: list[bytes | memoryview] = [first, body, *numbers]
    if sum(map(len, pieces)) > max_bytes or len(body) > MAX_BODY_BYTES or len(first) > MAX_HEADER_BYTES:
        raise too_large_error()
    return pieces


def digest(pieces: Iterable[bytes | memoryview]) -> str:
    """Return the SHA-256 of everything after the header line."""
    result = sha256()
    for piece in pieces:
        result.update(piece)
    return result.hexdigest()


def too_large_error() -> InputError:
    """Return the error for a session beyond the limits; the caller raises it."""
    return InputError("too_large", message("it is larger than {max} MiB.", max=MAX_BYTES // 2**20))


def _evaluation_table(evaluations: EvaluationHistory) -> Array:
    """Return one row per evaluation.

    The columns are the update, the penalty, for each of four figures whether it is known and its value, the number of
    layers, their gradient norms, their update ratios and their mean |δ|.
    """
    layers = max((len(evaluation.gradient_norms) for evaluation in evaluations), default=0)
    table = np.zeros((len(evaluations.items), 11 + 3 * layers))
    for row, item in zip(table, evaluations, strict=True):
        figures = (item.train_loss, item.test_loss, item.train_accuracy, item.test_accuracy)
        row[:2] = item.update, item.penalty
        row[2:10] = [number for value in figures for number in ((0.0, 0.0) if value is None else (1.0, value))]
        row[10] = count = len(item.gradient_norms)
        row[11 : 11 + 2 * count] = item.gradient_norms + item.update_ratios
        row[11 + 2 * count : 11 + 2 * count + len(item.delta_sizes)] = item.delta_sizes
    return table
