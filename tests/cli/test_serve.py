"""Tests of the command line of ``nn-tui serve``, which needs no web server for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.tui.cli import serve
from nn_tui.tui.cli.parsers import parse
from nn_tui.tui.cli.serve import is_local, serve_options
from nn_tui.tui.config.settings import Settings, UsageError, read_settings
from nn_tui.tui.serve.values import ServeOptions


def options_of(*words: str) -> ServeOptions:
    args = parse(["serve", *words])
    return serve_options(args, read_settings(args, {}, {}))


def test_without_words_xor_is_served_to_this_machine() -> None:
    assert options_of() == ServeOptions(["xor"], (), "127.0.0.1", 8000, 30, None, "")


@pytest.mark.parametrize(
    ("words", "of_app"),
    [
        (["mazur", "--set", "eta = 1", "--set", "l2 = 0.1"], ["mazur", "--set", "eta = 1", "--set", "l2 = 0.1"]),
        (["xor", "--seed", "3", "--palette", "mono"], ["xor", "--palette", "mono", "--seed", "3"]),
        (["lesson:chain-rule"], ["learn", "chain-rule"]),
        (["chain-rule"], ["learn", "chain-rule"]),
    ],
)  # fmt: skip
def test_visitors_get_the_command_line_of_the_app(words: list[str], of_app: list[str]) -> None:
    assert options_of(*words).words == of_app


def test_a_file_is_copied_and_named_without_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("x,y\n0,1\n1,0\n0,1\n1,0\n")
    options = options_of(str(file))
    assert (options.words, options.materials) == (["mine.csv"], (file,))


@pytest.mark.parametrize(
    ("host", "is_reached_by_others"),
    [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True), ("192.168.1.5", True), ("", True)],
)
def test_an_address_that_others_reach_has_a_new_word_each_time(host: str, is_reached_by_others: bool) -> None:
    assert is_local(host) is not is_reached_by_others
    tokens = {options_of("--host", host).token for _ in range(2)}
    assert len(tokens) == (2 if is_reached_by_others else 1)
    assert all(re.fullmatch(r"[\w-]{16}" if is_reached_by_others else "", token) for token in tokens)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--port", "70000"], "'70000' is not a whole number from 0 up to 65,535"),
        (["--visitors", "0"], "'0' is not a whole number from 1 up to 1,000"),
        (["chain-rule", "--set", "eta = 1"], "a lesson has its own numbers; leave out --set and --seed"),
    ],
)
def test_a_wrong_option_is_explained(words: list[str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        options_of(*words)


@pytest.mark.parametrize(("words", "problem"), [(["xorr"], "xor"), (["xor", "--set", "etaa = 1"], "etaa")])
def test_what_cannot_be_opened_is_said_before_anybody_comes(words: list[str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        options_of(*words)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"install them with: pip install 'nn-tui\[serve\]'"):
        serve.serve(parse(["serve"]), Settings())
