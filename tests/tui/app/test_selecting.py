"""Tests of selecting numbers, following factors, the batch view and the landscape, on the running app."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from textual.widgets import Input, Label

from nn_tui.core.analysis.landscape import GridPlan
from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell
from nn_tui.tui.draw.network import unit_at
from nn_tui.tui.screens.landscape import LandscapeScreen, LandscapeWidget
from nn_tui.tui.screens.prompt import TextPrompt
from nn_tui.tui.session import display, selection, stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.network import edge_hit, network_view
from tests._app import DARK, AppTester, check_layer_view, close_to, experiment, in_app, layer_cells, number, screen_text
from tests._explanations import known
from tests.tui.draw._matrix import locate_cell

KEYS_TESTED = {"select", "factor", "follow", "follow_back", "batch", "landscape"}
SIZES = [(80, 24), (120, 40), (200, 60)]


async def named(tester: AppTester, text: str) -> None:
    """Select a number by typing its name."""
    await tester.press("slash")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TextPrompt))
    tester.app.screen.query_one(Input).value = text
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


def framed(text: str) -> list[str]:
    """Return the text in the frame of the selection."""
    return re.findall(r"▐ *([ +−][\d.e+-]+)▌", text)


@in_app()
async def test_a_name_selects_the_number_everywhere(tester: AppTester) -> None:
    await tester.press("f", "b")
    await named(tester, "w2[1,3]")
    session = tester.session
    assert session.ref == Ref("w", 1, 0, 2, 2)
    await tester.wait_until(
        lambda: tester.title("layer").startswith("Layer 2") and "w₂[1,3]" in tester.title("arithmetic")
    )
    value = value_of(session.engine, session.trace, session.ref)
    await tester.wait_until(lambda: any(close_to(text, value) for text in framed(tester.text("layer"))))
    network = tester.text("network")
    assert network.count("[") >= 2, "both ends of the edge are lit"
    await named(tester, "x2")
    await tester.wait_until(lambda: tester.session.ref.quantity == "x" and framed(tester.text("layer")) == [" 0.0000"])
    await named(tester, "loss")
    await tester.wait_until(
        lambda: tester.session.ref == Ref("loss", sample=2) and "L = sum" in tester.text("arithmetic")
    )


@in_app(size=(80, 24))
async def test_an_invalid_name_is_reported_inline_and_selects_nothing(tester: AppTester) -> None:
    before = tester.session.ref
    await tester.press("slash")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TextPrompt))
    tester.app.screen.query_one(Input).value = "w9[1,1]"
    await tester.press("enter")
    await tester.wait_until(
        lambda: "layers go from 1 to 2" in str(tester.app.screen.query_one("#problem", Label).content)
    )
    await tester.press("escape")
    await tester.wait_until(lambda: tester.session.ref == before)


@in_app("mazur")
async def test_a_weight_numbered_as_in_a_book_is_offered_by_its_cell(tester: AppTester) -> None:
    await tester.press("slash")
    await tester.wait_until(lambda: isinstance(tester.app.screen, TextPrompt))
    await tester.press("w", "5", "enter")
    await tester.wait_until(lambda: 'Did you mean "w2[1,1]"? (tab' in screen_text(tester.app))
    await tester.press("tab")
    assert tester.app.screen.query_one(Input).value == "w2[1,1]"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main and tester.session.ref == Ref("w", 1))


@in_app("mazur")
async def test_a_name_with_two_meanings_says_how_to_write_the_other(tester: AppTester) -> None:
    await named(tester, "w2")
    await tester.wait_until(lambda: tester.session.ref == Ref("w", 1))
    await tester.wait_until(lambda: "through all layers, type w1[1,2]." in tester.text("message"))
    await named(tester, "w1")
    await tester.wait_until(lambda: tester.session.ref == Ref("w") and "through all" not in tester.text("message"))


@in_app(size=(200, 60))
async def test_factors_are_highlighted_followed_and_left(tester: AppTester) -> None:
    await tester.press("f", "b")
    await named(tester, "dw1[1,1]")
    found = selection.factors(tester.session)
    await tester.press("semicolon", "semicolon")
    await tester.wait_until(lambda: selection.highlighted(tester.session) == 1)
    await tester.wait_until(
        lambda: f"2 of {len(found)}" in tester.text("message") and "> goes to it" in tester.text("message")
    )
    target = found[1].ref
    await tester.press("greater_than_sign")
    await tester.wait_until(lambda: tester.session.ref == target == Ref("slope", 0, 0, 0, 2))
    await tester.wait_until(
        lambda: framed(tester.text("layer")) and close_to(framed(tester.text("layer"))[0], known(found[1]))
    )
    await tester.wait_until(lambda: "Return" in tester.text("footer"))
    await tester.press("less_than_sign")
    await tester.wait_until(lambda: tester.session.ref == Ref("dw", sample=2) and not tester.session.follow_stack)
    await tester.press("less_than_sign")
    await tester.wait_until(lambda: "no earlier selection" in tester.text("message"))
    await named(tester, "x1")
    await tester.press("greater_than_sign")
    await tester.wait_until(lambda: tester.session.ref.quantity == "x" and "is given" in tester.text("message"))
    await tester.press("semicolon")
    await tester.wait_until(lambda: selection.highlighted(tester.session) == -1)


@in_app()
async def test_a_click_on_a_number_of_the_arithmetic_follows_it(tester: AppTester) -> None:
    await tester.press("f", "b")
    await named(tester, "z2[1]")
    panel = tester.widget("arithmetic")
    size = panel.size
    spot = next(
        (x, y)
        for y in range(size.height)
        for x in range(size.width)
        if arithmetic.hit(tester.session, DARK, size.width, size.height, x, y) == 1
    )
    await tester.pilot.click("#arithmetic", offset=(spot[0] + 1, spot[1] + 1))
    await tester.wait_until(lambda: tester.session.ref == Ref("a", 0, 0, 0, 2))
    await tester.wait_until(lambda: tester.session.follow_stack[-1] == Ref("z", 1, 0, 0, 2))
    before = tester.session.ref
    await tester.pilot.click("#arithmetic", offset=(2, 1))
    await tester.wait_until(lambda: tester.session.ref == before, "words lead nowhere")


@in_app(size=(200, 60))
async def test_a_tall_panel_shows_every_layer_and_the_selection_moves_across(tester: AppTester) -> None:
    await tester.press("f", "b", "u")
    await tester.wait_until(lambda: "W₁ 4×2" in tester.text("layer"))
    await tester.wait_until(lambda: "W₂ 1×4" in tester.text("layer"))
    await tester.wait_until(lambda: "dW₂ 1×4" in tester.text("layer"))
    await named(tester, "w'1[4,1]")
    await tester.wait_until(lambda: tester.session.ref.layer == 0)
    await tester.press("down")
    await tester.wait_until(lambda: tester.session.ref.key == QuantityKey("dx"))
    await tester.press("down")
    await tester.wait_until(lambda: tester.session.ref.layer == 1 and tester.session.ref.key == QuantityKey("w"))
    await tester.wait_until(
        lambda: tester.text("layer").count(" W₁ 4×2") == 1 and len(framed(tester.text("layer"))) == 1
    )
    await tester.press("up", "up")
    await tester.wait_until(
        lambda: (tester.session.ref.layer, tester.session.ref.unit) == (0, 3), "the last row of the layer above"
    )
    panel = tester.widget("layer")
    plan = layer_view.layout_layer(tester.session, DARK.glyphs, panel.size.width, panel.size.height)
    place = locate_cell(plan, Cell(BlockKey(QuantityKey("dz"), 1), 0, 0))
    assert place is not None
    await tester.pilot.click("#layer", offset=(place[0] + 2, place[1] + 1))
    await tester.wait_until(lambda: tester.session.ref == Ref("dz", 1, 0, tester.session.ref.input, 2))


@pytest.mark.parametrize("size", SIZES)
def test_inputs_and_targets_have_cells_of_their_own(size: tuple[int, int]) -> None:
    @in_app("mazur", size)
    async def check(tester: AppTester) -> None:
        await tester.press("f", "b")
        check_layer_view(tester.session)
        await named(tester, "y2")
        await tester.wait_until(lambda: [float(text) for text in framed(tester.text("layer"))] == [0.99])
        await named(tester, "l1")
        term = float(tester.session.trace.terms[0, 0])
        await tester.wait_until(lambda: close_to(framed(tester.text("layer"))[0], term))
        await named(tester, "x1")
        await tester.wait_until(lambda: [float(text) for text in framed(tester.text("layer"))] == [0.05])
        await named(tester, "σ′1[2]")
        await tester.wait_until(
            lambda: close_to(
                framed(tester.text("layer"))[0],
                value_of(tester.session.engine, tester.session.trace, tester.session.ref),
            )
        )

    check()


@in_app("ravine-momentum")
async def test_the_state_of_the_optimiser_can_be_selected(tester: AppTester) -> None:
    await tester.press("n", "n")
    await named(tester, "v1[1,2]")
    await tester.wait_until(lambda: tester.session.ref.key == QuantityKey("state_w", "velocity"))
    await tester.wait_until(lambda: "v₁[1,2]" in tester.title("arithmetic"))
    session = tester.session
    await tester.wait_until(
        lambda: close_to(framed(tester.text("layer"))[0], value_of(session.engine, session.trace, session.ref))
    )
    await tester.wait_until(lambda: "velocity" in tester.text("arithmetic"))


@in_app()
async def test_an_edge_of_the_network_is_its_weight(tester: AppTester) -> None:
    await tester.press("f")
    panel = tester.widget("network")
    found = {
        edge_hit(tester.session, DARK, panel.size.width, panel.size.height, x, y): (x, y)
        for y in range(panel.size.height)
        for x in range(panel.size.width)
        if unit_at(network_view(tester.session), DARK, panel.size.width, panel.size.height, x, y) is None
    }
    refs = {ref for ref in found if ref is not None}
    assert {ref.layer for ref in refs} == {0, 1} and len(refs) >= 8
    ref = Ref("w", 0, 0, 0, 2)
    x, y = found[ref]
    await tester.pilot.click("#network", offset=(x + 1, y + 1))
    await tester.wait_until(lambda: tester.session.ref == ref)


@in_app()
async def test_the_corresponding_cells_of_the_other_matrices_are_marked(tester: AppTester) -> None:
    await tester.press("f", "b", "u")
    await named(tester, "w1[2,2]")
    await tester.wait_until(lambda: tester.text("layer").count("▸") == 3, "dW, ΔW and W′")
    await named(tester, "b1[2]")
    await tester.wait_until(lambda: tester.text("layer").count("▸") == 3)
    await tester.press("f")
    await named(tester, "w1[2,2]")
    await tester.wait_until(lambda: tester.text("layer").count("▸") == 0, "nothing else is computed yet")


@in_app(size=(120, 40))
async def test_the_history_of_a_number_is_drawn_at_rest(tester: AppTester) -> None:
    await tester.press("f", "b")
    await tester.wait_until(lambda: "passes 1 to" not in tester.text("arithmetic"), "one pass is no history")
    await tester.press("u", "n", "n", "f", "b")
    await named(tester, "b1[1]")
    await tester.wait_until(lambda: "passes 1 to 4" in tester.text("arithmetic"))
    text = tester.text("arithmetic")
    assert "value" in text and "gradient" in text
    past = tester.session.history
    assert past is not None and len(past.values) == 4 == len(past.gradients)
    first = re.search(r"value +\S+ (\S+) → (\S+)", text)
    assert first and close_to(first[1], past.values[0]) and close_to(first[2], past.values[-1])
    await tester.press("r")
    await tester.wait_until(lambda: tester.session.updates_done > 6)
    await tester.wait_until(lambda: tester.session.running and tester.session.history is None)
    await tester.press("r")
    await tester.wait_until(lambda: not tester.session.running and tester.session.history is not None)


@in_app()
async def test_an_activation_shows_its_curve_and_its_tangent(tester: AppTester) -> None:
    await tester.press("f")
    await named(tester, "a1[1]")
    await tester.wait_until(lambda: "−4.0" in tester.text("arithmetic"))
    text = tester.text("arithmetic")
    assert "+4.0" in text and "●" in text
    await named(tester, "z1[1]")
    await tester.wait_until(lambda: "+4.0" not in tester.text("arithmetic"))
    await named(tester, "a1[1]")
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is not tester.main)
    await tester.wait_until(lambda: "+4.0" in screen_text(tester.app))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["xor", "iris", "digits"])
def test_the_batch_view_shows_every_sample(size: tuple[int, int], preset: str) -> None:
    @in_app(preset, size)
    async def check(tester: AppTester) -> None:
        await tester.press("f", "b", "left_square_bracket", "B")
        session = tester.session
        await tester.wait_until(
            lambda: session.batch and (f"batch of {session.trace.n}" in tester.title("layer") or size == (80, 24))
        )
        cells = layer_cells(session)
        for drawn in cells[:200]:
            ref = layer_view.ref_of(session, drawn.cell)
            assert close_to(drawn.text, value_of(session.engine, session.trace, ref)), drawn
        layer = session.ref.layer
        rows = [number(each.text) for each in cells if each.array == QuantityKey("dz") and each.cell.col == 0]
        total = next(number(each.text) for each in cells if each.array == QuantityKey("db"))
        assert len(rows) == session.trace.n
        assert sum(rows) == pytest.approx(total, abs=6e-5 * len(rows))
        await named(tester, f"z{layer + 1}[1]")
        sample = tester.session.ref.sample
        await tester.press("down")
        await tester.wait_until(lambda: tester.session.ref.sample == sample + 1, "a row down is the next sample")
        await tester.press("B")
        await tester.wait_until(lambda: not tester.session.batch)

    check()


@in_app()
async def test_the_batch_shows_nothing_before_it_is_computed(tester: AppTester) -> None:
    await tester.press("B")
    check_layer_view(tester.session)
    await tester.press("z", "z")
    for _ in range(30):
        await tester.press("space")
        check_layer_view(tester.session)


@in_app()
async def test_the_selected_sample_is_marked_among_the_terms(tester: AppTester) -> None:
    await tester.press("f", "b")
    await named(tester, "dw1[1,1]")
    await tester.press("comma")
    await tester.wait_until(lambda: "▸ sample 2: " in tester.text("arithmetic"))
    marked = [line for line in tester.text("arithmetic").split("\n") if line.startswith("▸")]
    assert len(marked) == 1 and marked[0].startswith("▸ sample 2: ")


# The landscape


def slice_text(tester: AppTester) -> str:
    widget = tester.app.screen.query_one(LandscapeWidget)
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


@pytest.mark.parametrize("size", SIZES)
def test_the_landscape_changes_to_two_weights_and_is_redrawn(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def check(tester: AppTester) -> None:
        await tester.press("n", "n", "n")
        await named(tester, "w1[2,1]")
        await tester.press("w")
        await tester.wait_until(lambda: isinstance(tester.app.screen, LandscapeScreen))
        await tester.wait_until(lambda: "direction 1" in slice_text(tester))
        first = slice_text(tester)
        assert "◉" in first and "(log scale)" in first and "path" in first
        title = str(tester.app.screen.query_one("#landscape").border_title)
        assert "after update 3" in title and "random" in title
        await tester.press("r")
        await tester.wait_until(lambda: "direction 1" in slice_text(tester) and slice_text(tester) != first)
        await tester.press("w")
        await tester.wait_until(lambda: "w₁[2,1]" in slice_text(tester))
        await tester.wait_until(lambda: "w₁[2,2]" in slice_text(tester))
        await tester.press("escape")
        await tester.wait_until(lambda: tester.app.screen is tester.main and tester.session.trace.update == 3)

    check()


@pytest.mark.parametrize(("preset", "title"), [
    ("local-minimum-full", "after update 3 · w₁[1,1]"), ("ravine-adam", "after update 3 · w₁[1,1] and w₁[1,2]"),
])  # fmt: skip
@pytest.mark.parametrize("size", SIZES)
def test_a_network_of_one_or_two_trained_parameters_has_these_as_axes(
    size: tuple[int, int], preset: str, title: str
) -> None:
    @in_app(preset, size)
    async def check(tester: AppTester) -> None:
        await tester.press("n", "n", "n", "w")
        await tester.wait_until(lambda: isinstance(tester.app.screen, LandscapeScreen))
        await tester.wait_until(lambda: "◉" in slice_text(tester) and "○ start" in slice_text(tester))
        frame = tester.app.screen.query_one("#landscape")
        assert str(frame.border_title).endswith(title)
        assert "random" not in str(frame.border_title) + str(frame.border_subtitle)
        before = slice_text(tester)
        await tester.press("w", "r")
        await tester.wait_until(lambda: slice_text(tester) == before, "there are no other axes")

    check()


@in_app("mazur")
async def test_the_axes_of_chosen_weights_are_trained(tester: AppTester) -> None:
    await named(tester, "b1[1]")
    await tester.press("w", "w")
    await tester.wait_until(
        lambda: "w₁[1,1] and w₁[1,2]" in str(tester.app.screen.query_one("#landscape").border_title)
    )


async def edited(tester: AppTester, text: str) -> None:
    """Type a change of the run."""
    count = len(tester.session.runs)
    await tester.press("e", *("space" if each == " " else each for each in text), "enter")
    await tester.wait_until(lambda: len(tester.session.runs) == count + 1)


@in_app("xor", (120, 40))
async def test_without_trained_weights_the_landscape_has_biases_as_axes(tester: AppTester) -> None:
    await edited(tester, "freeze w1")
    await edited(tester, "freeze w2")
    await tester.press("w")
    await tester.wait_until(lambda: isinstance(tester.app.screen, LandscapeScreen))
    frame = tester.app.screen.query_one("#landscape")
    await tester.wait_until(lambda: "b₁[1] and b₁[2]" in str(frame.border_title))
    await tester.press("w", "r")
    await tester.wait_until(lambda: "◉" in slice_text(tester))
    assert "b₁[1] and b₁[2]" in str(frame.border_title) and str(frame.border_subtitle) == "esc closes"


@in_app("xor", (120, 40))
async def test_a_frozen_weight_is_no_axis(tester: AppTester) -> None:
    await edited(tester, "freeze w2")
    await named(tester, "w2[1,1]")
    await tester.press("w", "w")
    await tester.wait_until(lambda: "b₂[1] and w₁[1,1]" in str(tester.app.screen.query_one("#landscape").border_title))


def test_the_landscape_shows_progress_and_escape_cancels_it(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Event()
    cancelled: list[bool] = []

    def compute_a_quarter(plan: GridPlan, progress: Callable[[float], None], stop: Callable[[], bool]) -> None:
        progress(0.25)
        closed.wait(60)
        cancelled.append(stop())

    @in_app("digits")
    async def steps(tester: AppTester) -> None:
        await tester.press("n", "w")
        await tester.wait_until(lambda: isinstance(tester.app.screen, LandscapeScreen))
        await tester.wait_until(lambda: "25%, esc cancels" in slice_text(tester))
        await tester.press("escape")
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        closed.set()
        await tester.wait_until(lambda: cancelled == [True])
        await tester.press("n")
        await tester.wait_until(lambda: tester.session.updates_done == 2)

    monkeypatch.setattr("nn_tui.tui.screens.landscape.evaluate_grid", compute_a_quarter)
    steps()


@in_app("too-fast")
async def test_huge_parameters_have_no_landscape(tester: AppTester) -> None:
    session = tester.session
    session.run.goto(session.run.goto(3000))
    tester.main.show(stepping.goto(session, session.run.reached))
    await tester.press("w")
    await tester.wait_until(lambda: isinstance(tester.app.screen, LandscapeScreen))
    await tester.wait_until(lambda: "are too large; step back to see the landscape." in slice_text(tester))
    await tester.press("q")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


# The gradient of an input


@pytest.mark.parametrize("size", SIZES)
def test_the_gradient_of_an_input_has_a_highlighted_cell(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def steps(tester: AppTester) -> None:
        await tester.press("2", "f", "b", "full_stop")
        await named(tester, "dx1[2]")
        session = tester.session
        assert session.ref == Ref("dx", 0, 1, 0, session.ref.sample)
        value = value_of(session.engine, session.trace, session.ref)
        (shown,) = framed(tester.text("layer"))
        assert close_to(shown, value)
        row = re.compile(rf"^dx .*▐ *{re.escape(shown)}▌", re.MULTILINE)
        await tester.wait_until(lambda: row.search(tester.text("layer")))
        check_layer_view(session)
        # To δ that it is made of, and back.
        await tester.press("semicolon", "greater_than_sign")
        await tester.wait_until(lambda: tester.session.ref.key in (QuantityKey("dz"), QuantityKey("w")))
        await tester.press("less_than_sign")
        await tester.wait_until(lambda: tester.session.ref.quantity == "dx")
        await tester.press("Y")
        rows = [[float(text) for text in row.split("\t")] for row in tester.app.clipboard.split("\n")]
        assert rows == (session.trace.dz[0] @ session.trace.before.weights[0]).tolist()
        await tester.press("left")
        await tester.wait_until(lambda: tester.session.ref.quantity == "dx" and tester.session.ref.unit == 0)
        await tester.press("up")
        await tester.wait_until(lambda: tester.session.ref.key == QuantityKey("step_w"), "it is the last row")
        await tester.press("down")
        await tester.wait_until(lambda: tester.session.ref.quantity == "dx")

    steps()


@in_app("xor")
async def test_a_click_selects_the_gradient_of_an_input(tester: AppTester) -> None:
    await tester.press("f", "b", "left_square_bracket")
    lines = tester.text("layer").split("\n")
    y = next(k for k, line in enumerate(lines) if line.startswith("dx "))
    await tester.pilot.click(tester.widget("layer"), offset=(15, y + 1))
    await tester.wait_until(lambda: tester.session.ref.quantity == "dx")


def test_the_gradient_of_an_input_needs_every_unit() -> None:
    session = new_session(experiment("xor"))
    while session.zoom != "unit":
        session = display.next_zoom(session)
    ref = Ref("dx", 0, 1, 0, 2)
    for _ in range(60):
        session = stepping.next_stop(session)
        done = session.known_units("dz", 0)
        assert session.is_known(ref) == (done == session.engine.sizes[1])
        check_layer_view(session)
        check_layer_view(replace(session, batch=True))
        if session.cursor >= session.pass_steps.after("backward"):
            return
    raise AssertionError("the backward pass has no end")


def test_the_inputs_of_a_later_layer_are_the_outputs_of_the_previous_one() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("xor"))))
    found = selection.select_by_name(session, "dx2[3]")
    assert found.ref == Ref("da", 0, 2, 0, session.ref.sample)
    exact = session.trace.dz[1] @ session.trace.before.weights[1]
    assert value_of(session.engine, session.trace, found.ref) == exact[session.ref.sample, 2]


# Parameters that no update changes


@pytest.mark.parametrize("digits", [2, 4, 6, None])
@pytest.mark.parametrize(("bias", "weights"), [(False, True), (True, False), (False, False), (True, True)])
def test_a_frozen_parameter_is_labelled_and_has_a_gradient(digits: int | None, bias: bool, weights: bool) -> None:
    given = experiment("xor")
    first = replace(given.layers[0], train_bias=bias, train_weights=weights)
    session = replace(
        stepping.whole_pass(new_session(replace(given, layers=(first, *given.layers[1:])))), digits=digits
    )
    plan = layer_view.layout_layer(session, DARK.glyphs, 200)
    lines = [strip.text for strip in draw_matrix(plan, DARK, 0, 0, plan.width + 2, plan.height)]
    found: dict[QuantityKey, int] = {}
    for band in plan.bands:
        for placed in band.blocks:
            head = "".join(line[placed.x : placed.x + placed.width] for line in lines[band.y : band.top])
            found[placed.block.key.array] = head.count("frozen")
    frozen = {QuantityKey("w"), QuantityKey("step_w")} if not weights else set()
    frozen |= {QuantityKey("b"), QuantityKey("step_b")} if not bias else set()
    assert {key: count for key, count in found.items() if count} == dict.fromkeys(frozen, 1)
    assert np.abs(session.trace.db[0]).max() > 0 and np.abs(session.trace.dw[0]).max() > 0
    check_layer_view(session)


@pytest.mark.parametrize("digits", [4, None])
def test_the_gradient_of_the_inputs_has_names_and_is_the_last_row(digits: int | None) -> None:
    session = stepping.whole_pass(new_session(experiment("xor")))
    session = replace(select(session, replace(session.ref, layer=0, unit=0, input=0)), digits=digits)
    for height in (20, 40):
        plan = layer_view.layout_layer(session, DARK.glyphs, 57, height)
        lines = [strip.text for strip in draw_matrix(plan, DARK, 0, 0, 57, plan.height)]
        below = next((k for k, line in enumerate(lines) if " W₂ " in line), plan.height)
        under = next(k for k, line in enumerate(lines) if line.startswith("dx"))
        assert under == max(k for k, line in enumerate(lines[:below]) if re.search(r"\d", line)), "after W′"
        assert lines[under - 1].split() == ["x₁", "x₂"]
        names, values = re.finditer(r"\S+", lines[under - 1]), re.finditer(r"\S+", lines[under][2:])
        for name, value in zip(names, values, strict=True):
            assert value.start() + 2 <= name.start() < name.end() <= value.end() + 2


@in_app()
async def test_the_landscape_names_the_run_if_there_are_several(tester: AppTester) -> None:
    await tester.press("e", *"eta=0.25", "enter", "n", "w")
    await tester.wait_until(lambda: "Loss landscape" in tester.all_text())
    await tester.wait_until(lambda: "run 2 of 2" in tester.all_text())
