"""Tests in a pseudo-language: every word that people read is translated, and no longer sentence loses its end."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import language
from nn_tui.tui.__main__ import main
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.names import SHORT_WIDTH, fit_names
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.start import StartOptions, with_saved_session
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.tooltips import tooltip
from tests._app import AppTester, experiment
from tests._pseudo import BEGIN, END, PseudoLanguage
from tests._sessions import session_after
from tests._tour import (
    COMMANDS,
    EXAMPLES,
    NAMES,
    OPTION,
    PRESETS,
    TOURS,
    USAGE,
    is_cut,
    lacks_an_end,
    plain_words,
    shown,
    words,
)

# In the language of the operating system.
OS_ERROR = words(os.strerror(errno.ENOENT), os.strerror(errno.ENOENT).lower())
CLASSES = words(*experiment("iris").data.classes)


def problems_of(app: NNTui, names: frozenset[str]) -> list[str]:
    """Return what is wrong with the screen: words in plain letters, and sentences that are cut."""
    widgets = list(shown(app))
    plain = sorted(set().union(*(plain_words(text, names) for _, text in widgets)))
    problems = [f"not translated: {' '.join(plain)}"] if plain else []
    return problems + [f"cut in {widget!r}:\n{text}" for widget, text in widgets if is_cut(widget, text)]


def with_short_notes(experiment: Experiment) -> Experiment:
    """Return an experiment whose notes are its title: the words of the real ones would be allowed everywhere."""
    return replace(experiment, preset=replace(experiment.preset, summary=experiment.preset.title, notes=""))


WALKS = [("xor", (120, 40)), ("iris", (160, 50)), *((preset, (80, 24)) for preset in TOURS if preset != "xor")]


@pytest.mark.parametrize(("preset", "size"), WALKS, ids=str)
def test_every_word_on_the_screens_is_translated(preset: str, size: tuple[int, int]) -> None:
    found: list[str] = []
    loaded = with_short_notes(experiment(preset))
    inputs, target = loaded.data.input_names, loaded.preset.data.target or ""
    own = words(loaded.preset.title, target, *loaded.data.classes, *inputs, *fit_names(inputs, SHORT_WIDTH))

    async def tour() -> None:
        app = NNTui(loaded, get_palette("dark"))
        async with app.run_test(size=size) as pilot:
            tester = AppTester(app, pilot)
            for stop in TOURS[preset]:
                await tester.press(*stop.keys.split())
                if stop.text is not None:
                    assert isinstance(app.focused, Input), stop.name
                    await tester.press("ctrl+u")
                    app.post_message(Paste(stop.text))
                    await tester.press("enter")
                allowed = NAMES | own | stop.names
                found.extend(f"{stop.name}: {problem}" for problem in problems_of(app, allowed))

    with language(PseudoLanguage()):
        asyncio.run(tour())
    assert "\n".join(found) == ""


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (50, 15)])
def test_every_word_of_the_first_screen_is_translated(size: tuple[int, int]) -> None:
    found: list[str] = []

    async def start() -> None:
        app = NNTui(with_short_notes(experiment("xor")), get_palette("dark"), StartOptions(welcome=True))
        async with app.run_test(size=size, tooltips=True) as pilot:
            await AppTester(app, pilot).settle()
            found.extend(problems_of(app, NAMES | words("XOR")))

    with language(PseudoLanguage()):
        asyncio.run(start())
    assert "\n".join(found) == ""


def test_every_word_of_the_tooltips_is_translated() -> None:
    found: set[str] = set()

    async def point_everywhere() -> None:
        app = NNTui(experiment("xor"), get_palette("dark"))
        async with app.run_test(size=(160, 50)) as pilot:
            tester = AppTester(app, pilot)
            await tester.press("n", "f")
            for panel in tester.main.query(Panel):
                width, height = panel.size
                points = [None, *((x, y) for y in range(height) for x in range(0, width, 2))]
                tips = {tooltip(panel, point, tester.session) or "" for point in points}
                found.update(*(plain_words(tip, NAMES) for tip in tips))

    with language(PseudoLanguage()):
        asyncio.run(point_everywhere())
    assert found == set()


def test_every_word_about_a_saved_session_is_translated(tmp_path: Path) -> None:
    saver = AutoSaver({"XDG_STATE_HOME": str(tmp_path)})
    assert saver.save(session_after(["n", "train 3"]))
    saver.close()
    found: list[str] = []

    async def resume() -> None:
        start = with_saved_session(StartOptions(), AutoSaver({"XDG_STATE_HOME": str(tmp_path)}), False, None)
        app = NNTui(experiment("xor"), get_palette("dark"), start)
        async with app.run_test(size=(160, 50)) as pilot:
            tester = AppTester(app, pilot)
            for keys in ("", "backspace", "ctrl+p r e s u m e"):
                await tester.press(*keys.split())
                found.extend(problems_of(app, NAMES | words("XOR Circles resume") | PRESETS))

    with language(PseudoLanguage()):
        asyncio.run(resume())
    assert "\n".join(found) == ""


def texts_from_files(command: str) -> frozenset[str]:
    """Return the words that a command prints from presets: the titles and summaries of all, or of its own."""
    names = command.split()
    return words(*(f"{p.id} {p.title} {p.summary}" for p in shipped_presets() if p.id in names or command == "list"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_word_that_a_command_prints_is_translated(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with language(PseudoLanguage()):
        main(command.split())
    printed = capsys.readouterr()
    text = OPTION.sub("", printed.out + printed.err).replace("\\_", "_")  # an escape of Markdown
    text = re.sub(r"`[^`\n]*`", "", text)  # names as people type them
    allowed = (
        NAMES | CLASSES | USAGE | OS_ERROR | EXAMPLES | texts_from_files(command) | words(command, str(Path.cwd()))
    )
    assert text
    assert sorted(plain_words(text, allowed)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{BEGIN}one{END} {BEGIN}two{END}", False),
        (f"{BEGIN}one {BEGIN}two{END}{END}", False),
        (f"{BEGIN}one", True),
        (f"{BEGIN}one{END} {BEGIN}two", True),
        (f"{BEGIN}one {BEGIN}two …", False),
        (f"{BEGIN}one …\n{BEGIN}two", True),
    ],
)
def test_a_sentence_that_is_cut_without_a_mark_is_found(text: str, expected: bool) -> None:
    assert lacks_an_end(text) == expected


def test_a_word_in_plain_letters_is_found_unless_it_is_a_name() -> None:
    allowed = frozenset({"relu", "setosa"})
    assert plain_words("relu ŧéŝŧ word seto… …tosa other…", allowed) == {"word", "other"}
