"""Tests of the gradient check on the running app: its text, its order, and the selection of a parameter."""

from __future__ import annotations

import re

from nn_tui.core.analysis.gradcheck import gradient_check
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.screens.check import CheckScreen, RowList
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import gradcheck
from tests._app import DARK, AppTester, experiment, in_app


async def opened(tester: AppTester) -> RowList:
    """Open the gradient check of the first pass and return its list."""
    await tester.press("f", "b", "g")
    await tester.wait_until(
        lambda: isinstance(tester.app.screen, CheckScreen) and bool(tester.app.screen.query(RowList))
    )
    await tester.settle()
    return tester.app.screen.query_one(RowList)


def names(tester: AppTester) -> list[str]:
    """Return the parameters on screen from top to bottom; the highlighted one has an arrow."""
    return re.findall(r"(▸ [wb]\d\[[\d,]+\]|(?<=  )[wb]\d\[[\d,]+\]) +[−+]?\d", tester.all_text())


@in_app("xor")
async def test_enter_selects_the_highlighted_parameter_and_closes(tester: AppTester) -> None:
    page = await opened(tester)
    shown = names(tester)
    assert shown[0].startswith("▸ ") and len(shown) == 17
    await tester.press("down", "j", "up", "down")
    await tester.wait_until(lambda: names(tester)[2].startswith("▸ ") and page.row == 2)
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: f" {shown[2]}: in pass 1 backprop found " in tester.text("message"))
    ref = tester.session.ref
    typed = f"{ref.quantity}{ref.layer + 1}[{ref.unit + 1}" + (f",{ref.input + 1}]" if ref.is_weight else "]")
    assert typed == shown[2]
    await tester.wait_until(
        lambda: tester.session.cursor == tester.session.pass_steps.after("backward"), "the cursor stays"
    )


@in_app("xor", (80, 24))
async def test_a_click_selects_and_the_last_row_can_be_reached(tester: AppTester) -> None:
    page = await opened(tester)
    await tester.press("end")
    last = names(tester)[-1]
    assert last.startswith("▸ ") and page.row == 16
    await tester.press("home")
    await tester.wait_until(
        lambda: "The check compares" in tester.all_text(), "above the first row stands what there is to read"
    )
    lines = tester.all_text().split("\n")
    wanted = names(tester)[3]
    y = next(k for k, line in enumerate(lines) if f" {wanted} " in line)
    await tester.pilot.click(offset=(20, y))
    await tester.wait_until(lambda: f" {wanted}: in pass 1 backprop found " in tester.text("message"))
    ref = tester.session.ref
    assert wanted == f"{ref.quantity}{ref.layer + 1}[{ref.unit + 1}" + (f",{ref.input + 1}]" if ref.is_weight else "]")


@in_app("iris")
async def test_escape_keeps_the_selection(tester: AppTester) -> None:
    await opened(tester)
    before = tester.session.ref
    await tester.press("down", "escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: tester.session.ref == before and "Gradients agree" in tester.text("message"))


@in_app("xor")
async def test_an_older_check_names_its_pass(tester: AppTester) -> None:
    await tester.press("n", "f", "b")
    tester.send("g")
    tester.main.show(stepping.whole_pass(tester.session))
    await tester.wait_until(
        lambda: isinstance(tester.app.screen, CheckScreen) and bool(tester.app.screen.query(RowList))
    )
    await tester.wait_until(lambda: "17 of 17 checked in pass 2" in tester.text("message"))
    grown = branches.show_edited(tester.session, apply_edit("units 1 = 1", tester.session.run, 2, 0))
    tester.main.show(grown)
    await tester.settle()
    page = tester.app.screen.query_one(RowList)
    page.row = next(k for k, name in enumerate(names(tester)) if "w1[4," in name)
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: tester.session.ref == grown.ref, "not another weight")
    await tester.wait_until(lambda: "is not in the network on screen" in tester.text("message"))


@in_app("xor")
async def test_the_dialog_keeps_its_pass_if_the_screen_behind_it_changes(tester: AppTester) -> None:
    await opened(tester)
    for _ in range(30):
        tester.main.show(stepping.whole_pass(tester.session))
    await tester.wait_until(lambda: tester.session.trace.update == 30)
    await tester.resize(90, 30)
    await tester.wait_until(lambda: "backpropagation in pass" in tester.all_text())
    await tester.wait_until(
        lambda: "checked in pass 1," in tester.all_text() and "backpropagation in pass 1," in tester.all_text()
    )
    await tester.press("down", "enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: "in pass 1 backprop found" in tester.text("message"))


def test_the_page_explains_the_comparison() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("xor-relu-exact"))))
    result = gradient_check(session.engine, session.trace)
    said = " ".join(line.text.strip() for line in gradcheck.introduction(result, session, DARK, 100))
    for words in ("(L(w + h) − L(w − h)) / 2h", "h = 6e-06 · max(1, |w|)", "tolerance is 1e-05", "pass 1", "4 samples"):
        assert words in said
    assert result.kinks and "kink: the loss has a corner between" in said and f"{result.kinks} at a kink" in said
    rows = [line.text for line in gradcheck.parameter_lines(result, DARK, 100)]
    assert len(rows) == len(result.checks) and all(
        line.endswith("kink") for line in map(str.rstrip, rows[-result.kinks :])
    )
    smooth = stepping.backward(stepping.forward(new_session(experiment("xor"))))
    found = gradient_check(smooth.engine, smooth.trace)
    errors = [float(line.text.split()[-1]) for line in gradcheck.parameter_lines(found, DARK, 100)]
    assert errors == sorted(errors, reverse=True), "worst first"
    assert "kink" not in " ".join(line.text for line in gradcheck.introduction(found, smooth, DARK, 100))
    refs = [gradcheck.ref_of(found, row, 2) for row in range(len(found.checks))]
    assert len(set(refs)) == found.parameters and all(ref.sample == 2 for ref in refs)
    assert {ref.key for ref in refs} == {QuantityKey("w"), QuantityKey("b")} and Ref("b", 1, 0, 0, 2) in refs


def test_the_page_fits_any_width_in_ascii_too() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("xor-relu-exact"))))
    result = gradient_check(session.engine, session.trace)
    palette = get_palette("mono", ascii=True)
    for width in (20, 60, 100):
        lines = [
            *gradcheck.introduction(result, session, palette, width),
            *gradcheck.parameter_lines(result, palette, width),
        ]
        assert all(line.cell_length == width and line.text.isascii() for line in lines)
        assert not any("?" in line.text for line in lines)
