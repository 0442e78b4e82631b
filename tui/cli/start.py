"""The run with which a command starts, and the session with which the app does."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tui.core.engine.moments import parse_moment
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.fields import check_choice
from nn_tui.core.preset.loader import find_preset, is_table_name, open_experiment
from nn_tui.core.preset.warnings import experiment_warnings
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.table.file_names import STANDARD_INPUT, is_document_name
from nn_tui.core.text import printable, quote, shown_path
from nn_tui.core.translation import Message, message, message_plural, tr
from nn_tui.tui.cli.output import print_note
from nn_tui.tui.cli.reading import read_stdin, reading_progress
from nn_tui.tui.cli.table_options import data_changes, named_by_options, option_of
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.terminal.termination import termination

if TYPE_CHECKING:
    from nn_tui.tui.session.session import Session


def open_start(
    name_or_path: str, args: argparse.Namespace, settings: Settings, *, keeps_data: bool = False
) -> Experiment:
    """Return the experiment of a preset or a file; that of a document starts from the weights that it shows.

    Args:
        name_or_path: The id of a preset, the path of a file, or ``-`` for a table on standard input.
        args: The options of the command line, with those for tables.
        settings: The settings; their seed replaces that of the preset.
        keeps_data: Whether the data of a document stay as they are, also if samples were changed by hand. Otherwise
            its preset describes them, so that they can be written into a file.

    Raises:
        InputError: For anything wrong with the file.
    """
    path, changes, seed = Path(name_or_path), data_changes(args), settings.seed
    if not is_document_name(path):
        source = read_stdin(settings) if name_or_path == STANDARD_INPUT else None
        is_preset = source is None and not is_table_name(name_or_path)
        with named_by_options(changes, is_preset=is_preset), reading_progress(path.name, settings) as progress:
            return open_experiment(name_or_path, seed, changes=changes, source=source, progress=progress)
    if changes:
        problem = message(
            "a document opens with the data that it has; leave out {option}.",
            option=option_of(next(iter(changes)), changes),
        )
        raise InputError("conflict", problem, file=printable(path.name))
    from nn_tui.core.preset.from_network import experiment_from_network, restarted_experiment
    from nn_tui.tui.saved.readers import open_document

    session = open_document(path)
    run, update = session.run, session.updates_done
    file = printable(path.name)
    with locate_errors(file=file):
        experiment, state = run.segment(update).experiment, run.state_after(update)
        if keeps_data and seed is None:
            experiment = restarted_experiment(experiment, state)
        else:
            experiment = experiment_from_network(experiment, state, update, seed)
    if update:
        notice = tr(
            "{file}: starts from the weights after update {update:,}, without the state of the optimiser.",
            file=file, update=update,
        )  # fmt: skip
        print_note(notice, settings)
    return replace(experiment, preset=replace(experiment.preset, id=printable(path.stem)))


def start_run(
    args: argparse.Namespace,
    settings: Settings,
    *,
    says_assumptions: bool = True,
    counts_warnings: bool = False,
    keeps_data: bool = False,
) -> Run:
    """Return the run that the options name, with ``--weights`` and ``--set``; print what is probably not meant.

    Args:
        args: The options of the command line.
        settings: The settings, with the seed.
        says_assumptions: Whether to print what was assumed of a table.
        counts_warnings: Whether to print the number of several warnings about a table, and not each of them.
        keeps_data: Whether the data of a document stay as they are.

    Raises:
        InputError: For anything wrong with the preset, the weights or a change.
    """
    experiment = open_start(args.preset, args, settings, keeps_data=keeps_data)
    if says_assumptions:
        print_assumptions(experiment, args, settings, counts_warnings=counts_warnings)
    run, notes = start_with_notes(experiment, args.set or (), args.weights)
    for warning in (*notes, *start_warnings(args, run)):
        print_note(warning, settings)
    return run


def opened_document(args: argparse.Namespace, settings: Settings) -> Session | None:
    """Return the session in a document, to go on from what it shows.

    Returns:
        The session; None if a command opens something else, or if an option asks for another start.

    Raises:
        InputError: If the document cannot be opened.
    """
    path = Path(args.preset)
    is_changed = bool(args.set or args.weights or settings.seed is not None or data_changes(args))
    if not is_document_name(path) or is_changed:
        return None
    from nn_tui.tui.saved.readers import open_document  # it imports Textual

    return open_document(path)


def start_with_notes(experiment: Experiment, changes: Sequence[str], weights: Path | None) -> tuple[Run, list[Message]]:
    """Return a run at its start, and what was assumed about the weights.

    Args:
        experiment: The experiment.
        changes: The changes of ``--set``.
        weights: The file of ``--weights``; None for the weights of the experiment.

    Raises:
        InputError: For anything wrong with the file or with a change.
    """
    if weights is None and not changes:
        return Run.start(experiment), []
    from nn_tui.core.edits.at_start import start_with
    from nn_tui.core.weights.start import start_with_weights

    for change in changes:
        _check_one_value(change)
    if weights is None:
        return start_with(Run.start(experiment), changes), []
    run, notes = start_with_weights(experiment, weights, changes)
    count, file = len(run.experiment.layers), shown_path(weights)
    loaded = message_plural(
        "{file}: loaded the weights of {count} layer.",
        "{file}: loaded the weights of {count} layers.",
        count,
        file=file,
    )
    return run, [loaded, *notes]


def _check_one_value(change: str) -> None:
    """Raise InputError if a change of ``--set`` has the values of a sweep, such as ``eta = 1, 0.3``."""
    from nn_tui.core.edits.parser import parse_change
    from nn_tui.core.sweep.grid import parse_setting

    try:
        parse_change(change)
        return
    except InputError:
        try:
            count = len(parse_setting(change).values)
        except InputError:
            return  # the change itself says what is wrong
    if count > 1:
        problem = message("there are {count} values; nn-tui sweep trains with each of them.", count=count)
        raise InputError("syntax", problem, path=(f"--set {quote(change)}",), value=change)


def print_assumptions(
    experiment: Experiment, args: argparse.Namespace, settings: Settings, *, counts_warnings: bool = False
) -> None:
    """Print in a line what was assumed of a table, and the warnings about it or their number."""
    table, is_first = experiment.data.table, opens_table(args)
    if table is None or not (data_changes(args) or is_first or _leaves_choices(experiment, args)):
        return
    from nn_tui.tui.cli.table_report import assumptions_text, table_warnings  # most presets have no table

    warnings = table_warnings(table)
    if counts_warnings and len(warnings) > 1:
        warnings = (
            message("There are {count} warnings about the table; nn-tui check shows them.", count=len(warnings)),
        )
    for text in (assumptions_text(experiment, table, is_first_network=is_first), *warnings):
        print_note(text, settings)


def _leaves_choices(experiment: Experiment, args: argparse.Namespace) -> bool:
    """Return whether a preset in a file leaves choices about its table to the program."""
    if experiment.preset.data.options is None or is_document_name(args.preset):
        return False
    spec = find_preset(args.preset).data  # the preset of an experiment has all choices written down
    options = spec.options
    return options is not None and None in (
        spec.target, options.separator, options.decimal, options.header, options.encoding, options.target_kind,
        options.missing,
    )  # fmt: skip


def opens_table(args: argparse.Namespace) -> bool:
    """Return whether a command opens a table itself, so that its network follows from the table."""
    return args.preset == STANDARD_INPUT or is_table_name(args.preset)


def start_warnings(args: argparse.Namespace, run: Run) -> tuple[Message, ...]:
    """Return what is valid in a run and probably not meant."""
    return experiment_warnings(run.experiment, is_seed_given=args.seed is not None)


def first_session(args: argparse.Namespace, settings: Settings, preset: str) -> Session:
    """Return the session of a document or at the start of a preset, with ``--weights`` and ``--set``.

    Raises:
        InputError: For anything wrong with the file or with a change.
    """
    from nn_tui.tui.saved.readers import open_any
    from nn_tui.tui.session.session import Session, session_of, show_notes, with_message

    if not args.practice and (args.level or args.practice_digits or args.results or args.student):
        raise UsageError(tr("--level, --digits, --results and --student belong to practice; add --practice"))
    is_changed = bool(data_changes(args))
    opened = open_start(preset, args, settings) if is_changed else open_any(preset, settings.seed)
    if isinstance(opened, Session):
        if args.set or args.weights or args.resume_now or args.seed is not None:
            raise UsageError(tr("a document opens as it was saved; leave out --set, --weights, --seed and --resume"))
        return opened
    run, notes = start_with_notes(opened, args.set or (), args.weights)
    text = " ".join(map(str, (*notes, *start_warnings(args, run))))
    return with_message(show_notes(session_of(run)), text)


def session_at(args: argparse.Namespace, settings: Settings, session: Session) -> Session:
    """Return the session at the moment that ``--at``, ``--select`` and ``--view`` name.

    Args:
        args: The options of the command line.
        settings: The settings, for the line of progress while the run is trained up to the moment.
        session: The session without these options.

    Raises:
        InputError: If there is no such moment, number or view.
    """
    from nn_tui.tui.registry import VIEWS
    from nn_tui.tui.session.moment import go_to_moment

    moment = None
    if args.at:
        with locate_errors(path=("--at",)):
            moment = parse_moment(args.at)
        with termination.deferred(second_interrupts=True):
            from nn_tui.tui.cli.training import train_with_progress

            train_with_progress(session.run, moment.update - bool(moment.part), settings)
    if moment or args.select:
        session = go_to_moment(session, moment, args.select or "")
    if args.view:
        session = replace(session, tab=check_choice(args.view, ("--view",), VIEWS, message("a view")))
    return session
