"""Noting: what the line of words says is written to the log too, where there is one."""

from __future__ import annotations

from nn_tui.tui.actions.running import Running
from nn_tui.tui.config.log import Log
from nn_tui.tui.session.session import Session, with_message


class Noting(Running):
    """A session screen whose messages are logged."""

    log_file: Log | None = None

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen, and note what it says anew; that this fails is said before it."""
        if self.log_file is not None and session.message not in ("", self.session.message):
            trouble = self.log_file.note(session.message)
            if trouble:
                session = with_message(session, f"{trouble} {session.message}")
        super().show(session)
