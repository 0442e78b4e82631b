"""Values to plain JSON and back: dataclasses as objects, tuples as lists, arrays by their number in a list.

What comes back has exactly the types that the dataclasses name; anything else is refused with an InputError.
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

Kind = TypeVar("Kind")
MOST_WHOLE = 2**63 - 1


def plain(value: object, put: Callable[[Array], int]) -> Any:
    """``value`` as JSON can hold it; ``put`` takes an array and returns its number."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), put) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return put(value)
    if isinstance(value, tuple):
        return [plain(each, put) for each in value]
    return str(value) if isinstance(value, Path) else value


def typed(kind: type[Kind], value: object, get: Callable[[int], Array], at: str) -> Kind:
    """The ``kind`` that :func:`plain` made ``value`` from; ``at`` names it in a refusal."""
    found: Kind = _typed(kind, value, get, at)
    return found


def wrong(at: str) -> InputError:
    """The error for something that no session of ours holds; the caller raises it."""
    return InputError(f"{printable(at[:80])} is not what nn-tui writes")


def _typed(kind: Any, value: object, get: Callable[[int], Array], at: str) -> Any:
    origin, options = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        (kind,) = (each for each in options if each is not NoneType)
        return _typed(kind, value, get, at)
    if origin is Literal:
        return next((each for each in options if each == value), None) or _refuse(at)
    if origin is tuple:
        return _tuple(options, value, get, at)
    if origin is np.ndarray:
        return get(_scalar(int, value, at))
    if isinstance(kind, type) and is_dataclass(kind):
        names = _hints(kind)
        if not isinstance(value, dict) or value.keys() != names.keys():
            raise wrong(at)
        made: Callable[..., object] = kind
        return made(**{name: _typed(hint, value[name], get, f"{at}.{name}") for name, hint in names.items()})
    if kind is Path:
        return Path(_scalar(str, value, at))
    return _scalar(kind, value, at)


def _tuple(options: tuple[Any, ...], value: object, get: Callable[[int], Array], at: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise wrong(at)
    kinds = [options[0]] * len(value) if options[1:] == (...,) else options
    if len(kinds) != len(value):
        raise wrong(at)
    return tuple(_typed(kind, each, get, at) for kind, each in zip(kinds, value, strict=True))


def _scalar(kind: type[Any], value: object, at: str) -> Any:
    if kind is float and type(value) is int and abs(value) <= MOST_WHOLE:
        return float(value)
    good = type(value) is kind and (
        (isinstance(value, float) and isfinite(value))
        or (isinstance(value, int) and abs(value) <= MOST_WHOLE)
        or isinstance(value, str)
    )
    return value if good else _refuse(at)


def _refuse(at: str) -> Any:
    raise wrong(at)


@lru_cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
