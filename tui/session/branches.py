"""Runs that branch off: an edit makes a new run, another run can be shown, two runs can be compared.

Each function takes a session and returns the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nn_tui.core.edits.change_text import change_message
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.ref_parser import typed_name
from nn_tui.core.refs import BY_UNIT, Ref
from nn_tui.core.run.change import Change
from nn_tui.core.run.run import Run
from nn_tui.core.translation import Message, all_of, message
from nn_tui.tui.session import stepping
from nn_tui.tui.session.map_cursor import map_cursor
from nn_tui.tui.session.run_names import run_label
from nn_tui.tui.session.session import Session, clamp_ref, with_message


def editable_number(session: Session) -> Ref | None:
    """Return the parameter, input or target that an edit of the selection sets; None for other computed numbers.

    For a gradient or an optimiser step it is the parameter.
    """
    ref = session.ref
    if ref.is_weight or ref.quantity in BY_UNIT:
        return ref.with_key(ref.parameter.value)
    return ref if ref.quantity in ("x", "y") else None


def selection_as_edit(session: Session) -> str:
    """Return the edit that gives the number of :func:`editable_number` the value it has, such as ``b1[2] = 0.5``."""
    ref, state = editable_number(session), session.state
    if ref is None:
        return ""
    if ref.is_weight:
        value = state.weights[ref.layer][ref.unit, ref.input]
    elif ref.quantity == "b":
        value = state.biases[ref.layer][ref.unit]
    else:
        values = session.experiment.data.x if ref.quantity == "x" else session.experiment.data.y
        value = values[session.data_row, ref.unit]
    return f"{typed_name(ref, with_sample=False)} = {value:.6g}"


def show_edited(session: Session, run: Run) -> Session:
    """Show the run that an edit made of the run on screen, at the same cursor.

    In the middle of a pass, that pass is computed again with the edit; after its update, the next pass begins with it.

    Args:
        session: The session in which the edit was made.
        run: The run that the edit made.
    """
    before = session.run
    changes = [segment.change for segment in run.segments if segment not in before.segments]
    done = session.updates_done
    cursor = 0
    if session.cursor < session.pass_steps.end:
        cursor = map_cursor(session.pass_steps, steps_of(run.engine.sizes[1:]), session.cursor)
    runs = stepping.runs_with(session, run)
    undo_points = stepping.undo_points_with(session, run, done + 1, cursor)
    before.release(session.trace)
    shown = replace(
        session, runs=runs, active=runs.index(run), trace=run.trace(done + 1), cursor=cursor, follow_stack=()
    )
    shown = replace(shown, undo_points=undo_points, ref=clamp_ref(shown, _edited_ref(shown, changes[-1])))
    if shown.ref != session.ref:
        shown = replace(shown, notes=False)
    if not shown.is_known(shown.ref):
        shown = stepping.move_to(shown, done + 1, cursor)
    text = _edit_message(changes, done, before.reached)
    known = experiment_warnings(session.experiment)
    new_warnings = [warning for warning in experiment_warnings(run.experiment) if warning not in known]
    if new_warnings:
        text = message("{warning} {edit}", warning=new_warnings[0], edit=text)
    return with_message(shown, text)


def _edit_message(changes: Sequence[Change], done: int, reached: int) -> Message:
    """Return the message about an edit after ``done`` updates of a run that has reached update ``reached``."""
    edit = all_of([change_message(change) for change in changes])
    if reached > done + 1 and done:
        return message(
            "{edit}, from update {done:,} on; `⌫` undoes it, `a` shows the old run, which has reached {reached:,}.",
            edit=edit, done=done, reached=reached,
        )  # fmt: skip
    if reached > done + 1:
        return message(
            "{edit}, from the start; `⌫` undoes it, `a` shows the old run, which has reached {reached:,}.",
            edit=edit, reached=reached,
        )  # fmt: skip
    if done:
        return message("{edit}, from update {done:,} on; `⌫` undoes it.", edit=edit, done=done)
    return message("{edit}, from the start; `⌫` undoes it.", edit=edit)


def _edited_ref(session: Session, change: Change) -> Ref:
    """Return the address of the number that a change sets, or the selection if it sets none."""
    return session.ref if change.ref is None else replace(change.ref, sample=session.ref.sample)


def switch_run(session: Session) -> Session:
    """Show the run that is compared with, else the next one, at the same cursor if it has computed that pass."""
    if session.other is not None:
        return _show_run_here(replace(session, other=session.run), session.other)
    if len(session.runs) == 1:
        text = message("There is one run: `e` makes another by a change, `N` by new initial weights.")
        return with_message(session, text)
    return _show_run_here(session, session.runs[(session.active + 1) % len(session.runs)])


def _show_run_here(session: Session, run: Run) -> Session:
    """Show ``run`` at the same cursor, or at its last update if it has not computed that pass.

    ``session.other`` is already the run that it is compared with.
    """
    update, cursor = session.trace.update, session.cursor
    runs = session.runs if run in session.runs else stepping.runs_with(session, run)
    index = runs.index(run)
    is_beyond = update > run.reached + (cursor == 0 and run.divergence is None)
    if is_beyond:
        update = max(1, run.reached)
    steps = steps_of(run.segment(update - 1).engine.sizes[1:])
    last_cursor = steps.end if run.reached else 0
    cursor = last_cursor if is_beyond else map_cursor(session.pass_steps, steps, cursor)
    if cursor == steps.end and update == run.reached:
        run.is_last_made = True
    session.run.release(session.trace)
    shown = replace(session, runs=runs, active=index, trace=run.trace(update), cursor=cursor, follow_stack=())
    shown = replace(shown, ref=clamp_ref(shown, session.ref))
    text = message("Run {index} of {count}: {name}.", index=index + 1, count=len(runs), name=run_label(run))
    if is_beyond:
        text = message(
            "Run {index} of {count}: {name}. It has reached update {reached:,}.",
            index=index + 1, count=len(runs), name=run_label(run), reached=run.reached,
        )  # fmt: skip
    return with_message(shown, text)


def compare(session: Session, other: Run) -> Session:
    """Compare the run on screen with ``other``; from now on both train together."""
    session = replace(session, other=other)
    runs = session.runs if other in session.runs else stepping.runs_with(session, other)
    if session.run not in runs:  # it was the oldest of too many
        runs = (session.run, *runs[1:])
    shown = replace(session, runs=runs, active=runs.index(session.run))
    text = message(
        "Compared with: {name}. Both train together; `a` shows the other run, `c` ends the comparison.",
        name=run_label(other),
    )
    return with_message(shown, text)


def stop_comparing(session: Session) -> Session:
    """End the comparison; from now on the run on screen trains alone."""
    return with_message(replace(session, other=None), message("The comparison has ended; `a` shows the other run."))


def common_update(session: Session) -> int:
    """Return the update that the run compared with must reach to be as far as the run on screen."""
    is_loss_known = session.cursor >= session.pass_steps.after("loss")
    return session.trace.update if is_loss_known else session.trace.update - 1
