"""Tests of moving a run to a named moment."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.engine.moments import parse_moment
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.moment import go_to_moment
from nn_tui.core.run.run import Run


@pytest.mark.parametrize(
    ("moment", "place", "finished"),
    [("0", (1, 0), 0), ("1", (1, 8), 1), ("3", (3, 8), 3), ("3.loss", (3, 3), 2), ("2.dw.1.1", (2, 6), 1)],
)
def test_a_run_is_trained_as_far_as_necessary(moment: str, place: tuple[int, int], finished: int) -> None:
    run = Run.start(open_experiment("neuron"))
    assert go_to_moment(run, parse_moment(moment)) == place
    assert (run.position, run.finished) == (finished, finished)


def test_a_moment_after_a_divergence_is_refused() -> None:
    run = start_with(Run.start(open_experiment("neuron")), ["activation 1 = identity", "eta = 1e200"])
    with pytest.raises(InputError, match=r"training diverged before pass 9: update 2: .*"):
        go_to_moment(run, parse_moment("9.loss"))
