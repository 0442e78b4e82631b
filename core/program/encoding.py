"""How a program turns the raw rows of a table into numbers: categories, dates, truth values and missing values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from nn_tui.core.program.source import (
    INDENT,
    WIDTH,
    Lines,
    blocks,
    code,
    docstring,
    file_text,
    function,
    number_source,
    pack,
    value_source,
)
from nn_tui.core.spec import Dataset
from nn_tui.core.table.encode import InputBlock, encode_values, input_blocks
from nn_tui.core.table.raw_values import category_values, decode_inputs
from nn_tui.core.table.values import RawValue, TableData
from nn_tui.core.translation import tr

_AT = 4 * INDENT
_SECONDS_PER_DAY = 86_400


def encoding_of(data: Dataset) -> Literal["", "fill", "columns"]:
    """Return how raw rows become numbers: not at all, by filling in missing numbers, or each column in its own way."""
    table = data.table
    if table is None:
        return ""
    if any(block.column.kind != "number" or block.has_gaps for block in input_blocks(table)):
        return "columns"
    return "fill" if table.plan.missing == "mean" else ""


def has_raw_rows(data: Dataset) -> bool:
    """Return whether raw rows give the training data; an edit may have changed a part of a category to 0.5, say."""
    if data.table is None:
        return False
    numbers, codes = decode_inputs(data.table, data.points)
    for block in input_blocks(data.table):
        if block.column.kind == "date":  # written with whole seconds
            numbers[:, block.place] = np.round(numbers[:, block.place] * _SECONDS_PER_DAY) / _SECONDS_PER_DAY
    points = encode_values(data.table, data.fill, numbers, codes)
    return np.allclose(points, data.points, rtol=1e-13, atol=0.0)


def encoding_lines(data: Dataset) -> Lines:
    """Return the function ``encode`` and those that it calls; nothing if raw rows are numbers."""
    table, encoding = data.table, encoding_of(data)
    if table is None or not encoding:
        return ()
    if encoding == "fill":
        text = tr("Return raw rows as an array; a fill replaces a missing number.")
        return function("encode(rows)", text, _FILL)
    columns = list(input_blocks(table))
    return blocks(*_helpers(table, columns), _encode(data, table, columns))


def _encode(data: Dataset, table: TableData, columns: Sequence[InputBlock]) -> Lines:
    entries = [line for at, block in enumerate(columns) for line in _entry(data, table, at, block)]
    is_wide = any(len(line) > WIDTH or line.endswith("[") for line in entries)
    lines = [
        *(["# fmt: off"] if is_wide else []),
        "def encode(rows):",
        *(line.text for line in docstring(tr("Return raw rows, or a single one, as rows of numbers."))),
        "    if np.ndim(rows[0]) == 0:",
        "        rows = [rows]",
        "    return np.array(",
        "        [",
        "            [",
        *entries,
        "            ]",
        "            for row in rows",
        "        ]",
        "    )",
        *(["# fmt: on"] if is_wide else []),
    ]
    return code("\n".join(lines))


def _entry(data: Dataset, table: TableData, at: int, block: InputBlock) -> list[str]:
    """Return the lines for one column of a table."""
    column, name = block.column, file_text(block.column.name)
    if column.kind == "category":
        texts: list[RawValue] = [*category_values(column.categories), *([None] if block.has_gaps else [])]
        return _with_texts(f"*one_hot(row[{at}], ", texts, f"),  # {name}")
    value = f"row[{at}]"
    if column.kind == "date":
        value = f"days({value})"
    elif column.kind == "boolean" and column.categories:
        value = f"truth({value}, {', '.join(map(value_source, column.categories))})"
    if table.plan.missing != "mean":
        return [f"{_AT}float({value}),  # {name}"]
    fill = number_source(float(data.fill[block.place]))
    if block.has_gaps:
        return [f"{_AT}*filled_and_gap({value}, {fill}),  # {name}"]
    return [f"{_AT}filled({value}, {fill}),  # {name}"]


def _with_texts(before: str, texts: Sequence[RawValue], after: str) -> list[str]:
    items = [*map(value_source, texts)]
    inline = f"{_AT}{before}[{', '.join(items)}]{after}"
    if len(inline) <= WIDTH:
        return [inline]
    return [f"{_AT}{before}[", *pack(items, _AT + INDENT), f"{_AT}]{after}"]


def _helpers(table: TableData, columns: Sequence[InputBlock]) -> list[Lines]:
    kinds = {block.column.kind for block in columns}
    fills = table.plan.missing == "mean"
    numbers = [block for block in columns if block.column.kind != "category"]
    found: list[Lines] = []
    if fills:
        found.append(function("is_missing(value)", tr("Return whether a raw value is missing."), _IS_MISSING))
    if "date" in kinds:
        text = tr("Return a date, such as 2024-05-31, as days since 1 January 1970.")
        found.append(function("days(value)", text, (_MISSING_STAYS if fills else "") + _DAYS))
    if any(block.column.kind == "boolean" and block.column.categories for block in columns):
        text = tr("Return 0 for the first text and 1 for the second one.")
        found.append(function("truth(value, no, yes)", text, (_MISSING_STAYS if fills else "") + _TRUTH))
    if fills and not all(block.has_gaps for block in numbers):
        text = tr("Return a number; for a missing one, the mean.")
        found.append(function("filled(value, mean)", text, _NUMBER))
    if any(block.has_gaps for block in numbers):
        text = tr("Return a number and 0; for a missing one, the mean and 1.")
        found.append(function("filled_and_gap(value, mean)", text, _NUMBER_AND_GAP))
    if "category" in kinds:
        text = tr("Return 1 for the text of the value, else 0; None is a missing value.")
        if not any(block.has_gaps for block in columns if block.column.kind == "category"):
            text = tr("Return 1 for the text of the value, else 0.")
        found.append(function("one_hot(value, texts)", text, (_MISSING_TEXT if fills else "") + _ONE_HOT))
    return found


_FILL = """\
    points = np.array(rows, dtype=float, ndmin=2)
    return np.where(np.isnan(points), fill, points)
"""
_IS_MISSING = """\
    marks = ("", "?", "-", "na", "n/a", "nan", "<na>", "none", "null")
    return str(value).strip().lower() in marks
"""
_MISSING_STAYS = """\
    if is_missing(value):
        return None
"""
_DAYS = """\
    moment = datetime.fromisoformat(str(value).strip())
    return (moment - datetime(1970, 1, 1)) / timedelta(days=1)
"""
_TRUTH = """\
    if str(value).strip() not in (no, yes):
        raise ValueError(f"{value!r} is neither {no!r} nor {yes!r}")
    return float(str(value).strip() == yes)
"""
_NUMBER = """\
    return mean if is_missing(value) else float(value)
"""
_NUMBER_AND_GAP = """\
    return [mean, 1.0] if is_missing(value) else [float(value), 0.0]
"""
_MISSING_TEXT = """\
    if is_missing(value):
        return [float(text is None) for text in texts]
"""
_ONE_HOT = """\
    names = [str(text).removesuffix(".0") for text in texts]
    name = str(value).strip().removesuffix(".0")
    if name not in names:
        raise ValueError(f"{value!r} is not one of {texts}")
    return [float(k == names.index(name)) for k in range(len(names))]
"""
