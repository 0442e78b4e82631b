"""The decorator of the dataclasses: like the standard one, but it defines a class in a third of the time.

The standard decorator compiles the source of six methods for each frozen class. The app defines 240 such classes before
its first frame, which took half of the time of importing our modules. Here only ``__init__`` is compiled when the class
is defined. ``__eq__`` and ``__hash__`` are compiled when they are called first, and the others, which run seldom, are
closures over the names of the fields.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)
_Fields = tuple[dataclasses.Field[Any], ...]


class _Default:
    """Stands for the value of a default factory in the signature of ``__init__``."""

    def __repr__(self) -> str:
        return "<factory>"


@dataclass_transform(field_specifiers=(dataclasses.field,))
def dataclass(
    *, frozen: bool = False, slots: bool = False, eq: bool = True, repr: bool = True, kw_only: bool = False
) -> Callable[[Class], Class]:
    """Make a class a dataclass; the parameters are those of ``dataclasses.dataclass``.

    ``fields``, ``replace``, ``asdict``, ``copy`` and ``pickle`` work as with the standard decorator. Not provided are
    ordering, weak references to classes with slots, and ``InitVar``.
    """

    def decorate(cls: Class) -> Class:
        own = dict(cls.__dict__)  # what the class itself defines is left alone
        made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
        fields = dataclasses.fields(made)
        methods: dict[str, object] = {"__init__": _make_init(made, fields, frozen=frozen, slots=slots)}
        if repr:
            methods["__repr__"] = _make_repr([field.name for field in fields if field.repr])
        if eq:
            methods["__eq__"] = _make_eq(made, [field.name for field in fields if field.compare])
            hashed = [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
            methods["__hash__"] = _make_hash(made, hashed) if frozen else None
        if frozen:
            methods |= _frozen_methods(made, fields)
        if frozen and slots:
            methods |= _state_methods(fields)
        for name, method in methods.items():
            if name not in own or (name == "__hash__" and own[name] is None):  # None: the class defines __eq__
                if callable(method):
                    method.__qualname__ = f"{cls.__qualname__}.{name}"  # type: ignore[attr-defined]
                setattr(made, name, method)
        return made  # type: ignore[no-any-return]

    return decorate


def _make_init(cls: type, fields: _Fields, *, frozen: bool, slots: bool) -> Callable[..., None]:
    """Compile ``__init__`` with the globals of the class's module, where its annotations are looked up."""
    values: dict[str, object] = {"_set": object.__setattr__, "_default": _Default()}
    body: list[str] = []
    for field in fields:
        name = field.name
        default, made = f"_default_{name}", f"_make_{name}()"
        if field.default_factory is not dataclasses.MISSING:
            values[f"_make_{name}"] = field.default_factory
            value = f"{made} if {name} is _default else {name}" if field.init else made
        elif field.init:
            value = name
        elif slots and field.default is not dataclasses.MISSING:
            value = default
        else:
            continue
        if field.default is not dataclasses.MISSING:
            values[default] = field.default
        body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    positional = [_parameter(field) for field in fields if field.init and not field.kw_only]
    keywords = [_parameter(field) for field in fields if field.init and field.kw_only]
    parameters = ", ".join(["self", *positional, *(["*", *keywords] if keywords else [])])
    lines = [f"  {line}" for line in body or ["pass"]]
    source = "\n".join([f"def make({', '.join(values)}):", f" def __init__({parameters}):", *lines, " return __init__"])
    made_in: dict[str, Any] = {}
    module = sys.modules.get(cls.__module__)
    exec(source, {} if module is None else module.__dict__, made_in)
    init: Callable[..., None] = made_in["make"](**values)
    init.__annotations__ = {field.name: field.type for field in fields if field.init} | {"return": None}
    return init


def _parameter(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return f"{field.name}=_default_{field.name}"
    return field.name if field.default_factory is dataclasses.MISSING else f"{field.name}=_default"


def _make_repr(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def __repr__(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _make_eq(cls: type, names: list[str]) -> Callable[[Any, object], bool]:
    def __eq__(self: Any, other: object) -> bool:
        mine, theirs = (_tuple(owner, names) for owner in ("self", "other"))
        condition = "other.__class__ is self.__class__"
        method = _compile(cls, "__eq__", "self, other", f"{mine} == {theirs} if {condition} else NotImplemented")
        return method(self, other)  # type: ignore[no-any-return]

    return __eq__


def _make_hash(cls: type, names: list[str]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        method = _compile(cls, "__hash__", "self", f"hash({_tuple('self', names)})")
        return method(self)  # type: ignore[no-any-return]

    return __hash__


def _tuple(owner: str, names: list[str]) -> str:
    """Return the source of the tuple of some attributes."""
    return f"({''.join(f'{owner}.{name}, ' for name in names)})"


def _compile(cls: type, name: str, parameters: str, value: str) -> Callable[..., Any]:
    """Compile a method that returns the value of an expression, and put it into the class."""
    method: Callable[..., Any] = eval(f"lambda {parameters}: {value}")
    method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
    setattr(cls, name, method)
    return method


def _frozen_methods(cls: Any, fields: _Fields) -> dict[str, object]:
    """Return the methods that refuse to set and to delete an attribute."""
    names = frozenset(field.name for field in fields)

    def __setattr__(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _state_methods(fields: _Fields) -> dict[str, object]:
    """Return the methods with which ``copy`` and ``pickle`` read and set the fields of a frozen class with slots."""
    names = [field.name for field in fields]

    def __getstate__(self: Any) -> list[object]:
        return [getattr(self, name) for name in names]

    def __setstate__(self: Any, state: list[object]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": __getstate__, "__setstate__": __setstate__}
