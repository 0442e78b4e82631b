"""The dialect of a text file: the mark between cells, the quotes, and lines that are no rows.

A dialect is found by trying: the right separator gives rows of one length whose cells are numbers, dates and short
texts.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice

from nn_tui.core.errors import InputError
from nn_tui.core.table.cells import SPREADSHEET_ERROR, decimal_of, is_missing
from nn_tui.core.table.file_errors import line_error
from nn_tui.core.translation import Message, message

COMMENTS = ("#", "%", "//")
SEPARATORS = (",", ";", "\t", "|", " ")
_RARE_SEPARATORS = ("^", "~", "¦", "，", "；", "؛")  # only if all lines have them, and none of the others fits
_SEP_LINE = re.compile(r'"?sep=(.)"?,*;*')
_DATE = re.compile(r"[0-9]{1,4}[-./ ][0-9]{1,2}[-./ ][0-9]{1,4}(?:[T ][0-9:.]+Z?)?|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?")
_RULE = re.compile(r"[\s+|:=-]*(?:---|===)[\s+|:=-]*")  # a line of a drawn table
_MAX_TYPED_CELLS = 1_500  # cells that are looked at for the choice of a separator


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are divided into cells.

    Attributes:
        separator: One character, or a space for one or more spaces and tabs.
        quote: The character around texts; empty if quotes have no meaning.
        escape: The character before a quote within a text; empty if such a quote is doubled.
        comment: Texts with which a line between two rows begins that is no row.
        skips_spaces: Whether spaces before a quote are left out.
    """

    separator: str
    quote: str = '"'
    escape: str = ""
    comment: tuple[str, ...] = COMMENTS
    skips_spaces: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a text with its line. ``mark`` is the first character of a line that may be a comment."""

    line: int
    cells: list[str]
    mark: str = ""


class Records:
    """Iterates over the rows of a text that are not blank, as (line, cells), and skips comments.

    Args:
        lines: The lines with their ends.
        dialect: How they are divided.
        file: The name of the file, for messages.
        first_line: The number of the first line.
        keeps_comments: Whether to store the comments.
        is_row: Whether the cells of a line that begins like a comment are those of a row.

    Attributes:
        skipped: The number of comments so far.
        comments: The comments with their lines, if ``keeps_comments``.
    """

    def __init__(
        self,
        lines: Iterable[str],
        dialect: Dialect,
        file: str,
        first_line: int = 1,
        *,
        keeps_comments: bool = False,
        is_row: Callable[[Sequence[str]], bool] | None = None,
    ) -> None:
        self.skipped = 0
        self.comments = list[tuple[int, str]]()
        self._keeps_comments = keeps_comments
        self._is_row = is_row
        self._file = file
        self._dialect = dialect
        self._lines = iter(lines)
        self._line = first_line - 1  # the last line that was read
        self._is_between_rows = True
        self._reader = _csv_reader(self._fed(), dialect, is_strict=True)

    def _fed(self) -> Iterator[str]:
        """Yield the lines for the reader of the standard library, without comments between rows."""
        marks, is_spaced, is_drawn = self._dialect.comment, *(self._dialect.separator == mark for mark in " |")
        for line in self._lines:
            self._line += 1
            if self._is_between_rows:
                is_comment = line.startswith(marks) and not SPREADSHEET_ERROR.match(line)
                if (is_comment and not self._begins_row(line)) or (is_drawn and _RULE.fullmatch(line)):
                    self.skipped += 1
                    if self._keeps_comments:
                        self.comments.append((self._line, line))
                    continue
                self._is_between_rows = False
                self._start = self._line
            if is_spaced:
                line = line.replace("\t", " ").strip() + "\n"
            yield line

    def _begins_row(self, line: str) -> bool:
        return self._is_row is not None and self._is_row(divided(line, self._dialect))

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader
        try:
            for row in reader:
                self._is_between_rows = True
                if row and (len(row) > 1 or row[0].strip()):
                    yield self._start, row
        except csv.Error as error:
            raise line_error("syntax", self._file, self._start, _csv_problem(str(error))) from None


def divided(line: str, dialect: Dialect) -> list[str]:
    """Return the cells of one line; none if it is longer than a cell may be."""
    if dialect.separator == " ":
        line = line.replace("\t", " ").strip()
    with suppress(csv.Error):
        return next(_csv_reader([line], dialect, is_strict=False), [])
    return []


def _csv_problem(reason: str) -> Message:
    """Return what is wrong with a row, from the words of the csv module."""
    if "field larger" in reason:
        return message("a cell has more than {max:,} characters; check the quotes.", max=csv.field_size_limit())
    if "unexpected end" in reason:
        return message("the quotes of this row never end; close them.")
    if "expected after" in reason:
        return message("a text in quotes goes on after its last quote; double the quotes within it.")
    return message("this row cannot be divided into cells; check its quotes.")


def separator_line(line: str) -> str | None:
    r"""Return the separator that Excel's first line ``sep=;`` names; None if a line is none."""
    match = _SEP_LINE.fullmatch(line.lstrip("\ufeff").rstrip("\r\n").replace("\\t", "\t"))
    return match[1] if match else None


def find_dialect(lines: Sequence[str], asked: str | None) -> Dialect:
    """Return the dialect that fits the first lines of a text best.

    Args:
        lines: The lines, without one that names the separator.
        asked: The separator that a person or the file chose.
    """
    separators = [asked] if asked else SEPARATORS
    dialects = [dialect for separator in separators for dialect in _with_quotes(separator, lines)]
    scores = [_score(lines, dialect) for dialect in dialects]
    if any(
        is_whole for _, is_whole in scores
    ):  # a separator of spaces and commas within the cells leaves out the header
        scores = [(score if is_whole else 0.25 * score, is_whole) for score, is_whole in scores]
    best, best_score = Dialect(asked or ","), 0.0
    for dialect, (score, _) in zip(dialects, scores, strict=True):
        if score > best_score * 1.0001:
            best, best_score = dialect, score
    if best_score == 0.0 and not asked:
        for separator in _RARE_SEPARATORS:
            if any(separator in line for line in lines) and all(_score(lines, Dialect(separator))):
                return Dialect(separator)
    return best


def _with_quotes(separator: str, lines: Sequence[str]) -> Iterator[Dialect]:
    text = "".join(lines)
    between = r"[ \t]+" if separator == " " else rf" *{re.escape(separator)} *"

    def quoted(mark: str) -> int:
        cell = rf"(?:^|(?<={re.escape(separator)})) *{mark}[^{mark}\n]*{mark}(?={between}|\s*$)"
        return len(re.findall(cell, text, re.MULTILINE))

    dialect = Dialect(separator)
    if "'" in text and quoted("'") > max(1, quoted('"')):
        dialect = replace(dialect, quote="'")
    yield dialect
    if "\\" + dialect.quote in text:
        yield replace(dialect, escape="\\")
    if separator == "\t" and dialect.quote in text:
        yield replace(dialect, quote="")


def sample_records(lines: Iterable[str], dialect: Dialect) -> list[Record]:
    """Return the rows of the first lines as far as they can be read; comments between them have a mark."""
    records = []
    source = Records(lines, replace(dialect, comment=COMMENTS), "", keeps_comments=True)
    try:
        for line, cells in source:
            records.append(Record(line, cells))
    except InputError:  # the row that cannot be read; whoever reads the whole file says what is wrong
        pass
    for line, text in source.comments:
        mark = next((mark for mark in COMMENTS if text.startswith(mark)), "-")  # or a rule
        records.append(Record(line, divided(text, dialect), mark))
    return sorted(records, key=lambda record: record.line)


def _csv_reader(lines: Iterable[str], dialect: Dialect, is_strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote or None,
        escapechar=dialect.escape or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=dialect.skips_spaces,
        strict=is_strict,
    )


def usual_width(records: Sequence[Record]) -> int:
    """Return the number of cells that most rows have; the larger one of two."""
    counts = Counter(len(record.cells) for record in records if not record.mark)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _score(lines: Sequence[str], dialect: Dialect) -> tuple[float, bool]:
    """Return how well a dialect fits, from 0 to about 1 for a table of numbers, and whether all rows are as long."""
    records = sample_records(lines, dialect)
    if sum(not record.mark for record in records) >= len(records) / 2:
        records = [record for record in records if not record.mark]
    else:  # most rows begin like comments
        records = [replace(record, mark="") for record in records]
    width = usual_width(records)
    if width < 2:
        return 0.0, False
    start = next(index for index, record in enumerate(records) if len(record.cells) == width)
    rows = [record.cells for record in records[start:]]
    regular = [row for row in rows if len(row) == width]
    last = max((index for index, line in enumerate(lines, start=1) if line.strip("\r\n")), default=1)
    share = len(regular) / (len(rows) + start / 2) * min(1.0, (records[-1].line + 1) / last)
    step = max(1, len(regular) * width // _MAX_TYPED_CELLS)
    cells = [cell.strip() for cell in islice(chain.from_iterable(regular[1:] or regular), 0, None, step)]
    typed = sum(map(_is_typed, cells)) / max(len(cells), 1)
    if dialect.separator == " " and typed < (0.25 if share > 0.95 else 0.5):  # words of a text
        return 0.0, False
    filled = sum(any(cell.strip() for cell in row) for row in regular) / max(len(regular), 1)
    return share**2 * (0.1 + typed) * filled, share > 0.99


def _is_typed(cell: str) -> bool:
    """Return whether a cell is a number, a missing one, a date or a truth value, and so is divided rightly."""
    if is_missing(cell) or _DATE.fullmatch(cell) or cell.casefold() in ("true", "false", "yes", "no"):
        return True
    return any(decimal_of(cell))
