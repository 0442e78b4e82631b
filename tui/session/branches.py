"""Runs that branch off: a change makes a new run, ``a`` shows another one, two can be compared.

Moves of the session, as in ``session``: each takes one and returns the next.
"""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.edits.parser import Edit
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.refs import BY_UNIT, BY_WEIGHT, Ref, parse_ref
from nn_tui.core.run.run import Run
from nn_tui.tui.session import stepping
from nn_tui.tui.session.map_cursor import map_cursor
from nn_tui.tui.session.run_names import run_label
from nn_tui.tui.session.session import Session, clamped, say


def as_text(session: Session) -> str:
    """The selected parameter, input or target as the text that would set it; "" where what is selected is computed.

    For a gradient or a step it is the parameter that it belongs to.
    """
    ref, state = session.ref, session.state
    if ref.key in BY_WEIGHT:
        place, value = f"[{ref.unit + 1},{ref.input + 1}]", state.weights[ref.layer][ref.unit, ref.input]
        return f"w{ref.layer + 1}{place} = {value:.6g}"
    if ref.key in BY_UNIT:
        return f"b{ref.layer + 1}[{ref.unit + 1}] = {state.biases[ref.layer][ref.unit]:.6g}"
    if ref.key in ("x", "y"):
        values = session.experiment.data.x if ref.key == "x" else session.experiment.data.y
        return f"{ref.key}{ref.unit + 1} = {values[session.data_row, ref.unit]:.6g}"
    return ""


def edited(session: Session, edit: Edit, text: str) -> Session:
    """Show the run that ``edit`` (written as ``text``) made of the run on screen, at the same place.

    In the middle of a pass, that pass is computed anew; after its update, the next pass begins changed.
    """
    before, run = session.run, edit.run
    done = session.updates_done
    cursor = 0
    if session.cursor < session.pass_steps.end:
        cursor = map_cursor(session.pass_steps, steps_of(run.engine.sizes[1:]), session.cursor)
    runs = stepping.with_run(session, run)
    ways = stepping.with_way(session, run, done + 1, cursor)
    before.release(session.trace)
    shown = replace(session, runs=runs, active=runs.index(run), trace=run.trace(done + 1), cursor=cursor, trail=())
    shown = replace(shown, came_from=ways, ref=clamped(shown, _named(shown, text)))
    if not shown.is_known(shown.ref):
        shown = stepping.place(shown, done + 1, cursor)
    since = f"from update {done:,} on" if done else "from the start"
    old = f", `a` shows the old run, which has reached {before.reached:,}" if before.reached > done + 1 else ""
    return say(shown, f"{edit.label}, {since}; `⌫` takes it back{old}.")


def _named(session: Session, text: str) -> Ref:
    """The number that a change is about; the selection where it is about none."""
    try:
        named = parse_ref(text.partition("=")[0], session.engine.sizes, session.ref.sample)
    except InputError:
        return session.ref
    return named if named.key in ("w", "b", "x", "y") else session.ref


def switch_run(session: Session) -> Session:
    """Show the run compared with, else the next one, at the same place where it has reached it."""
    if session.other is not None:
        return _shown(replace(session, other=session.run), session.other)
    if len(session.runs) == 1:
        return say(session, "There is one run: `e` changes something and keeps the old run, `N` starts another.")
    return _shown(session, session.runs[(session.active + 1) % len(session.runs)])


def _shown(session: Session, run: Run) -> Session:
    """The session with ``run`` on screen; ``session.other`` is right already."""
    number, cursor = session.trace.update, session.cursor
    runs = session.runs if run in session.runs else stepping.with_run(session, run)
    index = runs.index(run)
    beyond = number > run.reached + (cursor == 0 and run.divergence is None)
    if beyond:
        number = max(1, run.reached)
    segment = run.segment(number - 1)
    goal = steps_of(segment.engine.sizes[1:])
    furthest = goal.end if run.reached else 0
    cursor = furthest if beyond else map_cursor(session.pass_steps, goal, cursor)
    session.run.release(session.trace)
    shown = replace(session, runs=runs, active=index, trace=run.trace(number), cursor=cursor, trail=())
    shown = replace(shown, ref=clamped(shown, session.ref))
    short = f" It has reached update {run.reached:,}." if beyond else ""
    return say(shown, f"Run {index + 1} of {len(runs)}: {run_label(run)}.{short}")


def compare(session: Session, other: Run) -> Session:
    """Compare the run on screen with ``other``, which goes where it goes from now on."""
    session = replace(session, other=other)
    runs = session.runs if other in session.runs else stepping.with_run(session, other)
    if session.run not in runs:  # it was the oldest of too many
        runs = (session.run, *runs[1:])
    shown = replace(session, runs=runs, active=runs.index(session.run))
    text = f"Compared with: {run_label(other)}. Both go on together; `a` shows the other, `c` ends."
    return say(shown, text)


def stop_comparing(session: Session) -> Session:
    """Let the run on screen go on alone."""
    return say(replace(session, other=None), "The comparison is over; both runs are kept, `a` switches.")


def common_update(session: Session) -> int:
    """The update that the run compared with has to have reached to be as far as the one on screen."""
    known = session.cursor >= session.pass_steps.after("loss")
    return session.trace.update if known else session.trace.update - 1
