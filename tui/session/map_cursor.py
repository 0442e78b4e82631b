"""The same cursor in passes of networks of different shapes."""

from __future__ import annotations

from nn_tui.core.engine.steps import PassSteps


def map_cursor(old: PassSteps, new: PassSteps, cursor: int) -> int:
    """Return the cursor in ``new`` that stands at the same phase, layer and unit as ``cursor`` does in ``old``.

    Where that layer or unit does not exist in ``new``, it is the end of the phase or of the operation.
    """
    if old == new or cursor == 0:
        return cursor
    if cursor >= old.end:
        return new.end
    done = old.operation_at(cursor)
    old_last, new_last = (max(each.layer for each in steps.operations) for steps in (old, new))
    # The backward pass begins at the output, so its layers correspond when they are counted from there.
    layer = done.layer + (new_last - old_last if done.phase == "backward" else 0)
    same = new.find(done.operation, layer)
    if same is None:
        return new.after(done.phase)
    return same.end if cursor == done.end else min(same.start + cursor - done.start, same.end)
