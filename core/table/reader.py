"""Reads a text file with a table: any usual encoding, separator, header and way of writing numbers.

The rows are divided into cells by the csv module of the standard library, some thousand cells at a time. Each piece
becomes numbers or codes of texts at once, so the memory is that of the bytes of the file and of the columns.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_infinite, is_missing, parse_number
from nn_tui.core.table.columns import CategoryColumn, DecimalChoice, NumberColumn, choose_decimal, is_text
from nn_tui.core.table.dialect import COMMENTS, Dialect, Records, find_dialect, sample_records, separator_line
from nn_tui.core.table.file_errors import cell_error, check_not_stopped, line_error, literal, shown_path
from nn_tui.core.table.source import MAX_BYTES, check_text, read_bytes
from nn_tui.core.table.structure import Structure, arff_names, column_names, find_structure
from nn_tui.core.table.text_encoding import find_encoding
from nn_tui.core.table.values import MAX_PREVIEW_ROWS, Layout, TableOptions, TextColumn, TextTable
from nn_tui.core.translation import message, message_plural

_SAMPLE_LINES = 300
_SAMPLE_CHARACTERS = 2**20
_PIECE_CELLS = 16_384
_MIN_PIECE_ROWS = 16
_DETECTION_SHARE = 0.1  # of the progress, for the encoding and the dialect

Progress = Callable[[float], None]
ShouldStop = Callable[[], bool]
_Column = NumberColumn | CategoryColumn


def read_table(
    source: Path | bytes,
    options: TableOptions = TableOptions(),  # noqa: B008  it is frozen
    *,
    name: str = "",
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    max_bytes: int = MAX_BYTES,
) -> TextTable:
    """Read the table in a text file.

    Args:
        source: The path, or the bytes of the file.
        options: What a person chose; the rest is found out.
        name: The name of the file, for messages; by default the path.
        progress: Is called now and then with the share that was read, from 0 to 1.
        should_stop: Is called often; reading stops if it returns true.
        max_bytes: The largest size that is read, also after it is unpacked.

    Raises:
        InputError: If there is no table, or an option does not fit; with the code ``cancelled`` if it was stopped.
    """
    file = name or (shown_path(source) if isinstance(source, Path) else "-")
    data, compression = read_bytes(source, file, max_bytes)
    encoding = find_encoding(data, options.encoding, file, should_stop)
    text = _Text(file, data, encoding)
    sample = text.sample()
    check_text("".join(sample)[:4096], file)
    named = separator_line(sample[0]) if sample else None
    arff = arff_names(sample)
    first = arff[1] if arff else int(named is not None)
    dialect = find_dialect(
        [line for line in sample[first:] if not line.startswith(COMMENTS)], options.separator or named
    )
    records = sample_records(sample[first:], dialect)
    records = [replace(record, line=record.line + first) for record in records]
    structure = find_structure(records, False if arff else options.header, file)
    if arff and len(arff[0]) == structure.width:
        structure = replace(structure, names=arff[0])
    structure = replace(structure, skipped=structure.skipped + first)
    dialect = replace(dialect, comment=structure.comment)
    rows = [record.cells for record in records if record.line >= structure.first_line and not record.mark]
    columns = [[row[place] for row in rows if place < len(row)] for place in range(structure.width)]
    choice = DecimalChoice(options.decimal) if options.decimal else choose_decimal(columns, dialect.separator)
    is_texts = [is_text(cells, choice.decimal) for cells in columns]
    reading = _Reading(text, dialect, structure, progress, should_stop)
    result = reading.run([CategoryColumn() if texts else NumberColumn(choice.decimal) for texts in is_texts])
    layout = Layout(
        encoding,
        dialect.separator,
        choice.decimal,
        structure.names is not None,
        structure.skipped + result.skipped,
        compression,
    )
    kept = _finished(reading, result, layout)
    places = [place for place, column in enumerate(kept) if column is not None]
    return TextTable(
        file,
        layout,
        tuple(column for column in kept if column is not None),
        tuple(tuple(row[place] for place in places) for row in result.first_rows),
        result.short_rows,
        result.short_line,
        choice.is_doubtful,
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A file and its encoding."""

    file: str
    data: bytes
    encoding: str

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends, without a byte order mark."""
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        lines = iter(io.TextIOWrapper(io.BytesIO(self.data), encoding, newline=""))
        for line in lines:
            yield line.removeprefix("\ufeff")
            break
        yield from lines

    def sample(self) -> list[str]:
        """Return the first lines: some hundred besides comments, or fewer if they are long."""
        sample, rows, size = list[str](), 0, 0
        for line in self.lines():
            sample.append(line)
            rows += not line.startswith(COMMENTS)
            size += len(line)
            if rows >= _SAMPLE_LINES or (size >= _SAMPLE_CHARACTERS and rows > 2):
                break
        return sample


@dataclass(slots=True)
class _Result:
    """What one pass over the rows found besides the values."""

    columns: Sequence[_Column | None]
    first_rows: list[tuple[str, ...]]
    rows: int = 0
    skipped: int = 0
    short_rows: int = 0
    short_line: int = 0


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the rows of a table whose dialect and structure are known."""

    text: _Text
    dialect: Dialect
    structure: Structure
    progress: Progress | None
    should_stop: ShouldStop | None

    def run(self, columns: Sequence[_Column | None]) -> _Result:
        """Read all rows into columns; None for a column that is not wanted."""
        result = _Result(columns, [])
        width = self.structure.width
        piece_rows = max(_MIN_PIECE_ROWS, _PIECE_CELLS // width)
        done = 0
        rows, lines = list[list[str]](), list[int]()
        for line, row in self._whole_rows(result):
            rows.append(row)
            lines.append(line)
            if len(rows) == piece_rows:
                self._add(result, rows, lines)
                done += sum(map(len, rows[0])) * piece_rows + piece_rows * width
                self._say(done)
                rows, lines = [], []
        if rows:
            self._add(result, rows, lines)
        return result

    def _say(self, characters: int) -> None:
        if self.progress:
            self.progress(min(0.99, characters / max(len(self.text.data), 1)))

    def _add(self, result: _Result, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
        for row in rows[: MAX_PREVIEW_ROWS - len(result.first_rows)]:
            result.first_rows.append(tuple(cell.strip() for cell in row))
        result.rows += len(rows)
        check_not_stopped(self.should_stop)
        for place, (column, cells) in enumerate(zip(result.columns, zip(*rows, strict=True), strict=True)):
            if column:
                column.add(cells, lines)
            if place % 256 == 255:
                check_not_stopped(self.should_stop)

    def _whole_rows(self, result: _Result) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows with as many cells as the table has columns.

        Lines with one text at the end of the file, such as a source, are no rows.
        """
        width, first_line = self.structure.width, self.structure.first_line
        lines = islice(self.text.lines(), first_line - 1, None)
        records = Records(lines, self.dialect, self.text.file, first_line)
        held = list[tuple[int, list[str]]]()
        for line, row in records:
            if len(row) == width:
                if held:
                    yield from self._short_rows(held, result)
                    held = []
                yield line, row
            elif len(row) > width:
                if any(cell.strip() for cell in row[width:]):
                    raise self._length_error(line, row)
                if held:
                    yield from self._short_rows(held, result)
                    held = []
                yield line, row[:width]
            else:
                held.append((line, row))
        footers = [entry for entry in held if _is_footer(entry[1])]
        if len(footers) == len(held):
            result.skipped += len(held)
        else:
            yield from self._short_rows(held, result)
        result.skipped += records.skipped

    def _short_rows(self, held: Sequence[tuple[int, list[str]]], result: _Result) -> Iterator[tuple[int, list[str]]]:
        for line, row in held:
            result.short_rows += 1
            result.short_line = result.short_line or line
            yield line, row + [""] * (self.structure.width - len(row))

    def _length_error(self, line: int, row: Sequence[str]) -> InputError:
        problem = message_plural(
            "this line has {count} cell, but the table has {columns} columns.",
            "this line has {count} cells, but the table has {columns} columns.",
            len(row),
            columns=self.structure.width,
        )
        return line_error("wrong_shape", self.text.file, line, problem)


def _is_footer(row: Sequence[str]) -> bool:
    cells = [cell for cell in map(str.strip, row) if cell]
    return len(cells) == 1 and not parse_number(cells[0], ".") and not is_missing(cells[0])


def _finished(reading: _Reading, result: _Result, layout: Layout) -> list[TextColumn | None]:
    """Return the columns; read those again as texts that have values besides numbers. None for an empty last one."""
    file, width = reading.text.file, reading.structure.width
    names = column_names(reading.structure.names, width)
    again: list[_Column | None] = [None] * width
    for place, column in enumerate(result.columns):
        if isinstance(column, NumberColumn):
            count, _, _ = column.exceptions
            text, line = column.infinite
            if count:
                again[place] = CategoryColumn()
            elif line:
                problem = message("{cell} is too large for a 64-bit number.", cell=literal(text))
                if is_infinite(text):
                    problem = message("{cell} is not a finite number.", cell=literal(text))
                raise cell_error("not_finite", file, line, place + 1, names[place][0], problem)
    if any(again):
        reading.run(again)
    finished: list[TextColumn | None] = []
    for place, column in enumerate(result.columns):
        name, is_named, written = names[place]
        texts = again[place]
        if isinstance(texts, CategoryColumn) and isinstance(column, NumberColumn):
            count, text, line = column.exceptions
            if column.number_count < 3 or (count > 1 and count > 0.1 * column.number_count):
                count, text, line = 0, "", 0
            codes, different = texts.codes_and_texts
            finished.append(
                TextColumn(name, None, codes, different, "", is_named, written, count, text, line, texts.missing_line)
            )
        elif isinstance(column, NumberColumn):
            values, missing_line = column.values, column.missing_line
            is_left_over = not is_named and bool(np.isnan(values).all()) and not any(finished[place + 1 :])
            empty = is_left_over and place > 0
            finished.append(
                None
                if empty
                else TextColumn(name, values, None, (), column.unit, is_named, written, missing_line=missing_line)
            )
        elif isinstance(column, CategoryColumn):
            codes, different = column.codes_and_texts
            finished.append(
                TextColumn(name, None, codes, different, "", is_named, written, missing_line=column.missing_line)
            )
    return finished
