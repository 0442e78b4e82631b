"""Changes that are made at the start of a run, such as those of the option ``--set``."""

from __future__ import annotations

from collections.abc import Iterable

from nn_tui.core.edits.parser import apply_edit, is_learning_rate
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote


def start_with(run: Run, changes: Iterable[str]) -> Run:
    """Return a run that starts with some changes.

    A value that is in force already is no error. A learning rate that is named wins over the one that comes with an
    optimiser, in any order.

    Args:
        run: A run at its start.
        changes: The changes, as a person types them in the app.

    Raises:
        InputError: For a change that is not valid, or that does not fit the run.
    """
    texts = tuple(changes)
    for text in (*texts, *filter(is_learning_rate, texts)):
        run = _changed(run, text)
    return run


def _changed(run: Run, text: str) -> Run:
    """Return the run with one change, or the run itself if the value is in force already."""
    with locate_errors(path=(f"--set {quote(text)}",)):
        try:
            return apply_edit(text, run, 0)
        except InputError as error:
            if error.code == "unchanged":
                return run
            raise
