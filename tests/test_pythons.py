"""Tests of `make test-pythons`: the result for each interpreter, with small scripts in place of interpreters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pythons import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are shell scripts")

# Answers `-c` with its version; `-m venv DIR` makes DIR/bin/python, which fails if pytest is to fail.
INTERPRETER = """#!/bin/sh
if [ "$1" = -c ]; then echo {version}; exit; fi
mkdir -p "$3/bin"
printf '#!/bin/sh\\n[ "$2" != pytest ] || exit {pytest_exit}\\n' > "$3/bin/python"
chmod +x "$3/bin/python"
"""


def write_script(path: Path, text: str) -> str:
    """Create an executable script."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def passing(tmp_path: Path) -> str:
    return write_script(tmp_path / "passing", INTERPRETER.format(version="3.97", pytest_exit=0))


@pytest.fixture
def failing(tmp_path: Path) -> str:
    return write_script(tmp_path / "failing", INTERPRETER.format(version="3.98", pytest_exit=1))


@pytest.fixture
def shim(tmp_path: Path) -> str:
    """Create a command that fails, like that of a version manager for a version that is not selected."""
    return write_script(tmp_path / "shim", "#!/bin/sh\necho 'command not found' >&2\nexit 127\n")


def test_interpreters_that_are_not_installed_do_not_fail_the_run(
    passing: str, shim: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing")
    assert main([passing, shim, missing, "--venv", str(tmp_path / "venv")]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[-3:] == [f"{passing}: passed", f"{shim}: not installed", f"{missing}: not installed"]
    assert (tmp_path / "venv-3.97").is_dir()


def test_one_failure_fails_the_run_and_the_others_are_still_tested(
    passing: str, failing: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([failing, passing, "--venv", str(tmp_path / "venv")]) == 1
    assert capfd.readouterr().out.splitlines()[-2:] == [f"{failing}: failed", f"{passing}: passed"]


def test_a_run_that_finds_no_interpreter_fails(shim: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([shim, "--venv", str(tmp_path / "venv")]) == 1
    assert capfd.readouterr().out.splitlines() == [f"{shim}: not installed"]
