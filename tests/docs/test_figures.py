"""Tests of the page on figures: its figures are those that its commands draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.make_figures import FIGURES, FOLDER, make_figures
from nn_tui.core.figure import figures
from tests.core.figure._figures import Picture

PAGE = Path("docs/figures.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_the_page_names_every_view_and_shows_every_figure() -> None:
    assert re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE) == list(figures.FIGURES)
    assert re.findall(r"\(figures/([\w.]+)\)", PAGE) == list(FIGURES)
    for name, words in FIGURES.items():
        assert f"$ nn-tui figure {' '.join(words)} -o {name}\n" in PAGE


def test_the_figures_are_drawn_by_their_commands(tmp_path: Path) -> None:
    make_figures(tmp_path)
    for name in FIGURES:
        made, stored = (Picture((folder / name).read_text(encoding="utf-8")) for folder in (tmp_path, FOLDER))
        assert made.said() == stored.said(), "run `make figures`"
        assert [item.tag for item in made.root.iter()] == [item.tag for item in stored.root.iter()]
