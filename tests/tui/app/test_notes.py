"""Tests of the notes of a preset in the app: shown when it is opened, hidden by the first step, read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.preset.loader import find_preset
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.start import StartOptions
from tests._app import AppTester, in_app, run_with_start

XOR_NOTES = " ".join(find_preset("xor").notes.split())
FIRST_STEP = "The first step hides this text"


def words(tester: AppTester) -> str:
    """Return the words of the arithmetic panel, on one line."""
    return " ".join(tester.text("arithmetic").split())


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (120, 40), (200, 60)], ids=str)
def test_notes_are_shown_in_full_until_the_first_step(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def play(tester: AppTester) -> None:
        await tester.wait_until(lambda: XOR_NOTES in words(tester))
        assert tester.title("arithmetic").startswith("About")
        await tester.press("d", "z", "T")
        await tester.wait_until(lambda: XOR_NOTES in words(tester), "keys that only change the view keep them")
        await tester.press("f")
        await tester.wait_until(lambda: FIRST_STEP not in words(tester))
        await tester.press("p")
        await tester.wait_until(lambda: tester.session.cursor == 0 and FIRST_STEP not in words(tester))

    play()


@in_app("xor", (80, 24))
async def test_the_arithmetic_has_its_old_height_after_the_notes(tester: AppTester) -> None:
    await tester.wait_until(lambda: XOR_NOTES in words(tester))
    high = tester.widget("arithmetic").size.height
    await tester.press("f")
    await tester.wait_until(lambda: tester.widget("arithmetic").size.height < high)
    old = tester.widget("arithmetic").outer_size.height
    await tester.wait_until(lambda: tester.widget("layer").outer_size.height == 2 * old)


@in_app("mazur", (80, 24))
async def test_selecting_a_number_shows_its_arithmetic(tester: AppTester) -> None:
    await tester.wait_until(lambda: FIRST_STEP in words(tester))
    await tester.press("slash", *"w1[1,1]", "enter")
    await tester.wait_until(lambda: FIRST_STEP not in words(tester) and "w₁[1,1]" in words(tester))


@in_app("xor", (80, 24))
async def test_every_way_to_open_a_preset_shows_its_notes(tester: AppTester) -> None:
    await tester.press("n", "o", *"moons", "enter")
    notes = " ".join(find_preset("moons").notes.split())
    await tester.wait_until(lambda: notes in words(tester))
    await tester.press("n")
    await tester.wait_until(lambda: FIRST_STEP not in words(tester))
    await tester.press("N")
    await tester.wait_until(lambda: notes in words(tester))


@in_app("mazur", (80, 24))
async def test_the_picker_shows_the_notes_again(tester: AppTester) -> None:
    await tester.press("n", "n", "o")
    await tester.wait_until(lambda: "printed in Matt Mazur's" in " ".join(tester.all_text().replace("│", " ").split()))


def test_a_resumed_session_shows_its_arithmetic(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}

    async def save(tester: AppTester) -> None:
        await tester.press("n", "n")
        assert tester.main.auto_saver is not None
        assert tester.main.auto_saver.save(tester.session)
        tester.main.auto_saver.close()

    async def resume(tester: AppTester) -> None:
        saver = tester.main.auto_saver
        assert saver is not None
        tester.main.offer = saver.find_sessions()[0][0]
        await tester.press("backspace")
        await tester.wait_until(lambda: tester.session.updates_done == 2 and "Arithmetic" in tester.title("arithmetic"))
        await tester.wait_until(lambda: XOR_NOTES not in words(tester) and FIRST_STEP not in words(tester))

    for test in (save, resume):
        run_with_start(test, StartOptions(auto_saver=AutoSaver(environ)))
