"""The lines below the table of ``nn-tui sweep``: results over the seeds, the best row, what is not valid."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from nn_tui.core.run.run import Run
from nn_tui.core.sweep.grid import Combination, Setting
from nn_tui.core.sweep.row import SweepRow
from nn_tui.core.sweep.summary import best_over_seeds, final_loss, has_comparable_losses, lowest, summarize_seeds
from nn_tui.core.text import plain_number
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.cli.sweep_table import header_line, row_line, seeds_columns

_SENTENCE_WIDTH = 44  # of a sentence without the options at its end


def error_lines(rows: Sequence[SweepRow]) -> list[str]:
    """Return a sentence for each reason why combinations are not valid."""
    by_reason: dict[str, list[SweepRow]] = {}
    for row in rows:
        if row.error:
            by_reason.setdefault(row.error, []).append(row)
    return [
        tr_plural(
            "this combination is not valid: {options}: {problem}",
            "{count:,} combinations are not valid, such as {options}: {problem}",
            len(wrong), options=options_text(wrong[0].combination), problem=reason,
        )
        for reason, wrong in by_reason.items()
    ]  # fmt: skip


def options_text(combination: Combination) -> str:
    """Return the options of ``nn-tui train`` that give the same run."""
    words = [word for change in combination.changes for word in ("--set", change)]
    if combination.seed is not None:
        words += ["--seed", str(combination.seed)]
    return shlex.join(words)


def summary_lines(rows: Sequence[SweepRow], settings: Sequence[Setting], start: Run, width: int) -> list[str]:
    """Return the lines below the table: the results of each combination over its seeds, and which one is the best."""
    has_test = len(start.experiment.data.x_test) > 0
    if any(row.combination.seed != rows[0].combination.seed for row in rows):
        summaries = summarize_seeds(rows)
        columns = seeds_columns(settings, start, has_diverged=any(summary.diverged for summary in summaries))
        title = tr("Test loss over the seeds:") if has_test else tr("Train loss over the seeds:")
        lines = ["", title, header_line(columns, width), *(row_line(columns, summary, width) for summary in summaries)]
        best = best_over_seeds(summaries)
        if best is None or best.mean_loss is None:
            return lines
        if len({summary.seeds for summary in summaries}) > 1:
            return [*lines, tr("No mean is called the lowest one, because the numbers of seeds differ.")]
        loss, options = plain_number(best.mean_loss), _options_in_a_line(best.combination, width)
        if has_test:
            return [*lines, tr("The lowest mean test loss is {loss}: {options}", loss=loss, options=options)]
        return [*lines, tr("The lowest mean train loss is {loss}: {options}", loss=loss, options=options)]
    best_row = lowest(rows, final_loss)
    if len(rows) < 2 or best_row is None or not has_comparable_losses([row.combination for row in rows]):
        return []
    loss, options = plain_number(final_loss(best_row) or 0.0), _options_in_a_line(best_row.combination, width)
    if has_test:
        return [tr("The lowest test loss is {loss}: {options}", loss=loss, options=options)]
    return [tr("The lowest train loss is {loss}: {options}", loss=loss, options=options)]


def _options_in_a_line(combination: Combination, width: int) -> str:
    """Return the options for the end of a sentence; on a line of their own where a terminal would break them."""
    options = options_text(combination)
    return options if len(options) <= width - _SENTENCE_WIDTH else f"\n  {options}"
