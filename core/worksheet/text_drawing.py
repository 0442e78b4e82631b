"""The network of a sheet drawn with characters: between two columns a bar joins each unit with all of the next one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from nn_tui.core.explain.render_text import node_text
from nn_tui.core.worksheet.picture import Column, more_units

# By whether the bar goes up, down, left and right from the character.
_JOINTS = dict(zip(product((False, True), repeat=4), " ╶╴─╷┌┐┬╵└┘┴│├┤┼", strict=True))


def text_drawing(columns: Sequence[Column], ascii_only: bool = False) -> str:
    """Return the drawing of a network, with the titles below it.

    Args:
        columns: The inputs and the layers.
        ascii_only: Whether to draw with ASCII characters.
    """
    cells = [_cells(column, ascii_only) for column in columns]
    rows = max(map(len, cells))
    tops = [(rows - len(column)) // 2 for column in cells]
    lines = [""] * rows
    for index, column in enumerate(cells):
        if index:
            units = [len(each.symbols) for each in columns[index - 1 : index + 1]]
            joints = _bar(rows, tops[index - 1 : index + 1], units, ascii_only)
            lines = [f"{line} {joint} " for line, joint in zip(lines, joints, strict=True)]
        width = max(map(len, column))
        for row in range(rows):
            place = row - tops[index]
            lines[row] += (column[place] if 0 <= place < len(column) else "").ljust(width)
    arrow = " -> " if ascii_only else " → "
    return "\n".join([*(line.rstrip() for line in lines), "", arrow.join(str(column.title) for column in columns)])


def _cells(column: Column, ascii_only: bool) -> list[str]:
    cells = [f"({node_text(symbol, ascii_only=ascii_only)})" for symbol in column.symbols]
    more = str(more_units(column.more)).replace("…", "..." if ascii_only else "…")
    return [*cells, more] if column.more else cells


def _bar(rows: int, tops: Sequence[int], units: Sequence[int], ascii_only: bool) -> list[str]:
    """Return the bar between two columns, row by row: ``──┬─▶``."""
    left, right = (range(top, top + count) for top, count in zip(tops, units, strict=True))
    first, last = min(left.start, right.start), max(left.stop, right.stop) - 1
    texts = []
    for row in range(rows):
        sides = (first < row <= last, first <= row < last, row in left, row in right)
        text = f"{'──' if row in left else '  '}{_JOINTS[sides]}{'─▶' if row in right else '  '}"
        texts.append(_ascii(text) if ascii_only else text)
    return texts


def _ascii(text: str) -> str:
    return "".join({"─": "-", "▶": ">", "│": "|", " ": " "}.get(char, "+") for char in text)
