"""Completes the words of a command line for a shell, with argcomplete."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, MutableMapping, Sequence

from argcomplete import finders
from argcomplete.completers import BaseCompleter
from argcomplete.lexers import split_line

from nn_tui.tui.cli.app_options import OPEN
from nn_tui.tui.cli.completers import complete, opened
from nn_tui.tui.cli.parsers import COMMANDS, argument, first_argument, make_tree


class CompletionFinder(finders.CompletionFinder):
    """Finds the words that may follow; options are among them if one is begun, or if nothing else can follow."""

    def collect_completions(
        self, active_parsers: list[argparse.ArgumentParser], parsed_args: argparse.Namespace, cword_prefix: str
    ) -> list[str]:
        """Return the words that may follow.

        Args:
            active_parsers: The parsers of the words so far; the last one is that of the command.
            parsed_args: The values so far.
            cword_prefix: What is typed of the word under the cursor.
        """
        found = super().collect_completions(active_parsers, parsed_args, cword_prefix)
        if found or cword_prefix:
            return found
        self.always_complete_options = "long"
        return super().collect_completions(active_parsers, parsed_args, cword_prefix)


class _Nothing(BaseCompleter):
    def __call__(self, **others: object) -> Sequence[str]:
        return ()


NOTHING = _Nothing()
"""Completes numbers and texts that only a person knows: not with files, as argcomplete would."""


def print_completions(environ: MutableMapping[str, str]) -> None:
    """Write the words that may follow to the shell, as argcomplete's scripts expect them, and end the process.

    Args:
        environ: The environment, in which the script of the shell passes the line and the place of the cursor.
    """
    line = last_command(environ["COMP_LINE"][: int(environ["COMP_POINT"])])
    environ.update(COMP_LINE=line, COMP_POINT=str(len(line)))
    *_, before, _ = split_line(line)
    CompletionFinder()(parser_for(before[1:]), always_complete_options=False, default_completer=NOTHING)


def last_command(line: str) -> str:
    """Return the last of the commands on a line; zsh passes all of them: ``cd work && nn-tui tra``."""
    start, quote, is_escaped = 0, "", False
    for index, char in enumerate(line):
        if is_escaped or (quote and char not in (quote, "\\")):
            is_escaped = False
        elif char == "\\" and quote != "'":
            is_escaped = True
        elif char in "'\"":
            quote = "" if quote else char
        elif not quote and char in ";&|(":
            start = index + 1
    return line[start:].lstrip()


def parser_for(before: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser that completes a line: that of the app, if no command is among the words.

    Args:
        before: The words before the one under the cursor, without the name of the program.
    """
    tree = make_tree()
    index = first_argument(before, tree)
    if index is not None and before[index] in tree.parsers:
        return tree.root
    parser = tree.parsers[OPEN.name]
    if index is None:
        complete(argument(parser, "preset"), _opened_or_command)
    return parser


def _opened_or_command(*, prefix: str, **others: object) -> Mapping[str, str]:
    """Complete the first word of a line."""
    return {**{name: str(command.about) for name, command in COMMANDS.items()}, **opened(prefix=prefix)}
