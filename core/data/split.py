"""The split of the rows into a training and a test part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.errors import InputError
from nn_tui.core.rng import stream
from nn_tui.core.translation import message


def choose_test_rows(rows: int, labels: NDArray[np.intp] | None, fraction: float, seed: int) -> NDArray[np.bool_]:
    """Return a mask (rows,) of the test rows: about ``fraction`` of all rows and of each class.

    Args:
        rows: The number of rows.
        labels: The class number of each row, (rows,); None for regression.
        fraction: The share of the test rows.
        seed: Draws them.

    Raises:
        InputError: If a share above 0 leaves no test row.
    """
    test = np.zeros(rows, dtype=np.bool_)
    if fraction == 0.0:
        return test
    rng = stream(seed, "split")
    groups = np.zeros(rows, dtype=np.intp) if labels is None else labels
    counts = np.bincount(groups)
    for label, count in enumerate(_test_counts(counts, fraction)):
        members = np.flatnonzero(groups == label)
        test[rng.permutation(members)[:count]] = True
    if not test.any():
        problem = message(
            "{fraction} of {rows} rows leaves no test row; raise it or set it to 0.", fraction=fraction, rows=rows
        )
        if labels is not None:
            problem = message(
                "{fraction} of {rows} rows leaves no test row, because each class has at least one training row; "
                "raise it or set it to 0.",
                fraction=fraction,
                rows=rows,
            )
        raise InputError("out_of_range", problem, path=("data", "test_fraction"), value=fraction)
    return test


def _test_counts(counts: NDArray[np.intp], fraction: float) -> NDArray[np.intp]:
    """Return how many rows of each group are test rows.

    They are proportional to the groups by the largest remainder method; each group keeps one row for training.
    """
    exact = counts * fraction
    max_counts = np.maximum(counts - 1, 0)
    test_counts: NDArray[np.intp] = np.minimum(np.floor(exact).astype(np.intp), max_counts)
    remaining = round(float(exact.sum())) - int(test_counts.sum())
    # Of two equal remainders, the group with fewer test rows comes first.
    for group in np.lexsort((test_counts, test_counts - exact)):
        if remaining > 0 and test_counts[group] < max_counts[group]:
            test_counts[group] += 1
            remaining -= 1
    return test_counts
