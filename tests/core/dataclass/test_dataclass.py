"""Tests that our decorator makes the same classes as the standard one."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any, ClassVar, get_type_hints

import pytest

from nn_tui.core.dataclass import dataclass

Decorator = Callable[..., Callable[[type], Any]]


def classes(dataclass: Decorator) -> dict[str, Any]:
    """Return classes of every kind that the project has, by name."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """A point."""

        axes: ClassVar[int] = 2
        x: float
        y: float = 0.0
        names: list[str] = field(default_factory=list, compare=False)

        def moved(self) -> float:
            """Return a coordinate."""
            return self.x + 1

    @dataclass(frozen=True, slots=True)
    class Point3(Point):
        """A point with another coordinate."""

        z: float = 1.0

    @dataclass(frozen=True)
    class Checked:
        """A point without slots, which checks its value."""

        x: int
        double: int = field(init=False, repr=False)
        third: int = field(init=False, default=3)

        def __post_init__(self) -> None:
            object.__setattr__(self, "double", 2 * self.x)

    @dataclass(frozen=True, slots=True, eq=False, repr=False)
    class Identity:
        """A value that equals itself alone."""

        x: int
        y: int = field(init=False, default=4)

    @dataclass(slots=True)
    class Mutable:
        """A value that can change."""

        x: int
        items: tuple[int, ...] = ()

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """A value with parameters by name."""

        x: int = 1
        y: int

    @dataclass(frozen=True, slots=True)
    class OwnMethods:
        """A value that defines some methods itself."""

        x: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self)) and abs(self.x) == abs(other.x)

        def __hash__(self) -> int:
            return abs(self.x)

        def __repr__(self) -> str:
            return f"<{self.x}>"

    @dataclass(frozen=True, slots=True)
    class Empty:
        """A value without fields."""

    return {key: value for key, value in locals().items() if isinstance(value, type)}


STANDARD, OURS = classes(dataclasses.dataclass), classes(dataclass)
CALLS: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "Point": [((1,), {}), ((1, 2), {}), ((1,), {"y": 2, "names": ["a"]}), ((2,), {})],
    "Point3": [((1,), {}), ((1, 2, [], 3), {}), ((1,), {"z": 1.0})],
    "Checked": [((1,), {}), ((2,), {}), ((1,), {})],
    "Identity": [((1,), {}), ((1,), {})],
    "Mutable": [((1,), {}), ((1, (2, 3)), {}), ((1,), {})],
    "Named": [((), {"y": 2}), ((), {"x": 3, "y": 2}), ((), {"x": 1, "y": 2})],
    "OwnMethods": [((1,), {}), ((-1,), {}), ((2,), {})],
    "Empty": [((), {}), ((), {})],
}


def values(classes: dict[str, Any], name: str) -> list[Any]:
    """Return a value of a class for each call."""
    return [classes[name](*args, **kwargs) for args, kwargs in CALLS[name]]


def outcome(function: Callable[[], object]) -> object:
    """Return what a function returns, or the type and the text of its error."""
    try:
        return function()
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("name", CALLS)
def test_values_behave_as_those_of_the_standard_decorator(name: str) -> None:
    standard, ours = values(STANDARD, name), values(OURS, name)
    if name != "Identity":  # its text has an address
        assert [repr(value) for value in ours] == [repr(value) for value in standard]
        assert [outcome(lambda: hash(value)) for value in ours] == [outcome(lambda: hash(value)) for value in standard]
    for first, other in ((0, 1), (0, -1), (0, 0)):
        assert (ours[first] == ours[other]) == (standard[first] == standard[other])
    assert ours[0] != standard[0] and ours[0] != 1
    assert [asdict(value) for value in ours] == [asdict(value) for value in standard]
    assert asdict(copy.deepcopy(ours[1])) == asdict(standard[1])


@pytest.mark.parametrize("name", CALLS)
def test_attributes_are_set_and_deleted_as_with_the_standard_decorator(name: str) -> None:
    for standard, ours in zip(values(STANDARD, name), values(OURS, name), strict=True):
        for attribute in [each.name for each in fields(standard)]:
            assert outcome(lambda: setattr(ours, attribute, 7)) == outcome(lambda: setattr(standard, attribute, 7))
            assert outcome(lambda: delattr(ours, attribute)) == outcome(lambda: delattr(standard, attribute))
        assert outcome(lambda: asdict(ours)) == outcome(lambda: asdict(standard))
        with pytest.raises(AttributeError):
            ours.unknown = 1


@pytest.mark.parametrize("name", CALLS)
def test_classes_have_the_same_fields_and_signatures(name: str) -> None:
    standard, ours = STANDARD[name], OURS[name]
    assert str(inspect.signature(ours)) == str(inspect.signature(standard))
    assert get_type_hints(ours.__init__) == get_type_hints(standard.__init__)
    assert ours.__match_args__ == standard.__match_args__
    assert [(each.name, each.type, each.default) for each in fields(ours)] == [
        (each.name, each.type, each.default) for each in fields(standard)
    ]
    assert ours.__qualname__ == standard.__qualname__ and ours.__doc__ == standard.__doc__
    assert getattr(ours, "__slots__", None) == getattr(standard, "__slots__", None)
    assert {key for key in vars(standard) if key.startswith("__")} - set(vars(ours)) == set()


@dataclass(frozen=True, slots=True)
class Pickled:
    """A value of a module, which pickle finds by its name."""

    x: int
    y: tuple[int, ...] = ()


def test_a_value_is_pickled_and_copied() -> None:
    value = Pickled(1, (2, 3))
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == value
    assert replace(value, x=2) == Pickled(2, (2, 3))
    with pytest.raises(FrozenInstanceError):
        value.x = 3  # type: ignore[misc]


def test_a_method_of_a_subclass_may_call_that_of_the_dataclass() -> None:
    class Base:
        """A base with a value of its own."""

    class Child(Pickled, Base):
        """A class that is no dataclass."""

        def __eq__(self, other: object) -> bool:
            return super().__eq__(other)

        def __hash__(self) -> int:
            return super().__hash__()

    assert Child(1) == Child(1) != Child(2)
    assert hash(Child(1)) == hash(Pickled(1))


def test_a_list_that_contains_its_owner_has_a_text() -> None:
    texts = []
    for classes in (OURS, STANDARD):
        items: list[object] = []
        items.append(classes["Mutable"](1, items))
        texts.append(repr(items))
    assert texts[0] == texts[1]


def test_a_class_is_defined_with_one_compilation() -> None:
    compiled: list[str] = []

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "compile" and watching:
            compiled.append(str(args[0]))

    watching = False
    sys.addaudithook(hook)
    watching = True

    @dataclass(frozen=True, slots=True)
    class Value:
        """A value."""

        x: int
        y: int

    watching = False
    assert len(compiled) == 1
    assert Value(1, 2) == Value(1, 2)
