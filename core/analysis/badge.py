"""A finding about a run as a value: what is seen, what causes it, what to try."""

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
"""Every kind of badge and its short name, the ones to look at first in front."""


@dataclass(frozen=True, slots=True)
class Badge:
    """One finding: ``layer`` and ``units`` count from 0 (None and empty: the network, the whole layer).

    ``severity`` is ``bad`` where learning has stopped or soon will, ``warn`` where it suffers. ``what`` is
    seen, ``cause`` likely, ``advice`` worth a try; each is a sentence. ``output`` says that ``layer`` is the
    last one, whose units are the answers.
    """

    kind: Kind
    severity: Literal["bad", "warn"]
    layer: int | None
    units: tuple[int, ...]
    what: str
    cause: str
    advice: str
    output: bool = False

    @property
    def name(self) -> str:
        """The kind in words, as in ``dead ReLU``."""
        return KINDS[self.kind]

    @property
    def sentence(self) -> str:
        """What, why and what to try, in one line."""
        return f"{self.what} {self.cause} {self.advice}"
