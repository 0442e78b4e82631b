"""Several runs in the charts: the curve of each beside those of the others, under a letter.

The runs of an overlay are runs of the session. The run on screen is always among the curves, also if it was made by an
edit after the overlay began; only this run trains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import NamedTuple

from nn_tui.core.engine.steps import steps_of
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message, message_plural
from nn_tui.tui.session.run_names import names_of
from nn_tui.tui.session.session import Session, clamp_ref, with_message
from nn_tui.tui.session.stepping import MAX_RUNS

MAX_OVERLAID = 6
"""How many runs an overlay can have; as many curves can be told apart."""


class OverlaidRun(NamedTuple):
    """A run of the overlay: its letter, and its name by what tells it apart from the others."""

    letter: str
    name: str
    run: Run


def overlaid_runs(session: Session) -> tuple[OverlaidRun, ...]:
    """Return the runs of the charts in the order of their letters; none without an overlay."""
    if not session.overlaid:
        return ()
    runs = [run for run in session.overlaid if run in session.runs]
    if session.run not in runs:
        runs.append(session.run)
    return tuple(map(OverlaidRun, ascii_uppercase, names_of(runs), runs))


def open_runs(session: Session, runs: Sequence[Run], shown: Run) -> Session:
    """Add runs to the session and show one of them at its last update; several of them are overlaid in the charts.

    The run on screen stays in the session.

    Args:
        session: The session.
        runs: At most ``MAX_OVERLAID`` trained runs.
        shown: The one of them to show.
    """
    new = tuple(run for run in runs if run not in session.runs)
    earlier = session.runs
    while len(earlier) + len(new) > MAX_RUNS:  # the oldest that nobody looks at
        oldest = next(run for run in earlier if run is not session.run and run not in runs)
        earlier = tuple(run for run in earlier if run is not oldest)
    all_runs = (*earlier, *new)
    update = max(1, shown.reached)
    cursor = steps_of(shown.segment(update - 1).engine.sizes[1:]).end if shown.reached else 0
    session.run.release(session.trace)
    opened = replace(
        session, runs=all_runs, active=all_runs.index(shown), trace=shown.trace(update), cursor=cursor,
        other=None, overlaid=tuple(runs) if len(runs) > 1 else (), follow_stack=(), notes=False,
    )  # fmt: skip
    opened = replace(opened, ref=clamp_ref(opened, session.ref))
    if len(runs) == 1:
        name = names_of((session.run, shown))[1]
        text = message("Opened: {name}. `a` shows the other runs.", name=name)
        return with_message(opened, text)
    text = message_plural(
        "{count} run in the charts: `a` another run, `v` another chart, `m` other views, `c` ends it.",
        "{count} runs in the charts: `a` another run, `v` another chart, `m` other views, `c` ends it.",
        len(runs),
    )
    return with_message(replace(opened, tab="loss", maximised=True), text)


def end_overlay(session: Session) -> Session:
    """Show the curves of the run on screen alone, and the other views again; the other runs stay in the session."""
    text = message("The charts show this run alone; `a` shows the other runs.")
    return with_message(replace(session, overlaid=(), maximised=False), text)
