"""The numbers of digits and the speeds that can be chosen."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS: tuple[int | None, ...] = (2, 4, 6, None)
"""Digits of the numbers on screen; None shows all of them."""


@dataclass(frozen=True, slots=True)
class Speed:
    """The speed of ``r``: stops or passes per second, or as fast as the machine can if both are None."""

    label: str
    stops: float | None = None
    passes: float | None = None


SPEEDS: tuple[Speed, ...] = (
    Speed("1 stop/s", stops=1),
    Speed("2 stops/s", stops=2),
    Speed("5 stops/s", stops=5),
    Speed("2 passes/s", passes=2),
    Speed("10 passes/s", passes=10),
    Speed("30 passes/s", passes=30),
    Speed("flat out"),
)
DEFAULT_SPEED = 5
