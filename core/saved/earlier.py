"""What documents of earlier versions have in place of a value, and how to make the value of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nn_tui.core.spec import Array, Dataset
from nn_tui.core.table.values import TableData


@dataclass(frozen=True, slots=True)
class EarlierForm:
    """A dataclass that stood for another one, and the conversion of its values."""

    kind: type[Any]
    convert: Callable[[Any], object]


@dataclass(frozen=True, slots=True, eq=False)
class CsvTable:
    """The content of a CSV file in documents that were saved before columns had kinds.

    Attributes:
        points: The input columns, (n, inputs).
        y: The target column, (n,): numbers, or the index of each row's class in ``classes``.
        input_names: The names of the input columns.
        target_name: The name of the target column.
        classes: The names of the classes; empty for regression.
        image_shape: (height, width) if the inputs are the pixels of an image; else None.
    """

    points: Array
    y: Array
    input_names: tuple[str, ...]
    target_name: str
    classes: tuple[str, ...]
    image_shape: tuple[int, int] | None


def _to_table_data(csv: CsvTable) -> TableData:
    """Return a table whose target is the last column, because the document does not say where it was."""
    from nn_tui.core.table.strict import STRICT_LAYOUT, strict_plan  # few documents have the earlier form

    names = (*csv.input_names, csv.target_name)
    plan = strict_plan(names, csv.target_name, csv.classes, csv.image_shape)
    return TableData(STRICT_LAYOUT, plan, csv.points, np.zeros((len(csv.y), 0)), csv.y, csv.classes)


EARLIER_FORMS: dict[object, EarlierForm] = {TableData: EarlierForm(CsvTable, _to_table_data)}
"""By the class of today: the class whose keys an earlier version wrote. No key may be optional in both."""


def with_fill(data: Dataset) -> Dataset:
    """Return data of an earlier version with the numbers that replace missing ones: the means of the training part."""
    table = data.table
    if table is None or data.fill.size or table.numbers.ndim != 2 or data.points.shape[1:] != table.numbers.shape[1:]:
        return data
    with np.errstate(all="ignore"):
        return replace(data, fill=data.points.mean(axis=0))
