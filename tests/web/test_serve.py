"""Tests of ``nn-tui serve`` over HTTP and WebSockets, without a browser (`make test-web`)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import pytest

from nn_tui.core.errors import InputError
from nn_tui.tui.cli.parsers import parse
from nn_tui.tui.cli.serve import serve_options
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.serve.run import run_server
from nn_tui.tui.serve.visitor_folder import MAX_FOLDER
from tests._pty import DEADLINE
from tests.web._server import Server, serving, wait_until_ended
from tests.web._visitor import Visitor

PLACES = 3
START = "Press f, b, u"
BEHIND = "h₄  −0.0854"  # a dialog hides it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder, "xor", "--visitors", str(PLACES), SECRET_KEY="hush", PYTHONPATH=os.getcwd()) as started:
        yield started


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test, which must not take longer than the deadline."""
    asyncio.run(asyncio.wait_for(test, 2 * DEADLINE))


async def get(url: str) -> tuple[int, str, str]:
    """Return the status, the text, and the headers of a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text("latin-1"), str(response.headers)


async def until(condition: Any) -> None:
    """Wait until a condition holds."""
    while not condition():
        await asyncio.sleep(0.02)


def folders(folder: Path) -> list[Path]:
    """Return the folders of the visitors."""
    return [
        path for path in (folder / "tmp").glob("nn-tui-serve-*/visitor-*") if (path / ".local/state/nn-tui").exists()
    ]


def test_the_page_names_no_other_host_and_no_absolute_path(server: Server) -> None:
    async def test() -> None:
        status, text, headers = await get(server.address)
        assert status == 200
        links = re.findall(r"(?:href|src|data-socket)=\"([^\"]*)\"", text)
        assert {"static/textual.js", "static/xterm.css", "ws"} <= set(links)
        assert not [link for link in links if urlsplit(link).netloc or link.startswith("/")]
        assert "default-src 'self'" in headers
        for link in links:
            if link.startswith("static/"):
                assert (await get(urljoin(server.address, link)))[0] == 200

    run(test())


@pytest.mark.parametrize(
    "path",
    ["static/", "static/..%2fserver.py", "static/../values.py", "download/x", "ws/Ann", "etc/passwd", "static/x"],
)
def test_only_known_paths_are_answered(server: Server, path: str) -> None:
    async def test() -> None:
        assert (await get(f"{server.address}{path}"))[0] == 404

    run(test())


def test_two_visitors_do_not_see_each_other(server: Server, folder: Path) -> None:
    async def test() -> None:
        async with Visitor(server.address) as first, Visitor(server.address) as second:
            await first.wait_for(START)
            await second.wait_for(START)
            await first.type("s")
            await first.wait_for("Save as")
            await first.type("mine.nntui\r")
            await first.wait_for("The browser downloads")
            await second.type("f")
            await second.wait_for("✓ loss")
            assert "○ loss" in first.text
            await until(lambda: len(folders(folder)) == 2)
            assert sorted((path / "mine.nntui").exists() for path in folders(folder)) == [False, True]
            await second.type("o")
            await second.wait_for("Presets")
            await second.type("mine")
            await second.wait_for("Nothing matches")

    run(test())


def test_a_saved_file_is_downloaded_once(server: Server) -> None:
    async def test() -> None:
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            await visitor.type("s")
            await visitor.wait_for("Save as")
            await visitor.type("\b" * 20 + "my table.toml\r")
            link = (await visitor.wait_for_message("open_url"))["url"]
            assert re.fullmatch(r"download/[0-9a-f]{32}", link)
            status, text, headers = await get(urljoin(server.address, link))
            assert (status, "[[layers]]" in text) == (200, True)
            assert "attachment; filename*=UTF-8''my%20table.toml" in headers
            assert (await get(urljoin(server.address, link)))[0] == 404

    run(test())


def test_no_path_of_the_server_is_on_the_screen_and_nothing_outside_is_opened(server: Server, folder: Path) -> None:
    secret = folder / "secret.csv"
    secret.write_text("x,y\n0,1\n1,0\n0,1\n1,0\n")

    async def test() -> None:
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            await visitor.type("x")
            await visitor.wait_for("The folder is ~.")
            await visitor.wait_until_gone(BEHIND)
            assert "nn-tui-serve" not in visitor.text
            await visitor.type("\x1b")
            await visitor.wait_for(BEHIND)
            await visitor.type("o")
            await visitor.wait_for("Presets: a course")
            await visitor.type(f"{folder}/")
            await visitor.wait_for("Nothing matches")
            await visitor.wait_until_gone(BEHIND)
            await visitor.type("secret.csv\r")
            await visitor.type("\x1b")
            await visitor.wait_for(BEHIND)
            assert "secret" not in visitor.text.split("\n")[0]
            await visitor.type("s")
            await visitor.wait_for("Save as")
            await visitor.type("\b" * 20 + f"{folder}/new.nntui\r")
            await visitor.wait_for("no such file or directory")
            assert not (folder / "new.nntui").exists()

    run(test())


def test_the_process_of_a_visitor_has_no_secrets_and_ends_with_the_page(server: Server, folder: Path) -> None:
    async def test() -> None:
        before = server.processes()
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            own = server.processes() - before
            assert len(own) == 1
            for pid in own:
                environ = Path(f"/proc/{pid}/environ").read_text()
                assert "hush" not in environ and "SECRET" not in environ and "\0PATH=" not in f"\0{environ}"
            count = len(folders(folder))
        wait_until_ended(own)
        await until(lambda: len(folders(folder)) < count)

    run(test())


def test_beyond_the_limit_a_page_says_so_and_a_place_becomes_free_again(server: Server) -> None:
    async def test() -> None:
        async with Visitor(server.address), Visitor(server.address):
            async with Visitor(server.address) as third:
                await third.wait_for(START)
                status, text, _ = await get(server.address)
                assert (status, "All places are taken" in text, 'http-equiv="refresh"' in text) == (503, True, True)
                assert "url(" not in text  # what a page of a wrong address links to is not found
                async with Visitor(server.address) as refused:
                    await refused.wait_until_closed()
                    assert refused.close_code == 1013
            async with Visitor(server.address) as third:  # at once, while the one before is still ending
                await third.wait_for(START)

    run(test())


def test_the_connection_ends_when_the_visitor_quits(server: Server) -> None:
    async def test() -> None:
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            await visitor.type("q")
            await visitor.wait_until_closed()
            assert visitor.close_code == 1000

    run(test())


def test_a_page_of_another_site_gets_no_connection(server: Server) -> None:
    async def test() -> None:
        own = f"http://{urlsplit(server.address).netloc}"
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            async with Visitor(server.address, Origin="http://evil.example"):
                pass
        async with Visitor(server.address, Origin=own) as visitor:
            await visitor.wait_for(START)
        proxied = {"Origin": "https://hub.example", "X-Forwarded-Host": "hub.example"}
        async with Visitor(server.address, **proxied) as visitor:
            await visitor.wait_for(START)

    run(test())


def _nested(depth: int) -> object:
    """Return a list in a list, and so on."""
    return [_nested(depth - 1)] if depth else []


def test_strange_messages_are_ignored_or_end_the_connection(server: Server) -> None:
    async def test() -> None:
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            strange: tuple[object, ...] = (
                {},
                [],
                ["stdin"],
                ["stdin", 3],
                ["resize", {"width": "x"}],
                ["quit"],
                ["ping", {"a": 1}],
                ["ping", _nested(900)],
                [["x"]],
                7,
            )
            for message in (
                *strange,
                ["resize", {"width": 10**9, "height": -4}],
                ["resize", {"width": 120, "height": 40}],
            ):
                await visitor.send(message)
            await visitor.type("f")
            await visitor.wait_for("✓ loss")
            await visitor.send_text("no JSON")
            await visitor.wait_until_closed()
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            await visitor.type("x" * 300_000)
            await visitor.wait_until_closed()
            assert visitor.close_code == 1009

    run(test())


def test_a_request_that_is_no_http_prints_nothing(server: Server) -> None:
    async def test() -> None:
        for request in (
            b"\x16\x03\x01\x02\x00" * 9,
            b"GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n",
            b"GET " + b"a" * 9999,
        ):
            parts = urlsplit(server.address)
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(request + b"\r\n\r\n")
            assert (await reader.read(12)).startswith(b"HTTP/1.0 400")
            writer.close()
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
        assert len(server.output.splitlines()) == 1

    run(test())


def test_an_address_for_others_needs_its_word(tmp_path: Path) -> None:
    with serving(tmp_path, "xor", "--host", "0.0.0.0") as server:

        async def test() -> None:
            parts = urlsplit(server.address)
            root = f"http://127.0.0.1:{parts.port}"
            assert re.fullmatch(r"/[\w-]{16}/", parts.path)
            for path in ("/", "/static/page.css", "/aaaaaaaaaaaaaaaa/", "/aaaaaaaaaaaaaaaa/ws", "/%C3%A4/", "/ws"):
                status, text, _ = await get(f"{root}{path}")
                assert (status, 'id="terminal"' in text) == (404, False)
            assert (await get(f"{root}{parts.path.rstrip('/')}"))[0] == 200  # it is sent to the address with the slash
            assert (await get(f"{root}{parts.path}static/page.css"))[0] == 200
            async with Visitor(f"{root}{parts.path}") as visitor:
                await visitor.wait_for(START)

        run(test())


def test_results_are_kept_under_the_name_that_a_visitor_gives(tmp_path: Path) -> None:
    results = tmp_path / "results"
    with serving(tmp_path, "lesson:chain-rule", "--results", str(results)) as server:

        async def test() -> None:
            assert 'name="name"' in (await get(server.address))[1]
            assert 'data-socket="ws/Ann%20%26%20Bo"' in (await get(f"{server.address}?name=Ann+%26+Bo"))[1]
            assert (await get(f"{server.address}ws"))[0] == 404
            for _ in range(2):
                async with Visitor(server.address, "Ann & Bo") as visitor:
                    await visitor.wait_for("step 1 of")
                    await visitor.type("\x1b[6~")  # page down
                    await visitor.wait_for("step 2 of")
                    await until(lambda: any('"next": 1' in path.read_text() for path in results.rglob("*.json")))
            await until(lambda: len(list(results.rglob("*.json"))) == 2)
            found = [json.loads(path.read_text()) for path in (results / "lessons").glob("Ann---Bo-*.json")]
            assert [content["chain-rule"]["next"] for content in found] == [1, 1]

        run(test())


def test_the_marks_of_practice_are_results_too(tmp_path: Path) -> None:
    results = tmp_path / "results"
    with serving(tmp_path, "neuron", "--results", str(results)) as server:

        async def test() -> None:
            async with Visitor(server.address, "Ann") as visitor:
                await visitor.wait_for("Q Practice")
                await visitor.type("Q")
                await visitor.wait_for("enter chooses")
                await visitor.type("\x1b[F\r")  # end: the last level asks for numbers
                await visitor.wait_for("Question 1: a₁[1] = ?")
                await visitor.type("0.3775\r")
                await visitor.wait_for("Right: ")
            await until(lambda: len(list(results.glob("Ann-*.json"))) == 1)

        run(test())


def test_ctrl_c_ends_the_server_with_its_visitors(tmp_path: Path) -> None:
    with serving(tmp_path, "xor") as server:

        async def test() -> None:
            async with Visitor(server.address) as visitor:
                await visitor.wait_for(START)
                await visitor.type("r")
                processes = server.processes()
                code = await asyncio.to_thread(server.end, signal.SIGINT)
                await visitor.wait_until_closed()
                assert code == 130
                wait_until_ended(processes)

        run(test())
        assert list((tmp_path / "tmp").iterdir()) == []
        assert "Traceback" not in server.output and len(server.output.splitlines()) == 1


def test_work_is_there_again_after_a_lost_connection_but_not_for_others(server: Server, folder: Path) -> None:
    async def test() -> None:
        before = server.processes()
        own, other = {"Cookie": "nn-tui-visitor=own"}, {"Cookie": "nn-tui-visitor=other"}
        async with Visitor(server.address, **own) as visitor:
            await visitor.wait_for(START)
            await visitor.type("n")
            await visitor.wait_for("update 1")
            visitor.lose_connection()
            await until(lambda: server.processes() == before)
        async with Visitor(server.address, **other) as visitor:
            await visitor.wait_for(START)
        async with Visitor(server.address, **own) as visitor:
            await visitor.wait_for("⌫")
            await visitor.type("\x7f")
            await visitor.wait_for("update 1")
        await until(lambda: not folders(folder))

    run(test())


def test_a_reload_comes_back_to_its_own_place_and_folder(tmp_path: Path) -> None:
    with serving(tmp_path, "xor", "--visitors", "1") as server:

        async def test() -> None:
            own = {"Cookie": "nn-tui-visitor=own"}
            async with Visitor(server.address, **own) as visitor:
                await visitor.wait_for(START)
                await visitor.type("n")
                await visitor.wait_for("update 1")
                # A browser asks for the page again before it closes the one that it shows.
                async with aiohttp.ClientSession(headers=own) as session, session.get(server.address) as response:
                    assert response.status == 200
                await visitor.leave()
            async with Visitor(server.address) as other:
                await other.wait_until_closed()
                assert other.close_code == 1013
            async with Visitor(server.address, **own) as visitor:
                await visitor.wait_for("⌫")
                await visitor.type("\x7f")
                await visitor.wait_for("update 1")

        run(test())


def test_another_name_in_the_same_browser_gets_another_folder(tmp_path: Path) -> None:
    results = tmp_path / "results"
    with serving(tmp_path, "xor", "--results", str(results)) as server:

        async def test() -> None:
            own = {"Cookie": "nn-tui-visitor=own"}
            async with Visitor(server.address, "Ann", **own) as visitor:
                await visitor.wait_for(START)
                (first,) = folders(tmp_path)
                await visitor.leave()
            async with Visitor(server.address, "Bob", **own) as visitor:
                await visitor.wait_for(START)
                assert not first.exists()

        run(test())


def test_the_visitors_end_also_when_the_server_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path, "xor") as server:

        async def test() -> None:
            async with Visitor(server.address) as visitor:
                await visitor.wait_for(START)
                processes = server.processes()
                await asyncio.to_thread(server.end, signal.SIGKILL)
                await asyncio.to_thread(wait_until_ended, processes)

        run(test())


def test_apps_that_hang_are_killed_and_no_other_visitor_ends(server: Server) -> None:
    async def test() -> None:
        async with Visitor(server.address) as other:
            await other.wait_for(START)
            before = server.processes()
            async with Visitor(server.address) as first, Visitor(server.address) as second:
                await first.wait_for(START)
                await second.wait_for(START)
                hanging = server.processes() - before
                assert len(hanging) == 2
                for pid in hanging:
                    os.kill(pid, signal.SIGSTOP)
                await asyncio.gather(first.close(), second.close())
            await asyncio.to_thread(wait_until_ended, hanging)
            await other.type("f")
            await other.wait_for("✓ loss")

    run(test())


def test_an_app_that_reads_no_input_is_ended(server: Server) -> None:
    async def test() -> None:
        before = server.processes()
        async with Visitor(server.address) as visitor:
            await visitor.wait_for(START)
            own = server.processes() - before
            for pid in own:
                os.kill(pid, signal.SIGSTOP)
            for _ in range(3):
                await visitor.type("f" * 250_000)
            await visitor.wait_until_closed()
        await asyncio.to_thread(wait_until_ended, own)

    run(test())


def test_a_visitor_whose_files_fill_the_disk_is_ended(tmp_path: Path) -> None:
    with serving(tmp_path, "xor") as server:

        async def test() -> None:
            async with Visitor(server.address) as visitor:
                await visitor.wait_for(START)
                await until(lambda: folders(tmp_path))
                with (folders(tmp_path)[0] / ".local" / "large").open("wb") as file:
                    file.truncate(MAX_FOLDER + 1)
                await visitor.wait_until_closed()
            await until(lambda: not folders(tmp_path))

        run(test())
        assert "its files have more than" in server.output


def test_visitors_come_also_after_the_process_that_forks_is_gone(tmp_path: Path) -> None:
    with serving(tmp_path, "xor") as server:

        async def test() -> None:
            (host,) = server.processes()
            os.kill(host, signal.SIGKILL)
            await asyncio.to_thread(wait_until_ended, {host})
            async with Visitor(server.address) as visitor:
                await visitor.wait_for(START)
                await visitor.type("f")
                await visitor.wait_for("✓ loss")
                started = server.processes()
            await asyncio.to_thread(wait_until_ended, started)

        run(test())


def test_a_port_that_is_taken_is_an_error_in_one_line(server: Server, tmp_path: Path) -> None:

    options = serve_options(parse(["serve", "--port", str(urlsplit(server.address).port)]), Settings())
    with pytest.raises(InputError, match=r"nothing can be served at host 127\.0\.0\.1, port"):
        run_server(options, lambda address: pytest.fail(json.dumps(address)), lambda error: pytest.fail(str(error)))
