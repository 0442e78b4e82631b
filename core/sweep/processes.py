"""Train the combinations of a sweep in several processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from nn_tui.core.sweep.row import SweepRow, SweepTask, train_row


class ProcessEnded(Exception):
    """A process of the sweep was ended from outside."""


_POLL_SECONDS = 0.1
_TERMINAL_SIGNALS = ("SIGINT", "SIGQUIT", "SIGHUP")  # a terminal sends them to all processes of a command


def train_in_processes(
    task: SweepTask,
    indices: Sequence[int],
    jobs: int,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda done: None,
) -> Generator[SweepRow, None, None]:
    """Train some combinations of a sweep in processes of their own, and yield their rows in the order of ``indices``.

    Args:
        task: The sweep.
        indices: The combinations to train, from 0.
        jobs: The number of processes.
        should_stop: Asked several times a second. If it returns True, the rows that are complete are the last ones.
        progress: Gets the number of combinations that are trained; one that is still in training counts in part.

    Raises:
        ProcessEnded: A process was ended from outside; it comes after the rows that are complete.
    """
    waiting, rows = list(reversed(indices)), dict[int, SweepRow]()
    ended: ProcessEnded | None = None
    position, running, shares = 0, dict[Connection, int](), dict[Connection, float]()
    with _workers(task, min(jobs, len(indices))) as connections:
        for connection in connections:
            running[connection] = waiting.pop()
            connection.send(running[connection])
        while running and ended is None and not should_stop():
            ready = wait(list(running), _POLL_SECONDS)
            for connection in [each for each in running if each in ready]:
                try:
                    answer = _receive(connection)
                except ProcessEnded as error:
                    ended = error
                    break
                if isinstance(answer, float):
                    shares[connection] = answer
                    continue
                rows[running.pop(connection)] = answer
                shares.pop(connection, None)
                if waiting:
                    running[connection] = waiting.pop()
                    connection.send(running[connection])
            progress(len(rows) + sum(shares.values()))
            while position < len(indices) and indices[position] in rows:
                yield rows[indices[position]]
                position += 1
    for index in indices[position:]:
        if index in rows:
            yield rows[index]
    if ended is not None:
        raise ended


def _receive(connection: Connection) -> SweepRow | float:
    try:
        answer: SweepRow | float | Exception = connection.recv()
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
    """Train the combinations whose indices come in, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, where signals cannot be blocked
    with suppress(EOFError, OSError):  # the other process has ended
        while True:
            index = connection.recv()
            try:
                row = train_row(task, index, should_stop=connection.poll, progress=connection.send)
            except Exception as error:
                connection.send(error)
                return
            if row is None:
                return
            connection.send(row)
