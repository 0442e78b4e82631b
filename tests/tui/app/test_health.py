"""Tests of health on the screen: findings of the computed quantities, their layers, and runs without findings."""

from __future__ import annotations

import pytest

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.diagnosis.trial import try_remedy
from nn_tui.core.edits.parser import apply_edit
from nn_tui.tui.screens.health import FindingsPage, HealthScreen, TrialScreen
from nn_tui.tui.session import branches
from tests._app import AppTester, in_app, screen_text

KEYS_TESTED = {"health"}


@in_app("xor-zeros")
async def test_a_finding_appears_after_its_quantity_is_computed(tester: AppTester) -> None:
    await tester.press(*"nnnnnnnnnn")
    await tester.wait_until(lambda: "! equal units" in tester.text("phases"))
    await tester.press("space")
    await tester.wait_until(
        lambda: "equal" not in tester.text("phases") and "equal" not in tester.title("layer"),
        "no unit of this pass is computed",
    )
    await tester.press("f")
    await tester.wait_until(lambda: "! equal units: h₁, h₂, h₃, h₄ of layer 1 (i)" in tester.text("phases"))
    await tester.wait_until(lambda: "! equal units" in tester.title("network"))
    await tester.press("left_square_bracket")
    await tester.wait_until(lambda: "! equal units h₁, h₂, h₃, h₄" in tester.title("layer"))
    await tester.press("right_square_bracket")
    await tester.wait_until(lambda: "equal" not in tester.title("layer"))


@pytest.mark.parametrize(
    ("preset", "updates", "said"),
    [
        ("xor-zeros", 1, "equal units"),
        ("xor-perceptron", 20, "no hidden layer"),
        ("xor-221-stuck", 2000, "local minimum"),
        ("vanishing", 1, "vanishing gradient"),
        ("too-fast", 20, "learning rate too high"),
        ("too-fast", 1000, "diverged"),
        ("dying-relu", 10, "learning rate too high"),
        ("penguins-raw", 1, "unscaled inputs"),
        ("too-slow", 1, "learning rate too low"),
        ("exploding", 1, "exploding gradient"),
        ("overfitting", 500, "overfitting"),
    ],
)
def test_the_page_lists_each_finding_with_cause_advice_and_changes(preset: str, updates: int, said: str) -> None:
    @in_app(preset)
    async def check(tester: AppTester) -> None:
        tester.session.run.goto(updates - 1)
        await tester.press("end")
        if tester.session.run.divergence is None:
            await tester.press("n")
        await tester.wait_until(lambda: tester.session.findings and "!" in tester.text("phases"))
        await tester.press("i")
        await tester.wait_until(lambda: isinstance(tester.app.screen, HealthScreen))
        await tester.wait_until(lambda: f"! {said}" in screen_text(tester.app))
        page = tester.app.screen.query_one(FindingsPage)
        text = "".join("".join(page.render_line(y).text.split()) for y in range(page.size.height))
        finding = tester.session.findings[0]
        assert str(finding.name) == said
        for sentence in (finding.cause, finding.advice, f"press 1 to try {finding.remedies[0]}"):
            assert "".join(str(sentence).split()) in text
        await tester.press("escape")
        await tester.wait_until(lambda: tester.app.screen is tester.main)

    check()


async def _open_health(tester: AppTester) -> None:
    await tester.press("i")
    await tester.wait_until(lambda: isinstance(tester.app.screen, HealthScreen) and tester.app.screen.is_mounted)


@in_app("too-slow")
async def test_enter_tries_the_first_change_and_says_with_numbers_which_run_is_better(tester: AppTester) -> None:
    await tester.press("n", "n")
    await tester.wait_until(lambda: tester.session.findings)
    run, finding = tester.session.run, tester.session.findings[0]
    trial = try_remedy(run, finding, finding.remedies[0], 2)
    await _open_health(tester)
    await tester.press("enter")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TrialScreen))
    expected = f"{finding.remedies[0]} is better: loss {trial.with_change.loss:.4g} after 300 updates, and "
    await tester.wait_until(lambda: expected in " ".join(screen_text(tester.app).replace("│", " ").split()))
    assert f"{trial.without.loss:.4g}" in screen_text(tester.app)
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    other = tester.session.other
    assert other is not None and other.reached == 300 and tester.session.run is run
    assert other.experiment.training.optimizer.learning_rate == trial.run.experiment.training.optimizer.learning_rate
    await tester.wait_until(lambda: f"{finding.remedies[0]} is better" in tester.text("message"))
    await tester.press("c")
    await tester.wait_until(lambda: tester.session.other is None)


@in_app("penguins-raw", (80, 24))
async def test_arrows_choose_a_finding_and_escape_leaves_everything_as_it_is(tester: AppTester) -> None:
    await tester.press("n")
    await tester.wait_until(lambda: len(tester.session.findings) == 2)
    before = tester.session
    await _open_health(tester)
    await tester.wait_until(lambda: "▸ ! unscaled inputs" in screen_text(tester.app))
    await tester.press("down")
    await tester.wait_until(lambda: "▸ ! saturated" in screen_text(tester.app))
    await tester.press("9", "escape")  # there is no ninth change
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert tester.session.runs == before.runs and tester.session.other is None


@in_app("dying-relu")
async def test_g_goes_to_the_figures_of_a_finding(tester: AppTester) -> None:
    await tester.press(*"nnnnnnnnnn")
    await tester.wait_until(lambda: len(tester.session.findings) == 2)
    ref = tester.session.findings[1].refs[0]
    await _open_health(tester)
    await tester.press("down", "g")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: (tester.session.ref.quantity, tester.session.ref.layer) == ("z", 0))
    assert tester.session.ref.unit == ref.unit == 0


@in_app("xor")
async def test_enter_closes_the_page_of_a_healthy_run(tester: AppTester) -> None:
    await _open_health(tester)
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@pytest.mark.parametrize("preset", ["xor", "mazur", "sine", "iris", "autoencoder", "vanishing-relu"])
def test_a_healthy_run_has_no_findings(preset: str) -> None:
    @in_app(preset, (80, 24))
    async def check(tester: AppTester) -> None:
        for key in ("f", "b", "u"):
            await tester.press(key)
            await tester.wait_until(lambda: "!" not in tester.text("phases") and not tester.session.findings)
        await tester.press("i")
        await tester.wait_until(lambda: isinstance(tester.app.screen, HealthScreen))
        await tester.wait_until(lambda: "No problem found" in screen_text(tester.app))

    check()


@in_app("xor-zeros", (80, 24))
async def test_a_narrow_screen_names_the_finding_and_its_key(tester: AppTester) -> None:
    await tester.press("n", "n")
    await tester.wait_until(lambda: "! equal units (i)" in tester.text("phases"))


@in_app("xor-zeros")
async def test_findings_are_hidden_while_the_run_trains(tester: AppTester) -> None:
    await tester.press("n")
    await tester.wait_until(lambda: "! equal units" in tester.text("phases"))
    await tester.press("r")
    await tester.wait_until(lambda: tester.session.updates_done > 4)
    await tester.wait_until(lambda: "!" not in tester.text("phases") and not tester.session.findings)
    await tester.press("r")
    await tester.wait_until(lambda: "! equal units" in tester.text("phases"))


@in_app("digits")
async def test_the_findings_of_a_large_network_appear_while_no_key_is_pressed(tester: AppTester) -> None:
    for key in ("n", "n", "p", "f", "b", "u"):
        await tester.press(key)
        await tester.wait_until(
            lambda: (
                tester.session.findings
                == diagnose(tester.session.run, tester.session.trace, tester.session.updates_done)
            )
        )


@in_app("dying-relu")
async def test_a_changed_run_is_diagnosed_again_at_the_same_update(tester: AppTester) -> None:
    await tester.press(*"nnnnnnnn", "p")
    await tester.wait_until(lambda: "dead_units" in {finding.kind for finding in tester.session.findings})
    old = tester.session
    edited = apply_edit("activation1 = tanh", old.run, old.updates_done)
    tester.main.show(branches.show_edited(old, edited))
    new = tester.session
    assert new.run is not old.run and new.updates_done == old.updates_done
    assert "dead_units" not in {finding.kind for finding in new.findings}
    findings = diagnose(new.run, new.trace, new.updates_done)
    assert "dead_units" not in {finding.kind for finding in findings}
    await tester.wait_until(lambda: tester.session.findings == findings)
    await tester.press("n", "p", "a")
    await tester.wait_until(lambda: tester.session.run is old.run)
    await tester.wait_until(
        lambda: tester.session.findings == diagnose(old.run, tester.session.trace, tester.session.updates_done)
    )
