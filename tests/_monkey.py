"""Hands that know no better: random keys, pastes, mouse and resizes for the real app in a pty, by a seed.

    python -m tests._monkey [--seeds 1 2 3] [--events 20000]     (make monkey)

Quitting is part of it: now and then the monkey quits, the app must end well, and a new one is started. Terminal
replies that switch a mode on (in-band resizes) are left out: a terminal that sends them keeps its word.
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

from nn_tui.core.edit_forms import EDITS
from nn_tui.presets import COURSE
from nn_tui.tui.hangul import typed
from nn_tui.tui.keys import KEYS
from tests._link import Link, link

ROOT = Path(__file__).resolve().parents[1]
Event = bytes | tuple[int, int] | float  # what is sent, or a size, or seconds to look on

BARRIER, LOOK, ESCAPE = b"\x1b[57383u", b"\x1b[57384u", b"\x1b[27u"
PATIENCE = 60.0  # seconds until an answer; only a hang takes so long
BURST = 24  # events at most between two barriers
PROBE_EVERY = 400  # events
# What one start of the app may hold at most, whatever it has been through.
BOUNDS = {"Run": 6 + 2 * 12 + 8, "Screen": 12, "threads": 16, "files": 24, "bytes": 2 * 10**9}
GROWTH = 150 * 10**6  # bytes from the second third of a long life to its last
LIFE = 12  # looks from which on a life is a long one
SEQUENCES = {
    "space": b" ", "backspace": b"\x7f", "enter": b"\r", "tab": b"\t", "escape": b"\x1b", "f1": b"\x1bOP",
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "home": b"\x1b[H", "end": b"\x1b[F",
    "ctrl+left": b"\x1b[1;5D", "ctrl+right": b"\x1b[1;5C", "shift+left": b"\x1b[1;2D", "shift+right": b"\x1b[1;2C",
    "plus": b"+", "equals_sign": b"=", "minus": b"-", "asterisk": b"*", "left_parenthesis": b"(",
    "right_parenthesis": b")", "left_square_bracket": b"[", "right_square_bracket": b"]", "slash": b"/",
    "semicolon": b";", "greater_than_sign": b">", "less_than_sign": b"<", "comma": b",", "full_stop": b".",
    "question_mark": b"?", "page_up": b"\x1b[5~", "page_down": b"\x1b[6~", "delete": b"\x1b[3~",
}  # fmt: skip
WORDS = ("ㄹ", "ㅠ", "ㅕ", "안녕", "한글", "é", "½", "δ", "🐒", "👩‍👩‍👧‍👦", "ｗ", "\u200b", "\u202e", "\u0301")
NAMES = ("w1[1,1]", "w2[1,2]", "b1[1]", "x1", "loss", "y1", "dw1[1,1]", "z1[1]", "w9[9,9]", "w1[1", "", "δ2[1]")


def key_bytes(name: str) -> bytes:
    """What a terminal sends for a key of the bindings."""
    return name.encode() if len(name) == 1 else SEQUENCES[name]


BOUND = tuple(dict.fromkeys(key_bytes(name) for key in KEYS for name in key.keys.split(",") if key.action != "quit"))


def hand(seed: int) -> Iterator[Event]:
    """The events of a seed, without end."""
    rng = random.Random(seed)
    kinds = (
        (bound, 46), (go, 8), (text, 6), (edit, 5), (dialog, 6), (control, 4), (sequence, 4), (garbage, 3),
        (foreign, 4), (paste, 1), (mouse, 16), (size, 4), (quit_key, 0.03),
    )  # fmt: skip
    while True:
        (kind,) = rng.choices([each for each, _ in kinds], [weight for _, weight in kinds])
        yield from kind(rng)


def bound(rng: random.Random) -> Iterator[Event]:
    """A key that does something, perhaps held down."""
    yield rng.choice(BOUND) * rng.choice((1, 1, 1, 1, 2, 3, 10))


def go(rng: random.Random) -> Iterator[Event]:
    """Running, at some speed; mostly from the main screen, and mostly for a while."""
    if rng.random() < 0.7:
        yield ESCAPE * 3
    yield rng.choice((b"r", b"++++++r", b"++++++r", b"---r", b"P", b"r\x7f", b"rr", b"c\rr"))
    if rng.random() < 0.7:
        yield rng.choice((0.05, 0.2, 0.6))


def text(rng: random.Random) -> Iterator[Event]:
    """Some characters, which only a prompt wants."""
    letters = "".join(chr(code) for code in range(32, 127) if chr(code) != "q")
    yield "".join(rng.choice(letters) for _ in range(rng.randrange(1, 6))).encode()


def edit(rng: random.Random) -> Iterator[Event]:
    """A change, mostly one that can be made."""
    example = rng.choice([form.example for form in EDITS.values()])
    if "=" in example and rng.random() < 0.5:
        name, _, value = example.partition("=")
        strange = ("0", "-1", "1e308", "nan", "3", "1e-9", "0.9", "x", "", "999999999", value)
        example = f"{name}= {rng.choice(strange)}"
    yield rng.choice((b"e", b"e", b"e", b"c"))
    yield b"\x15" + example.encode()  # ctrl+u empties the line
    yield rng.choice((b"\r", b"\r", b"\r", ESCAPE, b"\t\r", b"\x1b[B\r"))


def dialog(rng: random.Random) -> Iterator[Event]:
    """Something that opens, and something that is done there."""
    number = str(rng.choice((0, 1, 7, 50, 300, 5000, 10**8, 10**30))).encode()
    yield rng.choice(
        (
            b"t" + number + b"\r", b"/" + rng.choice(NAMES).encode() + b"\r", b"o\x1b[B\r", b"o\x1b[A\x1b[A\r", b"o",
            b"M\r", b"M5\t20\r", b"w", b"ww", b"wrr", b"g", b"i", b"?", b"\r", b"\re", b"\x10", b"\x10screenshot\r",
            b"\x10open " + rng.choice(COURSE)[:4].encode() + b"\r", b"\x10\r", b"\x10zoom\r", b"\x10speed\x1b[B\r",
        )
    )  # fmt: skip
    if rng.random() < 0.7:
        yield ESCAPE * rng.randrange(1, 4)


def control(rng: random.Random) -> Iterator[Event]:
    """Control and alt with something; not control and q, which leaves."""
    code = rng.choice([code for code in range(32) if code not in (0x11, 0x1B)])
    yield rng.choice((bytes([code]), b"\x1b" + bytes([rng.choice(b"abcdefghijkmnoprstuvwxyz[]O")]), b"\x1b[127;5u"))


def sequence(rng: random.Random) -> Iterator[Event]:
    """Keys by their sequences, and sequences that none has."""
    number = rng.choice((0, 1, 2, 5, 15, 27, 97, 200, 4000, 57399, 10**9))
    yield rng.choice(
        (
            rng.choice(list(SEQUENCES.values())), b"\x1b[%d~" % rng.randrange(1, 34),
            b"\x1bO%c" % rng.randrange(65, 91), b"\x1bP1",
            b"\x1b[%d;%du" % (number, rng.randrange(1, 9)), b"\x1b[%d;%d%c" % (number, 3, rng.randrange(65, 91)),
            b"\x1b[I", b"\x1b[O", b"\x1b[1;5R", b"\x1b]11;rgb:00/00/00\x07", b"\x1b[?62;22c", b"\x1b[", b"\x1b",
        )
    )  # fmt: skip


def garbage(rng: random.Random) -> Iterator[Event]:
    """Bytes; those that leave (control and q, and q) are left out."""
    yield bytes(byte for byte in rng.randbytes(rng.randrange(1, 9)) if byte not in (0x11, 0x71))


def foreign(rng: random.Random) -> Iterator[Event]:
    """What other keyboards and input methods send: a word, a Hangul syllable, a letter or sign of full width."""
    character = rng.choice((rng.choice(WORDS), chr(rng.randrange(0xAC00, 0xD7A4)), chr(rng.randrange(0xFF01, 0xFF5F))))
    if not any("q" in typed(each).lower() for each in character):  # which leaves
        yield character.encode()


def paste(rng: random.Random) -> Iterator[Event]:
    """A paste, perhaps a long one."""
    content = rng.choice((b"eta = 0.1", b"1\n2\n3", b"", b"\x00\xff", "한글".encode(), b"w1[1,1] = 0.5" * 500))
    yield b"\x1b[200~" + content + b"\x1b[201~"


def mouse(rng: random.Random) -> Iterator[Event]:
    """A click, a drag, the wheel or a move; now and then outside of every screen."""
    far = 400 if rng.random() < 0.1 else 120
    x, y = rng.randrange(0, far), rng.randrange(0, far // 2)
    if rng.random() < 0.25:  # the timeline and what is near it
        y = rng.randrange(30, 41)
    button = rng.choice((0, 0, 0, 1, 2, 3, 4, 8, 16, 64, 65, 66, 67, 35))

    def at(code: int, end: str) -> bytes:
        return f"\x1b[<{code};{x};{y}{end}".encode()

    yield at(button, "M")
    if button < 64 and rng.random() < 0.3:
        for _ in range(rng.randrange(1, 8)):
            x, y = max(0, x + rng.randrange(-12, 13)), max(0, y + rng.randrange(-3, 4))
            yield at(button | 32, "M")
    if rng.random() < 0.95:
        yield at(button, "m")


def size(rng: random.Random) -> Iterator[Event]:
    """Another size, mostly a common one."""
    common = ((120, 40), (80, 24), (200, 60), (60, 20), (1, 1), (300, 100))
    yield rng.choice(common) if rng.random() < 0.6 else (rng.randrange(1, 301), rng.randrange(1, 101))


def quit_key(rng: random.Random) -> Iterator[Event]:
    """Leave."""
    yield rng.choice((b"q", b"\x11"))


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
    """Let the hand of ``seed`` play; raises AssertionError when something is wrong."""
    now = Play(seed, folder)
    hands, rng, end = hand(seed), random.Random(seed), time.monotonic() + seconds
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
    time.sleep(0.12)  # an escape that nothing follows is one after 0.1 s
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
            time.sleep(0.5)
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
        raise now.fail("a dialog does not close", app)
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
        most = {key: max(look[key] for look in looks) for key in looks[0] if key not in ("answer", "main")}
        print(
            f"seed {seed}: {done.events:,} events, {done.starts} starts; {runs} runs, {again:,} of {reached:,} updates "
            f"replayed to the bit; slowest probe {done.slowest:.2f} s; at most {most}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
