"""The marks of a run, and the moves along its timeline: scrub, jump to a mark, play backwards.

The start, each edit, each bookmark, a divergence and the last update are marked.
"""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.edits.change_text import change_message
from nn_tui.core.translation import Message, all_of, message
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, with_message


def marked_updates(session: Session) -> tuple[int, ...]:
    """Return the marked updates of the run on screen, in ascending order."""
    run = session.run
    updates = {0, run.finished, *(segment.start for segment in run.segments)}
    updates |= {update for update in session.bookmarks if update <= run.reached}
    if run.divergence:
        updates.add(run.divergence.update)
    return tuple(sorted(updates))


def toggle_bookmark(session: Session) -> Session:
    """Set or remove a bookmark at the update on screen."""
    here = session.updates_done
    bookmarks = session.bookmarks ^ {here}
    text = message("Removed the bookmark at update {update:,}. `(` and `)` jump between marks.", update=here)
    if here in bookmarks:
        text = message("Bookmark at update {update:,}. `(` and `)` jump between marks.", update=here)
    return replace(session, bookmarks=bookmarks, message=text)


def jump(session: Session, direction: int) -> Session:
    """Go to the mark before (``direction`` −1) or after (1) the cursor."""
    here = session.updates_done
    if direction < 0:
        # In the middle of a pass, the update that it began from lies before the cursor.
        is_within = 0 < session.cursor < session.pass_steps.end
        targets = [mark for mark in marked_updates(session) if mark < here or (is_within and mark == here)]
    else:
        targets = [mark for mark in marked_updates(session) if mark > here]
    if not targets:
        text = message("There is no later mark in this run. `*` sets a bookmark at the position on screen.")
        if direction < 0:
            text = message("There is no mark before the start of the run.")
        return with_message(session, text)
    target = targets[-1] if direction < 0 else targets[0]
    return with_message(stepping.goto(session, target), _mark_message(session, target))


def _mark_message(session: Session, target: int) -> Message:
    """Return the message about the marks at update ``target``."""
    run = session.run
    edits = [change_message(segment.change) for segment in run.segments if segment.start == target and segment.start]
    names = [message("the start of the run")] if target == 0 else []
    names += [message("the edit {edit}", edit=edit) for edit in edits]
    names += [message("a bookmark")] if target in session.bookmarks else []
    names += [message("the divergence")] if run.divergence and run.divergence.update == target else []
    names += [message("the last update")] if target == run.finished and target else []
    return message("Update {update:,}: {marks}.", update=target, marks=all_of(names))


SCRUB_UPDATES = 10
"""The updates that a key for scrubbing moves by."""


def scrub(session: Session, updates: int) -> Session:
    """Move by ``updates``, negative ones back, between the start and the last update that the run has made."""
    target = min(max(session.updates_done + updates, 0), session.run.finished)
    if updates < 0:
        if session.updates_done or session.cursor:
            return stepping.goto(session, target)
        return with_message(session, message("This is the start of the run."))
    if target > session.updates_done:
        return stepping.goto(session, target)
    if session.cursor < session.pass_steps.end:
        return with_message(
            session, message("Nothing later has been computed yet: `n` finishes this pass, `r` continues the training.")
        )
    return with_message(
        session, message("This is the last update of the run: `n` runs another pass, `r` continues the training.")
    )


def go_to_start(session: Session) -> Session:
    """Go to the start of the run."""
    return scrub(session, -session.updates_done - 1)


def go_to_end(session: Session) -> Session:
    """Go to the last update that the run has made."""
    return scrub(session, session.run.finished)


def scrub_part(session: Session, direction: int) -> Session:
    """Move by a twentieth of the run, forward (``direction`` 1) or back (−1)."""
    return scrub(session, direction * max(1, session.run.finished // 20))


def play_back_stop(session: Session) -> Session:
    """Go back one stop while playing backwards, which ends at the start of the run."""
    return session if at_start(session) else stepping.previous_stop(session)


def play_back_pass(session: Session) -> Session:
    """Go back one pass while playing backwards, which ends at the start of the run."""
    return session if at_start(session) else stepping.whole_pass_back(session)


def at_start(session: Session) -> bool:
    """Return whether the session is at the start of the run, where no earlier stop is left to play back."""
    return session.trace.update == 1 and session.cursor == 0
