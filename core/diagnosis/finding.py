"""A badge: one problem of a run with its symptom, its likely cause and a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn_tui.core.translation import Message, message

Kind = Literal[
    "divergence", "exploding", "vanishing", "symmetric", "dead", "saturated", "update_large", "update_small",
    "cycle", "stuck_at_mean", "plateau",
]  # fmt: skip
KINDS: dict[Kind, Message] = {
    "divergence": message("divergence"),
    "exploding": message("exploding gradient"),
    "vanishing": message("vanishing gradient"),
    "symmetric": message("equal units"),
    "dead": message("dead ReLU"),
    "saturated": message("saturated"),
    "update_large": message("steps too long"),
    "update_small": message("steps too short"),
    "cycle": message("repeating updates"),
    "stuck_at_mean": message("stuck at the mean"),
    "plateau": message("plateau"),
}
"""The short name of every kind of badge, the most urgent kinds first."""


@dataclass(frozen=True, slots=True)
class Badge:
    """One problem of a run.

    Attributes:
        kind: The kind of problem.
        severity: ``bad`` if learning has stopped or soon will, ``warn`` if it suffers.
        layer: The layer, from 0; None means the network.
        units: The units, from 0; empty means the whole layer.
        symptom: A sentence about the numbers.
        cause: A sentence about the likely cause.
        advice: A sentence about a remedy.
        is_output: Whether ``layer`` is the output layer.
    """

    kind: Kind
    severity: Literal["bad", "warn"]
    layer: int | None
    units: tuple[int, ...]
    symptom: Message
    cause: Message
    advice: Message
    is_output: bool = False

    @property
    def name(self) -> Message:
        """The short name of the kind, such as ``dead ReLU``."""
        return KINDS[self.kind]
