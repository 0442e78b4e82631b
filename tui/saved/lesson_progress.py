"""How far a person has come in each lesson: a file in the state folder, which several apps may write."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from nn_tui.core.saved.atomic_write import make_folder, write_atomically
from nn_tui.core.text import path_from_home
from nn_tui.core.translation import Message, message
from nn_tui.tui.config.files import describe_os_error, state_folder, unused_path
from nn_tui.tui.saved import session_store
from nn_tui.tui.session.lesson_progress import LessonProgress
from nn_tui.tui.session.practice_state import OUTCOMES

_MAX_BYTES = 1_000_000
_MAX_STEPS = 1000
_LOCK_TRIES, _LOCK_PAUSE = 200, 0.01  # and seconds

_Table = dict[str, object]
"""The content of the file: what it says about each lesson, by the key of the lesson."""


class LessonStore:
    """The file with the progress in all lessons.

    Two apps may write it at the same time: each adds its own progress to what the file has. What this version cannot
    read stays: an entry as it is, and a damaged file under another name.

    Args:
        environ: The environment, which names the state folder.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._file = state_folder(environ) / "lessons.json"

    def read(self) -> Mapping[str, LessonProgress]:
        """Return the progress by the key of a lesson; nothing if the file is missing, damaged or cannot be read."""
        try:
            return _progress_by_key(self._read_table())
        except (OSError, ValueError):
            return {}

    def problem(self) -> Message | None:
        """Return why :meth:`read` returns nothing although there is a file; None if the file is read."""
        try:
            self._read_table()
        except OSError as error:
            return message("your progress in lessons cannot be read: {reason}", reason=describe_os_error(error))
        except ValueError:
            return message(
                "your progress in lessons cannot be read: {file} is damaged", file=path_from_home(self._file)
            )
        return None

    def record(self, key: str, progress: LessonProgress) -> Message | None:
        """Add the progress in a lesson to the file.

        Args:
            key: The key of the lesson.
            progress: The progress; what the file has beyond it stays.

        Returns:
            What went wrong; None if the file was written, and if it was not damaged before.
        """
        problem = None
        try:
            make_folder(self._file.parent)
            with _locked(self._file):
                try:
                    table = self._read_table()
                except ValueError:
                    table, problem = {}, _damage_message(self._move_aside())
                merged = merge_progress(_progress_by_key(table).get(key, LessonProgress()), progress)
                content = json.dumps({**table, key: _table_of(merged)}, indent=1, sort_keys=True)
                write_atomically(self._file, f"{content}\n")
        except OSError as error:
            return message("Your progress cannot be saved: {reason}.", reason=describe_os_error(error))
        return problem

    def _read_table(self) -> _Table:
        """Return the content of the file; nothing if there is no file.

        Raises:
            OSError: It cannot be read.
            ValueError: It is damaged.
        """
        try:
            with self._file.open("rb") as stream:
                content = stream.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return {}
        try:
            table = json.loads(content)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        if not isinstance(table, dict) or len(content) > _MAX_BYTES:
            raise ValueError("it is no table, or too large")
        return table

    def _move_aside(self) -> Path:
        """Rename the file, and return its new path."""
        path = unused_path(self._file.parent, self._file.stem, ".damaged.json")
        os.replace(self._file, path)
        return path


def _damage_message(path: Path) -> Message:
    return message(
        "Your progress in lessons was damaged, so it begins anew; the old file is {file}.", file=path_from_home(path)
    )


def _progress_by_key(table: _Table) -> dict[str, LessonProgress]:
    return {key: _progress_from(value) for key, value in table.items() if isinstance(value, dict)}


def merge_progress(old: LessonProgress, new: LessonProgress) -> LessonProgress:
    """Return the best outcome of each question, and the newer one of the next steps."""
    outcomes = dict(old.outcomes)
    for step, outcome in new.outcomes.items():
        best = min((outcome, outcomes.get(step, outcome)), key=OUTCOMES.index)
        outcomes[step] = best
    return LessonProgress(old.is_done or new.is_done, new.next_step, outcomes)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lock a file against other apps; go on without the lock if another app holds it for long."""
    file = session_store.lock(path)
    for _ in range(_LOCK_TRIES):
        if file is not None:
            break
        time.sleep(_LOCK_PAUSE)
        file = session_store.lock(path)
    try:
        yield
    finally:
        if file is not None:
            session_store.unlock(file)


def _progress_from(table: Mapping[str, object]) -> LessonProgress:
    """Return the progress in a table of the file; what is not valid there is left out."""
    found = table.get("outcomes")
    named = found.items() if isinstance(found, dict) else ()
    outcomes = {
        int(step): outcome
        for step, name in named
        for outcome in OUTCOMES
        if outcome == name and step.isascii() and step.isdigit() and len(step) < 4
    }
    found_step = table.get("next")
    next_step = found_step if type(found_step) is int and 0 <= found_step < _MAX_STEPS else 0
    return LessonProgress(table.get("done") is True, next_step, outcomes)


def _table_of(progress: LessonProgress) -> dict[str, object]:
    outcomes = {str(step): outcome for step, outcome in sorted(progress.outcomes.items())}
    return {"done": progress.is_done, "score": progress.score, "next": progress.next_step, "outcomes": outcomes}
