"""Send random keys, pastes, mouse events and resizes to the real app in a pseudo-terminal, repeatable by a seed.

    python -m tests._monkey [--seeds 1 2 3] [--events 20000]     (make monkey)

Some of the events quit the app. It must then exit without an error, and a new app is started.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from nn_tui.presets import COURSE
from tests._random_events import ESCAPE, Event, random_events
from tests._throttled_terminal import ThrottledTerminal, throttled_terminal

ROOT = Path(__file__).resolve().parents[1]
BARRIER, SAMPLE = b"\x1b[57383u", b"\x1b[57384u"
TIMEOUT = 60.0  # seconds until an answer; reached only if the app hangs
BURST = 24  # events at most between two barriers
PROBE_EVERY = 400  # events
ESCAPE_TIME = 0.12  # seconds: the app takes an escape byte as a key if nothing follows within 0.1
# The most objects, threads, files and bytes that one run of the app may hold.
LIMITS = {"Run": 6 + 2 * 12 + 8, "Screen": 12, "threads": 16, "files": 24, "bytes": 2 * 10**9}
MAX_GROWTH = 150 * 10**6  # bytes from the second third of a long app run to its last third
LONG_RUN = 12  # samples: a shorter app run is not checked for growth


@dataclass(slots=True)
class FuzzRun:
    """The progress of one seed, and the reports of the app."""

    seed: int
    folder: Path
    events: int = 0
    starts: int = 0
    results: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)  # of the running app
    app_runs: list[list[dict[str, Any]]] = field(default_factory=list)  # the samples of the apps that have ended
    slowest: float = 0.0  # seconds from a probe's key to its answer
    recent: list[Event] = field(default_factory=list)
    lines_read: int = 0  # of the report

    @property
    def report_path(self) -> Path:
        """The file to which the running app writes its report."""
        return self.folder / f"report-{self.starts}"

    def fail(self, reason: str, app: ThrottledTerminal | None = None) -> AssertionError:
        """Return an error with the seed, the last events, the screen and the stacks."""
        logs = (Path(f"{self.report_path}.stacks"), self.folder / "state/nn-tui/crash.txt")
        lines = [f"seed {self.seed}, event {self.events}: {reason}", f"the last events: {self.recent[-40:]!r}"]
        if app is not None:
            lines.append(app.text_since(app.bytes_read - 6000)[-2000:])
        lines += [path.read_text(encoding="utf-8")[-6000:] for path in logs if path.exists()]
        return AssertionError("\n".join(lines))


def fuzz(
    seed: int, events: int, folder: Path, *, seconds: float = float("inf"), presets: tuple[str, ...] = COURSE
) -> FuzzRun:
    """Send the events of a seed to the app, and start a new app after each exit.

    Args:
        seed: The seed of the events and of the choice of presets.
        events: The number of events.
        folder: The folder for the settings, the state and the reports.
        seconds: The time limit.
        presets: The presets to choose from.

    Raises:
        AssertionError: The app hangs, fails or leaks.
    """
    run = FuzzRun(seed, folder)
    source, rng, end = random_events(seed), random.Random(seed), time.monotonic() + seconds
    while run.events < events and time.monotonic() < end:
        run.starts += 1
        run.lines_read = 0
        preset = rng.choice(presets)
        command = (sys.executable, str(ROOT / "tests/_monkey_child.py"), str(run.report_path), preset)
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        with throttled_terminal(folder, command, PYTHONPATH=path) as app:
            if not app.wait(lambda: "Forward" in app.text_since(0), TIMEOUT):
                raise run.fail("it did not start", app)
            _send_events(run, app, source, rng, events, end)
            _quit(run, app)
    return run


def _send_events(
    run: FuzzRun, app: ThrottledTerminal, source: Iterator[Event], rng: random.Random, events: int, end: float
) -> None:
    """Send events until there are enough or the app has ended."""
    probe_at = run.events + PROBE_EVERY
    _probe(run, app)
    while run.events < events and time.monotonic() < end and app.code is None:
        for _ in range(rng.randrange(1, BURST)):
            event = next(source)
            run.events += 1
            run.recent = [*run.recent[-99:], event]
            with contextlib.suppress(OSError):
                _send(app, event)
        _answer(run, app, BARRIER)
        if run.events >= probe_at:
            probe_at = run.events + PROBE_EVERY
            _probe(run, app)


def _send(app: ThrottledTerminal, event: Event) -> None:
    if isinstance(event, bytes):
        app.send(event)
    elif isinstance(event, tuple):
        app.resize(*event)
    else:
        time.sleep(event)


def _answer(run: FuzzRun, app: ThrottledTerminal, key: bytes) -> dict[str, Any] | None:
    """Send the key of a barrier or a sample, and return the answer; None if the app ends instead."""
    time.sleep(ESCAPE_TIME)
    with contextlib.suppress(OSError):
        app.send(b"\x1b[201~" + key)
    before = run.lines_read

    def is_answered() -> bool:
        lines = run.report_path.read_text(encoding="utf-8").splitlines() if run.report_path.exists() else []
        run.lines_read = len(lines)
        return run.lines_read > before

    if not app.wait(is_answered, TIMEOUT):
        if app.code is None:
            app.process.send_signal(signal.SIGUSR2)
            app.wait(lambda: Path(f"{run.report_path}.stacks").stat().st_size, TIMEOUT)
            raise run.fail("no answer", app)
        return None
    answer = json.loads(run.report_path.read_text(encoding="utf-8").splitlines()[run.lines_read - 1])
    return answer if "answer" in answer else None


def _probe(run: FuzzRun, app: ThrottledTerminal) -> None:
    """Close all dialogs, sample the process, and check that a key still opens the help."""
    for _ in range(30):
        answer = _answer(run, app, SAMPLE)
        if answer is None or answer["main"]:
            break
        app.send(ESCAPE)
    if answer is None:
        return
    if not answer["main"]:
        raise run.fail(f"a dialog does not close: {answer['stack']}", app)
    run.samples.append(answer)
    app.resize(120, 40)
    mark, began = app.bytes_read, time.monotonic()
    app.send("?")
    if not app.wait(lambda: "Keys and words" in app.text_since(mark), TIMEOUT) and app.code is None:
        raise run.fail("`?` shows nothing", app)
    run.slowest = max(run.slowest, time.monotonic() - began)
    with contextlib.suppress(OSError):
        app.send(ESCAPE)


def _quit(run: FuzzRun, app: ThrottledTerminal) -> None:
    """Quit the app unless it has ended, and check its exit and its result."""
    if app.code is None:
        _probe(run, app)
        _answer(run, app, BARRIER)
        with contextlib.suppress(OSError):
            app.send("q")
    code = app.end(TIMEOUT + 60)
    leaked, run.app_runs, run.samples = leaks(run.samples), [*run.app_runs, run.samples], []
    if leaked:
        raise run.fail(f"it leaks: {', '.join(leaked)}", app)
    if code != 0:
        raise run.fail(f"exit code {code}", app)
    if app.left_on():
        raise run.fail(f"modes {app.left_on()} are left on", app)
    report = json.loads(run.report_path.read_text(encoding="utf-8").splitlines()[-1])
    if report.get("result") != []:
        raise run.fail(f"wrong result: {report}", app)
    run.results.append(report)


def leaks(samples: Sequence[Mapping[str, int]]) -> list[str]:
    """Return a line for each limit that an app run exceeded, and one if its memory grows."""
    found = [
        f"{key} {sample[key]:,}" for sample in samples for key, limit in LIMITS.items() if sample.get(key, 0) > limit
    ]
    if len(samples) >= LONG_RUN:
        third = len(samples) // 3
        middle, last = (
            median(sample["bytes"] for sample in part) for part in (samples[third:-third], samples[-third:])
        )
        found += [f"{last - middle:,.0f} bytes more"] if last > middle + MAX_GROWTH else []
    return found


def main() -> int:
    """Run each seed and print a line about it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="at most, for each seed")
    parser.add_argument("--presets", nargs="+", default=COURSE)
    args = parser.parse_args()
    for seed in args.seeds:
        with tempfile.TemporaryDirectory() as folder:
            run = fuzz(seed, args.events, Path(folder), seconds=args.seconds, presets=tuple(args.presets))
        runs, replayed, reached = (
            sum(result[name] for result in run.results) for name in ("runs", "replayed", "reached")
        )
        samples = [sample for app_run in run.app_runs for sample in app_run]
        maxima = {
            key: max(sample[key] for sample in samples) for key in samples[0] if key not in ("answer", "main", "stack")
        }
        print(
            f"seed {seed}: {run.events:,} events, {run.starts} starts; {runs} runs, {replayed:,} of {reached:,} "
            f"updates replayed bit for bit; slowest probe {run.slowest:.2f} s; at most {maxima}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
