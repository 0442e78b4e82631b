"""The inputs of an ONNX model: raw rows, and the nodes that make the inputs of the network of them.

These are the steps of :func:`nn_tui.core.table.encode.encode_values` and
:func:`nn_tui.core.data.features.network_inputs`, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from nn_tui.core.data.features import FEATURES
from nn_tui.core.data.input_rows import raw_blocks, raw_names
from nn_tui.core.data.scaling import has_standardized_inputs
from nn_tui.core.export.onnx_graph import ML_DOMAIN, Graph, Value
from nn_tui.core.spec import Array, Dataset
from nn_tui.core.table.cells import MISSING_MARKS
from nn_tui.core.table.encode import InputBlock
from nn_tui.core.table.raw_values import category_values

INPUTS = "inputs"
_MISSING = tuple(dict.fromkeys(text for mark in sorted(MISSING_MARKS) for text in (mark, mark.upper(), mark.title())))
_UNKNOWN = -1  # the code of a text that is no category
_LARGEST = 1e300  # a larger number marks a text that is not a boolean, in a boolean column


def network_inputs(graph: Graph, data: Dataset) -> Value:
    """Add the inputs of a model to a graph, and return the inputs (rows, inputs) of the network.

    The model has one input with a column for each raw input; if a raw input is a text, one input (rows, 1) for each.
    A number that is NaN and an empty text are missing. A category that the data does not have makes the predictions of
    the row NaN, and so does a text that is no boolean, because ``nn-tui predict`` refuses both.
    """
    names, blocks = raw_names(data), raw_blocks(data)
    if inputs := column_inputs(data):
        columns = [
            graph.input(name, 1, _about(block), is_text=_is_text(block))
            for name, block in zip(inputs, blocks, strict=True)
        ]
        points = _encoded(graph, data, blocks, columns)
    else:
        rows = graph.input(INPUTS, len(names), ", ".join(names))
        points = _encoded(graph, data, blocks, rows) if blocks else rows
    return _standardized(graph, data, _features(graph, data, points))


def column_inputs(data: Dataset) -> dict[str, bool]:
    """Return the name of the input for each column, and whether it takes texts; empty if one takes all columns."""
    blocks = raw_blocks(data)
    if not any(_is_text(block) for block in blocks):
        return {}
    return {block.column.name or f"column {place}": _is_text(block) for place, block in enumerate(blocks, 1)}


def _features(graph: Graph, data: Dataset, points: Value) -> Value:
    if not data.features:
        return points
    x1, x2 = (_columns(graph, points, [column]) for column in (0, 1))
    functions: list[Any] = [FEATURES[name] for name in data.features]  # they take whatever has the operators of arrays
    return graph.concat(function(x1, x2) for function in functions)


def _standardized(graph: Graph, data: Dataset, x: Value) -> Value:
    if not has_standardized_inputs(data):
        return x
    return (x - graph.constant(data.x_mean, "mean")) / graph.constant(data.x_scale, "scale")


def _encoded(graph: Graph, data: Dataset, blocks: Sequence[InputBlock], raw: Value | Sequence[Value]) -> Value:
    """Return the points (rows, columns) that raw inputs become.

    Args:
        graph: The graph.
        data: The data.
        blocks: The raw inputs.
        raw: The matrix of all raw inputs, or the column (rows, 1) of each.
    """
    parts: list[Value] = []
    for is_plain, group in groupby(enumerate(blocks), lambda pair: pair[1].width == 1 and not _is_category(pair[1])):
        members = list(group)
        for places in [[place for place, _ in members]] if is_plain else [[place] for place, _ in members]:
            if isinstance(raw, Value):
                values = raw if len(places) == len(blocks) else _columns(graph, raw, places)
            else:
                values = graph.concat(_booleans_as_numbers(graph, blocks[place], raw[place]) for place in places)
            chosen = [blocks[place] for place in places]
            parts += _category(graph, chosen[0], values) if _is_category(chosen[0]) else _numbers(data, chosen, values)
    return graph.concat(parts)


def _numbers(data: Dataset, blocks: Sequence[InputBlock], values: Value) -> list[Value]:
    """Return columns of numbers with their missing ones filled in, and the mark of a single column with gaps."""
    graph = values.graph
    filled = values
    if data.table is not None and data.table.plan.missing == "mean":
        is_missing = graph.add("IsNaN", values)
        fill = graph.constant(np.array([[data.fill[block.place] for block in blocks]], dtype=np.float64))
        filled = graph.where(is_missing, fill, values)
    if any(_is_text(block) for block in blocks):
        filled = graph.where(filled > _LARGEST, float("nan"), filled)
    if filled is values or not blocks[0].has_gaps:
        return [filled]
    return [filled, graph.cast(graph.add("IsNaN", values))]


def _category(graph: Graph, block: InputBlock, values: Value) -> list[Value]:
    """Return the one-hot columns of a category, with one for missing values if it has gaps."""
    numbers = _category_numbers(block)
    if numbers is not None:
        known = graph.cast(graph.add("Equal", values, graph.constant(numbers[None])))
        count = graph.add("ReduceSum", known, graph.constant(np.array([1])), keepdims=1)
        missing = graph.cast(graph.add("IsNaN", values))
        known = graph.where(count + missing > 0.0, known, float("nan"))
        return [known, missing] if block.has_gaps else [known]
    texts = block.column.categories
    spellings = dict.fromkeys(_MISSING, len(texts)) | _spellings(texts)
    codes = graph.add(
        "LabelEncoder",
        values,
        domain=ML_DOMAIN,
        keys_strings=list(spellings),
        values_int64s=list(spellings.values()),
        default_int64=_UNKNOWN,
    )
    known = graph.cast(graph.add("Equal", codes, graph.constant(np.arange(block.width)[None])))
    is_unknown = graph.add("Equal", codes, graph.constant(np.array(_UNKNOWN)))
    return [graph.where(is_unknown, float("nan"), known)]


def _booleans_as_numbers(graph: Graph, block: InputBlock, column: Value) -> Value:
    """Return a column of booleans as 0 and 1, NaN where it is missing, infinite where it is neither.

    Another column is returned as it is.
    """
    if block.column.kind != "boolean" or not _is_text(block):
        return column
    spellings = _spellings(block.column.categories)
    missing = [text for text in _MISSING if text not in spellings]
    numbers = graph.add(
        "LabelEncoder",
        column,
        domain=ML_DOMAIN,
        keys_strings=[*missing, *spellings, "0", "1"],
        values_floats=[*(float("nan") for _ in missing), *map(float, spellings.values()), 0.0, 1.0],
        default_float=float("inf"),
    )
    return graph.cast(numbers)


def _spellings(texts: Sequence[str]) -> dict[str, int]:
    """Return texts with their indexes, also in lower case, upper case and as titles, where that names one of them."""
    found = {text: index for index, text in enumerate(texts)}
    folded = [text.casefold() for text in texts]
    for index, text in enumerate(texts):
        if folded.count(text.casefold()) == 1:
            for spelling in (text.lower(), text.upper(), text.capitalize(), text.title()):
                if spelling.casefold() == folded[index]:
                    found.setdefault(spelling, index)
    return found


def _is_category(block: InputBlock) -> bool:
    return block.column.kind == "category"


def _is_text(block: InputBlock) -> bool:
    """Return whether the raw values are texts. Dates are days since 1970."""
    if block.column.kind == "boolean":
        return bool(block.column.categories)
    return _is_category(block) and _category_numbers(block) is None


def _category_numbers(block: InputBlock) -> Array | None:
    """Return the categories as different numbers; None if they are texts."""
    values = category_values(block.column.categories)
    is_number = all(isinstance(value, float) for value in values) and len(set(values)) == len(values)
    return np.array(values, dtype=np.float64) if is_number else None


def _about(block: InputBlock) -> str:
    """Return what a column is, for a reader of the model."""
    if _is_text(block):
        return "one of: " + ", ".join(block.column.categories)
    return "days since 1970-01-01" if block.column.kind == "date" else "a number"


def _columns(graph: Graph, matrix: Value, places: Sequence[int]) -> Value:
    return graph.add("Gather", matrix, graph.constant(np.array(places)), axis=1)
