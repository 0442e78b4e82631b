"""The names that programs give to weights and biases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ParameterKind = Literal["w", "b"]

_KINDS: dict[str, ParameterKind] = {
    "w": "w", "weight": "w", "weights": "w", "kernel": "w", "coef": "w", "coefs": "w",
    "b": "b", "bias": "b", "biases": "b", "intercept": "b", "intercepts": "b",
}  # fmt: skip
_KIND = "|".join(sorted(_KINDS, key=len, reverse=True))
# "0.weight", "fc1.weight", "dense_1/kernel:0", "hidden_weights"; and "W1", "w[1]", "b_out", "coefs_0".
_LAYER_FIRST = re.compile(rf"(?P<layer>.+)[\s._/-](?P<kind>{_KIND})_?(?::0)?", re.IGNORECASE)
_KIND_FIRST = re.compile(
    rf"(?P<kind>{_KIND})(?:[\[(]?(?P<number>[0-9]+)[\])]?|[\s._/-]+(?P<layer>\w+)|_?)", re.IGNORECASE
)
_NUMBER = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class ParameterName:
    """What a name says.

    Attributes:
        kind: Whether it names weights or biases.
        layer: The part of the name that tells the layer; "" if no part does.
        rows_are_units: Whether the library that uses this name has a row for each unit; None if it does not say.
    """

    kind: ParameterKind
    layer: str
    rows_are_units: bool | None = None


def parse_name(name: str) -> ParameterName | None:
    """Return what the name of an array says; None if it names neither weights nor biases."""
    plain = name.strip()
    if match := _LAYER_FIRST.fullmatch(plain):
        return ParameterName(_KINDS[match["kind"].lower()], match["layer"], _rows_are_units(match["kind"], plain))
    if match := _KIND_FIRST.fullmatch(plain):
        layer = match["number"] or match["layer"] or ""
        return ParameterName(_KINDS[match["kind"].lower()], layer, _rows_are_units(match["kind"], plain))
    return None


def _rows_are_units(kind: str, name: str) -> bool | None:
    if kind.lower() in ("kernel", "coef", "coefs"):  # Keras and scikit-learn: (inputs, units)
        return False
    return True if name.endswith((".weight", ".bias")) else None  # PyTorch: (units, inputs)


def in_order(layers: Iterable[str]) -> list[str]:
    """Return the parts of names that tell layers by their numbers, if nothing else tells them apart; else as given."""
    names = list(layers)
    parts = [_NUMBER.split(name) for name in names]
    if len({tuple(part[::2]) for part in parts}) > 1:
        return names
    numbers = [tuple(map(int, part[1::2])) for part in parts]
    return [name for _, name in sorted(zip(numbers, names, strict=True))]
