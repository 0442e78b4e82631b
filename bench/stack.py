"""Measure how much faster networks train side by side, as one stack, than one after another.

    .venv/bin/python bench/stack.py [--pairs N] [--preset NAME] [--json FILE]

Both train the same starts, by turns, and must end with the same bits. "Alone" is the trainer without anything else, one
network after another; "runs" is ``Run.train``, which also evaluates the network and keeps states. Times are processor
time, so that other programs disturb them less; a ratio is the median over the pairs. Exits with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nn_tui.core.engine.stack import train_stack
from nn_tui.core.engine.stack_plan import can_stack, plan_stacks
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment


@dataclass(frozen=True, slots=True)
class Case:
    """What is trained: a preset, the number of starts, the updates of each, and the ratio to reach, if any."""

    preset: str
    starts: int
    updates: int
    goal: float | None = None


CASES = (
    Case("xor-221", 100, 5000, 4.0),
    Case("xor-221", 10, 5000),
    Case("xor", 100, 2000),
    Case("iris", 40, 1000),
    Case("spiral", 8, 1000),
    Case("digits", 8, 300),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The medians of one case: seconds of the stack, and how many times as long the other ways take."""

    preset: str
    network: str
    batch: int
    starts: int
    updates: int
    stacked: float
    alone_ratio: float
    runs_ratio: float
    goal: float | None


def train_together(starts: list[Experiment], updates: int) -> list[bytes]:
    """Train in stacks, and return the bits of each network."""
    bits = dict[int, bytes]()
    for group in plan_stacks(starts):
        results = train_stack([starts[index] for index in group], updates)
        bits |= {index: result.state.array.tobytes() for index, result in zip(group, results, strict=True)}
    return [bits[index] for index in range(len(starts))]


def train_alone(starts: list[Experiment], updates: int) -> list[bytes]:
    """Train one network after another, and return the bits of each."""
    return [train_stack([start], updates)[0].state.array.tobytes() for start in starts]


def train_each_run(starts: list[Experiment], updates: int) -> list[bytes]:
    """Train one run after another, as ``nn-tui train`` does, and return the bits of each."""
    runs = [Run.start(start) for start in starts]
    for run in runs:
        run.train(updates)
    return [run.state.array.tobytes() for run in runs]


def measure(case: Case, pairs: int) -> Figures:
    """Train the starts of a case in each way, by turns."""
    experiment = open_experiment(case.preset)
    starts = [replace(experiment, init_seed=seed) for seed in range(case.starts)]
    assert can_stack(starts[:2]), f"{case.preset} cannot be stacked on this machine"
    ways: dict[str, Callable[[list[Experiment], int], list[bytes]]] = {
        "stacked": train_together, "alone": train_alone, "runs": train_each_run
    }  # fmt: skip
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(pairs):
        results = []
        for way, train in ways.items():
            start = process_time()
            results.append(train(starts, case.updates))
            times[way].append(process_time() - start)
        assert results[0] == results[1] == results[2], "the bits differ"
    ratios = {
        way: statistics.median(other / own for other, own in zip(times[way], times["stacked"], strict=True))
        for way in ("alone", "runs")
    }
    return Figures(
        case.preset,
        "-".join(map(str, experiment.sizes)),
        min(experiment.training.batch_size or len(experiment.data.x), len(experiment.data.x)),
        case.starts,
        case.updates,
        statistics.median(times["stacked"]),
        ratios["alone"],
        ratios["runs"],
        case.goal,
    )


def main() -> int:
    """Measure and print a table as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=7, help="turns of each case (default: 7)")
    parser.add_argument("--preset", help="only the cases of this preset")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    args = parser.parse_args()
    print("| network / batch | starts × updates | side by side | alone: times as long | runs: times as long |")
    print("|---|---|---|---|---|", flush=True)
    figures = []
    for case in CASES:
        if args.preset in (None, case.preset):
            row = measure(case, args.pairs)
            goal = "" if row.goal is None else f" ({row.goal:g}){'' if row.alone_ratio >= row.goal else '!'}"
            print(
                f"| {row.network} / {row.batch} | {row.starts} × {row.updates:,} | {row.stacked:.2f} s "
                f"| {row.alone_ratio:.1f}{goal} | {row.runs_ratio:.1f} |",
                flush=True,
            )
            figures.append(row)
    if args.json is not None:
        args.json.write_text(json.dumps([asdict(row) for row in figures], indent=2) + "\n", encoding="utf-8")
    return 1 if any(row.goal is not None and row.alone_ratio < row.goal for row in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
