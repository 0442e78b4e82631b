"""Tests of sweeps on the running app: they are trained, their runs opened and overlaid, and their table saved."""

from __future__ import annotations

import csv
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest
from textual.widgets import Input

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.sweep.summary import best_over_seeds
from nn_tui.core.sweep.writers import csv_text
from nn_tui.tui.actions.saved_session import show_experiment
from nn_tui.tui.screens.many_runs import ManyRunsPrompt
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.screens.sweep import SweepScreen
from nn_tui.tui.session.sweep_table import current_row, order, summaries
from nn_tui.tui.widgets.sweep_widget import SweepWidget
from tests._app import AppTester, experiment, in_app


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def start_sweep(tester: AppTester, settings: str, updates: int, starts: int = 1) -> SweepScreen:
    """Type a sweep into the prompt and start it."""
    await tester.press("M")
    await tester.wait_until(lambda: isinstance(tester.app.screen, ManyRunsPrompt))
    await tester.settle()
    fields = tester.app.screen
    for id, text in (("updates", str(updates)), ("settings", settings), ("count", str(starts))):
        fields.query_one(f"#{id}", Input).value = text
        await tester.settle()
    tester.send("enter")
    await tester.wait_until(lambda: isinstance(tester.app.screen, SweepScreen))
    screen = tester.app.screen
    assert isinstance(screen, SweepScreen)
    return screen


def is_shown(tester: AppTester, text: str) -> bool:
    """Return whether the screen shows a text."""
    return text in tester.all_text()


@in_app("iris", (80, 24))
async def test_a_sweep_is_trained_sorted_saved_opened_and_overlaid(tester: AppTester) -> None:
    before = tester.session.run
    screen = await start_sweep(tester, "eta = 0.3, 0.1; optimizer = sgd, adam", 6, 2)
    await tester.wait_until(lambda: "8 runs are trained." in tester.all_text())

    # Every row is the single training with the same settings, bit for bit.
    for row in screen.table.rows:
        run = start_with(Run.start(experiment("iris")), row.combination.changes)
        run.train(6)
        metrics = evaluate(run.engine, run.state, run.experiment.data.x, run.experiment.data.y)
        assert metrics is not None and row.train_loss == metrics.loss and row.updates == 6
    # The best combination over its starts comes first, and the line below the table names it.
    best = best_over_seeds(summaries(screen.table))
    first = [screen.table.rows[index].combination.settings[:-1] for index in order(screen.table)[:2]]
    assert best is not None and first == [best.combination.settings] * 2
    assert f"with {'; '.join(best.combination.changes)}" in tester.all_text()

    await tester.pilot.click(SweepWidget, offset=(8, 5))
    await tester.wait_until(lambda: screen.table.current == order(screen.table)[2])
    await tester.pilot.click(SweepWidget, offset=(6, 2))
    await tester.wait_until(lambda: screen.table.sorted_by == "eta")
    await tester.pilot.click(SweepWidget, offset=(6, 2))
    await tester.wait_until(lambda: screen.table.is_reversed)

    await tester.press("s")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TextPrompt))
    await tester.wait_until(lambda: 'The column "set seed"' in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: "Saved the table in iris-sweep.csv." in tester.all_text())
    saved = Path("iris-sweep.csv").read_text()
    assert saved.startswith("eta,optimizer,set seed,seed,")
    assert saved == csv_text(screen.table.rows) and len(list(csv.DictReader(saved.splitlines()))) == 8

    # Enter opens the highlighted run; the run that was on screen stays.
    highlighted = screen.table.rows[current_row(screen.table) or 0]
    await tester.press("enter")
    await tester.wait_until(lambda: len(tester.session.runs) == 2)
    assert tester.session.runs[0] is before and tester.session.updates_done == 6
    single = start_with(Run.start(experiment("iris")), highlighted.combination.changes)
    single.train(6)
    assert tester.session.state.array.tobytes() == single.state.array.tobytes()
    opened = tester.session.run

    # The table is there again; marked runs are overlaid, and the opened one is not trained again.
    await tester.press("M")
    await tester.wait_until(lambda: "8 runs are trained." in tester.all_text())
    assert "Saved the table" not in tester.all_text()
    await tester.press("space", "space", "space", "left", "r", "enter")
    await tester.wait_until(lambda: len(tester.session.overlaid) == 3)
    assert opened in tester.session.overlaid and len(tester.session.runs) == 4
    await tester.wait_until(lambda: "▸" in tester.all_text() and "train loss" in tester.all_text())
    shown = tester.all_text()
    assert all(f"{marker} {letter} " in shown for marker, letter in zip("●▲■", "ABC", strict=True))
    await tester.press("c")
    await tester.wait_until(lambda: not tester.session.overlaid and len(tester.session.runs) == 4)
    await tester.wait_until(lambda: "The charts show this run alone" in tester.text("message"))


@in_app("digits", (80, 24), ascii=True)
async def test_a_sweep_says_what_is_wrong_and_can_be_stopped(tester: AppTester) -> None:
    await tester.press("M")
    await tester.wait_until(lambda: isinstance(tester.app.screen, ManyRunsPrompt))
    await tester.settle()
    line = tester.app.screen.query_one("#settings", Input)
    for text, problem in (
        ("etta = 1, 2", "is not a setting"),
        ("eta = 1, x", '"x" is not a number'),
        ("eta = 1; eta = 2", "is set twice"),
        ("beta9 = 1, 2; eta = 1", "is not a setting"),
        ("momentum = 0.1, 0.2", "has no such option"),  # no combination is valid
    ):
        line.value = text
        await tester.settle()
        await tester.press("enter")
        await tester.wait_until(partial(is_shown, tester, problem), text)
    await tester.press("escape")
    screen = await start_sweep(tester, "optimizer = adam, momentum; momentum = 0.2; eta = 0.1, 0.01", 1_000_000)
    await tester.wait_until(lambda: len(screen.table.rows) == 2 and "has no such option" in tester.all_text())
    await tester.press("space")
    await tester.wait_until(lambda: "so it has no run" in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: "esc stops it, then enter opens a run" in tester.all_text())
    await tester.wait_until(lambda: "2 of 4 runs, " in tester.all_text(), "the time left is shown after a second")
    assert not active_children(), "the terminal belongs to this process"
    await tester.press("escape")
    await tester.wait_until(lambda: "Stopped: 0 of 4 runs are trained. Not valid: 2." in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: "so it has no run" in tester.all_text())
    await tester.press("n")
    await tester.wait_until(lambda: isinstance(tester.app.screen, ManyRunsPrompt))
    await tester.settle()
    assert tester.app.screen.query_one("#settings", Input).value == screen.table.text
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main and len(tester.session.runs) == 1)
    show_experiment(tester.main, open_experiment("digits"))
    await tester.press("M")
    await tester.wait_until(lambda: isinstance(tester.app.screen, ManyRunsPrompt), "another network has no table yet")
