"""The places to stand in one pass: a cursor is a number of *atoms* done, zoom only picks which to stop at.

A pass is a fixed sequence of atoms, one per unit and operation: forward z and a layer by layer, the loss,
backward da, δ, dW, db from the last layer to the first, then the update of every layer. A cursor
says how many atoms have happened, so that what is known is a comparison and changing the zoom
keeps the place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
class Block:
    """One operation on one layer: its atoms are [start, stop), one per unit."""

    phase: Phase
    operation: Operation
    layer: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to stand: after ``cursor`` atoms, the last of which was ``unit`` of ``operation`` on ``layer``.

    ``unit`` is None where the stop ends the whole operation. At the very start everything is None.
    """

    cursor: int
    phase: Phase | None
    operation: Operation | None
    layer: int | None
    unit: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """The atoms of one pass of a network; the same for every pass of that network."""

    blocks: tuple[Block, ...]
    ends: tuple[tuple[int, ...], ...]

    @property
    def end(self) -> int:
        """The cursor after the last atom: the whole pass is done."""
        return self.blocks[-1].stop

    def after(self, phase: Phase) -> int:
        """The cursor at which ``phase`` has just finished."""
        return max(block.stop for block in self.blocks if block.phase == phase)

    def phase_at(self, cursor: int) -> Phase | None:
        """The phase that the last atom done belongs to, None at the start."""
        return None if cursor <= 0 else self.block_at(cursor).phase

    def block_at(self, cursor: int) -> Block:
        """The block of the last atom done (of the first one, at the start)."""
        starts = [block.start for block in self.blocks]
        return self.blocks[max(0, bisect_right(starts, max(cursor - 1, 0)) - 1)]

    def block(self, operation: Operation, layer: int) -> Block | None:
        """The block of an operation on a layer; None where a pass has no such step. The loss has layer −1."""
        for block in self.blocks:
            if block.operation == operation and (block.layer == layer or operation == "loss"):
                return block
        return None

    def known(self, operation: Operation, layer: int, cursor: int) -> int:
        """How many units' worth of an operation are done at cursor ``cursor``."""
        block = self.block(operation, layer)
        return 0 if block is None else min(max(cursor - block.start, 0), block.stop - block.start)

    def stop(self, cursor: int) -> Stop:
        """What stands at cursor ``cursor``."""
        if cursor <= 0:
            return Stop(0, None, None, None, None)
        block = self.block_at(cursor)
        unit = None if cursor >= block.stop else cursor - 1 - block.start
        return Stop(cursor, block.phase, block.operation, None if block.layer < 0 else block.layer, unit)

    def next(self, cursor: int, zoom: Zoom) -> int | None:
        """The first cursor of this zoom after ``cursor``; None at the end of the pass."""
        if zoom == "unit":
            return cursor + 1 if cursor < self.end else None
        ends = self.ends[ZOOMS.index(zoom)]
        index = bisect_right(ends, cursor)
        return ends[index] if index < len(ends) else None

    def previous(self, cursor: int, zoom: Zoom) -> int | None:
        """The last cursor of this zoom before ``cursor`` (0 is the start of the pass); None at the start."""
        if cursor <= 0:
            return None
        if zoom == "unit":
            return cursor - 1
        ends = self.ends[ZOOMS.index(zoom)]
        index = bisect_left(ends, cursor)
        return ends[index - 1] if index else 0

    def stops(self, zoom: Zoom) -> tuple[Stop, ...]:
        """Every place to stand at this zoom, in order, the start left out."""
        ends = range(1, self.end + 1) if zoom == "unit" else self.ends[ZOOMS.index(zoom)]
        return tuple(self.stop(cursor) for cursor in ends)


@lru_cache(maxsize=64)
def course(units: tuple[int, ...]) -> Course:
    """The course of a network whose layers have these units, the inputs left out: ``(4, 1)``."""
    blocks: list[Block] = []
    cursor = 0

    def add(phase: Phase, operation: Operation, layer: int, count: int) -> None:
        nonlocal cursor
        blocks.append(Block(phase, operation, layer, cursor, cursor + count))
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

    passes = {(block.phase if block.phase != "loss" else "forward"): block.stop for block in blocks}
    passes["forward"] = next(block.stop for block in blocks if block.phase == "loss")
    # The update is one act on all parameters, so it is one stop where layers are the unit of travel.
    layers = {(block.phase, block.layer if block.phase != "update" else 0): block.stop for block in blocks}
    return Course(
        tuple(blocks),
        (
            tuple(sorted(set(passes.values()))),
            tuple(sorted(set(layers.values()))),
            tuple(block.stop for block in blocks),
            (),
        ),
    )
