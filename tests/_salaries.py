"""A regression far from 0 whose targets are standardised: salaries by years of work, invented for the tests."""

from __future__ import annotations

from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.spec import DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec

YEARS = (1.1, 2.0, 2.9, 3.7, 4.0, 5.1, 6.0, 7.1, 8.2, 9.0, 9.6, 10.5)
SALARIES = (
    39343.0,
    43525.0,
    56642.0,
    57189.0,
    55794.0,
    66029.0,
    93940.0,
    98273.0,
    113812.0,
    105582.0,
    112635.0,
    121872.0,
)


def salaries(*, inputs: int = 1, test_fraction: float = 0.25, standardize_target: bool = True) -> Experiment:
    """Return the problem with one or two inputs, the second of which is the row's number."""
    rows = tuple((years, float(row))[:inputs] for row, years in enumerate(YEARS))
    data = DataSpec(
        rows,
        tuple((salary,) for salary in SALARIES),
        standardize=True,
        standardize_target=standardize_target,
        test_fraction=test_fraction,
    )
    layers = (LayerSpec(4, "tanh"), LayerSpec(1, "identity"))
    training = TrainingSpec("mean_squared_error", optimizer=OptimizerSpec("adam", 0.05))
    return load_experiment(Preset("salaries", "Salaries", "Salaries by years of work.", data, layers, training))
