"""Independent random streams, one per purpose: to draw more from one stream never shifts another."""

from __future__ import annotations

from typing import Literal

import numpy as np

Purpose = Literal["data", "split", "init", "shuffle", "landscape", "exercise", "evaluation"]
_KEYS: dict[Purpose, int] = {
    "data": 0, "split": 1, "init": 2, "shuffle": 3, "landscape": 4, "exercise": 5, "evaluation": 6,
}  # fmt: skip


def stream(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """Return a new generator that depends on nothing but its arguments.

    The streams are spawned as NumPy's ``SeedSequence`` recommends.

    Args:
        seed: A number from 0.
        purpose: The purpose of the random numbers.
        index: The layer for "init", the epoch for "shuffle", the attempt for "landscape", the number of
            the exercise for "exercise".

    Raises:
        ValueError: The seed is negative.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_KEYS[purpose], index))))
