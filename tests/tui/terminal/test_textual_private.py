"""Find the private names of Textual and Rich in our source: one module alone may use some, and it lists them.

All files are parsed and none is imported. A name that our source puts together at run time is not found.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from nn_tui.tui.terminal.textual_private import PRIVATE_NAMES

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("core", "tui", "tests", "bench", "docs")
ALLOWED = ROOT / "tui/terminal/textual_private.py"
LIBRARIES = ("textual", "rich")
OWN_PACKAGES = ("nn_tui", "tests", "bench")
NAMED_TUPLE = {"_replace", "_asdict", "_fields", "_make"}  # public, in spite of the underscore
OTHER_MEANING = {("core/text.py", "_min")}  # (file, name): the ASCII form of a subscript
_PRIVATE = re.compile(r"(?<!\w)_(?!_)\w+")


@dataclass(frozen=True, slots=True)
class ClassNames:
    """The names of the bases of a class, and the names that the class defines in its body and on ``self``."""

    bases: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)


ClassTable = Mapping[str, ClassNames]


def is_on_self(node: ast.Attribute) -> bool:
    """Return whether an attribute is one of `self`, `cls` or `super()`."""
    owner = node.value.func if isinstance(node.value, ast.Call) else node.value
    return isinstance(owner, ast.Name) and owner.id in ("self", "cls", "super")


def defined_in(body: ast.ClassDef) -> Iterator[str]:
    """Return the names that a class defines; Python adds its name to those that begin with two underscores."""
    for node in body.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        else:
            yield from (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    for each in ast.walk(body):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and is_on_self(each):
            is_mangled = each.attr.startswith("__") and not each.attr.endswith("__")
            yield f"_{body.name.lstrip('_')}{each.attr}" if is_mangled else each.attr


def class_table(nodes: Iterable[ast.AST]) -> dict[str, ClassNames]:
    """Return the classes among the nodes of a module by name; classes of the same name are one entry."""
    classes: list[ast.ClassDef] = []
    aliases: dict[str | None, str] = {}
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            classes.append(node)
        elif isinstance(node, ast.ImportFrom):
            aliases |= {alias.asname: alias.name for alias in node.names}
    table: dict[str, ClassNames] = {}
    for node in classes:
        entry = table.setdefault(node.name, ClassNames())
        bases = {base.value if isinstance(base, ast.Subscript) else base for base in node.bases}
        names = {ast.unparse(base).rpartition(".")[2] for base in bases}
        entry.bases.update(aliases.get(name, name) for name in names)
        entry.defined.update(defined_in(node))
    return table


def merged(tables: Iterable[ClassTable]) -> dict[str, ClassNames]:
    """Return the classes of several modules by name; classes of the same name are one entry."""
    whole: dict[str, ClassNames] = {}
    for name, names in (item for table in tables for item in table.items()):
        entry = whole.setdefault(name, ClassNames())
        entry.bases.update(names.bases)
        entry.defined.update(names.defined)
    return whole


def ancestors(bases: set[str], *tables: ClassTable) -> set[str]:
    """Return the names of the bases of a class and of all their ancestors."""
    found: set[str] = set()
    waiting = bases
    while waiting:
        found |= waiting
        waiting = {base for table in tables for each in waiting if each in table for base in table[each].bases} - found
    return found


def defined_by(names: set[str], table: ClassTable) -> set[str]:
    """Return what the classes with these names define."""
    return {defined for name in names if name in table for defined in table[name].defined}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Libraries:
    """What the libraries define.

    Attributes:
        classes: Their classes.
        names: All private names: of modules, functions, classes, attributes and variables.
    """

    classes: ClassTable
    names: frozenset[str]


@cache
def libraries() -> Libraries:
    """Return what the libraries define; the trees of their hundreds of modules are not kept."""
    origins = [spec.origin for library in LIBRARIES if (spec := find_spec(library)) and spec.origin]
    paths = [path for origin in origins for path in sorted(Path(origin).parent.rglob("*.py"))]
    names = {path.stem for path in paths}

    def tables() -> Iterator[ClassTable]:
        for path in paths:
            nodes = list(ast.walk(parse(path)))
            names.update(defined_names(nodes))
            yield class_table(nodes)

    classes = merged(tables())
    names.update(*(entry.defined for entry in classes.values()))
    return Libraries(classes, frozenset(name for name in names if _PRIVATE.fullmatch(name)) - NAMED_TUPLE)


def defined_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Return the names of the functions, classes, attributes and variables that the nodes of a module set."""
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.Name(id=name, ctx=ast.Store()):
                yield name


def own_paths() -> list[Path]:
    """Return the paths of our modules, without this one, which has examples of private names."""
    return sorted({path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")} - {Path(__file__).resolve()})


@cache
def own_tables() -> Mapping[Path, ClassTable]:
    """Return the classes of each of our modules; the trees are not kept."""
    return {path: class_table(ast.walk(parse(path))) for path in own_paths()}


@cache
def own_classes() -> ClassTable:
    return merged(own_tables().values())


def names_of(node: ast.AST) -> Iterator[str]:
    """Return the names that one node mentions in an attribute, an import, a string, a keyword or a pattern."""
    match node:
        case ast.Attribute(attr=name):
            yield name
        case ast.Import(names=aliases):
            yield from (part for alias in aliases if not is_own(alias.name) for part in alias.name.split("."))
        case ast.ImportFrom(module=str(module), names=aliases) if not is_own(module):
            yield from module.split(".")
            yield from (alias.name for alias in aliases)
        case ast.Constant(value=str(text)):
            yield from _PRIVATE.findall(text)
        case ast.keyword(arg=str(name)):
            yield name
        case ast.MatchClass(kwd_attrs=names):
            yield from names


def is_own(module: str) -> bool:
    """Return whether a module is one of ours."""
    return module.partition(".")[0] in OWN_PACKAGES


def private_uses(tree: ast.Module, classes: ClassTable | None = None) -> frozenset[str]:
    """Return the private names of the libraries that a module mentions or overrides.

    On `self`, `cls` and `super()` a class may use what it or one of our classes above it defines, if no class of a
    library above it has the same name.

    Args:
        tree: The module.
        classes: Its classes, if they are known.
    """
    library, table = libraries(), {**own_classes(), **(class_table(ast.walk(tree)) if classes is None else classes)}

    def uses(node: ast.AST, allowed_on_self: set[str]) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                above = ancestors(table[child.name].bases, table, library.classes)
                own = defined_by({child.name, *above}, table)
                inherited = defined_by(above, library.classes)
                yield from inherited.intersection(defined_in(child))
                yield from uses(child, own - inherited)
                continue
            if not (isinstance(child, ast.Attribute) and is_on_self(child) and child.attr in allowed_on_self):
                yield from names_of(child)
            yield from uses(child, allowed_on_self)

    return library.names.intersection(uses(tree, set()))


def test_only_one_module_uses_private_names() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in own_paths()
        if path != ALLOWED
        for name in private_uses(parse(path), own_tables()[path])
    }
    assert found == OTHER_MEANING


def test_that_module_lists_each_name_with_a_reason() -> None:
    statements = [
        statement
        for statement in parse(ALLOWED).body
        if not (isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "PRIVATE_NAMES")
    ]
    assert private_uses(ast.Module(statements, [])) == set(PRIVATE_NAMES)
    assert len(PRIVATE_NAMES) <= 10
    assert all(reason.endswith(".") for reason in PRIVATE_NAMES.values())


IMPORT = "from textual.app import App\n"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from textual.widgets._tooltip import Tooltip", "_tooltip"),
        ("from textual import _xterm_parser as parser", "_xterm_parser"),
        ("from textual.keys import _character_to_key", "_character_to_key"),
        ("import rich._wrap", "_wrap"),
        ("import importlib\nm = importlib.import_module('textual._xterm_parser')", "_xterm_parser"),
        ("def f(x: 'textual._context.X'): pass", "_context"),
        ("code = 'import textual; textual._context'", "_context"),
        ("def f(app): return app._driver", "_driver"),
        ("def f(app): app._driver = 1", "_driver"),
        ("def f(app): del app._driver", "_driver"),
        ("def f(app): return getattr(app, '_driver', None)", "_driver"),
        ("import builtins\ndef f(app): return builtins.getattr(app, '_driver')", "_driver"),
        ("NAME = '_driver'\ndef f(app): return getattr(app, NAME)", "_driver"),
        ("from operator import attrgetter\nf = attrgetter('app._driver')", "_driver"),
        ("def f(app): return vars(app)['_driver']", "_driver"),
        ("def f(app): return app.__dict__['_driver']", "_driver"),
        ("def f(app): app.__setattr__('_driver', 1)", "_driver"),
        ("def f(app): return object.__getattribute__(app, '_driver')", "_driver"),
        ("import inspect\ndef f(app): return inspect.getattr_static(app, '_driver')", "_driver"),
        ("def f(monkeypatch, app): monkeypatch.setattr(app, '_driver', None)", "_driver"),
        ("def f(monkeypatch): monkeypatch.setattr('textual.app.App._driver', None)", "_driver"),
        ("from unittest.mock import patch\ndef f(app):\n    with patch.object(app, '_driver'): pass", "_driver"),
        ("def f(patch, app): patch.multiple(app, _driver=None)", "_driver"),
        ("def f(app):\n    match app:\n        case object(_driver=driver): return driver", "_driver"),
        ("def f(provider): return provider._Provider__screen", "_Provider__screen"),
        ("def f(self): return self._driver", "_driver"),
        ("f = lambda self: self._driver", "_driver"),
        ("class Helper:\n    def __init__(self): self._driver = 1\ndef f(app): return app._driver", "_driver"),
        ("class Helper:\n    def _display(self): pass\ndef f(app): app._display()", "_display"),
        (IMPORT + "class A(App):\n    def _display(self): pass", "_display"),
        (IMPORT + "class A(App):\n    def f(self): return super()._display()", "_display"),
        (IMPORT + "class A(App):\n    def f(self): self._driver = ()", "_driver"),
        (IMPORT + "class A(App):\n    def f(self):\n        for self._driver in (): pass", "_driver"),
        (IMPORT + "class A(App):\n    def f(self):\n        me = self\n        return me._driver", "_driver"),
        (IMPORT + "class A(App):\n    def f(this): return this._driver", "_driver"),
        (IMPORT + "class A(App):\n    def f(self): return type(self)._driver", "_driver"),
        (IMPORT + "class A(App):\n    @classmethod\n    def f(cls): return cls._driver", "_driver"),
        (IMPORT + "class A(App):\n    class B:\n        def f(self): return self._driver", "_driver"),
        (IMPORT + "class A(App): pass\nclass B(A):\n    def _display(self): pass", "_display"),
        ("from textual.app import App as Base\nclass A(Base[int]):\n    def _display(self): pass", "_display"),
        ("from textual.app import App as Base\nclass App(Base):\n    def _display(self): pass", "_display"),
        ("import textual.app\nclass A(textual.app.App):\n    def _display(self): pass", "_display"),
        ("def make():\n    from textual.app import App\n    class A(App):\n        _display = None", "_display"),
        (IMPORT + "for i in range(1):\n    class A(App):\n        def f(self): return self._driver", "_driver"),
        (IMPORT + "with open('a'):\n    class A(App):\n        def _display(self): pass", "_display"),
        (IMPORT + "A = type('A', (App,), {'_display': None})", "_display"),
        ("from nn_tui.tui.widgets.panel import Panel\nclass A(Panel):\n    def _set_dirty(self): pass", "_set_dirty"),
        ("class A:\n    def __init__(self): self._lines = []\n    def f(self, other): return other._lines", "_lines"),
    ],
)
def test_a_private_name_elsewhere_would_be_found(source: str, name: str) -> None:
    assert private_uses(ast.parse(source)) == {name}


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    def f(self): self._lines = self._replace(_driven=1)",
        "class A:\n    def _lines(self): pass\nclass B(A):\n    def f(self): return self._lines",
        "from tests._app import size",
        "def f(panel): return panel._name_of_no_library",
    ],
)
def test_own_private_names_are_no_private_use(source: str) -> None:
    assert private_uses(ast.parse(source)) == set()
