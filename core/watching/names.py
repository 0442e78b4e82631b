"""The names that people give the arrays of a pass: ``W1``, ``dW1``, ``grad_w_1``, ``Z1``, ``A1``, ``X``, ``cost``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_QUANTITIES: Mapping[str, str] = {
    "w": "w", "weight": "w", "weights": "w", "theta": "w", "b": "b", "bias": "b", "biases": "b",
    "z": "z", "a": "a", "h": "a", "act": "a", "activation": "a",
}  # fmt: skip
_WHOLE: Mapping[str, str] = {
    "x": "x", "input": "x", "inputs": "x", "xtrain": "x", "xbatch": "x", "xb": "x",
    "y": "y", "target": "y", "targets": "y", "label": "y", "labels": "y", "ytrain": "y", "ybatch": "y",
    "yb": "y", "loss": "loss", "cost": "loss",
    "learningrate": "eta", "lr": "eta", "eta": "eta", "η": "eta", "alpha": "eta",
}  # fmt: skip
_NAME = re.compile(
    r"(?P<d>grads?|d|nabla|∂)?(?P<quantity>weights?|theta|bias(?:es)?|activation|act|[wbzah])(?P<number>\d*)"
    r"(?P<grad>grads?)?"
)
_DELTA = re.compile(r"(?:delta|δ)(?P<number>\d+)")


def known_names(names: Iterable[str]) -> dict[str, str]:
    """Return what names mean: ``w1``, ``db2``, ``dz1``, ``x``, ``y``, ``loss`` or ``eta``; others are left out.

    Layers may be numbered from 0, as in ``W0``. Names without a number, such as ``w`` and ``db``, are those of a
    network of one layer, if no weights have a number. If two names mean the same, the first one counts.
    """
    found: dict[str, tuple[str, int]] = {}
    for name in names:
        meaning = _meaning(name)
        if meaning is not None:
            found[name] = meaning
    has_numbers = any(quantity in ("w", "dw") and number >= 0 for quantity, number in found.values())
    if has_numbers:
        found = {name: each for name, each in found.items() if each[1] >= 0 or each[0] in _WHOLE.values()}
    elif any(quantity in ("w", "dw") for quantity, _ in found.values()):
        found = {name: each if each[0] in _WHOLE.values() else (each[0], 1) for name, each in found.items()}
    first = min((number for quantity, number in found.values() if quantity == "w"), default=1)
    shift = 1 - first if first in (0, 1) else 0
    known: dict[str, str] = {}
    for name, (quantity, number) in found.items():
        known.setdefault(f"{quantity}{number + shift}" if number >= 0 else quantity, name)
    if "a0" in known:  # the inputs in the notation of a course
        known.setdefault("x", known["a0"])
        del known["a0"]
    return {name: meaning for meaning, name in known.items()}


@lru_cache(maxsize=1024)
def _meaning(name: str) -> tuple[str, int] | None:
    """Return a quantity, and the number of its layer or −1."""
    plain = re.sub(r"[\s_.\-\[\]()]", "", str(name)).lower()
    if plain in _WHOLE:
        return _WHOLE[plain], -1
    delta = _DELTA.fullmatch(plain)
    if delta is not None:
        return "dz", int(delta["number"])
    match = _NAME.fullmatch(plain)
    if match is None:
        return None
    is_gradient = match["d"] is not None or match["grad"] is not None
    return ("d" if is_gradient else "") + _QUANTITIES[match["quantity"]], int(match["number"] or -1)
