"""The table of a sweep as lines of the screen: the progress, a row for each run, and more about the highlighted one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.sweep.row import SweepRow
from nn_tui.core.sweep.summary import best_over_seeds
from nn_tui.core.sweep.writers import column_name
from nn_tui.core.text import format_duration
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.series import legend_number
from nn_tui.tui.draw.text import fit, make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.sweep_table import (
    SortColumn,
    SweepTable,
    columns,
    current_row,
    order,
    sort_column,
    summaries,
    summary_of,
)

_MARK_WIDTH = 4  # cells before the first column: the arrow and the mark
_MIN_PROBLEM_WIDTH, _GOOD_PROBLEM_WIDTH = 8, 24  # cells of the last column
_MIN_SETTING_WIDTH = 6  # cells of a column whose values are cut
_MIN_TALL = 14  # lines of a page with blank lines and a longer text about the highlighted row
_DETAIL_LINES = 3
_BAR_WIDTH = 24
_PERCENT = ("train_accuracy", "test_accuracy")


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """How far a sweep is.

    Attributes:
        done: The number of runs that are trained; one that is still in training counts in part.
        seconds: The seconds since the start.
    """

    done: float
    seconds: float


@dataclass(frozen=True, slots=True)
class SweepPage:
    """The lines of a page, and what stands where.

    Attributes:
        strips: The lines.
        rows: The indices of the rows on the page, from the line ``top`` on.
        top: The line of the first row.
        headings: The name of each column with the first cell after it.
    """

    strips: list[Strip]
    rows: tuple[int, ...]
    top: int
    headings: tuple[tuple[str, int], ...]

    def row_at(self, y: int) -> int | None:
        """Return the index of the row on a line; None for another line."""
        return self.rows[y - self.top] if 0 <= y - self.top < len(self.rows) else None

    def column_at(self, x: int, y: int) -> str | None:
        """Return the name of the column whose heading is at a cell; None for none."""
        if y != self.top - 1 or x < _MARK_WIDTH:
            return None
        return next((name for name, end in self.headings if x < end), None)


def draw_page(
    table: SweepTable, progress: SweepProgress | None, palette: Palette, width: int, height: int
) -> SweepPage:
    """Draw the table of a sweep.

    Args:
        table: The table.
        progress: How far the sweep is; None if it has ended.
        palette: The colours.
        width: The width in cells.
        height: The height in lines.
    """
    is_tall = height >= _MIN_TALL
    gap = [Strip.blank(width, palette.style("text"))] if is_tall else []
    best = _best_lines(table, progress, palette, width, 2 if is_tall else 1)
    details = _detail_lines(table, palette, width, _DETAIL_LINES if is_tall else 1)
    layout = _lay_out(table, palette, width) if table.rows else None
    heading = [] if layout is None else [_heading(table, layout, palette, width)]
    top = 1 + len(gap) + len(heading)
    room = max(0, height - top - len(gap) - len(best) - len(details))
    ordered, current = order(table), current_row(table)
    place = 0 if current is None else ordered.index(current)
    status = _status_line(table, progress, palette, width, place + 1 if len(ordered) > room else None)
    first = max(0, min(place - room // 2, len(ordered) - room))
    shown = ordered[first : first + room]
    rows = (
        []
        if layout is None
        else [_row(table, index, layout, palette, width, is_current=index == current) for index in shown]
    )
    blank = [Strip.blank(width, palette.style("text"))] * (room - len(rows))
    strips = [status, *gap, *heading, *rows, *blank, *gap, *best, *details][:height]
    return SweepPage(strips, tuple(shown), top, () if layout is None else layout.ends)


def _status_line(
    table: SweepTable, progress: SweepProgress | None, palette: Palette, width: int, place: int | None
) -> Strip:
    """Return the progress, or how many runs there are, and how many of them are not valid or marked.

    Args:
        table: The table.
        progress: How far the sweep is; None if it has ended.
        palette: The colours.
        width: The width in cells.
        place: The place of the highlighted row, from 1; None if the page has room for all rows.
    """
    glyphs, title, text = palette.glyphs, palette.style("title"), palette.style("text")
    count, invalid = len(table.rows), sum(1 for row in table.rows if row.error)
    if progress is None:
        if count < table.requested:
            line = tr_plural(
                "Stopped: {done:,} of {count:,} run is trained.", "Stopped: {done:,} of {count:,} runs are trained.",
                table.requested, done=count - invalid,
            )  # fmt: skip
        else:
            line = tr_plural("{count:,} run is trained.", "{count:,} runs are trained.", count - invalid)
        if invalid:
            line = tr("{runs} Not valid: {count:,}.", runs=line, count=invalid)
        if place is not None:
            line = tr("{runs} Row {place:,} of {count:,}.", runs=line, place=place, count=count)
        if table.marked:
            line = tr("{runs} Marked: {marked}.", runs=line, marked=len(table.marked))
        return text_strip(to_display(line, glyphs.is_ascii), width, title, ellipsis=glyphs.cut)
    part = min(1.0, progress.done / table.requested)
    full = round(part * _BAR_WIDTH)
    if progress.done > 0 and progress.seconds > 1:
        left = format_duration(progress.seconds * (table.requested - progress.done) / progress.done)
        line = tr("{done:,} of {count:,} runs, {left} left", done=count, count=table.requested, left=left)
    else:
        line = tr("{done:,} of {count:,} runs", done=count, count=table.requested)
    bar = [
        Segment(glyphs.hline_thick * full, palette.style("accent")),
        Segment(glyphs.hline * (_BAR_WIDTH - full), palette.style("dim")),
    ]
    return make_strip([*bar, Segment(f" {100 * part:3.0f} %  {line}", title)], width, text)


def _best_lines(
    table: SweepTable, progress: SweepProgress | None, palette: Palette, width: int, count: int
) -> list[Strip]:
    """Return which combination is the best over its starts; none while it trains or if there is nothing to compare."""
    best = best_over_seeds(summaries(table)) if progress is None else None
    if best is None or best.mean_loss is None:
        return []
    loss, settings = legend_number(best.mean_loss, palette.glyphs), "; ".join(best.combination.changes)
    if any(row.test_loss is not None for row in table.rows):
        text = tr_plural(
            "Lowest mean test loss: {loss} with {settings} ({count:,} start, {wrong:,} with a problem).",
            "Lowest mean test loss: {loss} with {settings} ({count:,} starts, {wrong:,} with a problem).",
            best.seeds, loss=loss, settings=settings, wrong=best.problems,
        )  # fmt: skip
    else:
        text = tr_plural(
            "Lowest mean train loss: {loss} with {settings} ({count:,} start, {wrong:,} with a problem).",
            "Lowest mean train loss: {loss} with {settings} ({count:,} starts, {wrong:,} with a problem).",
            best.seeds, loss=loss, settings=settings, wrong=best.problems,
        )  # fmt: skip
    return _wrapped(text, "title", palette, width, count)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a page from left to right, without that of the problems, and the cells that each takes."""

    columns: tuple[SortColumn, ...]
    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]  # of every row
    widths: tuple[int, ...]  # without the gap before it
    gap: int
    problem: int  # cells of the last column

    @property
    def ends(self) -> tuple[tuple[str, int], ...]:
        """The name of each column with the first cell after it."""
        ends = accumulate((self.gap + width for width in self.widths), initial=_MARK_WIDTH)
        return tuple(zip((each.name for each in self.columns), islice(ends, 1, None), strict=True))

    def line(self, texts: Iterable[str], cut: str) -> Iterator[str]:
        """Yield the texts of a row, each with the gap before it."""
        for text, width in zip(texts, self.widths, strict=True):
            yield " " * self.gap + fit(text, width, right=True, ellipsis=cut)


def _lay_out(table: SweepTable, palette: Palette, width: int) -> _Layout:
    """Choose the columns that there is room for, and their widths.

    A narrow page leaves out figures of the training part, and then cuts long values of settings.
    """
    shown, sorted_by, room = list(columns(table)), sort_column(table), width - _MARK_WIDTH
    has_test = any(each.name == "test_loss" for each in shown)
    droppable = [name for name in ("train_accuracy", "train_loss") if has_test and sorted_by and name != sorted_by.name]
    while True:
        headings = tuple(_heading_text(each.name, palette) for each in shown)
        cells = tuple(tuple(_cell(each, row, palette) for each in shown) for row in table.rows)
        widths = [max(cell_len(headings[k]) + 1, *(cell_len(row[k]) for row in cells)) for k in range(len(shown))]
        if not droppable or sum(widths) + len(widths) + _MIN_PROBLEM_WIDTH <= room:
            break
        shown = [each for each in shown if each.name != droppable[0]]
        droppable = droppable[1:]
    gap = 2 if sum(widths) + 2 * len(widths) + _GOOD_PROBLEM_WIDTH <= room else 1
    settings = [k for k, each in enumerate(shown) if not each.is_figure]
    while settings and sum(widths) + gap * len(widths) + _MIN_PROBLEM_WIDTH > room:
        widest = max(settings, key=lambda k: widths[k])
        if widths[widest] <= _MIN_SETTING_WIDTH:
            break
        widths[widest] -= 1
    problem = max(0, room - sum(widths) - gap * len(widths))
    return _Layout(tuple(shown), headings, cells, tuple(widths), gap, problem)


def _cell(column: SortColumn, row: SweepRow, palette: Palette) -> str:
    if not column.is_figure:
        text = dict(row.combination.settings).get(column.name, "")
        return to_display(text, palette.glyphs.is_ascii)
    value = column.value(row)
    if value is None or isinstance(value, str):
        return ""
    return f"{value:.1%}" if column.name in _PERCENT else legend_number(value, palette.glyphs)


def _problem(row: SweepRow) -> str:
    """Return in a few words what is wrong with a run; "" for nothing."""
    if row.error:
        return tr("not valid")
    if row.diverged:
        return tr("diverged at {update:,}", update=row.updates)
    return str(row.findings[0].name) if row.findings else ""


def _heading_text(name: str, palette: Palette) -> str:
    texts = {
        "mean_loss": tr("mean loss"),
        "train_loss": tr("train loss"),
        "test_loss": tr("test loss"),
        "train_accuracy": tr("train acc."),
        "test_accuracy": tr("test acc."),
    }
    return to_display(texts.get(name, column_name(name)), palette.glyphs.is_ascii)


def _heading(table: SweepTable, layout: _Layout, palette: Palette, width: int) -> Strip:
    """Return the line of the headings; a mark shows the column that gives the order, and its direction."""
    glyphs, dim, accent = palette.glyphs, palette.style("dim"), palette.style("accent")
    column = sort_column(table)
    texts, styles = [], []
    for each, text in zip(layout.columns, layout.headings, strict=True):
        is_sorted = column is not None and column.name == each.name
        is_down = each.is_best_high != table.is_reversed
        texts.append(f"{text}{glyphs.arrow_down if is_down else glyphs.arrow_up}" if is_sorted else text)
        styles.append(accent if is_sorted else dim)
    segments = [Segment(text, style) for text, style in zip(layout.line(texts, glyphs.cut), styles, strict=True)]
    problem = fit(f"  {to_display(tr('problem'), glyphs.is_ascii)}", layout.problem, ellipsis="")
    return make_strip([Segment(" " * _MARK_WIDTH, dim), *segments, Segment(problem, dim)], width, dim)


def _row(table: SweepTable, index: int, layout: _Layout, palette: Palette, width: int, *, is_current: bool) -> Strip:
    glyphs, row = palette.glyphs, table.rows[index]
    style = palette.style("selected" if is_current else "warn" if row.error or row.diverged else "text")
    mark = glyphs.check if index in table.marked else " "
    texts = "".join(layout.line(layout.cells[index], glyphs.cut))
    problem = fit(f"  {to_display(_problem(row), glyphs.is_ascii)}", layout.problem, ellipsis=glyphs.cut)
    line = f"{glyphs.arrow if is_current else ' '} {mark} {texts}{problem}"
    return make_strip([Segment(line, style)], width, style)


def _detail_lines(table: SweepTable, palette: Palette, width: int, count: int) -> list[Strip]:
    """Return the sentence on the last key, or what is wrong with the highlighted run."""
    text, style = str(table.note), "warn"
    current = current_row(table)
    if not text and current is not None:
        row, style = table.rows[current], "dim"
        if row.error:
            text = row.error
        elif row.findings:
            finding = row.findings[0]
            text = tr("{problem}: {text}", problem=finding.name, text=finding.text)
        else:
            text = tr("No problem was found in the highlighted run.")
        summary = None if row.error else summary_of(table, row)
        if summary is not None and summary.seeds > 1:
            text = tr(
                "Problems in {wrong:,} of the {count:,} starts with these settings. {text}",
                wrong=summary.problems, count=summary.seeds, text=text,
            )  # fmt: skip
    lines = _wrapped(text, style, palette, width, count)
    return lines + [text_strip("", width, palette.style(style))] * (count - len(lines))


def _wrapped(text: str, style: str, palette: Palette, width: int, count: int) -> list[Strip]:
    """Return a text as at most ``count`` lines, of which the last one is cut."""
    lines = wrap(to_display(text, palette.glyphs.is_ascii), width)
    if len(lines) > count:
        lines = [*lines[: count - 1], " ".join(lines[count - 1 :])]
    return [text_strip(line, width, palette.style(style), ellipsis=palette.glyphs.cut) for line in lines]
