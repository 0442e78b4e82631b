"""The names of places in a preset as people type them in a change, and errors with such names."""

from __future__ import annotations

from nn_tui.core.errors import InputError, KeyPath, path_text
from nn_tui.core.translation import tr

_NAMES: dict[KeyPath, str] = {
    ("data", "seed"): "data seed",
    ("training", "batch_size"): "batch",
    ("training", "optimizer", "name"): "optimizer",
    ("training", "optimizer", "learning_rate"): "η",
    ("training", "schedule", "name"): "schedule",
    ("training", "schedule", "warmup", "total_iters"): "warmup",
}


def edit_error_text(error: InputError) -> str:
    """Return an error of a change in one sentence; it names the place as ``units of layer 2`` instead of a key path."""
    place = place_name(error.path)
    return f"{place}: {error.sentence}" if place else error.sentence


def place_name(path: KeyPath) -> str:
    """Return the name of a place: ``η``, ``units of layer 2``, ``w1[2,1]``, ``x2 of sample 3``; "" for no place."""
    if path in _NAMES:
        return _NAMES[path]
    match path:
        case ("layers", int(layer)):
            return tr("layer {layer}", layer=layer + 1)
        case ("layers", int(layer), "weights", int(unit), int(column)):
            return f"w{layer + 1}[{unit + 1},{column + 1}]"
        case ("layers", int(layer), "bias", int(unit)):
            return f"b{layer + 1}[{unit + 1}]"
        case ("layers", int(layer), str(key)):
            return tr("{key} of layer {layer}", key=key, layer=layer + 1)
        case ("data", "inputs", int(row), int(column)):
            return tr("x{column} of sample {row}", column=column + 1, row=row + 1)
        case ("data", "targets", int(row), int(column)):
            return tr("y{column} of sample {row}", column=column + 1, row=row + 1)
        case ("training", "optimizer" | "schedule", *key) | ("data" | "training", *key) if key:
            return path_text(tuple(key))
    return path_text(path)
