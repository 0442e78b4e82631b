"""What a command of the command line is: its options, its examples and its function. It is read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nn_tui.core.translation import Message, tr
from nn_tui.tui.config.settings import Settings

Run = Callable[[Namespace, Settings], int]


@dataclass(frozen=True, slots=True)
class Command:
    """A command; the parser, the help and the completion are made from it.

    Attributes:
        name: The word that chooses it.
        about: What it does, in a few words for the list of the commands.
        description: What it does, in a sentence at the start of its help.
        add_options: Adds its options to a parser.
        examples: The words after the name of the command in an example, and what the example does.
        run: Runs it, and returns the exit code. It imports what it needs when it is called. None: it opens the app.
        opens_app: Whether it opens the app, unless an option such as ``--list`` asks for text.
    """

    name: str
    about: Message
    description: Message
    add_options: Callable[[ArgumentParser], None]
    examples: Mapping[str, Message]
    run: Run | None = None
    opens_app: bool = False


def examples_text(program: str, examples: Mapping[str, Message]) -> str:
    """Return the examples at the end of the help: each one below a comment of the shell.

    Args:
        program: The program with the name of the command.
        examples: The words that follow, and what the example does.
    """
    lines = [line for words, about in examples.items() for line in (f"  # {about}", f"  {program} {words}")]
    return "\n".join([tr("examples:"), *lines])
