"""Tests of the catalogue of sentences, and of the calls in the source from which it is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from docs.make_messages import CATALOGUE, Call, all_calls, calls, catalogue
from nn_tui.core.translation import language, tr
from tests._pseudo import PseudoLanguage, plain

CALLS = list(all_calls())


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
