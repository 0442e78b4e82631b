"""The number of BLAS threads, the same for all of a run on one machine: another number gives other last bits.

threadpoolctl switches OpenBLAS and MKL at run time; it is the one import here beyond NumPy.
"""

from __future__ import annotations

import itertools
import os
from functools import lru_cache

import numpy as np
from threadpoolctl import ThreadpoolController

# Multiply-adds in the widest product from which a second thread is used. Measured on two quiet processors: it saves
# a third of an update from here on, less below; and with the screen or others on them it costs more than that.
WORTH_A_SECOND = 4_000_000


def threads_for(sizes: tuple[int, ...], batch: int) -> int:
    """How many BLAS threads a run of these sizes uses: 1 for small nets, which also leaves the screen a core.

    Wide ones use as many as there are processors, four at most: with fewer of them the last bits are others.
    """
    widest = max(inputs * units * batch for inputs, units in itertools.pairwise(sizes))
    return 1 if widest < WORTH_A_SECOND else min(4, os.cpu_count() or 1)


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def use_threads(count: int) -> None:
    """Set the thread count of every BLAS in the process, if it is not that already."""
    for library in _controller().lib_controllers:
        if library.num_threads != count:
            library.set_num_threads(count)


def kernels(threads: int) -> str:
    """What products are computed with, on so many threads: runs are the same to the last bit where this is the same.

    One thread goes without saying: most nets have no more, and what was kept of them stays the same.
    """
    found = (
        f"{library.internal_api} {library.version} {library.info().get('architecture', '')}".strip()
        for library in _controller().lib_controllers
    )
    return ", ".join([f"numpy {np.__version__}", *([f"{threads} threads"] if threads > 1 else []), *found])
