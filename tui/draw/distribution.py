"""The distribution of a column of a table in one line: bars of numbers, and bars of categories with their names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from nn_tui.core.spec import Array
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.text import fit, to_display

BARS = 10
"""The bars of numbers."""

_MAX_BARS_OF_VALUES = 10  # numbers with at most so many different values have a bar for each
_MIN_NAME = 3  # cells of a shortened name of a category
_MAX_NAME = 14


def number_text(value: float, glyphs: Glyphs) -> str:
    """Return a number of a table in few cells: whole numbers as they are, others with four digits."""
    size = abs(value)
    if size < 1e9 and value == np.rint(value):
        text = f"{size:.0f}"
    else:
        text = f"{size:.0f}" if 1e4 <= size < 1e9 else f"{size:.4g}"
    return f"{glyphs.minus}{text}" if value < 0 else text


def number_bars(numbers: Array, glyphs: Glyphs) -> str:
    """Return a histogram of numbers, and their range: ``▁▃█▅▂ 0.42 … 80``.

    Args:
        numbers: The values (rows,), NaN where they are missing.
        glyphs: The characters to draw with.

    Returns:
        A bar for each value if there are few, else ``BARS`` bars of the same width; an empty text without values.
    """
    values = numbers[np.isfinite(numbers)]
    if not values.size:
        return ""
    low, high = float(values.min()), float(values.max())
    if low == high:
        return f"{glyphs.bars[-1]} {number_text(low, glyphs)}"
    text = f"{number_text(low, glyphs)} {glyphs.ellipsis} {number_text(high, glyphs)}"
    return f"{_bars(_counts(values, low, high), glyphs)} {text}"


def category_bars(names: tuple[str, ...], counts: NDArray[np.intp], width: int, glyphs: Glyphs) -> str:
    """Return the most frequent categories with a bar before each name: ``█ male  ▅ female``.

    Args:
        names: The names.
        counts: The number of rows with each name.
        width: The cells that the text may take. Categories that do not fit are counted at the end: ``+3``.
        glyphs: The characters to draw with.
    """
    present = np.flatnonzero(counts > 0)
    order = present[np.argsort(-counts[present], kind="stable")]
    if not order.size:
        return ""
    shown = [to_display(names[index], glyphs.is_ascii) for index in order[: max(1, width // 4)]]
    bars = _bars(counts[order[: len(shown)]], glyphs)
    parts: list[str] = []
    for position, name in enumerate(shown):
        rest = len(order) - position - 1
        room = width - sum(cell_len(part) + 2 for part in parts) - (len(f"  +{rest}") if rest else 0)
        name = name if cell_len(name) <= _MAX_NAME else fit(name, _MAX_NAME, ellipsis=glyphs.cut)
        if cell_len(name) + 2 > room:
            if room - 2 < _MIN_NAME:
                break
            name = fit(name, room - 2, ellipsis=glyphs.cut)
        parts.append(f"{bars[position]} {name}")
    if len(parts) < len(order):
        parts.append(f"+{len(order) - len(parts)}")
    return "  ".join(parts)


def _counts(values: Array, low: float, high: float) -> NDArray[np.intp]:
    """Return how many of the finite ``values`` have each value, if there are few, else how many are in each bar."""
    if np.unique(values[:1000]).size <= _MAX_BARS_OF_VALUES:
        different, counts = np.unique(values, return_counts=True)
        if different.size <= _MAX_BARS_OF_VALUES:
            return counts.astype(np.intp)
    # Halves, because the difference of two finite numbers can be too large for one.
    share = (values / 2 - low / 2) / (high / 2 - low / 2)
    return np.bincount(np.minimum((share * BARS).astype(np.intp), BARS - 1), minlength=BARS)


def _bars(counts: NDArray[np.intp], glyphs: Glyphs) -> str:
    """Return a bar for each count, as high as its share of the largest; every count above 0 is visible."""
    top = len(glyphs.bars) - 1
    return "".join(glyphs.bars[int(np.ceil(count / counts.max() * top))] for count in counts)
