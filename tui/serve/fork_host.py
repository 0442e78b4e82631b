"""The process that has imported the app and becomes the processes of the visitors by forking: it shares its memory.

The server sends it requests, and it answers, over a socket that keeps messages apart; each message is a JSON object.
It ends with the server, and so do its children. Only Unix can fork.
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

MAX_MESSAGE = 200_000  # bytes
_POLL = 0.1  # seconds until the end of a child is noticed
_DESCRIPTORS = 2  # of a start: the packets, and stderr


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a request or an answer as bytes."""
    return json.dumps(message).encode()


def run_fork_host(control: socket.socket) -> AppStart | None:
    """Fork a child for each request, until the server is gone.

    Args:
        control: The connection to the server, of the type ``SOCK_SEQPACKET``.

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
                data, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, _DESCRIPTORS)
                if not data:
                    return None
                request = json.loads(data)
                if "start" in request:
                    try:
                        pid = os.fork()
                    except OSError as error:  # no memory, or too many processes
                        control.sendall(encode({"failed": error.errno}))
                    else:
                        if pid == 0:
                            children.clear()
                            return _become_child(control, request["start"], descriptors)
                        children.add(pid)
                        control.sendall(encode({"started": pid}))
                    for descriptor in descriptors:
                        os.close(descriptor)
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
