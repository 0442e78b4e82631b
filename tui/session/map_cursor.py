"""The same place in passes of networks of different shapes."""

from __future__ import annotations

from nn_tui.core.engine.steps import Course


def same_place(old: Course, new: Course, cursor: int) -> int:
    """The cursor in ``new`` that has as much of the pass done as ``cursor`` has in ``old``: same phase, layer, unit.

    Where that layer or unit is no more, the end of the phase.
    """
    if old == new or cursor == 0:
        return cursor
    if cursor >= old.end:
        return new.end
    block = old.block_at(cursor)
    layers = [max(each.layer for each in course.blocks) for course in (old, new)]
    # Layers are counted from the output in the backward pass, where that is the way it goes.
    layer = block.layer + (layers[1] - layers[0] if block.phase == "backward" else 0)
    found = new.block(block.operation, layer)
    if found is None:
        return new.after(block.phase)
    return found.stop if cursor == block.stop else min(found.start + cursor - block.start, found.stop)
