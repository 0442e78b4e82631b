"""Measure how fast the screen is, with the real app in a pseudo-terminal.

    .venv/bin/python bench/screen.py [--rounds N] [--pairs N] [--seconds S] [--smoke] [--json FILE] [PART ...]

The parts are:

keys      The time from a key press to the last byte of the output that follows, in terminals of three sizes, for XOR,
          digits and 784-512-512-10. The figures of the last one are also given as multiples of XOR's.
far       The same for scrubbing across a long run: to the first frame with the new position, and to the last byte.
watching  The update rate while the screen shows the training, as a fraction of the rate of ``Run.train`` in this
          process, measured in turns. Also the frames per second; a frame counts if it shows another update than the
          one before.
start     The time from the start of the interpreter to the first frame with header and footer, compared with a bare
          Textual app that shows one line of text, and of ``--version``, compared with bare Python, in turns.
rest      The processor time while nothing happens, and the memory, compared with a bare Textual app that has imported
          NumPy.

bench/slow.py measures keys over a slow link. The program that reads the terminal shares the machine with the app, as a
terminal does. A key is pressed when the screen has been quiet for a while, as a person would do: see PAUSES.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import _nets, _report
from bench._programs import (
    APP_COMMAND,
    BARE_TEXT,
    HOMES,
    bare_command,
    start_app,
    start_program,
    time_command,
    time_first_paint,
)
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run

SIZES = ((80, 24), (120, 40), (200, 60))
# A round ends at the step where it began, one pass later. Only scrubbing leaves the pass, and returns to it.
ROUND: tuple[tuple[str, bytes], ...] = (
    ("f", b"f"), ("b", b"b"), ("u", b"u"), ("space", b" "), ("backspace", b"\x7f"), ("right", b"\x1b[C"),
    ("left", b"\x1b[D"), ("n", b"n"), ("p", b"p"), ("scrub back", b"\x1b[1;5D"), ("scrub on", b"\x1b[1;5C"),
)  # fmt: skip
FAR: tuple[tuple[str, bytes], ...] = (
    ("home", b"\x1b[H"), ("a twentieth on", b"\x1b[1;2C"), ("end", b"\x1b[F"), ("a twentieth back", b"\x1b[1;2D"),
)  # fmt: skip
QUIET = 0.08  # seconds without output after which the answer to a key is complete
PAUSES = {"wide.toml": 0.3}  # more seconds between two keys, for what a wide network computes while idle
FULL_SPEED_KEYS = b"+" * 8
UPDATE = re.compile(rb"update (\d+)")
WARM_UP = 1.5  # seconds of training before it is timed, with and without the screen
Figures = dict[str, Any]


def measure_keys(preset: str, size: tuple[int, int], rounds: int, pause: float) -> Figures:
    """Measure the milliseconds from each key to the last byte of its answer.

    Args:
        preset: The preset to open.
        size: Columns and lines of the terminal.
        rounds: How often to press the keys of ROUND.
        pause: Seconds between two keys.
    """
    times: dict[str, list[float]] = {name: [] for name, _ in ROUND}
    with start_app(preset, size) as terminal:
        for _ in range(12):  # so that scrubbing ten updates back does not end at the start
            terminal.time_keys(b"n", QUIET)
            time.sleep(pause)
        for number in range(rounds + 1):
            for name, key in ROUND:
                seconds = terminal.time_keys(key, QUIET)
                time.sleep(pause)
                if number:  # the first round also imports modules and fills caches
                    times[name].append(1e3 * seconds)
        terminal.quit()
    all_times = [milliseconds for values in times.values() for milliseconds in values]
    return {"all": _report.spread(all_times), "keys": {key: _report.spread(values) for key, values in times.items()}}


def measure_far(preset: str, rounds: int, seconds: float) -> Figures:
    """Measure the milliseconds to the frame with the new position and to the last byte, for scrubbing.

    Args:
        preset: The preset to open.
        rounds: How often to press the keys of FAR.
        seconds: How long to train before.
    """
    first: list[float] = []
    last: list[float] = []
    with start_app(preset) as terminal:
        terminal.send(FULL_SPEED_KEYS + b"r")
        time.sleep(seconds)
        terminal.send(b"r")
        terminal.wait_until_quiet(0.5)
        for _ in range(rounds):
            for _, key in FAR:
                before = time.perf_counter()
                last.append(1e3 * terminal.time_keys(key, 0.35))
                frames = terminal.frames(before, time.perf_counter())
                first.append(1e3 * (next(time_ for time_, text in frames if b"update " in text) - before))
        terminal.quit()
    return {"position": _report.spread(first), "data": _report.spread(last)}


def measure_training(preset: str, seconds: float) -> float:
    """Return the updates per second of ``Run.train``."""
    run = Run.start(load_experiment(find_preset(preset)))
    end = time.perf_counter() + WARM_UP
    run.train(should_stop=lambda: time.perf_counter() > end)
    before, start = run.position, time.perf_counter()
    end = start + seconds
    run.train(should_stop=lambda: time.perf_counter() > end)
    return (run.position - before) / (time.perf_counter() - start)


def measure_training_on_screen(preset: str, seconds: float) -> Figures:
    """Measure the updates per second that the header shows, the frames per second, and the app's load."""
    with start_app(preset) as terminal:
        terminal.send(FULL_SPEED_KEYS)
        terminal.wait_until_quiet(0.5)
        terminal.send(b"r")
        time.sleep(WARM_UP)
        start, cpu_before = time.perf_counter(), terminal.cpu_seconds()
        time.sleep(seconds)
        end, cpu_after = time.perf_counter(), terminal.cpu_seconds()
        terminal.send(b"r")
        terminal.wait_until_quiet(0.3)
        frames = terminal.frames(start, end)
        bytes_written = terminal.bytes_between(start, end)
        terminal.quit()
    updates: list[tuple[float, int]] = []  # the time of each frame and the update that it shows
    for time_, text in frames:
        counters = UPDATE.findall(text.replace(b",", b""))
        if counters and (not updates or int(counters[-1]) != updates[-1][1]):
            updates.append((time_, int(counters[-1])))
    if len(updates) < 2:
        raise RuntimeError(f"{preset}: no counter of updates moved on the screen")
    (first_time, first), (last_time, last) = updates[0], updates[-1]
    cpu = None if cpu_before is None or cpu_after is None else cpu_after - cpu_before
    return {
        "updates_per_second": (last - first) / (last_time - first_time),
        "frames_per_second": (len(updates) - 1) / (last_time - first_time),
        "gap_ms": _report.spread([1e3 * (after[0] - before[0]) for before, after in itertools.pairwise(updates)]),
        "bytes_per_frame": bytes_written / len(updates),
        "processors": None if cpu is None else cpu / (end - start),
    }


def measure_watching(preset: str, pairs: int, seconds: float) -> Figures:
    """Measure training with and without the screen in turns, and return the medians."""
    turns = []
    for _ in range(pairs):
        alone = measure_training(preset, seconds)
        on_screen = measure_training_on_screen(preset, seconds)
        turns.append(on_screen | {"headless": alone, "share": on_screen["updates_per_second"] / alone})
    names = ("share", "frames_per_second", "updates_per_second", "headless", "bytes_per_frame")
    return {name: statistics.median(turn[name] for turn in turns) for name in names} | {"turns": turns}


def measure_start(pairs: int) -> Figures:
    """Measure the first frame and ``--version`` in turns with their bare counterparts.

    The first turn only loads the files into the disk's cache.
    """
    bare = bare_command()
    paint, version = [], []
    for number in range(pairs + 1):
        paint_turn = (
            time_first_paint([*APP_COMMAND, "xor"], ("epoch 1", "Forward")),
            time_first_paint(bare, (BARE_TEXT,)),
        )
        version_turn = time_command([*APP_COMMAND, "--version"]), time_command([sys.executable, "-c", "print()"])
        if number:
            paint.append(paint_turn)
            version.append(version_turn)
    figures: Figures = {}
    for name, turns in (("paint", paint), ("version", version)):
        ours, theirs = (statistics.median(turn[index] for turn in turns) for index in (0, 1))
        figures[name] = {"ours": ours, "bare": theirs, "ratio": ours / theirs, "turns": turns}
    return figures


def measure_rest(seconds: float) -> Figures:
    """Measure the share of one processor and the output while no key is pressed, and the memory."""
    with start_app("xor") as terminal:
        terminal.wait_until_quiet(1.0)
        start, cpu_before = time.perf_counter(), terminal.cpu_seconds()
        time.sleep(seconds)
        end, cpu_after = time.perf_counter(), terminal.cpu_seconds()
        bytes_written, memory = terminal.bytes_between(start, end), terminal.resident_bytes()
        terminal.quit()
    with start_program(bare_command("import numpy")) as terminal:
        terminal.wait_for(BARE_TEXT)
        terminal.wait_until_quiet(1.0)
        bare = terminal.resident_bytes()
        terminal.quit()
    share = None if cpu_before is None or cpu_after is None else (cpu_after - cpu_before) / (end - start)
    ratio = None if memory is None or bare is None else memory / bare
    return {"processors": share, "bytes": bytes_written, "seconds": end - start, "memory": memory, "bare": bare,
            "memory_ratio": ratio}  # fmt: skip


PARTS = ("keys", "far", "watching", "start", "rest")


def measure(parts: Sequence[str], args: argparse.Namespace, folder: Path) -> Figures:
    """Measure the parts and print the figures of each at once.

    Args:
        parts: Some of PARTS.
        args: The options of the command line.
        folder: An empty folder for preset files.

    Returns:
        All figures by part.
    """
    files = _nets.write_presets(folder)
    figures: Figures = {"processors": os.cpu_count(), "aims": _report.GOALS}
    if "keys" in parts:
        figures["keys"] = []
        for size, preset in itertools.product(SIZES, ("xor", "digits", "wide.toml")):
            measured = measure_keys(files.get(preset, preset), size, args.rounds, PAUSES.get(preset, 0.0))
            figures["keys"].append({"preset": preset, "size": size, **measured})
            _report.print_keys(figures["keys"])
    if "far" in parts:
        figures["far"] = []
        for preset in ("xor", "digits"):
            figures["far"].append({"preset": preset, **measure_far(preset, args.rounds, args.seconds)})
            _report.print_far(figures["far"][-1])
    if "watching" in parts:
        figures["watching"] = []
        for net in _nets.NETS:
            row = measure_watching(files[net.preset], args.pairs, args.seconds)
            figures["watching"].append({"net": net.name, "aim": net.min_share, **row})
            _report.print_watching(figures["watching"][-1])
    if "start" in parts:
        figures["start"] = measure_start(2 * args.pairs)
        _report.print_start(figures["start"])
    if "rest" in parts:
        figures["rest"] = measure_rest(args.seconds)
        _report.print_rest(figures["rest"])
    return figures


def main() -> None:
    """Measure the parts that the command line names."""
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
