"""The signals that end the process: when they interrupt, when they are deferred, and that none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable

import pytest

from nn_tui.tui.terminal.termination import Terminated, Termination

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send itself these signals")


class Node:
    """An object that a weak reference can watch."""


def ended_by(act: Callable[[Termination], object]) -> int:
    """Call ``act`` in a block that handles signals; return the signal that ended it, or 0."""
    signals = Termination()
    try:
        with signals.handled():
            act(signals)
    except Terminated as ended:
        return ended.number
    return 0


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_interrupts_the_block(name: str) -> None:
    number = getattr(signal, name)
    done: list[str] = []

    def act(signals: Termination) -> None:
        signal.raise_signal(number)
        done.append("more")

    assert ended_by(act) == number
    assert done == []


def test_the_old_handlers_are_restored() -> None:
    before = {name: signal.getsignal(getattr(signal, name)) for name in SIGNALS}
    hook = sys.unraisablehook
    assert ended_by(lambda signals: signal.raise_signal(signal.SIGHUP)) == signal.SIGHUP
    assert {name: signal.getsignal(getattr(signal, name)) for name in SIGNALS} == before
    assert sys.unraisablehook is hook


def test_a_deferred_signal_interrupts_at_the_end_of_the_block() -> None:
    done: list[str] = []

    def act(signals: Termination) -> None:
        with signals.deferred():
            with signals.deferred():
                signal.raise_signal(signal.SIGTERM)
                done.append("inner block")
            done.append("outer block")
        done.append("more")

    assert ended_by(act) == signal.SIGTERM
    assert done == ["inner block", "outer block"]


def test_the_first_of_several_signals_counts() -> None:
    def act(signals: Termination) -> None:
        with signals.deferred():
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.raise_signal(number)
            assert signals.number == signal.SIGHUP

    assert ended_by(act) == signal.SIGHUP


def test_a_second_sigint_interrupts_a_block_that_allows_it() -> None:
    done: list[str] = []

    def act(signals: Termination) -> None:
        with signals.deferred(second_interrupts=True):
            signal.raise_signal(signal.SIGINT)
            done.append("first")
            signal.raise_signal(signal.SIGTERM)
            done.append("another signal")
            signal.raise_signal(signal.SIGINT)
            done.append("second")

    assert ended_by(act) == signal.SIGINT
    assert done == ["first", "another signal"]


def test_a_signal_in_a_callback_of_a_weak_reference_is_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []

    def act(signals: Termination) -> None:
        node = Node()
        reference = weakref.ref(node, lambda _: signal.raise_signal(signal.SIGTERM))
        del node  # Python cannot raise an exception here
        done.append(f"{reference()}")

    assert ended_by(act) == signal.SIGTERM
    assert done == ["None"]
    assert capsys.readouterr() == ("", "")


def test_an_exception_that_replaces_the_signal_does_not_hide_it() -> None:
    def act(signals: Termination) -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except Terminated:
            raise ImportError("no such module") from None

    assert ended_by(act) == signal.SIGTERM


def test_a_callback_is_called_for_each_signal_and_for_an_earlier_one() -> None:
    numbers: list[int] = []

    def act(signals: Termination) -> None:
        with signals.deferred():
            signal.raise_signal(signal.SIGHUP)
            signals.call(lambda: numbers.append(signals.number))
            assert numbers == [signal.SIGHUP]
            signal.raise_signal(signal.SIGTERM)
            signals.receive(signal.SIGQUIT)

    assert ended_by(act) == signal.SIGHUP
    assert numbers == [signal.SIGHUP] * 3


def test_a_signal_that_the_process_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert ended_by(lambda signals: signal.raise_signal(signal.SIGHUP)) == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_handle_no_signals() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[object] = []
    thread = threading.Thread(target=lambda: ended_by(lambda signals: seen.append(signal.getsignal(signal.SIGTERM))))
    thread.start()
    thread.join()
    assert seen == [before]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_after_the_last_block_a_signal_kills_the_process_without_a_traceback(name: str) -> None:
    number = getattr(signal, name)
    code = (
        "import signal\n"
        "from nn_tui.tui.terminal.termination import termination\n"
        "with termination.handled(is_last=True): pass\n"
        f"signal.raise_signal({int(number)})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-number, b"")
