"""Runs programs in this process, and compares the losses that they print with those of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from nn_tui.core.program.program import program
from nn_tui.core.program.values import Framework, Program
from nn_tui.core.run.checkpoint import checkpoint_at
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment

TOLERANCE = 1e-9  # relative


@dataclass(frozen=True)
class Script:
    """A program that runs in this process.

    Attributes:
        program: The program.
        names: Its variables and functions by name.
    """

    program: Program
    names: Mapping[str, Any]

    def losses(self, updates: int) -> dict[int, float]:
        """Go on with the training, and return the losses that the program prints by the number of the update."""
        output = StringIO()
        with redirect_stdout(output), np.errstate(all="ignore"):
            self.names["train"](updates)
        words = [line.split(" ") for line in output.getvalue().splitlines()]
        assert all((first, third) == ("update", "loss") for first, _, third, _ in words)
        return {int(number): float(loss) for _, number, _, loss in words}

    def predict(self, rows: object) -> Any:
        """Return what the program predicts for raw rows: numbers, or the names of classes."""
        with np.errstate(all="ignore"):
            return self.names["predict"](rows)

    def outputs(self, rows: object) -> Any:
        """Return the outputs of the network for raw rows, in the units of the data."""
        with np.errstate(all="ignore"):
            return self.names.get("predict_outputs", self.names["predict"])(rows)


def load(shown: Program, text: str = "") -> Script:
    """Run a program up to its command line.

    Args:
        shown: The program.
        text: A changed text of the program; "" for its own.
    """
    with TemporaryDirectory() as folder:
        for name, content in shown.files.items():
            (Path(folder) / name).write_bytes(content)
        names: dict[str, Any] = {"__name__": "script", "__file__": str(Path(folder) / "script.py")}
        exec(compile(text or shown.text, "script.py", "exec"), names)
    return Script(shown, names)


def script_after(run: Run, update: int, framework: Framework = "numpy") -> Script:
    """Return the program of a run after an update."""
    run.goto(update, past_divergence=True)
    return load(program(checkpoint_at(run, update), "script", framework))


def expected_losses(run: Run, first: int, last: int) -> dict[int, float]:
    """Return the losses of passes of a run by their numbers."""
    found = {}
    for update in range(first, last + 1):
        trace = run.trace(update)
        found[update] = trace.loss
        run.release(trace)
    return found


def assert_same_scores(experiment: Experiment, framework: Framework = "numpy") -> None:
    """Assert that a program finds the accuracy, or the RMSE, of the training rows and the test rows as the engine."""
    run = Run.start(experiment)
    script = script_after(run, 3, framework)
    data, names = experiment.data, script.names
    for part, x, y in (("train", data.x, data.y), ("test", data.x_test, data.y_test)):
        metrics = evaluate(run.engine, run.state_after(3), x, y)
        if metrics is None:
            assert f"x_{part}" not in names
            continue
        name, expected = ("rmse", metrics.rmse) if metrics.accuracy is None else ("accuracy", metrics.accuracy)
        with np.errstate(all="ignore"):
            assert names[name](names[f"x_{part}"], names[f"y_{part}"]) == pytest.approx(expected)


def assert_same_losses(
    experiment: Experiment, *, after: tuple[int, ...] = (0, 5), updates: int = 7, framework: Framework = "numpy"
) -> None:
    """Assert that programs print the losses of the passes that follow, from the start and from within a run."""
    run = Run.start(experiment)
    expected = expected_losses(run, 1, max(after) + updates)
    for start in after:
        wanted = {n: loss for n, loss in expected.items() if start < n <= start + updates}
        found = script_after(run, start, framework).losses(updates)
        assert found == pytest.approx(wanted, rel=TOLERANCE, abs=1e-15, nan_ok=True)
