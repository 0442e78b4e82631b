"""Draw the figures of docs/figures.md.

.venv/bin/python docs/make_figures.py
"""

from __future__ import annotations

from pathlib import Path

from nn_tui.tui.__main__ import main

FOLDER = Path(__file__).parent / "figures"
FIGURES = {
    "network.svg": ("xor", "--updates", "2000"),
    "regions.svg": ("xor", "--updates", "2000", "--view", "regions"),
}


def make_figures(folder: Path) -> None:
    """Write all figures into a folder."""
    for name, words in FIGURES.items():
        assert main(["figure", *words, "-o", str(folder / name)]) == 0


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    make_figures(FOLDER)
