"""The web server: its pages, its files, and the WebSocket of each visitor. It needs the extra ``serve``."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlsplit

from aiohttp import WSCloseCode, web

from nn_tui.core.errors import os_error_reason
from nn_tui.core.text import printable
from nn_tui.core.translation import tr
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.serve.pages import address_page, full_page, name_page, terminal_page
from nn_tui.tui.serve.values import ServeOptions, terminal_size
from nn_tui.tui.serve.visit import Departure, Visit, Visits
from nn_tui.tui.serve.visitor_folder import MAX_NAME

MAX_MESSAGE = 256_000  # bytes; a long text that is pasted
_COOKIE = "nn-tui-visitor"  # finds the folder of a browser whose connection was lost
_HEARTBEAT = 20.0  # seconds between two questions to the browser whether it is there
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_DEPARTURES: dict[int | None, Departure] = {WSCloseCode.GOING_AWAY: "left", WSCloseCode.ABNORMAL_CLOSURE: "lost"}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _static_files() -> dict[str, Path]:
    """Return the files that the server gives to anybody who knows the address, by their names in it."""
    terminal, own = Path(str(files("textual_serve") / "static")), Path(str(files("nn_tui.tui.serve") / "pages"))
    return {
        "textual.js": terminal / "js/textual.js",
        "xterm.css": terminal / "css/xterm.css",
        "RobotoMono.ttf": terminal / "fonts/RobotoMono-VariableFont_wght.ttf",
        "page.js": own / "page.js",
        "page.css": own / "page.css",
        "font.css": own / "font.css",
    }


class Server:
    """The handlers of the requests.

    Args:
        options: What is served, and to whom.
        visits: The visitors, who share the places.
    """

    def __init__(self, options: ServeOptions, visits: Visits) -> None:
        self._options, self._visits = options, visits
        self._static = _static_files()

    def make_application(self) -> web.Application:
        """Return the application of aiohttp."""
        application = web.Application()
        root = "/{token}" if self._options.token else ""
        routes = {
            f"{root}/": self._index,
            f"{root}/static/{{name}}": self._file,
            f"{root}/download/{{key}}": self._download,
            f"{root}/ws": self._socket,
            f"{root}/ws/{{name}}": self._socket,
            **({"/{token}": self._add_slash, "/": self._no_token} if root else {}),
        }
        application.add_routes([web.get(path, self._guarded(handler)) for path, handler in routes.items()])
        application.on_shutdown.append(self._end_visits)
        return application

    def _guarded(self, handler: _Handler) -> _Handler:
        """Return a handler that answers only whoever knows the token, and whose pages load nothing from elsewhere."""

        async def answer(request: web.Request) -> web.StreamResponse:
            token = request.match_info.get("token")
            if token is not None and not hmac.compare_digest(token.encode(), self._options.token.encode()):
                return await self._no_token(request)
            response = await handler(request)
            if not response.prepared:
                response.headers.update(_HEADERS)
            return response

        return answer

    async def _no_token(self, request: web.Request) -> web.Response:
        return _html(address_page(), status=404)

    async def _add_slash(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{quote(request.match_info['token'])}/"})

    async def _index(self, request: web.Request) -> web.Response:
        key = request.cookies.get(_COOKIE, "")
        if not self._visits.may_come(key):
            return _html(full_page(self._options.visitors), status=503)
        name = visitor_name(request.query.get("name", ""))
        if self._options.results is not None and not name:
            return _html(name_page())
        socket = f"ws/{quote(name, safe='')}" if self._options.results is not None else "ws"
        page = _html(terminal_page(socket, self._options.visitors))
        if not key:
            page.set_cookie(_COOKIE, secrets.token_urlsafe(16), httponly=True, samesite="Strict")
        return page

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = self._static.get(request.match_info["name"])
        return web.FileResponse(path) if path is not None else _not_found()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        path = self._visits.download(request.match_info["key"])
        if path is None or not path.is_file():
            return _not_found()
        name = quote(path.name, safe="")
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        }
        return web.FileResponse(path, headers=headers)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not is_same_origin(request.headers.get("Origin"), request.host, request.headers.get("X-Forwarded-Host")):
            return web.Response(status=403, text="forbidden")
        name = visitor_name(request.match_info.get("name", ""))
        if bool(name) != (self._options.results is not None):
            return _not_found()
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=MAX_MESSAGE, compress=False)
        await socket.prepare(request)
        size = terminal_size(request.query.get("width"), request.query.get("height"))
        key = request.cookies.get(_COOKIE, "")
        if not await self._visits.reserve(key):
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return socket
        await self._visits.wait_until_kept(key)
        kept = self._visits.take_kept(key, name)
        visit = Visit(self._visits, kept, name, send_bytes=socket.send_bytes, send_text=socket.send_str)
        try:
            await visit.start(size)
            await _follow(socket, visit)
        except OSError as error:
            print_error(tr("no app can be started for a visitor: {reason}", reason=os_error_reason(error)), FAILED)
        finally:
            await self._visits.end(visit, key, _DEPARTURES.get(socket.close_code, "closed"))
            await socket.close(code=WSCloseCode.GOING_AWAY if self._visits.is_ending else WSCloseCode.OK)
        return socket

    async def _end_visits(self, application: web.Application) -> None:
        await self._visits.end_all()


async def _follow(socket: web.WebSocketResponse, visit: Visit) -> None:
    """Pass on what comes, until the browser closes the connection or the app ends."""
    ended = asyncio.create_task(visit.ended())
    try:
        while True:
            received = asyncio.create_task(socket.receive())
            await asyncio.wait({received, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not received.done():
                received.cancel()
                return
            message = received.result()
            if message.type is not web.WSMsgType.TEXT:
                return
            try:
                content = json.loads(message.data)
            except (ValueError, RecursionError):
                return
            try:
                await visit.receive(content, len(message.data))
            except TimeoutError:  # the app reads no more
                return
    finally:
        ended.cancel()


def visitor_name(text: str) -> str:
    """Return the name that a visitor has typed, on one line and not too long."""
    return " ".join(printable(text).split())[:MAX_NAME]


def is_same_origin(origin: str | None, *hosts: str | None) -> bool:
    """Return whether a request comes from a page of this server; only browsers name an origin, and they always do.

    Args:
        origin: The header ``Origin``.
        hosts: The names under which the request reached this server, and a proxy before it.
    """
    return origin is None or urlsplit(origin).netloc.lower() in {host.lower() for host in hosts if host}


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _not_found() -> web.Response:
    return web.Response(status=404, text="not found")
