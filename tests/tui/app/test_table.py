"""Tests of the screen of a table: what it shows, the keys that change roles and kinds, and the network that follows."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from threading import Event

from nn_tui.core.data.opened_table import Tables
from nn_tui.core.errors import InputError
from nn_tui.core.preset.table_options import DataChanges
from nn_tui.core.run.metrics import evaluate
from nn_tui.core.table.values import TextTable
from nn_tui.core.translation import message
from nn_tui.tui.actions.table import TableStart
from nn_tui.tui.background.table_opener import TableOpener, TableRequest
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.screens.table import TableScreen
from nn_tui.tui.session.session import new_session
from nn_tui.tui.start import StartOptions
from tests._app import DARK, AppTester, in_app, run_with_start

TABLES = Path(__file__).parents[2] / "core" / "table" / "files"


async def open_table(tester: AppTester, name: str, shown: str = "separator") -> None:
    """Open a file by `o` and its typed path, and wait until its columns are shown."""
    await tester.press("o", *str(TABLES / name))
    await tester.wait_until(lambda: name in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: shown in tester.all_text())


def marked(tester: AppTester) -> list[str]:
    """Return the words of the line with the mark."""
    lines = tester.all_text().splitlines()
    return next((line.split("▸", 1)[1].split() for line in lines if "│ ▸ " in line), [])


@in_app(size=(80, 24))
async def test_a_table_becomes_a_trained_network_in_two_steps(tester: AppTester) -> None:
    before = count_tables()
    await open_table(tester, "titanic-seaborn.csv")
    assert marked(tester)[:3] == ["alone", "target", "classes"]
    await tester.press("home", "t")
    await tester.wait_until(lambda: marked(tester)[:3] == ["survived", "target", "classes"])
    await tester.wait_until(lambda: '"alive" has the values of the target "survived"' in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.title == "titanic-seaborn.csv")
    assert tester.session.experiment.preset.data.target == "survived"
    await tester.wait_until(lambda: count_tables() == before)
    await tester.press("5", "v", "r")
    await tester.wait_until(lambda: tester.session.trace.update > 30)
    await tester.press("r")
    await tester.wait_until(lambda: tester.title("loss").startswith("Accuracy"))
    session = tester.session
    metrics = evaluate(session.engine, session.state, session.experiment.data.x, session.experiment.data.y)
    assert metrics is not None and metrics.accuracy is not None and metrics.accuracy > 0.7


@in_app(size=(100, 30))
async def test_keys_change_the_columns_and_are_kept(tester: AppTester) -> None:
    await open_table(tester, "iris-kaggle-Id.csv")
    await tester.press("x")
    await tester.wait_until(lambda: '"Species" is the target; make another column the target' in tester.all_text())
    await tester.press("home", "space")
    await tester.wait_until(lambda: marked(tester)[:3] == ["Id", "input", "number"])
    await tester.press("down", "x")
    await tester.wait_until(lambda: marked(tester)[:3] == ["SepalLengthCm", "ignored", "number"])
    await tester.press("down", "k", "s")
    await tester.wait_until(lambda: marked(tester)[:3] == ["SepalWidthCm", "input", "category"])
    await tester.wait_until(lambda: "test: 50%" in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.title == "iris-kaggle-Id.csv")
    data, run = tester.session.experiment.data, tester.session.run
    assert data.input_names[:2] == ("Id", "SepalWidthCm=2") and len(data.x) == len(data.x_test) == 75
    await tester.wait_until(lambda: 'The target is "Species", with 3 classes.' in tester.all_text())
    # The choices in force are there again, and what a person did not choose has its own reason.
    await tester.press("o")
    await tester.wait_until(lambda: "Columns of iris-kaggle-Id.csv" in tester.all_text())
    await tester.wait_until(lambda: "What each column of this table" in tester.all_text(), "it is highlighted")
    await tester.press("enter")
    await tester.wait_until(lambda: "test: 50%" in tester.all_text())
    await tester.wait_until(lambda: '"Species": It is the last column.' in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert tester.session.run is run, "nothing has changed"
    await tester.press("o", "home", "enter")
    await tester.wait_until(lambda: "test: 50%" in tester.all_text())
    await tester.press("home", "x", "enter")
    await tester.wait_until(lambda: tester.session.run is not run)
    assert "Id" not in tester.session.experiment.data.input_names


@in_app(size=(80, 24))
async def test_a_table_is_read_in_another_way(tester: AppTester) -> None:
    await open_table(tester, "auto-semicolon-decimal-comma.csv")
    before = tester.all_text()
    assert "separator: semicolon" in before and "decimal: comma" in before
    await tester.press("h")
    await tester.wait_until(lambda: "header: no" in tester.all_text())
    await tester.press("h")
    await tester.wait_until(lambda: "header: yes" in tester.all_text())
    await tester.press("p")
    await tester.wait_until(lambda: "No other separator gives a table" in tester.all_text())
    await tester.press("c", *"utf-9", "enter")
    await tester.wait_until(lambda: "encoding that Python" in tester.all_text())
    await tester.press("escape", "escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert tester.session.experiment.preset.id == "xor"


@in_app(size=(80, 24))
async def test_no_choice_is_lost_without_a_word(tester: AppTester) -> None:
    await open_table(tester, "iris-kaggle-Id.csv")
    await tester.press("up", "x", "escape")
    await tester.wait_until(lambda: "Esc again goes back and gives up your choices" in tester.all_text())
    await tester.press("up")
    await tester.wait_until(lambda: "Esc again" not in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: "Esc again" in tester.all_text())
    await tester.press("down", "space", "escape")  # the column is an input again: nothing is lost
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app(size=(80, 24))
async def test_choices_that_give_no_network_say_which_keys_may_give_one(tester: AppTester) -> None:
    await open_table(tester, "auto-semicolon-decimal-comma.csv")
    await tester.press("h")
    await tester.wait_until(lambda: "These choices give no network" in tester.all_text())
    assert "parameters" not in tester.all_text() and "No column is left as an input" in tester.all_text()
    await tester.press("down", "enter")
    await tester.wait_until(lambda: "No column is left as an input" in tester.all_text())
    await tester.press("h")
    await tester.wait_until(lambda: "parameters" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app(size=(80, 24))
async def test_the_help_says_all_of_it(tester: AppTester) -> None:
    await open_table(tester, "titanic-seaborn.csv")
    assert "more lines: ? shows them." in tester.all_text()
    await tester.press("question_mark")
    await tester.wait_until(lambda: "This table" in tester.all_text())
    assert '"alone": It is the last column.' in tester.all_text()
    await tester.press("end")
    await tester.wait_until(lambda: "standardised" in tester.all_text() and "identifier" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: "separator: comma" in tester.all_text())


@in_app(size=(80, 24))
async def test_a_file_that_is_no_table_is_named(tester: AppTester) -> None:
    await open_table(tester, "webpage-saved-as-data.csv", "web page")
    await tester.press("enter")
    assert "web page" in tester.all_text()
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app(size=(120, 40))
async def test_pixels_are_shown_as_images(tester: AppTester) -> None:
    await open_table(tester, "mnist-label-first.csv")
    await tester.press("down")
    await tester.wait_until(lambda: "label = 5" in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.experiment.data.image_shape == (28, 28))
    await tester.wait_until(lambda: "Output · sample 1/5" in tester.title("output"))


@in_app()
async def test_a_network_without_a_table_says_so(tester: AppTester) -> None:
    await tester.main.action_do("table_columns")
    await tester.wait_until(lambda: "This network has no table" in tester.text("message"))


@in_app("iris", size=(100, 30))
async def test_a_network_of_ones_own_stays_with_other_columns(tester: AppTester) -> None:
    await tester.main.action_do("table_columns")
    await tester.wait_until(lambda: "network 4–10–3" in tester.all_text())
    assert "The first network" not in tester.all_text()
    await tester.press("up", "x")
    await tester.wait_until(lambda: "network 3–10–3" in tester.all_text())
    before = tester.session.experiment
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.experiment is not before)
    assert tester.session.experiment.sizes == (3, 10, 3)
    assert tester.session.experiment.training == before.training


class SlowOpener(TableOpener):
    """A file that is read until somebody stops it."""

    ended = Event()

    def read(
        self,
        changes: DataChanges,
        progress: Callable[[float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Tables:
        """Read 42 % of the file."""
        assert progress is not None and should_stop is not None
        progress(0.42)
        while not should_stop():
            self.ended.wait(0.001)
        self.ended.set()
        raise InputError("cancelled", message("stopped"))


@in_app(size=(80, 24))
async def test_reading_shows_its_progress_and_stops(tester: AppTester) -> None:
    tester.app.push_screen(TableScreen(TableRequest(SlowOpener(Path("large.csv")), {}), DARK))
    await tester.wait_until(lambda: "Reading large.csv: 42%" in tester.all_text() and "esc stops" in tester.all_text())
    await tester.press("i", "enter", "escape")
    await tester.wait_until(SlowOpener.ended.is_set)
    await tester.wait_until(lambda: tester.app.screen is tester.main)


def test_the_app_starts_with_the_columns() -> None:
    opener = TableOpener(TABLES / "min-text-last.csv")
    before = count_tables()
    start = TableStart(opener, opener.read({}), {})
    assert count_tables() == before + 1 and start.tables is not None

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "separator: comma" in tester.all_text())
        assert "esc opens it as it was read" in tester.all_text()
        run = tester.session.run
        await tester.press("m", "escape")
        await tester.wait_until(lambda: "Esc again opens the network as the table was read" in tester.all_text())
        await tester.press("m", "m", "enter")  # round to what it was
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        assert tester.session.run is run, "the network was there already"
        await tester.wait_until(lambda: count_tables() == before)

    session = new_session(opener.build(start.tables, {}))
    run_with_start(check, StartOptions(session=session, table=start))


def test_a_network_of_other_columns_leaves_a_way_back(tmp_path: Path) -> None:
    async def change(tester: AppTester) -> None:
        await open_table(tester, "iris-kaggle-Id.csv")
        await tester.press("enter")
        await tester.wait_until(lambda: tester.session.experiment.preset.title == "iris-kaggle-Id.csv")
        await tester.press("n", "n", "n", "o", "enter")
        await tester.wait_until(lambda: "separator: comma" in tester.all_text())
        await tester.press("home", "down", "x", "enter")
        await tester.wait_until(lambda: 'ctrl+p, then "resume", brings back the one before' in tester.all_text())

    async def resume(tester: AppTester) -> None:
        await open_table(tester, "iris-kaggle-Id.csv")
        await tester.wait_until(lambda: "⌫ resumes your network at update 3" in tester.all_text())
        await tester.press("backspace")
        await tester.wait_until(lambda: tester.session.trace.update == 3)
        assert tester.session.experiment.preset.title == "iris-kaggle-Id.csv"

    environ = {"XDG_STATE_HOME": str(tmp_path)}
    run_with_start(change, StartOptions(auto_saver=AutoSaver(environ)))
    run_with_start(resume, StartOptions(auto_saver=AutoSaver(environ)))


def count_tables() -> int:
    """Return how many contents of files are in memory."""
    gc.collect()
    return sum(isinstance(each, TextTable) for each in gc.get_objects())
