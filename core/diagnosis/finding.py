"""A finding: one problem of a run with its symptom, its likely cause, and changes that help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message

Kind = Literal[
    "target_in_inputs", "constant_target", "constant_inputs", "conflicting_rows", "target_out_of_range",
    "inputs_unscaled", "targets_unscaled", "sum_reduction", "exploding", "diverged", "learning_rate_high",
    "symmetric", "no_bias", "single_layer", "penalty_high", "frozen", "dead_units", "saturated", "vanishing",
    "learning_rate_low", "local_minimum", "plateau", "cycle", "update_large", "overfitting",
]  # fmt: skip
KINDS: dict[Kind, Message] = {
    "target_in_inputs": message("target among the inputs"),
    "constant_target": message("constant targets"),
    "constant_inputs": message("constant inputs"),
    "conflicting_rows": message("conflicting rows"),
    "target_out_of_range": message("targets out of range"),
    "inputs_unscaled": message("unscaled inputs"),
    "targets_unscaled": message("unscaled targets"),
    "sum_reduction": message("sum over many rows"),
    "exploding": message("exploding gradient"),
    "diverged": message("diverged"),
    "learning_rate_high": message("learning rate too high"),
    "symmetric": message("equal units"),
    "no_bias": message("no bias"),
    "single_layer": message("no hidden layer"),
    "penalty_high": message("penalty too strong"),
    "frozen": message("frozen weights"),
    "dead_units": message("dead ReLU"),
    "saturated": message("saturated"),
    "vanishing": message("vanishing gradient"),
    "learning_rate_low": message("learning rate too low"),
    "local_minimum": message("local minimum"),
    "plateau": message("plateau"),
    "cycle": message("repeating updates"),
    "update_large": message("steps too long"),
    "overfitting": message("overfitting"),
}
"""The short name of every kind of finding, causes before symptoms."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a run.

    Attributes:
        kind: The kind of problem.
        severity: ``bad`` if learning has stopped or soon will, ``warn`` if it suffers.
        symptom: A sentence about the figures that the finding rests on.
        cause: A sentence about the likely cause.
        advice: A sentence about what helps.
        remedies: Changes that help, the first choice first, as a person types them: ``eta = 0.1``. They take effect at
            the start, or after the last edit.
        layer: The layer, from 0; None means the network.
        units: The units, from 0; empty means the whole layer.
        is_output: Whether ``layer`` is the output layer.
        refs: Addresses of figures that the finding rests on.
        emerged: Whether it has come up during the training, so that it may follow from another finding.
        useless: The changes that do not help against it, by their first word: ``eta``. No later finding proposes them.
    """

    kind: Kind
    severity: Literal["bad", "warn"]
    symptom: Message
    cause: Message
    advice: Message
    remedies: tuple[str, ...] = ()
    layer: int | None = None
    units: tuple[int, ...] = ()
    is_output: bool = False
    refs: tuple[Ref, ...] = ()
    emerged: bool = False
    useless: tuple[str, ...] = ()

    @property
    def name(self) -> Message:
        """The short name of the kind, such as ``dead ReLU``."""
        return KINDS[self.kind]

    @property
    def text(self) -> str:
        """Symptom, cause and advice."""
        return " ".join(map(str, (self.symptom, self.cause, self.advice)))


def findings_json(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Return the findings for ``--json``: layers and units from 1; ``unit`` is the first of ``units``, or None."""
    return [
        {
            "kind": finding.kind,
            "severity": finding.severity,
            "layer": None if finding.layer is None else finding.layer + 1,
            "unit": finding.units[0] + 1 if finding.units else None,
            "units": [unit + 1 for unit in finding.units],
            "text": finding.text,
            "remedies": list(finding.remedies),
        }
        for finding in findings
    ]
