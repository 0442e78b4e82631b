"""The number of BLAS threads, fixed per run: one and two threads differ in the last bits of a product.

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
    """How many BLAS threads a run of these sizes uses: 1 for small nets, which also leaves the screen a core."""
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


def kernels() -> str:
    """What products are computed with: runs are the same to the last bit where this is the same."""
    found = (
        f"{library.internal_api} {library.version} {library.info().get('architecture', '')}".strip()
        for library in _controller().lib_controllers
    )
    return ", ".join([f"numpy {np.__version__}", *found])
