"""The parser of the command line: one tree, made from the table of the commands.

The app is a command, too: ``nn-tui open xor``, whose first word may be left out.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import NoReturn

from nn_tui.core.translation import tr
from nn_tui.tui.cli.app_options import LEARN, OPEN, PRACTICE
from nn_tui.tui.cli.command import Command, examples_text
from nn_tui.tui.cli.completion_options import COMPLETION
from nn_tui.tui.cli.export_options import EXPORT
from nn_tui.tui.cli.figure_options import FIGURE
from nn_tui.tui.cli.predict_options import PREDICT, attach_negative_inputs
from nn_tui.tui.cli.serve_options import SERVE
from nn_tui.tui.cli.shared_options import add_common_options
from nn_tui.tui.cli.sweep_options import SWEEP
from nn_tui.tui.cli.train_options import CHECK, LIST, TRACE, TRAIN
from nn_tui.tui.cli.worksheet_options import MARK, WORKSHEET
from nn_tui.tui.config.settings import UsageError

_ALL = (
    OPEN, PRACTICE, LEARN, LIST, TRAIN, SWEEP, PREDICT, TRACE, CHECK, EXPORT, FIGURE, WORKSHEET, MARK, SERVE,
    COMPLETION,
)  # fmt: skip
COMMANDS = {command.name: command for command in _ALL}
"""The commands by name, in the order of the help."""
_MIN_WIDTH = 40


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise the error, with the command whose help explains the options."""
        raise UsageError(tr("{problem}; see {command} --help", problem=message, command=self.prog))


class CommandParser(Parser):
    """The parser of a command, which reports the words that it does not know itself, and not through the tree."""

    def parse_known_args(  # type: ignore[override]  # the stubs have overloads for other types of the namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse all words.

        Raises:
            UsageError: A word is not an option or an argument of the command.
        """
        try:
            parsed, unknown = super().parse_known_args(args, namespace)
        except UsageError:
            options = _unknown_options(args or (), self)
            if options:  # say this first: what is missing may be what an unknown option was meant for
                self.error(tr("unrecognized arguments: {words}", words=" ".join(options)))
            raise
        if unknown:
            self.error(tr("unrecognized arguments: {words}", words=" ".join(unknown)))
        return parsed, unknown


def _unknown_options(words: Sequence[str], parser: argparse.ArgumentParser) -> list[str]:
    """Return the words that look like options that a parser does not have."""
    known = {name for action in arguments(parser) for name in action.option_strings}
    before = itertools.takewhile(lambda word: word != "--", words)
    names = (word.partition("=")[0] for word in before if word.startswith("--"))
    return [name for name in names if name not in known and " " not in name]


@dataclass(frozen=True, slots=True)
class Tree:
    """The parser with those of the commands.

    Attributes:
        root: The parser of a command line that begins with a command.
        parsers: The parsers of the commands by name, of all or of some; they are the sub-parsers of ``root``.
    """

    root: Parser
    parsers: Mapping[str, Parser]

    def options_with_value(self) -> frozenset[str]:
        """Return the options of all commands that are followed by a value."""
        return frozenset(
            name
            for parser in self.parsers.values()
            for action in arguments(parser)
            if action.nargs != 0
            for name in action.option_strings
        )


def make_tree(commands: Mapping[str, Command] = COMMANDS, names: Collection[str] | None = None) -> Tree:
    """Return the parser of the command line, which is made from the commands.

    Args:
        commands: All commands by name.
        names: The commands that need a parser, to save time; None for all of them.
    """
    common = CommandParser(add_help=False)
    add_common_options(common)
    root = Parser(prog="nn-tui", allow_abbrev=False, parents=[common])
    width = max(shutil.get_terminal_size().columns - 2, _MIN_WIDTH)  # as argparse does
    group = root.add_subparsers(parser_class=CommandParser, required=True, metavar="COMMAND")
    parsers: dict[str, Parser] = {}
    for name in commands if names is None else names:
        command = commands[name]
        is_default = command is OPEN  # its name may be left out
        parser = group.add_parser(
            name,
            prog="nn-tui" if is_default else f"nn-tui {name}",
            usage=_usage() if is_default else None,
            help=str(command.about),
            description=fill(str(command.description), width, break_on_hyphens=False),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            parents=[common],
        )
        command.add_options(parser)
        parser.set_defaults(command=command)
        parser.epilog = examples_text(parser.prog, command.examples)
        if is_default:
            last = fill(_exit_codes_help(), width, break_on_hyphens=False)
            parser.epilog = "\n\n".join((_commands_help(commands), parser.epilog, last))
        parsers[name] = parser
    # The app reads its options also where practice and learn open it.
    root.set_defaults(**vars(parsers[OPEN.name].parse_args([])))
    return Tree(root, parsers)


def parse(argv: Sequence[str], commands: Mapping[str, Command] = COMMANDS) -> argparse.Namespace:
    """Parse a command line without the name of the program; ``command`` of the result is the :class:`Command`.

    Args:
        argv: The words.
        commands: All commands by name.

    Raises:
        UsageError: If it is not valid.
        SystemExit: After ``--help`` and ``--version``.
    """
    first = argv[0] if argv else OPEN.name
    # Where an option is first, the command comes later, and which options have a value follows from all parsers.
    needed = None if first.startswith("-") else {OPEN.name, first} & commands.keys()
    tree = make_tree(commands, needed)
    command, words = split_command(attach_negative_inputs(argv), tree, commands)
    return tree.root.parse_args([command, *words])


def split_command(argv: Sequence[str], tree: Tree, commands: Collection[str]) -> tuple[str, list[str]]:
    """Split a command line into the command and the other words; without a command it opens the app.

    Args:
        argv: The words.
        tree: The parsers that the line needs.
        commands: The names of all commands.

    Raises:
        UsageError: If the first argument looks like a misspelled command.
    """
    index = first_argument(argv, tree)
    if index is None:
        return OPEN.name, list(argv)
    if argv[index] in commands:
        return argv[index], [*argv[:index], *argv[index + 1 :]]
    _reject_misspelled_command(argv[index], commands)
    return OPEN.name, list(argv)


def first_argument(argv: Sequence[str], tree: Tree) -> int | None:
    """Return the place of the first word that is neither an option nor the value of one; None if there is none."""
    with_value, is_value = tree.options_with_value(), False
    for index, word in enumerate(argv):
        if not is_value and (not word.startswith("-") or word == "--"):
            return index
        is_value = not is_value and word in with_value
    return None


def argument(parser: Parser, name: str) -> argparse.Action:
    """Return an argument of a parser by its name."""
    return next(action for action in arguments(parser) if action.dest == name)


def arguments(parser: argparse.ArgumentParser) -> Sequence[argparse.Action]:
    """Return all arguments of a parser, its options among them."""
    return parser._actions  # argparse has no public way to them; programs for completion read them, too


def _reject_misspelled_command(word: str, commands: Collection[str]) -> None:
    """Raise UsageError if a word is neither a preset nor a file, and is closer to a command than to any preset."""
    from nn_tui.core.preset.loader import preset_ids
    from nn_tui.core.text import closest_names, quote

    names = closest_names(word, tuple(commands))
    if not names or os.path.splitext(word)[1]:  # a table may have any ending
        return
    is_file_or_preset = word in preset_ids() or os.path.exists(word)
    if closest_names(word, (*preset_ids(), *commands)) == names and not is_file_or_preset:
        raise UsageError(
            tr('there is no command {word}; did you mean "{command}"?', word=quote(word), command=names[0])
        )


def _usage() -> str:
    return """nn-tui [options] [PRESET | FILE.toml | FILE.csv | FILE.nntui]
       nn-tui COMMAND [options] ..."""


def _commands_help(commands: Mapping[str, Command]) -> str:
    """Return the list of the commands for the help of the app."""
    width = max(map(len, commands))
    return "\n".join(
        [
            tr("commands, which need no terminal except open, practice and learn:"),
            *(f"  {command.name:<{width}}  {command.about}" for command in commands.values()),
        ]
    )


def _exit_codes_help() -> str:
    return tr("Run nn-tui COMMAND --help for details. Exit codes: 0 done, 1 failed, 2 usage, 128 + n on a signal.")
