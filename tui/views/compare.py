"""The table that compares two runs by their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.explain.explain import value_of
from nn_tui.core.run.evaluation_sample import evaluated_rows, evaluation_sample
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.comparison import letters, names, other_session
from nn_tui.tui.session.run_names import displayed
from nn_tui.tui.session.session import Session

_MAX_DIGITS = 4  # of a figure while all digits are shown
_MAX_PRODUCTS = 4_000_000  # multiplications that computing an accuracy may take
_TABLE_HEIGHT = 4  # lines of the table, with the line of the runs' names
_MIN_HEIGHT_TABLE, _MIN_HEIGHT_NAMES = 8, 5  # lines of a panel that shows the table, and the line of names alone
_MARK_WIDTH = 3  # cells before the figures of a run


@dataclass(frozen=True, slots=True)
class RunFigures:
    """A row of the table: a run with its figures by column; ``missing`` is the reason if it has none."""

    letter: str
    name: str
    figures: tuple[str, ...]
    missing: str = ""


def headings(session: Session, glyphs: Glyphs, *, short: bool = False) -> tuple[str, ...]:
    """Return the headings of the table: loss, accuracy or R², size of the gradient, and the selected number."""
    # The pass computes its loss before the update; the accuracy is that of the parameters at the cursor.
    number = session.trace.update
    if _has_penalty(session):
        loss = tr("data loss") if short else tr("data loss of pass {number:,}", number=number)
    else:
        loss = tr("pass loss") if short else tr("loss of pass {number:,}", number=number)
    headings = [loss]
    if _has_classes(session):
        headings.append(tr("right") if short else tr("accuracy"))
    if _has_numbers(session):
        headings.append(tr("R²"))
    bar = "|" if glyphs.is_ascii else "‖"
    headings.append(f"{bar}{tr('grad') if short else tr('gradient')}{bar}")
    if session.ref.quantity != "loss":
        headings.append(session.ref.symbol)
    return tuple(headings)


def table(session: Session, palette: Palette) -> tuple[RunFigures, RunFigures]:
    """Return the rows of the run on screen and of the other run."""
    other = other_session(session)
    assert other is not None
    (own_letter, other_letter), (own_name, other_name) = letters(session), names(session)
    columns = _has_classes(session), _has_numbers(session), _has_penalty(session)
    own = RunFigures(own_letter, own_name, _figures(session, palette, *columns))
    if session.other_trace is None:
        return own, RunFigures(other_letter, other_name, (), _why_missing(session))
    figures = _figures(other, palette, *columns)
    if other.ref != session.ref:  # the other network has no such number
        figures = (*figures[:-1], palette.glyphs.blank)
    return own, RunFigures(other_letter, other_name, figures)


def _why_missing(session: Session) -> str:
    """Return the reason for which the other run has no figures for the pass on screen."""
    other = session.other
    if other is None:
        return ""
    if other.divergence is not None and other.divergence.update < session.trace.update:
        return tr("diverged at update {update:,}", update=other.divergence.update)
    return tr("is at update {update:,}", update=other.reached)


def _has_penalty(session: Session) -> bool:
    """Return whether a run has a penalty: losses with different penalties cannot be compared."""
    specs = (run.experiment.training for run in (session.run, session.other) if run is not None)
    return any(spec.l1 or spec.l2 for spec in specs)


def _has_classes(session: Session) -> bool:
    """Return whether a run has classes; an edited target can turn the classes of one run into numbers."""
    return any(run is not None and run.engine.coding != "numbers" for run in (session.run, session.other))


def _has_numbers(session: Session) -> bool:
    """Return whether a run has targets that are numbers, of which R² is defined."""
    engines = (run.engine for run in (session.run, session.other) if run is not None)
    return any(engine.coding == "numbers" and engine.train_spread is not None for engine in engines)


def _figures(
    session: Session, palette: Palette, has_classes: bool, has_numbers: bool, data_loss: bool
) -> tuple[str, ...]:
    """Return one run's figures by column; a blank for a figure that the pass has not computed yet.

    Args:
        session: The session with the run on screen.
        palette: The palette.
        has_classes: Whether the table has a column for the accuracy.
        has_numbers: Whether it has one for R².
        data_loss: Whether the loss is shown without the penalty.
    """
    trace, glyphs, steps = session.trace, palette.glyphs, session.pass_steps
    digits = _MAX_DIGITS if session.digits is None else session.digits

    def number(value: float, is_known: bool) -> str:
        return fmt(value, digits, sign=False, glyphs=glyphs) if is_known else glyphs.blank

    figures = [number(trace.data_loss if data_loss else trace.loss, session.cursor >= steps.after("loss"))]
    if has_classes or has_numbers:
        accuracy, r2 = _accuracy_and_r2(session)
        if has_classes:
            figures.append(glyphs.blank if accuracy is None else f"{accuracy:.1%}")
        if has_numbers:
            figures.append(glyphs.blank if r2 is None else fmt(r2, digits, sign=False, glyphs=glyphs))
    with np.errstate(all="ignore"):
        gradient = float(np.linalg.norm(trace.gradient))
    figures.append(number(gradient, session.cursor >= steps.after("backward")))
    if session.ref.quantity != "loss":
        is_known = session.is_known(session.ref)
        figures.append(number(value_of(session.engine, trace, session.ref) if is_known else 0.0, is_known))
    return tuple(figures)


def _accuracy_and_r2(session: Session) -> tuple[float | None, float | None]:
    """Return the accuracy and R² on the training part at the cursor, each None if unknown.

    They are those of a sample of a large set, as in the curves. They are the last recorded ones while the run is
    training, and for networks that take long to evaluate.
    """
    data, engine = session.experiment.data, session.engine
    if session.running or evaluated_rows(len(data.x)) * engine.parameters > _MAX_PRODUCTS:
        recorded = [each for each in list(session.run.evaluations.items) if each.update <= session.updates_done]
        return (recorded[-1].train_accuracy, recorded[-1].train_r2) if recorded else (None, None)
    evaluation = evaluate(engine, session.state, *evaluation_sample(data.x, data.y))
    return (None, None) if evaluation is None else (evaluation.accuracy, evaluation.r2)


def height_of(panel_height: int) -> int:
    """Return the lines that the comparison takes of a panel of that height."""
    if panel_height >= _MIN_HEIGHT_TABLE:
        return _TABLE_HEIGHT
    return 1 if panel_height >= _MIN_HEIGHT_NAMES else 0


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the names of the runs in a line, and the table below it if there are lines for it."""
    if height < 1:
        return []
    rows = table(session, palette)
    ordered = sorted(rows, key=lambda row: row.letter)
    lines = [_names_line(ordered, palette, width)]
    if height < _TABLE_HEIGHT:
        return lines
    base, dim, accent = (palette.style(key) for key in ("text", "dim", "accent"))
    room = width - _MARK_WIDTH
    titles, widths = _fit_headings(headings(session, palette.glyphs), rows, room, palette)
    if 0 in widths:  # rather shorter headings than a column less
        titles, widths = _fit_headings(headings(session, palette.glyphs, short=True), rows, room, palette)
    columns = [Segment(fit(title, size, right=True), dim) for title, size in zip(titles, widths, strict=False)]
    lines.append(make_strip([Segment(" " * _MARK_WIDTH, dim), *columns], width, base))
    for row in ordered:
        is_own = row is rows[0]
        mark = Segment(f"{palette.glyphs.arrow if is_own else ' '}{row.letter} ", accent if is_own else base)
        figures = [
            Segment(fit(text, size, right=True, ellipsis=palette.glyphs.overflow), base)
            for text, size in zip(row.figures, widths, strict=False)
        ]
        if row.missing:
            figures = [Segment(fit(f" {row.missing}", room, ellipsis=palette.glyphs.cut), palette.style("warn"))]
        lines.append(make_strip([mark, *figures], width, base))
    return lines


def _names_line(rows: Sequence[RunFigures], palette: Palette, width: int) -> Strip:
    """Return the letters and names of the runs; a name may be long if the other one is short."""
    dot, cut = f" {palette.glyphs.dot} ", palette.glyphs.cut
    labels = [f"{row.letter}: {displayed(row.name, palette.glyphs)}" for row in rows]
    room = width - cell_len(dot)
    max_width = max(room // 2, room - min(map(cell_len, labels)))
    text = dot.join(fit(label, min(cell_len(label), max_width), ellipsis=cut) for label in labels)
    return make_strip([Segment(fit(text, width, ellipsis=cut), palette.style("title"))], width, palette.style("text"))


def _fit_headings(
    titles: Sequence[str], rows: Sequence[RunFigures], room: int, palette: Palette
) -> tuple[list[str], list[int]]:
    """Return the headings as the screen can show them, and the cells of each column."""
    shown = [to_display(title, palette.glyphs.is_ascii) for title in titles]
    return shown, _column_widths(shown, rows, room)


def _column_widths(titles: Sequence[str], rows: Sequence[RunFigures], room: int) -> list[int]:
    """Return the cells of each column; columns between the first and the last are dropped and get 0."""
    widths = [max([cell_len(title), *(cell_len(row.figures[k]) for row in rows if row.figures)]) + 1
              for k, title in enumerate(titles)]  # fmt: skip
    droppable = list(range(1, len(widths) - 1))
    while sum(widths) > room and droppable:
        widths[droppable.pop()] = 0
    return widths
