"""Keys and settings of the config file, as the running app takes them."""

from __future__ import annotations

import re

import pytest
from textual import events

from nn_tui.tui.keys.keymap import make_keymap
from nn_tui.tui.start import Start
from tests._app import Hand, in_app, with_start


@pytest.mark.parametrize(("letter", "arrow"), [("h", "left"), ("j", "down"), ("k", "up"), ("l", "right")])
def test_vim_keys_are_arrows(letter: str, arrow: str) -> None:
    places = []
    for key in (letter, arrow):

        @in_app()
        async def check(hand: Hand, key: str = key) -> None:
            await hand.press("f", "b", "down", "down", "right")
            await hand.press(key)
            places.append(hand.session.ref)

        check()
    assert places[0] == places[1]


def test_moved_keys_act_and_are_written_everywhere() -> None:
    async def check(hand: Hand) -> None:
        await hand.wait_until(lambda: hand.text("message").startswith(" Press x, f, f5: forward, backward, update."))
        await hand.wait_until(lambda: "x Forward" in hand.text("footer") and "f Forward" not in hand.text("footer"))
        await hand.press("x")
        await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))
        await hand.wait_until(lambda: "f sends it backward" in hand.text("message"))
        await hand.press("b")
        await hand.wait_until(
            lambda: hand.session.cursor == hand.session.pass_steps.after("loss"), "the old key is free"
        )
        await hand.press("f", "f5")
        await hand.wait_until(lambda: hand.session.updates_done == 1)
        await hand.press("ctrl+up")
        await hand.wait_until(lambda: "Keys and words" in hand.all_text())
        await hand.wait_until(lambda: re.search(r"x +Run the forward pass", hand.all_text()))
        await hand.wait_until(lambda: re.search(r"f5 +Update the weights", hand.all_text()))
        await hand.press("escape", "ctrl+p", *"forward")
        await hand.wait_until(lambda: "Forward (x)" in hand.all_text())
        await hand.press("escape")

    wanted = {"forward": ("x",), "backward": ("f",), "update": ("f5",), "help": ("ctrl+up",)}
    moved = make_keymap(wanted)
    assert not moved.notices
    with_start(check, Start(keys=moved))


def test_moved_keys_work_in_hangul_mode_too() -> None:
    async def check(hand: Hand) -> None:
        hand.app.post_message(events.Key("ㅌ", "ㅌ"))  # x
        await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))

    with_start(check, Start(keys=make_keymap({"forward": ("x",)})))


def test_a_capital_whose_action_has_moved_acts_as_its_lower_case() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("L")
        await hand.wait_until(
            lambda: hand.session.ref.input == 1 and not hand.session.log, "l selects the number to the right"
        )
        await hand.press("N")
        await hand.wait_until(lambda: hand.session.updates_done == 1 and len(hand.session.runs) == 1, "n does a pass")
        await hand.press("Q")
        await hand.wait_until(lambda: hand.app.is_running)
        hand.app.simulate_key("％")
        await hand.wait_until(lambda: hand.session.log)

    with_start(check, Start(keys=make_keymap({"new_seed": ("f6",), "log": ("%",)})))


def test_a_notice_of_the_config_file_stands_in_the_words() -> None:
    async def check(hand: Hand) -> None:
        await hand.wait_until(lambda: "config.toml" in hand.text("message"))
        await hand.press("f")
        await hand.wait_until(lambda: "config.toml" not in hand.text("message"))

    with_start(check, Start(message="config.toml: zoom: no"))


def test_first_settings_of_the_view_hold_and_survive_another_preset() -> None:
    async def check(hand: Hand) -> None:
        for _ in range(2):
            session = hand.session
            assert (session.digits, session.zoom, session.speed, session.log) == (6, "unit", 2, True)
            await hand.main.open_preset("moons")

    with_start(check, Start({"digits": 6, "zoom": "unit", "speed": 2, "log": True}))
