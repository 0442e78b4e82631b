"""The arguments of a call as the values and keys of a preset, and the other way round in an error."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from nn_tui.core.errors import InputError, KeyPath

_ARGUMENTS = {"weights": "weights", "bias": "biases", "units": "sizes"}  # the argument of a key of [[layers]]


@contextmanager
def argument_errors() -> Iterator[None]:
    """Name the argument of a call in an error, instead of the key of a preset."""
    try:
        yield
    except InputError as error:
        error.file, error.path = "", argument_path(error.path)
        raise


def argument_path(path: KeyPath) -> KeyPath:
    """Return the argument for a key of a preset: ``loss`` for ``training.loss``, ``x[3]`` for ``data.inputs[3]``."""
    match path:
        case ("training", "optimizer" | "schedule" as name, "name"):
            return (name,)
        case ("training", "optimizer" | "schedule", str(key)):
            return (key,)
        case ("training", *rest) if rest:
            return tuple(rest)
        case ("data", "inputs", *rest):
            return ("x", *rest)
        case ("data", "targets" | "target", *rest):
            return ("y", *rest)
        case ("data", *rest) if rest:
            return tuple(rest)
        case ("layers", int(layer), str(key), *rest):
            number = layer + 1 if key == "units" else layer
            return (_ARGUMENTS[key], number, *rest) if key in _ARGUMENTS else (key, *rest)
        case ("layers",):
            return ("sizes",)
    return path


def plain(value: Any) -> Any:
    """Return a number or an array of NumPy as values of Python, and a tuple as a list; other values as they are."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return list(value)
    return value


def text(value: object, name: str) -> str:
    """Return an argument that is a string, or raise TypeError; ``name`` is its name."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {type(value).__name__}; give a string")
    return value


def named_options(value: object, name: str) -> dict[str, object]:
    """Return an argument that is a name, or a name with options, as the keys of a preset.

    Args:
        value: The argument.
        name: Its name.

    Raises:
        TypeError: If it is something else.
    """
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} is {type(value).__name__}; give a name, or a dictionary with a name and options")
    return {text(key, name): plain(each) for key, each in value.items()}


def arrays(value: object, name: str) -> list[object]:
    """Return an argument that has an array for each layer, or raise TypeError; ``name`` is its name."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise TypeError(f"{name} is {type(value).__name__}; give a list with an array for each layer")
    return list(value)


def whole_number(value: object, name: str) -> int:
    """Return an argument that is a whole number of Python or NumPy.

    Args:
        value: The argument.
        name: Its name.

    Raises:
        TypeError: If it is something else.
    """
    if isinstance(value, bool):
        raise TypeError(f"{name} is True or False; give a whole number")
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {type(value).__name__}; give a whole number") from None
