"""Stands in for a data frame of pandas, which the tests do not install: it has the parts that the library uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class NAType:
    """Stands in for the class of ``pandas.NA``: a comparison with it is neither true nor false."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]


NA = NAType()


class Series:
    """A column with a name."""

    def __init__(self, values: Sequence[Any], name: str) -> None:
        self.name = name
        self._values = values

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        has_texts = any(not isinstance(value, int | float) for value in self._values)
        return np.array(self._values, dtype=object if has_texts else dtype)


class Frame:
    """Columns by name."""

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._columns = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> Series:
        return Series(self._columns[name], name)
