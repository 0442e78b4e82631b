"""Tests of keys and settings of the config file on the running app."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual import events

from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.cli.parsers import parse
from nn_tui.tui.cli.start import first_session
from nn_tui.tui.config.config import Config
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.keys.keymap import make_keymap
from nn_tui.tui.start import StartOptions, start_options
from tests._app import AppTester, in_app, run_with_start


@pytest.mark.parametrize(("letter", "arrow"), [("h", "left"), ("j", "down"), ("k", "up"), ("l", "right")])
def test_vim_keys_are_arrows(letter: str, arrow: str) -> None:
    places = []
    for key in (letter, arrow):

        @in_app()
        async def check(tester: AppTester, key: str = key) -> None:
            await tester.press("f", "b", "down", "down", "right")
            await tester.press(key)
            places.append(tester.session.ref)

        check()
    assert places[0] == places[1]


def test_moved_keys_act_and_are_named_everywhere() -> None:
    async def check(tester: AppTester) -> None:
        await tester.wait_until(
            lambda: tester.text("message").startswith(" Press x, f, f5: forward, backward, update.")
        )
        await tester.wait_until(
            lambda: "x Forward" in tester.text("footer") and "f Forward" not in tester.text("footer")
        )
        await tester.press("x")
        await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))
        await tester.wait_until(lambda: "f computes all gradients" in tester.text("message"))
        await tester.press("b")
        await tester.wait_until(
            lambda: tester.session.cursor == tester.session.pass_steps.after("loss"), "the old key is free"
        )
        await tester.press("f", "f5")
        await tester.wait_until(lambda: tester.session.updates_done == 1)
        await tester.press("ctrl+up")
        await tester.wait_until(lambda: "Keys and words" in tester.all_text())
        await tester.wait_until(lambda: re.search(r"x +Run the forward pass", tester.all_text()))
        await tester.wait_until(lambda: re.search(r"f5 +Update the weights", tester.all_text()))
        await tester.press("escape", "ctrl+p", *"forward")
        await tester.wait_until(lambda: "Forward (x)" in tester.all_text())
        await tester.press("escape")

    wanted = {"forward": ("x",), "backward": ("f",), "update": ("f5",), "help": ("ctrl+up",), "export": ("X",)}
    moved = make_keymap(wanted)
    assert not moved.errors
    run_with_start(check, StartOptions(keys=moved))


def test_moved_keys_work_in_hangul_mode_too() -> None:
    async def check(tester: AppTester) -> None:
        tester.app.post_message(events.Key("ㅌ", "ㅌ"))  # x
        await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))

    run_with_start(check, StartOptions(keys=make_keymap({"forward": ("x",), "export": ("X",)})))


def test_a_capital_whose_action_has_moved_acts_as_its_lower_case() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("L")
        await tester.wait_until(
            lambda: tester.session.ref.input == 1 and not tester.session.log, "l selects the number to the right"
        )
        await tester.press("N")
        await tester.wait_until(
            lambda: tester.session.updates_done == 1 and len(tester.session.runs) == 1, "n does a pass"
        )
        tester.app.simulate_key("％")
        await tester.wait_until(lambda: tester.session.log)

    run_with_start(check, StartOptions(keys=make_keymap({"new_seed": ("f6",), "log": ("%",)})))


def test_a_notice_of_the_config_file_is_in_the_message_line() -> None:
    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "config.toml" in tester.text("message"))
        await tester.press("f")
        await tester.wait_until(lambda: "config.toml" not in tester.text("message"))

    run_with_start(check, StartOptions(message="config.toml: zoom: no"))


def test_configured_view_settings_stay_when_another_preset_opens() -> None:
    async def check(tester: AppTester) -> None:
        for _ in range(2):
            session = tester.session
            assert (session.digits, session.zoom, session.speed, session.log) == (6, "unit", 2, True)
            await open_preset(tester.main, "moons")

    run_with_start(check, StartOptions({"digits": 6, "zoom": "unit", "speed": 2, "log": True}))


def test_a_seed_without_an_effect_is_a_message_of_the_app() -> None:
    args = parse(["mazur", "--seed", "5"])
    session = first_session(args, Settings(seed=5), "mazur")

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "The seed changes nothing here" in tester.text("message"))
        assert tester.session.run is session.run

    run_with_start(check, StartOptions(session=session))


def test_an_error_of_the_config_file_begins_with_the_name_and_not_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ("a-long-folder-" * 6)))
    text = str(start_options(Settings(), Config(keys={"forwrd": ("x",)})).message)
    assert text.startswith("config.toml: keys.forwrd: ")
    assert "a-long-folder" not in text
