"""The targets in another table, to be shown beside the predictions for its rows."""

from __future__ import annotations

import numpy as np

from nn_tui.core.data.labels import class_labels
from nn_tui.core.spec import Dataset
from nn_tui.core.table.raw_values import column_values
from nn_tui.core.table.values import RawValue, TextTable


def targets_in(data: Dataset, other: TextTable) -> tuple[tuple[RawValue, ...], ...]:
    """Return the targets of each row of another table: numbers, or the name of its class.

    Returns:
        The targets; empty if the table has no columns with the names of the targets.
    """
    if not other.layout.header:
        return ()
    found = {column.name: column for column in other.columns}
    names = data.output_names if data.table is None else (data.table.plan.target.name,)
    if data.classes and not all(name in found for name in names) and "y" in found:
        names = ("y",)  # one-hot rows of classes, as one column of their names
    if not all(name in found for name in names):
        return ()
    if not data.classes or len(names) == 1:
        columns = [column_values(found[name], is_text=bool(data.classes)) for name in names]
        return tuple(zip(*columns, strict=True))
    values = [column.numbers for column in (found[name] for name in names) if column.numbers is not None]
    if len(values) < len(names):
        return ()
    labels = class_labels(data)
    one_hot = np.column_stack(values)
    indexes = np.where(np.isnan(one_hot).any(axis=1), len(labels), one_hot.argmax(axis=1))
    return tuple(((*labels, None)[index],) for index in indexes.tolist())
