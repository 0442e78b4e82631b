"""Printing on stdout, in whatever characters it can show."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from rich.cells import cell_len, set_cell_size

from nn_tui.core.text import ascii_text, quote
from nn_tui.core.translation import tr
from nn_tui.tui.config.settings import Settings, UsageError
from nn_tui.tui.exit import print_error
from nn_tui.tui.saved.files import check_regular, check_writable, is_same_file

STANDARD_OUTPUT = "-"
"""The name that stands for standard output instead of a file."""
_CSV_ENDING = ".csv"
WRITTEN_FORMAT = "nn-tui-written/1"


def print_line(text: str, settings: Settings, stream: TextIO | None = None) -> None:
    """Print text on stdout or another stream. What its encoding lacks is replaced by ASCII, or else escaped."""
    stream = sys.stdout if stream is None else stream
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
        is_encodable = True
    except UnicodeEncodeError:
        is_encodable = False
    if settings.ascii or not is_encodable:
        text = ascii_text(text)
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def print_note(text: object, settings: Settings, *, prefix: str = "nn-tui: ") -> None:
    """Print a line on stderr that is not an error; ``--quiet`` leaves it out.

    Args:
        text: The text.
        settings: The settings.
        prefix: What stands before it.
    """
    if not settings.quiet:
        print_error(ascii_text(str(text)) if settings.ascii else str(text), 0, prefix=prefix)


def print_written(text: object, paths: Sequence[Path], args: Namespace, settings: Settings, **values: object) -> None:
    """Say which files a command has written: a line on stderr, or with ``--json`` an object on stdout.

    Args:
        text: The line.
        paths: The files.
        args: The options of the command.
        settings: The settings.
        values: What else is in the object.
    """
    if args.json:
        print_json({"format": WRITTEN_FORMAT, "command": args.command.name, **values, "files": list(map(str, paths))})
    else:
        print_note(text, settings, prefix="")


def check_output_file(option: str, path: Path, source: str) -> None:
    """Check before a long training that a file can be written.

    Args:
        option: The option that names the file.
        path: The file.
        source: The preset or the file that the command reads.

    Raises:
        InputError: It is known that the file cannot be written.
        UsageError: The file is the one that the command reads.
    """
    check_writable(path)
    if is_same_file(path, Path(source)):
        raise UsageError(
            tr(
                "{option} would replace {name}, which the command reads; choose another name",
                option=option, name=quote(path.name),
            )
        )  # fmt: skip


def check_csv_file(option: str, name: str, source: str) -> Path:
    """Return the path of a table that an option names, after the checks of ``check_output_file``.

    Raises:
        InputError: It is known that the file cannot be written.
        UsageError: The name does not end in .csv, or the file is the one that the command reads.
    """
    path = Path(name)
    check_regular(path)
    if path.suffix.lower() != _CSV_ENDING:
        raise UsageError(
            tr(
                "{option} writes a table as CSV; let {name} end in .csv, or write - for stdout",
                option=option, name=quote(name),
            )
        )  # fmt: skip
    check_output_file(option, path, source)
    return path


def check_json_of_files(args: Namespace) -> None:
    """Raise UsageError if ``--json`` is to say which files are written, and stdout is written."""
    if args.json and args.output in (None, STANDARD_OUTPUT):
        raise UsageError(tr("--json says which files were written; add -o with the name of a file"))


def row_lines(rows: Sequence[tuple[str, ...]], settings: Settings) -> list[str]:
    """Return rows as lines with aligned columns; on a terminal, a line is cut at its width."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)][:-1]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    lines = []
    for *cells, last in rows:
        line = "".join(f"{set_cell_size(cell, size)}  " for cell, size in zip(cells, widths, strict=True)) + last
        if width is not None and cell_len(line) > width:
            line = f"{set_cell_size(line, max(width - 1, 0))}…" if not settings.ascii else set_cell_size(line, width)
        lines.append(line)
    return lines


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object on one line; it is ASCII, which every encoding has, and no number in it is NaN."""
    print(json.dumps(value, allow_nan=False))
