"""Tests of the parser of the command line: one tree, from which the help and the examples are made."""

from __future__ import annotations

import argparse
import re
import shlex
from itertools import takewhile

import pytest

from nn_tui.core.translation import message
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.parsers import COMMANDS, make_tree, parse
from nn_tui.tui.config.settings import Settings, UsageError


def test_the_word_open_may_be_left_out() -> None:
    with_it, without = parse(["open", "mazur", "--at", "3"]), parse(["--at", "3", "mazur"])
    assert vars(with_it) == vars(without) and with_it.command is COMMANDS["open"]
    assert parse(["open", "train"]).preset == "train"
    assert parse([]).preset is None


def test_options_may_stand_before_the_command() -> None:
    """An option that takes a value is known from the tree, also one of a single command."""
    args = parse(["--epochs", "3", "--until", "list", "train", "xor"])
    assert (args.command.name, args.preset, args.epochs, args.until) == ("train", "xor", 3, "list")
    args = parse(["-o", "mark", "export", "xor"])
    assert (args.command.name, args.output) == ("export", "mark")


def test_what_a_command_does_not_know_is_reported_with_its_help() -> None:
    with pytest.raises(UsageError, match="unrecognized arguments: --until; see nn-tui sweep --help"):
        parse(["sweep", "xor", "--until", "loss < 1"])  # not that --updates is missing
    with pytest.raises(UsageError, match="unrecognized arguments: --kept; see nn-tui train --help"):
        parse(["train", "xor", "--epochs", "1", "--kept"])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_and_each_is_valid(name: str) -> None:
    parser, examples = make_tree().parsers[name], COMMANDS[name].examples
    _, _, shown = parser.format_help().partition("\nexamples:\n")
    assert len(examples) > 1
    for words in examples:
        assert f"  # {examples[words]}\n  {parser.prog} {words}\n" in f"{shown}\n"
        before_redirection = takewhile(lambda word: word not in ("<", ">", ">>"), shlex.split(words))
        assert parse([name, *before_redirection]).command.name == name


def test_a_command_in_the_table_is_a_command_of_the_line_and_of_the_help() -> None:
    def run(args: argparse.Namespace, settings: Settings) -> int:
        return 0

    greet = Command("greet", message("greet"), message("Greet."), lambda parser: None, {"--ascii": message("x")}, run)
    commands = {**COMMANDS, "greet": greet}
    tree = make_tree(commands)
    assert parse(["greet"], commands).command is parse(["--ascii", "greet"], commands).command is greet
    assert re.search(r"^  greet +greet$", tree.parsers["open"].format_help(), re.MULTILINE)
    with pytest.raises(UsageError, match='there is no command "gret"; did you mean "greet"'):
        parse(["gret"], commands)


def test_the_help_fits_a_terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples are as long as they are: a line that is broken cannot be copied."""
    monkeypatch.setenv("COLUMNS", "80")
    for name, parser in make_tree().parsers.items():
        lines = [line for line in parser.format_help().splitlines() if not line.startswith(f"  {parser.prog} ")]
        assert [line for line in lines if len(line) > 80] == [], name
