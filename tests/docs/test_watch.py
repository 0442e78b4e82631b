"""Run the examples of the page about watching a program; those of PyTorch are run in tests/torch/test_watch.py."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.saved.run_document import read_run
from nn_tui.core.watching import watch
from tests._pages import python_blocks, without_digits

PAGE = Path(__file__).parents[2] / "docs" / "watch.md"
BLOCKS = [block for block in python_blocks(PAGE) if "torch" not in block[0]]


def test_the_examples_print_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for source, texts in BLOCKS[:2]:
        exec(source, names)
        printed = capsys.readouterr().out
        assert texts and without_digits(printed) == without_digits(texts[0])
    exec(BLOCKS[3][0], names)
    run, _ = read_run((tmp_path / "run.nntui").read_bytes())
    assert run.finished == 40 and open_experiment("xor").sizes != run.experiment.sizes
    exec(BLOCKS[2][0], names)
    assert isinstance(names["watcher"], watch.Watch)


def test_the_corrected_program_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    source, texts = BLOCKS[0]
    corrected = source
    for gradient in ("dZ1 @ X.T", "dZ1.sum(axis=1, keepdims=True)", "dZ2 @ A1.T", "dZ2.sum(axis=1, keepdims=True)"):
        assert gradient in corrected
        corrected = corrected.replace(f": {gradient}", f": {gradient} / X.shape[1]")
    names: dict[str, object] = {}
    exec(corrected, names)
    assert without_digits(capsys.readouterr().out) == without_digits(texts[1])
    last = str(names["watcher"]).splitlines()[-1]
    assert re.fullmatch(r"updates 1 to 300: equal to 1\d digits\.", last)
    assert without_digits(last) in without_digits(PAGE.read_text(encoding="utf-8"))


def test_the_example_in_the_docstring_runs() -> None:
    result = doctest.testmod(watch)
    assert result.attempted and not result.failed


def test_links_of_the_page_are_valid() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / link).exists(), link
