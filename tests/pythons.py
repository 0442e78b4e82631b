"""Run pytest under several Python interpreters, each in a virtual environment of its own.

``make test-pythons`` runs ``python -m tests.pythons --jobs 3 python3.11 python3.12 …``. To run only some tests, name
them in pytest's own variable: ``PYTEST_ADDOPTS=tests/core/table/test_strict.py make test-pythons``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRINT_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def version_of(python: str) -> str | None:
    """The version of an interpreter, such as ``"3.12"``.

    Args:
        python: A command or a path.

    Returns:
        The major and minor version, or None if the interpreter does not run. A version manager can put a command on
        the search path that only prints an error.
    """
    try:
        done = subprocess.run([python, "-c", PRINT_VERSION], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def run_tests(python: str, venv: Path, jobs: str) -> bool:
    """Create or update a virtual environment, install the project into it and run pytest there.

    Args:
        python: The interpreter of the environment.
        venv: The folder of the environment.
        jobs: The number of test processes.

    Returns:
        Whether all of this succeeded.
    """
    venv_python = str(venv / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    steps = (
        [python, "-m", "venv", str(venv)],
        [venv_python, *install, "--constraint", "constraints.txt", "--editable", ".[test]"],
        [venv_python, "-m", "pytest", "-n", jobs],
    )
    return all(subprocess.run(step, cwd=ROOT).returncode == 0 for step in steps)


def main(argv: Sequence[str]) -> int:
    """Run the tests under each interpreter, then print one line with the result of each.

    Returns:
        0 if at least one interpreter is installed and the tests passed under all that are, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.pythons", description="Run pytest under several Pythons.")
    parser.add_argument("pythons", nargs="+", metavar="PYTHON", help="a command or a path of an interpreter")
    parser.add_argument("--venv", default=".venv", help="environments are named VENV-3.11, VENV-3.12, …")
    parser.add_argument("--jobs", default="3", help="number of test processes")
    arguments = parser.parse_args(argv)
    results: dict[str, str] = {}
    for python in arguments.pythons:
        version = version_of(python)
        if version is None:
            results[python] = "not installed"
        else:
            print(f"== {python}", flush=True)
            passed = run_tests(python, ROOT / f"{arguments.venv}-{version}", arguments.jobs)
            results[python] = "passed" if passed else "failed"
    for python, result in results.items():
        print(f"{python}: {result}")
    return 0 if set(results.values()) - {"not installed"} == {"passed"} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
