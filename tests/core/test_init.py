"""Tests of the public names of nn_tui.core: they are all there, and importing them stays light."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

import nn_tui.core


def modules_after(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after a statement."""
    code = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_every_public_name_is_there() -> None:
    for name in nn_tui.core.__all__:
        value: Any = getattr(nn_tui.core, name)
        assert name == "__version__" or value.__doc__
    assert set(nn_tui.core.__all__) <= set(dir(nn_tui.core))
    with pytest.raises(ImportError, match="cannot import name 'Netwrok'"):
        exec("from nn_tui.core import Netwrok")


def test_the_package_alone_imports_neither_numpy_nor_its_modules() -> None:
    loaded = modules_after("import nn_tui.core")
    assert "numpy" not in loaded and not [name for name in loaded if name.startswith("nn_tui.core.")]


def test_the_network_imports_neither_the_app_nor_what_only_some_networks_need() -> None:
    loaded = modules_after("from nn_tui.core import Network")
    unwanted = (
        "textual", "rich", "torch", "nn_tui.tui", "nn_tui.core.table.reader", "nn_tui.core.explain.explain",
        "nn_tui.core.edits.grammar", "nn_tui.core.saved.document", "nn_tui.core.export.writers",
    )  # fmt: skip
    assert not [name for name in loaded if name.startswith(unwanted)]
