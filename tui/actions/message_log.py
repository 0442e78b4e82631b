"""The log of the messages that the screen has shown."""

from __future__ import annotations

from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.config.log import Log
from nn_tui.tui.session.session import Session, with_message


class MessageLog(RunActions):
    """A session screen that writes its messages to ``log_file``, if there is one."""

    log_file: Log | None = None

    def show(self, session: Session) -> None:
        """Make ``session`` the one on screen and log its message if it is new; an error is shown before the message."""
        if self.log_file is not None and session.message not in ("", self.session.message):
            trouble = self.log_file.append_message(session.message)
            if trouble:
                session = with_message(session, f"{trouble} {session.message}")
        super().show(session)
