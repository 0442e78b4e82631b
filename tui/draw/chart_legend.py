"""The legend of a chart: rows of markers, names and values."""

from __future__ import annotations

from collections.abc import Sequence

from nn_tui.tui.draw.legend import LegendItem, items_width, wrap_items
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import Series, markers_of

_MIN_HEIGHT_FOR_VALUES = 7  # lines of a chart whose legend may have an extra row for values


def chart_legend_rows(series: Sequence[Series], palette: Palette, width: int, height: int) -> list[list[LegendItem]]:
    """Return the rows of the legend for a chart of this size.

    The first variant that fits is used: full names with values, short names with values, the same in one more row,
    full names, short names, these in two rows. If none fits and the series belong to groups of equal names, each group
    shows its markers and the names follow once.

    Returns:
        Rows of items; no rows for a single series without a value.
    """
    has_values = any(item.value for item in series)
    if len(series) < 2 and not has_values:
        return []
    markers = markers_of(series, palette.glyphs)
    max_rows = 1 if height < 8 else 2 if height < 14 else 4
    extra = max_rows + (height >= _MIN_HEIGHT_FOR_VALUES)
    has_groups = any(item.group for item in series)  # the letters of two runs must stay in the names
    variants = [
        (False, True, max_rows), (True, True, max_rows), (True, True, extra),
        (False, False, max_rows), (True, False, max_rows), (True, False, 2),
    ]  # fmt: skip
    rows: list[list[LegendItem]] = []
    for is_short, with_values, limit in variants:
        if (with_values and not has_values) or (is_short and has_groups):
            continue
        items: list[LegendItem] = [
            [
                (marker + " ", palette.style(item.style_key)),
                ((item.short_name or item.name) if is_short else item.name, palette.style("text")),
                (_value_of(item, is_short) if with_values else "", item.value_style or palette.style("title")),
            ]
            for item, marker in zip(series, markers, strict=True)
        ]
        rows = wrap_items(items, width)
        if len(rows) <= limit and all(items_width(row) <= width for row in rows):
            return rows
    grouped = _grouped_row(series, markers, palette)
    if grouped and items_width(grouped) <= width:
        return [grouped]
    return [row for row in rows[:max_rows] if items_width(row) <= width]


def has_values(rows: Sequence[Sequence[LegendItem]]) -> bool:
    """Return whether a legend shows the value of a series."""
    return any(len(item) == 3 and bool(item[2][0]) for row in rows for item in row)


def _value_of(item: Series, is_short: bool) -> str:
    """Return the value after the name of a series, with a space before it; "" for none."""
    value = (item.short_value if is_short else "") or item.value
    return f" {value}" if item.value else ""


def _grouped_row(series: Sequence[Series], markers: Sequence[str], palette: Palette) -> list[LegendItem]:
    """Return one row with the letter and markers of each group, then the names; empty if the groups differ."""
    groups = list(dict.fromkeys(item.group for item in series))
    names = [[item.short_name or item.name for item in series if item.group == group] for group in groups]
    if len(groups) < 2 or not all(groups) or any(group_names != names[0] for group_names in names):
        return []
    row: list[LegendItem] = []
    for group in groups:
        styled = [
            (marker, palette.style(item.style_key))
            for item, marker in zip(series, markers, strict=True)
            if item.group == group
        ]
        row.append([(f"{group} ", palette.style("title")), *styled])
    return [*row, [(", ".join(names[0]), palette.style("text"))]]
