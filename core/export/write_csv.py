"""Writes weights and biases as tables, for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from nn_tui.core.data.scaling import scaling_arrays
from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.run.checkpoint import Checkpoint


def write_csv(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return a table of all weights and biases, a row for each; then one file for each matrix.

    The last rows of the table are the means and scales of the inputs and targets, if these are standardised.

    The file of a matrix has the names of its inputs in the first line, then a line for each unit. Hidden units are
    named by their activation, such as ``a1[2]``.
    """
    data, state = checkpoint.experiment.data, checkpoint.state
    rows: list[Sequence[object]] = []
    matrices = []
    inputs = data.input_names
    for layer, (weights, bias) in enumerate(zip(state.weights, state.biases, strict=True), start=1):
        is_last = layer == len(state.weights)
        units = data.output_names if is_last else tuple(f"a{layer}[{unit + 1}]" for unit in range(len(bias)))
        w, b = weights.tolist(), bias.tolist()
        for i, unit in enumerate(units):
            rows += [(f"w{layer}[{i + 1},{j + 1}]", layer, unit, name, w[i][j]) for j, name in enumerate(inputs)]
            rows.append((f"b{layer}[{i + 1}]", layer, unit, "", b[i]))
        matrices.append(ExportedFile(f"{options.name}-w{layer}.csv", _table(inputs, w)))
        matrices.append(ExportedFile(f"{options.name}-b{layer}.csv", _table([f"b{layer}"], ([value] for value in b))))
        inputs = units
    for key, array in scaling_arrays(data).items():
        names, column = (data.input_names, 3) if key.startswith("x") else (data.output_names, 2)
        for index, (name, value) in enumerate(zip(names, array.tolist(), strict=True)):
            rows.append((f"{key}[{index + 1}]", "", *(name if place == column else "" for place in (2, 3)), value))
    return (ExportedFile(f"{options.name}.csv", _table(("name", "layer", "unit", "input", "value"), rows)), *matrices)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the text of a table; numbers have all digits."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue()
    # Excel takes a file without a byte order mark for the code page of its country.
    return content.encode("utf-8" if content.isascii() else "utf-8-sig")
