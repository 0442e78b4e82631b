"""How the screen says to which parameters its numbers belong: by the updates that these have had."""

from __future__ import annotations

from nn_tui.core.translation import tr
from nn_tui.tui.session.session import Session


def progress_text(session: Session) -> str:
    """Return the updates that the parameters at the cursor have had: ``after update 3``."""
    update = session.updates_done
    return tr("after update {update}", update=update) if update else tr("no update yet")


def pass_text(session: Session) -> str:
    """Return the updates that the parameters of the pass have had, from which z, a, ŷ and the loss come.

    After the update of the pass they are not the parameters at the cursor any more: ``before update 4``.
    """
    update = session.trace.update
    return progress_text(session) if session.updates_done < update else tr("before update {update}", update=update)
