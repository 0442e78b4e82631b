"""The messages that offer a saved session and that welcome its user back."""

from __future__ import annotations

from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.saved.snapshot import kernels_of
from nn_tui.tui.session.session import Session


def offer_message(saved: SessionInfo, more: int = 0) -> str:
    """Return the message that offers a saved session at the start; ``more`` is the number of other ones."""
    others = f' {more} more: `ctrl+p`, then "resume".' if more else ""
    return f"`⌫` resumes {session_label(saved)}, saved at {saved.time_text}.{others}"


def welcome_back(saved: SessionInfo, session: Session) -> str:
    """Return the message for a session that was resumed."""
    other = "" if saved.kernels == kernels_of(session) else " Replays here may differ in the last digits."
    return f"{session_label(saved)}, as it was left at {saved.time_text}.{other}"


def session_label(saved: SessionInfo) -> str:
    """Return the title of a saved session and the update it is at."""
    return f"{saved.title} at {saved.progress}"
