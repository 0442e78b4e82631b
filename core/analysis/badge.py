"""A badge: one problem of a run with its symptom, its likely cause and a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "divergence", "exploding", "vanishing", "symmetric", "dead", "saturated", "update_large", "update_small",
    "stuck_at_mean", "plateau",
]  # fmt: skip
KINDS: dict[Kind, str] = {
    "divergence": "divergence",
    "exploding": "exploding gradient",
    "vanishing": "vanishing gradient",
    "symmetric": "equal units",
    "dead": "dead ReLU",
    "saturated": "saturated",
    "update_large": "steps too long",
    "update_small": "steps too short",
    "stuck_at_mean": "stuck at the mean",
    "plateau": "plateau",
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
    symptom: str
    cause: str
    advice: str
    is_output: bool = False

    @property
    def name(self) -> str:
        """The short name of the kind, such as ``dead ReLU``."""
        return KINDS[self.kind]

    @property
    def sentence(self) -> str:
        """Symptom, cause and advice in one line."""
        return f"{self.symptom} {self.cause} {self.advice}"
