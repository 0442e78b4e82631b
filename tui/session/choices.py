"""The numbers of digits and the speeds that can be chosen, and the names of zooms and phases on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tui.core.engine.steps import Phase, Zoom
from nn_tui.core.translation import Message, message

DIGITS: tuple[int | None, ...] = (2, 4, 6, None)
"""Digits of the numbers on screen; None shows all of them."""


@dataclass(frozen=True, slots=True)
class Speed:
    """The speed of ``r``: stops or passes per second, or as fast as the machine can if both are None.

    Attributes:
        name: Its name in the config file.
        label: Its name on the screen.
        stops: Stops per second.
        passes: Passes per second.
    """

    name: str
    label: Message
    stops: float | None = None
    passes: float | None = None


SPEEDS: tuple[Speed, ...] = (
    Speed("1 stop/s", message("1 stop/s"), stops=1),
    Speed("2 stops/s", message("2 stops/s"), stops=2),
    Speed("5 stops/s", message("5 stops/s"), stops=5),
    Speed("2 passes/s", message("2 passes/s"), passes=2),
    Speed("10 passes/s", message("10 passes/s"), passes=10),
    Speed("30 passes/s", message("30 passes/s"), passes=30),
    Speed("flat out", message("full speed")),
)
DEFAULT_SPEED = 5

PHASE_NAMES: dict[Phase, Message] = {
    "forward": message("forward"),
    "loss": message("loss"),
    "backward": message("backward"),
    "update": message("update"),
}
ZOOM_NAMES: dict[Zoom, Message] = {
    "pass": message("pass"),
    "layer": message("layer"),
    "operation": message("operation"),
    "unit": message("unit"),
}
