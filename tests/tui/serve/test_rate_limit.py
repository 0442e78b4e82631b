"""Tests of the limit on how fast a visitor may send."""

from __future__ import annotations

from nn_tui.tui.serve.rate_limit import RateLimit


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    now = [0.0]
    limit = RateLimit(rate=10, burst=3, clock=lambda: now[0])
    assert [limit.delay(1) for _ in range(5)] == [0, 0, 0, 0.1, 0.2]
    now[0] = 0.2
    assert limit.delay(1) == 0.1


def test_no_more_than_a_burst_is_saved_up() -> None:
    now = [0.0]
    limit = RateLimit(rate=10, burst=3, clock=lambda: now[0])
    now[0] = 1000.0
    assert [limit.delay(1) for _ in range(4)] == [0, 0, 0, 0.1]
