"""Tests of runs as trees: the changes of a run and its data come back as they were, and no file is needed for them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import SHIPPED_DATA, open_experiment
from nn_tui.core.run.curves import EvaluationHistory
from nn_tui.core.run.run import Run
from nn_tui.core.saved.document import DocumentInfo, read_document, rejecting_misfits, write_document
from nn_tui.core.saved.record import RunRecord, record_run, restore_run
from nn_tui.core.saved.runs import SavedRuns, restore_runs, save_runs
from tests._documents import Parts, make_document, read_entries
from tests._edits import bits, edit, small_experiment
from tests._salaries import salaries

CHANGES = [
    "w1[2,1] = 0.3", "b1[2] = 1", "x2 = 0.5", "y1 = 0.25", "eta = 0.3", "loss = binary_cross_entropy",
    "schedule = cosine T_max=50 per=epoch", "warmup = 4", "batch = full", "shuffle = off", "l2 = 0.1", "seed = 7",
    "init 1 = normal std=0.1", "units 1 = 6", "remove unit 1 of layer 1", "add layer 1 3 relu", "freeze w1",
    "activation 1 = elu", "remove layer 1", "optimizer = adam 0.2", "data seed = 9", "unfreeze w1",
]  # fmt: skip
INFO = DocumentInfo("circles", "Circles", 1, 2, 3, "kernels")


def written_and_read(*runs: Run) -> list[RunRecord]:
    """Return the records of runs as a document has them."""
    content = write_document(INFO, save_runs([record_run(run) for run in runs]))
    return restore_runs(read_document(content, SavedRuns))


def test_the_changes_of_a_run_are_restored_as_they_were() -> None:
    run = Run.start(small_experiment())
    for text in CHANGES:
        if text == "unfreeze w1":
            run = apply_edit("freeze w1", run, 0)
        run = apply_edit(text, run, 0, 1)
    (record,) = written_and_read(run)
    assert [part.change for part in record.segments] == [part.change for part in run.segments]
    assert len(record.segments) > len(CHANGES)


def test_a_change_of_a_number_that_was_not_finite_can_be_saved() -> None:
    run = apply_edit("l2 = 1e308", Run.start(small_experiment()), 0)
    run.train(9, past_divergence=True)
    assert not np.isfinite(run.state.weights[0]).all()
    row, column = np.argwhere(~np.isfinite(run.state.weights[0]))[0] + 1
    run = apply_edit(f"w1[{row},{column}] = 0.5", run, run.reached)
    (record,) = written_and_read(run)
    assert record.segments[-1].change == run.segments[-1].change
    assert (run.segments[-1].change.old, run.segments[-1].change.new) == (None, 0.5)


def test_a_document_from_before_long_epochs_were_divided_goes_on_at_the_ends_of_its_epochs() -> None:
    run = Run.start(open_experiment("schedule"))
    run.evaluations = EvaluationHistory(100, run.evaluations.items)  # what such a version made
    run.train(150)
    content = write_document(INFO, save_runs([record_run(run)]))
    parts = read_entries(content)
    for key in ("parts", "dense"):
        del parts.tree["runs"][0]["progress"]["evaluations"][key]
    (record,) = restore_runs(read_document(make_document(parts), SavedRuns))
    restored = restore_run(record)
    restored.train(300)
    assert [each.update for each in restored.evaluations] == [0, 100, 200, 300, 400]


def test_runs_share_what_they_shared() -> None:
    first = Run.start(small_experiment())
    first.train(9)
    second = edit(first, "eta = 0.3")
    one, two = written_and_read(first, second)
    assert one.segments[0] is two.segments[0] and len(two.segments) == 2
    old, new = (segment.experiment for segment in two.segments)
    assert old.preset is new.preset and old.data is new.data and old.layers is new.layers
    assert new.training.optimizer.learning_rate == 0.3
    assert bits(restore_run(two).state) == bits(second.state)


def test_a_preset_may_not_fit_its_data_any_more() -> None:
    run = edit(edit(Run.start(open_experiment("mazur")), "data = 0 1 -> 1 0; 1 1 -> 0 1", 0), "inputs = 3", 0)
    (record,) = written_and_read(run)
    assert record.segments[-1].experiment.sizes == (3, 2, 2)
    assert record.segments[-1].experiment.preset == run.experiment.preset


@pytest.mark.parametrize("name", ["own.csv", 'odd "name"\u202e.csv'])
def test_data_of_a_file_of_ones_own_can_be_changed_without_the_file(tmp_path: Path, name: str) -> None:
    rows = "\n".join(f"{n},{n * n % 7},{'red' if n % 3 else 'blue'}" for n in range(30))
    (tmp_path / name).write_text(f"a,b,col\u2066our\n{rows}\n", encoding="utf-8")
    run = Run.start(open_experiment(str(tmp_path / name)))
    restored = restore_run(written_and_read(run)[0])
    (tmp_path / name).unlink()
    for text in ("standardize = off", "data seed = 9"):
        data = edit(run, text, 0).experiment.data
        for each in (restored, restore_run(written_and_read(restored)[0])):
            again = edit(each, text, 0).experiment.data
            assert repr(again) == repr(data) and np.array_equal(again.x_test, data.x_test)


def test_standardised_targets_are_restored_with_their_units() -> None:
    run = Run.start(salaries())
    run.train(20)
    run = edit(run, "y1 = 0.5")
    run.train(10)
    restored = restore_run(written_and_read(run)[0])
    data, again = run.experiment.data, restored.experiment.data
    for name in ("y", "y_test", "y_mean", "y_scale", "targets", "targets_test"):
        assert np.array_equal(getattr(again, name), getattr(data, name)), name
    assert list(restored.evaluations) == list(run.evaluations) and bits(restored.state) == bits(run.state)
    plain = edit(restored, "standardize_target = off").experiment.data
    assert np.array_equal(plain.y[1:], data.targets[1:]) and not plain.targets.size


def test_data_that_come_with_nn_tui_are_not_written_twice() -> None:
    (record,) = written_and_read(Run.start(open_experiment("iris")))
    experiment = record.segments[0].experiment
    assert experiment.data.table is None and experiment.preset.folder == SHIPPED_DATA
    assert len(edit(restore_run(record), "data seed = 9", 0).experiment.data.x) == len(experiment.data.x)


def test_inputs_that_are_used_as_they_are_exist_once() -> None:
    run = Run.start(small_experiment())
    restored = restore_run(written_and_read(run)[0])
    for data in (run.experiment.data, restored.experiment.data):
        assert data.x is data.points and data.x_test is data.points_test
    changed = edit(restored, "x1 = 0.5", 0).experiment.data
    assert changed.x[0, 0] == changed.points[0, 0] == 0.5 != restored.experiment.data.x[0, 0]


def saved_table(folder: Path) -> bytes:
    cells = ((n, n / 4 if n % 5 else "NA", "yes" if n % 2 else "no", "abc"[n % 3], n % 7) for n in range(30))
    rows = "\n".join(",".join(map(str, row)) for row in cells)
    (folder / "own.csv").write_text(f"id,size,wet,kind,y\n{rows}\n", encoding="utf-8")
    run = Run.start(open_experiment(str(folder / "own.csv"), changes={"test_csv": str(folder / "own.csv")}))
    return write_document(INFO, save_runs([record_run(run)]))


def test_a_document_names_no_folder(tmp_path: Path) -> None:
    content = saved_table(tmp_path)
    assert b"own.csv" in content and str(tmp_path).encode() not in content


ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, "", "category", "target", 0, 1, 2, 7, 2**62, -1, 0.5, "nan", [], ["a"], ["a", "b"], [1, 64], {}, True]
)


@pytest.fixture(scope="module")
def table_parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return read_entries(saved_table(tmp_path_factory.mktemp("table")))


@given(st.lists(st.tuples(st.integers(0, 10_000), ODD), min_size=1, max_size=3))
def test_a_table_that_was_changed_is_rejected_or_works(table_parts: Parts, changes: list[tuple[int, object]]) -> None:
    parts = deepcopy(table_parts)
    roots = [parts.tree["data"][0], parts.tree["presets"][0]["table"]["data"]]
    for place, value in changes:
        leaves = [leaf for root in roots for leaf in containers(root)]
        container, key = leaves[place % len(leaves)]
        container[key] = deepcopy(value)
    try:
        with rejecting_misfits():
            run = restore_run(restore_runs(read_document(make_document(parts), SavedRuns))[0])
        run.train(2)
        for text in ("standardize = off", "standardize_target = off", "data seed = 9"):
            edit(run, text, 0)
    except InputError as error:
        assert str(error).isprintable()


def containers(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in a tree of JSON, as the object or list that has it and its key."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from containers(value[key])
