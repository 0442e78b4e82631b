"""Places of a run worth going back to, and the ways along its timeline: scrub, jump, play backwards.

Marks are the start, every edit, every bookmark, a divergence, and the furthest update.
"""

from __future__ import annotations

from dataclasses import replace

from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, say


def marks(session: Session) -> tuple[int, ...]:
    """The updates of the run on screen that are marked, in order."""
    run = session.run
    places = {0, run.reached, *(segment.start for segment in run.segments)}
    places |= {update for update in session.bookmarks if update <= run.reached}
    if run.divergence:
        places.add(run.divergence.update)
    return tuple(sorted(places))


def furthest(session: Session) -> int:
    """The last update that has been made: that of a newest pass which is still being walked has not."""
    reached = session.run.reached
    walked = session.updates_done < session.trace.update == reached
    return reached - (walked and session.run.divergence is None)


def toggle_bookmark(session: Session) -> Session:
    """Set or remove a bookmark at the update on screen."""
    here = session.updates_done
    kept = session.bookmarks ^ {here}
    done = "Bookmark at" if here in kept else "No bookmark any more at"
    return replace(session, bookmarks=kept, message=f"{done} update {here:,}. `(` and `)` jump between marks.")


def jump(session: Session, step: int) -> Session:
    """Stand at the mark before (-1) or after (1) the place on screen."""
    here = session.updates_done
    if step < 0:
        # In the middle of a pass, the mark at the update it began from is behind.
        between = 0 < session.cursor < session.pass_steps.end
        targets = [place for place in marks(session) if place < here or (between and place == here)]
    else:
        targets = [place for place in marks(session) if place > here]
    if not targets:
        which = "before the start" if step < 0 else "beyond: this is the furthest update of the run"
        return say(session, f"There is no mark {which}. `*` sets one.")
    target = targets[-1] if step < 0 else targets[0]
    return say(stepping.goto(session, target), _at(session, target))


def _at(session: Session, target: int) -> str:
    """What is marked there."""
    run = session.run
    labels = [segment.label for segment in run.segments if segment.start == target and segment.start]
    names = ["the start"] if target == 0 else []
    names += [f"edit: {label}" for label in labels]
    names += ["bookmark"] if target in session.bookmarks else []
    names += ["divergence"] if run.divergence and run.divergence.update == target else []
    names += ["the furthest so far"] if target == run.reached and target else []
    return f"Update {target:,}: {', '.join(names)}."


def scrub(session: Session, updates: int) -> Session:
    """Stand that many updates further on (or back), between the start and the furthest."""
    reached = session.run.reached
    target = min(max(session.updates_done + updates, 0), reached)
    if target == session.updates_done and session.cursor in (0, session.pass_steps.end):
        return say(session, "This is the start." if updates < 0 else "This is the furthest update of the run.")
    return stepping.goto(session, target)


def scrub_part(session: Session, step: int) -> Session:
    """Stand a twentieth of the run further on (or back)."""
    return scrub(session, step * max(1, session.run.reached // 20))


def stop_before(session: Session) -> Session:
    """The stop before, for playing backwards: it ends at the start of the run."""
    return session if _at_start(session) else stepping.previous_stop(session)


def pass_before(session: Session) -> Session:
    """The pass before, for playing backwards: it ends at the start of the run."""
    return session if _at_start(session) else stepping.whole_pass_back(session)


def _at_start(session: Session) -> bool:
    return session.trace.update == 1 and session.cursor == 0
