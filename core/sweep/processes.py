"""Train the combinations of a sweep in several processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from nn_tui.core.sweep.block import train_block
from nn_tui.core.sweep.row import SweepRow, SweepTask


class ProcessEnded(Exception):
    """A process of the sweep was ended from outside."""


_POLL_SECONDS = 0.1
_TERMINAL_SIGNALS = ("SIGINT", "SIGQUIT", "SIGHUP")  # a terminal sends them to all processes of a command


def train_in_processes(
    task: SweepTask,
    blocks: Sequence[Sequence[int]],
    jobs: int,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda done: None,
) -> Iterator[tuple[int, SweepRow]]:
    """Train blocks of combinations in processes of their own, and yield the rows as they come, with their indexes.

    Args:
        task: The sweep.
        blocks: The combinations to train, from 0; a process trains those of a block side by side where it can.
        jobs: The number of processes.
        should_stop: Asked several times a second. If it returns True, the rows that are complete are the last ones.
        progress: Gets the number of combinations that are trained; one that is still in training counts in part.

    Raises:
        ProcessEnded: A process was ended from outside.
    """
    waiting, running, shares, done = list(reversed(blocks)), dict[Connection, int](), dict[Connection, float](), 0
    with _workers(task, min(jobs, len(blocks))) as connections:
        for connection in connections:
            running[connection] = _send_block(connection, waiting)
        while running and not should_stop():
            ready = wait(list(running), _POLL_SECONDS)
            for connection in [each for each in running if each in ready]:
                answer = _receive(connection)
                if isinstance(answer, float):
                    shares[connection] = answer
                elif answer is not None:
                    yield answer
                else:  # the end of a block
                    done += running.pop(connection)
                    shares[connection] = 0.0
                    if waiting:
                        running[connection] = _send_block(connection, waiting)
            progress(done + sum(shares.values()))


def _send_block(connection: Connection, waiting: list[Sequence[int]]) -> int:
    """Send the next block to a process; return how many combinations it has."""
    block = waiting.pop()
    try:
        connection.send(list(block))
    except OSError:
        raise ProcessEnded from None
    return len(block)


def _receive(connection: Connection) -> tuple[int, SweepRow] | float | None:
    """Return a row, the progress in a block, or None at its end."""
    try:
        answer: tuple[int, SweepRow] | float | Exception | None = connection.recv()
    except (EOFError, OSError):
        raise ProcessEnded from None
    if isinstance(answer, Exception):
        raise answer
    return answer


@contextmanager
def _workers(task: SweepTask, count: int) -> Iterator[list[Connection]]:
    """Give connections to processes that train; end the processes after the block.

    The processes do not get the signals of the terminal: this process decides what a ctrl+c ends.
    """
    context = multiprocessing.get_context("spawn")
    connections, processes = list[Connection](), list[SpawnProcess]()
    try:
        with _blocked_signals():
            for _ in range(count):
                connection, others = context.Pipe()
                processes.append(context.Process(target=_work, args=(task, others), daemon=True))
                processes[-1].start()
                others.close()
                connections.append(connection)
        yield connections
    finally:
        for connection in connections:
            connection.close()
        for process in processes:
            process.kill()
            process.join()


@contextmanager
def _blocked_signals() -> Iterator[None]:
    """Block the signals of the terminal in this block; a process that starts in it never gets them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # not on Windows

    resource_tracker.ensure_running()  # its start would unblock SIGINT
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, name) for name in _TERMINAL_SIGNALS])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(task: SweepTask, connection: Connection) -> None:
    """Train the blocks of combinations that come in, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, where signals cannot be blocked
    with suppress(EOFError, OSError):  # the other process has ended
        while True:
            block = connection.recv()
            try:
                for row in train_block(task, block, should_stop=connection.poll, progress=connection.send):
                    connection.send(row)
            except (EOFError, OSError):
                raise
            except Exception as error:
                connection.send(error)
                return
            connection.send(None)
