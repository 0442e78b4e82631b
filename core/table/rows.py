"""Reads the rows of a table whose dialect and structure are known, some thousand cells at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import is_missing, parse_number
from nn_tui.core.table.columns import CategoryColumn, NumberColumn
from nn_tui.core.table.dialect import COMMENTS, SEPARATORS, Dialect, Records
from nn_tui.core.table.file_errors import check_not_stopped, check_row_count, line_error, literal
from nn_tui.core.table.header import is_number
from nn_tui.core.table.structure import Structure, is_marked_row
from nn_tui.core.table.values import MAX_PREVIEW_ROWS, MAX_ROWS
from nn_tui.core.translation import message, message_plural

MAX_TEXTS = 2_000_000  # different texts in all columns: about 300 MB
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 2**19
_PIECE_CELLS = 16_384
_MIN_PIECE_ROWS, _MAX_PIECE_ROWS = 32, 4_096
_MAX_FOOTERS = 2  # lines at the end that may be no rows
_CELLS_BETWEEN_CHECKS = 4_096  # 20 ms even if each cell is parsed with its unit

Column = NumberColumn | CategoryColumn
Line = tuple[int, list[str]]  # the number of a line, and its cells
Progress = Callable[[float], None]
ShouldStop = Callable[[], bool]


class TextFile:
    """A text file in memory.

    Args:
        name: The name, for messages.
        data: The bytes.
        encoding: The name of a codec.
    """

    def __init__(self, name: str, data: bytes, encoding: str) -> None:
        self.name = name
        self.data = data
        self.encoding = encoding
        self._stream = io.BytesIO()

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends, without a byte order mark."""
        self._stream = io.BytesIO(self.data)
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        lines = iter(io.TextIOWrapper(self._stream, encoding, newline=""))
        for line in lines:
            yield line.removeprefix("\ufeff")
            break
        yield from lines

    @property
    def share(self) -> float:
        """Which share of the file :meth:`lines` has read."""
        return 1.0 if self._stream.closed else self._stream.tell() / max(len(self.data), 1)

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
class RowsRead:
    """What one pass over the rows found besides the values.

    Attributes:
        first_rows: The cells of the first rows.
        skipped: The number of comments and of lines behind the table.
        short_rows: How many rows have fewer cells than the table has columns.
        short_line: The line of the first of them; 0 without one.
    """

    first_rows: list[tuple[str, ...]]
    skipped: int = 0
    short_rows: int = 0
    short_line: int = 0


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of a table into columns.

    Attributes:
        text: The file.
        dialect: How its lines are divided.
        structure: Where its parts are.
        numeric: The places of the columns that have mostly numbers.
        should_stop: Whether a person wants to stop.
        max_rows: How many rows are read at most.
    """

    text: TextFile
    dialect: Dialect
    structure: Structure
    numeric: frozenset[int]
    should_stop: ShouldStop | None
    max_rows: int = MAX_ROWS

    def read(self, columns: Sequence[Column | None], progress: Progress) -> RowsRead:
        """Read all rows into columns; None for a column that is not wanted.

        Raises:
            InputError: If a row is too long or cannot be divided, or if there are too many rows or texts.
        """
        found = RowsRead([])
        piece_rows = min(max(_MIN_PIECE_ROWS, _PIECE_CELLS // self.structure.width), _MAX_PIECE_ROWS)
        rows, count = self._rows(found), 0
        while piece := list(islice(rows, piece_rows)):
            lines, cells = [line for line, _ in piece], [row for _, row in piece]
            for row in cells[: MAX_PREVIEW_ROWS - len(found.first_rows)]:
                found.first_rows.append(tuple(cell.strip() for cell in row))
            count += len(cells)
            check_row_count(count, self.max_rows, self.text.name)
            self._add(columns, cells, lines)
            progress(self.text.share)
        return found

    def _add(self, columns: Sequence[Column | None], rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
        unchecked = _CELLS_BETWEEN_CHECKS
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            unchecked += len(lines)
            if unchecked >= _CELLS_BETWEEN_CHECKS:
                check_not_stopped(self.should_stop)
                unchecked = 0
            if column:
                column.add(cells, lines)
        if sum(column.text_count for column in columns if isinstance(column, CategoryColumn)) > MAX_TEXTS:
            problem = message("there are more than {max:,} different texts; leave out their columns.", max=MAX_TEXTS)
            raise InputError("too_large", problem, file=self.text.name)

    def _header(self) -> list[str]:
        """Return the cells of the header, if no row of numbers can have them."""
        names = self.structure.names or ()
        has_texts = any(place < len(names) and not is_number(names[place].strip()) for place in self.numeric)
        return list(names) if has_texts else []

    def _rows(self, found: RowsRead) -> Iterator[Line]:
        """Yield the rows with as many cells as the table has columns.

        Lines with a text at the end of the file, such as a source, and a header that comes again are no rows.
        """
        header = self._header()
        width, first_line = self.structure.width, self.structure.first_line
        lines = islice(self.text.lines(), first_line - 1, None)
        records = Records(lines, self.dialect, self.text.name, first_line, is_row=self._is_marked_row)
        held = list[Line]()  # lines that are no rows if nothing but such lines follows
        is_empty = True
        for line, row in records:
            if len(row) != width:
                self._check_separator(line, row)
            if len(row) > width:
                if any(cell.strip() for cell in row[width:]):
                    raise self._length_error(line, row)
                row = row[:width]
            if header and row[-1] == header[-1] and [row[0].removeprefix("\ufeff"), *row[1:]] == header:
                found.skipped += 1
                continue
            if self._may_be_footer(row):
                held.append((line, row))
                continue
            if held:
                yield from self._filled(held, found)
                held = []
            yield from self._filled([(line, row)], found) if len(row) < width else ((line, row),)
            is_empty = False
        if is_empty or not _are_footers(held):
            yield from self._filled(held, found)
            held = []
        found.skipped += len(held) + records.skipped

    def _is_marked_row(self, cells: Sequence[str]) -> bool:
        return is_marked_row(cells, self.structure.width, self.numeric, needs_number=False)

    def _check_separator(self, line: int, row: Sequence[str]) -> None:
        """Raise an error if a line has the cells of a row with another separator.

        Raises:
            InputError: If it has.
        """
        text = self.dialect.separator.join(row)
        for other in SEPARATORS:
            cells = [cell.strip() for cell in text.split(other)]
            if other in (" ", self.dialect.separator) or len(cells) != self.structure.width:
                continue
            numbers = [
                bool(parse_number(cells[place], ".") or parse_number(cells[place], ",")) for place in self.numeric
            ]
            if any(numbers) and all(
                number or is_missing(cells[place]) for place, number in zip(self.numeric, numbers, strict=True)
            ):
                problem = message(
                    "from this line on the separator is {other}, and before it is {separator}; use one of them.",
                    other=literal(other),
                    separator=literal(self.dialect.separator),
                )
                raise line_error("wrong_shape", self.text.name, line, problem)

    def _may_be_footer(self, row: Sequence[str]) -> bool:
        """Return whether a row has one text besides empty cells, or lacks cells and has a text for a number."""
        if len(row) == self.structure.width and row[-1]:
            return False  # most rows, decided quickly
        filled = [(place, cell) for place, cell in enumerate(map(str.strip, row)) if cell]
        texts = [place for place, cell in filled if not is_missing(cell) and not parse_number(cell, ".")]
        if not texts or not self.numeric:
            return False
        if len(row) < self.structure.width:
            return len(filled) == 1 or texts[0] in self.numeric
        return len(filled) == 1 and texts[0] in self.numeric

    def _filled(self, lines: Sequence[Line], found: RowsRead) -> Iterator[Line]:
        """Yield rows with empty cells for those that they lack."""
        for line, row in lines:
            missing = self.structure.width - len(row)
            if missing:
                found.short_rows += 1
                found.short_line = found.short_line or line
            yield line, row + [""] * missing

    def _length_error(self, line: int, row: Sequence[str]) -> InputError:
        problem = message_plural(
            "this line has {count} cell, but the table has {columns} columns.",
            "this line has {count} cells, but the table has {columns} columns.",
            len(row),
            columns=self.structure.width,
        )
        return line_error("wrong_shape", self.text.name, line, problem)


def _are_footers(lines: Sequence[Line]) -> bool:
    """Return whether lines at the end of a file are no rows: one or two, or sentences."""
    if len(lines) <= _MAX_FOOTERS:
        return True
    filled = ([cell for cell in map(str.strip, row) if cell] for _, row in lines)
    return all(len(cells) == 1 and " " in cells[0] for cells in filled)
