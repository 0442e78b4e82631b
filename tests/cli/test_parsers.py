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
    with pytest.raises(UsageError, match="unrecognized arguments: --kept; see nn-tui train --help"):
        parse(["train", "xor", "--epochs", "1", "--kept"])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_and_each_is_valid(name: str) -> None:
    parser, examples = make_tree().parsers[name], COMMANDS[name].examples
    _, _, shown = parser.format_help().partition("\nexamples:\n")
    assert len(examples) > 1
    for words in examples:
        assert f"  {parser.prog} {words}  " in shown
        before_redirection = takewhile(lambda word: word not in ("<", ">", ">>"), shlex.split(words))
        assert parse([name, *before_redirection]).command.name == name


def test_a_command_in_the_table_is_a_command_of_the_line_and_of_the_help() -> None:
    def run(args: argparse.Namespace, settings: Settings) -> int:
        return 0

    greet = Command("greet", message("greet"), message("Greet."), lambda parser: None, {"--ascii": message("x")}, run)
    tree = make_tree({**COMMANDS, "greet": greet})
    assert parse(["greet"], tree).command is greet
    assert re.search(r"^  greet +greet$", tree.parsers["open"].format_help(), re.MULTILINE)
    with pytest.raises(UsageError, match='there is no command "gret"; did you mean "greet"'):
        parse(["gret"], tree)
