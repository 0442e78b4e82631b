"""Tests of the dialog in which a row is typed and predicted, on the running app."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from textual.events import Paste
from textual.widgets import Input, Label

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import predict
from nn_tui.tui.screens.practice import LevelDialog
from nn_tui.tui.screens.predict import PredictScreen
from nn_tui.tui.session.blanked import is_blanked
from tests._app import AppTester, in_app

KEYS_TESTED = {"predict"}


async def opened(tester: AppTester) -> Input:
    """Open the dialog; return its line."""
    await tester.press("R")
    await tester.wait_until(
        lambda: isinstance(tester.app.screen, PredictScreen) and bool(tester.app.screen.query(Input))
    )
    await tester.settle()
    return tester.app.screen.query_one(Input)


def problem(tester: AppTester) -> str:
    """Return the sentence on what is wrong with the row."""
    return str(tester.app.screen.query_one("#problem", Label).content)


def prediction(tester: AppTester) -> list[str]:
    """Return the words of the prediction."""
    part = tester.app.screen.query_one("#predict-outputs")
    return " ".join(part.render_line(y).text for y in range(part.size.height)).split()


@in_app("xor")
async def test_a_row_is_predicted_while_it_is_typed(tester: AppTester) -> None:
    session = tester.session
    line = await opened(tester)
    for text, row in (("0, 0", [0.0, 0.0]), ("1, 0", [1.0, 0.0]), ("1, 0.5", [1.0, 0.5])):
        line.value = text
        await tester.settle()
        p = predict(session.engine, session.state, np.array([row]))[0, 0]
        assert prediction(tester)[1] == str(int(p >= 0.5))
        assert prediction(tester)[-1] == f"{p:.2f}"
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert tester.session is session


@in_app("xor")
async def test_a_row_is_typed_value_by_value(tester: AppTester) -> None:
    line = await opened(tester)
    assert line.value == "1, 0" and line.selected_text == "1"  # those of the selected sample
    await tester.press("4", "comma")
    assert line.value == "4, 0" and line.selected_text == "0" and problem(tester) == ""
    await tester.press("2", "up", "3")
    assert line.value == "3, 2"
    await tester.press("tab", "minus", "1")
    assert line.value == "3, -1"


@in_app("iris")
async def test_a_pasted_row_replaces_all_values(tester: AppTester) -> None:
    line = await opened(tester)
    tester.app.screen.post_message(Paste("6.3,3.3,6.0,2.5"))
    await tester.wait_until(lambda: line.value == "6.3,3.3,6.0,2.5")
    await tester.settle()
    assert problem(tester) == "" and prediction(tester)[:2] == ["predicted", "species"]


@in_app("iris", size=(80, 24))
async def test_a_value_that_is_wrong_is_named_and_has_no_prediction(tester: AppTester) -> None:
    line = await opened(tester)
    line.value = "5.1, wide, 1.4, 0.2"
    await tester.wait_until(lambda: "sepal_width" in problem(tester))
    await tester.settle()
    assert problem(tester) == 'sepal_width: "wide" is not a number; write one such as -1.5.'
    assert prediction(tester) == []
    line.value = "5.1"
    await tester.wait_until(lambda: "1 value is written, but a row has 4" in problem(tester))


@in_app("digits", size=(60, 16))
async def test_a_small_terminal_shows_the_line_and_the_prediction(tester: AppTester) -> None:
    await opened(tester)
    text = tester.all_text()
    assert "Predict a row" in text and "predicted digit" in text and "esc closes" in text


@in_app("xor", ascii=True)
async def test_the_dialog_is_ascii_if_the_app_is(tester: AppTester) -> None:
    await opened(tester)
    assert tester.all_text().isascii()


@in_app("xor")
async def test_training_pauses_before_a_row_is_predicted(tester: AppTester) -> None:
    await tester.press("r")
    await tester.wait_until(lambda: tester.session.running)
    await opened(tester)
    assert not tester.session.running


TITANIC = Path(__file__).parents[2] / "core" / "table" / "files" / "titanic-seaborn.csv"


@in_app(open_experiment(str(TITANIC), changes={"target": "survived", "drop": ["alive"]}), size=(80, 24))
async def test_a_row_of_a_table_has_texts_and_may_have_gaps(tester: AppTester) -> None:
    line = await opened(tester)
    await tester.press("tab", "f", "e")
    await tester.wait_until(lambda: problem(tester).startswith('sex: "fe" is not one of its values.'))
    assert "tab writes it" in problem(tester) and prediction(tester) == []
    await tester.press("tab")
    assert problem(tester) == "" and prediction(tester)[:2] == ["predicted", "survived"]
    assert line.value.split(", ")[1] == "female" and "one of: female, male" in tester.all_text()
    await tester.press("tab", "backspace")
    assert (
        problem(tester) == "" and "missing" in tester.all_text() and prediction(tester)[:2] == ["predicted", "survived"]
    )


@in_app("xor")
async def test_no_row_is_predicted_while_a_question_is_open(tester: AppTester) -> None:
    await tester.press("Q")
    await tester.wait_until(lambda: isinstance(tester.app.screen, LevelDialog))
    await tester.press("enter", "space")
    await tester.wait_until(lambda: is_blanked(tester.session))
    await tester.press("escape", "R")
    assert is_blanked(tester.session) and tester.app.screen is tester.main


@in_app("xor", size=(80, 24))
async def test_a_point_is_marked_on_the_plane_if_there_is_room(tester: AppTester) -> None:
    await opened(tester)
    assert "? is the typed point" in tester.all_text()
    await tester.resize(60, 24)
    await tester.settle()
    assert "typed point" not in tester.all_text() and prediction(tester)[0] == "prediction"
