"""The process of a visitor of ``nn-tui serve``: the command line of the app, inside one folder."""

from __future__ import annotations

import importlib
import os
import pkgutil
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from nn_tui.tui.__main__ import main
from nn_tui.tui.serve.confinement import confine
from nn_tui.tui.serve.fork_host import run_fork_host
from nn_tui.tui.serve.resources import limit_resources

FORK_HOST = "--fork-host"
_NOT_IMPORTED = ("nn_tui.tui.serve", "nn_tui.tui.__main__", "nn_tui.tui.visitor")


def run_visitor(folder: Path, words: Sequence[str]) -> int:
    """Run a command line of the app inside a folder, and return its exit code."""
    os.umask(0o077)
    os.chdir(folder)
    limit_resources()
    confine(folder)
    return main(words)


def preload() -> None:
    """Import all of the app, also what it imports late: forked processes share it."""
    import nn_tui.core
    import nn_tui.tui
    from nn_tui.core.engine.blas import use_threads

    for package in (nn_tui.core, nn_tui.tui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_NOT_IMPORTED):
                importlib.import_module(module.name)
    use_threads(1)  # it looks for the libraries in the files of the system


def run(words: Sequence[str]) -> int:
    """Run the process: ``FOLDER WORD…`` for one visitor, ``--fork-host DESCRIPTOR`` for the one that forks."""
    preload()
    if words[0] == FORK_HOST:
        start = run_fork_host(socket.socket(fileno=int(words[1])))
        return 0 if start is None else run_visitor(start.folder, start.words)
    return run_visitor(Path(words[0]), words[1:])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
