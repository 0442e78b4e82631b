"""The values of edges as labels on their lines: two labels never overlap, and no other line runs through one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.display.number_text import fmt
from nn_tui.core.spec import Array
from nn_tui.tui.draw.edges import edge_cells
from nn_tui.tui.draw.glyphs import Glyphs

Line = tuple[int, int]
"""The rows of an edge at its left and its right end."""
Mask = NDArray[np.int16]

_MIN_LABEL_WIDTH = 5  # cells of a number
_MIN_LINE_WIDTH, _ENOUGH_LINE_WIDTH = 2, 4  # cells of the lines that end at a stack of labels
MIN_LABELLED_GAP = _MIN_LINE_WIDTH + _MIN_LABEL_WIDTH
"""The cells between two columns in which the lines have room, and a stack of labels."""

_MAX_LABELS = 32  # between two layers
_MAX_DIFFERENCE = 0.05  # of two values with the same text


def label_edges(
    values: Array,
    lines: Sequence[Line],
    width: int,
    *,
    digits: int,
    toward_end: bool,
    glyphs: Glyphs,
) -> list[tuple[int, int, str]]:
    """Place the value of every edge on its line, with as many digits as there is room for.

    Args:
        values: The value of each edge.
        lines: The rows of each edge between two columns of cells.
        width: The cells between the two columns.
        digits: Decimals of the values.
        toward_end: Whether labels stand rather near the right ends of their lines than near the left ends.
        glyphs: The characters to draw with.

    Returns:
        (column, row, text) of each label, with a space at both ends of its text; empty if a label has no room, or if
        two values that differ would read alike.
    """
    if not 0 < len(lines) <= _MAX_LABELS:
        return []
    exact = {fmt(float(value), digits, glyphs=glyphs) for value in values}
    for cells in range(max(digits + 4, _MIN_LABEL_WIDTH), _MIN_LABEL_WIDTH - 1, -1):
        texts = [fmt(float(value), digits, width=cells, glyphs=glyphs).strip() for value in values]
        if len(set(texts)) < len(exact) or any(glyphs.overflow in text for text in texts):
            return []
        slot = cells + 2
        places = _place(tuple(lines), slot, width, toward_end, glyphs.is_ascii)
        if places:
            shifts = ((slot - len(text) - 2) // 2 for text in texts)
            return [
                (column + shift, row, f" {text} ")
                for (column, row), shift, text in zip(places, shifts, texts, strict=True)
            ]
    return []


def stack_labels(values: Array, width: int, *, digits: int, glyphs: Glyphs) -> list[str]:
    """Return the values as texts of the same width, for labels below each other at the right ends of their lines.

    The texts have as many digits as there is room for beside the lines; none if they have no room, or if two values
    that differ by more than a few percent would read alike.
    """
    sizes = range(digits + 4, _MIN_LABEL_WIDTH - 1, -1)
    rooms = range(width - _ENOUGH_LINE_WIDTH, width - _MIN_LINE_WIDTH + 1)
    for room, cells in [(room, cells) for room in rooms for cells in sizes if cells <= room]:
        texts = [fmt(float(value), digits, width=cells, glyphs=glyphs) for value in values]
        if not _is_misleading(values, texts) and not any(glyphs.overflow in text for text in texts):
            return [f" {text}" if cells < room else text for text in texts]
    return []


def _is_misleading(values: Array, texts: Sequence[str]) -> bool:
    """Return whether two values that differ by more than a few percent have the same text."""
    alike: dict[str, list[float]] = {}
    for value, text in zip(values.tolist(), texts, strict=True):
        alike.setdefault(text, []).append(value)
    return any(max(same) - min(same) > _MAX_DIFFERENCE * max(map(abs, same)) for same in alike.values())


@lru_cache(maxsize=512)
def _place(
    lines: tuple[Line, ...], slot: int, width: int, toward_end: bool, ascii_only: bool
) -> tuple[tuple[int, int], ...]:
    """Return the first cell (column, row) of a slot of ``slot`` cells for each line; empty if one has no room."""
    if width < slot + 2:  # a line must be seen on both sides of its label
        return ()
    top, masks = _line_masks(lines, width, ascii_only)
    total = masks.sum(axis=0)
    preferred = (width - slot) * (0.75 if toward_end else 0.25)
    slots: list[list[tuple[int, int]]] = []
    for mask in masks:
        slots.append(_free_slots(mask, total - mask, slot, preferred))
        if not slots[-1]:
            return ()
    order = sorted(range(len(lines)), key=lambda k: len(slots[k]))
    for _ in lines:
        taken = np.zeros(total.shape, dtype=np.bool_)
        placed: dict[int, tuple[int, int]] = {}
        for index in order:
            free = (each for each in slots[index] if not taken[each[1], each[0] : each[0] + slot].any())
            found = next(free, None)
            if found is None:
                order = [index, *(each for each in order if each != index)]  # it is the first to choose next time
                break
            placed[index] = found
            taken[found[1], found[0] : found[0] + slot] = True
        else:
            return tuple((placed[index][0], placed[index][1] + top) for index in range(len(lines)))
    return ()


@lru_cache(maxsize=64)
def _line_masks(lines: tuple[Line, ...], width: int, ascii_only: bool) -> tuple[int, Mask]:
    """Return the first row of any line, and the cells of each as a mask (lines, rows, columns) from that row on."""
    top = min(map(min, lines))
    masks = np.zeros((len(lines), max(map(max, lines)) - top + 2, width), dtype=np.int16)
    for mask, (start, end) in zip(masks, lines, strict=True):
        columns, rows = zip(*edge_cells(start, end, width, ascii_only=ascii_only), strict=True)
        mask[np.array(rows) - top, columns] = 1
    return top, masks


def _free_slots(own: Mask, others: Mask, slot: int, preferred: float) -> list[tuple[int, int]]:
    """Return the slots (column, row) whose text is on a line and on no other line, the best first.

    Args:
        own: The cells (rows, columns) of the line.
        others: The number of other lines in each cell.
        slot: The cells of a slot, whose first and last one are blank.
        preferred: The column in which a slot should begin.
    """
    count = own.shape[1] - slot  # the line is seen behind the last slot
    is_on_line = _window_sums(own, 2, slot - 4, count) > 0  # a short text does not fill its slot
    rows, columns = np.nonzero(is_on_line & (_window_sums(others, 1, slot - 2, count) == 0))
    keep = columns > 0
    rows, columns = rows[keep], columns[keep]
    centers = (own @ np.arange(own.shape[1]))[rows] / np.maximum(1, own.sum(axis=1))[rows]
    offsets = np.abs(columns + (slot - 1) / 2 - centers)
    is_tight = _window_sums(others, 0, slot, count)[rows, columns] > 0
    costs = np.abs(columns - preferred) + 2 * np.maximum(0.0, offsets - 1) + 6 * is_tight
    order = np.argsort(costs, kind="stable")
    return list(zip(columns[order].tolist(), rows[order].tolist(), strict=True))


def _window_sums(mask: Mask, start: int, length: int, count: int) -> Mask:
    """Return the sums of ``length`` cells from ``start`` cells behind each of the first ``count`` cells of a row."""
    sums = np.pad(np.cumsum(mask, axis=1), ((0, 0), (1, 0)))
    return sums[:, start + length : start + length + count] - sums[:, start : start + count]
