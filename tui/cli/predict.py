"""The command predict: predictions for rows of the data, and for rows of one's own."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size

from nn_tui.core.data.input_rows import InputRows, own_rows, raw_blocks, raw_names, table_rows, typed_rows
from nn_tui.core.data.labels import prediction_labels, target_labels
from nn_tui.core.data.training_range import new_values, training_range
from nn_tui.core.data.typed_cells import typed_cells
from nn_tui.core.errors import locate_errors
from nn_tui.core.explain.trace_json import json_array
from nn_tui.core.run.predict import RowPredictions, predict_rows
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Dataset
from nn_tui.core.table.file_names import STANDARD_INPUT
from nn_tui.core.table.values import Layout, RawValue
from nn_tui.core.text import ascii_text, one_line, plain_number, quote, truncate
from nn_tui.core.translation import all_of, tr, tr_plural
from nn_tui.tui.cli.output import print_json, print_line, print_note
from nn_tui.tui.cli.reading import read_stdin, reading_progress
from nn_tui.tui.cli.start import start_run
from nn_tui.tui.cli.training import train_with_progress
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import FAILED, print_error
from nn_tui.tui.terminal.termination import termination

FORMAT = "nn-tui-predict/1"
_PLAIN = Layout("utf-8", ",", ".", header=True)
_READING = ("encoding", "separator", "decimal", "header")  # parts of a layout that are said where they differ
_MAX_DECIMALS = 6  # of a column of numbers that are aligned at the decimal mark
_PAGE_WIDTH = 96  # cells of a line where stdout is no terminal
_MAX_NAMES = 5  # columns that a sentence names
_MAX_CELL = 24  # cells of a column of texts
_MAX_SHOWN_CLASSES = 6  # classes that have a column with their probability; of more, the highest one is shown
_GAP = "  "


def predict(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui predict``: train some updates, and print what the network predicts for some rows."""
    if args.csv == args.preset == STANDARD_INPUT:
        raise UsageError(tr("standard input can be read once; name a file for --csv"))
    run = start_run(args, settings, counts_warnings=True, keeps_data=True)
    rows = _chosen_rows(args, run, settings)  # before the training, which may take long
    if not args.updates and any(layer.weights is None for layer in run.experiment.layers):
        notice = tr("the network is not trained: it predicts with its random initial weights; add --updates N")
        print_note(notice, settings)
    with termination.deferred(second_interrupts=True):
        train_with_progress(run, args.updates, settings)
    if run.divergence:
        problem = tr("training diverged and stopped: {finding}; train fewer updates", finding=run.divergence.sentence)
        return print_error(ascii_text(problem) if settings.ascii else problem, FAILED)
    if rows.filled and not rows.numbers:  # those of the data are said with the rest about the data
        names = all_of([quote(name) for name in rows.filled[:_MAX_NAMES]])
        print_note(tr("missing values of {names} are filled in as in training", names=names), settings)
    if not rows.numbers:
        _say_new_values(run, rows, settings)
    predictions = predict_rows(run.engine, run.state, rows)
    if args.json:
        print_json(_report(run, predictions))
        return 0
    for line in prediction_lines(run.experiment.data, predictions, _page_width(), settings.ascii):
        print_line(line, settings)
    return 0


def _chosen_rows(args: argparse.Namespace, run: Run, settings: Settings) -> InputRows:
    """Return the rows that the options choose.

    Raises:
        InputError: For a row that the data does not have, and for a cell that is not valid.
    """
    experiment = run.experiment
    if args.rows is not None:
        with locate_errors(path=("--rows",)):
            return own_rows(experiment, chain(*args.rows))
    if args.csv is not None:
        return _rows_of_file(args.csv, experiment.data, settings)
    names = raw_names(experiment.data)
    cells = [[cell.text for cell in typed_cells(text, len(names))] for text in args.input]
    with locate_errors(path=("--input",)):
        return typed_rows(experiment.data, cells)


def _rows_of_file(name: str, data: Dataset, settings: Settings) -> InputRows:
    """Return the rows of the file that ``--csv`` names.

    Raises:
        InputError: If the file cannot be read, or an input is missing in it.
    """
    # Imported here, because only this option reads a table by itself.
    from nn_tui.core.table.reader import read_table

    source, shown = (read_stdin(settings), tr("standard input")) if name == STANDARD_INPUT else (Path(name), "")
    with locate_errors(path=("--csv",)), reading_progress(name, settings) as progress:
        table = read_table(source, name=shown, progress=progress)
        rows = table_rows(data, table)
    expected = _PLAIN if data.table is None else data.table.layout
    if any(getattr(table.layout, part) != getattr(expected, part) for part in _READING):
        from nn_tui.core.table.sentences import layout_text

        print_note(tr("{path}: {problem}", path=shown or name, problem=layout_text(table.layout)), settings)
    return rows


def _say_new_values(run: Run, rows: InputRows, settings: Settings) -> None:
    """Say on stderr which value is beyond those of the training rows, and how many more are."""
    data = run.experiment.data
    every = new_values(data, training_range(data), rows, raw_blocks(data))
    found = [new for new in every if rows.cells[new.row][new.column] is not None]
    if not found:
        return
    row, column, text = found[0]
    name, more = one_line(truncate(rows.names[column])), len(found) - 1
    if more:
        print_note(tr_plural("row {row:,}: {name}: {problem} {count:,} more value is new to the network.",
                              "row {row:,}: {name}: {problem} {count:,} more values are new to the network.",
                              more, row=row + 1, name=name, problem=text), settings)  # fmt: skip
    else:
        print_note(tr("row {row:,}: {name}: {problem}", row=row + 1, name=name, problem=text), settings)


def _report(run: Run, predictions: RowPredictions) -> dict[str, Any]:
    """Return the predictions as one JSON object."""
    rows, classes = predictions.rows, predictions.classes
    predicted = [classes[index] if index >= 0 else None for index in predictions.predicted.tolist()]
    return {
        "format": FORMAT,
        "preset": run.experiment.preset.id,
        "updates": run.position,
        "rows": list(rows.numbers) or None,
        "input_names": list(rows.names),
        "inputs": [list(row) for row in rows.cells],
        "outputs": list(predictions.output_names),
        "classes": list(classes),
        "predictions": json_array(predictions.outputs),
        "predicted": predicted if classes else None,
        "targets": [list(row) for row in predictions.targets] or None,
    }


# The table for people


class _Column(NamedTuple):
    """A column of the printed table; numbers are flush right."""

    title: str
    cells: list[str]
    is_number: bool

    @property
    def width(self) -> int:
        return max(map(cell_len, (self.title, *self.cells)))


def _page_width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _PAGE_WIDTH


def prediction_lines(data: Dataset, predictions: RowPredictions, width: int, is_ascii: bool = False) -> list[str]:
    """Return predictions as the lines of a table; where it is wider than ``width`` cells, inputs are left out."""
    rows = predictions.rows
    numbers = rows.numbers or range(1, len(rows.cells) + 1)
    first = [_Column(tr("row"), [f"{number:,}" for number in numbers], True)] if len(numbers) > 1 else []
    inputs = (_column(name, [row[index] for row in rows.cells]) for index, name in enumerate(rows.names))
    last = [*_prediction_columns(data, predictions), *_target_columns(data, predictions)]
    room = width - sum(column.width + len(_GAP) for column in (*first, *last))
    return list(_lines([*first, *_fit(inputs, room, len(rows.cells), is_ascii), *last]))


def _fit(columns: Iterator[_Column], room: int, rows: int, is_ascii: bool) -> list[_Column]:
    """Return the first of the columns that fit into ``room`` cells, and a column of dots for the others."""
    more = "..." if is_ascii else "…"
    dots = _Column(more, [more] * rows, False)
    shown: list[_Column] = []
    for column in columns:  # no more of them are made than are needed
        shown.append(column)
        room -= column.width + len(_GAP)
        if room < 0:
            break
    else:
        return shown
    while shown and room < dots.width + len(_GAP):
        room += shown.pop().width + len(_GAP)
    return [*shown, dots] if shown else []


def _prediction_columns(data: Dataset, predictions: RowPredictions) -> Iterator[_Column]:
    outputs, classes = predictions.outputs, predictions.classes
    if not classes:
        names = (tr("prediction"),) if outputs.shape[1] == 1 else prediction_labels(data)
        for index, name in enumerate(names):
            yield _column(name, outputs[:, index].tolist())
        return
    yield _column(tr("prediction"), [classes[i] if i >= 0 else "NaN" for i in predictions.predicted.tolist()])
    if not predictions.is_probability:
        for index, name in enumerate(prediction_labels(data)):
            yield _column(name, outputs[:, index].tolist())
    elif 1 < outputs.shape[1] <= _MAX_SHOWN_CLASSES:
        for index, name in enumerate(classes):
            yield _Column(f"p({one_line(truncate(name))})", [_probability(p) for p in outputs[:, index].tolist()], True)
    else:
        yield _Column(tr("probability"), [_probability(p) for p in predictions.confidence().tolist()], True)


def _target_columns(data: Dataset, predictions: RowPredictions) -> Iterator[_Column]:
    targets = predictions.targets
    if targets:
        names = (tr("target"),) if len(targets[0]) == 1 else target_labels(data)
        for index, name in enumerate(names):
            yield _column(name, [row[index] for row in targets])


def _probability(value: float) -> str:
    return f"{value:.4f}"


def _column(name: str, cells: Sequence[RawValue]) -> _Column:
    is_number = all(cell is None or isinstance(cell, float) for cell in cells)
    texts = _align([_cell_text(cell) for cell in cells]) if is_number else [_cell_text(cell) for cell in cells]
    return _Column(one_line(truncate(name)), texts, is_number)


def _align(texts: list[str]) -> list[str]:
    """Return numbers with the same count of decimals; numbers as they are if one has an exponent or many decimals."""
    decimals = [len(text.partition(".")[2]) for text in texts]
    most = max(decimals, default=0)
    if not 0 < most <= _MAX_DECIMALS or any("e" in text for text in texts):
        return texts
    return [
        f"{text}{'' if '.' in text else '.'}{'0' * (most - count)}" if text[-1:].isdigit() else text
        for text, count in zip(texts, decimals, strict=True)
    ]


def _cell_text(cell: RawValue) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, str):
        text = one_line(cell)
        return text if cell_len(text) <= _MAX_CELL else f"{set_cell_size(text, _MAX_CELL - 1).rstrip()}…"
    return plain_number(cell)


def _lines(columns: Sequence[_Column]) -> Iterator[str]:
    widths = [column.width for column in columns]
    for texts in zip(*([column.title, *column.cells] for column in columns), strict=True):
        cells = [
            f"{' ' * (width - cell_len(text))}{text}" if column.is_number else set_cell_size(text, width)
            for text, width, column in zip(texts, widths, columns, strict=True)
        ]
        yield _GAP.join(cells).rstrip()
