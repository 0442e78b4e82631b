"""Tests of "Save as" and "Share": the network becomes a preset file, and the moment a command line."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from textual.widgets import Input

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.saved.readers import open_document
from tests._app import AppTester, in_app
from tests._sessions import contents

KEYS_TESTED = {"save_as", "copy_moment"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def type_name(tester: AppTester, name: str) -> None:
    """Replace the proposed file name in the prompt, and confirm."""
    await tester.wait_until(lambda: "Save as" in tester.all_text())
    tester.app.screen.query_one(Input).value = name
    await tester.press("enter")


@in_app("xor")
async def test_the_network_on_screen_is_written_as_a_preset(tester: AppTester) -> None:
    await tester.press("n", "n", "f", "s")
    await type_name(tester, "xor-update-2.toml")
    await tester.wait_until(lambda: "Open it with: nn-tui xor-update-2.toml" in tester.text("message"))
    trained = Run.start(open_experiment("xor"))
    trained.train(2)
    saved = Run.start(open_experiment("xor-update-2.toml"))
    assert np.array_equal(saved.state.array[0], trained.state.array[0])


@in_app("xor")
async def test_everything_is_saved_in_a_document_that_opens_at_the_same_place(tester: AppTester) -> None:
    await tester.press("n", "n", "f", "b", "*", "s")
    await tester.wait_until(lambda: "xor.nntui" in tester.all_text() and "saves a document" in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: "Open it with: nn-tui xor.nntui" in tester.text("message"))
    assert contents(open_document(Path("xor.nntui"))) == contents(tester.session)


@in_app("xor")
async def test_a_document_keeps_its_name_and_says_that_it_has_changed(tester: AppTester) -> None:
    await tester.press("n", "s")
    await type_name(tester, "mine.nntui")
    await tester.wait_until(lambda: f"(in {Path.cwd()})" in str(tester.session.message))
    await tester.wait_until(lambda: "mine.nntui · " in tester.text("header"))
    await tester.press("n")
    await tester.wait_until(lambda: "mine.nntui (changed) · " in tester.text("header"))
    await tester.press("s")
    await tester.wait_until(lambda: "Save as" in tester.all_text())
    assert tester.app.screen.query_one(Input).value == "mine.nntui"
    await tester.press("enter")
    await tester.wait_until(lambda: "(changed)" not in tester.text("header") and tester.app.screen is tester.main)
    assert open_document(Path("mine.nntui")).updates_done == 2


@in_app("xor")
async def test_a_document_that_another_window_has_written_is_not_replaced_at_once(tester: AppTester) -> None:
    await tester.press("n", "s")
    await type_name(tester, "mine.nntui")
    await tester.wait_until(lambda: "mine.nntui · " in tester.text("header"))
    Path("mine.nntui").write_text("the other window's work")
    await tester.press("n", "s")
    await tester.wait_until(lambda: "Save as" in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: "has changed since it was opened here" in tester.all_text())
    assert Path("mine.nntui").read_text() == "the other window's work"
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app("xor")
async def test_a_document_opens_in_the_app_too(tester: AppTester) -> None:
    await tester.press("n", "n", "f", "s")
    await type_name(tester, "mine.nntui")
    await tester.wait_until(lambda: "mine.nntui · " in tester.text("header"))
    left = contents(tester.session)
    await open_preset(tester.main, "and")
    await tester.wait_until(lambda: "nntui" not in tester.text("header") and "AND" in tester.text("header"))
    await tester.press("o")
    await tester.wait_until(lambda: "or type a file" in tester.all_text())
    tester.app.screen.query_one(Input).value = "mine.nntui"
    await tester.wait_until(lambda: "A session that was saved as a document." in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: contents(tester.session) == left)
    await tester.wait_until(lambda: "mine.nntui · " in tester.text("header"))
    await tester.press("o")
    await tester.wait_until(lambda: "or type a file" in tester.all_text() and "Your own" not in tester.all_text())
    await tester.press("escape")
    Path("broken.nntui").write_text("hello")
    await open_preset(tester.main, "broken.nntui")
    await tester.wait_until(lambda: "broken.nntui: it is not a document" in tester.text("message"))
    await tester.wait_until(lambda: contents(tester.session) == left)


@in_app("xor")
async def test_a_document_stays_as_it_is_if_the_disk_is_full(tester: AppTester) -> None:
    await tester.press("n", "s")
    await type_name(tester, "mine.nntui")
    await tester.wait_until(lambda: "mine.nntui · " in tester.text("header"))
    before = Path("mine.nntui").read_bytes()
    await tester.press("n", "s")
    await tester.wait_until(lambda: "Save as" in tester.all_text())

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", full)
        await tester.press("enter")
        await tester.wait_until(lambda: "it cannot be written: no space left on device." in tester.all_text())
    assert tester.app.screen.query_one(Input).value == "mine.nntui", "what was typed stays"
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert Path("mine.nntui").read_bytes() == before
    await tester.wait_until(lambda: "mine.nntui (changed) · " in tester.text("header"))


@in_app("xor")
async def test_an_edited_weight_is_saved(tester: AppTester) -> None:
    await tester.press("e")
    await tester.wait_until(lambda: "Edit" in tester.all_text())
    tester.app.screen.query_one(Input).value = "w1[1,2] = 0.375"
    await tester.press("enter", "s")
    await type_name(tester, "mine.toml")
    await tester.wait_until(lambda: Path("mine.toml").exists() and "Saved" in tester.text("message"))
    assert Run.start(open_experiment("mine.toml")).state.weights[0][0, 1] == 0.375


@in_app("xor")
async def test_a_file_that_exists_is_replaced_only_after_a_second_enter(tester: AppTester) -> None:
    Path("mine.toml").write_text("precious")
    await tester.press("s")
    await type_name(tester, "mine.toml")
    await tester.wait_until(lambda: "mine.toml" in tester.all_text() and "exists" in tester.all_text())
    assert Path("mine.toml").read_text() == "precious"
    await tester.press("enter")
    await tester.wait_until(lambda: "Saved" in tester.text("message"))
    assert open_experiment("mine.toml").sizes == (2, 4, 1)


@in_app("xor")
async def test_a_name_without_a_known_ending_or_folder_is_an_error_in_the_prompt(tester: AppTester) -> None:
    await tester.press("s")
    await type_name(tester, "mine.txt")
    await tester.wait_until(lambda: '"mine.nntui"' in tester.all_text())
    await type_name(tester, "no/such/mine.toml")
    await tester.wait_until(lambda: 'there is no folder "no/such"' in tester.all_text())
    await type_name(tester, " ")
    await tester.wait_until(lambda: 'type a name, such as "mine.nntui"' in tester.all_text())
    await type_name(tester, f"{'n' * 300}.nntui")
    await tester.wait_until(lambda: "it cannot be written: file name too long" in tester.all_text())
    Path("folder.nntui").mkdir()
    await type_name(tester, "folder.nntui")
    await tester.wait_until(lambda: '"folder.nntui" is a folder' in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert list(Path.cwd().rglob("*")) == [Path.cwd() / "folder.nntui"]


@in_app("xor")
async def test_the_message_names_the_folder_of_the_file_and_a_command_that_works_here(tester: AppTester) -> None:
    Path("sub").mkdir()
    Path("sub/old.nntui").write_text("precious")
    await tester.press("n", "s")
    await type_name(tester, "sub/old.nntui")
    await tester.wait_until(lambda: '"old.nntui" exists in ' in tester.all_text())
    await type_name(tester, "sub/lec 1.nntui")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    export = " x writes the network as code, or a figure."
    saved = f"Saved. Open it with: nn-tui 'sub/lec 1.nntui' (in {Path.cwd() / 'sub'}){export}"
    await tester.wait_until(lambda: str(tester.session.message) == saved)
    await tester.press("s")
    await type_name(tester, str(Path.cwd() / "b.nntui"))
    saved = f"Saved. Open it with: nn-tui b.nntui (in {Path.cwd()}){export}"
    await tester.wait_until(lambda: str(tester.session.message) == saved)


@in_app("mazur")
async def test_the_moment_is_copied_as_a_command_line(tester: AppTester) -> None:
    await tester.press("f", "b", "S")
    await tester.wait_until(lambda: "nn-tui mazur --at 1.backward" in tester.text("message"))
    assert tester.app.clipboard == "nn-tui mazur --at 1.backward --select 'dw2[1,1]' --view layer"


@in_app("mazur")
async def test_a_moment_without_a_command_line_says_why(tester: AppTester) -> None:
    await tester.press("n", "e")
    await tester.wait_until(lambda: "Edit" in tester.all_text())
    tester.app.screen.query_one(Input).value = "eta = 0.25"
    await tester.press("enter", "S")
    await tester.wait_until(lambda: "changed after its start" in tester.text("message"))
    await tester.press("s")
    Path("sub").mkdir()
    await type_name(tester, "sub/my run.nntui")
    await tester.wait_until(lambda: "Open it with" in str(tester.session.message))
    await tester.press("S")
    line = "nn-tui 'my run.nntui' --at 1 --select 'w1[1,1]' --view layer"
    copied = f"Copied. Send my run.nntui too, and run this in its folder: {line}"
    await tester.wait_until(lambda: str(tester.session.message) == copied)
    assert tester.app.clipboard == line, "without the folder"
    await tester.press("p", "f", "b", "S")
    await tester.wait_until(lambda: tester.app.clipboard.startswith("nn-tui 'my run.nntui' --at 2.backward "))
    await tester.press("n", "n", "S")
    await tester.wait_until(lambda: "changed after its start" in tester.text("message"))
