"""The command ``nn-tui``, also as ``python -m nn_tui.tui``."""
# PYTHON_ARGCOMPLETE_OK: it can complete its words for shells in which argcomplete is active for all programs.

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit code.

    Args:
        argv: The words of the command line; None means those of this process, which exits afterwards.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["-V"], ["--version"]):
        # Before any import, so that it takes no longer than starting Python.
        from nn_tui.core import __version__

        print(f"nn-tui {__version__}")
        return 0
    if argv is None and "_ARGCOMPLETE" in os.environ:  # a shell asks what may follow
        from nn_tui.tui.cli.completion import print_completions

        print_completions(os.environ)
    try:
        from nn_tui.tui.exit import SIGNALLED
        from nn_tui.tui.terminal.termination import Terminated, termination

        with termination.handled(is_last=argv is None):
            from nn_tui.tui.cli.main import main as run_command_line

            return run_command_line(arguments)
    except KeyboardInterrupt:  # before the signals are handled
        return 130
    except Terminated as terminated:
        return SIGNALLED + terminated.number


if __name__ == "__main__":
    sys.exit(main())
