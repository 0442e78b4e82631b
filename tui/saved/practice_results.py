"""A file with the marks of a person's answers in practice, for ``nn-tui mark FOLDER``."""

from __future__ import annotations

import getpass
import json
import time
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.marking.marks import Mark, marks_table
from nn_tui.core.saved.atomic_write import make_folder, write_atomically
from nn_tui.core.text import one_line, path_from_home
from nn_tui.core.translation import Message, message
from nn_tui.tui.config.files import describe_os_error, unused_path

MAX_NAME = 40  # characters of a student's name in the name of a file


class PracticeResults:
    """Writes the marks of a session of practice to a file, which is replaced after each answer.

    Args:
        folder: The folder; it is made if it is missing.
        student: The name of the student; the name of the login if it is empty.

    Attributes:
        student: The name of the student.
        path: The file.

    Raises:
        InputError: The folder cannot be made.
    """

    def __init__(self, folder: Path, student: str = "") -> None:
        self.student = one_line(student) or login_name()
        self._marks: list[Mark] = []
        try:
            make_folder(folder.absolute())
        except OSError as error:
            problem = message("it cannot be made: {reason}.", reason=describe_os_error(error))
            raise InputError("unreadable", problem, path=("--results",), file=path_from_home(folder)) from None
        stem = "".join(char if char.isalnum() else "-" for char in self.student)[:MAX_NAME]
        self.path = unused_path(folder.absolute(), f"{stem}-{time.strftime('%Y%m%dT%H%M%S')}", ".json")

    def add(self, mark: Mark) -> Message | None:
        """Write the file with one more mark, and return what went wrong; None if nothing did."""
        self._marks.append(mark)
        try:
            write_atomically(self.path, json.dumps(marks_table(self._marks, with_details=True), allow_nan=False) + "\n")
        except OSError as error:
            return message("The results cannot be written: {reason}.", reason=describe_os_error(error))
        return None


def login_name() -> str:
    """Return the name under which the user has logged in, or "student" if the system has none."""
    try:
        return one_line(getpass.getuser()) or "student"
    except (KeyError, OSError, ImportError):
        return "student"
