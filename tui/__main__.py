"""The command ``nn-tui``, also as ``python -m nn_tui.tui``."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: this process's) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["-V"], ["--version"]):
        # Answered before anything else is imported, so that it costs no more than starting Python.
        from nn_tui.core import __version__

        print(f"nn-tui {__version__}")
        return 0
    try:
        from nn_tui.tui.exit import SIGNALLED
        from nn_tui.tui.terminal.termination import Terminated, termination

        with termination.handled(is_last=argv is None):
            from nn_tui.tui.cli.main import main as run

            return run(arguments)
    except KeyboardInterrupt:  # before the signals are handled
        return 130
    except Terminated as ended:
        return SIGNALLED + ended.number


if __name__ == "__main__":
    sys.exit(main())
