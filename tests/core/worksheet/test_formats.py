"""Tests of what a sheet looks like in each format; what other programs make of it is tested in tests/formats."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.worksheet.formats import FORMATS
from nn_tui.core.worksheet.request import Request
from nn_tui.core.worksheet.sheet import Worksheet, worksheet
from nn_tui.core.worksheet.write_markdown import markdown

ALL = Request()
HOSTILE = '<b>& 50% of {x_1}: $a ~ b# \\ `c` | "d" 가'


def sheet_of(preset: str = "mazur", request: Request = ALL) -> Worksheet:
    return worksheet(Run.start(open_experiment(preset)), 1, request)


def test_markdown_has_the_network_the_data_and_the_blanks() -> None:
    text = FORMATS["md"].text([sheet_of()])
    assert text.startswith("# Mazur 2-2-2: task sheet\n\nPreset mazur, seed 1, pass 1, level 1\n\nName: ")
    assert "(x[1]) ──┬─▶ (a₁[1]) ──┬─▶ (a₂[1])\n(x[2]) ──┴─▶ (a₁[2]) ──┴─▶ (a₂[2])" in text
    assert "| 1 | 0.05 | 0.1 | 0.01 | 0.99 |" in text
    assert "- `z1[2]` z₁\\[2\\] = 0.25 × 0.05 + 0.3 × 0.1 + 0.35 = \\_\\_\\_\\_" in text


def test_markdown_in_ascii() -> None:
    text = markdown(sheet_of("xor", Request("forward")), ascii_only=True)
    assert text.isascii()
    assert "         +-> (a1[1]) --+\n(x[1]) --+-> (a1[2]) --+-> (a2[1])\n" in text


def test_html_is_one_page_with_its_own_style_and_no_script() -> None:
    text = FORMATS["html"].text([sheet_of(), sheet_of("xor")])
    assert text.count("<article class=") == 2 and "break-before: page" in text
    assert not re.search(r"<script|<link|url\(|https?:", text)
    page = ElementTree.fromstring(text.partition("\n")[2].replace("&ensp;", " ").replace('<meta charset="utf-8">', ""))
    assert len(page.findall(".//svg")) == 2
    assert [cell.text for cell in page.find(".//table/tbody/tr") or ()] == ["1", "0.05", "0.1", "0.01", "0.99"]


def test_latex_is_ascii_and_needs_no_drawing_package() -> None:
    text = FORMATS["tex"].text([sheet_of()])
    assert text.isascii() and r"\qbezier" in text and "tikz" not in text
    assert text.count(r"\begin{itemize}") == text.count(r"\end{itemize}")


def test_gift_has_a_description_and_a_question_for_each_blank() -> None:
    sheet = sheet_of(request=Request("forward", has_answers=True))
    blocks = FORMATS["gift"].text([sheet]).strip().split("\n\n")
    assert len(blocks) == 2 + len(sheet.questions)
    first = sheet.questions[0]
    assert blocks[2].startswith(f"::{first.id} {first.quantity}::[html]")
    assert re.search(r"\{#0\.3925:0\.0000[0-9]+\}$", blocks[2])
    without = FORMATS["gift"].text([sheet_of(request=Request("forward"))])
    assert "0.3925" not in without and without.strip().endswith("{}")


@pytest.mark.parametrize("format", FORMATS)
def test_titles_are_escaped(format: str) -> None:
    text = FORMATS[format].text([replace(sheet_of(), title=HOSTILE)])
    raw = {"html": "<b>", "tex": "50% of", "gift": "{x_1}", "md": "`c`"}.get(format)
    assert raw is None or raw not in text
    if format == "tex":
        assert r"\DeclareUnicodeCharacter{AC00}" in text
