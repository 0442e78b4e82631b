"""Measure how a large table opens: the time to the first frame, and the memory then and at its peak.

    .venv/bin/python bench/large_table.py [--rows N] [--columns N] [--rounds N] [--against PYTHON] [--json FILE]

The table has random numbers with six digits, and its last column is their noisy sum; the file is written to a temporary
folder. ``--against`` names the interpreter of another installation of nn-tui, which opens the same file in turns. The
first frame is that of the columns; an installation from before there were columns on the screen (``--old``) shows the
network at once. ``cpu`` is the processor time until then, which other programs disturb less. The memory is that of the
network, after Enter; its peak is the kernel's high-water mark, so this needs Linux. Each round also measures
``nn-tui train --updates 1``, which needs no screen.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._programs import HOMES, start_program, user_environment

ROWS, COLUMNS = 100_000, 20
Figures = dict[str, Any]
_PEAK, _RESIDENT = re.compile(r"VmHWM:\s+(\d+) kB"), re.compile(r"VmRSS:\s+(\d+) kB")


def write_table(path: Path, rows: int, columns: int) -> None:
    """Write a CSV file with a header, ``columns - 1`` inputs and a numeric target."""
    rng = np.random.default_rng(18)
    inputs = rng.standard_normal((rows, columns - 1))
    target = inputs.sum(axis=1) + 0.1 * rng.standard_normal(rows)
    names = [*(f"input{number}" for number in range(1, columns)), "target"]
    np.savetxt(path, np.column_stack([inputs, target]), fmt="%.6f", delimiter=",", header=",".join(names), comments="")


def measure_app(python: str, table: Path, is_old: bool) -> Figures:
    """Open the app; return the seconds to its first frame, and the memory in MB with the network and at its peak."""
    figures = {}
    with start_program([python, "-m", "nn_tui.tui", str(table)]) as terminal:
        shown = ("epoch 1", "Forward") if is_old else ("opens the network",)
        figures["seconds"] = terminal.wait_for(*shown, limit=60.0) - terminal.started
        figures["cpu"] = terminal.cpu_seconds() or 0.0
        terminal.wait_until_quiet(0.5)
        if not is_old:
            terminal.time_keys(b"\r", 0.5)
        status = Path(f"/proc/{terminal.pid}/status").read_text(encoding="ascii")
        terminal.quit()
    memory, peak = (int(field.findall(status)[0]) * 1024 / 1e6 for field in (_RESIDENT, _PEAK))
    return {**figures, "peak": peak, "memory": memory}


def measure_command(python: str, table: Path) -> Figures:
    """Train one update without a screen; return the seconds and the peak memory in MB."""
    start = time.perf_counter()
    command = [python, "-m", "nn_tui.tui", "train", str(table), "--updates", "1", "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=user_environment(HOMES.name)
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{python}: training failed with the exit code {os.waitstatus_to_exitcode(status)}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"seconds": time.perf_counter() - start, "cpu": cpu, "peak": usage.ru_maxrss * 1024 / 1e6}


def main() -> None:
    """Measure all installations in turns, and print the medians."""
    parser = argparse.ArgumentParser(description="How a large table opens.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--columns", type=int, default=COLUMNS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", metavar="PYTHON", help="the interpreter of another installation of nn-tui")
    parser.add_argument("--old", action="store_true", help="that one shows the network at once")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    args = parser.parse_args()
    pythons = [sys.executable, *([args.against] if args.against else [])]
    figures: Figures = {python: {"app": [], "train": []} for python in pythons}
    with HOMES, tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "large.csv"
        write_table(table, args.rows, args.columns)
        print(f"{args.rows:,} rows, {args.columns} columns, {table.stat().st_size / 1e6:.0f} MB", flush=True)
        for _ in range(args.rounds):
            for python in pythons:
                is_old = args.old and python == args.against
                figures[python]["app"].append(measure_app(python, table, is_old))
                figures[python]["train"].append(measure_command(python, table))
    for python in pythons:
        for name, turns in figures[python].items():
            medians = {key: statistics.median(turn[key] for turn in turns) for key in turns[0]}
            text = ", ".join(
                f"{key} {value:.0f} MB" if key in ("peak", "memory") else f"{key} {value:.2f} s"
                for key, value in medians.items()
            )
            print(f"{python} {name}: {text} (medians of {len(turns)})")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
