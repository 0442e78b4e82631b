"""Tests of the command palette."""

from __future__ import annotations

from textual.command import CommandPalette
from textual.widgets import Input

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.tui.command_palette import commands
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from tests._app import AppTester, in_app


@in_app()
async def test_the_palette_has_every_action_preset_and_setting(tester: AppTester) -> None:
    titles = {command.title for command in commands(tester.main)}
    await tester.wait_until(
        lambda: len(titles) == len(list(commands(tester.main))), "no two commands are called the same"
    )
    for key in KEYS:
        assert any(title.endswith(f"({key.key_label})") for title in titles), key
    for preset in shipped_presets():
        assert f"Open {preset.title}" in titles
    for name in PALETTES:
        assert f"Colours: {name}" in titles
    assert {f"Zoom: {zoom}" for zoom in ZOOMS} | {f"Speed: {speed.label}" for speed in SPEEDS} <= titles
    assert {f"Digits: {'all' if digits is None else digits}" for digits in DIGITS} <= titles


@in_app()
async def test_the_palettes_settings_take_effect(tester: AppTester) -> None:
    by_title = {command.title: command.callback for command in commands(tester.main)}

    async def do(title: str) -> None:
        result = by_title[title]()
        assert result is not None
        await result
        await tester.settle()

    await do("Digits: all")
    await tester.wait_until(lambda: tester.session.digits is None)
    await do("Zoom: unit")
    await tester.wait_until(lambda: tester.session.zoom == "unit" and "zoom unit" in tester.text("phases"))
    await do("Speed: 2 stops/s")
    await tester.wait_until(lambda: SPEEDS[tester.session.speed].stops == 2)
    await do("Colours: light")
    await tester.wait_until(lambda: tester.main.palette.name == "light")
    await do("Loss scale: logarithmic")
    await tester.wait_until(lambda: tester.session.log)


@in_app()
async def test_a_search_that_starts_while_the_palette_closes_does_no_harm(tester: AppTester) -> None:
    await tester.press("ctrl+p")
    await tester.wait_until(lambda: isinstance(tester.app.screen, CommandPalette))
    palette = tester.app.screen
    line = palette.query_one(Input)
    await palette.query_children("*").remove()  # the first step of closing it
    palette.post_message(Input.Changed(line, "x"))  # starts a search
    await tester.settle()
    tester.app.pop_screen()
    await tester.press("f")
    await tester.wait_until(lambda: "loss" in tester.text("phases"))
