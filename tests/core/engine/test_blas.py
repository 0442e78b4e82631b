"""Tests of the number of BLAS threads, which the process has once."""

from __future__ import annotations

from threading import Thread

from nn_tui.core.engine.blas import restore_threads, threads_in_use, use_threads


def test_the_last_of_several_blocks_restores_the_number() -> None:
    use_threads(2)
    before = threads_in_use()

    def other() -> None:
        with restore_threads():
            pass

    with restore_threads():
        use_threads(1)
        during = threads_in_use()
        thread = Thread(target=other)
        thread.start()
        thread.join()
        assert threads_in_use() == during, "a block that ends earlier changes nothing"
    assert threads_in_use() == before
