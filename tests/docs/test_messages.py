"""Tests of the catalogue of sentences, and of the calls in the source from which it is made."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from docs.make_messages import CATALOGUE, FUNCTIONS, ROOT, Call, all_calls, calls, catalogue, source_files
from nn_tui.core.translation import language, tr
from tests._pseudo import PseudoLanguage, plain

CALLS = list(all_calls())
THREE_WORDS = re.compile(r"[a-z’']{2,}[,;:]? [a-z’']{2,}[,;:]? [a-z’']{2,}", re.IGNORECASE)
HIDDEN_ASSIGNMENTS = ("BINDINGS", "DEFAULT_CSS")  # the descriptions of bindings are shown nowhere
NOT_SHOWN = {  # files whose texts of three words and more nobody reads on the screen, and what those texts are
    "core/data/generators.py": "summaries for readers of the source",
    "core/edits/grammar.py": "changes as people type them",
    "core/nn/optimizers.py": "names of the optimiser's arrays, as people type them",
    "core/table/dates.py": "names of months in several languages",
    "core/table/names.py": "names of columns, as people write them",
    "core/program/encoding.py": "lines of programs",
    "core/program/predict.py": "lines of programs",
    "core/program/program.py": "lines of programs",
    "core/program/numpy_layers.py": "lines of programs",
    "core/program/parameters.py": "lines of programs",
    "core/program/torch_optimizer.py": "lines of programs",
    "core/program/torch_loss.py": "lines of programs",
    "core/program/torch_program.py": "lines of programs",
    "core/refs.py": "names of the optimiser's arrays, as people type them",
    "tui/draw/palette_colors.py": "styles",
    "tui/screens/help.py": "symbols",
    "tui/serve/server.py": "headers of HTTP",
    "tui/terminal/textual_private.py": "reasons for readers of the source",
    "tui/widgets/welcome.py": "a comment in a file",
}


def fields_of(text: str) -> Iterator[str]:
    """Yield the names of the fields of a sentence."""
    for _, name, spec, _ in Formatter().parse(text):
        if name is not None:
            yield name
            yield from fields_of(spec or "")


def problem(call: Call) -> str:
    """Return what is wrong with a call: its forms are literals, and its fields are its keyword arguments."""
    if None in call.forms:
        return "the sentence is not a literal"
    if None in call.fields:
        return "the fields are not named: **"
    given = {"count"} if len(call.forms) == 2 else set()  # a field without an argument
    forms = [set(fields_of(form or "")) - given for form in call.forms]
    if any(form != forms[0] for form in forms):
        return "the two forms have different fields"
    if forms[0] != set(call.fields):
        return f"the fields {sorted(forms[0])} are not the arguments {sorted(map(str, call.fields))}"
    return ""


def test_the_catalogue_is_written_from_the_source() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue(), "run `make messages`"


def test_gettext_reads_the_catalogue_and_it_has_every_sentence() -> None:
    with CATALOGUE.open("rb") as file:
        read = read_po(file)
    forms = {(message.id,) if isinstance(message.id, str) else message.id for message in read if message.id}
    singular = {form[0] for form in forms}
    assert {call.forms[0] for call in CALLS} == singular
    assert {call.forms for call in CALLS if len(call.forms) > 1} == {form for form in forms if len(form) > 1}


def test_every_sentence_is_a_literal_with_its_fields() -> None:
    problems = [f"{call.path}:{call.line}: {problem(call)}" for call in CALLS if problem(call)]
    assert problems == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('tr("Layer {layer}", layer=1)', ""),
        ('tr_plural("{count} unit of {layer}", "{count} units of {layer}", n, layer=1)', ""),
        ('message_plural("One unit", "{count} units", n)', ""),
        ('tr("{value:{width}}", value=1, width=2)', ""),
        ('tr("{count} of {total}", count=1, total=2)', ""),
        ("tr(text)", "the sentence is not a literal"),
        ('tr(f"Layer {layer}")', "the sentence is not a literal"),
        ('message("a" + "b")', "the sentence is not a literal"),
        ('tr("Layer {layer}", **fields)', "the fields are not named: **"),
        ('tr("Layer {layer}", unit=1)', "the fields ['layer'] are not the arguments ['unit']"),
        ('tr("{count} of {total}", total=2)', "the fields ['count', 'total'] are not the arguments ['total']"),
        ('tr_plural("{count} {a}", "{count}", n, a=1)', "the two forms have different fields"),
    ],
)
def test_a_call_with_a_wrong_sentence_is_found(source: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "source.py"
    path.write_text(source, encoding="utf-8")
    (call,) = calls(path)
    assert problem(call) == reason


def test_the_pseudo_language_is_longer_keeps_fields_and_can_be_read_back() -> None:
    with language(PseudoLanguage()):
        text = tr("Go to update {update:,} with `enter`.", update=1234)
    assert "1,234" in text and "`enter`" in text and "update" not in text
    assert plain(text) == "Go to update 1,234 with `enter`."
    assert len(text) >= 1.4 * len("Go to update  with `enter`.") + len("1,234")


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each literal that may be a sentence and is not in a call of FUNCTIONS."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=args) if name in FUNCTIONS:
                skipped.update(args)
            case ast.Expr(value=docstring):
                skipped.add(docstring)
            case ast.keyword(arg="description", value=value):  # of a worker, for logs
                skipped.add(value)
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as error) if hasattr(builtins, name):  # a wrong call
                skipped.update(ast.walk(error))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in HIDDEN_ASSIGNMENTS:
                skipped.update(ast.walk(value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.AST() as value) if name in HIDDEN_ASSIGNMENTS:
                skipped.update(ast.walk(value))
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if node not in skipped and THREE_WORDS.search(text):
                yield node.lineno, text


def test_no_sentence_is_outside_of_the_calls() -> None:
    paths = [path for path in source_files() if path.relative_to(ROOT).as_posix() not in NOT_SHOWN]
    found = [f"{path.relative_to(ROOT)}:{line}: {text}" for path in paths for line, text in prose(path)]
    assert found == []


@pytest.mark.parametrize("path", NOT_SHOWN)
def test_every_exception_is_needed(path: str) -> None:
    assert list(prose(ROOT / path))


def test_a_sentence_outside_of_the_calls_is_found(tmp_path: Path) -> None:
    path = tmp_path / "source.py"
    path.write_text(
        '"""A docstring of words."""\nx = f"{n} rows of the batch"\ny = tr("All rows of it")\n', encoding="utf-8"
    )
    assert list(prose(path)) == [(2, " rows of the batch")]
