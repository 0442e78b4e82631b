"""Tests of the limits on what the process of a visitor may use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os
from nn_tui.tui.serve.resources import MAX_FILE, MAX_MEMORY, limit_resources
before = os.nice(0)
limit_resources()
for attempt in ("bytearray(MAX_MEMORY)", "open('large', 'wb').truncate(MAX_FILE + 1)", "bytearray(MAX_MEMORY // 4)"):
    try:
        eval(attempt)
        print("done")
    except (MemoryError, OSError) as error:
        print(type(error).__name__)
print(os.nice(0) > before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other ways")
def test_memory_files_and_priority_are_limited(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.split() == ["MemoryError", "OSError", "done", "True"]


LIMIT_SCRIPT = """
import resource
from nn_tui.tui.serve.resources import raise_connection_limit
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
raise_connection_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow less than they say")
def test_the_server_takes_as_many_connections_as_the_system_allows() -> None:
    done = subprocess.run([sys.executable, "-c", LIMIT_SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
