"""How fast the screen is, measured on the real app in a pseudo-terminal that swallows all it is sent.

    .venv/bin/python bench/screen.py [--rounds N] [--pairs N] [--seconds S] [--json FILE] [keys training paint rest]

keys      from writing a key to reading the last byte that it made the app write
training  frames a second while XOR, iris and digits train flat out, and the rate of updates under the screen
          as a share of the rate of ``Run.train`` alone in this process, the two taking turns. A frame counts
          when it is whole (between the marks of synchronised output) and shows another update than the last.
paint     from starting the interpreter to the end of the frame in which header and footer stand, against a bare
          Textual app with one line of text, the two taking turns
rest      processor time while nothing happens

The program that reads the terminal shares the machine with the app, as a terminal does.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from _pty import Terminal

from nn_tui.core.preset import find_preset, load_experiment
from nn_tui.core.timeline import Run

COLUMNS, LINES = 120, 40
APP = [sys.executable, "-m", "nn_tui.tui"]
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Static("A line of text")
Bare().run()
"""
# One round ends where it began, one pass further on.
ROUND: tuple[tuple[str, bytes], ...] = (
    ("f", b"f"),
    ("b", b"b"),
    ("u", b"u"),
    ("space", b" "),
    ("backspace", b"\x7f"),
    ("right", b"\x1b[C"),
    ("left", b"\x1b[D"),
    ("n", b"n"),
    ("p", b"p"),
)
QUIET = 0.08  # seconds without output after which a key press is taken to be done
FASTEST = b"+" * 8
UPDATE = re.compile(rb"update (\d+)")
AIMS = {"key_p95_ms": 40.0, "frames": 30.0, "share": 0.7, "paint": 2.5}
Row = dict[str, Any]


def environment(home: str) -> dict[str, str]:
    """The environment of a user with a colour terminal and no settings, who is not this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NN_TUI_", "TEXTUAL", "XDG_"))}
    kept.pop("NO_COLOR", None)
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    return kept | folders | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | {"HOME": home, "NN_TUI_WELCOME": "0"}


def started(argv: Sequence[str], env: dict[str, str]) -> Terminal:
    return Terminal(argv, COLUMNS, LINES, env)


def app(preset: str, env: dict[str, str]) -> Terminal:
    return started([*APP, preset], env)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def spread(milliseconds: Sequence[float]) -> Row:
    return {
        "n": len(milliseconds),
        "p50": percentile(milliseconds, 0.50),
        "p95": percentile(milliseconds, 0.95),
        "p99": percentile(milliseconds, 0.99),
        "max": max(milliseconds),
    }


def measure_keys(preset: str, rounds: int, env: dict[str, str]) -> Row:
    """Milliseconds from each key to its last byte, on one preset."""
    times: dict[str, list[float]] = {name: [] for name, _ in ROUND}
    with app(preset, env) as terminal:
        terminal.wait_for("update 0", "Forward")
        terminal.settle(0.5)
        for number in range(rounds + 1):
            for name, key in ROUND:
                seconds = terminal.painted(key, QUIET)
                if number:  # the first round also imports and builds what later ones reuse
                    times[name].append(1e3 * seconds)
                else:
                    terminal.settle(0.3)
        terminal.leave()
    whole = spread([each for values in times.values() for each in values])
    return {"preset": preset, "all": whole, "keys": {name: spread(values) for name, values in times.items()}}


def headless(preset: str, seconds: float) -> float:
    """Updates per second of ``Run.train``, from the start of a run."""
    run = Run.start(load_experiment(find_preset(preset)))
    run.train(200)
    before, begun = run.position, time.perf_counter()
    while (now := time.perf_counter()) < begun + seconds:
        run.train(200)
    return (run.position - before) / (now - begun)


def under_the_screen(preset: str, seconds: float, env: dict[str, str]) -> Row:
    """Updates per second as the header counts them, whole frames per second, and the app's load."""
    with app(preset, env) as terminal:
        terminal.wait_for("update 0", "Forward")
        terminal.settle(0.5)
        terminal.send(FASTEST)
        terminal.settle(0.5)
        terminal.send(b"r")
        time.sleep(1.0)
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
    (first, low), (last, high) = shown[0], shown[-1]
    gaps = [1e3 * (two[0] - one[0]) for one, two in itertools.pairwise(shown)]
    return {
        "updates_per_second": (high - low) / (last - first),
        "frames_per_second": (len(shown) - 1) / (last - first),
        "gap_ms": spread(gaps),
        "bytes_per_frame": bytes_written / len(shown),
        "processors": None if cpu is None or cpu_after is None else (cpu_after - cpu) / (ended - begun),
    }


def measure_training(preset: str, pairs: int, seconds: float, env: dict[str, str]) -> Row:
    """Training under the screen against training alone, by turns."""
    turns = []
    for _ in range(pairs):
        alone = headless(preset, seconds)
        shown = under_the_screen(preset, seconds, env)
        turns.append(shown | {"headless": alone, "share": shown["updates_per_second"] / alone})
    names = ("share", "frames_per_second", "updates_per_second", "headless", "bytes_per_frame")
    middle = {name: statistics.median(turn[name] for turn in turns) for name in names}
    return {"preset": preset, **middle, "turns": turns}


def first_paint(argv: Sequence[str], texts: Sequence[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds to the frame with all of ``texts``, and to the last byte before half a second of silence."""
    with started(argv, env) as terminal:
        shown = terminal.wait_for(*texts) - terminal.started
        settled = terminal.settle(0.5) - terminal.started
        terminal.leave()
    return shown, settled


def measure_paint(pairs: int, env: dict[str, str]) -> Row:
    """First paint of the app and of a bare Textual app, by turns; the first pair only warms the disk's cache."""
    ours, bare = [], []
    for number in range(pairs + 1):
        one = first_paint([*APP, "xor"], ("update 0", "Forward"), env)
        two = first_paint([sys.executable, "-c", BARE], ("A line of text",), env)
        if number:
            ours.append(one)
            bare.append(two)
    names = ("first", "settled")
    figures: Row = {name: statistics.median(each[at] for each in ours) for at, name in enumerate(names)}
    figures |= {f"bare_{name}": statistics.median(each[at] for each in bare) for at, name in enumerate(names)}
    return figures | {"ratio": figures["first"] / figures["bare_first"], "ours": ours, "bare": bare}


def measure_rest(seconds: float, env: dict[str, str]) -> Row:
    """Share of one processor and bytes written while nobody touches a key."""
    with app("xor", env) as terminal:
        terminal.wait_for("update 0", "Forward")
        terminal.settle(1.0)
        begun, before = time.perf_counter(), terminal.cpu_seconds()
        time.sleep(seconds)
        ended, after = time.perf_counter(), terminal.cpu_seconds()
        silent = terminal.written(begun, ended)
        terminal.leave()
    share = None if before is None or after is None else (after - before) / (ended - begun)
    return {"processors": share, "bytes": silent, "seconds": ended - begun}


def verdict(good: bool, aim: str) -> str:
    return f"aim {aim}: {'met' if good else 'MISSED'}"


def report_keys(row: Row) -> None:
    print(f"key to last byte, {row['preset']} at {COLUMNS}×{LINES}, milliseconds")
    print(f"  {'key':10} {'n':>4} {'p50':>6} {'p95':>6} {'p99':>6} {'max':>6}")
    for name, each in (*row["keys"].items(), ("all", row["all"])):
        print(f"  {name:10} {each['n']:4} {each['p50']:6.1f} {each['p95']:6.1f} {each['p99']:6.1f} {each['max']:6.1f}")
    aim = AIMS["key_p95_ms"]
    print("  " + verdict(row["all"]["p95"] < aim, f"p95 under {aim:.0f} ms"))


def report_training(row: Row) -> None:
    share, frames = row["share"], row["frames_per_second"]
    print(
        f"training {row['preset']}: {row['updates_per_second']:,.0f} updates/s under the screen, "
        f"{row['headless']:,.0f} alone: {share:.2f}; {frames:.1f} frames/s, "
        f"{row['bytes_per_frame'] / 1000:.1f} kB a frame"
    )
    print("  " + verdict(share >= AIMS["share"], f"{AIMS['share']} of the rate"), end="; ")
    # A timer at exactly the rate of the aim is at times a hair late.
    print(verdict(round(frames) >= AIMS["frames"], f"{AIMS['frames']:.0f} frames/s"))


def report_paint(row: Row) -> None:
    print(
        f"first paint {row['first']:.3f} s (settled {row['settled']:.3f}), bare Textual {row['bare_first']:.3f} s "
        f"(settled {row['bare_settled']:.3f}): {row['ratio']:.2f} times"
    )
    print("  " + verdict(row["ratio"] <= AIMS["paint"], f"at most {AIMS['paint']} times"))


def report_rest(row: Row) -> None:
    share = "unknown" if row["processors"] is None else f"{100 * row['processors']:.1f} %"
    print(f"at rest: {share} of a processor and {row['bytes']} bytes in {row['seconds']:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the screen is.")
    parser.add_argument("parts", nargs="*", metavar="PART", help="keys, training, paint, rest (default: all)")
    parser.add_argument("--rounds", type=int, default=30, help="rounds of nine keys")
    parser.add_argument("--pairs", type=int, default=5, help="turns of each measurement that is a ratio")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one turn of training")
    parser.add_argument("--presets", default="xor,iris,digits", help="what is trained")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args()
    parts = args.parts or ["keys", "training", "paint", "rest"]
    unknown = set(parts) - {"keys", "training", "paint", "rest"}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    figures: Row = {"size": [COLUMNS, LINES], "processors": os.cpu_count(), "aims": AIMS}
    with tempfile.TemporaryDirectory() as home:
        env = environment(home)
        if "keys" in parts:
            figures["keys"] = measure_keys("xor", args.rounds, env)
            report_keys(figures["keys"])
        if "training" in parts:
            figures["training"] = []
            for preset in args.presets.split(","):
                figures["training"].append(measure_training(preset, args.pairs, args.seconds, env))
                report_training(figures["training"][-1])
        if "paint" in parts:
            figures["paint"] = measure_paint(args.pairs * 2, env)
            report_paint(figures["paint"])
        if "rest" in parts:
            figures["rest"] = measure_rest(5.0, env)
            report_rest(figures["rest"])
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
