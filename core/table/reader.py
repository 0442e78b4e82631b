"""Reads a text file with a table: any usual encoding, separator, header and way of writing numbers.

The rows are divided into cells by the csv module of the standard library, some thousand cells at a time. Each piece
becomes numbers or codes of texts at once, so the memory is that of the bytes of the file and of the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_infinite, is_missing, parse_number
from nn_tui.core.table.columns import CategoryColumn, DecimalChoice, NumberColumn, are_codes, choose_decimal, is_text
from nn_tui.core.table.dialect import (
    Dialect,
    Record,
    Records,
    find_dialect,
    sample_records,
    separator_line,
    usual_width,
)
from nn_tui.core.table.file_errors import cell_error, check_not_stopped, literal, shown_path
from nn_tui.core.table.not_a_table import check_is_table, check_one_column
from nn_tui.core.table.rows import Column, Progress, RowReader, ShouldStop, TextFile
from nn_tui.core.table.source import check_text, read_bytes
from nn_tui.core.table.structure import arff_names, column_names, find_structure
from nn_tui.core.table.text_encoding import find_encoding
from nn_tui.core.table.values import MAX_BYTES, MAX_ROWS, Decimal, Layout, TableOptions, TextColumn, TextTable
from nn_tui.core.translation import message

_MIN_SAMPLE_ROWS, _SAMPLE_CELLS = 5, 20_000  # the rows in which the decimal mark is found
_FIRST_PASS = 0.8  # of the progress; columns of numbers with a few texts are read twice
_MEMO_CELLS = 200_000
_MIN_NUMBERS, _MAX_EXCEPTIONS = 3, 2 / 3  # of a column that is nearly one of numbers, for each number


def read_table(
    source: Path | bytes,
    options: TableOptions = TableOptions(),  # noqa: B008  it is frozen
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
    sample = text.sample()
    check_text("".join(sample[:100])[:4096], file)
    check_not_stopped(should_stop)
    named = separator_line(sample[0]) if sample else None
    arff = arff_names(sample)
    first = arff[1] if arff else int(named is not None)  # how many lines come before all others
    dialect, records = _divide(sample[first:], named if options.separator is None else options.separator, file, first)
    check_not_stopped(should_stop)
    structure = find_structure(records, False if arff else options.header, file, dialect.separator)
    if arff and len(arff[0]) == structure.width:
        structure = replace(structure, names=arff[0], comment=("%",))
    structure = replace(structure, skipped=structure.skipped + first)
    dialect = replace(dialect, comment=structure.comment)
    check_not_stopped(should_stop)
    rows = [record.cells for record in records if record.line >= structure.first_line and not record.mark]
    rows = rows[: max(_MIN_SAMPLE_ROWS, _SAMPLE_CELLS // structure.width)]
    columns = [[row[place] for row in rows if place < len(row)] for place in range(structure.width)]
    if structure.width == 1 and options.separator is None:
        check_one_column([cell for row in rows for cell in row], file)
    names = column_names(structure.names, structure.width)
    choice = choose_decimal(columns, dialect.separator)
    if options.decimal and options.decimal != choice.decimal:
        _check_decimal(options.decimal, choice, columns, [name for name, _, _ in names], file)
        choice = DecimalChoice(options.decimal)
    check_not_stopped(should_stop)
    other_decimal: Decimal = "." if choice.decimal == "," else ","
    texts = [place for place, cells in enumerate(columns) if is_text(cells, choice.decimal)]
    swapped = frozenset(place for place in texts if not is_text(columns[place], other_decimal))
    numeric = frozenset(range(structure.width)) - (frozenset(texts) - swapped)
    codes = frozenset(place for place in numeric if are_codes(columns[place]))
    reader = RowReader(text, dialect, structure, numeric, should_stop, max_rows)

    def run(decimal: Decimal) -> TextTable:
        memo = _MEMO_CELLS // structure.width
        other: Decimal = "." if decimal == "," else ","
        builders: list[Column] = [
            NumberColumn(other if place in swapped else decimal, memo) if place in numeric else CategoryColumn()
            for place in range(structure.width)
        ]
        found = reader.read(builders, lambda share: report(_FIRST_PASS * share))
        again = [_texts_besides_numbers(builder) for builder in builders]
        if any(again):
            reader.read(again, lambda share: report(_FIRST_PASS + (1 - _FIRST_PASS) * share))
            if (
                not swapped
                and not options.decimal
                and decimal == choice.decimal
                and _fits_better(other, builders, again)
            ):
                return run(other)
        kept = _finished(builders, again, names, file)
        layout = Layout(
            text.encoding,
            dialect.separator,
            decimal,
            structure.names is not None,
            structure.skipped + found.skipped,
            compression,
        )
        kept = [replace(each, is_code=place in codes) if each else None for place, each in enumerate(kept)]
        places = [place for place, column in enumerate(kept) if column]
        return TextTable(
            file,
            layout,
            tuple(column for column in kept if column),
            tuple(tuple(row[place] for place in places) for row in found.first_rows),
            found.short_rows,
            found.short_line,
            choice.is_doubtful and decimal == choice.decimal and not options.decimal,
        )

    table = run(choice.decimal)
    if options.separator is None:
        check_is_table(table)
    report(1.0)
    return table


def _divide(lines: Sequence[str], separator: str | None, file: str, first: int) -> tuple[Dialect, list[Record]]:
    """Return the dialect of the first lines of a file, and their records; ``first`` lines came before them."""
    if separator is not None and (len(separator) != 1 or separator.isalnum() or separator in "\r\n\"'\\.+-"):
        problem = message("{separator} cannot separate cells; use a comma, a semicolon, a tab, a space or a bar.",
                          separator=literal(separator))  # fmt: skip
        raise InputError("not_a_choice", problem, value=separator)
    dialect = find_dialect(lines, separator)
    records = sample_records(lines, dialect)
    if separator and usual_width(records) == 1:
        better = find_dialect(lines, None)
        if usual_width(sample_records(lines, better)) > 1:
            problem = message(
                "the lines are not separated by {separator}, but by {other}.",
                separator=literal(separator),
                other=literal(better.separator),
            )
            raise InputError("conflict", problem, file=file, value=separator)
    if sum(not record.mark for record in records) < 2:
        list(Records(lines, dialect, file, first + 1))  # raises the error of the row that cannot be read
    return dialect, [replace(record, line=record.line + first) for record in records]


def _check_decimal(
    asked: Decimal, choice: DecimalChoice, columns: Sequence[Sequence[str]], names: Sequence[str], file: str
) -> None:
    """Raise an error if more columns are numbers with the other decimal mark than with the one that was asked for."""
    if choice.is_doubtful:
        return
    values = [[cell for cell in map(str.strip, cells) if not is_missing(cell)] for cells in columns]
    with_asked = [all(parse_number(cell, asked) for cell in cells) for cells in values]
    with_other = [all(parse_number(cell, choice.decimal) for cell in cells) for cells in values]
    if sum(with_asked) >= sum(with_other):
        return
    place = next(place for place, fits in enumerate(with_other) if fits and not with_asked[place])
    problem = message(
        "{cell} is not a number with the decimal mark {asked}; the file has {found}.",
        cell=literal(next(cell for cell in values[place] if not parse_number(cell, asked))),
        asked=literal(asked),
        found=literal(choice.decimal),
    )
    raise InputError("conflict", problem, path=(names[place],), file=file, value=asked)


def _texts_besides_numbers(column: Column) -> CategoryColumn | None:
    """Return a new column of texts for a column of numbers that has other values as well."""
    return CategoryColumn() if isinstance(column, NumberColumn) and column.exceptions[0] else None


def _fits_better(decimal: Decimal, builders: Sequence[Column], again: Sequence[CategoryColumn | None]) -> bool:
    """Return whether some columns are numbers with the other decimal mark only, and no column has the present one."""
    for builder, texts in zip(builders, again, strict=True):
        if isinstance(builder, NumberColumn) and not texts:
            values = builder.values[~np.isnan(builder.values)]
            if (values != np.floor(values)).any():
                return False
    return any(
        texts is not None and builder.others and all(parse_number(text, decimal) for text in texts.codes_and_texts[1])
        for builder, texts in zip(builders, again, strict=True)
        if isinstance(builder, NumberColumn)
    )


def _finished(
    builders: Sequence[Column],
    again: Sequence[CategoryColumn | None],
    names: Sequence[tuple[str, bool, str]],
    file: str,
) -> list[TextColumn | None]:
    """Return the columns; None for one without a name and values at the end of each row."""
    finished: list[TextColumn | None] = []
    for place, (builder, texts, (name, is_named, written)) in enumerate(zip(builders, again, names, strict=True)):
        column = _with_gap(TextColumn(name, None, is_named=is_named, written_name=written), builder)
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
    start = 1 if len(finished) > 1 and len(finished) < len(builders) and _is_empty(finished[0]) else 0
    return [None] * start + finished[start:] + [None] * (len(builders) - len(finished))


def _with_gap(column: TextColumn, builder: Column) -> TextColumn:
    """Return a column with the place of its first row without a value."""
    return replace(column, missing_line=builder.missing_line, missing_mark=builder.missing_mark)


def _is_empty(column: TextColumn | None) -> bool:
    """Return whether a column has neither a name nor a value."""
    if column is None or column.is_named or column.numbers is None:
        return False
    return bool(np.isnan(column.numbers).all())
