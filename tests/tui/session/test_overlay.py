"""Tests of the overlay: runs are added to the session, several of them share the charts, and none is lost."""

from __future__ import annotations

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.run.run import Run
from nn_tui.tui.session import branches, overlay, stepping
from nn_tui.tui.session.session import Session, new_session
from tests._app import experiment


def trained(*changes: str, updates: int = 3) -> Run:
    """Return a run of XOR with changes at its start."""
    run = start_with(Run.start(experiment("xor")), changes)
    run.train(updates)
    return run


def letters(session: Session) -> list[tuple[str, str]]:
    """Return the letter and the name of each run in the charts."""
    return [(each.letter, each.name) for each in overlay.overlaid_runs(session)]


def test_one_run_is_opened_at_its_end_beside_the_run_on_screen() -> None:
    session = stepping.forward(new_session(experiment("xor")))
    before, run = session.run, trained("eta = 0.1")
    opened = overlay.open_runs(session, [run], run)
    assert opened.runs == (before, run) and opened.run is run and opened.updates_done == 3
    assert not opened.overlaid and not overlay.overlaid_runs(opened)
    assert "η 0.1" in str(opened.message)
    assert branches.switch_run(opened).run is before


def test_several_runs_are_named_by_what_differs_and_keep_their_letters() -> None:
    runs = [trained("eta = 0.1", "seed = 5"), trained("eta = 0.2", "seed = 5"), trained("optimizer = adam 0.1")]
    opened = overlay.open_runs(new_session(experiment("xor")), runs, runs[1])
    seed = experiment("xor").init_seed
    names = [("A", "sgd η 0.1, seed 5"), ("B", "sgd η 0.2, seed 5"), ("C", f"adam η 0.1, seed {seed}")]
    assert letters(opened) == names
    assert opened.run is runs[1] and opened.tab == "loss"
    other = branches.switch_run(opened)
    assert [letter for letter, _ in letters(other)] == ["A", "B", "C"]
    first = branches.switch_run(other)
    assert first.run is opened.runs[0] and len(letters(first)) == 4, "the run on screen is always in the charts"
    ended = overlay.end_overlay(other)
    assert not overlay.overlaid_runs(ended) and ended.runs == opened.runs


def test_edits_of_weights_are_part_of_the_names() -> None:
    runs = [trained("w1[1,1] = 0.5", "b1[1] = 1"), trained("w1[1,1] = 0.7", "b1[1] = 1")]
    opened = overlay.open_runs(new_session(experiment("xor")), runs, runs[0])
    assert [name for _, name in letters(opened)] == ["w1[1,1] = 0.5", "w1[1,1] = 0.7"]


def test_the_run_on_screen_stays_if_there_are_too_many() -> None:
    session = new_session(experiment("xor"))
    while len(session.runs) < stepping.MAX_RUNS:
        session = stepping.new_seed(session)
    runs = [trained(f"eta = {k}.5", updates=1) for k in range(1, 1 + overlay.MAX_OVERLAID)]
    opened = overlay.open_runs(session, runs, runs[0])
    assert session.run in opened.runs and len(opened.runs) == stepping.MAX_RUNS
    assert set(runs) <= set(opened.runs)
