"""The result of a trial: a change beside the run without it, in a sentence and a small table."""

from __future__ import annotations

from math import isfinite, isnan

from rich.style import Style
from textual.strip import Strip

from nn_tui.core.diagnosis.trial import Trial, TrialFigures
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, text_strip, to_display, wrap


def result(trial: Trial) -> Message:
    """Return the sentence that says which of the two runs is better, with their losses."""
    change, count, problem = trial.change, trial.updates, trial.finding.name
    now, before = _loss_text(trial.with_change), _loss_text(trial.without)
    if trial.best is not None and trial.was_better_before and trial.is_lower:
        return message(
            "{change}: loss {now} after {count:,} updates, and {before} without it. But without it the loss was {low} "
            "at update {update:,}: stopping there is better.",
            change=change, now=now, count=count, before=before, low=_loss_text(trial.best.figures),
            update=trial.best.update,
        )  # fmt: skip
    if trial.is_better and trial.is_removed:
        return message(
            "{change} is better: loss {now} after {count:,} updates, and {before} without it. The finding "
            '"{problem}" is gone.',
            change=change, now=now, count=count, before=before, problem=problem,
        )  # fmt: skip
    if trial.is_better:
        return message(
            "{change} is better: loss {now} after {count:,} updates, and {before} without it.",
            change=change, now=now, count=count, before=before,
        )  # fmt: skip
    if trial.is_removed and trial.is_worse:
        return message(
            '{change} removes the finding "{problem}", but the loss is higher: {now} after {count:,} updates, and '
            "{before} without it.",
            change=change, now=now, count=count, before=before, problem=problem,
        )  # fmt: skip
    if trial.is_removed:
        return message(
            '{change} removes the finding "{problem}". The loss is {now} after {count:,} updates, and {before} without '
            "it.",
            change=change, now=now, count=count, before=before, problem=problem,
        )  # fmt: skip
    if trial.is_worse:
        return message(
            "{change} is worse: loss {now} after {count:,} updates, and {before} without it.",
            change=change, now=now, count=count, before=before,
        )  # fmt: skip
    return message(
        "{change} changes little: loss {now} after {count:,} updates, and {before} without it.",
        change=change, now=now, count=count, before=before,
    )  # fmt: skip


def document(trial: Trial, palette: Palette, width: int) -> list[Strip]:
    """Return the page of a trial: the sentence, a table of both runs, and what can be done next."""
    text, dim = palette.style("text"), palette.style("dim")
    is_good = trial.helps and not trial.is_worse and not trial.was_better_before
    lines = _wrapped(str(result(trial)), palette.style("good" if is_good else "warn"), palette, width)
    lines.append(text_strip("", width, text))
    is_regression = trial.run.engine.coding == "numbers"
    heading = (
        tr("test rows") if trial.on_test else tr("training rows"),
        tr("loss"),
        tr("R²") if is_regression else tr("accuracy"),
    )
    rows = [
        heading,
        (tr("without the change"), _loss_text(trial.without), _score_text(trial.without, is_regression)),
        (trial.change, _loss_text(trial.with_change), _score_text(trial.with_change, is_regression)),
    ]
    if trial.best is not None:
        name = tr("without the change, at update {update:,}", update=trial.best.update)
        figures = trial.best.figures
        rows.insert(2, (name, _loss_text(figures), _score_text(figures, is_regression)))
    widths = [max(len(str(row[column])) for row in rows) for column in range(3)]
    for number, row in enumerate(rows):
        cells = [fit(str(row[0]), widths[0])]
        cells += [fit(str(cell), size, right=True) for cell, size in zip(row[1:], widths[1:], strict=True)]
        line = to_display("   ".join(cells), palette.glyphs.is_ascii)
        lines.append(text_strip(line, width, text if number else dim, ellipsis=palette.glyphs.cut))
    lines.append(text_strip("", width, text))
    note = tr("Both start from the same update and train {count:,} updates.", count=trial.trained)
    return lines + _wrapped(note, dim, palette, width)


def _loss_text(figures: TrialFigures) -> object:
    return plain_number(figures.loss, 4) if isfinite(figures.loss) else message("not finite (diverged)")


def _score_text(figures: TrialFigures, is_regression: bool) -> str:
    if isnan(figures.score):
        return "–"
    return f"{figures.score:.3f}" if is_regression else f"{100 * figures.score:.1f} %"


def _wrapped(text: str, style: Style, palette: Palette, width: int) -> list[Strip]:
    return [text_strip(row, width, style) for row in wrap(to_display(text, palette.glyphs.is_ascii), width)]
