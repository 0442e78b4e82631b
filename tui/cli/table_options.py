"""The options for tables, of every command that takes a file; they are read without NumPy.

They become changes of ``[data]``, in the names of its keys, and the parser of presets checks their values. An error of
such a value then names the option.
"""

from __future__ import annotations

import csv
import os
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from nn_tui.core.errors import InputError
from nn_tui.core.table.file_names import STANDARD_INPUT, TABLE_ENDINGS
from nn_tui.core.text import MAX_QUOTE
from nn_tui.core.translation import tr
from nn_tui.tui.cli.completers import column, columns, complete, files, words

_SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|"}
_DECIMALS = {"comma": ",", "point": "."}


def add_table_options(parser: ArgumentParser) -> None:
    """Add the options for tables, as a group of their own in the help."""
    group = parser.add_argument_group(
        tr("options for tables"),
        tr("They override what is assumed about a table, also about that of a preset."),
    )
    target = group.add_argument(
        "--target",
        metavar="NAME",
        help=tr("the column to predict (default: the last one that looks like a target)"),
    )
    complete(target, column)
    drop = group.add_argument(
        "--drop",
        metavar="A,B",
        action="extend",
        type=parse_names,
        help=tr("columns to leave out; a name with a comma is quoted as in CSV"),
    )
    complete(drop, columns)
    keep = group.add_argument(
        "--keep",
        metavar="A,B",
        action="extend",
        type=parse_names,
        help=tr("columns to use as inputs although they would be left out, such as row numbers"),
    )
    complete(keep, columns)
    categories = group.add_argument(
        "--categories",
        metavar="A,B",
        action="extend",
        type=parse_names,
        help=tr("columns of numbers whose values are categories, such as codes"),
    )
    complete(categories, columns)
    kind = group.add_mutually_exclusive_group()
    kind.add_argument(
        "--classes",
        dest="target_kind",
        action="store_const",
        const="classes",
        help=tr("the values of the target are classes"),
    )
    kind.add_argument(
        "--numbers",
        dest="target_kind",
        action="store_const",
        const="numbers",
        help=tr("the values of the target are quantities"),
    )
    missing = group.add_argument(
        "--missing",
        metavar="mean | drop | refuse",
        help=tr("rows with missing inputs: mean fills them in (default), drop leaves them out, refuse fails"),
    )
    complete(missing, words(("mean", "drop", "refuse")))
    test = group.add_argument(
        "--test",
        metavar="SHARE | FILE",
        help=tr("the test part: a share of the rows such as 0.3, or a second file"),
    )
    complete(test, files(*TABLE_ENDINGS))
    group.add_argument(
        "--header",
        action=BooleanOptionalAction,
        default=None,
        help=tr("whether the first line names the columns; without names they are called 1, 2, …"),
    )
    names = ", ".join(name for name in _SEPARATORS if name.isalpha())
    separator = group.add_argument(
        "--separator", metavar="TEXT", help=tr("the character between two cells, or {names}", names=names)
    )
    complete(separator, words(name for name in _SEPARATORS if name.isalpha()))
    decimal = group.add_argument("--decimal", metavar="point | comma", help=tr("the decimal mark: point or comma"))
    complete(decimal, words(_DECIMALS))
    encoding_help = tr("the encoding, such as utf-8, cp949 or latin-1")
    encoding = group.add_argument("--encoding", metavar="NAME", help=encoding_help)
    complete(encoding, words(("utf-8", "utf-16", "cp949", "latin-1", "cp1252")))


def parse_names(text: str) -> list[str]:
    """Parse names of columns as one line of CSV."""
    try:
        names = [name.strip() for row in csv.reader([text], skipinitialspace=True, strict=True) for name in row]
    except csv.Error:
        names = []
    if not names or not all(names):
        shown = repr(text[:MAX_QUOTE])
        raise ArgumentTypeError(tr("{value} is not a list of column names; write A,B or '\"A, B\",C'", value=shown))
    return names


def data_changes(args: Namespace) -> dict[str, object]:
    """Return the changes of ``[data]`` that the options for tables ask for; none if there are no such options."""
    changes: dict[str, object] = {
        name: getattr(args, name)
        for name in ("target", "drop", "keep", "categories", "target_kind", "missing", "header")
        if getattr(args, name, None) is not None
    }
    separator, decimal = getattr(args, "separator", None), getattr(args, "decimal", None)
    if separator is not None:
        changes["separator"] = _SEPARATORS.get(separator.lower(), separator)
    if decimal is not None:
        changes["decimal"] = _DECIMALS.get(decimal.lower(), decimal)
    if getattr(args, "encoding", None) is not None:
        changes["encoding"] = args.encoding.lower()
    test = getattr(args, "test", None)
    if test is not None:
        share = _share(test)
        changes |= {"test_csv": _from_folder(test, args.preset)} if share is None else {"test_fraction": share}
    return changes


def _share(text: str) -> float | None:
    """Return the share of the rows that a text names, such as ``0.3`` or ``30%``; None if it names a file."""
    if not any(char.isdigit() for char in text):
        return None
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


def _from_folder(path: str, preset: str | None) -> str:
    """Return a path as a preset in a file writes it, from the folder of the file; else the absolute path."""
    path = os.path.abspath(path)
    if preset == STANDARD_INPUT:
        folder = os.getcwd()
    elif preset and os.path.isfile(preset):
        folder = os.path.dirname(os.path.abspath(preset))
    else:
        return path
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # another drive of Windows
        return path


def option_of(key: str, changes: Mapping[str, object]) -> str:
    """Return the option that sets a key of ``[data]``, for messages."""
    if key == "target_kind":
        return f"--{changes.get(key, 'classes')}"
    if key == "header":
        return "--header" if changes.get(key, True) else "--no-header"
    return "--test" if key in ("test_csv", "test_fraction") else f"--{key}"


@contextmanager
def named_by_options(changes: Mapping[str, object], *, is_preset: bool) -> Iterator[None]:
    """Let an InputError of the block about a key of ``[data]`` name the option for it.

    Args:
        changes: The keys that options changed.
        is_preset: Whether a preset was opened. Its other keys are in a file and keep their names; a table has none.
    """
    try:
        yield
    except InputError as error:
        match error.path:
            case ("data", str(key), *_) if key in changes or not is_preset:
                error.path = () if key == "csv" else (option_of(key, changes),)
        raise
