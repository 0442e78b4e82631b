"""Writes the messages of the message line to the log."""

from __future__ import annotations

from nn_tui.core.translation import Message
from nn_tui.tui.config.log import Log
from nn_tui.tui.session.session import Session, with_message


class MessageLog:
    """Writes each new message of a screen to a log.

    Args:
        log: The log; None for none.
        first: The message at the start, which is in the log already.
    """

    def __init__(self, log: Log | None, first: Message | str) -> None:
        self._log = log
        self._last = first

    def log_message(self, session: Session) -> Session:
        """Write the message of a session if it differs from the one before; show an error of the log first."""
        if self._log is not None and session.message not in ("", self._last):
            problem = self._log.append_message(str(session.message))
            if problem:
                session = with_message(session, f"{problem} {session.message}")
        self._last = session.message
        return session
