"""Find every private name of Textual and Rich in the source; only one module may use any, and it lists them."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from nn_tui.tui.terminal.textual_private import PRIVATE_NAMES

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("core", "tui", "tests", "bench", "docs")
ALLOWED = ROOT / "tui/terminal/textual_private.py"
LIBRARIES = ("textual", "rich")
NAMED_TUPLE = {"_replace", "_asdict", "_fields", "_make"}  # public, in spite of the underscore
BY_NAME = {"getattr", "setattr", "hasattr", "delattr"}
_PRIVATE = re.compile(r"_(?!_)\w+")


def is_private(name: str) -> bool:
    """Return whether a name begins with one underscore, apart from the methods of named tuples."""
    return bool(_PRIVATE.fullmatch(name)) and name not in NAMED_TUPLE


def of_library(module: str | None) -> bool:
    """Return whether a module belongs to Textual or Rich."""
    return module is not None and module.partition(".")[0] in LIBRARIES


def accessed(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Return each attribute in a tree as (object, name): `a.b`, `getattr(a, "b")` and the like."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute):
            yield each.value, each.attr
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in BY_NAME:
            match each.args:
                case [owner, ast.Constant(value=str(name)), *_]:
                    yield owner, name


def is_own(owner: ast.expr) -> bool:
    """Return whether an expression is `self`, `cls` or `super()`."""
    if isinstance(owner, ast.Call):
        return isinstance(owner.func, ast.Name) and owner.func.id == "super"
    return isinstance(owner, ast.Name) and owner.id in ("self", "cls")


def defined_in(body: ast.ClassDef) -> Iterator[str]:
    """Return the names that a class defines in its body and through `self`."""
    for statement in body.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name
        else:
            yield from (
                each.id
                for each in ast.walk(statement)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            )
    for each in ast.walk(body):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and is_own(each.value):
            yield each.attr


@cache
def names_of_library_class(base: type) -> frozenset[str]:
    """Return the private names that one class of a library has, also those that its methods assign to `self`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
    found = {*vars(base), *(name for node in tree.body if isinstance(node, ast.ClassDef) for name in defined_in(node))}
    return frozenset(filter(is_private, found))


def names_of_bases(cls: type) -> frozenset[str]:
    """Return the private names of all bases of a class that belong to a library."""
    bases = [base for base in cls.__mro__ if of_library(base.__module__)]
    return frozenset().union(*map(names_of_library_class, bases))


def import_of(path: Path) -> str:
    """Return the import name of a file."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return f"nn_tui.{name}" if name.partition(".")[0] in ("core", "tui") else name


def own_names(tree: ast.Module) -> set[str]:
    """Return every name that the classes of a module define."""
    return {name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for name in defined_in(node)}


def sources() -> list[Path]:
    """Return all files of source, except the module that may use private names."""
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if path != ALLOWED)


def private_uses(tree: ast.Module, module: str) -> set[str]:
    """Return the private names of the libraries that a module imports, reads, sets or overrides."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found.update(part for name in names if of_library(name) for part in name.split(".") if is_private(part))
    found.update(
        name for owner, name in accessed(tree) if is_private(name) and not is_own(owner) and name not in own_names(tree)
    )
    for qualified, body in classes(tree):
        used = {*defined_in(body), *(name for owner, name in accessed(body) if is_own(owner))}
        if any(map(is_private, used)):
            found |= used & names_of_bases(loaded(module, qualified))
    return found


def classes(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.ClassDef]]:
    """Return the classes of a module with their qualified names, also nested ones; not those in functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            yield from classes(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.If | ast.Try):
            yield from classes(node, prefix)


def loaded(module: str, qualified: str) -> type:
    """Return a class of a module."""
    found: object = sys.modules.get(module) or importlib.import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    assert isinstance(found, type)
    return found


def uses_in(path: Path) -> set[str]:
    """Return the private names that a file uses."""
    return private_uses(ast.parse(path.read_text(encoding="utf-8")), import_of(path))


def test_only_one_module_uses_private_names() -> None:
    found = {path.relative_to(ROOT).as_posix(): names for path in sources() if (names := uses_in(path))}
    assert found == {}


def test_that_module_lists_each_name_with_a_reason() -> None:
    assert uses_in(ALLOWED) == set(PRIVATE_NAMES)
    assert len(PRIVATE_NAMES) <= 10
    assert all(reason.endswith(".") for reason in PRIVATE_NAMES.values())


PANEL = "nn_tui.tui.widgets.panel"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from textual.widgets._tooltip import Tooltip", "_tooltip"),
        ("from textual.keys import _character_to_key", "_character_to_key"),
        ("import rich._wrap", "_wrap"),
        ("def size(app): return app._driver", "_driver"),
        ("def size(app): return getattr(app, '_driver', None)", "_driver"),
        ("class Panel:\n    def _set_dirty(self): pass", "_set_dirty"),
        ("class Panel:\n    def show(self): return self._size_updated", "_size_updated"),
        ("class Panel:\n    def show(self): return super()._render()", "_render"),
        ("class Panel:\n    def show(self): self._dirty_regions = ()", "_dirty_regions"),
        ("class Panel:\n    class Clicked:\n        def f(self): return self._forwarded", "_forwarded"),
    ],
)
def test_a_private_name_elsewhere_would_be_found(source: str, name: str) -> None:
    assert private_uses(ast.parse(source), PANEL) == {name}


def test_own_private_names_are_no_private_use() -> None:
    source = "class Panel:\n    def show(self): self._drawn = self._replace()\ndef f(panel): return panel._drawn"
    assert private_uses(ast.parse(source), PANEL) == set()
