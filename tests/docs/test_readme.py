"""Check the keys, commands, links and the example preset in the README and the other documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.make_keys_table import README, with_table
from nn_tui.core.analysis.gradcheck import gradient_check
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main

ROOT = README.parent
DOCUMENTS = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/performance.md")
]


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_table_of_keys_is_the_apps() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_table(text), "run .venv/bin/python docs/make_keys_table.py"


def test_the_preset_in_the_readme_learns_as_described() -> None:
    source = next(block for block in blocks("toml") if "[data]" in block)
    preset = parse_preset(source, id="mine", file="README.md", folder=None)
    run = Run.start(load_experiment(preset))
    trace = run.trace(1)
    assert gradient_check(run.engine, trace).passed
    run.release(trace)
    assert preset.expect is not None and preset.expect.loss_below is not None
    run.goto(preset.expect.updates)
    assert run.evaluations.items[-1].train_loss < preset.expect.loss_below


def test_the_worked_example_in_the_readme_is_the_output_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    words = "trace neuron"
    block = next(block for block in blocks("console") if block.startswith(f"$ nn-tui {words}\n"))
    assert main(words.split()) == 0
    printed = capsys.readouterr().out.splitlines()
    shown = [line for line in block.splitlines()[1:] if line != "…"]
    assert shown
    assert not [line for line in shown if line not in printed]


@pytest.mark.parametrize("words", ["check mazur", "train iris --epochs 200"])
def test_the_readme_has_the_output_of_each_command_except_for_numbers(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    block = next(block for block in blocks("console") if block.startswith(f"$ nn-tui {words}\n"))
    assert main(words.split()) == 0
    shown, printed = (re.sub(r"[\d.,e−-]*\d", "#", text) for text in (block, capsys.readouterr().out))
    assert shown.splitlines()[1:] == printed.splitlines()


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", ".pre-commit-config.yaml", ".github/workflows/ci.yml"]
)
def test_make_has_every_command_that_is_named(name: str) -> None:
    named = re.findall(r"(?:^|`|run: |entry: )make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert named
    assert set(named) - set(targets) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_are_valid(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)|(?:src|srcset)=\"([^\"]+)\"", text)
    for link in (one or other for one, other in links):
        if "://" not in link:
            assert (document.parent / link).exists(), link
