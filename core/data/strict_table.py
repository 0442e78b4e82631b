"""The table of a CSV file that is read strictly: a header, commas, and a number in each column but the target's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nn_tui.core.data.table import CsvTable, read_csv
from nn_tui.core.table.values import Layout, TableColumn, TableData, TablePlan


def read_strict_table(path: Path, target: str | None = None, target_is_class: bool = False) -> TableData:
    """Read a CSV file whose rules leave nothing to choose.

    Args:
        path: The file.
        target: The column to predict; all others are inputs. None for the last column.
        target_is_class: Whether numbers in the target column are classes, in ascending order. Text always is, in
            alphabetical order.

    Raises:
        InputError: For anything wrong with the file.
    """
    return to_table_data(read_csv(path, target, target_is_class))


def to_table_data(csv: CsvTable) -> TableData:
    """Return the content of a CSV file as the value that data sets have."""
    rows = len(csv.y)
    columns = [TableColumn(name, "input", "number") for name in csv.input_names]
    target = TableColumn(csv.target_name, "target", "category" if csv.classes else "number", reason="asked")
    columns.insert(csv.target_column % (len(columns) + 1), target)
    return TableData(
        layout=Layout(encoding="utf-8", separator=",", decimal=".", header=True),
        plan=TablePlan(
            tuple(columns), "classes" if csv.classes else "numbers", missing="refuse", image_shape=csv.image_shape
        ),
        numbers=csv.points,
        codes=np.zeros((rows, 0)),
        y=csv.y,
        classes=csv.classes,
    )
