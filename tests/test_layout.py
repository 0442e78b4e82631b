"""Tests of the layout of the source: no import circles, small folders, and tests in the folders of their modules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "tui", "presets")
MAX_FILES = {"core": 10, "tui": 14}  # beside the folders; py.typed is a marker, not a file to read

Graph = Mapping[str, set[str]]


@cache
def modules() -> Mapping[str, Path]:
    """Return the path of every module by its dotted name below ``nn_tui``, such as ``core.nn.losses``."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


@cache
def parsed(path: Path) -> ast.Module:
    """Return the tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Return our modules that a file imports: at its top, in functions, or for type checkers only."""
    for node in ast.walk(parsed(path)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            inner = name.removeprefix("nn_tui.")
            if inner == name:
                continue
            yield inner if inner in known else inner.rpartition(".")[0]


@cache
def import_graph() -> Graph:
    """Return the modules that each module imports."""
    known = modules()
    return {name: set(imported(path, known)) - {name} for name, path in known.items()}


def folder_of(module: str, known: Mapping[str, Path]) -> str:
    """Return the folder of a module, or the module itself if it is directly in ``core`` or ``tui``."""
    if known[module].name == "__init__.py":
        return module
    folder = module.rpartition(".")[0]
    return module if folder in PACKAGES else folder


def top_folder_of(module: str) -> str:
    """Return the folder directly in ``core`` or ``tui`` that has a module, or the module itself if none has."""
    return ".".join(module.split(".")[:2])


def folder_graph() -> Graph:
    """Return the folders that each folder imports from; a folder in a folder stands for itself."""
    known = modules()
    return grouped(import_graph(), lambda module: folder_of(module, known))


def top_folder_graph() -> Graph:
    """Return the folders that each folder imports from; a folder in a folder is a part of it."""
    return grouped(import_graph(), top_folder_of)


def grouped(graph: Graph, group_of: Callable[[str], str]) -> Graph:
    """Return the groups that each group of modules imports from."""
    groups: dict[str, set[str]] = {}
    for module, names in graph.items():
        group = group_of(module)
        groups.setdefault(group, set()).update({group_of(name) for name in names} - {group})
    return groups


@pytest.mark.parametrize("graph", [import_graph, folder_graph, top_folder_graph])
def test_imports_form_no_circle(graph: Callable[[], Graph]) -> None:
    try:
        tuple(TopologicalSorter(graph()).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize(
    ("graph", "module", "other"),
    [
        (import_graph, "core.errors", "core.ref_parser"),
        (folder_graph, "tui.draw", "tui.views"),
        (top_folder_graph, "tui.keys", "tui.widgets"),
    ],
)
def test_a_circle_would_be_found(graph: Callable[[], Graph], module: str, other: str) -> None:
    changed = {name: set(names) for name, names in graph().items()}
    changed[module].add(other)
    with pytest.raises(CycleError):
        tuple(TopologicalSorter(changed).static_order())


def test_a_folder_in_a_folder_is_a_part_of_it() -> None:
    imports = {"tui.keys.keys": {"tui.views.layer"}, "tui.views.status.footer": {"tui.keys.keys"}}
    assert grouped(imports, top_folder_of) == {"tui.keys": {"tui.views"}, "tui.views": {"tui.keys"}}


@pytest.mark.parametrize("package", MAX_FILES)
def test_few_files_stand_beside_the_folders(package: str) -> None:
    files = [path.name for path in (ROOT / package).iterdir() if path.is_file() and path.name != "py.typed"]
    assert len(files) <= MAX_FILES[package], sorted(files)


def test_core_imports_nothing_of_the_terminal_app() -> None:
    assert not [(name, other) for name, names in import_graph().items() if name.startswith("core") for other in names
                if other.startswith("tui")]  # fmt: skip


def test_no_module_of_core_imports_from_the_package_itself() -> None:
    # Its public names are imported from these modules when they are used.
    assert not [name for name, names in import_graph().items() if name.startswith("core.") and "core" in names]


def test_the_ending_of_a_document_is_written_once() -> None:
    found = [
        name
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == ".nntui"
    ]
    assert found == ["core.table.file_names"]


def test_each_name_of_a_class_is_used_once() -> None:
    places: dict[str, list[str]] = {}
    for module, path in modules().items():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_test_folders_mirror_the_source() -> None:
    sources = {path.parent.relative_to(ROOT).as_posix() for path in modules().values()}
    others = {
        "tests/cli",
        "tests/end_to_end",
        "tests/fuzz",
        "tests/docs",
        "tests/torch",
        "tests/formats",
        "tests/shells",
        "tests/web",
        "tests/bench",
        "tests/tui/app",
    }
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")} - {ROOT / "tests"}
    unknown = {
        name
        for folder in folders
        if (name := folder.relative_to(ROOT).as_posix()) not in others and name.removeprefix("tests/") not in sources
    }
    assert unknown == set()
