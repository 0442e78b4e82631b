"""Names of inputs, outputs and classes that are too long for their place, shortened together so that none look alike.

The screen has one short form of a name. A place shows all its names in full or, where one is too long, all of them in
their short forms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len

from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.text import crop, to_display

AxisLabels = str | tuple[str, ...]
"""The labels of units, rows or columns: a stem that is numbered from 1 (``h`` gives h₁ h₂ …), or each label."""
MAX_LABEL_WIDTH = 12
SHORT_WIDTH = 6
"""The cells of a short form, as many as a number with two decimals takes."""
_MIN_NUMBERED_WIDTH = 4  # cells of a short form from which it may end in a number
_SEPARATOR = re.compile(r"([ _./-])")


@lru_cache(maxsize=256)
def fit_names(names: tuple[str, ...], width: int, is_ascii: bool = False) -> tuple[str, ...]:
    """Return names in at most ``width`` cells each; different names stay different if there is room for a number.

    Args:
        names: The names, perhaps from a file.
        width: The width of the place.
        is_ascii: Whether the screen shows ASCII alone.

    Example:
        >>> fit_names(("sepal_length", "sepal_width"), 10)
        ('sep_le', 'sep_wi')
    """
    shown = tuple(to_display(name, is_ascii) for name in names)
    if all(cell_len(name) <= width for name in shown) and _are_unique(shown, names):
        return shown
    ellipsis, width = "." if is_ascii else "…", max(0, min(width, SHORT_WIDTH))
    most_words = max((len(_words(name)) for name in shown), default=0)
    short: tuple[str, ...] = ()
    for words in range(min(2, most_words), most_words + 1):
        short = tuple(_shorten(name, width, words, ellipsis) for name in shown)
        if _are_unique(short, names):
            return short
    return _numbered(short, names, width, ellipsis)


def axis_label(labels: AxisLabels, index: int, glyphs: Glyphs, width: int = MAX_LABEL_WIDTH) -> str:
    """Return the label at ``index`` (from 0) in at most ``width`` cells, or "" if there is none that fits."""
    if isinstance(labels, str):
        label = labels + glyphs.sub(index + 1) if labels else ""
        return label if cell_len(label) <= width else ""
    return fit_names(labels, width, glyphs.is_ascii)[index] if index < len(labels) else ""


def label_width(labels: AxisLabels, count: int, glyphs: Glyphs) -> int:
    """Return the width of the longest of the first ``count`` labels; the last label of a stem is its longest."""
    shown = range(count - 1, count) if isinstance(labels, str) else range(min(count, len(labels)))
    return max((cell_len(axis_label(labels, index, glyphs)) for index in shown if index >= 0), default=0)


def _words(name: str) -> list[str]:
    """Return the words of a name; the value in the name of an input like ``sex=male`` is one word."""
    return _split(name)[::2]


def _split(name: str) -> list[str]:
    """Return the words of a name, and the separator between each two of them."""
    column, equals, value = name.partition("=")
    return [*_SEPARATOR.split(column), equals, value] if column and value else _SEPARATOR.split(name)


def _shorten(name: str, width: int, words: int, ellipsis: str) -> str:
    """Return the starts of the first words of a name, and of its value; a name of one word ends in an ellipsis."""
    if cell_len(name) <= width:
        return name
    parts = _split(name)
    if len(parts) > 2 and parts[-2] == "=":
        parts = [*parts[:-2][: 3 if words == 2 else 1], *parts[-2:]]  # then there is more room for the value
    else:
        parts = parts[: 2 * words - 1]
    room = width - sum(map(cell_len, parts[1::2]))
    if len(parts) == 1 or room < len(parts[::2]):
        return crop(name, max(0, width - cell_len(ellipsis))) + (ellipsis if cell_len(ellipsis) <= width else "")
    lengths = _share(room, [cell_len(word) for word in parts[::2]])
    parts[::2] = [crop(word, length) for word, length in zip(parts[::2], lengths, strict=True)]
    return "".join(parts)


def _share(room: int, lengths: Sequence[int]) -> list[int]:
    """Return as many cells for each word as evenly as possible, but no more than it has."""
    shares = [0] * len(lengths)
    for _ in range(room):
        open_words = [index for index, length in enumerate(lengths) if shares[index] < length]
        if not open_words:
            break
        shares[min(open_words, key=lambda index: shares[index])] += 1
    return shares


def _are_unique(short: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether different names have different short forms."""
    return len(set(short)) == len(set(names))


def _numbered(short: Sequence[str], names: Sequence[str], width: int, ellipsis: str) -> tuple[str, ...]:
    """Return the short forms; those that several names share, or all if that is not enough, end in a number."""
    count = Counter(short)
    numbered = tuple(
        form if count[form] == 1 else _with_number(form, names.index(name) + 1, width, ellipsis)
        for form, name in zip(short, names, strict=True)
    )
    if width >= _MIN_NUMBERED_WIDTH and _are_unique(numbered, names):
        return numbered
    return tuple(crop(str(names.index(name) + 1), width) for name in names)


def _with_number(form: str, number: int, width: int, ellipsis: str) -> str:
    end = f"{ellipsis}{number}"
    return f"{crop(form.removesuffix(ellipsis), max(0, width - cell_len(end)))}{end}"
