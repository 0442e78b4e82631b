"""Tests of every key on the running app: the session and the screen after it."""

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

from nn_tui.core.refs import Quantity, QuantityKey, Ref
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.matrix_layout import BlockKey
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.registry import TABS
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.layer import layout_layer
from tests._app import (
    DARK,
    PERMANENT_VIEWS,
    AppTester,
    DrawnCell,
    check_counters,
    check_layer_view,
    check_replay,
    experiment,
    in_app,
    layer_cells,
)

Case = Callable[[AppTester, str], Awaitable[None]]
CASES: dict[str, Case] = {}


def case(action: str) -> Callable[[Case], Case]:
    """Register a coroutine as the test of an action; it runs with each key of the action."""

    def keep(test: Case) -> Case:
        CASES[action] = test
        return test

    return keep


def painted_cells(tester: AppTester) -> list[DrawnCell]:
    """Return the cells of the layer panel as they are on the screen."""
    size = tester.widget("layer").size
    return layer_cells(tester.session, tester.text("layer").split("\n"), size.width, size.height)


def shown(tester: AppTester) -> dict[BlockKey, bool]:
    """Return for each block of the layer whether its cells on the panel have digits: all of them or none."""
    seen: dict[BlockKey, set[bool]] = {}
    for drawn in painted_cells(tester):
        seen.setdefault(drawn.cell.key, set()).add(bool(re.search(r"\d", drawn.text)))
    assert all(len(states) == 1 for states in seen.values()), seen
    return {key: states.pop() for key, states in seen.items()}


def keys_of(*names: Quantity) -> set[QuantityKey]:
    return {QuantityKey(name) for name in names}


PARAMETERS, FORWARD = keys_of("w", "b"), keys_of("z", "a", "slope")
BACKWARD = keys_of("da", "dz", "dw", "db", "dx")
UPDATE = keys_of("step_w", "step_b") | {QuantityKey("w", after=True), QuantityKey("b", after=True)}


def known(tester: AppTester) -> set[QuantityKey]:
    """Return the quantities whose numbers the layer panel shows, without inputs, targets and losses."""
    blocks = [key for key, has_digits in shown(tester).items() if has_digits and not key.is_input]
    return {key.array for key in blocks} - keys_of("x", "y", "term")


async def whole_layer(tester: AppTester) -> None:
    """Maximise the layer panel, so that every matrix is in view."""
    await tester.press("m")
    await tester.wait_until(lambda: tester.widget("layer").size.width > 100)


# Stepping


@case("forward")
async def _forward(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.wait_until(lambda: known(tester) == PARAMETERS)
    await tester.wait_until(lambda: "0.1255" not in tester.all_text())
    await tester.press(key)
    await tester.wait_until(lambda: known(tester) == PARAMETERS | FORWARD)
    await tester.wait_until(lambda: "✓ forward ▸ ✓ loss 0.1255" in tester.text("phases"))
    await tester.wait_until(lambda: "b Backward" in tester.text("footer") and "f Forward" not in tester.text("footer"))
    before = tester.session
    await tester.press(key)
    await tester.wait_until(
        lambda: tester.session.cursor == before.cursor and "b runs the backward pass" in tester.text("message")
    )
    await tester.press("b", "u", key)
    await tester.wait_until(lambda: tester.session.trace.update == 2)
    await tester.wait_until(
        lambda: known(tester) == PARAMETERS | FORWARD, "what the pass before computed is gone from the screen"
    )


@case("backward")
async def _backward(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.cursor == 0 and "run forward (f) first" in tester.text("message"))
    await tester.press("f", key)
    await tester.wait_until(lambda: tester.session.ref == Ref("dw", 1, sample=tester.session.ref.sample), "the output")
    await tester.press("left_square_bracket")
    await tester.wait_until(lambda: known(tester) == PARAMETERS | FORWARD | BACKWARD)
    await tester.wait_until(lambda: "✓ backward" in tester.text("phases") and "○ update" in tester.text("phases"))
    await tester.wait_until(lambda: tester.session.updates_done == 0, "backward moves nothing")


@case("update")
async def _update(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press(key)
    await tester.wait_until(
        lambda: tester.session.cursor == 0 and "run forward (f), then backward (b) first" in tester.text("message")
    )
    await tester.press("f", key)
    await tester.wait_until(lambda: "No gradients yet: run backward (b) first." in tester.text("message"))
    await tester.wait_until(lambda: tester.session.updates_done == 0)
    await tester.press("b", key, "left_square_bracket")
    await tester.wait_until(lambda: known(tester) == PARAMETERS | FORWARD | BACKWARD | UPDATE)
    await tester.wait_until(lambda: "✓ update" in tester.text("phases") and "update 1" in tester.text("header"))
    await tester.press("4")
    await tester.wait_until(lambda: tester.title("output").endswith("after update 1"))


@case("next_stop")
async def _next(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.step.layer == 0 and tester.session.step.phase == "forward")
    await tester.wait_until(lambda: known(tester) == PARAMETERS | FORWARD)
    await tester.wait_until(lambda: "L1✓ L2○" in tester.text("phases"))
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.step.layer == 1 and tester.title("layer").startswith("Layer 2 of 2"))


@case("previous_stop")
async def _previous(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: "This is the start" in tester.text("message"))
    texts = []
    for _ in range(3):
        texts.append((tester.session.cursor, tester.text("layer"), tester.text("phases")))
        await tester.press("space")
    for text in reversed(texts):
        await tester.press(key)
        # The selection stays where the stop had put it, so the panel may show another layer than before.
        await tester.wait_until(lambda: (tester.session.cursor, tester.text("phases")) == (text[0], text[2]))


@case("zoom")
async def _zoom(tester: AppTester, key: str) -> None:
    for zoom in ("operation", "unit", "pass", "layer"):
        await tester.press(key)
        await tester.wait_until(lambda: tester.session.zoom == zoom)
        await tester.wait_until(lambda: f"zoom {zoom}" in tester.text("phases"))
        await tester.wait_until(lambda: f"Zoom {zoom}" in tester.text("message"))
    await tester.press(key, key, "space")
    cells = [cell.text for cell in painted_cells(tester) if cell.array == QuantityKey("z")]
    assert [bool(re.search(r"\d", text)) for text in cells] == [True, False, False, False]


@case("whole_pass")
async def _pass(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.updates_done == 1)
    await tester.press("f", "b", key)
    await tester.wait_until(lambda: tester.session.updates_done == 2)
    await tester.wait_until(lambda: "epoch 2 · after update 2" in tester.text("header"))


@case("whole_pass_back")
async def _pass_back(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: "This is the start" in tester.text("message"))
    await tester.press("n", "f", "b", key)
    await tester.wait_until(lambda: tester.session.updates_done == 1 and tester.session.trace.update == 1)
    await tester.press(key)
    await tester.wait_until(lambda: (tester.session.updates_done, tester.session.cursor) == (0, 0))


# Running


@case("run")
async def _run(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.running)
    await tester.wait_until(lambda: "running" in tester.text("phases") and "r Pause" in tester.text("footer"))
    await tester.wait_until(lambda: tester.session.updates_done >= 2)
    tester.send(key)
    await tester.wait_until(lambda: not tester.session.running)
    await tester.wait_until(lambda: "paused" in tester.text("phases") and "r Run" in tester.text("footer"))


@case("faster")
async def _faster(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: SPEEDS[tester.session.speed].name == "flat out")
    await tester.wait_until(lambda: "Speed: full speed" in tester.text("message"))
    await tester.press(key)
    await tester.wait_until(lambda: "is the highest speed" in tester.text("message"))


@case("slower")
async def _slower(tester: AppTester, key: str) -> None:
    before = tester.session.speed
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.speed == before - 1)
    await tester.wait_until(lambda: f"Speed: {SPEEDS[before - 1].name}" in tester.text("message"))
    await tester.press(*[key] * before)
    await tester.wait_until(
        lambda: tester.session.speed == 0 and "This is the lowest speed: 1 stop/s" in tester.text("message")
    )


@case("goto")
async def _goto(tester: AppTester, key: str) -> None:
    await tester.press("n", "n", "n", key)
    await tester.wait_until(lambda: "Go to update" in tester.all_text())
    await tester.press("1", "enter")
    await tester.wait_until(lambda: tester.session.updates_done == 1)
    await tester.press(key, "escape")
    await tester.wait_until(lambda: tester.session.updates_done == 1)


@case("restart")
async def _restart(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press(key)
    await tester.wait_until(lambda: "already the start" in tester.text("message"))
    await tester.press("n", "n", "f", key)
    await tester.wait_until(lambda: (tester.session.trace.update, tester.session.cursor) == (1, 0))
    await tester.wait_until(lambda: "epoch 1 · no update yet" in tester.text("header"))
    await tester.wait_until(lambda: known(tester) == PARAMETERS)
    await tester.press("backspace")
    await tester.wait_until(lambda: tester.session.trace.update == 3 and "✓ loss" in tester.text("phases"))


@case("new_seed")
async def _new_seed(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press("n", "f")
    old = tester.text("layer")
    await tester.press(key)
    await tester.wait_until(
        lambda: len(tester.session.runs) == 2 and (tester.session.trace.update, tester.session.cursor) == (1, 0)
    )
    await tester.wait_until(
        lambda: "run 2 of 2" in tester.text("timeline") and "New initial weights" in tester.text("message")
    )
    weights = [cell.text for cell in painted_cells(tester) if cell.array == QuantityKey("w")]
    assert weights[0] not in old
    await tester.press("backspace")
    await tester.wait_until(lambda: (tester.session.active, tester.session.trace.update) == (0, 2))
    await tester.wait_until(lambda: tester.text("layer") == old)


# Changing the view


@case("layer_on")
async def _layer_on(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: tester.title("layer").startswith("Layer 2 of 2 · output · sigmoid"))
    await tester.press(key)
    await tester.wait_until(lambda: "no layer after layer 2" in tester.text("message"))


@case("layer_back")
async def _layer_back(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: "no layer before layer 1" in tester.text("message"))
    await tester.press("right_square_bracket", key)
    await tester.wait_until(lambda: tester.title("layer").startswith("Layer 1 of 2 · hidden · tanh"))


def _arrow(there: str, back: str) -> Case:
    async def test(tester: AppTester, key: str) -> None:
        await tester.press("f", "b", "left_square_bracket", there)
        before = tester.session.ref, tester.session.cursor
        arithmetic = tester.title("arithmetic")
        await tester.press(key)
        await tester.wait_until(lambda: tester.session.ref != before[0] and tester.session.cursor == before[1])
        await tester.wait_until(lambda: tester.session.ref.symbol in tester.title("arithmetic") != arithmetic)
        chosen = re.search(r"▐[^▌]*\d[^▌]*▌", tester.text("layer"))
        assert chosen is not None, "the selected number stands in a frame"
        await tester.press(back)
        await tester.wait_until(lambda: tester.session.ref == before[0])

    return test


CASES["up"] = _arrow("down", "down")
CASES["down"] = _arrow("up", "up")
CASES["left"] = _arrow("right", "right")
CASES["right"] = _arrow("left", "left")


@case("inspect")
async def _inspect(tester: AppTester, key: str) -> None:
    await tester.press("f", key)
    await tester.wait_until(lambda: "exact value" in tester.all_text())
    assert tester.session.ref.symbol.split("[")[0] in tester.all_text()
    await tester.press("f")
    await tester.wait_until(lambda: tester.session.trace.update == 1, "letters belong to the page that is open")
    await tester.press("escape")
    await tester.wait_until(lambda: "exact value" not in tester.all_text())


@case("sample_on")
async def _sample_on(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press("f")
    before = tester.text("layer")
    await tester.press(key)
    await tester.wait_until(lambda: "sample 4 of 4" in tester.text("header"))
    await tester.wait_until(lambda: tester.text("layer") != before)
    await tester.press("m")
    await tester.wait_until(lambda: tester.visible("output"))
    await tester.wait_until(
        lambda: re.search(r"▸\s+1\s+1", tester.text("output")), "the output's table marks the sample too"
    )
    await tester.press(key, key, key)
    await tester.wait_until(lambda: "samples 1 to 4" in tester.text("message"))


@case("sample_back")
async def _sample_back(tester: AppTester, key: str) -> None:
    await tester.press(key, key, key)
    await tester.wait_until(lambda: "samples 1 to 4" in tester.text("message"))
    await tester.press("f", "full_stop", "full_stop", key)
    await tester.wait_until(lambda: "sample 2 of 4" in tester.text("header"))


@case("digits")
async def _digits(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press("f")
    for decimals in (6, 16, 2, 4):
        await tester.press(key)
        check_layer_view(tester.session)
        widths = [len(found) for found in re.findall(r"[+−]0\.(\d+)", tester.text("layer"))]
        assert widths and (max(widths) == decimals or (decimals == 16 and max(widths) > 12)), (decimals, widths)


@case("log")
async def _log(tester: AppTester, key: str) -> None:
    await tester.press(*"nnn")
    before = tester.text("loss")
    await tester.press(key)
    await tester.wait_until(lambda: tester.session.log and "log" in tester.title("loss"))
    await tester.wait_until(lambda: "The loss has a logarithmic scale." in tester.text("message"))
    await tester.press(key)
    await tester.wait_until(lambda: not tester.session.log and tester.text("loss") == before)


@case("check")
async def _check(tester: AppTester, key: str) -> None:
    await whole_layer(tester)
    await tester.press(key)
    await tester.wait_until(lambda: "run backward (b) first" in tester.text("message"))
    await tester.press("f", "b", key)
    await tester.wait_until(lambda: "Gradient check" in tester.all_text())
    await tester.wait_until(lambda: "Gradients agree: 17 of 17 checked" in tester.all_text())
    assert "w1[1,1]" in tester.all_text()
    await tester.press("escape")
    await tester.wait_until(lambda: "Gradients agree: 17 of 17" in tester.text("message"))
    await tester.press("left_square_bracket")
    await tester.wait_until(lambda: known(tester) == PARAMETERS | FORWARD | BACKWARD)


# Views


def _tab(index: int) -> Case:
    async def test(tester: AppTester, key: str) -> None:
        await tester.press(str((index + 1) % len(TABS) + 1), key)
        await tester.wait_until(lambda: tester.session.tab == TABS[index])
        await tester.press("m")
        await tester.wait_until(lambda: [tab for tab in TABS if tester.visible(tab)] == [TABS[index]])

    return test


for _index in range(len(TABS)):
    CASES[TABS[_index]] = _tab(_index)


@case("next_tab")
async def _next_tab(tester: AppTester, key: str) -> None:
    start = TABS.index(tester.session.tab)
    for step in range(1, len(TABS) + 1):
        await tester.press(key)
        await tester.wait_until(lambda: tester.session.tab == TABS[(start + step) % len(TABS)])


@case("maximise")
async def _maximise(tester: AppTester, key: str) -> None:
    await tester.press("f")
    small = tester.widget("layer").size
    await tester.press(key)
    await tester.wait_until(lambda: [tab for tab in TABS if tester.visible(tab)] == ["layer"])
    await tester.wait_until(lambda: tester.widget("layer").size.width > small.width)
    await tester.wait_until(lambda: known(tester) == PARAMETERS | FORWARD)
    await tester.press(key)
    await tester.wait_until(lambda: all(tester.visible(tab) for tab in PERMANENT_VIEWS))
    await tester.wait_until(lambda: tester.widget("layer").size == small)


# App


@case("presets")
async def _presets(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: "Presets: a course of" in tester.all_text() and "nn-tui xor" in tester.all_text())
    assert "nnn-tui xor" not in tester.all_text()
    await tester.press("down", "enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id != "xor")
    await tester.wait_until(lambda: tester.session.experiment.preset.title in tester.text("header"))
    await tester.wait_until(lambda: (tester.session.trace.update, tester.session.cursor) == (1, 0))


@case("help")
async def _help(tester: AppTester, key: str) -> None:
    await tester.press(key)
    await tester.wait_until(lambda: "Keys and words" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: "Keys and words" not in tester.all_text())


@case("quit")
async def _quit(tester: AppTester, key: str) -> None:
    await tester.press("f", key)
    await tester.wait_until(lambda: not tester.app.is_running)
    await tester.wait_until(lambda: not tester.app.return_code)


def actions_elsewhere() -> set[str]:
    """Return the actions that other test files of the app name in KEYS_TESTED."""
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
async def test_key(tester: AppTester, action: str, key: str) -> None:
    await CASES[action](tester, key)


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
async def test_keys_of_other_keyboard_layouts_step(tester: AppTester, typed: list[str], at: str) -> None:
    for character in typed:
        tester.app.post_message(KeyEvent(character, character))
    done = {"loss": 11, "backward": 31, "update": 36}[at]
    await tester.wait_until(lambda: tester.session.cursor == done)
    await tester.wait_until(lambda: tester.session.trace.update == 1)
    if len(typed) == 1:
        await tester.settle()  # the hint comes behind the keys
        await tester.wait_until(lambda: ("한/영" in tester.text("message")) == ("ㄱ" <= typed[0] <= "힣"))


@in_app()
async def test_the_hint_for_hangul_appears_once(tester: AppTester) -> None:
    tester.app.post_message(KeyEvent("ㄹ", "ㄹ"))
    await tester.wait_until(lambda: "한/영" in tester.text("message"))
    tester.app.post_message(KeyEvent("ㅠ", "ㅠ"))
    await tester.wait_until(lambda: tester.session.cursor == 31)
    await tester.wait_until(lambda: "한/영" not in tester.text("message"))


@in_app()
async def test_full_width_spaces_and_bound_capitals_work(tester: AppTester) -> None:
    tester.app.post_message(KeyEvent("　", "　"))
    await tester.wait_until(lambda: tester.session.cursor == 8)
    tester.app.post_message(KeyEvent("ㅜ", "ㅜ"))  # n, a whole pass: no new seed
    await tester.wait_until(lambda: tester.session.updates_done == 1)
    await tester.wait_until(lambda: len(tester.session.runs) == 1)


@in_app()
async def test_keys_of_every_kind_act_in_the_order_of_typing(tester: AppTester) -> None:
    refused: list[str] = []
    show = tester.main.show

    def watched(session: Session) -> None:
        refused.extend([str(session.message)] if "first" in str(session.message) else [])
        show(session)

    tester.main.show = watched  # type: ignore[method-assign]
    for character in ("f", "ㅠ", "U", "ㄹ", "b", "ｕ", "류", "ㅕ", "f", "ㅠ", "u", "　", "d"):
        tester.app.simulate_key(character)
    await tester.wait_until(lambda: tester.session.digits == 6)
    await tester.wait_until(
        lambda: (tester.session.updates_done, tester.session.trace.update, tester.session.cursor) == (4, 5, 8)
    )
    assert not refused, "a step that came too early would have said what is missing"


@pytest.mark.parametrize(
    ("character", "modal"), [("？", "Help"), ("／", "TextPrompt"), ("。", None), ("［", None), ("》", None)]
)
@in_app()
async def test_the_punctuation_of_an_input_method_acts_as_its_key(
    tester: AppTester, character: str, modal: str | None
) -> None:
    await tester.press("n", "f", "right_square_bracket")
    before = tester.session
    tester.app.simulate_key(character)
    if modal is None:
        await tester.wait_until(lambda: tester.session.ref != before.ref)
    else:
        await tester.wait_until(lambda: type(tester.app.screen).__name__ == modal)


@in_app()
async def test_text_in_a_prompt_is_not_translated(tester: AppTester) -> None:
    await tester.press("slash")
    await tester.wait_until(lambda: tester.app.focused is not None)
    for character in ("ㄹ", "Ｗ", "F"):
        tester.app.simulate_key(character)
    line = tester.app.screen.query_one(Input)
    await tester.wait_until(lambda: line.value == "ㄹＷF")


@in_app()
async def test_unbound_keys_do_nothing(tester: AppTester) -> None:
    await tester.press("f")
    before = replace(tester.session, message="")
    await tester.press("f7", "ctrl+j", "8", "9", "é", "漢")
    await tester.wait_until(lambda: '"漢" has no action' in tester.text("message"))
    after = replace(tester.session, message="")
    assert (after.trace, after.cursor, after.ref, after.tab) == (before.trace, before.cursor, before.ref, before.tab)


# Random keys

SAFE = sorted(
    {name for key in KEYS for name in key.keys.split(",")}
    - {"q", "r", "o", "t", "question_mark", "f1", "enter", "g", "slash", "i", "w"}
)  # fmt: skip


@settings(max_examples=5, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # each example starts an app
@given(st.sampled_from(("xor", "mazur", "and")), st.lists(st.sampled_from(SAFE), min_size=5, max_size=12))
@example("mazur", ["f", "full_stop", "m", "up", "backspace"])
def test_random_keys_show_correct_numbers(name: str, keys: list[str]) -> None:
    async def play() -> None:
        app = NNTui(experiment(name), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            await tester.press(*"fbu")
            for key in keys:
                await tester.press(key)
                await check_screen(tester)
            check_replay(tester.session)

    asyncio.run(play())


async def check_screen(tester: AppTester) -> None:
    """Check the header's counters, the layer panel's numbers and the phases on screen against the session."""
    session = tester.session
    check_counters(session, tester.text("header") + " ")
    check_layer_view(session)
    loss_known = session.cursor >= session.pass_steps.after("loss")
    await tester.wait_until(lambda: ("✓ loss" in tester.text("phases")) == loss_known)
    if tester.visible("layer"):
        layer = tester.widget("layer")
        await tester.wait_until(lambda: layer.render_line(0).cell_length == layer.size.width)
        if fits(tester, session):
            # The layers that share the page: where the one before stands above, a row of inputs would say its a again.
            cells = layer_cells(session, width=layer.size.width, height=layer.size.height)
            await tester.wait_until(lambda: set(painted_cells(tester)) == set(cells))


def fits(tester: AppTester, session: Session) -> bool:
    """Return whether all matrices are in view without scrolling."""
    size = tester.widget("layer").size
    layout = layout_layer(session, DARK.glyphs, size.width, size.height)
    return layout.width < size.width and layout.height <= size.height


@in_app()
async def test_a_message_stays_until_the_next_key(tester: AppTester) -> None:
    await tester.press("u")
    await tester.wait_until(lambda: "No gradients yet" in tester.text("message"))
    await tester.press("f")
    await tester.wait_until(lambda: "No gradients yet" not in tester.text("message"))
    await tester.wait_until(lambda: tester.session.message == "")
