"""What somebody who has never seen the program would misread, said so that it cannot be."""

from __future__ import annotations

import re

import numpy as np
import pytest
from rich.cells import cell_len

from nn_tui.core.analysis.landscape import evaluate_grid, plan_grid
from nn_tui.core.edits.parser import parse_edit
from nn_tui.presets import COURSE
from nn_tui.tui.cli.main import main
from nn_tui.tui.draw.confusion import draw_confusion
from nn_tui.tui.draw.landscape import draw_landscape
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.display import hint
from nn_tui.tui.session.session import Session, begin
from nn_tui.tui.views import chart_panel, chart_series, output
from nn_tui.tui.views.status import message_line
from tests._app import DARK, Hand, experiment, in_app
from tests._kept import MOVES


def changed(session: Session, text: str) -> Session:
    """The session after a change, written as in its prompt."""
    edit = parse_edit(text, session.run, session.updates_done, session.data_row)
    return branches.show_edited(session, edit, text)


@pytest.mark.parametrize(
    "keys",
    [["f", "b", "u", "e", "escape"], ["question_mark", "escape", "M", "escape", "n"], ["f", "b", "u"]],
)
@pytest.mark.parametrize("size", [(60, 15), (60, 20), (49, 10), (20, 5), (80, 24)])
def test_the_main_screen_never_scrolls(keys: list[str], size: tuple[int, int]) -> None:
    @in_app(size=size)
    async def look(hand: Hand) -> None:
        await hand.press(*keys)
        await hand.wait_until(lambda: not hand.main.show_vertical_scrollbar and not hand.main.show_horizontal_scrollbar)
        if size[1] < 16:
            await hand.wait_until(lambda: f"{size[0]}×{size[1]} is too small" in hand.all_text())

    look()


def test_a_trace_that_is_too_far_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "xor", "--updates", "99999999999"]) == 2
    assert "not a whole number from 1 up to 100,000,000" in capsys.readouterr().err


def test_the_runs_compared_keep_their_letters_colours_and_marks() -> None:
    session = MOVES["c"](MOVES["train 90"](begin(experiment("xor"))))
    assert session.other is not None
    session.other.goto(session.run.reached)
    series = chart_panel.shown_series(session, DARK.glyphs)
    swapped = chart_panel.shown_series(branches.switch_run(session), DARK.glyphs)
    assert [(one.name, one.style_key) for one in series] == [(one.name, one.style_key) for one in swapped]
    assert series[0].name.startswith("A ") and series[0].style_key == "train"


def test_the_landscape_says_what_is_on_a_log_scale() -> None:
    session = MOVES["train 3"](begin(experiment("xor")))
    found = evaluate_grid(plan_grid(session.run, session.updates_done, seed=1), lambda part: None, lambda: False)
    assert found is not None
    legend = draw_landscape(found, DARK, 120, 30)[-1].text
    assert re.search(r"  loss [\d.]+ .* [\d.]+ \(log scale\)", legend) and "log loss" not in legend


def test_a_restart_says_that_changes_at_the_start_stay() -> None:
    session = MOVES["train 3"](changed(begin(experiment("xor")), "eta = 0.25"))
    assert "the changes made at the start stay" in stepping.restart(session).message
    untouched = MOVES["train 3"](begin(experiment("xor")))
    assert "changes" not in stepping.restart(untouched).message


@pytest.mark.parametrize(
    ("change", "helps"),
    [
        ("x1 = 1e200", "smaller inputs help"),
        ("y1 = 1e200", "smaller targets help"),
        ("l2 = 1e308", "a smaller l2 helps"),
        ("eta = 1e308", "a smaller η helps"),
    ],
)
def test_the_advice_for_a_divergence_names_what_is_huge(change: str, helps: str) -> None:
    session = changed(begin(experiment("plane")), change)
    session = stepping.goto(session, session.run.goto(2000))
    assert session.run.divergence is not None
    assert hint(session).endswith(f"{helps}.")
    assert stepping.whole_pass(session).message.endswith(f"{helps}.")


@in_app("plane")
async def test_an_infinity_is_written_in_one_way(hand: Hand) -> None:
    await hand.press("e", *"x1=1e200", "enter", "f", "n", "n")
    await hand.wait_until(lambda: hand.session.run.divergence is not None)
    shown = hand.all_text()
    assert "∞" in shown and not re.search(r"\binf\b", shown)


def test_counts_of_classes_that_are_numbers_stand_apart() -> None:
    lines = [strip.text.rstrip() for strip in draw_confusion(np.array([[1, 1], [0, 2]]), ["0", "1"], DARK, 24, 6)]
    assert lines[0].split() == ["0", "1", "total"]
    assert [part.split() for part in lines[1].split("│")] == [["0"], ["1", "1"], ["2"]]


def test_every_hint_fits_eighty_columns_in_whole_sentences() -> None:
    session = begin(experiment("xor"))
    for move in ("f", "space", "b", "space", "u", "train 90", "p", "0", "N", "a", "c", "c"):
        session = MOVES[move](session)
        shown = message_line.draw(session, DARK, 80, 1)[0].text
        assert "…" not in shown.replace("η, a layer, …", ""), (move, shown)


def test_every_sentence_of_a_chart_or_an_output_fits_eighty_columns() -> None:
    said = {chart.sentence for chart in chart_series.CHARTS.values()}
    for name in COURSE:
        said |= {view.sentence for view in output.views(begin(experiment(name))).values()}
    assert len(said) > 10
    assert {sentence for sentence in said if cell_len(sentence) > 78} == set()


@in_app()
async def test_the_landscape_names_the_run_where_there_are_several(hand: Hand) -> None:
    await hand.press("e", *"eta=0.25", "enter", "n", "w")
    await hand.wait_until(lambda: "Loss landscape" in hand.all_text())
    await hand.wait_until(lambda: "run 2 of 2" in hand.all_text())
