"""Tests of the confinement: one process tries everything that a visitor must not be able to do, and what it may do."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ATTEMPTS = {
    "read outside": "open(outside / 'secret.csv')",
    "read by a link": "open(own / 'link.csv')",
    "read by ..": "open(own / '..' / 'outside' / 'secret.csv')",
    "read a file of the system": "open('/etc/hostname')",
    "write outside": "open(outside / 'new', 'w')",
    "open for writing outside": "os.open(outside / 'new', os.O_WRONLY | os.O_CREAT)",
    "list outside": "os.listdir(outside) and os.scandir(outside)",
    "list the other visitors": "os.scandir(own.parent)",
    "make a folder outside": "os.mkdir(outside / 'folder')",
    "remove outside": "os.remove(outside / 'secret.csv')",
    "move out": "os.replace(own / 'mine.csv', outside / 'mine.csv')",
    "move in": "os.replace(outside / 'secret.csv', own / 'theirs.csv')",
    "change the modes outside": "os.chmod(outside / 'secret.csv', 0o777)",
    "read a table beside the library of Python": "open(Path(os.__file__).with_name('some.csv'))",
    "write into the library of Python": "open(Path(os.__file__).with_name('some.py'), 'w')",
    "write into the program": "open(Path(nn_tui.core.__file__).with_name('some.py'), 'w')",
    "list the library of Python": "os.scandir(Path(os.__file__).parent)",
    "start a program": "subprocess.run([sys.executable, '--version'])",
    "start a shell": "os.system('true')",
    "fork": "os.fork()",
    "connect": "socket.create_connection(('127.0.0.1', 9))",
}
ALLOWED = {
    "read": "open(own / 'mine.csv').close()",
    "write": "open(own / 'new.csv', 'w').close()",
    "list": "os.scandir(own).close()",
    "temporary file": "tempfile.TemporaryFile(dir=own).close()",
    "import": "__import__('wave')",
    "read a preset": "(Path(nn_tui.core.__file__).parent.parent / 'presets/xor.toml').open().close()",
    "null device": "open(os.devnull, 'w').close()",
}
SCRIPT = """
import json, os, socket, subprocess, sys, tempfile
from pathlib import Path
import nn_tui.core
from nn_tui.tui.serve.confinement import confine
own, outside = map(Path, sys.argv[1:3])
confine(own)
results = {}
for name, attempt in json.loads(sys.argv[3]).items():
    try:
        eval(attempt)
        results[name] = "done"
    except OSError as error:
        results[name] = type(error).__name__
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("visitors")
    own, outside = folder / "own", folder / "outside"
    for each, name in ((own, "mine.csv"), (outside, "secret.csv")):
        each.mkdir()
        (each / name).write_text("1,2\n")
    (own / "link.csv").symlink_to(outside / "secret.csv")
    words = [str(own), str(outside), json.dumps({**ATTEMPTS, **ALLOWED})]
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert sorted(os.listdir(outside)) == ["secret.csv"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ATTEMPTS)
def test_nothing_outside_the_folder_is_reached(results: dict[str, str], name: str) -> None:
    forbidden = {"start a program", "start a shell", "fork", "connect"}
    assert results[name] == ("PermissionError" if name in forbidden else "FileNotFoundError")


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_app_needs_still_works(results: dict[str, str], name: str) -> None:
    assert results[name] == "done"
