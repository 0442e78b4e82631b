"""What documents of earlier versions have in place of a value, and how to make the value of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nn_tui.core.data.strict_table import to_table_data
from nn_tui.core.data.table import CsvTable
from nn_tui.core.spec import Dataset
from nn_tui.core.table.values import TableData


@dataclass(frozen=True, slots=True)
class EarlierForm:
    """A dataclass that stood for another one, and the conversion of its values."""

    kind: type[Any]
    convert: Callable[[Any], object]


EARLIER_FORMS: dict[object, EarlierForm] = {TableData: EarlierForm(CsvTable, to_table_data)}
"""By the class of today: the class whose keys an earlier version wrote. No key may be optional in both."""


def with_fill(data: Dataset) -> Dataset:
    """Return data that an earlier version wrote with what stands for missing values: the means of the training part."""
    table = data.table
    if table is None or data.fill.size or table.numbers.ndim != 2 or data.points.shape[1:] != table.numbers.shape[1:]:
        return data
    with np.errstate(all="ignore"):
        return replace(data, fill=data.points.mean(axis=0))
