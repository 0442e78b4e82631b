"""The steps of one pass, the cursor that counts them, and the zooms that say how far one key press goes.

A pass is a fixed sequence of *steps*, one per unit and operation: forward z and a layer by layer, the loss,
backward da, δ, dW, db from the last layer to the first, then the update of every layer. A *cursor* is the number of
steps done. A *stop* is a cursor at which a key press ends; the zoom decides which cursors are stops.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Phase = Literal["forward", "loss", "backward", "update"]
Operation = Literal["z", "a", "loss", "da", "dz", "dw", "db", "update"]
Zoom = Literal["pass", "layer", "operation", "unit"]
ZOOMS: tuple[Zoom, ...] = ("pass", "layer", "operation", "unit")
BACKWARD: tuple[Operation, ...] = ("da", "dz", "dw", "db")
PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update")


@dataclass(frozen=True, slots=True)
class LayerOperation:
    """One operation on one layer: the steps from cursor ``start`` to cursor ``end``, one per unit.

    The loss has one step, and layer −1.
    """

    phase: Phase
    operation: Operation
    layer: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """The last step done at ``cursor``: ``unit`` of ``operation`` on ``layer``.

    The loss has no layer and no unit: both are None. At cursor 0 all fields but the cursor are None.
    """

    cursor: int
    phase: Phase | None
    operation: Operation | None
    layer: int | None
    unit: int | None


@dataclass(frozen=True, slots=True)
class PassSteps:
    """The steps of one pass of a network; the same for every pass of that network.

    ``stops`` are the cursors at which each zoom stops, in ascending order, without 0.
    """

    operations: tuple[LayerOperation, ...]
    stops: Mapping[Zoom, Sequence[int]]

    @property
    def end(self) -> int:
        """The cursor after the last step: the whole pass is done."""
        return self.operations[-1].end

    def after(self, phase: Phase) -> int:
        """Return the cursor at which ``phase`` has just finished."""
        return max(operation.end for operation in self.operations if operation.phase == phase)

    def operation_at(self, cursor: int) -> LayerOperation:
        """Return the operation of the last step done; at the start, the first operation."""
        starts = [operation.start for operation in self.operations]
        return self.operations[max(0, bisect_right(starts, max(cursor - 1, 0)) - 1)]

    def find(self, name: Operation, layer: int) -> LayerOperation | None:
        """Return the operation ``name`` on a layer, None if the pass has none; the layer of the loss is ignored."""
        for operation in self.operations:
            if operation.operation == name and (operation.layer == layer or name == "loss"):
                return operation
        return None

    def units_done(self, name: Operation, layer: int, cursor: int) -> int:
        """Return how many units of an operation are done at ``cursor``; 0 if the pass has no such operation."""
        operation = self.find(name, layer)
        return 0 if operation is None else min(max(cursor - operation.start, 0), operation.end - operation.start)

    def step_at(self, cursor: int) -> Step:
        """Return the last step done at ``cursor``."""
        if cursor <= 0:
            return Step(0, None, None, None, None)
        done = self.operation_at(cursor)
        if done.operation == "loss":
            return Step(cursor, done.phase, done.operation, None, None)
        return Step(cursor, done.phase, done.operation, done.layer, min(cursor, done.end) - 1 - done.start)

    def operations_between(self, start: int, end: int) -> list[LayerOperation]:
        """Return the operations of the steps from cursor ``start`` to cursor ``end``, in their order."""
        return [each for each in self.operations if max(start, each.start) < min(end, each.end)]

    def next(self, cursor: int, zoom: Zoom) -> int | None:
        """Return the first stop of ``zoom`` after ``cursor``, None at the end of the pass."""
        stops = self.stops[zoom]
        index = bisect_right(stops, cursor)
        return stops[index] if index < len(stops) else None

    def previous(self, cursor: int, zoom: Zoom) -> int | None:
        """Return the last stop of ``zoom`` before ``cursor``, or 0 for the start of the pass; None at the start."""
        if cursor <= 0:
            return None
        stops = self.stops[zoom]
        index = bisect_left(stops, cursor)
        return stops[index - 1] if index else 0


@lru_cache(maxsize=64)
def steps_of(units: tuple[int, ...]) -> PassSteps:
    """Return the steps of a pass.

    Args:
        units: The units of each layer, without the inputs: ``(4, 1)`` for a network 2–4–1.
    """
    operations: list[LayerOperation] = []
    cursor = 0

    def add(phase: Phase, operation: Operation, layer: int, count: int) -> None:
        nonlocal cursor
        operations.append(LayerOperation(phase, operation, layer, cursor, cursor + count))
        cursor += count

    for layer, count in enumerate(units):
        add("forward", "z", layer, count)
        add("forward", "a", layer, count)
    add("loss", "loss", -1, 1)
    for layer in range(len(units) - 1, -1, -1):
        for operation in BACKWARD:
            add("backward", operation, layer, units[layer])
    for layer, count in enumerate(units):
        add("update", "update", layer, count)

    # Forward and loss are one stop of the zoom "pass"; the update of all layers is one stop of the zoom "layer".
    passes = {("forward" if item.phase == "loss" else item.phase): item.end for item in operations}
    layers = {(item.phase, 0 if item.phase == "update" else item.layer): item.end for item in operations}
    stops: dict[Zoom, Sequence[int]] = {
        "pass": tuple(passes.values()),
        "layer": tuple(layers.values()),
        "operation": tuple(item.end for item in operations),
        "unit": range(1, cursor + 1),
    }
    return PassSteps(tuple(operations), stops)
