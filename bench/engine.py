"""Updates per second of the trainer against PyTorch eager, as ratios within one process.

    .venv/bin/python bench/engine.py [--pairs N] [--seconds S] [--json FILE]

Ours is ``Run.train`` as the app and the commands use it: batches, loss, gradients, update, the loss curve,
keyframes and the search for non-finite numbers. Left out are the whole-set figures (``Run.sampling_seconds``),
which PyTorch's loop does not compute either; the column "figures" counts them in. PyTorch is the usual
loop of ``zero_grad(set_to_none=True)``, the model, ``loss.backward()`` and ``optimizer.step()``, in float64,
on the same batch, its optimiser in whichever of its three forms (plain, foreach, fused) and whichever number
of threads is the fastest there; the column "default" leaves its number of threads as it is by itself. Ours and
theirs take turns; a ratio is the median over the pairs.
Without PyTorch only our own rates are printed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from nn_tui.core.spec import Dataset, DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.threads import threads_for
from nn_tui.core.timeline import Run

try:
    import torch
except ImportError:
    torch = None

DEFAULT_THREADS = torch.get_num_threads() if torch else 1
# sizes, rows in the batch, hidden activation, output activation, loss, and the ratio to reach with Adam
Net = tuple[tuple[int, ...], int, str, str, str, float]
NETS: tuple[Net, ...] = (
    ((2, 4, 1), 4, "tanh", "sigmoid", "half_squared_error", 10.0),
    ((4, 10, 3), 150, "relu", "softmax", "cross_entropy", 7.0),
    ((64, 32, 10), 128, "relu", "softmax", "cross_entropy", 7.0),
    ((784, 128, 10), 128, "relu", "softmax", "cross_entropy", 0.85),
)
WARM = 1600  # updates before anything is timed: by then the whole-set figures are taken at every fourth
RATES = {"adam": 1e-3, "sgd": 1e-2}
Timed = Callable[[int], tuple[float, float]]
Row = dict[str, Any]


def experiment(net: Net, optimizer: str) -> Experiment:
    """Random inputs, random classes, the network and the optimiser; the batch is the whole set."""
    sizes, rows, hidden, last, loss, _ = net
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


def ours(problem: Experiment) -> Timed:
    """A timer of ``count`` more updates of one run: seconds of training, and with the whole-set figures."""
    run = Run.start(problem)
    run.train(WARM)

    def timed(count: int) -> tuple[float, float]:
        before = run.sampling_seconds
        started = time.perf_counter()
        run.train(count)
        seconds = time.perf_counter() - started
        assert run.divergence is None
        return seconds - (run.sampling_seconds - before), seconds

    return timed


def theirs(problem: Experiment, form: str, threads: int) -> Timed:
    """The same for PyTorch eager with one form of its optimiser."""
    modules: list[torch.nn.Module] = []
    kinds = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}
    for layer, inputs in zip(problem.layers, problem.sizes, strict=False):
        modules.append(torch.nn.Linear(inputs, layer.units, dtype=torch.float64))
        if layer.activation != "softmax":  # CrossEntropyLoss takes logits
            modules.append(kinds[layer.activation]())
    model = torch.nn.Sequential(*modules)
    x, y = torch.tensor(problem.data.x), torch.tensor(problem.data.y)
    criterion: torch.nn.Module = torch.nn.MSELoss()
    if problem.training.loss == "cross_entropy":
        criterion = torch.nn.CrossEntropyLoss()
        y = y.argmax(1)  # class numbers, which PyTorch takes faster than rows of probabilities
    rules = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    optimizer = rules[problem.training.optimizer.name](
        model.parameters(),
        lr=problem.training.optimizer.learning_rate,
        foreach=form == "foreach",
        fused=form == "fused",
    )

    def timed(count: int) -> tuple[float, float]:
        torch.set_num_threads(threads)
        started = time.perf_counter()
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        seconds = time.perf_counter() - started
        return seconds, seconds

    return timed


def rate(timed: Timed, seconds: float) -> int:
    """How many updates take about ``seconds``; warms up."""
    count = 8
    while True:
        took = timed(count)[1]
        if took > seconds / 4:
            return max(1, int(count * seconds / took))
        count *= 4


def measure(net: Net, optimizer: str, pairs: int, seconds: float) -> Row:
    """One row of the table."""
    problem = experiment(net, optimizer)
    mine = ours(problem)
    count = rate(mine, seconds)
    row: Row = {
        "net": "-".join(map(str, net[0])), "batch": net[1], "optimizer": optimizer,
        "threads": threads_for(problem.sizes, net[1]), "needed": net[-1] if optimizer == "adam" else None,
    }  # fmt: skip
    if torch is None:
        row["updates_per_second"] = statistics.median(count / mine(count)[0] for _ in range(pairs))
        return row
    others = {
        (form, threads): theirs(problem, form, threads)
        for threads in sorted({1, DEFAULT_THREADS})
        for form in ("plain", "foreach", "fused")
    }
    counts = {key: rate(other, seconds) for key, other in others.items()}
    rates: dict[tuple[str, int], list[float]] = {key: [] for key in others}
    trained, whole = [], []
    for _ in range(pairs):
        training, everything = mine(count)
        trained.append(count / training)
        whole.append(count / everything)
        for key, other in others.items():
            rates[key].append(counts[key] / other(counts[key])[0])
    best = max(rates, key=lambda key: statistics.median(rates[key]))
    usual = max((key for key in rates if key[1] == DEFAULT_THREADS), key=lambda key: statistics.median(rates[key]))
    row["updates_per_second"] = statistics.median(trained)
    row["torch_updates_per_second"] = statistics.median(rates[best])
    row["ratio"] = statistics.median(one / other for one, other in zip(trained, rates[best], strict=True))
    row["ratio_with_figures"] = statistics.median(one / other for one, other in zip(whole, rates[best], strict=True))
    row["ratio_default"] = statistics.median(one / other for one, other in zip(trained, rates[usual], strict=True))
    row["torch_form"], row["torch_threads"] = best
    return row


def main() -> int:
    """Print the table; 1 if a ratio that must be reached is not."""
    parser = argparse.ArgumentParser(description="Updates per second against PyTorch eager.")
    parser.add_argument("--pairs", type=int, default=15, help="turns that ours and theirs take (default 15)")
    parser.add_argument("--seconds", type=float, default=0.1, help="length of one turn (default 0.1)")
    parser.add_argument("--net", help="only this one, as 64-32-10")
    parser.add_argument("--optimizer", choices=sorted(RATES), help="only this one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    version = f"PyTorch {torch.__version__}" if torch else "PyTorch is not installed here: no ratios"
    kernel = ", ".join(str(info.get("architecture")) for info in threadpool_info() if info["user_api"] == "blas")
    pinned = os.environ.get("OPENBLAS_CORETYPE")
    print(
        f"NumPy {np.__version__} (BLAS kernels: {kernel}{', pinned by OPENBLAS_CORETYPE' if pinned else ''}), ", end=""
    )
    print(f"{version}, {os.cpu_count()} processors, float64")
    print("         net batch optimiser  updates/s   PyTorch  ratio needed  default  figures  threads: ours, PyTorch")
    rows = []
    for optimizer, net in itertools.product(("adam", "sgd"), NETS):
        if options.net not in (None, "-".join(map(str, net[0]))) or options.optimizer not in (None, optimizer):
            continue
        row = measure(net, optimizer, options.pairs, options.seconds)
        rows.append(row)
        line = f"{row['net']:>12} {row['batch']:>5} {optimizer:>9} {row['updates_per_second']:>10,.0f}"
        if torch:
            line += f" {row['torch_updates_per_second']:>9,.0f} {row['ratio']:>6.2f} {row['needed'] or '':>6}"
            line += f" {row['ratio_default']:>8.2f} {row['ratio_with_figures']:>8.2f}"
            line += f"  {row['threads']}, {row['torch_threads']} {row['torch_form']}"
        print(line, flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    missed = [row for row in rows if row["needed"] and row.get("ratio", row["needed"]) < row["needed"]]
    if missed:
        print("Not reached: " + ", ".join(row["net"] for row in missed))
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
