"""Tests of reading a saved session: the changes of a run come back as they were, and wrong files name the place."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.core.saved.read import read_header, unpack
from nn_tui.core.saved.record import record_run
from nn_tui.core.saved.write import pack
from tests._edits import small_experiment

CHANGES = [
    "w1[2,1] = 0.3", "b1[2] = 1", "x2 = 0.5", "y1 = 0.25", "eta = 0.3", "loss = binary_cross_entropy",
    "schedule = cosine T_max=50 per=epoch", "warmup = 4", "batch = full", "shuffle = off", "l2 = 0.1", "seed = 7",
    "init 1 = normal std=0.1", "units 1 = 6", "remove unit 1 of layer 1", "add layer 1 3 relu", "freeze w1",
    "activation 1 = elu", "remove layer 1", "optimizer = adam 0.2", "data seed = 9", "unfreeze w1",
]  # fmt: skip


def test_the_changes_of_a_run_are_restored_as_they_were() -> None:
    run = Run.start(small_experiment())
    for text in CHANGES:
        if text == "unfreeze w1":
            run = apply_edit("freeze w1", run, 0)
        run = apply_edit(text, run, 0, 1)
    (record,), view = unpack(b"".join(pack([record_run(run)], {}, "the view")))
    assert [part.change for part in record.segments] == [part.change for part in run.segments]
    assert len(record.segments) > len(CHANGES) and view == "the view"


def test_a_change_of_a_number_that_was_not_finite_can_be_saved() -> None:
    run = apply_edit("l2 = 1e308", Run.start(small_experiment()), 0)
    run.train(9, past_divergence=True)
    assert not np.isfinite(run.state.weights[0]).all()
    row, column = np.argwhere(~np.isfinite(run.state.weights[0]))[0] + 1
    run = apply_edit(f"w1[{row},{column}] = 0.5", run, run.reached)
    (record,), _ = unpack(b"".join(pack([record_run(run)], {}, None)))
    assert record.segments[-1].change == run.segments[-1].change
    assert (run.segments[-1].change.old, run.segments[-1].change.new) == (None, 0.5)


@pytest.mark.parametrize(
    ("line", "code"),
    [(b"", "unreadable"), (b"{}", "unreadable"), (b'{"format": "nn-tui-session/1"}', "other_version")],
)
def test_a_header_of_another_program_or_version_is_refused(line: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_header(line)
    assert caught.value.code == code


def test_a_file_that_was_cut_is_damaged() -> None:
    data = b"".join(pack([record_run(Run.start(small_experiment()))], {}, None))
    assert json.loads(data.partition(b"\n")[0])["format"] == "nn-tui-session/2"
    with pytest.raises(InputError) as caught:
        unpack(data[:-1])
    assert caught.value.code == "damaged"
