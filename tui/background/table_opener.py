"""Reading the table in a file, and making the network of it, for the screen that shows its columns first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nn_tui.core.data.opened_table import Reading, Tables, read_texts
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.spec import Experiment, NetworkSpec
from nn_tui.core.table.values import TableData, TextTable
from nn_tui.core.text import printable, shorten_path


@dataclass(frozen=True, slots=True)
class TableOpener:
    """The file of a table, and the functions that read it and make a network of it.

    Attributes:
        path: The file.
        seed: The seed of the experiment; None for that of a new network.
    """

    path: Path
    seed: int | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return printable(self.path.name)

    def read(
        self,
        changes: DataChanges,
        progress: Callable[[float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Tables:
        """Read the table, and its test rows if they are in another file.

        Args:
            changes: The choices of a person, by the keys of ``[data]``.
            progress: Gets the share that is read.
            should_stop: Returns whether to stop.

        Raises:
            InputError: For anything wrong with the file; with the code ``cancelled`` if it was stopped.
        """
        from nn_tui.core.preset.table_file import table_spec  # most presets have no table

        spec = table_spec(str(self.path), changes)
        return read_texts(spec, self.path.parent, Reading(None, progress, should_stop))

    def open(self, changes: DataChanges, progress: Callable[[float], None] | None = None) -> tuple[Experiment, Tables]:
        """Read the table and return its experiment, and the tables in as little memory as possible.

        Raises:
            InputError: For anything wrong with the file, and if a choice is not possible.
        """
        from nn_tui.core.preset.table_file import table_preset

        table, test = self.read(changes, progress)
        preset, opened = table_preset(str(self.path), changes, table, test)
        table = with_shared_columns(table, opened.table)  # before the arrays of the experiment are made
        experiment = load_experiment(preset, self.seed, table=opened.table, file=shorten_path(self.name))
        return experiment, (table, test)

    def build(self, tables: Tables, changes: DataChanges, network: NetworkSpec | None = None) -> Experiment:
        """Return the experiment of tables that were read.

        Args:
            tables: The tables.
            changes: The choices.
            network: The layers and the training; None for those of a first network.

        Raises:
            InputError: If a choice is not possible.
        """
        from nn_tui.core.preset.table_file import table_preset

        preset, opened = table_preset(str(self.path), changes, *tables)
        if network is not None:
            preset = replace(preset, layers=network[0], training=network[1])
        return load_experiment(preset, self.seed, table=opened.table, file=shorten_path(self.name))


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A table whose columns are to be shown.

    Attributes:
        opener: Reads the table and makes the network.
        changes: The choices at first.
        origin: Where the screen is opened: ``file`` if there is no network of the file yet, ``start`` at the start of
            the app over the network of these choices, ``network`` later over one whose preset names every choice.
        own_network: The layers and the training on screen, if they are not those of a first network.
        kept: What the kept session of the table is, if there is one that can be resumed.
    """

    opener: TableOpener
    changes: DataChanges
    origin: Literal["file", "start", "network"] = "file"
    own_network: NetworkSpec | None = None
    kept: str = ""


def with_shared_columns(table: TextTable, data: TableData) -> TextTable:
    """Return a table whose numbers are those in ``data``, so that they are in memory once."""
    if data.rows_left_out:
        return table
    numeric = [column.name for column in data.plan.inputs if column.kind != "category"]
    places = {name: place for place, name in enumerate(numeric)}
    rows = table.row_count
    columns = (
        replace(column, numbers=data.numbers[:rows, places[column.name]])
        if column.numbers is not None and column.name in places
        else column
        for column in table.columns
    )
    return replace(table, columns=tuple(columns))
