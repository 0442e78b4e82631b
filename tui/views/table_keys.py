"""The keys that the frame around a table names."""

from __future__ import annotations

from nn_tui.core.translation import tr


def frame_keys(*, is_busy: bool, has_table: bool) -> tuple[str, ...]:
    """Return what the keys do, the longest text first.

    Args:
        is_busy: Whether the table is being read, or its network made.
        has_table: Whether there is a table to show.
    """
    if is_busy:
        return (tr("esc stops"),)
    if not has_table:
        return (
            tr("h header, p separator, d decimal mark, c encoding: read it in another way; esc goes back"),
            tr("h, p, d, c: read it in another way; esc goes back"),
            tr("esc goes back"),
        )
    return (
        tr("i input, t target, x ignored, k kind of the marked column, enter opens the network, esc goes back"),
        tr("i input, t target, x ignored, k kind, enter opens, esc goes back"),
        tr("i t x role, k kind, enter opens, esc back"),
        tr("enter opens, esc back"),
    )
