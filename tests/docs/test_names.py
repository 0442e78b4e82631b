"""The documents name everything that a preset may choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.explain.render_text import node_text
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", [*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *INITIALIZERS])
def test_the_readme_lists_it(name: str) -> None:
    assert f"`{name}`" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_page_on_configuration_has_its_formula_and_its_options(name: str) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    assert node_text(SCHEDULES[name].formula) in row
    assert all(f"`{option}`" in row for option in SCHEDULES[name].options)
