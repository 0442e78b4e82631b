"""Tests of health on the screen: badges of the computed quantities, their layers, and runs without badges."""

from __future__ import annotations

import pytest

from nn_tui.core.analysis.health import diagnose
from nn_tui.core.edits.parser import apply_edit
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session import branches
from tests._app import AppTester, in_app, screen_text
from tests.core.analysis._badges import HEALTHY

KEYS_TESTED = {"health"}


@in_app("dying-relu")
async def test_a_badge_appears_after_its_quantity_is_computed(tester: AppTester) -> None:
    await tester.press(*"nnnnnnnnnn")
    await tester.wait_until(lambda: "! dead ReLU" in tester.text("phases"))
    await tester.press("space")
    await tester.wait_until(
        lambda: "dead" not in tester.text("phases") and "dead" not in tester.title("layer"),
        "no unit of this pass is computed",
    )
    await tester.press("f")
    await tester.wait_until(lambda: "! dead ReLU: h₁, h₂, h₃ and 3 more of layer 1 (i)" in tester.text("phases"))
    await tester.wait_until(lambda: "! dead ReLU" in tester.title("network"))
    await tester.press("left_square_bracket")
    await tester.wait_until(lambda: "! dead ReLU h₁, h₂, h₃ and 3 more" in tester.title("layer"))
    await tester.press("right_square_bracket")
    await tester.wait_until(lambda: "dead" not in tester.title("layer"))


@pytest.mark.parametrize(
    ("preset", "updates", "said"),
    [
        ("xor-zeros", 1, "equal units"),
        ("xor-zeros", 500, "stuck at the mean"),
        ("vanishing", 1, "vanishing gradient"),
        ("too-fast", 5, "steps too long"),
        ("too-fast", 20, "exploding gradient"),
        ("too-fast", 1000, "divergence"),
        ("dying-relu", 10, "dead ReLU"),
        ("local-minimum-full", 300, "plateau"),
        ("penguins-raw", 1, "saturated"),
        ("too-slow", 1, "steps too short"),
        ("exploding", 1, "exploding gradient"),
    ],
)
def test_the_page_lists_each_badge_with_cause_and_advice(preset: str, updates: int, said: str) -> None:
    @in_app(preset)
    async def check(tester: AppTester) -> None:
        tester.session.run.goto(updates - 1)
        await tester.press("end")
        if tester.session.run.divergence is None:
            await tester.press("n")
        await tester.wait_until(lambda: tester.session.badges and "!" in tester.text("phases"))
        await tester.press("i")
        await tester.wait_until(lambda: isinstance(tester.app.screen, TextScreen))
        await tester.wait_until(lambda: f"! {said}" in screen_text(tester.app))
        text = " ".join(screen_text(tester.app).replace("│", " ").split())
        badge = next(badge for badge in tester.session.badges if str(badge.name) == said)
        assert " ".join(str(badge.advice).split()) in text
        await tester.press("escape")
        await tester.wait_until(lambda: tester.app.screen is tester.main)

    check()


@pytest.mark.parametrize("preset", [name for name in HEALTHY if name not in ("digits", "penguins")])
def test_a_healthy_run_has_no_badges(preset: str) -> None:
    @in_app(preset, (80, 24))
    async def check(tester: AppTester) -> None:
        for key in ("f", "b", "u"):
            await tester.press(key)
            await tester.wait_until(lambda: "!" not in tester.text("phases") and not tester.session.badges)
        await tester.press("i")
        await tester.wait_until(lambda: isinstance(tester.app.screen, TextScreen))
        await tester.wait_until(lambda: "No problem found" in screen_text(tester.app))

    check()


@in_app("xor-zeros", (80, 24))
async def test_a_narrow_screen_names_the_badge_and_its_key(tester: AppTester) -> None:
    await tester.press("n", "n")
    await tester.wait_until(lambda: "! equal units (i)" in tester.text("phases"))


@in_app("xor-zeros")
async def test_badges_are_hidden_while_the_run_trains(tester: AppTester) -> None:
    await tester.press("n")
    await tester.wait_until(lambda: "! equal units" in tester.text("phases"))
    await tester.press("r")
    await tester.wait_until(lambda: tester.session.updates_done > 4)
    await tester.wait_until(lambda: "!" not in tester.text("phases") and not tester.session.badges)
    await tester.press("r")
    await tester.wait_until(lambda: "! equal units" in tester.text("phases"))


@in_app("digits")
async def test_the_badges_of_a_large_network_appear_while_no_key_is_pressed(tester: AppTester) -> None:
    for key in ("n", "n", "p", "f", "b", "u"):
        await tester.press(key)
        await tester.wait_until(
            lambda: (
                tester.session.badges == diagnose(tester.session.run, tester.session.trace, tester.session.updates_done)
            )
        )


@in_app("dying-relu")
async def test_a_changed_run_is_diagnosed_again_at_the_same_update(tester: AppTester) -> None:
    await tester.press(*"nnnnnnnn", "p")
    old = tester.session
    assert "dead" in {badge.kind for badge in old.badges}
    edited = apply_edit("activation1 = tanh", old.run, old.updates_done)
    tester.main.show(branches.show_edited(old, edited))
    new = tester.session
    assert new.run is not old.run and new.updates_done == old.updates_done
    assert new.badges == diagnose(new.run, new.trace, new.updates_done)
    assert "dead" not in {badge.kind for badge in new.badges}
    await tester.press("n", "p", "a")
    await tester.wait_until(lambda: tester.session.run is old.run)
    await tester.wait_until(
        lambda: tester.session.badges == diagnose(old.run, tester.session.trace, tester.session.updates_done)
    )
