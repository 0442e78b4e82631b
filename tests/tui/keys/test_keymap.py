"""Check that every message on the screen names the keys of the config file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.keys import key_to_character

from nn_tui.core.analysis.seeds import train_seeds
from nn_tui.tui.app import NNTui
from nn_tui.tui.keys.keymap import make_keymap, name_of_character
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.screens.seeds_results import results_page
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.start import StartOptions
from nn_tui.tui.status import tabs
from nn_tui.tui.views import chart_panel
from nn_tui.tui.views.output import response
from tests._app import DARK, AppTester, experiment

CONFIG = {
    "forward": ("f6",), "whole_pass": ("f7",), "whole_pass_back": ("f8",), "edit": ("f9",),
    "layer_back": ("f10",), "layer_on": ("f11",), "network": ("f2",), "down": ("ctrl+d",), "loss": ("9",),
}  # fmt: skip
MOVED = make_keymap(CONFIG).labels


def one_line(lines: object) -> str:
    """The text of some lines with single spaces."""
    return " ".join(" ".join(line.text for line in lines).split())  # type: ignore[attr-defined]


@pytest.mark.parametrize(("chart", "key"), [("loss", "f6"), ("gradient", "f7"), ("ratio", "f7")])
def test_an_empty_chart_names_the_key_that_fills_it(chart: str, key: str) -> None:
    session = replace(new_session(experiment("xor"), key_labels=MOVED), chart=chart)
    assert f"pass ({key})." in one_line(chart_panel.draw(session, DARK, 60, 10))


def test_the_view_of_a_unit_names_the_keys_that_select_one() -> None:
    session = new_session(experiment("xor"), key_labels=MOVED)
    words = one_line(response.draw_unit_response(replace(session, ref=session.ref.with_key("loss")), DARK, 60, 10))
    assert "f10, f11 and the arrow keys" in words


@pytest.mark.parametrize("keys", [{}, MOVED])
def test_the_tabs_show_their_keys_and_react_to_clicks(keys: dict[str, str]) -> None:
    session = new_session(experiment("xor"), key_labels=keys)
    line = tabs.draw(session, DARK, 80, 1)[0].text
    shown = [f"{keys.get(str(k + 1), k + 1)} {view.label}" for k, view in enumerate(VIEWS.values())]
    starts = [line.index(text) for text in shown]
    assert starts == sorted(starts)
    for name, start, text in zip(VIEWS, starts, shown, strict=True):
        assert {tabs.hit(session, DARK, x, 80) for x in range(start, start + len(text))} == {name}
    assert tabs.hit(session, DARK, 0, 80) is None and tabs.hit(session, DARK, 79, 80) is None


def test_the_page_of_many_seeds_names_the_key_for_one_seed() -> None:
    result = train_seeds(experiment("xor"), 2, 3)
    best = min(result.finite, key=lambda each: each.loss).seed
    assert f"press f9 and type seed = {best}" in one_line(results_page(result, DARK, 80, MOVED))
    assert f"press e and type seed = {best}" in one_line(results_page(result, DARK, 80, {}))


def test_an_edit_after_a_divergence_names_the_key_that_goes_back() -> None:
    async def check() -> None:
        app = NNTui(experiment("too-fast"), DARK, StartOptions(keys=make_keymap(CONFIG)))
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            session = tester.session
            while session.run.divergence is None:
                session = stepping.whole_pass(session)
            tester.main.show(session)
            await tester.press("f9")
            await tester.wait_until(lambda: "Change something" in tester.all_text())
            await tester.press(*"eta = 0.01".replace(" ", ""), "enter")
            await tester.wait_until(lambda: "diverged here" in tester.all_text())
            await tester.wait_until(lambda: "(f8)" in tester.all_text())

    asyncio.run(check())


@pytest.mark.parametrize("moved", [{}, {"digits": ("escape",)}], ids=["default", "moved"])
@pytest.mark.parametrize("key", ["r", "P"], ids=["training", "playing back"])
def test_escape_pauses_unless_it_belongs_to_an_action(moved: dict[str, tuple[str, ...]], key: str) -> None:
    page = " ".join((Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8").split())
    assert "`escape` pauses training or playing back, unless you give it to an action." in page

    async def play() -> None:
        app = NNTui(experiment("xor"), DARK, StartOptions(keys=make_keymap(moved)))
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            await tester.press("n", "n", "n", "minus", "minus", "minus", "minus", "minus")  # one stop a second
            digits = tester.session.digits
            await tester.press(key)
            await tester.wait_until(lambda: tester.session.running)
            tester.send("escape")
            if moved:
                await tester.wait_until(lambda: tester.session.digits != digits)
                await tester.wait_until(lambda: tester.session.running == (key == "r"), "any key ends playing back")
            else:
                await tester.wait_until(lambda: not tester.session.running)
                await tester.wait_until(lambda: tester.session.digits == digits)
            await tester.press("b")

    asyncio.run(play())


def test_escape_given_to_run_runs_and_pauses() -> None:
    async def play() -> None:
        app = NNTui(experiment("xor"), DARK, StartOptions(keys=make_keymap({"run": ("escape",)})))
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            await tester.press("n", "minus", "minus", "minus", "minus", "minus")
            for running in (True, False, True, False):
                await tester.press("escape")
                await tester.wait_until(lambda: tester.session.running is running)

    asyncio.run(play())


@pytest.mark.parametrize("character", [*map(chr, range(0x21, 0x7F)), "é", "ㄹ", "。"])
def test_the_name_of_a_character_is_that_of_textual(character: str) -> None:
    name = name_of_character(character)
    assert key_to_character(name) == character or character in "/\\@-+_"  # these have shorter names
    if character != ",":  # between two keys of a binding
        assert [binding.key for binding in Binding.make_bindings([(character, "quit", "Quit")])] == [name]


def test_a_tab_bar_without_room_for_its_titles_names_the_open_tab() -> None:
    session = replace(new_session(experiment("xor")), tab="output")
    assert tabs.draw(session, DARK, 60, 1)[0].text.split() == (
        ["1", "Network", "2", "Layer", "3", "Arithmetic", "4", "Output", "5", "Loss", "6", "Code"]
    )
    assert tabs.draw(session, DARK, 40, 1)[0].text.split() == ["1", "2", "3", "4", "Output", "5", "6"]
    assert [tabs.hit(session, DARK, x, 40) for x in (1, 3, 9, 16)] == ["network", "layer", "output", "loss"]
