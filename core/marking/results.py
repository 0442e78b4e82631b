"""Reads the results of a class from a folder of files with marks."""

from __future__ import annotations

from pathlib import Path

from nn_tui.core.errors import InputError, locate_errors, os_error_reason
from nn_tui.core.files.text_file import read_text
from nn_tui.core.marking.marks import Mark, read_marks
from nn_tui.core.text import shown_path
from nn_tui.core.translation import message

MAX_FILES = 10_000


def read_results(folder: Path) -> tuple[list[Mark], list[InputError]]:
    """Read the marks in the JSON files of a folder, in the order of their names.

    Returns:
        The marks, and an error for each file that has none.

    Raises:
        InputError: The folder cannot be read, or has no JSON file with marks.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")
    except OSError as error:
        problem = message("it cannot be read: {reason}.", reason=os_error_reason(error))
        raise InputError("unreadable", problem, file=shown_path(folder)) from None
    if len(paths) > MAX_FILES:
        problem = message("it has more than {max:,} JSON files.", max=MAX_FILES)
        raise InputError("too_large", problem, file=shown_path(folder))
    marks: list[Mark] = []
    problems = []
    for path in paths:
        try:
            with locate_errors(file=shown_path(Path(path.name))):
                marks += read_marks(read_text(path))
        except InputError as error:
            problems.append(error)
    if not marks:
        problem = message(
            "it has no JSON file with marks; practice with --results FOLDER writes them. "
            "Progress in lessons has no marks: docs/class.md says how to read it."
        )
        raise InputError("not_found", problem, file=shown_path(folder))
    return marks, problems
