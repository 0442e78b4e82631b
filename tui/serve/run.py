"""Runs the web server until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from nn_tui.core.errors import InputError, os_error_reason
from nn_tui.core.translation import message
from nn_tui.tui.serve.resources import raise_connection_limit
from nn_tui.tui.serve.server import Server
from nn_tui.tui.serve.starter import open_starter
from nn_tui.tui.serve.values import ServeOptions
from nn_tui.tui.serve.visit import Visits
from nn_tui.tui.serve.visitor_folder import make_visitor_folder, visitor_environment
from nn_tui.tui.terminal.termination import termination

_SHUTDOWN_TIMEOUT = 1.0  # seconds for requests that are not a visit, which end by themselves
_KEEP_ALIVE = 20.0  # seconds that a connection without a complete request may last
_ANY_HOSTS = ("", "0.0.0.0", "::")


class _ErrorReporter(logging.Handler):
    """Passes on the exceptions that the web server logs, but not what is wrong with a request."""

    def __init__(self, report: Callable[[Exception], None]) -> None:
        super().__init__(logging.ERROR)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        """Report the exception of a record."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Exception) and not isinstance(error, HttpProcessingError):
            self._report(error)


def run_server(options: ServeOptions, announce: Callable[[str], None], report: Callable[[Exception], None]) -> None:
    """Serve until a signal comes; then end all visits.

    Args:
        options: What is served, and to whom.
        announce: Gets the address when the server takes visitors.
        report: Gets an error of the program while it answers a request.

    Raises:
        InputError: If nothing can be served at this host and port.
    """
    folder = Path(tempfile.mkdtemp(prefix="nn-tui-serve-"))  # only its owner can read it
    try:
        with termination.deferred():
            asyncio.run(_serve(options, folder, announce, _logger(report)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _logger(report: Callable[[Exception], None]) -> logging.Logger:
    logger = logging.Logger("nn-tui serve")
    logger.addHandler(_ErrorReporter(report))
    return logger


async def _serve(options: ServeOptions, folder: Path, announce: Callable[[str], None], logger: logging.Logger) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    termination.call(lambda: loop.call_soon_threadsafe(stopped.set))
    raise_connection_limit()
    host_folder = make_visitor_folder(folder, ())
    starter = await open_starter(visitor_environment(host_folder, os.environ, (80, 24)), host_folder)
    visits = Visits(options, folder, starter)
    runner = web.AppRunner(
        Server(options, visits).make_application(),
        access_log=None,
        logger=logger,
        shutdown_timeout=_SHUTDOWN_TIMEOUT,
        keepalive_timeout=_KEEP_ALIVE,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, options.host or None, options.port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            raise _listening_error(options, error) from None
        announce(address(options, runner.addresses[0][1]))
        await stopped.wait()
    finally:
        await runner.cleanup()
        await starter.close()


def address(options: ServeOptions, port: int) -> str:
    """Return the address that people type into a browser."""
    host = _own_address() if options.host in _ANY_HOSTS else options.host
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/{options.token}{'/' if options.token else ''}"


def _own_address() -> str:
    """Return the address of this machine in its network, or its name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for examples; a datagram socket sends nothing here
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _listening_error(options: ServeOptions, error: Exception) -> InputError:
    reason = os_error_reason(error) if isinstance(error, OSError) else str(error)
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        reason = os.strerror(error.errno)
    problem = message(
        "nothing can be served at host {host}, port {port}: {reason}.",
        host=options.host, port=options.port, reason=reason,
    )  # fmt: skip
    return InputError("unreadable", problem, path=("--host",))
