"""The options with which the app starts: settings, keys, the first message, and a kept session."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_tui.core import __version__
from nn_tui.core.errors import InputError
from nn_tui.core.text import path_from_home
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.config.config import Config
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.log import Log
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.keys.keymap import Keymap, make_keymap
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.saved.offers import (
    offer_message,
    other_window_message,
    practice_offer_message,
    unsaved_message,
    welcome_back,
)
from nn_tui.tui.saved.session_store import SessionInfo, left_out_summary, no_session_message, why_not_writable
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.practice_state import Practice
from nn_tui.tui.session.session import Session
from nn_tui.tui.widgets.welcome import record_first_start

if TYPE_CHECKING:
    from nn_tui.tui.actions.table import TableStart
    from nn_tui.tui.saved.practice_results import PracticeResults


@dataclass(frozen=True, slots=True)
class StartOptions:
    """The options with which the app starts.

    Attributes:
        view: The first values of the session's view settings, by field name.
        keys: The keys.
        message: The first message; empty means none.
        welcome: Whether to show the welcome.
        auto_saver: Keeps the session; None if that is switched off.
        offer: A kept session to offer.
        session: The session to show at once; None for the start of the experiment.
        log: The file that messages are written to.
        results: The file for the marks of practice; None for none.
        lessons: The file with the progress in lessons; None for none.
        chooses_lesson: Whether to show the list of the lessons first.
        table: The table whose columns are shown first; None for none.
    """

    view: Mapping[str, Any] = field(default_factory=dict)
    keys: Keymap = field(default_factory=Keymap)
    message: str = ""
    welcome: bool = False
    auto_saver: AutoSaver | None = None
    offer: SessionInfo | None = None
    session: Session | None = None
    log: Log | None = None
    results: PracticeResults | None = None
    lessons: LessonStore | None = None
    chooses_lesson: bool = False
    table: TableStart | None = None


def start_options(settings: Settings, config: Config) -> StartOptions:
    """Return the options for these settings. Their message reports mistakes in the config file."""
    keys = make_keymap(config.keys, path_from_home(config_file(os.environ)))
    view = {name: value for name, value in settings.view.items() if name in ("digits", "zoom")}
    if "speed" in settings.view:
        view["speed"] = [speed.name for speed in SPEEDS].index(settings.view["speed"])
    if "log_scale" in settings.view:
        view["log"] = settings.view["log_scale"]
    errors = tuple(map(_with_short_path, (*config.errors, *keys.errors)))
    message = str(errors[0]) if errors else ""
    if len(errors) > 1:
        message = tr_plural(
            "{problem} There is {count} more error in the file.",
            "{problem} There are {count} more errors in the file.",
            len(errors) - 1,
            problem=errors[0],
        )
    return StartOptions(view, keys, message, settings.welcome and record_first_start())


def _with_short_path(error: InputError) -> InputError:
    """Return an error with the name of its file instead of the whole path, which would fill the message line."""
    return InputError(
        error.code, error.problem, path=error.path, value=error.value, suggestions=error.suggestions,
        file=Path(error.file).name, line=error.line, column=error.column,
    )  # fmt: skip


def with_saved_session(
    start: StartOptions,
    auto_saver: AutoSaver,
    resume_now: bool,
    preset: str | None,
    practice: Practice | None = None,
) -> StartOptions:
    """Add the auto saver and the newest kept session.

    Args:
        start: The options without saving.
        auto_saver: Finds, loads and saves sessions.
        resume_now: Whether to show the kept session at once instead of offering it.
        preset: The id of the session's preset; None means any.
        practice: The practice that is about to begin, for a session with an unfinished one of the preset, or of the
            topic of its exercises; None for any session.
    """
    start = replace(start, auto_saver=auto_saver)
    folder = auto_saver.folder
    problems = [start.message, why_not_writable(folder)]
    if resume_now:
        return _resume(start, auto_saver, problems, preset, practice)
    sessions, notices = _find_sessions(auto_saver, preset, practice)
    # Problems come first: the line has no room for everything, and a session can be resumed later too.
    problems.append(left_out_summary(folder, notices))
    if not sessions:
        return replace(start, message=_join(problems))
    offer = practice_offer_message(sessions[0]) if practice else offer_message(sessions[0], len(sessions) - 1)
    return replace(start, offer=sessions[0], message=_join([*problems, offer]))


def _find_sessions(
    auto_saver: AutoSaver, preset: str | None, practice: Practice | None
) -> tuple[list[SessionInfo], list[str]]:
    if practice is None:
        return auto_saver.find_sessions(preset)
    topic = practice.exercise.topic if practice.exercise else ""
    sessions, notices = auto_saver.find_sessions(None if topic else preset)
    return [saved for saved in sessions if saved.is_practice and saved.topic == topic], notices


def with_unsaved_changes(start: StartOptions, auto_saver: AutoSaver, session: Session) -> StartOptions:
    """Add the auto saver, and the newest kept session with the changes that are not saved in the document.

    Args:
        start: The options without saving.
        auto_saver: Finds, loads and saves sessions.
        session: The session as it is in the document.
    """
    saved_at = session.document.saved_at if session.document is not None else 0
    sessions, _ = auto_saver.find_sessions(session.experiment.preset.id)
    offer = next((saved for saved in sessions if saved.document_saved_at == saved_at), None)
    is_alone = session.document is None or auto_saver.lock_document(session.document.path)
    texts = (
        start.message,
        why_not_writable(auto_saver.folder),
        "" if is_alone else other_window_message(),
        unsaved_message(offer) if offer is not None else "",
    )
    return replace(start, auto_saver=auto_saver, offer=offer, message=_join(texts))


def _resume(
    start: StartOptions, auto_saver: AutoSaver, problems: list[str], preset: str | None, practice: Practice | None
) -> StartOptions:
    folder = auto_saver.folder
    sessions, notices = _find_sessions(auto_saver, preset, practice)
    if not sessions and preset is None:
        return replace(start, message=_join([no_session_message(folder, notices), *problems]))
    if not sessions:
        none = tr("No session of {preset} is kept.", preset=preset)
        return replace(start, message=_join([none, *problems, left_out_summary(folder, notices)]))
    loaded, damaged = auto_saver.load_first(sessions, start.keys.labels)
    summary = left_out_summary(folder, [*notices, *damaged])
    if loaded is None:
        return replace(start, message=_join([summary, *problems]))
    saved, session = loaded
    message = _join([welcome_back(saved, session), *problems, summary])
    return replace(start, session=session, message=message)


def with_log_started(start: StartOptions, log: Log | None, preset: str) -> StartOptions:
    """Add a log and write its first lines: the version with the preset, and the start's message."""
    if log is None:
        return start
    lines = [f"nn-tui {__version__} opens {preset}.", *([start.message] if start.message else [])]
    return replace(start, log=log, message=_join([*map(log.append_message, lines), start.message]))


def _join(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
