"""A preset for a file with a table that was opened by itself: what its columns are, and a first network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nn_tui.core.data.opened_table import OpenedTable, plan_opened_table
from nn_tui.core.preset.default_network import default_network, default_test_fraction
from nn_tui.core.preset.parser import parse_data
from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.spec import DataSpec, Preset
from nn_tui.core.table.file_names import STANDARD_INPUT
from nn_tui.core.table.sentences import plan_assumptions
from nn_tui.core.table.values import TextTable
from nn_tui.core.text import printable
from nn_tui.core.translation import tr, tr_plural


def table_spec(name: str, changes: DataChanges) -> DataSpec:
    """Return the description of a file with a table; what ``changes`` leave out is for the program to choose.

    Args:
        name: The path of the file; ``-`` for standard input.
        changes: Keys of ``[data]`` and their values.

    Raises:
        InputError: For unknown keys, and for values that are not valid.
    """
    spec = parse_data({"drop": [], **changes, "csv": "file"})  # the name itself may have any characters
    return replace(spec, csv=Path(name).name)


def table_preset(
    name: str, changes: DataChanges, table: TextTable, test: TextTable | None = None
) -> tuple[Preset, OpenedTable]:
    """Return a first network for a table, with all choices written down, and the data.

    Args:
        name: The path of the file; ``-`` for standard input.
        changes: Keys of ``[data]`` and their values, which replace what the program would choose.
        table: The table.
        test: The table of the test rows, if they are in a file of their own.

    Raises:
        InputError: For columns that the table does not have, and for choices that cannot be.
    """
    path, opened = Path(name), plan_opened_table(table_spec(name, changes), table, test)
    spec, data = opened.spec, opened.table
    spec = replace(
        spec,
        standardize=spec.standardize or "standardize" not in changes,
        standardize_target=spec.standardize_target or ("standardize_target" not in changes and not data.classes),
    )
    if not {"test_fraction", "test_csv"} & changes.keys():
        spec = replace(spec, test_fraction=default_test_fraction(data))
    layers, training = default_network(data)
    is_file = name != STANDARD_INPUT
    preset = Preset(
        id=printable(path.stem) if is_file else "table",
        title=printable(path.name) if is_file else tr("standard input"),
        summary=tr_plural(
            "{target} from {count} column.",
            "{target} from {count} columns.",
            len(data.plan.inputs),
            target=printable(data.plan.target.name),
        ),
        notes=" ".join(map(str, plan_assumptions(data.plan))),
        data=spec,
        layers=layers,
        training=training,
        folder=path.parent if is_file else None,
    )
    return preset, OpenedTable(spec, data)
