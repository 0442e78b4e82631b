"""Tests of what the server is asked to do, and of the sizes that browsers send."""

from __future__ import annotations

import pytest

from nn_tui.tui.serve.values import terminal_size


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        ("120", "40", (120, 40)),
        (None, None, (80, 24)),
        ("wide", "", (80, 24)),
        ("1000000000000", "99999", (500, 200)),
        ("-5", "0", (2, 2)),
    ],
)
def test_a_size_is_within_limits(width: str | None, height: str | None, size: tuple[int, int]) -> None:
    assert terminal_size(width, height) == size
