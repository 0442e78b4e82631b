"""NumPy calls that are written down once, for buffers that stay, and made again and again.

A pass is such a list: looking up buffers and functions anew for each of its thirty-odd calls took as long as
the calls themselves on a small network. Whoever has a rule of the maths writes it as the calls it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = tuple[Callable[..., object], tuple[Any, ...]]
Calls = list[Call]


def make(calls: Calls) -> None:
    """Make the calls in order."""
    for function, arguments in calls:
        function(*arguments)


def one(function: Callable[..., None]) -> Callable[..., Calls]:
    """A rule that is a single call of ``function``, for those that need intermediate arrays."""
    return lambda *arguments: [(function, arguments)]
