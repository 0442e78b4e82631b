"""Tests of the dialog in which a row is typed and predicted, on the running app."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from textual.events import Paste
from textual.widgets import Input, Label

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.metrics import predict
from nn_tui.tui.screens.practice import LevelDialog
from nn_tui.tui.screens.predict import DrawnPart, PredictScreen
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


def values(tester: AppTester) -> list[str]:
    """Return the values of the row."""
    typed = tester.app.screen.query_one("#predict-inputs", DrawnPart).typed
    assert typed is not None
    return list(typed.cells)


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
    await opened(tester)
    for keys, row in (("0", [0.0, 0.0]), ("1", [1.0, 0.0]), (("down", *"0.5"), [1.0, 0.5])):
        await tester.press(*("full_stop" if key == "." else key for key in keys))
        await tester.press(*(() if len(keys) > 1 else ("shift+home",)))
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
    assert values(tester)[:2] == ["1", "0"] and line.selected_text == "1"  # those of the selected sample
    await tester.press("4", "down")
    assert values(tester) == ["4", "0"] and line.value == line.selected_text == "0" and "4 is more" in problem(tester)
    await tester.press("2", "up", "3")
    assert values(tester) == ["3", "2"]
    await tester.press("tab", "minus", "1", "enter")
    assert values(tester) == ["3", "-1"] and line.value == "3"
    await tester.press("pagedown", "9", "pageup")
    assert values(tester) == ["3", "9"] and line.value == "3"


@in_app("iris")
async def test_a_pasted_row_replaces_all_values(tester: AppTester) -> None:
    line = await opened(tester)
    await tester.press("down")
    tester.app.screen.post_message(Paste("6.3,3.3,6.0,2.5"))
    await tester.wait_until(lambda: values(tester) == ["6.3", "3.3", "6.0", "2.5"])
    await tester.settle()
    assert line.value == "3.3"
    assert problem(tester) == "" and prediction(tester)[:2] == ["predicted", "species"]
    tester.app.screen.post_message(Paste("1.5"))
    await tester.wait_until(lambda: values(tester) == ["6.3", "1.5", "6.0", "2.5"])


@in_app("iris", size=(80, 24))
async def test_a_value_that_is_wrong_is_named_and_has_no_prediction(tester: AppTester) -> None:
    await opened(tester)
    await tester.press("down", *"wide")
    await tester.wait_until(lambda: "sepal_width" in problem(tester))
    await tester.settle()
    assert problem(tester) == 'sepal_width: "wide" is not a number; write one such as 3.5.'
    assert prediction(tester) == []
    await tester.press("down", "6", "comma", "5")
    assert problem(tester) == 'petal_length: "6,5": the decimal mark here is a point; write 6.5.'
    await tester.press("up", "3", "down", "6", "down", "backspace")
    assert (
        problem(tester) == "petal_width: the value is missing; the network was trained on rows without missing values."
    )
    tester.app.screen.post_message(Paste("5.1,3.5,1.4,0.2,setosa"))
    await tester.wait_until(lambda: problem(tester).startswith("5 values are written, but a row has 4: sepal_length,"))
    assert values(tester) == ["5.1", "3", "6", ""]
    await tester.press("7")
    await tester.wait_until(lambda: problem(tester).startswith("petal_width: 7 is more than"))


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


FILES = Path(__file__).parents[2] / "core" / "table" / "files"
TITANIC = FILES / "titanic-seaborn.csv"


@in_app(open_experiment(str(TITANIC), changes={"target": "survived", "drop": ["alive"]}), size=(80, 24))
async def test_a_row_of_a_table_has_texts_and_may_have_gaps(tester: AppTester) -> None:
    line = await opened(tester)
    await tester.press("tab", "f", "e")
    await tester.wait_until(lambda: problem(tester).startswith('sex: "fe" is not one of its values.'))
    assert "tab writes it" in problem(tester) and prediction(tester) == []
    await tester.press("tab")
    assert problem(tester) == "" and prediction(tester)[:2] == ["predicted", "survived"]
    assert line.value == "female" and "one of: female, male" in tester.all_text()
    await tester.press("tab", "backspace")
    assert (
        problem(tester) == "" and "missing" in tester.all_text() and prediction(tester)[:2] == ["predicted", "survived"]
    )


@in_app(open_experiment(str(TITANIC), changes={"target": "survived", "drop": ["alive"]}), size=(80, 24))
async def test_tab_writes_a_suggestion_for_the_input_that_the_message_names(tester: AppTester) -> None:
    line = await opened(tester)
    for move in ("home", "end", "left"):  # the cursor in the wrong value
        await tester.press("pageup", "down", "f", move, "tab")
        assert values(tester)[1] == line.value == "female" and problem(tester) == ""
    await tester.press("m", "up", "4", "left", "tab")  # another input
    assert values(tester)[:2] == ["4", "male"] and line.value == "male"
    last = values(tester)[-1]
    await tester.press("up", "up", *"True", "f", "tab")  # the last one
    assert values(tester)[-1] in ("True", "False") and last in ("True", "False")
    await tester.press("tab")
    assert line.value == "4"


WIDE = "구,높이,층수\n" + "".join(f"{['강남구', '종로구', '마포구'][n % 3]},{n}.5,{n * 2}\n" for n in range(12))


@in_app(open_experiment("-", source=WIDE.encode()), size=(80, 24))
async def test_wide_characters_are_suggested_and_typed(tester: AppTester) -> None:
    line = await opened(tester)
    tester.app.screen.post_message(Paste("종로"))
    await tester.wait_until(lambda: "tab writes it" in problem(tester))
    await tester.press("home", "tab")
    assert line.value == values(tester)[0] == "종로구" and problem(tester) == ""
    await tester.press("down", "1", "comma", "5")
    assert problem(tester) == '높이: "1,5": the decimal mark here is a point; write 1.5.'


@in_app(open_experiment(str(TITANIC), changes={"target": "survived", "drop": ["alive"]}), size=(80, 24))
async def test_the_value_that_is_typed_is_on_the_screen(tester: AppTester) -> None:
    line = await opened(tester)
    inputs = tester.app.screen.query_one("#predict-inputs")
    for _ in range(len(values(tester))):
        await tester.press("z", "q")
        await tester.settle()
        assert inputs.region.contains_region(line.region)
        row = inputs.render_line(line.region.y - inputs.region.y).text
        assert row.startswith("▸") and row[line.region.x - inputs.region.x :].startswith("zq")
        await tester.press("backspace", "backspace", "down")
    await tester.press("pageup", "pageup")
    await tester.pilot.click("#predict-inputs", offset=(4, 4))
    await tester.press("1", "2")
    await tester.settle()
    assert values(tester)[3] == line.value == "12"


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
