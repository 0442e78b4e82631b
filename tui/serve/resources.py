"""Limits on what the processes of the server and of a visitor may use, so that one visitor cannot stop the others."""

from __future__ import annotations

import contextlib
import os
import sys

MAX_MEMORY = 2**30  # bytes; the app needs about a tenth
MAX_FILE = 2**26  # bytes of one file
_NICE = 5  # the server, which passes on keys and frames, goes first


def limit_resources() -> None:
    """Limit the memory, the files and the priority of this process; Windows has no such limits."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in (
        (resource.RLIMIT_DATA, MAX_MEMORY),
        (resource.RLIMIT_FSIZE, MAX_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # the limit is lower already
            resource.setrlimit(kind, (limit, limit))
    os.nice(_NICE)


def raise_connection_limit() -> None:
    """Let this process open as many connections and files as the system allows it; Windows has no such limit."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS takes less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
