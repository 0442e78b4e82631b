"""Opening the file that ``[data]`` names: each column gets a kind and a role, all choices are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.spec import DataSpec
from nn_tui.core.table.file_names import suggesting_files
from nn_tui.core.table.values import NO_OPTIONS, TableData, TableOptions, TextTable
from nn_tui.core.translation import message, tr


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read.

    Attributes:
        source: The content of the table in place of the file, such as standard input.
        progress: Gets the share of the file that is read, from 0 to 1.
        should_stop: Returns whether to stop reading.
    """

    source: bytes | None = None
    progress: Callable[[float], None] | None = None
    should_stop: Callable[[], bool] | None = None


FROM_FILE = Reading()
Tables = tuple[TextTable, TextTable | None]
"""A table, and the one with its test rows if that is another file."""


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A table, and the description of it in which nothing is left to choose."""

    spec: DataSpec
    table: TableData


def open_table(spec: DataSpec, folder: Path | None, reading: Reading = FROM_FILE) -> OpenedTable:
    """Read the file that a description names.

    Args:
        spec: The description; it names a file.
        folder: The folder of relative paths; None for the working folder.
        reading: How it is read.

    Raises:
        InputError: For anything wrong with the file, and for columns that it does not have.
    """
    with _located():
        if spec.options is None:
            if spec.target is None:
                problem = message("it is missing; it names the column to predict.")
                raise InputError("missing", problem, path=("data", "target"))
            from nn_tui.core.table.strict import read_strict_csv  # most presets have no table

            path = (folder or Path()) / (spec.csv or "")
            with suggesting_files(path):
                return OpenedTable(spec, read_strict_csv(path, spec.target, spec.target_is_class))
        texts = read_texts(spec, folder, reading)
    return plan_opened_table(spec, *texts)


@contextmanager
def _located() -> Iterator[None]:
    """Add the key of the file to an error about the file itself."""
    with locate_errors(path=("data", "csv")):
        try:
            yield
        except InputError as error:
            if error.code == "not_found" and not error.path:
                error.problem = message(
                    "{problem} A path in a preset starts at the folder of the preset.", problem=error.problem
                )
            raise


def read_texts(spec: DataSpec, folder: Path | None, reading: Reading = FROM_FILE) -> Tables:
    """Read the file that a description names, and that of its test rows if there is one.

    The arguments and errors are those of :func:`open_table`.
    """
    from nn_tui.core.table.reader import read_table  # most presets have no such table

    options, folder = spec.options or NO_OPTIONS, folder or Path()
    path = folder / (spec.csv or "")
    source, name = (path, "") if reading.source is None else (reading.source, tr("standard input"))
    with suggesting_files(path):
        table = read_table(source, options, name=name, progress=reading.progress, should_stop=reading.should_stop)
    if options.test_csv is None:
        return table, None
    same = replace(options, header=table.layout.header, decimal=table.layout.decimal)
    path = folder / options.test_csv
    with locate_errors(path=("data", "test_csv")), suggesting_files(path):
        try:
            return table, read_table(path, same, should_stop=reading.should_stop)
        except InputError as error:
            if error.code not in ("conflict", "unreadable"):
                raise
            return table, read_table(path, TableOptions(header=same.header), should_stop=reading.should_stop)


def plan_opened_table(spec: DataSpec, table: TextTable, test: TextTable | None = None) -> OpenedTable:
    """Return the data of a table that was read, and the description with all choices.

    Args:
        spec: The description, whose options may leave choices to the program.
        table: The table.
        test: The table of the test rows, if they are in a file of their own.

    Raises:
        InputError: For columns that the table does not have, and for choices that cannot be.
    """
    from nn_tui.core.table.kinds import table_facts  # most presets have no table
    from nn_tui.core.table.planner import plan_table, resolved_options
    from nn_tui.core.table.table_data import table_data

    options, facts = spec.options or NO_OPTIONS, table_facts(table)
    with locate_errors(file=table.file):
        plan = plan_table(table, options, spec.target, facts=facts)
        data = table_data(table, plan, test)
    resolved = replace(resolved_options(table, plan, options, facts=facts), test_csv=options.test_csv)
    return OpenedTable(replace(spec, target=plan.target.name, target_is_class=False, options=resolved), data)
