"""Measure the library: how long ``from nn_tui.core import Network`` takes, and how fast it trains.

    .venv/bin/python bench/library.py [--rounds N] [--updates N] [--json FILE]

Each import runs in a fresh process with files of bytecode, in turns with ``import numpy``, which is the larger part of
it. Times are processor time, so that other programs disturb them less. Training is compared with ``Run.train``, which
``nn-tui train`` calls. Exits with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nn_tui.core import Network
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run

STATEMENTS = {
    "import nn_tui.core": 0.01,
    "import numpy": None,
    "from nn_tui.core import Network": 0.2,
}  # with the goal in seconds
MAX_RATIO = 2.2  # of the last one to import numpy
MIN_RATE = 0.97  # of the rate of Run.train
_TIMED = "from time import process_time; start = process_time()\n{}\nprint(process_time() - start)"


def import_seconds(rounds: int) -> dict[str, float]:
    """Return the median time of each import."""
    times: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for _ in range(rounds + 1):  # the first one writes files of bytecode
        for statement in STATEMENTS:
            done = subprocess.run(
                [sys.executable, "-c", _TIMED.format(statement)], capture_output=True, text=True, check=True
            )
            times[statement].append(float(done.stdout))
    return {statement: statistics.median(each[1:]) for statement, each in times.items()}


def training_rates(updates: int, rounds: int) -> list[float]:
    """Return the rate of ``Network.train`` divided by that of ``Run.train`` in each of some turns."""
    ratios = []
    for _ in range(rounds):
        net, run = Network.open("xor"), Run.start(open_experiment("xor"))
        start = perf_counter()
        net.train(updates)
        middle = perf_counter()
        run.train(updates, should_stop=lambda: False)
        ratios.append((perf_counter() - middle) / (middle - start))
    return ratios


def main() -> int:
    """Print the figures; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--updates", type=int, default=20_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    seconds = import_seconds(args.rounds)
    missed = False
    for statement, goal in STATEMENTS.items():
        verdict = ""
        if goal is not None:
            missed |= seconds[statement] > goal
            verdict = f"   aim {goal * 1000:.0f} ms: {'MISSED' if seconds[statement] > goal else 'met'}"
        print(f"{statement:34} {seconds[statement] * 1000:7.1f} ms{verdict}")
    ratio = seconds["from nn_tui.core import Network"] / seconds["import numpy"]
    rate = statistics.median(training_rates(args.updates, args.rounds))
    missed |= ratio > MAX_RATIO or rate < MIN_RATE
    print(f"Network to numpy: {ratio:.2f}   aim {MAX_RATIO}: {'MISSED' if ratio > MAX_RATIO else 'met'}")
    verdict = "MISSED" if rate < MIN_RATE else "met"
    print(f"training: {rate:.2f} times the rate of nn-tui train   aim {MIN_RATE}: {verdict}")
    if args.json:
        args.json.write_text(json.dumps({"seconds": seconds, "import_ratio": ratio, "training_ratio": rate}, indent=2))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
