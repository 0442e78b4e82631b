"""Tests of the conversion of values to JSON: exactly what was written is read back, and nothing else is read."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.saved.codec import from_json, to_json
from nn_tui.core.spec import Array


class Pair(NamedTuple):
    """A named tuple."""

    first: int
    second: str


@dataclass(frozen=True)
class Inner:
    """A value in another one."""

    kind: Literal["a", "b"]
    value: float | int | bool | str | None = None


@dataclass(frozen=True)
class Outer:
    """A value with every type that documents have."""

    inner: Inner
    inners: list[Inner]
    pair: Pair
    numbers: tuple[float, ...]
    point: tuple[int, str]
    names: frozenset[str]
    other: Inner | None
    raw: object


VALUE = Outer(
    inner=Inner("b"),
    inners=[Inner("a", value) for value in (1, 1.0, True, "x", -2.5)],
    pair=Pair(3, "three"),
    numbers=(0.1, -0.0, 1e308, float("inf"), float("-inf")),
    point=(7, "seven"),
    names=frozenset({"b", "a"}),
    other=Inner("a"),
    raw={"any": [1, None]},
)


def read(kind: Any, value: object) -> Any:
    return from_json(kind, json.loads(json.dumps(value)), lambda number: np.zeros(number), ("top",))


def written(value: object) -> Any:
    return to_json(value, lambda array: len(array))


def test_values_are_read_back_with_their_types() -> None:
    again = read(Outer, written(VALUE))
    assert again == VALUE
    no_names = frozenset[str]()  # the order of a set in its repr is not fixed
    assert repr(replace(again, names=no_names)) == repr(replace(VALUE, names=no_names))
    assert np.isnan(read(float, written(float("nan"))))


def test_arrays_become_numbers() -> None:
    assert written((np.zeros(3), np.zeros(5))) == [3, 5]
    assert [len(array) for array in read(tuple[Array, ...], [3, 5])] == [3, 5]


def test_a_later_version_may_add_a_field_with_a_default() -> None:
    later = make_dataclass("Later", [("kind", str), ("value", int), ("practice", tuple[str, ...], ())])
    assert read(later, {"kind": "a", "value": 3}) == later("a", 3)
    with pytest.raises(InputError, match=r"^top: "):
        read(Inner, {"kind": "a", "practice": []})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, -1), (int, 2**63), (int, True), (int, 1.0), (int, "1"), (bool, 1), (str, 1), (float, "1"),
        (float, "infinity"), (float, True), (float, 2**63), (float, None), (Inner, []), (Inner, {}),
        (Inner, {"kind": "c"}), (Inner, {"kind": "a", "value": []}), (Inner, {"kind": "a", "value": {}}),
        (tuple[int, ...], {}), (tuple[int, ...], "ab"), (tuple[int, str], [1]), (tuple[int, str], [1, "a", 2]),
        (frozenset[int], [-1]), (list[int], ["a"]), (Pair, [1]), (Pair, ["a", "b"]), (Array, -1), (Array, [1.0]),
    ],
)  # fmt: skip
def test_anything_else_is_refused_at_its_place(kind: Any, value: object) -> None:
    with pytest.raises(InputError, match=r"^top.*: this is not a value that nn-tui writes\.$"):
        read(kind, value)
