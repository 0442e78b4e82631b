"""Conversion of values to JSON and back: dataclasses become objects, tuples lists, arrays numbers in a list.

Reading gives exactly the types that the dataclasses name; anything else raises an InputError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array
from nn_tui.core.text import printable

T = TypeVar("T")
MAX_INT = 2**63 - 1


def to_json(value: object, add_array: Callable[[Array], int]) -> Any:
    """Return ``value`` as JSON can hold it.

    Args:
        value: A dataclass, tuple, array, path or plain value.
        add_array: Takes an array and returns the number that stands for it.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name), add_array) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return add_array(value)
    if isinstance(value, tuple):
        return [to_json(item, add_array) for item in value]
    return str(value) if isinstance(value, Path) else value


def from_json(kind: type[T], value: object, get_array: Callable[[int], Array], name: str) -> T:
    """Return the value of type ``kind`` from which :func:`to_json` made ``value``.

    Args:
        kind: The type to read, such as a dataclass or ``tuple[int, ...]``.
        value: The JSON.
        get_array: Takes the number of an array and returns the array.
        name: The name of the value, for the error.

    Raises:
        InputError: If ``value`` is not the JSON of that type.
    """
    result: T = _convert(kind, value, get_array, name)
    return result


def invalid_value(name: str) -> InputError:
    """Return the error for a value that no saved session has; the caller raises it."""
    return InputError(f"{printable(name[:80])} is not what nn-tui writes")


def _convert(kind: Any, value: object, get_array: Callable[[int], Array], name: str) -> Any:
    origin, options = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        (kind,) = (option for option in options if option is not NoneType)
        return _convert(kind, value, get_array, name)
    if origin is Literal:
        return next((option for option in options if option == value), None) or _refuse(name)
    if origin is tuple:
        return _convert_tuple(options, value, get_array, name)
    if origin is np.ndarray:
        return get_array(_convert_scalar(int, value, name))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _type_hints(kind)
        if not isinstance(value, dict) or value.keys() != hints.keys():
            raise invalid_value(name)
        make: Callable[..., object] = kind
        return make(**{key: _convert(hint, value[key], get_array, f"{name}.{key}") for key, hint in hints.items()})
    if kind is Path:
        return Path(_convert_scalar(str, value, name))
    return _convert_scalar(kind, value, name)


def _convert_tuple(
    options: tuple[Any, ...], value: object, get_array: Callable[[int], Array], name: str
) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise invalid_value(name)
    kinds = [options[0]] * len(value) if options[1:] == (...,) else options
    if len(kinds) != len(value):
        raise invalid_value(name)
    return tuple(_convert(kind, item, get_array, name) for kind, item in zip(kinds, value, strict=True))


def _convert_scalar(kind: type[Any], value: object, name: str) -> Any:
    if kind is float and type(value) is int and abs(value) <= MAX_INT:
        return float(value)
    good = type(value) is kind and (
        (isinstance(value, float) and isfinite(value))
        or (isinstance(value, int) and abs(value) <= MAX_INT)
        or isinstance(value, str)
    )
    return value if good else _refuse(name)


def _refuse(name: str) -> Any:
    raise invalid_value(name)


@lru_cache
def _type_hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
