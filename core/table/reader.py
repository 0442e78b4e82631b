"""Reads a text file with a table: any usual encoding, separator, header and way of writing numbers.

The rows are divided into cells by the csv module of the standard library, some thousand cells at a time. Each piece
becomes numbers or codes of texts at once, so the memory is that of the bytes of the file and of the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nn_tui.core.table.cells import is_infinite, parse_number
from nn_tui.core.table.columns import CategoryColumn, NumberColumn
from nn_tui.core.table.file_errors import cell_error, literal, shown_path
from nn_tui.core.table.not_a_table import check_is_table
from nn_tui.core.table.rows import Column, Progress, RowReader, RowsRead, ShouldStop, TextFile
from nn_tui.core.table.source import read_bytes
from nn_tui.core.table.survey import Survey, other_mark, survey_lines
from nn_tui.core.table.text_encoding import find_encoding
from nn_tui.core.table.values import (
    MAX_BYTES,
    MAX_ROWS,
    NO_OPTIONS,
    Decimal,
    Layout,
    TableOptions,
    TextColumn,
    TextTable,
)
from nn_tui.core.translation import message

_FIRST_PASS = 0.8  # of the progress; columns of numbers with a few texts are read twice
_MEMO_CELLS = 200_000
_MIN_NUMBERS, _MAX_EXCEPTIONS = 3, 2 / 3  # of a column that is nearly one of numbers, for each number


def read_table(
    source: Path | bytes,
    options: TableOptions = NO_OPTIONS,
    *,
    name: str = "",
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> TextTable:
    """Read the table in a text file.

    Args:
        source: The path, or the bytes of the file.
        options: What a person chose; the rest is found out.
        name: The name of the file, for messages; by default the path.
        progress: Is called now and then with the share that was read, from 0 to 1.
        should_stop: Is called often; reading stops if it returns true.
        max_bytes: The largest size that is read, also after it is unpacked.
        max_rows: How many rows are read at most.

    Raises:
        InputError: If there is no table, or an option does not fit; with the code ``cancelled`` if it was stopped.
    """
    file = name or (shown_path(source) if isinstance(source, Path) else "-")
    report = progress or (lambda _: None)
    data, compression = read_bytes(source, file, max_bytes, should_stop)
    text = TextFile(file, data, find_encoding(data, options.encoding, file, should_stop))
    survey = survey_lines(text.sample(), options, file, should_stop)
    structure, decimal = survey.structure, survey.decimal.decimal
    reader = RowReader(text, survey.dialect, structure, survey.numeric, should_stop, max_rows)
    read = _read_columns(reader, survey, decimal, report)
    if not (survey.other_decimal or options.decimal) and _fits_better(other_mark(decimal), read):
        decimal = other_mark(decimal)
        read = _read_columns(reader, survey, decimal, report)
    columns = _finished(read, survey, file)
    places = [place for place, column in enumerate(columns) if column]
    table = TextTable(
        file=file,
        layout=Layout(
            encoding=text.encoding,
            separator=survey.dialect.separator,
            decimal=decimal,
            header=structure.names is not None,
            skipped_lines=structure.skipped + read.rows.skipped,
            compression=compression,
        ),
        columns=tuple(column for column in columns if column),
        first_rows=tuple(tuple(row[place] for place in places) for row in read.rows.first_rows),
        short_rows=read.rows.short_rows,
        short_line=read.rows.short_line,
        is_decimal_doubtful=survey.decimal.is_doubtful and decimal == survey.decimal.decimal and not options.decimal,
    )
    if options.separator is None:
        check_is_table(table)
    report(1.0)
    return table


@dataclass(frozen=True, slots=True)
class _ColumnsRead:
    """The columns of a file as they were read.

    Attributes:
        columns: All columns.
        texts: For each column that looked like numbers and has other values as well, the column of its texts.
        rows: What the first pass over the rows found besides.
    """

    columns: Sequence[Column]
    texts: Sequence[CategoryColumn | None]
    rows: RowsRead


def _read_columns(reader: RowReader, survey: Survey, decimal: Decimal, report: Progress) -> _ColumnsRead:
    """Read all columns, and a second time those that look like numbers and have other values as well."""
    width = survey.structure.width
    other, memo = other_mark(decimal), _MEMO_CELLS // width
    columns: list[Column] = [
        NumberColumn(other if place in survey.other_decimal else decimal, memo)
        if place in survey.numeric
        else CategoryColumn()
        for place in range(width)
    ]
    rows = reader.read(columns, lambda share: report(_FIRST_PASS * share))
    texts = [_texts_besides_numbers(column) for column in columns]
    if any(texts):
        reader.read(texts, lambda share: report(_FIRST_PASS + (1 - _FIRST_PASS) * share))
    return _ColumnsRead(columns, texts, rows)


def _texts_besides_numbers(column: Column) -> CategoryColumn | None:
    """Return a new column of texts for a column of numbers that has other values as well."""
    return CategoryColumn() if isinstance(column, NumberColumn) and column.exceptions[0] else None


def _fits_better(decimal: Decimal, read: _ColumnsRead) -> bool:
    """Return whether some columns are numbers with the other decimal mark only, and no column has the present one."""
    for builder, texts in zip(read.columns, read.texts, strict=True):
        if isinstance(builder, NumberColumn) and not texts:
            values = builder.values[~np.isnan(builder.values)]
            if (values != np.floor(values)).any():
                return False
    return any(
        texts is not None and builder.others and all(parse_number(text, decimal) for text in texts.codes_and_texts[1])
        for builder, texts in zip(read.columns, read.texts, strict=True)
        if isinstance(builder, NumberColumn)
    )


def _finished(read: _ColumnsRead, survey: Survey, file: str) -> list[TextColumn | None]:
    """Return the columns; None for one without a name and values at the end of each row."""
    finished: list[TextColumn | None] = []
    found = zip(read.columns, read.texts, survey.names, strict=True)
    for place, (builder, texts, (name, is_named, written)) in enumerate(found):
        is_code = place in survey.codes
        column = TextColumn(name, None, is_named=is_named, written_name=written, is_code=is_code)
        column = _with_gap(column, builder)
        if isinstance(builder, NumberColumn) and texts is None:
            text, line = builder.infinite
            if line:
                problem = message("{cell} is too large for a 64-bit number.", cell=literal(text))
                if is_infinite(text):
                    problem = message("{cell} is not a finite number.", cell=literal(text))
                raise cell_error("not_finite", file, line, place + 1, name, problem)
            column = replace(column, numbers=builder.values, unit=builder.unit, decimal=builder.decimal)
        elif isinstance(builder, NumberColumn) and texts is not None:
            count, text, line = builder.exceptions
            numbers = builder.number_count
            if numbers >= _MIN_NUMBERS and builder.others <= max(1, _MAX_EXCEPTIONS * numbers):
                column = replace(column, exception_count=count, exception=text, exception_line=line)
            builder = texts
        if isinstance(builder, CategoryColumn):
            codes, different = builder.codes_and_texts
            column = _with_gap(replace(column, codes=codes, texts=different), builder)
        finished.append(column)
    while len(finished) > 1 and _is_empty(finished[-1]):
        finished.pop()
    start = 1 if len(finished) > 1 and len(finished) < len(read.columns) and _is_empty(finished[0]) else 0
    return [None] * start + finished[start:] + [None] * (len(read.columns) - len(finished))


def _with_gap(column: TextColumn, builder: Column) -> TextColumn:
    """Return a column with the place of its first row without a value."""
    return replace(column, missing_line=builder.missing_line, missing_mark=builder.missing_mark)


def _is_empty(column: TextColumn | None) -> bool:
    """Return whether a column has neither a name nor a value."""
    if column is None or column.is_named or column.numbers is None:
        return False
    return bool(np.isnan(column.numbers).all())
