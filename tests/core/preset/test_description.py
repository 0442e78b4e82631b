"""Check that the description of an experiment names samples, inputs, target and training."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.preset.description import describe_experiment
from nn_tui.core.preset.loader import open_experiment
from tests._salaries import salaries


@pytest.mark.parametrize(
    ("preset", "line"),
    [
        ("xor", "4 training samples; 2 inputs to 2 classes (0, 1); half_squared_error loss, sgd."),
        ("plane", "100 training samples; 2 inputs to 1 number; mean_squared_error loss, sgd."),
    ],
)
def test_a_preset_in_one_line(preset: str, line: str) -> None:
    assert describe_experiment(open_experiment(preset)) == [line]


@pytest.mark.parametrize(("count", "hinted"), [(12, True), (21, False)])
def test_a_few_whole_numbers_may_be_classes(tmp_path: Path, count: int, hinted: bool) -> None:
    path = tmp_path / "d.toml"
    path.with_suffix(".csv").write_text("x,kind\n" + "".join(f"{n},{n % count}\n" for n in range(3 * count)))
    lines = (
        '[data]\ncsv = "d.csv"\ntarget = "kind"\nstandardize = true\nstandardize_target = true\n[[layers]]\nunits = 1\n'
    )
    path.write_text(f'{lines}[training]\nloss = "mean_squared_error"\n')
    first, *hints = describe_experiment(open_experiment(str(path)))
    assert "1 input (standardised) to 1 number" in first
    assert [hint.split(";")[0] for hint in hints] == [f"The {count} values of kind are taken as numbers"][: int(hinted)]


def test_standardised_targets_are_said() -> None:
    (line,) = describe_experiment(salaries())
    assert "; 1 input (standardised) to 1 number (standardised); " in line
