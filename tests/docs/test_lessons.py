"""Tests of the page about lessons: its example passes the check, and it has every key of a lesson file."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from nn_tui.core.lesson.condition import OPERATORS
from nn_tui.core.lesson.formula import FUNCTIONS
from nn_tui.core.lesson.loader import lesson_ids
from nn_tui.core.lesson.names import ASK_LEVELS, GATES, VIEW_NAMES
from nn_tui.core.lesson.parser import KEYS
from nn_tui.core.lesson.run_figures import FIGURES
from nn_tui.tui.__main__ import main

PAGE = (Path(__file__).resolve().parents[2] / "docs/lessons.md").read_text(encoding="utf-8")
KEY_NAMES = (key for keys in KEYS.values() for key in keys)
NAMES = {*KEY_NAMES, *VIEW_NAMES, *GATES, *ASK_LEVELS, *FIGURES, *OPERATORS, *FUNCTIONS}


def block(language: str) -> str:
    """Return the text of the first block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_passes_the_check_with_the_output_on_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *shown = block("console").partition("\n$ nn-tui learn")[0].splitlines()
    program, name, file = shlex.split(command.removeprefix("$ "))
    Path(file).write_text(block("toml"), encoding="utf-8")
    assert program == "nn-tui"
    assert main([name, file]) == 0
    assert capsys.readouterr().out.splitlines() == shown


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_page_has_every_name_of_a_lesson_file(name: str) -> None:
    assert re.search(rf"(?<![\w<>=!]){re.escape(name)}(?![\w<>=!])", PAGE)


def table_keys(heading: str) -> set[str]:
    """Return the names in the first column of a table, by the heading of its second column."""
    rows = PAGE.partition(f"| key | {heading} |\n")[2].partition("\n\n")[0].splitlines()[1:]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def test_the_tables_have_the_keys_of_the_parser_and_no_others() -> None:
    assert table_keys("at the top of the file") == {*KEYS[""]}
    assert table_keys("in a step") == {*KEYS["steps"]}


def test_the_readme_counts_the_lessons_of_the_course() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"A course of {len(lesson_ids())} lessons in nine chapters" in " ".join(readme.split())
