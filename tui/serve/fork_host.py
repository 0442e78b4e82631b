"""The process that has imported the app and becomes the processes of the visitors by forking: it shares its memory.

The server sends it requests, and it answers, both as JSON after their length. It ends with the server, and so do its
children. Only Unix can fork.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nn_tui.tui.serve.app_start import AppStart

LENGTH_BYTES = 4
_POLL = 0.1  # seconds until the end of a child is noticed
_DESCRIPTORS = 2  # of a start: the packets, and stderr


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a request or an answer as bytes."""
    content = json.dumps(message).encode()
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def run_fork_host(control: socket.socket) -> AppStart | None:
    """Fork a child for each request, until the server is gone.

    Args:
        control: The connection to the server.

    Returns:
        In each child, what it runs: its input, output and environment are set. None in the process that forks.
    """
    gc.collect()
    gc.freeze()  # a collection in a child would touch every object, and copy its memory
    control.sendall(encode({"ready": True}))
    children: set[int] = set()
    try:
        while True:
            if select.select([control], [], [], _POLL)[0]:
                request, descriptors = _receive(control)
                if request is None:
                    return None
                if "start" in request:
                    pid = os.fork()
                    if pid == 0:
                        children.clear()
                        return _become_child(control, request["start"], descriptors)
                    for descriptor in descriptors:
                        os.close(descriptor)
                    children.add(pid)
                    control.sendall(encode({"started": pid}))
                elif request["kill"] in children:
                    os.kill(request["kill"], request["signal"])
            for pid in tuple(children):
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    children.discard(pid)
                    control.sendall(encode({"ended": pid, "code": os.waitstatus_to_exitcode(status)}))
    except (ConnectionError, KeyboardInterrupt):
        return None
    finally:
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _receive(control: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return the next request and the descriptors that came with it; None if the server is gone."""
    data, descriptors, _, _ = socket.recv_fds(control, 65_536, _DESCRIPTORS)
    if not data:
        return None, []
    while len(data) < LENGTH_BYTES or len(data) < LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES], "big"):
        more = control.recv(65_536)
        if not more:
            return None, []
        data += more
    return json.loads(data[LENGTH_BYTES:]), list(descriptors)


def _become_child(control: socket.socket, start: Mapping[str, Any], descriptors: list[int]) -> AppStart:
    """Give a child its own session, its packets as input and output, and its environment."""
    control.close()
    os.setsid()
    packets, errors = descriptors
    for descriptor, standard in ((packets, 0), (packets, 1), (errors, 2)):
        os.dup2(descriptor, standard)
    os.close(packets)
    os.close(errors)
    os.environ.clear()
    os.environ.update(start["environ"])
    return AppStart(Path(start["folder"]), start["environ"], start["words"])
