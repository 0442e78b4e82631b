"""Tests in a pseudo-language: every word that people read is translated, and no longer sentence loses its end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from nn_tui.core.translation import language
from nn_tui.tui.__main__ import main
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.start import StartOptions
from tests._app import AppTester, experiment
from tests._pseudo import PseudoLanguage
from tests._tour import (
    COMMANDS,
    NAMES,
    NO_WORDS,
    PRESETS,
    TOURS,
    USAGE,
    is_cut,
    plain_words,
    shown,
    still_english,
    words,
)

CLASSES = words(*experiment("iris").data.classes)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def names() -> frozenset[str]:
    """Return the words that may be in plain letters everywhere."""
    return NAMES | still_english(ROOT)


def problems_of(app: NNTui, names: frozenset[str]) -> list[str]:
    """Return what is wrong with the screen: words in plain letters, and sentences that are cut."""
    widgets = list(shown(app))
    plain = sorted(set().union(*(plain_words(text, names) for _, text in widgets)))
    problems = [f"not translated: {' '.join(plain)}"] if plain else []
    return problems + [f"cut in {widget!r}:\n{text}" for widget, text in widgets if is_cut(widget, text)]


@pytest.mark.parametrize("preset", TOURS)
def test_every_word_on_the_screens_is_translated(preset: str, names: frozenset[str]) -> None:
    found: list[str] = []
    loaded = experiment(preset)
    own = words(loaded.preset.title, *loaded.data.classes, *loaded.data.input_names)

    async def tour() -> None:
        app = NNTui(experiment(preset), get_palette("dark"))
        async with app.run_test(size=(160, 50)) as pilot:
            tester = AppTester(app, pilot)
            for stop in TOURS[preset]:
                await tester.press(*stop.keys.split())
                allowed = names | own | stop.names
                found.extend(f"{stop.name}: {problem}" for problem in problems_of(app, allowed))

    with language(PseudoLanguage()):
        asyncio.run(tour())
    assert found == []


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (50, 15)])
def test_every_word_of_the_first_screen_is_translated(size: tuple[int, int], names: frozenset[str]) -> None:
    found: list[str] = []

    async def start() -> None:
        app = NNTui(experiment("xor"), get_palette("dark"), StartOptions(welcome=True))
        async with app.run_test(size=size, tooltips=True) as pilot:
            await AppTester(app, pilot).settle()
            found.extend(problems_of(app, names | words("XOR")))

    with language(PseudoLanguage()):
        asyncio.run(start())
    assert found == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_word_that_a_command_prints_is_translated(
    command: str, names: frozenset[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with language(PseudoLanguage()):
        main(command.split())
    printed = capsys.readouterr()
    allowed = names | CLASSES | words(command) | (USAGE if "help" in command else NO_WORDS) | PRESETS
    assert printed.out or printed.err
    assert sorted(plain_words(printed.out + printed.err, allowed)) == []
