"""Hands that know no better: random keys, pastes, mouse and resizes for the real app in a pty, by a seed.

    python -m tests._monkey [--seeds 1 2 3] [--events 20000]     (make monkey)

Quitting is part of it: now and then the monkey quits, the app must end well, and a new one is started.
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
from tests._link import Link, link
from tests._random_events import ESCAPE, Event, random_events

ROOT = Path(__file__).resolve().parents[1]
BARRIER, LOOK = b"\x1b[57383u", b"\x1b[57384u"
PATIENCE = 60.0  # seconds until an answer; only a hang takes so long
BURST = 24  # events at most between two barriers
PROBE_EVERY = 400  # events
ESCAPE_TIME = 0.12  # seconds after which an escape that nothing follows is a key; the app waits for 0.1
# What one start of the app may hold at most, whatever it has been through.
BOUNDS = {"Run": 6 + 2 * 12 + 8, "Screen": 12, "threads": 16, "files": 24, "bytes": 2 * 10**9}
GROWTH = 150 * 10**6  # bytes from the second third of a long life to its last
LIFE = 12  # looks from which on a life is a long one


@dataclass(slots=True)
class Play:
    """One seed's play: how far it is, and what the app has said."""

    seed: int
    folder: Path
    events: int = 0
    starts: int = 0
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    looks: list[dict[str, Any]] = field(default_factory=list)  # of the app that runs
    lives: list[list[dict[str, Any]]] = field(default_factory=list)  # the looks of those that have ended
    slowest: float = 0.0  # seconds from the probe's key to its answer
    recent: list[Event] = field(default_factory=list)
    read: int = 0

    @property
    def report(self) -> Path:
        """Where the app that is running says how it is."""
        return self.folder / f"report-{self.starts}"

    def fail(self, what: str, app: Link | None = None) -> AssertionError:
        """A failure with all that it takes to see it again."""
        notes = (Path(f"{self.report}.stacks"), self.folder / "state/nn-tui/crash.txt")
        said = [f"seed {self.seed}, event {self.events}: {what}", f"the last events: {self.recent[-40:]!r}"]
        if app is not None:
            said.append(app.words_since(app.taken - 6000)[-2000:])
        said += [each.read_text(encoding="utf-8")[-6000:] for each in notes if each.exists()]
        return AssertionError("\n".join(said))


def play(
    seed: int, events: int, folder: Path, *, seconds: float = float("inf"), presets: tuple[str, ...] = COURSE
) -> Play:
    """Let the random_events of ``seed`` play; raises AssertionError when something is wrong."""
    now = Play(seed, folder)
    hands, rng, end = random_events(seed), random.Random(seed), time.monotonic() + seconds
    while now.events < events and time.monotonic() < end:
        now.starts += 1
        now.read = 0
        preset = rng.choice(presets)
        command = (sys.executable, str(ROOT / "tests/_monkey_child.py"), str(now.report), preset)
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        with link(folder, command, PYTHONPATH=path) as app:
            if not app.wait(lambda app=app: "Forward" in app.words_since(0), PATIENCE):  # type: ignore[misc]
                raise now.fail("it did not start", app)
            _play(now, app, hands, rng, events, end)
            _leave(now, app)
    return now


def _play(now: Play, app: Link, hands: Iterator[Event], rng: random.Random, events: int, end: float) -> None:
    """Send events until there have been enough, or the app has been left."""
    probe_at = now.events + PROBE_EVERY
    _probe(now, app)
    while now.events < events and time.monotonic() < end and app.code is None:
        for _ in range(rng.randrange(1, BURST)):
            event = next(hands)
            now.events += 1
            now.recent = [*now.recent[-99:], event]
            with contextlib.suppress(OSError):
                _do(app, event)
        _answered(now, app, BARRIER)
        if now.events >= probe_at:
            probe_at = now.events + PROBE_EVERY
            _probe(now, app)


def _do(app: Link, event: Event) -> None:
    if isinstance(event, bytes):
        app.send(event)
    elif isinstance(event, tuple):
        app.resize(*event)
    else:
        time.sleep(event)


def _answered(now: Play, app: Link, key: bytes) -> dict[str, Any] | None:
    """The answer to a barrier; None when the app is left instead."""
    time.sleep(ESCAPE_TIME)
    with contextlib.suppress(OSError):
        app.send(b"\x1b[201~" + key)
    before = now.read

    def come() -> bool:
        lines = now.report.read_text(encoding="utf-8").splitlines() if now.report.exists() else []
        now.read = len(lines)
        return now.read > before

    if not app.wait(come, PATIENCE):
        if app.code is None:
            app.process.send_signal(signal.SIGUSR2)
            app.wait(lambda: Path(f"{now.report}.stacks").stat().st_size, PATIENCE)
            raise now.fail("no answer", app)
        return None
    answer = json.loads(now.report.read_text(encoding="utf-8").splitlines()[now.read - 1])
    return answer if "answer" in answer else None


def _probe(now: Play, app: Link) -> None:
    """Close what is open, press a key that shows something, and look at the process."""
    for _ in range(30):
        answer = _answered(now, app, LOOK)
        if answer is None or answer["main"]:
            break
        app.send(ESCAPE)
    if answer is None:
        return
    if not answer["main"]:
        raise now.fail(f"a dialog does not close: {answer['stack']}", app)
    now.looks.append(answer)
    app.resize(120, 40)
    mark, began = app.taken, time.monotonic()
    app.send("?")
    if not app.wait(lambda: "Keys and words" in app.words_since(mark), PATIENCE) and app.code is None:
        raise now.fail("`?` shows nothing", app)
    now.slowest = max(now.slowest, time.monotonic() - began)
    with contextlib.suppress(OSError):
        app.send(ESCAPE)


def _leave(now: Play, app: Link) -> None:
    """Quit, where the monkey has not, and hear the verdict."""
    if app.code is None:
        _probe(now, app)
        _answered(now, app, BARRIER)
        with contextlib.suppress(OSError):
            app.send("q")
    code = app.end(PATIENCE + 60)
    too_much, now.lives, now.looks = grown(now.looks), [*now.lives, now.looks], []
    if too_much:
        raise now.fail(f"it holds more and more: {', '.join(too_much)}", app)
    if code != 0:
        raise now.fail(f"exit code {code}", app)
    if app.left_on():
        raise now.fail(f"modes {app.left_on()} are left on", app)
    said = json.loads(now.report.read_text(encoding="utf-8").splitlines()[-1])
    if said.get("verdict") != []:
        raise now.fail(f"after all this: {said}", app)
    now.verdicts.append(said)


def grown(looks: Sequence[Mapping[str, int]]) -> list[str]:
    """What one life of the app held too much of."""
    found = [f"{key} {look[key]:,}" for look in looks for key, most in BOUNDS.items() if look.get(key, 0) > most]
    if len(looks) >= LIFE:
        third = len(looks) // 3
        middle, last = (median(look["bytes"] for look in part) for part in (looks[third:-third], looks[-third:]))
        found += [f"{last - middle:,.0f} bytes more"] if last > middle + GROWTH else []
    return found


def main() -> int:
    """Play each seed and print a line about it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for each seed at most")
    parser.add_argument("--presets", nargs="+", default=COURSE)
    chosen = parser.parse_args()
    for seed in chosen.seeds:
        with tempfile.TemporaryDirectory() as folder:
            done = play(seed, chosen.events, Path(folder), seconds=chosen.seconds, presets=tuple(chosen.presets))
        runs, again, reached = (sum(each[name] for each in done.verdicts) for name in ("runs", "replayed", "reached"))
        looks = [look for life in done.lives for look in life]
        most = {key: max(look[key] for look in looks) for key in looks[0] if key not in ("answer", "main", "stack")}
        print(
            f"seed {seed}: {done.events:,} events, {done.starts} starts; {runs} runs, {again:,} of {reached:,} updates "
            f"replayed to the bit; slowest probe {done.slowest:.2f} s; at most {most}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
