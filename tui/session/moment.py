"""The moment on screen as a command line, and the session at the moment that a command line names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.edits.change_commands import change_commands
from nn_tui.core.edits.parser import is_learning_rate
from nn_tui.core.engine.moments import Moment, cursor_of, moment_text
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.ref_parser import parse_ref, typed_name
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message
from nn_tui.presets import COURSE
from nn_tui.tui.session.document import is_changed
from nn_tui.tui.session.session import Session
from nn_tui.tui.session.stepping import move_to, pass_steps_of


def go_to_moment(session: Session, moment: Moment | None = None, select: str = "") -> Session:
    """Return the session at a moment of its run, which is trained as far as necessary.

    Args:
        session: The session.
        moment: The moment; None for the one that the session shows.
        select: The name of a number to select; "" keeps the selection.

    Raises:
        InputError: If the run does not get there, or the network has no such layer, unit or number.
    """
    if moment is not None:
        update = max(1, moment.update)
        cursor = 0
        if moment.update:
            done = update - bool(moment.part)  # a pass on screen counts as an update only when it is complete
            if session.run.goto(done) < done:
                finding = session.run.divergence
                problem = message("training diverged before pass {update}.", update=update)
                if finding is not None:
                    problem = message(
                        "training diverged before pass {update}: {finding}", update=update, finding=finding.sentence
                    )
                raise InputError("diverged", problem, path=("--at",))
            with locate_errors(path=("--at",)):
                cursor = cursor_of(moment, pass_steps_of(session, update))
        session = move_to(session, update, cursor)
    if select:
        optimizer = session.engine.optimizer
        with locate_errors(path=("--select",)):
            ref = parse_ref(select, session.engine.sizes, session.ref.sample, optimizer.slots, session.trace.n)
        session = replace(session, ref=ref)
    return replace(session, message="", notes=False)


def moment_arguments(session: Session) -> list[str]:
    """Return the arguments of ``nn-tui`` that open the moment on screen.

    If options cannot name the moment, it is the document in which the session is saved, without its folder.

    Raises:
        InputError: If no command line can name it: after a change in the middle of the run, or of a problem that does
            not come with nn-tui, if the session is not saved in a document as it is.
    """
    try:
        return _preset_arguments(session)
    except InputError:
        if session.document is None or is_changed(session):
            raise
        return [session.document.path.name]


def _preset_arguments(session: Session) -> list[str]:
    """Return the preset and the options that open the moment on screen."""
    run, experiment = session.run, session.experiment
    if any(segment.start for segment in run.segments):
        raise InputError(
            "not_available", message("the run was changed after its start; save it as a document (`s`) first.")
        )
    preset = experiment.preset.id
    if preset not in COURSE:
        raise InputError(
            "not_available",
            message("{preset} is not a preset of nn-tui; save it as a document (`s`) first.", preset=preset),
        )
    first, arguments = run.segments[0].experiment, [preset]
    if first.seed != first.preset.seed:
        arguments += ["--seed", str(first.seed)]
    changes = [text for segment in run.segments for text in change_commands(segment)]
    if any(map(is_learning_rate, changes)):  # --set lets a named η win, so only the one in force may be named
        rate = experiment.training.optimizer.learning_rate
        changes = [f"eta = {rate!r}" if is_learning_rate(text) else text for text in changes]
    if first.init_seed != first.seed:  # after N, which begins a new run
        changes.insert(0, f"seed = {first.init_seed}")
    for text in changes:
        arguments += ["--set", text]
    if not _starts_alike(arguments, run):
        raise InputError("not_available", message("the changes at its start cannot be written as options."))
    arguments += ["--at", moment_text(session.trace.update, session.cursor, session.pass_steps)]
    return [*arguments, "--select", typed_name(session.ref, with_sample=session.trace.n > 1), "--view", session.tab]


def _starts_alike(arguments: list[str], run: Run) -> bool:
    """Return whether a preset with these options starts with the numbers of a run."""
    values = list(zip(arguments[1::2], arguments[2::2], strict=True))
    seed = next((int(value) for name, value in values if name == "--seed"), None)
    try:
        other = Run.start(open_experiment(arguments[0], seed))
        again = start_with(other, [value for name, value in values if name == "--set"])
    except InputError:
        return False
    first, second = (each.segment(0).experiment for each in (run, again))
    return (
        np.array_equal(run.state_after(0).array, again.state_after(0).array)
        and first.layers == second.layers
        and first.training == second.training
        and (first.seed, first.init_seed) == (second.seed, second.init_seed)
        and all(np.array_equal(getattr(first.data, name), getattr(second.data, name)) for name in ("x", "y"))
    )
