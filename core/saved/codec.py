"""Conversion of values to JSON and back: dataclasses become objects, tuples, lists and sets lists, arrays numbers.

Reading gives exactly the types that the dataclasses name, and whole numbers are never negative; anything else raises
an InputError. A field with a default may be missing, so that a later version can add fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.saved.earlier import EARLIER_FORMS
from nn_tui.core.spec import Array
from nn_tui.core.translation import message

T = TypeVar("T")
MAX_INT = 2**63 - 1
_NOT_FINITE = ("nan", "inf", "-inf")


def to_json(value: object, add_array: Callable[[Array], int]) -> Any:
    """Return ``value`` as JSON can hold it.

    Args:
        value: A dataclass, tuple, list, set, array, or a value that JSON has already.
        add_array: Takes an array and returns the number that stands for it.
    """
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, tuple | list):
        return [to_json(item, add_array) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, np.ndarray):
        return add_array(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name), add_array) for field in fields(value)}
    return value


def from_json(kind: type[T], value: object, get_array: Callable[[int], Array], path: KeyPath) -> T:
    """Return the value of type ``kind`` from which :func:`to_json` made ``value``.

    Args:
        kind: The type to read, such as a dataclass or ``tuple[int, ...]``; ``object`` for JSON as it is,
            ``dict[str, object]`` for any object of JSON.
        value: The JSON.
        get_array: Takes the number of an array and returns the array.
        path: The place of the value in the file, for the error.

    Raises:
        InputError: If ``value`` is not the JSON of that type.
    """
    result: T = _convert(kind, value, get_array, path)
    return result


def invalid_value(*path: str | int) -> InputError:
    """Return the error for a value that no document has; ``path`` is its place. The caller raises it."""
    return InputError("invalid_value", message("this is not a value that nn-tui writes."), path=path)


def _convert(kind: Any, value: object, get_array: Callable[[int], Array], path: KeyPath) -> Any:
    origin, options = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        kinds = [option for option in options if option is not NoneType]
        kind = kinds[0] if len(kinds) == 1 else _kind_of(value, kinds, path)
        return _convert(kind, value, get_array, path)
    if origin is Literal:
        return next(option for option in options if option == value) if value in options else _refuse(path)
    if origin is dict:
        return value if isinstance(value, dict) else _refuse(path)
    if origin in (tuple, list, frozenset):
        return origin(_items(options, value, get_array, path))
    if origin is np.ndarray:
        return get_array(_convert_scalar(int, value, path))
    if isinstance(kind, type) and is_dataclass(kind):
        return _convert_dataclass(kind, value, get_array, path)
    if isinstance(kind, type) and issubclass(kind, tuple):  # a named tuple
        return kind(*_items(tuple(get_type_hints(kind).values()), value, get_array, path))
    return value if kind is object else _convert_scalar(kind, value, path)


def _kind_of(value: object, kinds: list[Any], path: KeyPath) -> Any:
    """Return the one of several types to which JSON belongs: an object to the dataclass, anything else to its type."""
    if isinstance(value, dict):
        return next((kind for kind in kinds if is_dataclass(kind)), None) or _refuse(path)
    return type(value) if type(value) in kinds else _refuse(path)


def _convert_dataclass(
    kind: Callable[..., object], value: object, get_array: Callable[[int], Array], path: KeyPath
) -> object:
    known = _fields(kind)
    if not isinstance(value, dict):
        raise invalid_value(*path)
    if not value.keys() <= known.keys():
        earlier = EARLIER_FORMS.get(kind)
        if earlier is None:
            raise invalid_value(*path)
        return earlier.convert(_convert_dataclass(earlier.kind, value, get_array, path))
    values = {}
    for name, (field, hint) in known.items():
        if name in value:
            values[name] = _convert(hint, value[name], get_array, (*path, name))
        elif field.default is MISSING and field.default_factory is MISSING:
            raise invalid_value(*path)
    return kind(**values)


def _items(
    options: tuple[Any, ...], value: object, get_array: Callable[[int], Array], path: KeyPath
) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise invalid_value(*path)
    kinds = options if options[1:] not in ((), (...,)) else [options[0]] * len(value)
    if len(kinds) != len(value):
        raise invalid_value(*path)
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(_convert(kind, item, get_array, (*path, index)) for index, (kind, item) in pairs)


def _convert_scalar(kind: type[Any], value: object, path: KeyPath) -> Any:
    if kind is float and type(value) is int and abs(value) <= MAX_INT:
        return float(value)
    if kind is float and value in _NOT_FINITE:
        return float(str(value))
    good = type(value) is kind and (
        (isinstance(value, float) and isfinite(value))
        or (isinstance(value, int) and 0 <= value <= MAX_INT)
        or isinstance(value, str)
    )
    return value if good else _refuse(path)


def _refuse(path: KeyPath) -> Any:
    raise invalid_value(*path)


@lru_cache
def _fields(kind: type[Any]) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {field.name: (field, hints[field.name]) for field in fields(kind)}
