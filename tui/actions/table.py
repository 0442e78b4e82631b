"""Opening a table: its columns are shown first, and can be shown again from a network of a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nn_tui.core.data.opened_table import Tables
from nn_tui.core.preset.table_options import DataChanges, options_table
from nn_tui.core.spec import Dataset, DataSpec, Experiment
from nn_tui.core.translation import message, tr
from nn_tui.tui.actions.saved_session import resume, show_experiment
from nn_tui.tui.background.table_opener import TableOpener, TableRequest
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.session.document import is_worth_saving
from nn_tui.tui.session.session import with_message


@dataclass(slots=True)
class TableStart:
    """The table that the app is started with; the session is on its network.

    Attributes:
        opener: Reads the file in other ways, and makes the network of other choices.
        tables: The table as it was read; None once it is on the screen, because those who start the app hold this value
            as long as the app runs.
        changes: The choices of the command line.
    """

    opener: TableOpener
    tables: Tables | None
    changes: DataChanges

    def take_tables(self) -> Tables | None:
        """Return the table, and forget it."""
        tables, self.tables = self.tables, None
        return tables


async def open_table(screen: SessionScreen, path: Path) -> None:
    """Show what a table has, and open its network."""
    await _review(screen, TableRequest(TableOpener(path), {}))


async def show_started_table(screen: SessionScreen, start: TableStart) -> None:
    """Show the columns of the table that the app was started with."""
    await _review(screen, TableRequest(start.opener, start.changes, "start"), start.take_tables())


async def table_columns(screen: SessionScreen) -> None:
    """Show the columns of the table on screen with the choices in force; other choices open another network."""
    from nn_tui.core.preset.default_network import default_network  # most presets have no table

    await screen.pause()
    experiment = screen.session.experiment
    preset = experiment.preset
    if preset.data.csv is None:
        text = message("This network has no table; `o` opens one, such as a .csv file.")
        screen.show(with_message(screen.session, text))
        return
    document = screen.session.document
    folders = [preset.folder or Path(), *([document.path.parent] if document is not None else [])]
    paths = [folder / preset.data.csv for folder in folders]
    path = next((path for path in paths if path.is_file()), paths[0])
    changes = data_changes(preset.data, experiment.data)
    network = experiment.layers, experiment.training
    data = experiment.data.table
    is_first = data is not None and network == default_network(data)
    opener = TableOpener(path, experiment.seed)
    await _review(screen, TableRequest(opener, changes, "network", None if is_first else network))


async def _review(screen: SessionScreen, request: TableRequest, tables: Tables | None = None) -> None:
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.screens.table import RESUME, TableScreen

    await screen.pause()
    data = None if tables is None else screen.session.experiment.data.table
    kept = None if request.origin == "network" else _kept_session(screen, request.opener.name)
    request = replace(request, kept="" if kept is None else _kept_text(kept))
    dialog = TableScreen(request, screen.palette, tables=tables, data=data)
    del tables, data
    experiment: Experiment | str | None = await screen.ask(dialog)
    if kept is not None and experiment == RESUME:
        await resume(screen, kept)
    if not isinstance(experiment, Experiment):
        return
    await screen.pause()
    is_kept = request.origin == "network" and screen.auto_saver is not None and is_worth_saving(screen.session)
    show_experiment(screen, experiment)
    text = message("`r` trains this network. `o` leads back to the columns of {file}.", file=request.opener.name)
    if is_kept:
        text = message('`r` trains this network; `ctrl+p`, then "resume", brings back the one before.')
    screen.show(with_message(screen.session, screen.session.message or text))


def _kept_session(screen: SessionScreen, title: str) -> SessionInfo | None:
    """Return the newest kept session of a network with this title."""
    if screen.auto_saver is None:
        return None
    sessions = screen.auto_saver.find_sessions()[0]
    return next((each for each in sessions if each.title == title and not each.lesson and not each.is_practice), None)


def _kept_text(saved: SessionInfo) -> str:
    return tr("⌫ resumes your network at {progress}, kept at {time}", progress=saved.progress, time=saved.time_text)


def data_changes(spec: DataSpec, data: Dataset) -> DataChanges:
    """Return the description of a table as changes of ``[data]`` that say all of it."""
    changes: dict[str, object] = {"target": spec.target, "standardize": spec.standardize}
    if spec.options is not None:
        changes |= options_table(spec.options)
    else:  # every column is an input, and only a text and what is asked for is a class
        kind = "classes" if data.classes else "numbers"
        columns = [] if data.table is None else [column.name for column in data.table.plan.inputs]
        changes |= {"target_kind": kind, "keep": columns}
    if spec.options is None or spec.options.test_csv is None:
        changes["test_fraction"] = spec.test_fraction
    if spec.standardize_target:
        changes["standardize_target"] = True
    if spec.features:
        changes["features"] = list(spec.features)
    return changes
