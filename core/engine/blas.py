"""The number of BLAS threads. It stays the same during a run, because another number changes the last bits.

threadpoolctl sets it for OpenBLAS and MKL at run time.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

# Multiply-adds in the largest product from which on a second thread is worth it. On two idle processors it saves a
# third of an update; on busy ones it costs time.
MIN_PARALLEL_WORK = 4_000_000


def threads_for(sizes: tuple[int, ...], batch: int) -> int:
    """Return the number of BLAS threads for a network and a batch size.

    It is 1 for small networks, which leaves a processor to the screen, and otherwise the number of processors, but at
    most 4. So a machine with fewer processors may give other last bits.
    """
    largest = max(inputs * units * batch for inputs, units in itertools.pairwise(sizes))
    return 1 if largest < MIN_PARALLEL_WORK else min(4, os.cpu_count() or 1)


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def use_threads(count: int) -> None:
    """Set the number of threads of every BLAS library in the process."""
    for library in _controller().lib_controllers:
        if library.num_threads != count:
            library.set_num_threads(count)


def threads_in_use() -> set[int]:
    """Return the numbers of threads of the BLAS libraries in the process."""
    return {library.num_threads for library in _controller().lib_controllers}


class _Blocks:
    """The blocks of :func:`restore_threads` that run now, in all threads: BLAS has one number for the process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.count = 0
        self.before: list[tuple[Any, int]] = []


_BLOCKS = _Blocks()


@contextmanager
def restore_threads() -> Iterator[None]:
    """Run a block, and set the number of threads of each BLAS library back to what it was before.

    If several threads run such blocks at the same time, the last one to end does so.
    """
    with _BLOCKS.lock:
        _BLOCKS.count += 1
        if _BLOCKS.count == 1:
            _BLOCKS.before = [(library, library.num_threads) for library in _controller().lib_controllers]
    try:
        yield
    finally:
        with _BLOCKS.lock:
            _BLOCKS.count -= 1
            if not _BLOCKS.count:
                for library, threads in _BLOCKS.before:
                    if library.num_threads != threads:
                        library.set_num_threads(threads)


def kernels(threads: int) -> str:
    """Return the versions of NumPy and BLAS and the number of threads, if it is more than 1.

    Where these are the same, a run gives the same bits.
    """
    libraries = (
        f"{library.internal_api} {library.version} {library.info().get('architecture', '')}".strip()
        for library in _controller().lib_controllers
    )
    return ", ".join([f"numpy {np.__version__}", *([f"{threads} threads"] if threads > 1 else []), *libraries])
