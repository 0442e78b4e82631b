"""Tests of the page about a trial: the sentence, and the table of both runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.diagnosis.trial import BestFigures, Trial, TrialFigures, try_remedy
from nn_tui.core.preset.loader import find_preset
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.views import trial as view
from tests.core.diagnosis._presets import findings_at, start


def make_trial() -> Trial:
    run = start(find_preset("too-slow"))
    (finding,) = findings_at(run, 10)
    trial = try_remedy(run, finding, "eta = 0.1", 10)
    return trial


def test_the_sentence_says_which_run_is_better_with_both_losses() -> None:
    trial = replace(make_trial(), without=TrialFigures(0.5, 0.1), with_change=TrialFigures(0.25, 0.6), is_removed=True)
    same, worse = TrialFigures(0.5, 0.1), TrialFigures(0.75, -0.2)
    losses = "loss 0.25 after 300 updates, and 0.5 without it."
    assert str(view.result(trial)) == f'eta = 0.1 is better: {losses} The finding "learning rate too low" is gone.'
    assert str(view.result(replace(trial, is_removed=False))) == f"eta = 0.1 is better: {losses}"
    gone = str(view.result(replace(trial, with_change=worse)))
    assert gone.startswith(
        'eta = 0.1 removes the finding "learning rate too low", but the loss is higher: 0.75 after 300'
    )
    gone = str(view.result(replace(trial, with_change=same)))
    assert gone.startswith('eta = 0.1 removes the finding "learning rate too low". The loss is 0.5 after 300 updates')
    stays = replace(trial, is_removed=False)
    assert str(view.result(replace(stays, with_change=same))).startswith("eta = 0.1 changes little: loss 0.5 ")
    assert str(view.result(replace(stays, with_change=worse))).startswith("eta = 0.1 is worse: loss 0.75 ")
    diverged = replace(stays, with_change=TrialFigures(float("inf"), float("nan")))
    assert "is worse: loss not finite (diverged) after" in str(view.result(diverged))


def test_a_change_that_ends_above_the_lowest_loss_of_the_run_without_it_is_not_called_better() -> None:
    best = BestFigures(30, TrialFigures(0.2, 0.7))
    trial = replace(make_trial(), without=TrialFigures(0.5, 0.1), with_change=TrialFigures(0.25, 0.6), best=best)
    assert str(view.result(trial)) == (
        "eta = 0.1: loss 0.25 after 300 updates, and 0.5 without it. But without it the loss was 0.2 at update 30: "
        "stopping there is better."
    )
    text = [line.text for line in view.document(trial, get_palette("dark"), 80)]
    assert any(line.startswith("without the change, at update 30") and "0.2" in line for line in text)
    lower = replace(trial, with_change=TrialFigures(0.1, 0.8), is_removed=False)
    assert str(view.result(lower)).startswith("eta = 0.1 is better: loss 0.1 after 300 updates")


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [10, 40, 100])
def test_the_table_has_both_runs_in_lines_of_the_width(width: int, ascii_only: bool) -> None:
    lines = view.document(make_trial(), get_palette("dark", ascii=ascii_only), width)
    assert all(line.cell_length == width for line in lines)
    text = "\n".join(line.text for line in lines)
    assert not ascii_only or text.isascii()
    if width == 100:
        assert "without the change" in text and "Both start from the same update and train 300 updates." in text
