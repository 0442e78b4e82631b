"""Python source for the parts that all programs have: comments, docstrings, numbers, arrays, lists of names."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from math import isfinite

from nn_tui.core.program.values import AnyArray, CodeLine
from nn_tui.core.refs import QuantityLike, to_key
from nn_tui.core.text import printable, truncate

WIDTH = 88  # columns of a program: the width of most formatters
TEXT_WIDTH = 79  # columns of comments and docstrings
INDENT = "    "
_SKIP = "  # fmt: skip"  # a formatter would write one number a line
_MAX_LINES = 16  # rows of an array that have a line each
Lines = tuple[CodeLine, ...]


def code(text: str) -> Lines:
    """Return the lines of a text that are no part of a pass."""
    return tuple(CodeLine(line) for line in text.splitlines())


def with_key(lines: Lines, key: QuantityLike, layer: int = 0) -> Lines:
    """Return the lines of an assignment; the first one has the key of its array."""
    return (replace(lines[0], key=to_key(key), layer=layer), *lines[1:])


def blocks(*parts: Iterable[CodeLine]) -> Lines:
    """Return parts of a program with blank lines between them, two beside a function; empty parts are left out."""
    lines: list[CodeLine] = []
    is_function = False
    for part in map(tuple, parts):
        if part:
            before, is_function = is_function, any(line.text.startswith("def ") for line in part)
            if lines:
                lines += code("\n\n" if before or is_function else "\n")
            lines += part
    return tuple(lines)


def comment(text: str, indent: str = "") -> Lines:
    """Return a sentence as lines of comment."""
    return tuple(CodeLine(f"{indent}# {line}") for line in textwrap.wrap(printable(text), TEXT_WIDTH - len(indent) - 2))


def docstring(text: str, *paragraphs: str, indent: str = INDENT) -> Lines:
    """Return a docstring: a sentence, and more paragraphs."""
    text = docstring_text(text)
    first, *more = textwrap.wrap(text, TEXT_WIDTH - len(indent) - 6)
    if not more and not paragraphs:
        return code(f'{indent}"""{first}"""')
    for paragraph in paragraphs:
        more += ["", *textwrap.wrap(docstring_text(paragraph), TEXT_WIDTH - len(indent))]
    return code("\n".join([f'{indent}"""{first}', *(line and indent + line for line in more), f'{indent}"""']))


def function(head: str, text: str, body: str) -> Lines:
    """Return a function.

    Args:
        head: Its name and arguments.
        text: Its docstring.
        body: Its lines, with their indent.
    """
    return (*code(f"def {head}:"), *docstring(text), *code(body))


def docstring_text(text: str) -> str:
    """Return a text as it may stand in a docstring: without quotes and backslashes that would end it."""
    return printable(text).replace("\\", "/").replace('"', "'")


def file_text(text: str) -> str:
    """Return a text of a file, such as a name, as it may stand in a comment or a docstring."""
    return docstring_text(truncate(" ".join(text.split())))


def string_source(text: str) -> str:
    """Return a string of Python, with double quotes as formatters write it."""
    source = repr(text)
    return f'"{source[1:-1]}"' if source[0] == "'" and '"' not in source else source


def number_source(value: float) -> str:
    """Return a number with all its digits."""
    if isinstance(value, int) or isfinite(value):
        return repr(value).replace("e+", "e")  # as formatters write it
    return "np.nan" if value != value else "np.inf" if value > 0 else "-np.inf"


def value_source(value: float | str | None) -> str:
    """Return a number, a text or None."""
    return string_source(value) if isinstance(value, str) else "None" if value is None else number_source(value)


def list_source(
    items: Sequence[str], before: str = "", after: str = "", indent: str = "", brackets: str = "[]"
) -> Lines:
    """Return items in brackets, on one line if they fit.

    Args:
        items: The items.
        before: What stands before the bracket, such as ``x =``.
        after: What stands behind it.
        indent: The indent of the first line.
        brackets: The two brackets. Round ones are left out where one line is enough.
    """
    opening, closing = brackets[0], brackets[1]
    inline = ", ".join(items)
    if brackets == "[]" or len(items) == 1:
        inline = f"{opening}{inline}{',' if brackets == '()' else ''}{closing}"
    if len(indent) + len(before) + len(inline) + len(after) <= WIDTH:
        return code(f"{indent}{before}{inline}{after}")
    return code(
        "\n".join([f"{indent}{before}{opening}", *pack(items, indent + INDENT), f"{indent}{closing}{after}{_SKIP}"])
    )


def unpack(names: Sequence[str], source: str, used: Container[str] | None = None) -> Lines:
    """Return what assigns the items of a sequence to names in a function.

    Args:
        names: The names, in order.
        source: The sequence.
        used: Those that the function needs; None for all of them.
    """
    places = [(place, name) for place, name in enumerate(names) if used is None or name in used]
    if 2 * len(places) < len(names):  # a few lines are plainer than many names that nothing uses
        return code("\n".join(f"{INDENT}{name} = {source}[{place}]" for place, name in places))
    shown = [name if used is None or name in used else "_" for name in names]
    return list_source(shown, after=f" = {source}", indent=INDENT, brackets="()")


def pack(items: Iterable[str], indent: str, width: int = WIDTH) -> list[str]:
    """Return lines that are filled with items, each with a comma behind it."""
    lines, line = [], indent
    for item in items:
        if line != indent and len(line) + len(item) + 1 > width:
            lines.append(line.rstrip())
            line = indent
        line += f"{item}, "
    return [*lines, line.rstrip()]


def array_source(name: str, array: AnyArray, call: str = "np.array") -> Lines:
    """Return the assignment of an array (n,) or (rows, columns), with all its digits.

    Args:
        name: The variable.
        array: Its value.
        call: The function that makes an array from a list.
    """
    head = f"{name} = {call}("
    if array.ndim == 1:
        return list_source([*map(number_source, array.tolist())], head, ")")
    rows = [[*map(number_source, row)] for row in array.tolist()]
    sources = [f"[{', '.join(row)}]" for row in rows]
    inline = f"{head}[{', '.join(sources)}])"
    if len(inline) <= WIDTH:
        return code(inline)
    if array.shape[1] == 1:
        return list_source([row[0] for row in rows], head, ").reshape(-1, 1)")
    if len(rows) <= _MAX_LINES and max(map(len, sources)) <= WIDTH - 9:
        lines = [f"{2 * INDENT}{source}," for source in sources]
        return code("\n".join([head, f"{INDENT}[", *lines, f"{INDENT}]", ")"]))
    return rows_source(rows, f"{head}[", "])")


def rows_source(rows: Sequence[Sequence[str]], before: str, after: str) -> Lines:
    """Return rows of items as lists, one below the other; many short rows share lines, a long row gets more lines.

    Args:
        rows: The rows.
        before: The line before them, such as ``rows = [``.
        after: The line behind them.
    """
    sources = [f"[{', '.join(row)}]" for row in rows]
    is_short = max(map(len, sources), default=0) <= WIDTH - 5
    if is_short and (len(rows) > _MAX_LINES or "(" not in before):
        lines = pack(sources, INDENT) if len(rows) > _MAX_LINES else [f"{INDENT}{source}," for source in sources]
        is_skipped = len(rows) > _MAX_LINES
        return code("\n".join([before, *lines, f"{after}{_SKIP if is_skipped else ''}"]))
    lines = []
    for row in rows:
        first, *more = pack(row, f"{INDENT} ", WIDTH - 1)
        lines += [f"{INDENT}[{first.strip()}", *more]
        lines[-1] = f"{lines[-1].removesuffix(',')}],"
    return code("\n".join([before, *lines, f"{after}{_SKIP}"]))
