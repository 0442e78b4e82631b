"""Ranges of the values that presets, live changes and command-line options may set."""

from __future__ import annotations

import math

from nn_tui.core.fields import Section, read_float, read_int

MAX_SEED = 2**63 - 1
MAX_UPDATES = 1_000_000_000  # updates of one training; they take about five hours on a small network
MAX_PASS = 100_000_000  # the last pass that can be shown or printed; to reach it takes about half an hour
_MAX_INIT_VALUE = 1e100  # a larger number could make the width of a uniform range overflow


def read_optimizer_option(section: Section, name: str) -> float:
    """Read the optimiser's option ``name``; its range is the one that torch.optim accepts."""
    if name.startswith("beta"):  # 1 would divide by zero in the bias correction
        return read_float(section, name, None, min_=0, below=1)
    return read_float(section, name, None, min_=0, max_=1 if name == "alpha" else math.inf)


def read_schedule_option(section: Section, name: str, *, is_count: bool) -> float:
    """Read the option ``name`` of a schedule; ``is_count`` says that it is a whole number of updates or epochs."""
    if is_count:
        return read_int(section, name, None, min_=1, max_=MAX_UPDATES)
    if name == "gamma":
        return read_float(section, name, None, above=0)
    return read_float(section, name, None, min_=0)


def read_initializer_option(section: Section, name: str, option: str) -> float:
    """Read the ``option`` of an initialisation from the key ``name``."""
    return read_float(section, name, None, min_=0.0 if option == "std" else -_MAX_INIT_VALUE, max_=_MAX_INIT_VALUE)
