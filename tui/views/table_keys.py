"""The keys that the frame around a table names."""

from __future__ import annotations

from nn_tui.core.translation import tr


def frame_keys(*, is_busy: bool, has_table: bool, is_start: bool = False) -> tuple[str, ...]:
    """Return what the keys do, the longest text first.

    Args:
        is_busy: Whether the table is being read, or its network made.
        has_table: Whether there is a table to show.
        is_start: Whether the app was started with the table, so that its first network is behind the screen.
    """
    if is_busy:
        return (tr("esc stops"),)
    if not has_table:
        return (
            tr("h header, p separator, d decimal mark, c encoding: read it in another way; esc goes back"),
            tr("h, p, d, c: read it in another way; esc goes back"),
            tr("esc goes back"),
        )
    if is_start:
        return (
            tr(
                "i input, t target, x ignored, k kind of the marked column, ? help, enter opens the network, "
                "esc opens it as it was read"
            ),
            tr("i input, t target, x ignored, k kind, ? help, enter opens, esc opens it as it was read"),
            tr("i t x role, k kind, ? help, enter opens, esc opens it as read"),
            tr("? help, enter opens, esc as read"),
        )
    return (
        tr("i input, t target, x ignored, k kind of the marked column, ? help, enter opens the network, esc goes back"),
        tr("i input, t target, x ignored, k kind, ? help, enter opens, esc goes back"),
        tr("i t x role, k kind, ? help, enter opens, esc back"),
        tr("? help, enter opens, esc back"),
    )


def leave_text(*, is_start: bool) -> str:
    """Return what another esc would do, and which choices it would lose."""
    if is_start:
        return tr("Esc again opens the network as the table was read, without your choices; enter opens it with them.")
    return tr("Esc again goes back and gives up your choices; enter opens the network with them.")
