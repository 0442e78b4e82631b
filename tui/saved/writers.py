"""The formats in which a network can be written to a file, by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.preset.from_network import network_text
from nn_tui.core.spec import Experiment
from nn_tui.core.text import printable, quote, shorten_path
from nn_tui.core.translation import Message, message
from nn_tui.tui.config.files import describe_os_error, write_atomically


@dataclass(frozen=True, slots=True)
class Writer:
    """A format.

    Attributes:
        about: What the file is, as a sentence.
        text: ``text(experiment, state, update)`` is the content of the file; raises InputError.
    """

    about: Message
    text: Callable[[Experiment, State, int], str]


WRITERS: Mapping[str, Writer] = {
    ".toml": Writer(
        message("A preset is a new start from the present weights, without the state of the optimiser."), network_text
    ),
}


def writer_for(path: Path) -> Writer:
    """Return the writer for the ending of a file's name.

    Raises:
        InputError: No format has that ending.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        endings, example = ", ".join(WRITERS), f"{path.stem or 'mine'}{next(iter(WRITERS))}"
        problem = message(
            "{name} has no ending that says what to write; use {endings}, as in {example}.",
            name=quote(path.name),
            endings=endings,
            example=quote(example),
        )
        raise InputError("not_a_choice", problem, value=path.name)
    return writer


def check_folder(path: Path) -> None:
    """Raise InputError unless the folder of a file exists."""
    if not path.absolute().parent.is_dir():
        problem = message("there is no such folder; make it first, or write the file elsewhere.")
        raise InputError("not_found", problem, file=shorten_path(printable(str(path))))


def write_network(path: Path, experiment: Experiment, state: State, update: int) -> None:
    """Write a network to a file, or replace one; the ending of its name says in which format.

    Args:
        path: The file.
        experiment: The experiment in force.
        state: The state to write.
        update: The update after which it is.

    Raises:
        InputError: If the ending is unknown, the network cannot be written so, or the file cannot be written.
    """
    check_folder(path)
    text, shown = writer_for(path).text(experiment, state, update), shorten_path(printable(str(path)))
    try:
        write_atomically(path.absolute(), text)
    except OSError as error:
        problem = message("it cannot be written: {reason}.", reason=describe_os_error(error))
        raise InputError("unreadable", problem, file=shown) from None
    except ValueError:  # the name contains NUL
        raise InputError("unreadable", message("this is not a file name."), file=shown) from None
