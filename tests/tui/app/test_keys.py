"""Every key, pressed on the running app: what it does to the session, and what is drawn after it."""

from __future__ import annotations

import asyncio
import importlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from textual.events import Key as KeyEvent
from textual.widgets import Input

from nn_tui.tui.app import NNTui
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import TABS, Session
from nn_tui.tui.views.layer import layout_layer
from tests._app import (
    DARK,
    Drawn,
    Hand,
    check_counters,
    check_layer_view,
    check_replay,
    experiment,
    in_app,
    layer_cells,
)

Case = Callable[[Hand, str], Awaitable[None]]
CASES: dict[str, Case] = {}


def case(action: str) -> Callable[[Case], Case]:
    """Make a coroutine the test of an action; it gets each of the action's keys in turn."""

    def keep(test: Case) -> Case:
        CASES[action] = test
        return test

    return keep


def painted_cells(hand: Hand) -> list[Drawn]:
    """The cells of the layer panel as it stands on the screen."""
    size = hand.widget("layer").size
    return layer_cells(hand.session, hand.text("layer").split("\n"), size.width, size.height)


def shown(hand: Hand) -> dict[str, bool]:
    """Which quantities of the layer have digits in every cell as drawn on the panel, and which in none."""
    seen: dict[str, set[bool]] = {}
    for cell in painted_cells(hand):
        seen.setdefault(cell.key, set()).add(bool(re.search(r"\d", cell.text)))
    assert all(len(states) == 1 for states in seen.values()), seen
    return {key: states.pop() for key, states in seen.items()}


PARAMETERS, FORWARD, BACKWARD = {"w", "b"}, {"z", "a", "slope"}, {"da", "dz", "dw", "db", "dx"}
UPDATE = {"step_w", "step_b", "w_after", "b_after"}


def known(hand: Hand) -> set[str]:
    """The quantities that the layer panel shows; not every layer has inputs, targets and losses beside them."""
    return {key for key, digits in shown(hand).items() if digits} - {"x", "in", "y", "term"}


async def whole_layer(hand: Hand) -> None:
    """Give the matrices the whole screen, so that none of them is out of view."""
    await hand.press("m")
    await hand.wait_until(lambda: hand.widget("layer").size.width > 100)


# Stepping


@case("forward")
async def _forward(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.wait_until(lambda: known(hand) == PARAMETERS)
    await hand.wait_until(lambda: "0.1255" not in hand.all_text())
    await hand.press(key)
    await hand.wait_until(lambda: known(hand) == PARAMETERS | FORWARD)
    await hand.wait_until(lambda: "✓ forward ▸ ✓ loss 0.1255" in hand.text("phases"))
    await hand.wait_until(lambda: "b Backward" in hand.text("footer") and "f Forward" not in hand.text("footer"))
    before = hand.session
    await hand.press(key)
    await hand.wait_until(
        lambda: hand.session.cursor == before.cursor and "b runs the backward pass" in hand.text("message")
    )
    await hand.press("b", "u", key)
    await hand.wait_until(lambda: hand.session.trace.update == 2)
    await hand.wait_until(
        lambda: known(hand) == PARAMETERS | FORWARD, "what the pass before computed is gone from the screen"
    )


@case("backward")
async def _backward(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.cursor == 0 and "run forward (f) first" in hand.text("message"))
    await hand.press("f", key)
    await hand.wait_until(lambda: known(hand) == PARAMETERS | FORWARD | BACKWARD)
    await hand.wait_until(lambda: "✓ backward" in hand.text("phases") and "○ update" in hand.text("phases"))
    await hand.wait_until(lambda: hand.session.updates_done == 0, "backward moves nothing")


@case("update")
async def _update(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press(key)
    await hand.wait_until(
        lambda: hand.session.cursor == 0 and "run forward (f), then backward (b) first" in hand.text("message")
    )
    await hand.press("f", key)
    await hand.wait_until(lambda: "No gradients yet: run backward (b) first." in hand.text("message"))
    await hand.wait_until(lambda: hand.session.updates_done == 0)
    await hand.press("b", key)
    await hand.wait_until(lambda: known(hand) == PARAMETERS | FORWARD | BACKWARD | UPDATE)
    await hand.wait_until(lambda: "✓ update" in hand.text("phases") and "update 1" in hand.text("header"))
    await hand.press("4")
    await hand.wait_until(lambda: hand.title("output").endswith("after update 1"))


@case("next_stop")
async def _next(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.step.layer == 0 and hand.session.step.phase == "forward")
    await hand.wait_until(lambda: known(hand) == PARAMETERS | FORWARD)
    await hand.wait_until(lambda: "L1✓ L2○" in hand.text("phases"))
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.step.layer == 1 and hand.title("layer").startswith("Layer 2 of 2"))


@case("previous_stop")
async def _previous(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: "nothing before it" in hand.text("message"))
    texts = []
    for _ in range(3):
        texts.append((hand.session.cursor, hand.text("layer"), hand.text("phases")))
        await hand.press("space")
    for text in reversed(texts):
        await hand.press(key)
        # The selection stays where the stop had put it, so the panel may show another layer than before.
        await hand.wait_until(lambda: (hand.session.cursor, hand.text("phases")) == (text[0], text[2]))


@case("zoom")
async def _zoom(hand: Hand, key: str) -> None:
    for zoom in ("operation", "unit", "pass", "layer"):
        await hand.press(key)
        await hand.wait_until(lambda: hand.session.zoom == zoom)
        await hand.wait_until(lambda: f"zoom {zoom}" in hand.text("phases"))
        await hand.wait_until(lambda: f"Zoom {zoom}" in hand.text("message"))
    await hand.press(key, key, "space")
    cells = [cell.text for cell in painted_cells(hand) if cell.key == "z"]
    assert [bool(re.search(r"\d", text)) for text in cells] == [True, False, False, False]


@case("whole_pass")
async def _pass(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.updates_done == 1)
    await hand.press("f", "b", key)
    await hand.wait_until(lambda: hand.session.updates_done == 2)
    await hand.wait_until(lambda: "epoch 2 · update 2" in hand.text("header"))


@case("whole_pass_back")
async def _pass_back(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: "nothing before it" in hand.text("message"))
    await hand.press("n", "f", "b", key)
    await hand.wait_until(lambda: hand.session.updates_done == 1 and hand.session.trace.update == 1)
    await hand.press(key)
    await hand.wait_until(lambda: (hand.session.updates_done, hand.session.cursor) == (0, 0))


# Running


@case("run")
async def _run(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.running)
    await hand.wait_until(lambda: "running" in hand.text("phases") and "r Pause" in hand.text("footer"))
    await hand.wait_until(lambda: hand.session.updates_done >= 2)
    await hand.send(key)
    await hand.wait_until(lambda: not hand.session.running)
    await hand.wait_until(lambda: "paused" in hand.text("phases") and "r Run" in hand.text("footer"))


@case("faster")
async def _faster(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: SPEEDS[hand.session.speed].label == "flat out")
    await hand.wait_until(lambda: "Speed: flat out" in hand.text("message"))
    await hand.press(key)
    await hand.wait_until(lambda: "as fast as it goes" in hand.text("message"))


@case("slower")
async def _slower(hand: Hand, key: str) -> None:
    before = hand.session.speed
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.speed == before - 1)
    await hand.wait_until(lambda: f"Speed: {SPEEDS[before - 1].label}" in hand.text("message"))
    await hand.press(*[key] * before)
    await hand.wait_until(lambda: hand.session.speed == 0 and "1 stop/s is as slow as it goes" in hand.text("message"))


@case("goto")
async def _goto(hand: Hand, key: str) -> None:
    await hand.press("n", "n", "n", key)
    await hand.wait_until(lambda: "Go to update" in hand.all_text())
    await hand.press("1", "enter")
    await hand.wait_until(lambda: hand.session.updates_done == 1)
    await hand.press(key, "escape")
    await hand.wait_until(lambda: hand.session.updates_done == 1)


@case("restart")
async def _restart(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press(key)
    await hand.wait_until(lambda: "start already" in hand.text("message"))
    await hand.press("n", "n", "f", key)
    await hand.wait_until(lambda: (hand.session.trace.update, hand.session.cursor) == (1, 0))
    await hand.wait_until(lambda: "epoch 1 · update 0" in hand.text("header"))
    await hand.wait_until(lambda: known(hand) == PARAMETERS)
    await hand.press("backspace")
    await hand.wait_until(lambda: hand.session.trace.update == 3 and "✓ loss" in hand.text("phases"))


@case("new_seed")
async def _new_seed(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press("n", "f")
    old = hand.text("layer")
    await hand.press(key)
    await hand.wait_until(
        lambda: len(hand.session.runs) == 2 and (hand.session.trace.update, hand.session.cursor) == (1, 0)
    )
    await hand.wait_until(
        lambda: "run 2 of 2" in hand.text("timeline") and "New initial weights" in hand.text("message")
    )
    weights = [cell.text for cell in painted_cells(hand) if cell.key == "w"]
    assert weights[0] not in old
    await hand.press("backspace")
    await hand.wait_until(lambda: (hand.session.active, hand.session.trace.update) == (0, 2))
    await hand.wait_until(lambda: hand.text("layer") == old)


# Looking


@case("layer_on")
async def _layer_on(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: hand.title("layer").startswith("Layer 2 of 2 · output · sigmoid"))
    await hand.press(key)
    await hand.wait_until(lambda: "no layer after layer 2" in hand.text("message"))


@case("layer_back")
async def _layer_back(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: "no layer before layer 1" in hand.text("message"))
    await hand.press("right_square_bracket", key)
    await hand.wait_until(lambda: hand.title("layer").startswith("Layer 1 of 2 · hidden · tanh"))


def _arrow(there: str, back: str) -> Case:
    async def test(hand: Hand, key: str) -> None:
        await hand.press("f", "b", there)
        before = hand.session.ref, hand.session.cursor
        arithmetic = hand.title("arithmetic")
        await hand.press(key)
        await hand.wait_until(lambda: hand.session.ref != before[0] and hand.session.cursor == before[1])
        await hand.wait_until(lambda: hand.session.ref.symbol in hand.title("arithmetic") != arithmetic)
        chosen = re.search(r"\[([^]]*\d[^]]*)\]", hand.text("layer"))
        assert chosen is not None, "the selected number stands in brackets"
        await hand.press(back)
        await hand.wait_until(lambda: hand.session.ref == before[0])

    return test


CASES["move(-1,0)"] = _arrow("down", "down")
CASES["move(1,0)"] = _arrow("up", "up")
CASES["move(0,-1)"] = _arrow("right", "right")
CASES["move(0,1)"] = _arrow("left", "left")


@case("inspect")
async def _inspect(hand: Hand, key: str) -> None:
    await hand.press("f", key)
    text = hand.all_text()
    await hand.wait_until(lambda: "exact value" in text and hand.session.ref.symbol.split("[")[0] in text)
    await hand.press("f")
    await hand.wait_until(lambda: hand.session.trace.update == 1, "letters belong to the page that is open")
    await hand.press("escape")
    await hand.wait_until(lambda: "exact value" not in hand.all_text())


@case("sample_on")
async def _sample_on(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press("f")
    before = hand.text("layer")
    await hand.press(key)
    await hand.wait_until(lambda: "sample 4 of 4" in hand.text("header"))
    await hand.wait_until(lambda: hand.text("layer") != before)
    await hand.press("m")
    await hand.wait_until(lambda: hand.visible("output"))
    await hand.wait_until(
        lambda: re.search(r"▸\s+1\s+1", hand.text("output")), "the output's table marks the sample too"
    )
    await hand.press(key, key, key)
    await hand.wait_until(lambda: "samples 1 to 4" in hand.text("message"))


@case("sample_back")
async def _sample_back(hand: Hand, key: str) -> None:
    await hand.press(key, key, key)
    await hand.wait_until(lambda: "samples 1 to 4" in hand.text("message"))
    await hand.press("f", "full_stop", "full_stop", key)
    await hand.wait_until(lambda: "sample 2 of 4" in hand.text("header"))


@case("digits")
async def _digits(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press("f")
    for decimals in (6, 16, 2, 4):
        await hand.press(key)
        check_layer_view(hand.session)
        widths = [len(found) for found in re.findall(r"[+−]0\.(\d+)", hand.text("layer"))]
        assert widths and (max(widths) == decimals or (decimals == 16 and max(widths) > 12)), (decimals, widths)


@case("log")
async def _log(hand: Hand, key: str) -> None:
    await hand.press(*"nnn")
    before = hand.text("loss")
    await hand.press(key)
    await hand.wait_until(lambda: hand.session.log and "log" in hand.title("loss"))
    await hand.wait_until(lambda: "The loss is logarithmic." in hand.text("message"))
    await hand.press(key)
    await hand.wait_until(lambda: not hand.session.log and hand.text("loss") == before)


@case("check")
async def _check(hand: Hand, key: str) -> None:
    await whole_layer(hand)
    await hand.press(key)
    await hand.wait_until(lambda: "run backward (b) first" in hand.text("message"))
    await hand.press("f", "b", key)
    await hand.wait_until(lambda: "Gradient check" in hand.all_text())
    text = hand.all_text()
    assert "Gradients agree: 17 of 17 checked" in text and "w1[1,1]" in text
    await hand.press("escape")
    await hand.wait_until(lambda: "Gradients agree: 17 of 17" in hand.text("message"))
    await hand.wait_until(lambda: known(hand) == PARAMETERS | FORWARD | BACKWARD)


# Views


def _tab(index: int) -> Case:
    async def test(hand: Hand, key: str) -> None:
        await hand.press(str((index + 1) % 5 + 1), key)
        await hand.wait_until(lambda: hand.session.tab == TABS[index])
        await hand.press("m")
        await hand.wait_until(lambda: [tab for tab in TABS if hand.visible(tab)] == [TABS[index]])

    return test


for _index in range(5):
    CASES[f"tab({_index})"] = _tab(_index)


@case("next_tab")
async def _next_tab(hand: Hand, key: str) -> None:
    start = TABS.index(hand.session.tab)
    for step in range(1, 6):
        await hand.press(key)
        await hand.wait_until(lambda: hand.session.tab == TABS[(start + step) % 5])


@case("maximise")
async def _maximise(hand: Hand, key: str) -> None:
    await hand.press("f")
    small = hand.widget("layer").size
    await hand.press(key)
    await hand.wait_until(lambda: [tab for tab in TABS if hand.visible(tab)] == ["layer"])
    await hand.wait_until(lambda: hand.widget("layer").size.width > small.width)
    await hand.wait_until(lambda: known(hand) == PARAMETERS | FORWARD)
    await hand.press(key)
    await hand.wait_until(lambda: all(hand.visible(tab) for tab in TABS))
    await hand.wait_until(lambda: hand.widget("layer").size == small)


# App


@case("presets")
async def _presets(hand: Hand, key: str) -> None:
    await hand.press(key)
    text = hand.all_text()
    assert "Presets: a course of" in text and "nnn-tui xor" not in text and "nn-tui xor" in text
    await hand.press("down", "enter")
    await hand.wait_until(lambda: hand.session.experiment.preset.id != "xor")
    await hand.wait_until(lambda: hand.session.experiment.preset.title in hand.text("header"))
    await hand.wait_until(lambda: (hand.session.trace.update, hand.session.cursor) == (1, 0))


@case("help")
async def _help(hand: Hand, key: str) -> None:
    await hand.press(key)
    await hand.wait_until(lambda: "Keys and words" in hand.all_text())
    await hand.press("escape")
    await hand.wait_until(lambda: "Keys and words" not in hand.all_text())


@case("quit")
async def _quit(hand: Hand, key: str) -> None:
    await hand.press("f", key)
    await hand.wait_until(lambda: not hand.app.is_running)
    await hand.wait_until(lambda: not hand.app.return_code)


def actions_elsewhere() -> set[str]:
    """The actions that other test files of the app name in KEYS_TESTED."""
    names = {path.stem for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).stem}
    modules = [importlib.import_module(f"tests.tui.app.{name}") for name in names]
    return set().union(*(getattr(module, "KEYS_TESTED", ()) for module in modules))


def test_every_key_of_the_table_is_tested() -> None:
    assert set(CASES) | actions_elsewhere() == {key.action for key in KEYS}
    names = [name for key in KEYS for name in key.keys.split(",")]
    assert len(names) == len(set(names)), "no key does two things"


@pytest.mark.parametrize(
    ("action", "key"), [(key.action, name) for key in KEYS if key.action in CASES for name in key.keys.split(",")]
)
@in_app()
async def test_key(hand: Hand, action: str, key: str) -> None:
    await CASES[action](hand, key)


# Keyboards


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        (["ㄹ"], "loss"),
        (["ㄹ", "ㅠ"], "backward"),
        (["류"], "backward"),
        (["류", "ㅕ"], "update"),
        (["ｆ"], "loss"),
        (["ｆ", "ｂ", "ｕ"], "update"),
        (["Ｆ"], "loss"),
    ],
)
@in_app()
async def test_other_keyboards_step_too(hand: Hand, typed: list[str], at: str) -> None:
    for character in typed:
        hand.app.post_message(KeyEvent(character, character))
    done = {"loss": 11, "backward": 31, "update": 36}[at]
    await hand.wait_until(lambda: hand.session.cursor == done)
    await hand.wait_until(lambda: hand.session.trace.update == 1)
    if len(typed) == 1:
        await hand.settle()  # the hint comes behind the keys
        await hand.wait_until(lambda: ("한/영" in hand.text("message")) == ("ㄱ" <= typed[0] <= "힣"))


@in_app()
async def test_the_hint_for_hangul_comes_once(hand: Hand) -> None:
    hand.app.post_message(KeyEvent("ㄹ", "ㄹ"))
    await hand.wait_until(lambda: "한/영" in hand.text("message"))
    hand.app.post_message(KeyEvent("ㅠ", "ㅠ"))
    await hand.wait_until(lambda: hand.session.cursor == 31)
    await hand.wait_until(lambda: "한/영" not in hand.text("message"))


@in_app()
async def test_full_width_space_and_capitals_that_are_bound(hand: Hand) -> None:
    hand.app.post_message(KeyEvent("　", "　"))
    await hand.wait_until(lambda: hand.session.cursor == 8)
    hand.app.post_message(KeyEvent("ㅜ", "ㅜ"))  # n, a whole pass: no new seed
    await hand.wait_until(lambda: hand.session.updates_done == 1)
    await hand.wait_until(lambda: len(hand.session.runs) == 1)


@in_app()
async def test_keys_of_every_kind_act_in_the_order_they_were_typed(hand: Hand) -> None:
    refused: list[str] = []
    show = hand.main.show

    def watched(session: Session) -> None:
        refused.extend([session.message] if "first" in session.message else [])
        show(session)

    hand.main.show = watched  # type: ignore[method-assign]
    for character in ("f", "ㅠ", "U", "ㄹ", "b", "ｕ", "류", "ㅕ", "f", "ㅠ", "u", "　", "d"):
        hand.app.simulate_key(character)
    await hand.wait_until(lambda: hand.session.digits == 6)
    await hand.wait_until(
        lambda: (hand.session.updates_done, hand.session.trace.update, hand.session.cursor) == (4, 5, 8)
    )
    assert not refused, "a step that came too early would have said what is missing"


@pytest.mark.parametrize(
    ("character", "modal"), [("？", "Help"), ("／", "TextPrompt"), ("。", None), ("［", None), ("》", None)]
)
@in_app()
async def test_punctuation_of_an_input_method_is_its_key(hand: Hand, character: str, modal: str | None) -> None:
    await hand.press("n", "f", "right_square_bracket")
    before = hand.session
    hand.app.simulate_key(character)
    if modal is None:
        await hand.wait_until(lambda: hand.session.ref != before.ref)
    else:
        await hand.wait_until(lambda: type(hand.app.screen).__name__ == modal)


@in_app()
async def test_text_is_typed_as_it_is(hand: Hand) -> None:
    await hand.press("slash")
    await hand.wait_until(lambda: hand.app.focused is not None)
    for character in ("ㄹ", "Ｗ", "F"):
        hand.app.simulate_key(character)
    line = hand.app.screen.query_one(Input)
    await hand.wait_until(lambda: line.value == "ㄹＷF")


@in_app()
async def test_keys_that_mean_nothing_do_nothing(hand: Hand) -> None:
    await hand.press("f")
    before = hand.session, hand.all_text()
    await hand.press("6", "9", "é", "f7", "漢", "ctrl+j")
    await hand.wait_until(lambda: hand.session is before[0])
    await hand.wait_until(lambda: hand.all_text() == before[1])


# What is on screen is true, whatever was pressed

SAFE = sorted(
    {name for key in KEYS for name in key.keys.split(",")}
    - {"q", "r", "o", "t", "question_mark", "f1", "enter", "g", "slash", "i", "w"}
)  # fmt: skip


@settings(max_examples=5, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # each example starts an app
@given(st.sampled_from(("xor", "mazur", "and")), st.lists(st.sampled_from(SAFE), min_size=5, max_size=12))
@example("mazur", ["f", "full_stop", "m", "up", "backspace"])
def test_any_keys_show_true_numbers(name: str, keys: list[str]) -> None:
    async def play() -> None:
        app = NNTui(experiment(name), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            hand = Hand(app, pilot)
            await hand.press(*"fbu")
            for key in keys:
                await hand.press(key)
                await check_screen(hand)
            check_replay(hand.session)

    asyncio.run(play())


async def check_screen(hand: Hand) -> None:
    """The header's counters, the layer panel's numbers as painted, and the phase strip fit the session."""
    session = hand.session
    check_counters(session, hand.text("header") + " ")
    check_layer_view(session)
    loss_known = session.cursor >= session.pass_steps.after("loss")
    await hand.wait_until(lambda: ("✓ loss" in hand.text("phases")) == loss_known)
    if hand.visible("layer"):
        layer = hand.widget("layer")
        await hand.wait_until(lambda: layer.render_line(0).cell_length == layer.size.width)
        if fits(hand, session):
            # The layers that share the page: where the one before stands above, a row of inputs would say its a again.
            cells = layer_cells(session, width=layer.size.width, height=layer.size.height)
            plane = {(cell.key, cell.row, cell.col): cell.text for cell in cells}
            await hand.wait_until(
                lambda: {(cell.key, cell.row, cell.col): cell.text for cell in painted_cells(hand)} == plane
            )


def fits(hand: Hand, session: Session) -> bool:
    """Whether the whole plane of matrices is in view, so that it is not scrolled."""
    size = hand.widget("layer").size
    layout = layout_layer(session, DARK.glyphs, size.width, size.height)
    return layout.width < size.width and layout.height <= size.height


@in_app()
async def test_a_message_stays_until_the_next_key_only(hand: Hand) -> None:
    await hand.press("u")
    await hand.wait_until(lambda: "No gradients yet" in hand.text("message"))
    await hand.press("f")
    await hand.wait_until(lambda: "No gradients yet" not in hand.text("message"))
    await hand.wait_until(lambda: replace(hand.session, message="").message == hand.session.message == "")
