"""The moves through a run: steps, undo, restart and new seeds.

A move returns a new session; a key that cannot act only sets a message. A move may also fill the run's state cache.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from nn_tui.core.edits.change_text import change_message
from nn_tui.core.edits.network import require_random_weights
from nn_tui.core.engine.nonfinite import remedy
from nn_tui.core.engine.steps import PassSteps, steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message, tr
from nn_tui.tui.session.session import LastMove, Position, Session, UndoPoint, select, show_notes, with_message

MAX_RUNS = 12
MAX_UNDO_POINTS = 12


def pass_steps_of(session: Session, update: int) -> PassSteps:
    """Return the steps of pass ``update`` of the run on screen, whose network may differ from the one on screen."""
    return steps_of(session.run.segment(update - 1).engine.sizes[1:])


def divergence_message(session: Session) -> str:
    """Return the message that the run has diverged, with a remedy; "" if it has not."""
    found = session.run.divergence
    if found is None:
        return ""
    helps = remedy(session.run.segment(found.update - 1).experiment).helps
    return tr("Diverged at {finding}. `p` goes back; try {remedy}.", finding=found.sentence, remedy=helps)


def divergence_message_here(session: Session) -> str:
    """Return the message that the run diverged in this pass, with a remedy; "" if it did not."""
    divergence = session.run.divergence
    return "" if divergence is None or session.trace.update < divergence.update else divergence_message(session)


def move_to(session: Session, update: int, cursor: int, start: int = 0) -> Session:
    """Move to ``cursor`` in pass ``update`` of the run on screen, and select a number that was computed there.

    A pass after a divergence is refused with a message.

    Args:
        session: The session.
        update: The number of the pass.
        cursor: The cursor in that pass.
        start: The cursor in that pass after which the selected number was computed.
    """
    run = session.run
    if run.divergence and update > run.divergence.update:
        return with_message(session, divergence_message(session))
    trace = session.trace
    if update != trace.update:
        new = run.trace(update)
        run.release(trace)
        trace = new
    if update == run.reached and cursor >= pass_steps_of(session, update).end:
        run.is_last_made = True
    return _select_computed(replace(session, trace=trace, cursor=cursor, message=""), start)


def _move_on(session: Session, update: int, cursor: int) -> Session:
    """Move ahead to ``cursor`` in pass ``update``, and select a number that is computed on the way in that pass."""
    return move_to(session, update, cursor, session.cursor if update == session.trace.update else 0)


def _move_back(session: Session, update: int, cursor: int) -> Session:
    """Move back to the stop ``cursor`` in pass ``update``, and select a number that this stop computes."""
    return move_to(session, update, cursor, pass_steps_of(session, update).previous(cursor, session.zoom) or 0)


def _select_computed(session: Session, start: int) -> Session:
    """Select a number that the steps from cursor ``start`` to the session's cursor have computed.

    It is of the last operation, but of several operations of a backward pass it is the first gradient of a weight, so
    that backward begins at the output. The selected layer and unit stay if the operation was done there, too.
    """
    session = replace(session, last_move=LastMove(session.trace.update, start, session.cursor))
    ref, steps = session.ref, session.pass_steps
    operations = steps.operations_between(start, session.cursor)
    if not operations:
        return select(session, ref.with_key("w" if ref.quantity == "loss" else ref.parameter.value))
    done = operations[-1]
    if done.phase == "backward" and len(operations) > 1:
        done = next((each for each in operations if each.operation == "dw"), done)
    if done.phase == "update":
        done = next((each for each in operations if each.phase == "update" and each.layer == ref.layer), done)
    if done.operation == "loss":
        return select(session, ref.with_key("loss"))
    key = QuantityKey("w", after=True) if done.operation == "update" else QuantityKey(done.operation)
    first, last = max(start, done.start) - done.start, min(session.cursor, done.end) - 1 - done.start
    unit = min(max(ref.unit, first), last)
    return select(session, key.at(done.layer, unit, ref.input, ref.sample))


def forward(session: Session) -> Session:
    """Run the forward pass and the loss; after an update, those of the next pass."""
    loss = session.pass_steps.after("loss")
    if session.cursor >= session.pass_steps.end:
        following = session.trace.update + 1
        return _move_on(session, following, pass_steps_of(session, following).after("loss"))
    done = session.pass_steps.after("backward")
    if session.cursor > done:
        return with_message(
            session, message("The update is not finished: `u` finishes it, then `f` begins the next pass.")
        )
    if session.cursor == done:
        return with_message(
            session, message("This pass has its gradients: `u` updates the weights, then `f` begins the next pass.")
        )
    if session.cursor > loss:
        return with_message(session, message("The forward pass is done: `b` finishes the backward pass."))
    if session.cursor == loss:
        return with_message(session, message("The forward pass is done: `b` runs the backward pass, `⌫` goes back."))
    return _move_on(session, session.trace.update, loss)


def backward(session: Session) -> Session:
    """Compute all gradients of this pass."""
    done = session.pass_steps.after("backward")
    if session.cursor >= session.pass_steps.end:
        return with_message(session, message("This pass is finished: `f` runs the next forward pass."))
    if session.cursor < session.pass_steps.after("loss"):
        return with_message(session, message("No loss yet: run forward (`f`) first."))
    if session.cursor > done:
        return with_message(session, message("The gradients are ready: `u` finishes the update."))
    if session.cursor == done:
        return with_message(session, message("The gradients are ready: `u` updates the weights."))
    return _move_on(session, session.trace.update, done)


def update(session: Session) -> Session:
    """Update the weights and biases."""
    if session.cursor >= session.pass_steps.end:
        return with_message(session, message("The weights are updated: `f` runs the next forward pass."))
    loss = session.pass_steps.after("loss")
    if session.cursor < loss:
        return with_message(session, message("No gradients yet: run forward (`f`), then backward (`b`) first."))
    if session.cursor == loss:
        return with_message(session, message("No gradients yet: run backward (`b`) first."))
    if session.cursor < session.pass_steps.after("backward"):
        return with_message(session, message("Some gradients are missing: finish the backward pass (`b`) first."))
    return _move_on(session, session.trace.update, session.pass_steps.end)


def next_stop(session: Session) -> Session:
    """Go to the next stop of this zoom; at the end of the pass, to the first stop of the next pass."""
    cursor = session.pass_steps.next(session.cursor, session.zoom)
    if cursor is not None:
        return _move_on(session, session.trace.update, cursor)
    following = session.trace.update + 1
    return _move_on(session, following, pass_steps_of(session, following).next(0, session.zoom) or 0)


def previous_stop(session: Session) -> Session:
    """Go back one stop of this zoom, also across updates, restarts, new seeds and edits."""
    if undo_point_here(session) is not None:
        return _undo(session)
    cursor = session.pass_steps.previous(session.cursor, session.zoom)
    if cursor is not None:
        cursor = max([cursor, *(arrived for arrived in _undo_cursors(session) if arrived < session.cursor)])
    if session.trace.update > 1 and not cursor and not _starts_with_edit(session):
        # The start of a pass and the end of the one before have the same parameters; the end shows their update too.
        before = session.trace.update - 1
        return _move_back(session, before, pass_steps_of(session, before).end)
    if cursor is not None:
        return _move_back(session, session.trace.update, cursor)
    return _undo(session)


def whole_pass(session: Session) -> Session:
    """Finish this pass, or run all of the next one."""
    number = session.trace.update + (session.cursor >= session.pass_steps.end)
    return _move_on(session, number, pass_steps_of(session, number).end)


def whole_pass_back(session: Session) -> Session:
    """Go back to the end of the pass before, or to the start."""
    if session.trace.update > 1 and not _starts_with_edit(session):
        return goto(session, session.trace.update - 1)
    return move_to(session, session.trace.update, 0) if session.cursor else _undo(session)


def goto(session: Session, target: int) -> Session:
    """Go to the end of pass ``target``, or to the start of the run if it is 0.

    Args:
        session: The session.
        target: An update, at most the last one that the run has computed.
    """
    return move_to(session, 1, 0) if target <= 0 else move_to(session, target, pass_steps_of(session, target).end)


def undo_point_here(session: Session) -> UndoPoint | None:
    """Return the restart, new seed or edit that a step back from the cursor takes back, None if there is none."""
    for point in reversed(session.undo_points):
        run, update, cursor = point.arrived
        if run is session.run and update == session.trace.update and session.cursor <= cursor:
            return point
    return None


def _undo_cursors(session: Session) -> list[int]:
    """Return the cursors in this pass at which a restart, a new seed or an edit arrived."""
    arrivals = (point.arrived for point in session.undo_points)
    return [cursor for run, update, cursor in arrivals if run is session.run and update == session.trace.update]


def _starts_with_edit(session: Session) -> bool:
    """Return whether an edit was made before this pass, so that its start is not the end of the pass before."""
    starts = (segment.start for segment in session.run.segments if segment.start)
    return session.cursor > 0 and session.trace.update - 1 in starts


def _undo(session: Session) -> Session:
    """Take back the latest restart, new seed or edit."""
    point = undo_point_here(session)
    if point is None:
        return with_message(session, message("This is the start. `f` runs the forward pass."))
    run = point.left.run
    text = message("Undone: {edit}. `a` shows it again.", edit=change_message(session.run.segments[-1].change))
    if run is session.run:
        # A restart is over once it has been taken back; a run that was changed always has that before it.
        session = replace(session, undo_points=tuple(each for each in session.undo_points if each is not point))
        text = message("Back where the restart was made.")
    elif len(session.run.segments) == 1:
        text = message("Back where the new weights were drawn. `a` shows them again.")
    runs = session.runs if run in session.runs else runs_with(session, run)
    session = replace(session, runs=runs)
    return with_message(_show_run_at(session, runs.index(run), point.left.update, point.left.cursor), text)


def runs_with(session: Session, run: Run) -> tuple[Run, ...]:
    """Return the runs with ``run`` at the end; of too many, the oldest that is not compared with is left out.

    Of two runs that are compared, the earlier one is called A. If ``run`` replaces it, ``run`` comes first too.
    """
    runs, other = (*session.runs, run), session.other
    if other is not None and other in session.runs[session.active + 1 :]:
        runs = (*(each for each in runs if each is not other), other)
    if len(runs) <= MAX_RUNS:
        return runs
    oldest = next(each for each in runs if each is not session.other)
    return tuple(each for each in runs if each is not oldest)


def undo_points_with(session: Session, run: Run, update: int, cursor: int) -> tuple[UndoPoint, ...]:
    """Return the undo points with one more: from the cursor on screen to ``cursor`` in pass ``update`` of ``run``."""
    left = Position(session.run, session.trace.update, session.cursor)
    return (*session.undo_points, UndoPoint(left, Position(run, update, cursor)))[-MAX_UNDO_POINTS:]


def _show_run_at(session: Session, active: int, update: int, cursor: int) -> Session:
    """Show another run, at ``cursor`` in pass ``update``."""
    session.run.release(session.trace)
    shown = replace(session, active=active, trace=session.runs[active].trace(update), cursor=cursor)
    return _select_computed(shown, shown.pass_steps.previous(cursor, session.zoom) or 0)


def restart(session: Session) -> Session:
    """Go to the start of the run, with the same seed; stepping back returns."""
    if session.trace.update == 1 and session.cursor == 0:
        return with_message(session, message("This is already the start."))
    undo_points = undo_points_with(session, session.run, 1, 0)
    moved = move_to(session, 1, 0)
    text = message("Restarted with the same seed. `⌫` returns to update {update}.", update=session.updates_done)
    if any(not segment.start for segment in session.run.segments[1:]):
        text = message(
            "Restarted: the changes made at the start stay. `⌫` returns to update {update}.",
            update=session.updates_done,
        )
    return replace(moved, undo_points=undo_points, message=text)


def new_seed(session: Session) -> Session:
    """Begin a new run with other initial weights and otherwise the same start; the old run stays."""
    start = session.run.segment(0)
    try:
        require_random_weights(start.experiment)
    except InputError as error:
        problem = message("No new weights: {problem}", problem=error.sentence)
        if session.updates_done:
            problem = message("No new weights: {problem} Try it at the start (`0`).", problem=error.sentence)
        return with_message(session, problem)
    taken = {run.segment(0).experiment.init_seed for run in session.runs}
    seed = max(taken) + 1
    if seed > MAX_SEED:
        seed = next(unused for unused in count() if unused not in taken)
    run = Run.start(replace(start.experiment, init_seed=seed))
    runs = runs_with(session, run)
    session.run.release(session.trace)
    fresh = replace(session, runs=runs, active=runs.index(run), trace=run.trace(1), cursor=0)
    text = message("New initial weights (seed {seed}). `⌫` returns to the previous run.", seed=seed)
    if start is not session.run.segments[0]:
        text = message(
            "New initial weights (seed {seed}); the changes made at the start stay. `⌫` goes back.", seed=seed
        )
    undo_points = undo_points_with(session, run, 1, 0)
    return show_notes(replace(_select_computed(fresh, 0), undo_points=undo_points, message=text))
