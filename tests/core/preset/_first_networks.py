"""The tables of the tests as people open them, and how good a network is on its training part."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment

FILES = Path(__file__).parents[1] / "table" / "files"
RECORDED = Path(__file__).with_name("linear_models.json")
EPOCHS = 200
SEEDS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Case:
    """A table, and what a person chooses; the rest is left to the program."""

    file: str
    changes: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join([self.file, *map(str, self.changes.values())])

    def open(self, seed: int) -> Experiment:
        """Return the experiment with the first network."""
        return open_experiment(str(FILES / self.file), seed, changes=self.changes)


CASES = (
    Case("ISLR-Auto.csv", {"target": "mpg"}),
    Case("Salary_Data.csv"),
    Case("auto-mpg-questionmarks.csv", {"target": "mpg"}),
    Case("auto-semicolon-decimal-comma.csv"),
    Case("auto-semicolon-decimal-comma.csv", {"target": "mpg"}),
    Case("boston-pandas-index.csv"),
    Case("boston-tab-quoted.csv"),
    Case("breast-cancer-noheader-text.csv"),
    Case("crab-target-not-last.csv", {"target": "y"}),
    Case("crab-target-not-last.csv", {"target": "width"}),
    Case("data_banknote_authentication.txt"),
    Case("dax-hash-comment.csv"),
    Case("elnino.csv"),
    Case("grunfeld.csv", {"target": "invest"}),
    Case("housing.data"),
    Case("iris-kaggle-Id.csv"),
    Case("iris-uci-noheader.csv"),
    Case("linnerud_physiological.csv"),
    Case("longley.csv", {"target": "TOTEMP"}),
    Case("min-id-leak.csv"),
    Case("min-label-first-constant-last.csv"),
    Case("min-regression-far-from-0.csv"),
    Case("min-text-last.csv", {"target": "mpg"}),
    Case("mnist-label-first.csv"),
    Case("seoul-cp949.csv"),
    Case("sklearn-iris.csv"),
    Case("stackloss.csv", {"target": "STACKLOSS"}),
    Case("statecrime.csv", {"target": "violent"}),
    Case("sunspots.csv"),
    Case("titanic-seaborn.csv", {"target": "survived"}),
    Case("titanic-seaborn.csv", {"target": "survived", "drop": ["alive"]}),
    Case("titanic-seaborn.csv", {"target": "fare"}),
    Case("wine_data.csv"),
    Case("winequality-red-uci.csv"),
    Case("winequality-red-uci.csv", {"target_kind": "numbers"}),
    Case("zoo-TRUE-FALSE.csv"),
)


def train_score(experiment: Experiment, epochs: int = EPOCHS) -> float:
    """Train, and return R² or the accuracy on the training part."""
    run = Run.start(experiment)
    rows = len(experiment.data.x)
    run.goto(epochs * -(-rows // (experiment.training.batch_size or rows)))
    metrics = evaluate(run.engine, run.state, experiment.data.x, experiment.data.y)
    assert metrics is not None
    score = metrics.r2 if metrics.accuracy is None else metrics.accuracy
    assert score is not None
    return score
