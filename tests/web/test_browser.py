"""Tests of ``nn-tui serve`` in Chromium: the page is the app as in a terminal, each visitor alone (`make test-web`)."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests._pty import APP, DEADLINE, Terminal, terminal
from tests.web._chromium import PLAIN_HOST, Chromium
from tests.web._server import Server, serving, wait_until_ended
from tests.web._terminal_page import TerminalPage, open_terminal

START = "Forward"  # the footer has it when the first screen is there


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), "xor") as started:
        yield started


@pytest.fixture
def page(chromium: Chromium, server: Server) -> Iterator[TerminalPage]:
    opened = open_terminal(chromium, server.address)
    opened.wait_for(START)
    yield opened
    opened.page.close()


def assert_same(page: TerminalPage, screen: Terminal) -> None:
    """Wait until each cell of the page has the character, the colours and the styles of the terminal's cell."""
    end = time.monotonic() + DEADLINE
    while (cells := page.cells()) != (expected := (screen.look(), screen.cells())[1]):
        different = [
            f"row {row}, column {column}: {ours} in the page, {theirs} in the terminal"
            for row, (left, right) in enumerate(zip(cells, expected, strict=True))
            for column, (ours, theirs) in enumerate(zip(left, right, strict=True))
            if ours != theirs
        ]
        assert time.monotonic() < end, f"{len(different)} cells differ:\n" + "\n".join(different[:20])


def test_keys_change_the_page_as_a_terminal_of_the_same_size(page: TerminalPage) -> None:
    with terminal((*APP, "xor", "--no-resume"), *page.size) as screen:
        screen.wait_for(START)
        assert_same(page, screen)
        for key, words in (("f", "✓ loss 0.1255"), ("b", "✓ backward"), ("u", "✓ update"), ("d", "6 decimals")):
            page.page.type(key)
            screen.send(key)
            page.wait_for(words)
            screen.wait_for(words)
            assert_same(page, screen)


def test_a_click_selects_the_number_that_it_selects_in_a_terminal(page: TerminalPage) -> None:
    with terminal((*APP, "xor", "--no-resume"), *page.size) as screen:
        screen.wait_for(START)
        row, line = next((row, line) for row, line in enumerate(page.text.split("\n")) if "−0.5782" in line)
        column = line.index("−0.5782")
        page.page.click(*page.position(column, row))
        screen.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")
        page.wait_for("w₁[3,2] = −0.5782")
        screen.wait_for("w₁[3,2] = −0.5782")


def test_the_app_takes_the_size_of_the_page(page: TerminalPage) -> None:
    large = page.size
    page.page.set_size(740, 450)
    page.wait(lambda text: "2 Layer" in text and "q Quit" in text)
    small = page.size
    assert small[0] < large[0] and small[1] < large[1]
    with terminal((*APP, "xor", "--no-resume"), *small) as screen:
        screen.wait_for(START)
        assert_same(page, screen)
        page.page.set_size(1500, 900)
        columns, rows = page.page.wait(
            "[nnTest.terminal.cols, nnTest.terminal.rows]", lambda size: size[0] > large[0] and size[1] > large[1]
        )
        screen.resize(columns, rows)
        screen.wait_for("Loss 1/6")
        assert_same(page, screen)


def test_keys_work_while_a_hangul_input_method_composes(page: TerminalPage) -> None:
    page.page.compose("ㄹ")
    page.wait(lambda text: "✓ loss 0.1255" in text and "한/영" in text)
    page.page.compose("ㅠ")
    page.wait_for("✓ backward")


def test_hangul_is_composed_and_pasted_into_a_field(page: TerminalPage) -> None:
    page.page.type("s")
    page.wait_for("saves a document")
    page.page.press("ctrl+u")
    page.page.compose("ㅎ", "하", "한")
    page.wait_for("한")
    page.page.compose("ㄱ", "그", "글")
    page.wait_for("한글")
    page.page.paste(" 신경망")
    page.wait_for("한글 신경망")


@pytest.mark.parametrize("key", ["ctrl+v", "ctrl+shift+v", "shift+insert"])
def test_text_is_pasted_with_the_keys_of_a_browser(page: TerminalPage, key: str) -> None:
    page.page.type("e")
    page.wait_for("enter")
    page.page.paste("eta = 0.25", key)
    page.wait_for("eta = 0.25")
    page.page.press("enter")
    page.wait_for("sgd η 0.25")


def test_what_is_copied_is_in_the_clipboard_of_the_browser(page: TerminalPage) -> None:
    page.page.type("f")
    page.wait_for("✓ loss 0.1255")
    page.page.type("Y")
    page.wait_for("clipboard")
    assert "0.1255" in page.page.wait("navigator.clipboard.readText()")


def test_what_is_copied_is_in_the_clipboard_on_plain_http(chromium: Chromium, server: Server) -> None:
    address = server.address.replace("127.0.0.1", PLAIN_HOST)
    opened = open_terminal(chromium, address)
    opened.wait_for(START)
    assert opened.page.run("isSecureContext") is False
    opened.page.type("f")
    opened.wait_for("✓ loss 0.1255")
    opened.page.type("Y")
    opened.wait_for("clipboard")
    opened.page.type("e")
    opened.wait_for("enter")
    opened.page.press("ctrl+v", commands=["paste"])
    opened.wait_for("0.1255")
    opened.page.close()


def test_two_visitors_do_not_see_each_other(chromium: Chromium, server: Server, page: TerminalPage) -> None:
    before = server.processes()
    other = open_terminal(chromium, server.address)
    other.wait_for(START)
    assert len(server.processes()) > len(before)
    page.page.type("fbu")
    page.wait_for("✓ update")
    page.page.type("s")
    page.wait_for("saves a document")
    page.page.press("ctrl+u")
    page.page.type("mine.nntui")
    page.page.press("enter")
    page.wait_for("mine.nntui")
    other.page.type("f")
    other.wait_for("✓ loss 0.1255")
    assert "✓ update" not in other.text and "✓ backward" not in other.text
    other.page.type("o")
    other.wait_for("Presets")
    assert "mine" not in other.text
    other.page.close()
    wait_until_ended(server.processes() - before)


def test_a_closed_page_ends_its_process(chromium: Chromium, server: Server) -> None:
    before = server.processes()
    opened = open_terminal(chromium, server.address)
    opened.wait_for(START)
    started = server.processes() - before
    assert started
    opened.page.type("++++++r")
    opened.wait_for("full speed")
    opened.page.close()
    wait_until_ended(started)


def test_a_reload_asks_and_starts_again(page: TerminalPage) -> None:
    page.page.type("fbu")
    page.wait_for("✓ update")
    page.page.call("Page.reload", ignoreCache=True)
    page.page.wait_for_event("Page.javascriptDialogOpening", lambda event: event["type"] == "beforeunload")
    page.page.call("Page.handleJavaScriptDialog", accept=True)
    page.wait(lambda text: START in text and "no update yet" in text)


def test_a_visitor_who_quits_sees_how_to_start_again(page: TerminalPage) -> None:
    page.page.type("q")
    text = page.page.wait("document.body.innerText", lambda text: "Your session has ended." in text)
    assert "You have quit" in text and "The server has ended" not in text
    page.page.run('[...document.querySelectorAll("button")].find((button) => button.offsetParent).click()')
    page.wait_for(START)


def test_the_page_asks_no_other_host(page: TerminalPage, server: Server) -> None:
    page.page.type("fbu")
    page.wait_for("✓ update")
    asked = [event["request"]["url"] for event in page.page.events("Network.requestWillBeSent")]
    asked += [event["url"] for event in page.page.events("Network.webSocketCreated")]
    assert len(asked) > 3
    hosts = {re.sub(r"^(https?|ws)://([^/]*)/.*", r"\2", url) for url in asked if not url.startswith("data:")}
    assert hosts == {re.sub(r"^http://([^/]*)/.*", r"\1", server.address)}


def test_the_page_has_no_errors(page: TerminalPage) -> None:
    assert [event["exceptionDetails"]["text"] for event in page.page.events("Runtime.exceptionThrown")] == []
    assert [event["entry"]["text"] for event in page.page.events("Log.entryAdded")] == []


def test_numbers_are_drawn_in_a_font_of_the_server(page: TerminalPage) -> None:
    assert page.page.run('document.fonts.check("16px Roboto Mono")')
    loaded = '[...document.fonts].filter(({status}) => status === "loaded").map(({family}) => family).join()'
    assert "Roboto Mono" in page.page.run(loaded)


def test_beyond_the_limit_there_is_a_friendly_page(chromium: Chromium, tmp_path: Path) -> None:
    with serving(tmp_path, "xor", "--visitors", "1") as server:
        of_server = server.processes()
        first = open_terminal(chromium, server.address)
        first.wait_for(START)
        second = open_terminal(chromium, server.address)
        text = second.page.wait("document.body && document.body.innerText", lambda value: value and "taken" in value)
        assert "1" in text
        first.page.close()
        wait_until_ended(server.processes() - of_server)
        second.wait_for(START)  # it tries again by itself, when the place is not held for the first page any more
        second.page.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_with_its_visitors(chromium: Chromium, tmp_path: Path, number: int) -> None:
    with serving(tmp_path, "xor") as server:
        visitors = [open_terminal(chromium, server.address) for _ in range(2)]
        for visitor in visitors:
            visitor.wait_for(START)
        visitors[0].page.type("++++++r")
        visitors[0].wait_for("full speed")
        started = server.processes()
        assert len(started) >= 2
        assert server.end(number) == 128 + number
        wait_until_ended(started)
        assert "Traceback" not in server.output
        assert not list((tmp_path / "tmp").iterdir())  # the folders of the visitors are gone
        for visitor in visitors:
            visitor.page.wait("document.body.innerText", lambda text: "The server has ended." in text)
            assert "does not answer" not in visitor.page.run("document.body.innerText")
            visitor.page.run('document.querySelector(".stopped .again").click()')
            visitor.page.wait("document.body.innerText", lambda text: "The server does not answer." in text)
        for visitor in visitors:
            visitor.page.close()
