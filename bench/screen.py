"""How fast the screen is, measured on the real app in a pseudo-terminal that swallows all it is sent.

    .venv/bin/python bench/screen.py [--rounds N] [--pairs N] [--seconds S] [--smoke] [--json FILE] [PART ...]

keys      from writing a key to reading the last byte that it made the app write, at three sizes of the terminal, for
          XOR, digits and 784-512-512-10, whose figures stand beside their ratio to XOR's
far       the same for scrubbing across a long run: first the whole frame with the new position, then the last byte
watching  the rate of updates under the screen as a share of ``Run.train`` alone in this process, the two taking turns,
          and the frames a second, a frame being whole and showing another update than the last
start     from starting the interpreter to the end of the frame in which header and footer stand, against a bare Textual
          app with one line of text, and ``--version`` against bare Python, by turns
rest      processor time while nothing happens, and memory against a bare Textual app that has imported NumPy

Keys over a slow link are measured by bench/slow.py. The program that reads the terminal shares the machine with the
app, as a terminal does. Keys are pressed when the screen has been quiet for a while, as by a person: see PACE.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import _nets, _report
from bench._pty import Terminal
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run

SIZES = ((80, 24), (120, 40), (200, 60))
COLUMNS, LINES = 120, 40
MODULE = [sys.executable, "-m", "nn_tui.tui"]
BARE = """
{imports}
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Static("A line of text")
Bare().run()
"""
# One round ends where it began, one pass further on; only the scrubbing leaves the pass and comes back.
ROUND: tuple[tuple[str, bytes], ...] = (
    ("f", b"f"), ("b", b"b"), ("u", b"u"), ("space", b" "), ("backspace", b"\x7f"), ("right", b"\x1b[C"),
    ("left", b"\x1b[D"), ("n", b"n"), ("p", b"p"), ("scrub back", b"\x1b[1;5D"), ("scrub on", b"\x1b[1;5C"),
)  # fmt: skip
FAR: tuple[tuple[str, bytes], ...] = (
    ("home", b"\x1b[H"), ("a twentieth on", b"\x1b[1;2C"), ("end", b"\x1b[F"), ("a twentieth back", b"\x1b[1;2D"),
)  # fmt: skip
QUIET = 0.08  # seconds without output after which a key press is taken to be done
PACE = {"wide.toml": 0.3}  # seconds more between two keys: what a wide network computes at rest it does in these
FASTEST = b"+" * 8
UPDATE = re.compile(rb"update (\d+)")
WARM = 1.5  # seconds of training before it is timed, alone as under the screen
Row = dict[str, Any]


def environment(home: str) -> dict[str, str]:
    """The environment of a user with a colour terminal, compiled modules and no settings, who is not this one."""
    own = ("NN_TUI_", "TEXTUAL", "XDG_", "PYTHONDONTWRITEBYTECODE", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    return kept | folders | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | {"HOME": home, "NN_TUI_WELCOME": "0"}


def started(argv: Sequence[str], size: tuple[int, int] = (COLUMNS, LINES)) -> Terminal:
    """A program in a terminal, in a home of its own that nothing was kept in."""
    return Terminal(argv, *size, environment(tempfile.mkdtemp(dir=HOMES.name)))


def app(preset: str, size: tuple[int, int] = (COLUMNS, LINES)) -> Terminal:
    """The app on a preset, once its first frame is there."""
    terminal = started([*MODULE, preset], size)
    terminal.wait_for("update 0")
    terminal.settle(0.5)
    return terminal


def measure_keys(preset: str, size: tuple[int, int], rounds: int, pace: float) -> Row:
    """Milliseconds from each key to its last byte, on one preset in a terminal of one size."""
    times: dict[str, list[float]] = {name: [] for name, _ in ROUND}
    with app(preset, size) as terminal:
        for _ in range(12):  # so that ten updates back is not always the start
            terminal.painted(b"n", QUIET)
            time.sleep(pace)
        for number in range(rounds + 1):
            for name, key in ROUND:
                seconds = terminal.painted(key, QUIET)
                time.sleep(pace)
                if number:  # the first round also imports and builds what later ones reuse
                    times[name].append(1e3 * seconds)
        terminal.leave()
    everything = [each for values in times.values() for each in values]
    return {"all": _report.spread(everything), "keys": {key: _report.spread(each) for key, each in times.items()}}


def measure_far(preset: str, rounds: int, seconds: float) -> Row:
    """Milliseconds to the frame with the new position and to the last byte, in a run of ``seconds`` of training."""
    first: list[float] = []
    last: list[float] = []
    with app(preset) as terminal:
        terminal.send(FASTEST + b"r")
        time.sleep(seconds)
        terminal.send(b"r")
        terminal.settle(0.5)
        for _ in range(rounds):
            for _, key in FAR:
                before = time.perf_counter()
                last.append(1e3 * terminal.painted(key, 0.35))
                frames = terminal.frames(before, time.perf_counter())
                first.append(1e3 * (next(when for when, text in frames if b"update " in text) - before))
        terminal.leave()
    return {"position": _report.spread(first), "data": _report.spread(last)}


def headless(preset: str, seconds: float) -> float:
    """Updates per second of ``Run.train``, once it has run for WARM seconds."""
    run = Run.start(load_experiment(find_preset(preset)))
    ends = time.perf_counter() + WARM
    run.train(should_stop=lambda: time.perf_counter() > ends)
    before, begun = run.position, time.perf_counter()
    ends = begun + seconds
    run.train(should_stop=lambda: time.perf_counter() > ends)
    return (run.position - before) / (time.perf_counter() - begun)


def under_the_screen(preset: str, seconds: float) -> Row:
    """Updates per second as the header counts them, whole frames per second, and the app's load."""
    with app(preset) as terminal:
        terminal.send(FASTEST)
        terminal.settle(0.5)
        terminal.send(b"r")
        time.sleep(WARM)
        begun, cpu = time.perf_counter(), terminal.cpu_seconds()
        time.sleep(seconds)
        ended, cpu_after = time.perf_counter(), terminal.cpu_seconds()
        terminal.send(b"r")
        terminal.settle(0.3)
        frames = terminal.frames(begun, ended)
        bytes_written = terminal.written(begun, ended)
        terminal.leave()
    shown: list[tuple[float, int]] = []
    for when, text in frames:
        counters = UPDATE.findall(text.replace(b",", b""))
        if counters and (not shown or int(counters[-1]) != shown[-1][1]):
            shown.append((when, int(counters[-1])))
    if len(shown) < 2:
        raise RuntimeError(f"{preset}: no counter of updates moved on the screen")
    (begin, low), (end, high) = shown[0], shown[-1]
    return {
        "updates_per_second": (high - low) / (end - begin),
        "frames_per_second": (len(shown) - 1) / (end - begin),
        "gap_ms": _report.spread([1e3 * (two[0] - one[0]) for one, two in itertools.pairwise(shown)]),
        "bytes_per_frame": bytes_written / len(shown),
        "processors": None if cpu is None or cpu_after is None else (cpu_after - cpu) / (ended - begun),
    }


def measure_watching(preset: str, pairs: int, seconds: float) -> Row:
    """Training under the screen against training alone, by turns."""
    turns = []
    for _ in range(pairs):
        alone = headless(preset, seconds)
        shown = under_the_screen(preset, seconds)
        turns.append(shown | {"headless": alone, "share": shown["updates_per_second"] / alone})
    names = ("share", "frames_per_second", "updates_per_second", "headless", "bytes_per_frame")
    return {name: statistics.median(turn[name] for turn in turns) for name in names} | {"turns": turns}


def first_paint(argv: Sequence[str], texts: Sequence[str]) -> float:
    """Seconds to the frame with all of ``texts``."""
    with started(argv) as terminal:
        seconds = terminal.wait_for(*texts) - terminal.started
        terminal.settle(0.3)
        terminal.leave()
    return seconds


def seconds_of(argv: Sequence[str]) -> float:
    """How long a command takes that prints something and ends."""
    begun = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=environment(HOMES.name))
    return time.perf_counter() - begun


def measure_start(pairs: int) -> Row:
    """First paint and ``--version``, each by turns with the bare one; the first pair only warms the disk's cache."""
    bare = [sys.executable, "-c", BARE.format(imports="")]
    paint, version = [], []
    for number in range(pairs + 1):
        painted = first_paint([*MODULE, "xor"], ("update 0", "Forward")), first_paint(bare, ("A line of text",))
        said = seconds_of([*MODULE, "--version"]), seconds_of([sys.executable, "-c", "print()"])
        if number:
            paint.append(painted)
            version.append(said)
    out: Row = {}
    for name, turns in (("paint", paint), ("version", version)):
        ours, others = (statistics.median(turn[at] for turn in turns) for at in (0, 1))
        out[name] = {"ours": ours, "bare": others, "ratio": ours / others, "turns": turns}
    return out


def measure_rest(seconds: float) -> Row:
    """Share of one processor and bytes written while nobody touches a key, and memory."""
    with app("xor") as terminal:
        terminal.settle(1.0)
        begun, before = time.perf_counter(), terminal.cpu_seconds()
        time.sleep(seconds)
        ended, after = time.perf_counter(), terminal.cpu_seconds()
        silent, memory = terminal.written(begun, ended), terminal.resident_bytes()
        terminal.leave()
    with started([sys.executable, "-c", BARE.format(imports="import numpy")]) as terminal:
        terminal.wait_for("A line of text")
        terminal.settle(1.0)
        bare = terminal.resident_bytes()
        terminal.leave()
    share = None if before is None or after is None else (after - before) / (ended - begun)
    ratio = None if memory is None or bare is None else memory / bare
    return {"processors": share, "bytes": silent, "seconds": ended - begun, "memory": memory, "bare": bare,
            "memory_ratio": ratio}  # fmt: skip


PARTS = ("keys", "far", "watching", "start", "rest")


def measure(parts: Sequence[str], args: argparse.Namespace, folder: Path) -> Row:
    """All figures of the chosen parts, each printed as soon as it is known."""
    files = _nets.write(folder)
    figures: Row = {"processors": os.cpu_count(), "aims": _report.AIMS}
    if "keys" in parts:
        figures["keys"] = []
        for size, preset in itertools.product(SIZES, ("xor", "digits", "wide.toml")):
            measured = measure_keys(files.get(preset, preset), size, args.rounds, PACE.get(preset, 0.0))
            figures["keys"].append({"preset": preset, "size": size, **measured})
            _report.keys(figures["keys"])
    if "far" in parts:
        figures["far"] = []
        for preset in ("xor", "digits"):
            figures["far"].append({"preset": preset, **measure_far(preset, args.rounds, args.seconds)})
            _report.far(figures["far"][-1])
    if "watching" in parts:
        figures["watching"] = []
        for net in _nets.NETS:
            row = measure_watching(files[net.preset], args.pairs, args.seconds)
            figures["watching"].append({"net": net.name, "aim": net.share, **row})
            _report.watching(figures["watching"][-1])
    if "start" in parts:
        figures["start"] = measure_start(2 * args.pairs)
        _report.start(figures["start"])
    if "rest" in parts:
        figures["rest"] = measure_rest(args.seconds)
        _report.rest(figures["rest"])
    return figures


HOMES = tempfile.TemporaryDirectory()


def main() -> None:
    """Measure the parts that are named, and print what came of it."""
    parser = argparse.ArgumentParser(description="How fast the screen is.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of eleven keys")
    parser.add_argument("--pairs", type=int, default=5, help="turns of each measurement that is a ratio")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one turn of training")
    parser.add_argument("--smoke", action="store_true", help="once through everything; the figures mean nothing")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", action="store_true", help="print the table of docs/performance.md at the end")
    args = parser.parse_args()
    if args.smoke:
        args.rounds, args.pairs, args.seconds = 1, 1, 0.5
    parts = args.parts or PARTS
    unknown = set(parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    with HOMES, tempfile.TemporaryDirectory() as folder:
        figures = measure(parts, args, Path(folder))
    if args.markdown:
        print(_report.markdown(figures))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
