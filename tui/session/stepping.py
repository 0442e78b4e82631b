"""The moves through a run: steps, ways back, restarts.

A move takes a session and returns the next one; where a key cannot act, the same session with a message that
says why. The only thing that changes in place is a run's cache of states it can rebuild.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from nn_tui.core.edits.network import require_random_weights
from nn_tui.core.engine.nonfinite import remedy
from nn_tui.core.engine.steps import Operation, PassSteps, steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.run.run import Run
from nn_tui.tui.session.session import Session, Way, clamped, say

RUNS_KEPT = 6
WAYS_KEPT = 12
KEY_OF_OPERATION: dict[Operation, str] = {
    "z": "z", "a": "a", "loss": "loss", "da": "da", "dz": "dz", "dw": "dw", "db": "db", "update": "w_after"
}  # fmt: skip


def pass_steps_of(session: Session, update: int) -> PassSteps:
    """The stops of a pass of the active run: a change may have given it another shape than the pass on screen."""
    return steps_of(session.run.segment(update - 1).engine.sizes[1:])


def what_helps(session: Session) -> str:
    """What would keep the run from diverging as it did, as the end of a sentence."""
    run = session.run
    number = run.divergence.update if run.divergence else session.trace.update
    found = remedy(run.segment(number - 1).experiment).helps
    return f"{found} {'helps' if found.startswith('a ') else 'help'}"


def place(session: Session, update: int, cursor: int) -> Session:
    """Stand ``cursor`` steps into pass ``update`` of the active run; the selection follows the stop.

    A pass after a divergence is refused with a message.
    """
    run = session.run
    if run.divergence and update > run.divergence.update:
        return say(session, f"Diverged at {run.divergence.sentence}. `p` goes back; {what_helps(session)}.")
    trace = session.trace
    if update != trace.update:
        new = run.trace(update)
        run.release(trace)
        trace = new
    moved = replace(session, trace=trace, cursor=cursor, message="")
    return _follow(moved)


def _follow(session: Session) -> Session:
    """Let the selection follow the cursor: to the operation's own quantity, in its layer, at its unit."""
    stop = session.step
    ref = session.ref
    if stop.operation is None:
        key, layer, unit = ("w" if ref.is_weight or ref.key == "loss" else "b"), ref.layer, ref.unit
    else:
        key = KEY_OF_OPERATION[stop.operation]
        if key == "db" and session.zoom in ("pass", "layer"):
            key = "dw"  # a layer's backward step ends with db, but what it is for is dW
        layer = ref.layer if stop.layer is None else stop.layer
        if stop.phase == "update" and session.zoom in ("pass", "layer"):
            layer = ref.layer
        unit = ref.unit if stop.unit is None else stop.unit
    return replace(session, ref=clamped(session, replace(ref, key=key, layer=layer, unit=unit)))


def forward(session: Session) -> Session:
    """Run the forward pass and the loss; after an update this begins the next pass."""
    loss = session.pass_steps.after("loss")
    if session.cursor >= session.pass_steps.end:
        following = session.trace.update + 1
        return place(session, following, pass_steps_of(session, following).after("loss"))
    if session.cursor >= session.pass_steps.after("backward"):
        return say(session, "This pass has its gradients: `u` applies them and then `f` begins the next pass.")
    if session.cursor >= loss:
        return say(session, "The forward pass is done: `b` runs the backward pass, `⌫` goes back.")
    return place(session, session.trace.update, loss)


def backward(session: Session) -> Session:
    """Compute all gradients of this pass."""
    done = session.pass_steps.after("backward")
    if session.cursor >= session.pass_steps.end:
        return say(session, "This pass is finished: `f` runs the next forward pass.")
    if session.cursor < session.pass_steps.after("loss"):
        return say(session, "No loss yet: run forward (`f`) first.")
    if session.cursor >= done:
        return say(session, "The gradients are there: `u` updates the parameters with them.")
    return place(session, session.trace.update, done)


def update(session: Session) -> Session:
    """Let the optimiser move the parameters."""
    if session.cursor >= session.pass_steps.end:
        return say(session, "The parameters are updated: `f` runs the next forward pass.")
    if session.cursor < session.pass_steps.after("loss"):
        return say(session, "No gradients yet: run forward (`f`), then backward (`b`) first.")
    if session.cursor < session.pass_steps.after("backward"):
        return say(session, "No gradients yet: run backward (`b`) first.")
    return place(session, session.trace.update, session.pass_steps.end)


def next_stop(session: Session) -> Session:
    """Go to the next stop of this zoom, into the next pass at the end of this one."""
    cursor = session.pass_steps.next(session.cursor, session.zoom)
    if cursor is not None:
        return place(session, session.trace.update, cursor)
    following = session.trace.update + 1
    return place(session, following, pass_steps_of(session, following).next(0, session.zoom) or 0)


def previous_stop(session: Session) -> Session:
    """Go back one stop of this zoom, across updates, restarts and new seeds."""
    if way_back(session) is not None:
        return _return(session)
    cursor = session.pass_steps.previous(session.cursor, session.zoom)
    if cursor is not None:
        cursor = max([cursor, *(arrived for arrived in _arrivals(session) if arrived < session.cursor)])
    if session.trace.update > 1 and not cursor and not _begins_changed(session):
        # Before the first stop of a pass stands the end of the one before: same parameters, with their step.
        return goto(session, session.trace.update - 1)
    if cursor is not None:
        return place(session, session.trace.update, cursor)
    return _return(session)


def whole_pass(session: Session) -> Session:
    """Finish this pass, or do all of the next one."""
    number = session.trace.update + (session.cursor >= session.pass_steps.end)
    return place(session, number, pass_steps_of(session, number).end)


def whole_pass_back(session: Session) -> Session:
    """Go back to the end of the pass before, or to the start."""
    if session.trace.update > 1 and not _begins_changed(session):
        return goto(session, session.trace.update - 1)
    return place(session, session.trace.update, 0) if session.cursor else _return(session)


def goto(session: Session, target: int) -> Session:
    """Stand after update ``target`` ≤ the furthest reached; 0 is the start."""
    return place(session, 1, 0) if target <= 0 else place(session, target, pass_steps_of(session, target).end)


def way_back(session: Session) -> Way | None:
    """The way back that begins here, at the place where a restart, a new seed or a change arrived."""
    for way in reversed(session.came_from):
        run, number, cursor = way.arrived
        if run is session.run and number == session.trace.update and session.cursor <= cursor:
            return way
    return None


def _arrivals(session: Session) -> list[int]:
    """The cursors in this pass at which ways back begin."""
    here = (way.arrived for way in session.came_from)
    return [cursor for run, number, cursor in here if run is session.run and number == session.trace.update]


def _begins_changed(session: Session) -> bool:
    """Whether a change came before this pass, so that its start is not where the pass before ended."""
    starts = (segment.start for segment in session.run.segments if segment.start)
    return session.cursor > 0 and session.trace.update - 1 in starts


def _return(session: Session) -> Session:
    way = way_back(session)
    if way is None:
        return say(session, "This is the start: there is nothing before it. `f` runs the forward pass.")
    run, number, cursor = way.left
    changed = run is not session.run
    text = f"Taken back: {session.run.segments[-1].label}. `a` shows it again."
    if not changed:
        # A restart is over once it has been taken back; a run that was changed always has that before it.
        session = replace(session, came_from=tuple(each for each in session.came_from if each is not way))
        text = "Back where the restart was made."
    elif len(session.run.segments) == 1:
        text = "Back where the new weights were drawn. `a` shows them again."
    runs = session.runs if run in session.runs else with_run(session, run)
    return say(_switch(replace(session, runs=runs), runs.index(run), number, cursor), text)


def with_run(session: Session, run: Run) -> tuple[Run, ...]:
    """The runs with one more; the oldest that is not compared with leaves when there are too many.

    Of two runs that are compared the earlier one is called A: what takes its place comes before the other too.
    """
    runs, other = (*session.runs, run), session.other
    if other is not None and other in session.runs[session.active + 1 :]:
        runs = (*(each for each in runs if each is not other), other)
    if len(runs) <= RUNS_KEPT:
        return runs
    oldest = next(each for each in runs if each is not session.other)
    return tuple(each for each in runs if each is not oldest)


def with_way(session: Session, run: Run, number: int, cursor: int) -> tuple[Way, ...]:
    """The ways back with the one from ``cursor`` steps into pass ``number`` of ``run`` to the place on screen."""
    left = (session.run, session.trace.update, session.cursor)
    return (*session.came_from, Way(left, (run, number, cursor)))[-WAYS_KEPT:]


def _switch(session: Session, active: int, number: int, cursor: int) -> Session:
    """Show another run at a place."""
    session.run.release(session.trace)
    other = replace(session, active=active, trace=session.runs[active].trace(number), cursor=cursor, message="")
    return _follow(other)


def restart(session: Session) -> Session:
    """Go to the start of the run with the same seed; the way back is kept."""
    if session.trace.update == 1 and session.cursor == 0:
        return say(session, "This is the start already.")
    ways = with_way(session, session.run, 1, 0)
    moved = place(session, 1, 0)
    text = f"Restarted with the same seed. `⌫` returns to update {session.updates_done}."
    if any(not segment.start for segment in session.run.segments[1:]):
        text = f"Restarted: the changes made at the start stay. `⌫` returns to update {session.updates_done}."
    return replace(moved, came_from=ways, message=text)


def new_seed(session: Session) -> Session:
    """Begin a new run with other initial weights; all else is as at the start of the old one, which is kept."""
    start = session.run.segment(0)
    try:
        require_random_weights(start.experiment)
    except InputError as error:
        there = " Do it at the start, where `0` goes." if session.updates_done else ""
        return say(session, f"No new weights: {str(error).removeprefix('seed: ')}{there}")
    taken = {run.segment(0).experiment.init_seed for run in session.runs}
    seed = max(taken) + 1
    if seed > MAX_SEED:
        seed = next(free for free in count() if free not in taken)
    run = Run.start(replace(start.experiment, init_seed=seed))
    runs = with_run(session, run)
    session.run.release(session.trace)
    fresh = replace(session, runs=runs, active=runs.index(run), trace=run.trace(1), cursor=0)
    text = f"New initial weights (seed {seed}). `⌫` returns to the run before."
    if start is not session.run.segments[0]:
        text = f"New initial weights (seed {seed}); the changes made at the start stay. `⌫` goes back."
    return replace(_follow(fresh), came_from=with_way(session, run, 1, 0), message=text)
