"""Independent random streams, one per purpose, so that drawing more of one never shifts another."""

from __future__ import annotations

from typing import Literal

import numpy as np

Purpose = Literal["data", "split", "init", "shuffle", "landscape"]
_KEYS: dict[Purpose, int] = {"data": 0, "split": 1, "init": 2, "shuffle": 3, "landscape": 4}


def stream(seed: int, purpose: Purpose, index: int = 0) -> np.random.Generator:
    """A fresh generator that depends on nothing but (seed, purpose, index).

    ``index`` is the layer for ``init`` and the epoch for ``shuffle``. Raises ValueError for a negative
    seed. Streams are spawned as NumPy's SeedSequence recommends.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_KEYS[purpose], index))))
