"""Ranges of the values that presets, live changes and command-line options may set."""

from __future__ import annotations

import math

from nn_tui.core.errors import KeyPath
from nn_tui.core.fields import check_float, check_int

MAX_SEED = 2**63 - 1
MAX_UPDATES = 1_000_000_000  # updates of one training; they take about five hours on a small network
MAX_UPDATES_TO_GOAL = 100_000  # updates of a training with a goal and without a number of updates
MAX_PASS = 100_000_000  # the last pass that can be shown or printed; to reach it takes about half an hour
_MAX_INIT_VALUE = 1e100  # a larger number could make the width of a uniform range overflow


def check_optimizer_option(option: str, value: object, path: KeyPath) -> float:
    """Return ``value`` if the optimiser's ``option`` may have it; its range is the one that torch.optim accepts."""
    if option.startswith("beta"):  # 1 would divide by zero in the bias correction
        return check_float(value, path, min_=0, below=1)
    return check_float(value, path, min_=0, max_=1 if option == "alpha" else math.inf)


def check_schedule_option(option: str, value: object, path: KeyPath, *, is_count: bool) -> float:
    """Return ``value`` if the schedule's ``option`` may have it; a count is a whole number of updates or epochs."""
    if is_count:
        return float(check_int(value, path, min_=1, max_=MAX_UPDATES))
    if option == "gamma":
        return check_float(value, path, above=0)
    return check_float(value, path, min_=0)


def check_initializer_option(option: str, value: object, path: KeyPath) -> float:
    """Return ``value`` if the ``option`` of an initialisation may have it."""
    return check_float(value, path, min_=0.0 if option == "std" else -_MAX_INIT_VALUE, max_=_MAX_INIT_VALUE)
