"""The messages that offer a kept session and that welcome its user back."""

from __future__ import annotations

from nn_tui.core.text import quote
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.session.session import Session


def offer_message(saved: SessionInfo, more: int = 0) -> str:
    """Return the message that offers a kept session at the start; ``more`` is the number of other ones."""
    if saved.lesson:
        return tr(
            "`⌫` goes on with the lesson {title}, kept at {time}; `o` lists the lessons.",
            title=quote(saved.lesson),
            time=saved.time_text,
        )
    if saved.is_practice:
        return tr_plural(
            "`⌫` goes on with {title} ({count} question answered), kept at {time}.",
            "`⌫` goes on with {title} ({count} questions answered), kept at {time}.",
            saved.answered,
            title=saved.name,
            time=saved.time_text,
        )
    if more:
        return tr_plural(
            '`⌫` resumes {session}, kept at {time}. {count} more: `ctrl+p`, then "resume".',
            '`⌫` resumes {session}, kept at {time}. {count} more: `ctrl+p`, then "resume".',
            more,
            session=session_label(saved),
            time=saved.time_text,
        )
    return tr("`⌫` resumes {session}, kept at {time}.", session=session_label(saved), time=saved.time_text)


def practice_offer_message(saved: SessionInfo) -> str:
    """Return the message that offers an unfinished practice where a new one is about to begin."""
    return tr_plural(
        "`⌫` goes on with your practice of {time} ({count} answer); `enter` begins a new one.",
        "`⌫` goes on with your practice of {time} ({count} answers); `enter` begins a new one.",
        saved.answered,
        time=saved.time_text,
    )


def unsaved_message(saved: SessionInfo) -> str:
    """Return the message that offers the changes of a document that were not saved in it."""
    return tr(
        "`⌫` brings back your unsaved changes to this document: {progress}, kept at {time}.",
        progress=saved.progress,
        time=saved.time_text,
    )


def other_window_message() -> str:
    """Return the message that another window has opened the same document."""
    return tr("Another window has this document open: save it in one of them only.")


def welcome_back(saved: SessionInfo, session: Session) -> str:
    """Return the message for a session that was resumed."""
    if session.practice is not None:
        return tr("{title}, as kept at {time}: your practice goes on.", title=saved.name, time=saved.time_text)
    from nn_tui.tui.saved.snapshot import kernels_of

    if saved.kernels == kernels_of(session):
        return tr("{session}, as kept at {time}.", session=session_label(saved), time=saved.time_text)
    return tr(
        "{session}, as kept at {time}. Replays here may differ in the last digits.",
        session=session_label(saved),
        time=saved.time_text,
    )


def session_label(saved: SessionInfo) -> str:
    """Return the document or the title of a kept session and the update it is at."""
    return tr("{title} at {progress}", title=saved.name, progress=saved.progress)
