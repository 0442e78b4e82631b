"""The process of a visitor of ``nn-tui serve``: the command line of the app, inside one folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nn_tui.tui.__main__ import main
from nn_tui.tui.serve.confinement import confine


def run_visitor(folder: Path, words: Sequence[str]) -> int:
    """Run a command line of the app inside a folder, and return its exit code."""
    preload()
    os.umask(0o077)
    os.chdir(folder)
    confine(folder)
    return main(words)


def preload() -> None:
    """Import what the app needs, while files may still be written: Python caches what it has compiled."""
    import nn_tui.tui.app
    import nn_tui.tui.cli.learning
    import nn_tui.tui.cli.start
    import nn_tui.tui.terminal.web_driver  # noqa: F401
    from nn_tui.core.engine.blas import use_threads

    use_threads(1)  # it looks for the libraries in the files of the system


if __name__ == "__main__":
    sys.exit(run_visitor(Path(sys.argv[1]), sys.argv[2:]))
