"""The moment on screen as a command line, and the session at the moment that a command line names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.edits.change_commands import change_commands
from nn_tui.core.edits.parser import is_learning_rate
from nn_tui.core.engine.moments import Moment, moment_text
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.preset.loader import SHIPPED_DATA, open_experiment
from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.ref_parser import parse_ref, typed_name
from nn_tui.core.run.moment import go_to_moment as reach_moment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Preset
from nn_tui.core.translation import message
from nn_tui.presets import COURSE
from nn_tui.tui.session.document import is_changed
from nn_tui.tui.session.session import Session
from nn_tui.tui.session.stepping import move_to
from nn_tui.tui.session.table_choices import table_choices


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
        with locate_errors(path=("--at",)):
            update, cursor = reach_moment(session.run, moment)
        session = move_to(session, update, cursor)
    if select:
        optimizer = session.engine.optimizer
        with locate_errors(path=("--select",)):
            ref = parse_ref(select, session.engine.sizes, session.ref.sample, optimizer.slots, session.trace.n)
        session = replace(session, ref=ref)
    return replace(session, message="", notes=False)


@dataclass(frozen=True, slots=True)
class MomentLine:
    """A command line that opens a moment.

    Attributes:
        arguments: The arguments of ``nn-tui``, without the folder of a file.
        files: The names of the files that it needs and that do not come with nn-tui.
    """

    arguments: tuple[str, ...]
    files: tuple[str, ...] = ()


def moment_line(session: Session) -> MomentLine:
    """Return the command line that opens the moment on screen.

    It names the preset; if that is not possible, the document in which the session is saved.

    Raises:
        InputError: If no command line can name it: after a change in the middle of the run, or of a problem without a
            file, if the session is not saved in a document as it is.
    """
    try:
        return _preset_line(session)
    except InputError:
        document = session.document
        if document is None or is_changed(session) or session.active != document.place[0]:
            raise
        name = document.path.name
        return MomentLine((name, *_moment_options(session)), (name,))


def _moment_options(session: Session) -> tuple[str, ...]:
    """Return the options for the position, the selected number and the view."""
    moment = moment_text(session.trace.update, session.cursor, session.pass_steps)
    select = typed_name(session.ref, with_sample=session.trace.n > 1)
    return "--at", moment, "--select", select, "--view", session.tab


def _preset_line(session: Session) -> MomentLine:
    """Return the command line with a preset, or the file of one, and the changes at its start."""
    run = session.run
    if any(segment.start for segment in run.segments):
        raise InputError(
            "not_available", message("the run was changed after its start; save it as a document (`s`) first.")
        )
    first, options = run.segments[0].experiment, []
    if first.seed != first.preset.seed:
        options += ["--seed", str(first.seed)]
    changes = [text for segment in run.segments for text in change_commands(segment)]
    if any(map(is_learning_rate, changes)):  # --set lets a named η win, so only the one in force may be named
        rate = session.experiment.training.optimizer.learning_rate
        changes = [f"eta = {rate!r}" if is_learning_rate(text) else text for text in changes]
    if first.init_seed != first.seed:  # after N, which begins a new run
        changes.insert(0, f"seed = {first.init_seed}")
    for text in changes:
        options += ["--set", text]
    sources = list(_sources(session.experiment.preset))
    for path, files in sources:
        for choices in table_choices(first.preset.data):
            if _starts_alike(path, options, run, choices.changes):
                words = (*choices.words, *options, *_moment_options(session))
                return MomentLine((Path(path).name, *words), (*files, *choices.files))
    problem = message("the start of the run cannot be written as options; save it as a document (`s`) first.")
    if not sources:
        preset = session.experiment.preset.id
        problem = message("{preset} is not a preset of nn-tui; save it as a document (`s`) first.", preset=preset)
    raise InputError("not_available", problem)


def _sources(preset: Preset) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what may open a preset: its id or the path of a file, and the names of the files that have to be sent."""
    if preset.id in COURSE:
        yield preset.id, ()
    csv = preset.data.csv
    name = csv if csv is not None and csv == preset.title else f"{preset.id}.toml"  # a table was opened by itself
    for path in dict.fromkeys(folder / name for folder in (preset.folder or Path(), Path())):
        if path.is_file() and path.parent != SHIPPED_DATA.parent:
            has_data_beside = csv not in (None, name) and preset.folder != SHIPPED_DATA
            yield str(path), (name, Path(csv).name) if csv and has_data_beside else (name,)


def _starts_alike(path: str, options: list[str], run: Run, changes: DataChanges) -> bool:
    """Return whether a preset with these options starts with the numbers of a run."""
    values = list(zip(options[::2], options[1::2], strict=True))
    seed = next((int(value) for name, value in values if name == "--seed"), None)
    try:
        other = Run.start(open_experiment(path, seed, changes=changes))
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
