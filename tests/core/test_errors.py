"""Tests of errors: each kind has a code, a path and a value, and no code takes their text apart."""

from __future__ import annotations

import ast
import copy
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.analysis.landscape import plan_grid
from nn_tui.core.data.dataset import load_data
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.edits.places import edit_error_text, place_name
from nn_tui.core.errors import ErrorCode, InputError, KeyPath, locate_errors, os_error_reason, path_text
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.saved.codec import from_json
from nn_tui.core.saved.document import DocumentInfo, read_document, write_document
from nn_tui.core.spec import DataSpec
from nn_tui.core.table.reader import read_table
from nn_tui.core.table.strict import read_strict_csv
from nn_tui.core.translation import language, message
from tests._documents import with_info
from tests._edits import small_experiment
from tests._pseudo import PseudoLanguage
from tests.preset_texts import SMALL

ROOT = Path(__file__).resolve().parents[2]


def error_of(make: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        make()
    return caught.value


def parse(old: str, new: str) -> Callable[[], object]:
    assert old in SMALL
    return lambda: parse_preset(SMALL.replace(old, new, 1), id="mine", file="mine.toml", folder=None)


def change(text: str) -> Callable[[], object]:
    return lambda: apply_edit(text, Run.start(small_experiment()), 0)


def landscape(run: Run, *axes: Ref) -> Callable[[], object]:
    return lambda: plan_grid(run, 0, axes=(axes[0], axes[1]))


def diverging_data() -> object:
    return load_data(DataSpec(inputs=((1e308,), (-1e308,)), targets=((0.0,), (1.0,)), standardize=True), 0, None)


def saved() -> bytes:
    """Return a small document: its tree is a description again."""
    info = DocumentInfo("xor", "XOR", 1, 2, 3, "kernels")
    return write_document(info, info)


CASES: list[tuple[ErrorCode, Callable[[], object], KeyPath, object]] = [
    ("cancelled", lambda: read_table(b"a,b\n1,2\n3,4\n", should_stop=lambda: True), (), None),
    ("computed", change("z1[1] = 3"), (), "z1[1] = 3"),
    ("conflict", parse('"tanh"', '"softmax"'), ("layers", 0, "activation"), "softmax"),
    ("damaged", lambda: read_document(saved()[:-1], DocumentInfo), (), None),
    ("duplicate", landscape(Run.start(small_experiment()), Ref("w"), Ref("w")), (), (Ref("w"), Ref("w"))),
    ("invalid_value", lambda: from_json(int, "three", lambda number: np.zeros(number), ("data", 3)), ("data", 3), None),
    ("missing", parse("units = 3\n", ""), ("layers", 0, "units"), None),
    ("not_a_choice", parse('"tanh"', '"tahn"'), ("layers", 0, "activation"), "tahn"),
    ("not_available", change("remove unit 1 of layer 2"), ("layers", 1), 0),
    ("not_finite", parse('loss = "binary_cross_entropy"', 'loss = "huber"\nl2 = inf'), ("training", "l2"), math.inf),
    ("not_found", lambda: find_preset("iirs"), (), "iirs"),
    ("other_version", lambda: read_document(with_info(saved(), format="nn-tui-document/3"), DocumentInfo), (), "3"),
    ("out_of_range", parse("units = 3", "units = 0"), ("layers", 0, "units"), 0),
    ("overflow", diverging_data, ("data", "standardize"), True),
    ("syntax", parse("units = 3", "units 3"), (), None),
    ("too_large", parse("units = 3", "units = " + "9" * 5000), (), None),
    ("unchanged", change("eta = 0.1"), ("training", "optimizer", "learning_rate"), 0.1),
    ("unknown_key", parse("units = 3", "units = 3\nunit = 4"), ("layers", 0, "unit"), 4),
    ("unreadable", lambda: read_strict_csv(ROOT, "y"), (), None),
    ("wrong_shape", parse("units = 3", "units = 3\nbias = [1]"), ("layers", 0, "bias"), (1.0,)),
    ("wrong_type", parse("units = 3", "units = true"), ("layers", 0, "units"), True),
]


@pytest.mark.parametrize(("code", "make", "path", "value"), CASES, ids=[case[0] for case in CASES])
def test_each_kind_of_error_has_its_code_path_and_value(
    code: ErrorCode, make: Callable[[], object], path: KeyPath, value: object
) -> None:
    error = error_of(make)
    assert (error.code, error.path, error.value) == (code, path, value)
    assert str(error).isprintable() and str(error).endswith((".", "?"))
    with language(PseudoLanguage()):
        assert str(error.problem) in str(error) and str(error.problem) != error.problem.text


def test_each_code_has_a_case() -> None:
    # Only the terminal app raises the first of these; the second one is tested in tests/core/files.
    assert {case[0] for case in CASES} | {"diverged", "not_installed"} == set(get_args(ErrorCode))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("layers", 1, "units"), "layers[1].units"),
        (("data", "inputs", 2, 0), "data.inputs[2][0]"),
        (("a\x1b[31m",), "a\\x1b[31m"),
        (("x" * 100,), "x" * 59 + "…"),
    ],
)
def test_a_path_is_written_as_in_a_preset(path: KeyPath, text: str) -> None:
    assert path_text(path) == text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "it is wrong."),
        ({"path": ("seed",)}, "seed: it is wrong."),
        ({"path": ("seed",), "file": "a.toml"}, "a.toml: seed: it is wrong."),
        ({"file": "a.toml", "line": 3}, "a.toml: line 3: it is wrong."),
        ({"file": "a.csv", "line": 3, "column": 2, "path": ("size",)}, "a.csv: line 3, column 2: size: it is wrong."),
        ({"suggestions": ("a",)}, 'it is wrong. Did you mean "a"?'),
        ({"suggestions": ("a", "b")}, 'it is wrong. Did you mean "a" or "b"?'),
        ({"suggestions": ("a", "b", "c")}, 'it is wrong. Did you mean "a", "b" or "c"?'),
        ({"suggestions": ("\x07",)}, 'it is wrong. Did you mean "\\x07"?'),
    ],
)
def test_the_text_of_an_error_names_the_place_once(fields: dict[str, Any], text: str) -> None:
    assert str(InputError("conflict", message("it is wrong."), **fields)) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("layers", 1, "units"), "units of layer 2"),
        (("layers", 1), "layer 2"),
        (("layers", 0, "weights", 1, 2), "w1[2,3]"),
        (("layers", 0, "bias", 1), "b1[2]"),
        (("data", "inputs", 4, 1), "x2 of sample 5"),
        (("data", "seed"), "data seed"),
        (("training", "optimizer", "learning_rate"), "η"),
        (("training", "optimizer", "beta1"), "beta1"),
        (("training", "batch_size"), "batch"),
        (("data", "noise"), "noise"),
        ((), ""),
    ],
)
def test_a_change_names_its_place_as_people_type_it(path: KeyPath, text: str) -> None:
    assert place_name(path) == text
    error = InputError("conflict", message("it is wrong."), path=path)
    assert edit_error_text(error) == (f"{text}: it is wrong." if text else "it is wrong.")


def test_the_reason_of_an_os_error_fits_into_a_sentence() -> None:
    assert os_error_reason(PermissionError(13, "Permission denied")) == "permission denied"
    assert os_error_reason(OSError("no reason")) == "input/output error"


def test_only_errors_without_a_place_get_one() -> None:
    def located(**fields: Any) -> InputError:
        def make() -> None:
            with locate_errors(file="a.toml", path=("data", "csv")):
                raise InputError("conflict", message("it is wrong."), **fields)

        return error_of(make)

    assert (located().file, located().path) == ("a.toml", ("data", "csv"))
    assert (located(path=("seed",)).file, located(path=("seed",)).path) == ("a.toml", ("seed",))
    assert (located(file="b.csv").file, located(file="b.csv").path) == ("b.csv", ())


# Random wrong presets


VALID: dict[str, Any] = {
    "title": "A",
    "seed": 3,
    "data": {"inputs": [[0, 1], [1, 0]], "targets": [[0], [1]], "features": ["x1", "x1*x2"], "test_fraction": 0},
    "layers": [
        {"units": 3, "activation": "tanh", "init": "uniform", "init_low": -1, "init_high": 1},
        {"units": 1, "activation": "sigmoid", "weights": [[1, 2, 3]], "bias": [0.5]},
    ],
    "training": {
        "loss": "binary_cross_entropy",
        "batch_size": 2,
        "shuffle": True,
        "l2": 0.5,
        "optimizer": {"name": "adam", "learning_rate": 0.1, "beta1": 0.5},
        "schedule": {"name": "step", "step_size": 5, "warmup": {"total_iters": 3}},
    },
    "expect": {"updates": 5, "loss_below": 1},
}
WRONG = [True, -1, 0, 7, 1.5, math.nan, math.inf, "softmax", "", "\x07", [], [[1, 2]], [[0.5, True]], {}, {"units": 2}]


def places(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every value in a table."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from places(item, (*path, key))


def toml(value: object) -> str:
    """Return a value as TOML, with tables on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str) else str(value)


def at(table: object, path: KeyPath) -> object:
    """Return the value at a path; raise KeyError, IndexError or TypeError if there is none."""
    for key in path:
        table = table[key]  # type: ignore[index]
    return table


def plain(value: object) -> str:
    """Return a value so that a list and a tuple, and 1 and 1.0, are equal."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(plain, value))}]"
    return repr(float(value)) if isinstance(value, int) and not isinstance(value, bool) else repr(value)


@given(
    path=st.sampled_from(list(places(VALID))),
    action=st.sampled_from(["replace", "replace", "delete", "add"]),
    value=st.sampled_from(WRONG),
)
def test_the_path_of_an_error_leads_to_the_wrong_value(path: KeyPath, action: str, value: object) -> None:
    table = copy.deepcopy(VALID)
    parent: Any = at(table, path[:-1])
    if action == "replace":
        parent[path[-1]] = value
    elif action == "delete":
        del parent[path[-1]]
    elif isinstance(parent, dict):
        parent["unkown"] = value
    text = "\n".join(f"{key} = {toml(item)}" for key, item in table.items())
    try:
        load_experiment(parse_preset(text, id="mine", file="mine.toml", folder=None))
    except InputError as error:
        assert error.file == "mine.toml" and error.path
        at(table, error.path[:-1])
        try:
            found = at(table, error.path)
        except (KeyError, IndexError):
            assert error.code in ("missing", "conflict", "out_of_range"), "the key is not in the table"
        else:
            assert error.value is None or plain(found) == plain(error.value)


# Text that is taken apart


STRING_METHODS = {
    "startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split", "rsplit",
    "splitlines", "replace", "find", "rfind", "index", "count", "translate",
}  # fmt: skip


def names_of_errors(tree: ast.AST) -> set[str]:
    """Return the names that an ``except InputError`` or an annotation gives to an InputError."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.name and node.type is not None:
            if "InputError" in ast.unparse(node.type):
                names.add(node.name)
        elif isinstance(node, ast.arg) and node.annotation is not None and "InputError" in ast.unparse(node.annotation):
            names.add(node.arg)
    return names


def places_that_parse_errors(source: str) -> list[int]:
    """Return the lines of the source that take the text of an InputError apart, or use its ``args``."""
    tree = ast.parse(source)
    names = names_of_errors(tree)

    def is_text(node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("str", "repr", "format") and node.args:
            return isinstance(node.args[0], ast.Name) and node.args[0].id in names
        is_attribute = isinstance(node, ast.Attribute) and node.attr in ("sentence", "args")
        return is_attribute and isinstance(node.value, ast.Name) and node.value.id in names  # type: ignore[attr-defined]

    def is_parsing(node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in STRING_METHODS and is_text(node.func.value):
                return True
            return isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and any(map(is_text, node.args))
        if isinstance(node, ast.Compare):
            return is_text(node.left) or any(map(is_text, node.comparators))
        return isinstance(node, ast.Subscript) and is_text(node.value)

    return sorted({node.lineno for node in ast.walk(tree) if is_parsing(node)})  # type: ignore[attr-defined]


def test_no_code_takes_the_text_of_an_error_apart() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("core", "tui")
        for path in (ROOT / folder).rglob("*.py")
        for line in places_that_parse_errors(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    "body",
    [
        "str(error).removeprefix('seed: ')",
        "str(error).startswith('x')",
        "re.sub('a', 'b', str(error))",
        "'layer' in str(error)",
        "error.args[0]",
        "error.sentence.split(';')",
        "str(error)[3:]",
    ],
)
def test_code_that_takes_the_text_of_an_error_apart_is_found(body: str) -> None:
    source = f"import re\ntry:\n    pass\nexcept (InputError, OSError) as error:\n    print({body})\n"
    assert places_that_parse_errors(source) == [5]
    assert places_that_parse_errors(source.replace(body, "str(error)")) == []
