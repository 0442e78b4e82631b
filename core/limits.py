"""The ranges of what both a preset file and a live change may set, each in one place."""

from __future__ import annotations

import math

from nn_tui.core.fields import Section, read_float

MAX_SEED = 2**63 - 1
MAX_UPDATES = 1_000_000_000  # of one training: about five hours on a small network
MAX_PASS = 100_000_000  # that is shown or printed: about half an hour to reach
_MAX_INIT_VALUE = 1e100  # beyond it, the width of a uniform range could overflow


def read_optimizer_option(section: Section, name: str) -> float:
    """The optimiser's option ``name``, in the ranges that torch.optim checks; InputError beyond them."""
    if name.startswith("beta"):  # 1 would divide by zero in the bias correction
        return read_float(section, name, None, min_=0, below=1)
    return read_float(section, name, None, min_=0, max_=1 if name == "alpha" else math.inf)


def read_initializer_option(section: Section, name: str, option: str) -> float:
    """The ``option`` of an initialisation, which ``section`` holds under ``name``; InputError out of its range."""
    return read_float(section, name, None, min_=0.0 if option == "std" else -_MAX_INIT_VALUE, max_=_MAX_INIT_VALUE)
