"""The values of this folder: what a person asks of a table, the text of a file by column, and the table for training.

:class:`TableOptions` has what was asked. :func:`nn_tui.core.table.reader.read_table` returns a :class:`TextTable`.
:func:`nn_tui.core.table.planner.plan_table` gives each column a kind and a role. The result of
:func:`nn_tui.core.table.table_data.table_data` is a :class:`TableData`, which a data set keeps and a document saves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["number", "boolean", "category", "date", "identifier", "constant", "text"]
Role = Literal["input", "target", "ignored"]
TargetKind = Literal["classes", "numbers"]
Missing = Literal["mean", "drop", "refuse"]
Decimal = Literal[".", ","]
Reason = Literal[
    "",  # an input or a target for no special reason
    "asked",  # a person chose the role
    "last",  # the target is the last column
    "named_like_target",  # the last column is doubtful, and this one is named like a target
    "only_candidate",  # the last columns are doubtful, and this is the last one that is not
    "only_input",  # an identifier or a date is an input, because no other column is left
    "row_number",  # whole numbers that count the rows
    "id_name",  # named like an identifier, and different in nearly all rows
    "unique_texts",  # a text of its own in each row
    "unnamed_index",  # a column without a name that numbers the rows
    "one_value",
    "date",
    "many_texts",  # more different texts than are one-hot encoded
    "code",  # numbers that are written as codes, such as 00420
    "empty",  # no row has a value
]
WarningKind = Literal[
    "same_as_target",  # an input determines the target, or has the same values under another name
    "last_column",  # the last column is not the target; ``reason`` says why
    "class_first",  # the target is the last column, but the first ones may have the class
    "maybe_identifier",  # the first column, which has no name, differs in each row
    "encoding",  # the encoding of the file is a guess
    "total_row",  # the last row seems to have the totals of the others
    "target_name",  # the target is the last column, and another one is named like a target
    "target_kind",  # few different whole numbers: classes or quantities
    "target_missing",  # rows without a target are left out
    "missing_filled",
    "missing_dropped",
    "many_classes",
    "small_class",
    "constant_input",  # kept because a person asked for it, or a pixel
    "decimal",  # a comma may be a decimal comma or a thousands mark; or a column has another mark than most
    "test_classes",  # a class of the test file that no training row has
    "matched_classes",  # classes of the test file that are written otherwise in the first one, such as with a final dot
    "similar_texts",  # two classes or categories that may mean the same, such as Setosa and setosa
    "test_categories",  # an input's category in the test file that no training row has: it counts as missing
    "not_a_number",  # a few texts in a column of numbers, which is a column of texts therefore
    "renamed",  # a name that another column has too got a number behind it
    "short_rows",  # rows with fewer cells than the header has columns
    "mostly_missing",  # an input without a value in more than half of the rows
    "same_as_input",  # two inputs have the same values, perhaps written differently
    "repeated_rows",  # many rows are the same as an earlier one
    "time_order",  # the rows have dates, or are in the order of a time
]

RawValue = float | str | None
"""A value as a person knows it: a number in its own unit, a text, or None where it is missing."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a person asks of a table, in a preset or on the command line. None and () leave the choice to the program.

    Attributes:
        separator: The text between two cells: one character, or a space for one or more spaces and tabs.
        decimal: The decimal mark.
        header: Whether the first row names the columns.
        encoding: The name of a codec of Python, in lower case.
        drop: Columns that are ignored.
        keep: Columns that are inputs although they look like an identifier, a constant, a date or free text.
        categories: Columns of numbers whose values are categories, such as codes or classes of tickets.
        target_kind: Whether the target has classes or numbers.
        missing: What happens to missing inputs: ``mean`` fills in numbers and makes a category of its own, ``drop``
            leaves out the rows, ``refuse`` raises an error.
        test_csv: A second file, whose rows are the test part.
    """

    separator: str | None = None
    decimal: Decimal | None = None
    header: bool | None = None
    encoding: str | None = None
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    target_kind: TargetKind | None = None
    missing: Missing | None = None
    test_csv: str | None = None


NO_OPTIONS = TableOptions()
"""Leaves all choices to the program."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file writes a table.

    Attributes:
        encoding: The name of a codec of Python, in lower case, such as ``utf-8`` or ``cp949``.
        separator: The text between two cells; a space for one or more spaces and tabs.
        decimal: The decimal mark.
        header: Whether the first row names the columns.
        skipped_lines: How many lines before the table, and comments in it, were left out.
        compression: ``gzip``, or an empty string.
    """

    encoding: str
    separator: str
    decimal: Decimal
    header: bool
    skipped_lines: int = 0
    compression: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TextColumn:
    """One column of a file before it has a kind: numbers if all its values are numbers, else texts.

    Attributes:
        name: The name in the header; the place of the column, from ``1``, if there is no header.
        numbers: The values (rows,), NaN where they are missing; None for texts.
        codes: The index (rows,) of each row's text in ``texts``, -1 where it is missing; None for numbers.
        texts: The different texts in the order of their first row; empty for numbers.
        unit: The text beside every number, such as ``$`` or ``%``; empty without one.
        decimal: The decimal mark of a column of numbers; empty for texts.
        is_named: Whether the header has a name for it.
        written_name: The name in the header, if another column has that name too and this one got a number behind it;
            else empty.
        exception_count: If nearly all values of a column of texts are numbers: how many are not; else 0.
        exception: The first value that is not a number; empty without one.
        exception_line: Its line in the file, from 1; 0 without one.
        missing_line: The line of the first row without a value; 0 without one.
        missing_mark: The text of that cell, such as ``?``; empty for an empty cell.
        is_code: Whether its numbers are written as codes are: ``00420``, ``+49171620034``, ``4968967084956299``.
    """

    name: str
    numbers: NDArray[np.float64] | None
    codes: NDArray[np.int32] | None = None
    texts: tuple[str, ...] = ()
    unit: str = ""
    decimal: Decimal | Literal[""] = ""
    is_named: bool = True
    written_name: str = ""
    exception_count: int = 0
    exception: str = ""
    exception_line: int = 0
    missing_line: int = 0
    missing_mark: str = ""
    is_code: bool = False

    @property
    def text_codes(self) -> NDArray[np.int32]:
        """The codes of a column of texts; empty for numbers."""
        return np.zeros(0, dtype=np.int32) if self.codes is None else self.codes


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """The content of a file, read once.

    Attributes:
        file: The name of the file, for messages.
        layout: How the file writes the table.
        columns: The columns in the order of the file, all of the same length of at least 1.
        first_rows: The cells of the first rows as they are written, for a preview; at most ``MAX_PREVIEW_ROWS`` rows.
        short_rows: How many rows have fewer cells than the header has columns; the other cells are missing.
        short_line: The line of the first such row; 0 without one.
        is_decimal_doubtful: Whether the numbers could be read with the other decimal mark as well, such as ``1,234``.
    """

    file: str
    layout: Layout
    columns: tuple[TextColumn, ...]
    first_rows: tuple[tuple[str, ...], ...] = ()
    short_rows: int = 0
    short_line: int = 0
    is_decimal_doubtful: bool = False

    @property
    def row_count(self) -> int:
        """The number of rows."""
        column = self.columns[0]
        return len(column.text_codes if column.numbers is None else column.numbers)


MAX_PREVIEW_ROWS = 20
MAX_BYTES = 64 * 2**20  # of a file, also after it is unpacked
MAX_COLUMNS = 10_000
MAX_ROWS = 2_000_000
MAX_CLASSES = 1_000  # of a target, and categories of an input that a person asked for


@dataclass(frozen=True, slots=True)
class TableColumn:
    """What was decided on one column of a file.

    Attributes:
        name: The name.
        role: The role.
        kind: The kind of its values.
        missing: The number of rows without a value.
        distinct: The number of different values.
        reason: Why it has this role.
        categories: For an input that is a category: its texts in the order of their one-hot columns. For a boolean:
            the texts that mean 0 and 1. Empty for other columns.
        date_order: For an input that is a date in words or with marks: the order of its day and month.
    """

    name: str
    role: Role
    kind: Kind
    missing: int = 0
    distinct: int = 0
    reason: Reason = ""
    categories: tuple[str, ...] = ()
    date_order: Literal["", "dmy", "mdy"] = ""


@dataclass(frozen=True, slots=True)
class TableWarning:
    """What a person should know about a table.

    Attributes:
        kind: The kind.
        column: The column that it is about.
        other: Another column, a class, or the kind of the target: see the sentence.
        count: A number of rows, values or columns: see the sentence.
        reason: Why a column is not used as one would expect; empty for most kinds.
        text: A text in the column; empty for most kinds.
    """

    kind: WarningKind
    column: str = ""
    other: str = ""
    count: int = 0
    reason: Reason = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What each column of a table is, and what it is used for.

    Attributes:
        columns: The columns in the order of the file; exactly one has the role ``target``.
        target_kind: Whether the target has classes or numbers.
        missing: What happens to missing inputs.
        image_shape: (height, width) if the inputs are the pixels of an image.
        warnings: What a person should know.
    """

    columns: tuple[TableColumn, ...]
    target_kind: TargetKind
    missing: Missing = "mean"
    image_shape: tuple[int, int] | None = None
    warnings: tuple[TableWarning, ...] = ()

    @property
    def target(self) -> TableColumn:
        """The column of the targets."""
        return next(column for column in self.columns if column.role == "target")

    @property
    def inputs(self) -> tuple[TableColumn, ...]:
        """The columns that are inputs, in the order of the file."""
        return tuple(column for column in self.columns if column.role == "input")


@dataclass(frozen=True, slots=True, eq=False)
class TableData:
    """The rows of a table for training, before the split and before missing numbers are filled in.

    Attributes:
        layout: How the file writes the table.
        plan: What each column is.
        numbers: The inputs (rows, number and boolean columns) in the order of the file, NaN where they are missing.
        codes: The inputs (rows, category columns) in the order of the file, as indexes into the categories; -1 where
            they are missing.
        y: The targets (rows,): numbers, or indexes into ``classes``.
        classes: The names of the classes; empty for numbers.
        left_out: The numbers, from 1 in ascending order, of the rows of the file that are not here, because a value is
            missing. The rows of a file of test rows are numbered behind those of the first file.
        test_rows: How many of the last rows are from a file of test rows; 0 to split the rows by a share.
    """

    layout: Layout
    plan: TablePlan
    numbers: NDArray[np.float64]
    codes: NDArray[np.float64]
    y: NDArray[np.float64]
    classes: tuple[str, ...] = ()
    left_out: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    test_rows: int = 0

    @property
    def rows_left_out(self) -> int:
        """How many rows of the file are not here."""
        return len(self.left_out)
