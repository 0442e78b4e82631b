"""Run the examples of the page about the library, and those in its docstrings."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

from nn_tui.core import Network, library

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "library.md"
README = ROOT / "README.md"


def failures(text: str, name: str, names: dict[str, object]) -> str:
    """Run the examples in a text, and return the report of those that print something else."""
    reports: list[str] = []
    example = doctest.DocTestParser().get_doctest(text, names, name, name, 0)
    assert example.examples
    doctest.DocTestRunner().run(example, out=reports.append, clear_globs=False)
    return "".join(reports)


@pytest.mark.parametrize("page", [PAGE, README], ids=lambda page: page.name)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```pycon\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert failures("\n".join(blocks), page.name, {}) == ""


def test_links_of_the_page_are_valid() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / link).exists(), link


@pytest.mark.parametrize("module", ["network", "network_reader", "one_pass"])
def test_the_examples_in_docstrings_run(module: str) -> None:
    found = doctest.DocTestFinder().find(import_module(f"{library.__name__}.{module}"), module)
    docstrings = [each for each in found if each.examples]
    assert docstrings
    for each in docstrings:
        assert failures(each.docstring or "", each.name, {}) == ""


def test_the_page_names_every_argument() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in Network.__init__.__annotations__ if f"`{name}`" not in text] == [
        "sizes",
        "x",
        "y",
        "title",
        "return",
    ]
