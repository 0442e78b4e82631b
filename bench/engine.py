"""Updates per second of the trainer against a loop written by hand and other libraries, as ratios within one process.

    .venv/bin/python bench/engine.py [--pairs N] [--seconds S] [--net 2-4-1] [--optimizer sgd] [--json FILE]
                                     [--markdown] [--rivals]

Ours is ``Run.train`` as the app and the commands use it: batches, loss, gradients, update, the loss curve,
keyframes and the search for non-finite numbers. The run that is timed takes no whole-set figures, which nobody else
computes either; another one does, and the column "figures" says what is left of the rate with them. The floor is a
NumPy loop written by hand (``_floor.py``); the rivals are in ``_rivals.py``, each in the fastest of its ways: PyTorch,
and with ``--rivals`` the others too. All work in float64 on the same whole batch and take turns; a ratio is the median
over the rounds, ours divided by theirs. A rival that is not installed, or cannot do that, is left out and named.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._floor import Floor
from bench._rivals import RIVALS, Unfit, ready
from nn_tui.core.engine.blas import threads_for, use_threads
from nn_tui.core.run.curves import EvaluationHistory
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Dataset, DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec

# sizes, rows in the batch, hidden activation, output activation, loss, and the multiples of the floor's and of
# PyTorch's rate to reach
Net = tuple[tuple[int, ...], int, str, str, str, float, float]
NETS: tuple[Net, ...] = (
    ((2, 4, 1), 4, "tanh", "sigmoid", "half_squared_error", 0.55, 10.0),
    ((2, 8, 8, 1), 64, "tanh", "sigmoid", "half_squared_error", 0.6, 8.0),
    ((4, 10, 3), 150, "relu", "softmax", "cross_entropy", 0.7, 7.0),
    ((64, 32, 10), 128, "relu", "softmax", "cross_entropy", 0.75, 4.5),
    ((784, 128, 10), 128, "relu", "softmax", "cross_entropy", 0.85, 0.9),
    ((784, 512, 512, 10), 128, "relu", "softmax", "cross_entropy", 0.85, 0.6),
)
ALWAYS = ("PyTorch",)  # the rivals without --rivals
# Ours is timed when the states that a run keeps have found their room: to touch 16 MB of memory for the first time can
# take as long as some updates. And by then whole-set figures have become rare on the small networks.
WARM_SECONDS = 6.0
WARM_UPDATES = 50_000
FEWEST = 100  # updates in a turn of ours, whose end is copied into the run however short it was
NEVER = 2**60  # updates between two whole-set figures
PAUSE = 0.05  # seconds between two turns, in which the threads of the last one cease to spin
RATES = {"adam": 1e-3, "sgd": 1e-2}
Timed = Callable[[int], float]  # seconds for so many updates


@dataclass
class Other:
    """The floor or a rival in one row: our rate as a multiple of its, and the multiple to reach."""

    name: str
    aim: float
    ratio: float | None = None
    updates_per_second: float | None = None
    way: str = ""
    missing: str = ""

    @property
    def missed(self) -> bool:
        """Whether it was measured and the aim not reached."""
        return self.ratio is not None and self.ratio < self.aim


@dataclass
class Row:
    """One network with one optimiser."""

    net: str
    batch: int
    optimizer: str
    threads: int
    updates_per_second: float = 0.0
    figures: float = 0.0
    others: list[Other] = field(default_factory=list)


def experiment(net: Net, optimizer: str) -> Experiment:
    """Random inputs, random classes, the network and the optimiser; the batch is the whole set."""
    sizes, rows, hidden, last, loss, *_ = net
    rng = np.random.default_rng(1)
    outputs = sizes[-1]
    x = rng.normal(size=(rows, sizes[0]))
    labels = rng.integers(0, max(outputs, 2), rows)
    y = np.eye(outputs)[labels] if outputs > 1 else labels[:, None].astype(np.float64)
    layers = (*(LayerSpec(units, hidden) for units in sizes[1:-1]), LayerSpec(outputs, last))
    training = TrainingSpec(loss=loss, optimizer=OptimizerSpec(optimizer, RATES[optimizer]))
    names = tuple(f"x{n}" for n in range(sizes[0]))
    empty = np.zeros((0, sizes[0])), np.zeros((0, outputs))
    data = Dataset(x, y, *empty, x, empty[0], names, tuple(f"y{n}" for n in range(outputs)))
    preset = Preset("bench", "bench", "bench", DataSpec(), layers, training)
    return Experiment(preset, data, layers, training, 0, 0)


def warmed(problem: Experiment, evaluations: EvaluationHistory | None = None) -> Run:
    """A run that has gone on for long enough, with other ``evaluations`` than its own if they are given."""
    run = Run.start(problem)
    run.evaluations = evaluations or run.evaluations
    until = time.perf_counter() + WARM_SECONDS
    while run.position < WARM_UPDATES and time.perf_counter() < until:
        run.train(64)
    return run


def timer(updates: Callable[[int], object]) -> Timed:
    """What measures ``updates``, after a pause."""

    def timed(count: int) -> float:
        time.sleep(PAUSE)
        started = time.perf_counter()
        updates(count)
        return time.perf_counter() - started

    return timed


def floor_of(problem: Experiment, run: Run) -> Callable[[int], None]:
    """The floor from where the run is, with the threads that the run takes."""
    floor = Floor(problem, run.state.parameters.copy())
    threads = threads_for(problem.sizes, len(problem.data.x))

    def updates(count: int) -> None:
        use_threads(threads)
        with np.errstate(all="ignore"):
            floor.train(count)

    return updates


def count_for(timed: Timed, seconds: float) -> int:
    """How many updates take about ``seconds``."""
    count = 1
    while True:
        took = timed(count)
        if took > seconds / 4:
            return max(1, round(count * seconds / took))
        count *= 4


def measure(net: Net, optimizer: str, rivals: Sequence[str], pairs: int, seconds: float) -> Row:
    """One row of the table."""
    problem = experiment(net, optimizer)
    run, whole = warmed(problem, EvaluationHistory(NEVER)), warmed(problem)
    row = Row("-".join(map(str, net[0])), net[1], optimizer, threads_for(problem.sizes, net[1]))
    *_, floor_aim, torch_aim = net
    row.others = [Other("floor", floor_aim), *(Other(name, torch_aim if name == "PyTorch" else 1.0) for name in rivals)]
    ways = {("floor", ""): timer(floor_of(problem, run))}
    for other in row.others[1:]:
        try:
            found = ready(RIVALS[other.name], problem)
            ways.update({(other.name, way): timer(updates) for way, updates in found.items()})
        except Unfit as reason:
            other.missing = str(reason)
    gc.collect()
    gc.freeze()  # what a million objects of other libraries cost the garbage collector is not micrograd's fault
    mine, with_figures = timer(run.train), timer(whole.train)
    count = max(FEWEST, count_for(mine, seconds))
    counts = {key: count_for(timed, seconds) for key, timed in ways.items()}
    rates: dict[tuple[str, str], list[float]] = {key: [] for key in ways}
    trained, figures = [], []
    for _ in range(pairs):
        took = mine(count)
        trained.append(count / took)
        figures.append(took / with_figures(count))
        for key, timed in ways.items():
            rates[key].append(counts[key] / timed(counts[key]))
    if run.divergence is not None:
        raise RuntimeError(f"{row.net} diverged: {run.divergence.sentence}")
    row.updates_per_second = statistics.median(trained)
    row.figures = statistics.median(figures)
    for other in row.others:
        theirs = [(statistics.median(rates[key]), key) for key in ways if key[0] == other.name]
        if theirs:
            other.updates_per_second, key = max(theirs)
            other.way = key[1]
            other.ratio = statistics.median(one / two for one, two in zip(trained, rates[key], strict=True))
    return row


def cell(other: Other) -> str:
    """``9.31 (10)!``: the ratio, its aim, and a mark where that is missed."""
    if other.ratio is None:
        return "–"
    digits = 2 if other.ratio < 100 else 0
    return f"{other.ratio:.{digits}f} ({other.aim:g}){'!' if other.missed else ' '}"


def heading(rivals: Sequence[str], markdown: bool) -> str:
    """The first line of the table."""
    names = ["floor", *rivals]
    if markdown:
        columns = ["network / batch", "with", "updates/s", *names, "figures", "threads"]
        return "| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|"
    return f"{'net':>14} batch with {'updates/s':>10}" + "".join(f"{name:>14}" for name in names) + "  figures  threads"


def line(row: Row, markdown: bool) -> str:
    """One row of the table as text."""
    cells = [cell(other) for other in row.others]
    if markdown:
        first = [f"{row.net} / {row.batch}", row.optimizer, f"{row.updates_per_second:,.0f}"]
        return "| " + " | ".join([*first, *map(str.strip, cells), f"{row.figures:.2f}", str(row.threads)]) + " |"
    text = f"{row.net:>14} {row.batch:>5} {row.optimizer:>4} {row.updates_per_second:>10,.0f}"
    return text + "".join(f"{each:>14}" for each in cells) + f"  {row.figures:>7.2f}  {row.threads}"


def surroundings(rivals: Sequence[str]) -> dict[str, str]:
    """Versions and processors, for whoever reads the figures later."""
    names = ["numpy", *(RIVALS[name].package for name in rivals)]
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    pinned = os.environ.get("OPENBLAS_CORETYPE")
    kernels = {str(info.get("architecture")) for info in threadpool_info() if info["user_api"] == "blas"}
    found["BLAS kernels"] = ", ".join(sorted(kernels)) + (" (pinned by OPENBLAS_CORETYPE)" if pinned else "")
    found["processors"] = str(os.cpu_count())
    return found


def main() -> int:
    """Print the table; 1 if an aim is missed."""
    parser = argparse.ArgumentParser(description="Updates per second against a hand-written loop and other libraries.")
    parser.add_argument("--pairs", type=int, default=15, help="rounds in which everyone takes a turn (default 15)")
    parser.add_argument("--seconds", type=float, default=0.1, help="length of one turn (default 0.1)")
    parser.add_argument("--net", help="only this one, as 64-32-10")
    parser.add_argument("--optimizer", choices=sorted(RATES), help="only this one")
    parser.add_argument("--markdown", action="store_true", help="print the table for docs/performance.md")
    parser.add_argument("--rivals", action="store_true", help="measure the other libraries too, not only PyTorch")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    rivals = tuple(RIVALS) if options.rivals else ALWAYS
    around = surroundings(rivals)
    print(", ".join(f"{name} {what}" for name, what in around.items()) + ", float64")
    print("Ours as a multiple of each, and in brackets the multiple to reach; ! where it is missed.")
    print(heading(rivals, options.markdown))
    rows = []
    for optimizer, net in itertools.product(("adam", "sgd"), NETS):
        if options.net not in (None, "-".join(map(str, net[0]))) or options.optimizer not in (None, optimizer):
            continue
        row = measure(net, optimizer, rivals, options.pairs, options.seconds)
        rows.append(row)
        print(line(row, options.markdown), flush=True)
    for name in rivals:
        rival = RIVALS[name]
        reasons = sorted(
            {other.missing for row in rows for other in row.others if other.name == name and other.missing}
        )
        if reasons or rival.note:
            print(f"{name}: {'; '.join([rival.note, *(f'– {reason}' for reason in reasons)]).removeprefix('; ')}.")
    if options.json:
        figures = {"surroundings": around, "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    missed = [f"{row.net} {row.optimizer} {other.name}" for row in rows for other in row.others if other.missed]
    if missed:
        print("Missed: " + ", ".join(missed))
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
