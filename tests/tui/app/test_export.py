"""Tests of the dialog that writes the network to files for other programs."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from threading import Event
from xml.etree import ElementTree

import numpy as np
import pytest
from textual.widgets import Input, OptionList
from textual.worker import Worker

from nn_tui.core.display.number_text import UNICODE_SIGNS, fmt
from nn_tui.core.export.values import ExportedFile
from nn_tui.core.export.writers import WRITERS
from nn_tui.core.figure.figures import FIGURES
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.translation import Message
from nn_tui.tui.saved.export_choices import ExportChoice
from nn_tui.tui.screens.export import ExportScreen
from tests._app import TIMEOUT, AppTester, in_app

KEYS_TESTED = {"export"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def open_dialog(tester: AppTester) -> Input:
    """Open the dialog, and return the line for the name."""
    await tester.press("x")
    await tester.wait_until(lambda: "The folder is" in tester.all_text() and tester.app.screen.query(OptionList))
    return tester.app.screen.query_one(Input)


def highlighted(tester: AppTester) -> str:
    """Return the line of the format that is highlighted."""
    formats = tester.app.screen.query_one(OptionList)
    return str(formats.get_option_at_index(formats.highlighted or 0).prompt)


@in_app("xor")
async def test_the_network_after_the_last_complete_update_is_written(tester: AppTester) -> None:
    await tester.press("n", "n", "f")
    line = await open_dialog(tester)
    await tester.wait_until(lambda: "The network after 2 updates;" in tester.all_text())
    line.value = "mine.npz"
    await tester.press("enter")
    await tester.wait_until(lambda: "Wrote mine.npz." in tester.text("message"))
    run = Run.start(open_experiment("xor"))
    run.train(2)
    arrays = np.load("mine.npz")
    assert np.array_equal(arrays["w1"], run.state.weights[0]) and np.array_equal(arrays["b2"], run.state.biases[1])


@in_app("xor")
async def test_every_format_is_in_the_list_and_gives_the_name_its_ending(tester: AppTester) -> None:
    line = await open_dialog(tester)
    formats = tester.app.screen.query_one(OptionList)
    seen = []
    for _ in range(formats.option_count):
        assert highlighted(tester).split()[0] == Path(line.value).suffix
        seen.append(line.value)
        await tester.press("down")
    endings = [Path(name).suffix for name in seen]
    assert set(endings) == {*WRITERS, ".svg"} and line.value == seen[0] == "xor.py"
    assert [name for name in seen if name.endswith(".svg")] == [f"xor-{name}.svg" for name in FIGURES]
    await tester.press(*"my")
    await tester.wait_until(lambda: line.value == "my")
    await tester.press("up", "up")
    await tester.wait_until(lambda: line.value == f"my{Path(seen[-2]).suffix}")


@in_app("xor")
async def test_a_figure_of_the_step_on_screen_is_written(tester: AppTester) -> None:
    await tester.press("n", "n", "f")
    for name in ("landscape", "layer"):
        line = await open_dialog(tester)
        while line.value != f"xor-{name}.svg":
            await tester.press("up")
        await tester.press("enter")
        await tester.wait_until(lambda: f"Wrote xor-{name}.svg." in tester.text("message"))
    cells = ElementTree.parse("xor-layer.svg").getroot().itertext()
    z = fmt(float(tester.session.trace.z[0][tester.session.ref.sample, 0]), 4, glyphs=UNICODE_SIGNS)
    assert any(z in text for text in cells)


@in_app("xor")
async def test_a_typed_ending_chooses_the_format_and_a_name_without_one_gets_it(tester: AppTester) -> None:
    line = await open_dialog(tester)
    await tester.press(*"sub.csv")
    await tester.wait_until(lambda: highlighted(tester).startswith(".csv") and line.value == "sub.csv")
    line.value = "plain"
    await tester.press("enter")
    await tester.wait_until(lambda: "Wrote plain.csv" in str(tester.session.message))
    assert {"plain.csv", "plain-w1.csv", "plain-b2.csv"} <= {path.name for path in Path().iterdir()}


@in_app("xor")
async def test_a_typed_name_chooses_the_figure_and_a_name_without_one_asks(tester: AppTester) -> None:
    await tester.press("n")
    line = await open_dialog(tester)
    await tester.press("ctrl+a", "ctrl+k", *"xor-regions.svg")
    await tester.wait_until(lambda: "figure regions" in highlighted(tester))
    await tester.press("enter")
    await tester.wait_until(lambda: "Wrote xor-regions.svg. It is the figure regions" in tester.text("message"))
    assert "decision regions" in Path("xor-regions.svg").read_text()
    line = await open_dialog(tester)
    await tester.press(*"mine.svg", "enter")
    await tester.wait_until(lambda: "Which figure: network, layer, loss" in tester.all_text())
    await tester.press("down", "down", "enter")
    await tester.wait_until(lambda: "Wrote mine.svg. It is the figure loss" in tester.text("message"))
    line = await open_dialog(tester)
    await tester.press(*"my-layer.svg")
    await tester.wait_until(lambda: "figure layer" in highlighted(tester))
    await tester.press("down")
    await tester.wait_until(lambda: line.value == "my-loss.svg" and "figure loss" in highlighted(tester))
    line.value = "my-numpy.py"
    await tester.wait_until(lambda: "NumPy: a program" in highlighted(tester))
    await tester.press("up")
    await tester.wait_until(lambda: line.value == "my-pytorch.py" and "PyTorch: a program" in highlighted(tester))
    await tester.press("enter")
    await tester.wait_until(lambda: "Wrote my-pytorch.py. It needs PyTorch." in tester.text("message"))
    line = await open_dialog(tester)
    line.value = "my-numpy.py"
    await tester.press("enter")
    await tester.wait_until(lambda: "Wrote my-numpy.py. Run it with" in tester.text("message"))


@in_app("xor")
async def test_all_formats_are_in_view_at_80_by_24_and_each_has_a_name_of_its_own(tester: AppTester) -> None:
    line = await open_dialog(tester)
    await tester.resize(80, 24)
    await tester.wait_until(lambda: "figure landscape" in tester.all_text() and ".toml" in tester.all_text())
    names = set()
    for _ in range(tester.app.screen.query_one(OptionList).option_count):
        names.add(line.value)
        await tester.press("down")
    assert len(names) == tester.app.screen.query_one(OptionList).option_count and "xor-numpy.py" in names


@in_app("xor")
async def test_the_dialog_warns_of_a_network_that_is_not_the_last_of_its_run(tester: AppTester) -> None:
    await tester.press("n", "n", "n", "0")
    await open_dialog(tester)
    await tester.wait_until(lambda: "is not trained" in tester.all_text() and "to update 3" in tester.all_text())
    await tester.press("escape", "n")
    await open_dialog(tester)
    await tester.wait_until(lambda: "The network after 1 of 3 updates;" in tester.all_text())


@in_app("xor")
async def test_files_that_exist_are_replaced_only_after_a_second_enter(tester: AppTester) -> None:
    Path("mine.npz").write_text("precious")
    Path("other-w1.csv").write_text("precious, too")
    line = await open_dialog(tester)
    line.value = "mine.npz"
    await tester.press("enter")
    await tester.wait_until(lambda: '"mine.npz" exists. Press enter again to replace it.' in tester.all_text())
    line.value = "other.csv"
    await tester.press("enter")
    await tester.wait_until(lambda: '"other-w1.csv" exists. Press enter again' in tester.all_text())
    assert Path("mine.npz").read_text() == "precious" and not Path("other.csv").exists()
    line.value = "mine.npz"
    await tester.press("enter")
    await tester.wait_until(lambda: '"mine.npz" exists. Press enter again' in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: "Replaced mine.npz." in tester.text("message"))
    assert np.load("mine.npz")["w1"].shape == (4, 2)
    assert Path("other-w1.csv").read_text() == "precious, too"


@in_app("xor")
async def test_errors_are_shown_in_the_dialog_and_what_was_typed_stays(tester: AppTester) -> None:
    line = await open_dialog(tester)
    Path("folder.npz").mkdir()
    errors = {
        "": "type a name, such as",
        "mine.doc": '"mine.doc" has the ending of no format',
        "nowhere/mine.npz": "there is no folder",
        "regions.svg.py": '"regions.svg.py" has two endings; leave out .svg or .py',
        "folder.npz": '"folder.npz" is a folder',
        "mine.onnx": "'nn-tui[export]'",
    }
    for name, error in errors.items():
        line.value = name
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sys.modules, "onnx", None)  # as if it were not installed
            await tester.press("enter")
            await tester.wait_until(lambda: error in tester.all_text())
        assert line.value == name

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    line.value = "mine.npz"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", full)
        await tester.press("enter")
        await tester.wait_until(lambda: "it cannot be written: no space left on device." in tester.all_text())
    assert not Path("mine.npz").exists()
    await tester.press("enter")
    await tester.wait_until(lambda: "Wrote mine.npz." in tester.text("message"))


@in_app("xor")
async def test_keys_act_while_the_files_are_made_and_escape_drops_them(tester: AppTester) -> None:
    may_end, written = Event(), list[str]()

    def make_files(path: Path) -> tuple[ExportedFile, ...]:
        may_end.wait(TIMEOUT)
        written.append(path.name)
        return (ExportedFile(path.name, b"content"),)

    choice = ExportChoice(".txt", Message("a text"), "slow", make_files, lambda file: Message("Read it."))

    async def start_to_write() -> Worker[Message | None]:
        asking = tester.main.run_worker(tester.main.ask(ExportScreen("A slow text.", [choice])))
        await tester.wait_until(lambda: "A slow text." in tester.all_text())
        await tester.press("enter")
        await tester.wait_until(lambda: "Writing slow.txt" in tester.all_text())
        return asking

    asking = await start_to_write()
    await tester.press("escape")
    await tester.wait_until(lambda: "Stopping" in tester.all_text())
    may_end.set()
    await tester.wait_until(lambda: asking.is_finished)
    may_end.clear()
    await start_to_write()
    await tester.press("s")
    await tester.wait_until(lambda: "  s  " in tester.all_text() and "Writing" not in tester.all_text())
    may_end.set()
    await tester.wait_until(lambda: written == ["slow.txt", "slow.txt"])
    await tester.settle()
    assert not list(Path().iterdir())
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert Path("s.txt").read_text() == "content"


@in_app("exploding")
async def test_a_network_that_diverged_is_not_written(tester: AppTester) -> None:
    await tester.press(*"nnnnn")
    line = await open_dialog(tester)
    line.value = "mine.npz"
    await tester.press("enter")
    await tester.wait_until(lambda: "a weight is not a finite number" in tester.all_text())
    assert not Path("mine.npz").exists()


@in_app("xor")
async def test_the_name_the_chosen_format_and_the_keys_are_in_view_at_every_size(tester: AppTester) -> None:
    line = await open_dialog(tester)
    for width, height in ((80, 24), (120, 40), (200, 60), (60, 16), (40, 12)):
        await tester.resize(width, height)
        await tester.press("up")
        ending = Path(line.value).suffix
        await tester.wait_until(
            lambda: f" {line.value} " in tester.all_text() and "another format" in tester.all_text()
        )
        await tester.wait_until(lambda: f" {ending} " in tester.all_text().replace(line.value, ""), ending)
