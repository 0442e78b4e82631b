"""Tests of task sheets with the programs that read them: Chromium, pdfLaTeX and gift-pegjs (`make test-formats`)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.text import plain_number
from nn_tui.core.worksheet.formats import FORMATS
from nn_tui.core.worksheet.nice_weights import with_nice_weights
from nn_tui.core.worksheet.request import LEVELS, Level, Request
from nn_tui.core.worksheet.sheet import Worksheet, worksheet
from tests.core.worksheet._sheets import constants, given_numbers, key_text, numbers_in_text

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
HOSTILE = "<b>& 50% of {x_1}: $a ~ b# \\ `c` | \"d\" 'e' ^ é 가"
SHEETS = [
    ("mazur", Request(), ()),
    ("xor", Request("all", "sample=2", 2), ()),
    ("iris", Request("all", "unit=1", 1), ("batch_size = 2",)),
    ("ravine-adam", Request("update", level=1), ()),
    ("and", Request(level=3), ()),
    ("digits", Request("dz2,dw2", "unit=1,input=1,sample=1"), ()),
]


def sheet_of(preset: str, request: Request, changes: tuple[str, ...] = ()) -> tuple[Run, Worksheet]:
    run = start_with(with_nice_weights(Run.start(open_experiment(preset))), changes)
    return run, worksheet(run, 2, request)


def printed(text: str, folder: Path, paper: str = "A4") -> str:
    """Print an HTML page with Chromium and return the text of the PDF."""
    page = folder / "sheet.html"
    page.write_text(text.replace("@page {", f"@page {{ size: {paper};"), encoding="utf-8")
    run(
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        f"--print-to-pdf={folder / 'sheet.pdf'}", str(page),
    )  # fmt: skip
    return pdf_text(folder)


def compiled(text: str, folder: Path) -> str:
    """Compile a LaTeX document and return the text of the PDF."""
    (folder / "sheet.tex").write_text(text, encoding="utf-8")
    run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex", cwd=folder)
    return pdf_text(folder)


def pdf_text(folder: Path) -> str:
    return run("pdftotext", "-raw", str(folder / "sheet.pdf"), "-")


def run(*argv: str, cwd: Path | None = None) -> str:
    done = subprocess.run(argv, capture_output=True, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    return done.stdout.decode("utf-8")


def told_by(text: str, run: Run, sheet: Worksheet) -> set[str]:
    """Return the numbers in a text that the sheet asks for and does not give."""
    known = given_numbers(run, run.trace(sheet.update), sheet.digits) | constants(sheet)
    asked = {plain_number(abs(question.answer), sheet.digits) for question in sheet.questions}
    return {number for number in asked & numbers_in_text(text) - known if "." in number or "e" in number}


@pytest.mark.parametrize(("preset", "request_", "changes"), SHEETS)
def test_a_printed_sheet_has_every_question_and_no_answer(
    preset: str, request_: Request, changes: tuple[str, ...], tmp_path: Path
) -> None:
    run, sheet = sheet_of(preset, request_, changes)
    text = printed(FORMATS["html"].text([sheet]), tmp_path)
    assert {question.quantity for question in sheet.questions} <= set(text.split())
    assert not told_by(text, run, sheet)
    for table in sheet.tables:
        assert str(table.title) in text


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_a_printed_key_has_every_answer(paper: str, tmp_path: Path) -> None:
    _, key = sheet_of("mazur", Request(is_key=True))
    numbers = numbers_in_text(printed(FORMATS["html"].text([key]), tmp_path, paper))
    assert {key_text(abs(question.answer), key.digits) for question in key.questions} <= numbers


def test_each_sheet_of_a_class_begins_on_a_new_page(tmp_path: Path) -> None:
    sheets = [replace(sheet_of("mazur", Request("z1"))[1], seed=seed) for seed in range(3)]
    pages = printed(FORMATS["html"].text(sheets), tmp_path).split("\f")
    assert [f"seed {seed}" in page for seed, page in enumerate(pages[:3])] == [True] * 3


@pytest.mark.parametrize(("preset", "request_", "changes"), SHEETS)
def test_latex_compiles_and_has_every_question_and_no_answer(
    preset: str, request_: Request, changes: tuple[str, ...], tmp_path: Path
) -> None:
    run, sheet = sheet_of(preset, request_, changes)
    text = compiled(FORMATS["tex"].text([sheet]), tmp_path).replace("’", "'")
    assert {question.quantity for question in sheet.questions} <= set(text.split())
    assert not told_by(text, run, sheet)
    log = (tmp_path / "sheet.log").read_text(encoding="utf-8", errors="replace")
    too_wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log)]
    assert max(too_wide, default=0.0) < 5.0  # points


@pytest.mark.parametrize("level", LEVELS)
def test_a_class_and_a_key_in_latex_compile(level: Level, tmp_path: Path) -> None:
    sheets = [sheet_of("xor", Request("all", "sample=2", level, is_key=is_key))[1] for is_key in (False, True)]
    compiled(FORMATS["tex"].text(sheets), tmp_path)


def test_a_title_from_anybody_prints_and_compiles(tmp_path: Path) -> None:
    sheet = replace(sheet_of("mazur", Request("z1"))[1], title=HOSTILE)
    # No font may have the Korean letter.
    assert HOSTILE[:-2] in printed(FORMATS["html"].text([sheet]), tmp_path).replace("\n", " ")
    assert "50% of {x" in compiled(FORMATS["tex"].text([sheet]), tmp_path)
    _, description, *_ = questions(FORMATS["gift"].text([sheet]), tmp_path)
    assert description["title"] == f"{HOSTILE}: task sheet"


def questions(text: str, folder: Path) -> list[dict[str, Any]]:
    """Return the questions that gift-pegjs reads in a text."""
    (folder / "sheet.gift").write_text(text, encoding="utf-8")
    read: list[dict[str, Any]] = json.loads(
        run("node", str(HERE / "read_gift.mjs"), str(ROOT / "build/formats"), str(folder / "sheet.gift"))
    )
    return read


def visible(question: dict[str, Any]) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", question["stem"]["text"]))


@pytest.mark.parametrize(("preset", "request_", "changes"), SHEETS)
def test_gift_has_a_question_for_each_number(
    preset: str, request_: Request, changes: tuple[str, ...], tmp_path: Path
) -> None:
    run, sheet = sheet_of(preset, replace(request_, has_answers=True), changes)
    category, description, *read = questions(FORMATS["gift"].text([sheet]), tmp_path)
    assert category["type"] == "Category" and description["type"] == "Description"
    assert [question["title"] for question in read] == [f"{q.id} {q.quantity}" for q in sheet.questions]
    for question, asked in zip(read, sheet.questions, strict=True):
        assert question["type"] == "Numerical" and question["stem"]["format"] == "html"
        assert question["choices"]["number"] == pytest.approx(asked.answer, rel=1e-11, abs=1e-300)
        assert question["choices"]["range"] == pytest.approx(asked.tolerance, rel=1e-11)
    text = " ".join(map(visible, (description, *read)))
    assert not told_by(text, run, sheet)
    without = questions(FORMATS["gift"].text([replace(sheet, has_answers=False)]), tmp_path)
    assert {question["type"] for question in without} == {"Category", "Description", "Essay"}


@pytest.fixture(autouse=True)
def _write_nothing_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    yield
