"""What a sweep shows: the best row, and the results of each combination of settings over its seeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum, isfinite
from typing import TypeVar

from nn_tui.core.edits.parser import EDITS
from nn_tui.core.sweep.grid import Combination
from nn_tui.core.sweep.row import SweepRow

T = TypeVar("T")
_OTHER_LOSSES = ("loss", "reduction", "standardize_target")  # changes after which losses mean something else


@dataclass(frozen=True, slots=True)
class SeedsSummary:
    """The results of one combination of settings over its seeds.

    Attributes:
        combination: The settings, without a seed.
        seeds: The number of seeds that were trained.
        diverged: How many of them diverged; their losses and accuracies are left out.
        mean_loss: The mean of the losses: of the test set, or of the training set if there is no test set. None if all
            diverged.
        lowest_loss: The lowest of them.
        highest_loss: The highest of them.
        mean_accuracy: The mean of the accuracies on the same set, 0 to 1; None for regression.
        problems: The number of seeds that diverged or have a finding.
    """

    combination: Combination
    seeds: int
    diverged: int
    mean_loss: float | None
    lowest_loss: float | None
    highest_loss: float | None
    mean_accuracy: float | None
    problems: int


def final_loss(row: SweepRow) -> float | None:
    """Return the loss by which rows are compared: the test loss, or the train loss if there is no test set.

    None if the row diverged, is not valid, or has no finite loss.
    """
    loss = row.train_loss if row.test_loss is None else row.test_loss
    return None if row.diverged or loss is None or not isfinite(loss) else loss


def summarize_seeds(rows: Iterable[SweepRow]) -> tuple[SeedsSummary, ...]:
    """Return a summary of each combination of settings, in the order of the rows, without rows that are not valid."""
    groups: dict[Combination, list[SweepRow]] = {}
    for row in rows:
        if not row.error:
            groups.setdefault(Combination(row.combination.settings), []).append(row)
    return tuple(_summarize(combination, group) for combination, group in groups.items())


def _summarize(combination: Combination, rows: Sequence[SweepRow]) -> SeedsSummary:
    finite = [(loss, row) for row in rows if (loss := final_loss(row)) is not None]
    losses = [loss for loss, _ in finite]
    accuracies = [row.train_accuracy if row.test_loss is None else row.test_accuracy for _, row in finite]
    known = [accuracy for accuracy in accuracies if accuracy is not None]
    return SeedsSummary(
        combination,
        len(rows),
        len(rows) - len(finite),
        fsum(losses) / len(losses) if losses else None,
        min(losses, default=None),
        max(losses, default=None),
        fsum(known) / len(known) if known else None,
        sum(row.diverged or len(row.findings) > 0 for row in rows),
    )


def lowest(items: Iterable[T], loss: Callable[[T], float | None]) -> T | None:
    """Return the first item with the lowest loss; None if no item has a loss."""
    known = [(number, item) for item in items if (number := loss(item)) is not None]
    return min(known, key=lambda pair: pair[0])[1] if known else None


def best_over_seeds(summaries: Sequence[SeedsSummary]) -> SeedsSummary | None:
    """Return the summary with the lowest mean loss.

    None if there is nothing to compare it with: no other summary, no loss, or losses that mean something else.
    """
    if len(summaries) < 2 or not has_comparable_losses([summary.combination for summary in summaries]):
        return None
    return lowest(summaries, lambda summary: summary.mean_loss)


def has_comparable_losses(combinations: Sequence[Combination]) -> bool:
    """Return whether all combinations measure the loss in the same way."""
    values: dict[str, set[str]] = {}
    for combination in combinations:
        for name, value in combination.settings:
            values.setdefault(name, set()).add(value)
    return not any(
        len(found) > 1 and any(re.fullmatch(EDITS[kind].pattern, f"{name} = 1") for kind in _OTHER_LOSSES)
        for name, found in values.items()
    )
