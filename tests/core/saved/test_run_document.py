"""Documents of a run alone: read back here, and opened by the app."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.saved.run_document import read_run, run_document
from nn_tui.tui.saved.snapshot import pack_snapshot, restore_session, take_snapshot
from tests._documents import make_document, read_entries


def edited_run() -> Run:
    """Return a run of XOR with 12 updates and a change after the fifth."""
    run = Run.start(open_experiment("xor"))
    run.goto(5)
    run = apply_edit("eta = 0.25", run, 5)
    run.goto(12)
    return run


@pytest.mark.parametrize("update", [0, 3, 12])
def test_a_run_comes_back_with_all_its_updates(update: int) -> None:
    run = edited_run()
    restored, position = read_run(run_document(run, update, saved_at=0))
    assert position == update and restored.finished == 12
    for number in (0, 5, 12):
        assert np.array_equal(restored.state_after(number).array, run.state_after(number).array)
    assert restored.goto(20) == run.goto(20) and np.array_equal(restored.state.array, run.state.array)


@pytest.mark.parametrize("update", [0, 3, 12])
def test_the_app_opens_it_after_that_update_and_saves_it(update: int) -> None:
    run = edited_run()
    session = restore_session(run_document(run, update, saved_at=0), {})
    assert session.updates_done == update and session.tab == "layer" and session.run.finished == 12
    again, position = read_run(pack_snapshot(take_snapshot(session, 0)).content)
    assert position == update and np.array_equal(again.state_after(12).array, run.state_after(12).array)


def test_the_notes_are_shown_at_the_start() -> None:
    run = edited_run()
    assert [restore_session(run_document(run, update, saved_at=0), {}).notes for update in (0, 3)] == [True, False]


def test_a_run_that_was_not_trained_opens_at_its_start() -> None:
    run = Run.start(open_experiment("xor"))
    content = run_document(run, 0, saved_at=0)
    assert restore_session(content, {}).updates_done == 0
    assert read_run(content)[0].finished == 0


@pytest.mark.parametrize("here", [None, {"run": 1, "update": 1, "cursor": 0}, {"run": 0, "update": 99, "cursor": 0}])
def test_a_position_that_is_not_in_the_run_is_refused(here: object) -> None:
    parts = read_entries(run_document(edited_run(), 3, saved_at=0))
    parts.tree["here"] = here
    content = make_document(parts)
    for read in (read_run, lambda content: restore_session(content, {})):
        with pytest.raises(InputError):
            read(content)
