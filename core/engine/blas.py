"""The number of BLAS threads. It stays the same during a run, because another number changes the last bits.

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
MIN_WORK_FOR_THREADS = 4_000_000


def threads_for(sizes: tuple[int, ...], batch: int) -> int:
    """Return how many BLAS threads a run of these sizes uses.

    Small networks use one, which also leaves a processor to the screen. Wide networks use one for each processor, four
    at most.
    """
    widest = max(inputs * units * batch for inputs, units in itertools.pairwise(sizes))
    return 1 if widest < MIN_WORK_FOR_THREADS else min(4, os.cpu_count() or 1)


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def use_threads(count: int) -> None:
    """Set the number of threads of every BLAS library in the process."""
    for library in _controller().lib_controllers:
        if library.num_threads != count:
            library.set_num_threads(count)


def kernels(threads: int) -> str:
    """Describe the libraries that compute products. Runs give the same bits where this description is the same.

    A count of one thread is omitted, so that older saved sessions of small networks still match.
    """
    found = (
        f"{library.internal_api} {library.version} {library.info().get('architecture', '')}".strip()
        for library in _controller().lib_controllers
    )
    return ", ".join([f"numpy {np.__version__}", *([f"{threads} threads"] if threads > 1 else []), *found])
