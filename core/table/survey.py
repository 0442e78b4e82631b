"""What the first lines of a file say about all of it: the dialect, the structure, and which columns have numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_missing, parse_number
from nn_tui.core.table.columns import DecimalChoice, are_codes, choose_decimal, is_text
from nn_tui.core.table.dialect import (
    Dialect,
    Record,
    Records,
    find_dialect,
    sample_records,
    separator_line,
    usual_width,
)
from nn_tui.core.table.file_errors import check_not_stopped, literal
from nn_tui.core.table.not_a_table import check_one_column
from nn_tui.core.table.rows import ShouldStop
from nn_tui.core.table.source import check_text
from nn_tui.core.table.structure import Structure, arff_names, column_names, find_structure
from nn_tui.core.table.values import Decimal, TableOptions
from nn_tui.core.translation import message

_MIN_SAMPLE_ROWS, _SAMPLE_CELLS = 5, 20_000  # the rows in which the decimal mark is found


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first lines of a file say about all of it.

    Attributes:
        dialect: How lines are divided into cells.
        structure: Where the header and the rows are.
        names: For each column its name, whether the header has it, and how it is written there.
        decimal: The decimal mark, and whether it is doubtful.
        numeric: The places of the columns that look like numbers.
        other_decimal: Those of them that have the other decimal mark.
        codes: Those of them that are written like codes.
    """

    dialect: Dialect
    structure: Structure
    names: tuple[tuple[str, bool, str], ...]
    decimal: DecimalChoice
    numeric: frozenset[int]
    other_decimal: frozenset[int]
    codes: frozenset[int]


def survey_lines(
    lines: Sequence[str], options: TableOptions, file: str, should_stop: ShouldStop | None = None
) -> Survey:
    """Return what the first lines of a file say about all of it.

    Args:
        lines: The first lines.
        options: What a person chose.
        file: The name of the file, for messages.
        should_stop: Is called between the steps.

    Raises:
        InputError: If there is no table, or an option does not fit.
    """
    check_text("".join(lines[:100])[:4096], file)
    check_not_stopped(should_stop)
    dialect, structure, records = _find_layout(lines, options, file, should_stop)
    rows = [record.cells for record in records if record.line >= structure.first_line and not record.mark]
    rows = rows[: max(_MIN_SAMPLE_ROWS, _SAMPLE_CELLS // structure.width)]
    if structure.width == 1 and options.separator is None:
        check_one_column([cell for row in rows for cell in row], file)
    columns = [[row[place] for row in rows if place < len(row)] for place in range(structure.width)]
    names = column_names(structure.names, structure.width)
    decimal = choose_decimal(columns, dialect.separator)
    if options.decimal and options.decimal != decimal.decimal:
        _check_decimal(options.decimal, decimal, columns, [name for name, _, _ in names], file)
        decimal = DecimalChoice(options.decimal)
    check_not_stopped(should_stop)
    texts = frozenset(place for place, cells in enumerate(columns) if is_text(cells, decimal.decimal))
    other = frozenset(place for place in texts if not is_text(columns[place], other_mark(decimal.decimal)))
    numeric = frozenset(range(structure.width)) - (texts - other)
    codes = frozenset(place for place in numeric if are_codes(columns[place]))
    return Survey(dialect, structure, tuple(names), decimal, numeric, other, codes)


def other_mark(decimal: Decimal) -> Decimal:
    """Return the decimal mark that ``decimal`` is not."""
    return "." if decimal == "," else ","


def _find_layout(
    lines: Sequence[str], options: TableOptions, file: str, should_stop: ShouldStop | None
) -> tuple[Dialect, Structure, list[Record]]:
    """Return how lines are divided, where the rows are, and the records of the lines."""
    named = separator_line(lines[0]) if lines else None
    arff = arff_names(lines)
    first = arff[1] if arff else int(named is not None)  # how many lines come before all others
    dialect, records = _divide(lines[first:], named if options.separator is None else options.separator, file, first)
    check_not_stopped(should_stop)
    structure = find_structure(records, False if arff else options.header, file, dialect.separator)
    if arff and len(arff[0]) == structure.width:
        structure = replace(structure, names=arff[0], comment=("%",))
    structure = replace(structure, skipped=structure.skipped + first)
    return replace(dialect, comment=structure.comment), structure, records


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
