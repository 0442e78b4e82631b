"""Check that the API page is up to date with the docstrings, and that its examples run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from docs.make_api import PAGE, page

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))
PRINTED = {  # a line of what each prints; the first is in Mazur's article, rounded to eight digits
    "check_by_hand.py": "dW of layer 2: [[0.08216704, 0.08266763], [-0.02260254, -0.02274024]]",
    "learning_rates.py": "4.0                  0.125514        0.107496        0.035488        0.001487",
    "predict_rows.py": "  5.1   3.5   1.4   0.2       setosa  0.9999",
}


def test_the_page_is_written_from_the_docstrings() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make api`"


def test_the_page_documents_every_name_in_the_examples() -> None:
    text = page()
    for name in ("Network", "open", "train", "trace", "explain", "edit", "goto", "predict", "predict_proba"):
        assert f"# `{name}`\n" in text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_prints_the_expected_text(example: Path) -> None:
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert PRINTED[example.name] in done.stdout.splitlines()
