"""Tests of the layer view: the number in each cell, the state of the optimiser, and the quantities that are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.quantities import extent_of, quantity
from nn_tui.core.engine.steps import Zoom
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session, select
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.network import network_view
from tests._app import DARK, AppTester, check_layer_view, close_to, experiment, in_app, layer_cells
from tests._explanations import B_AFTER, KEYS, NUMBERS, W_AFTER, experiments
from tests._moves import session_after_passes
from tests.tui.views._printed import (
    STATE,
    WITH_STATE,
    cell_of,
    drawn_number,
    refs_of_every_kind,
    state_titles,
    with_optimizer,
)

DIGITS = st.sampled_from((2, 4, 6, None))
WIDTH, HEIGHT = 80, 20  # of a panel


@settings(max_examples=40)
@given(experiments(), st.integers(1, 3), NUMBERS, DIGITS, st.booleans())
def test_every_number_is_in_its_cell_with_the_digits_shown(
    made: Experiment, count: int, numbers: tuple[int, int, int, int], digits: int | None, batch: bool
) -> None:
    session = replace(session_after_passes(made, count), digits=digits, batch=batch)
    seen = set()
    for ref in refs_of_every_kind(session, numbers):
        here = select(session, ref)
        cell = cell_of(here)
        if cell is not None:
            assert close_to(drawn_number(here, cell), value_of(here.engine, here.trace, here.ref)), ref
            assert layer_view.ref_of(here, cell).symbol == here.ref.symbol, "a click on the cell selects it"
            seen.add(here.ref.key)
    assert batch or seen >= set(KEYS) - {QuantityKey("slope"), QuantityKey("loss")}


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_state_before_a_pass_is_in_its_cell(optimizer: str) -> None:
    session = session_after_passes(with_optimizer(optimizer), 3)
    slots = session.engine.optimizer.slots
    assert slots
    for index, slot in enumerate(slots):
        weights, biases = session.trace.before.slot(index)
        for ref, value in (
            (Ref("state_w", 0, 1, 1, slot=slot), float(weights[0][1, 1])),
            (Ref("state_b", 0, 1, slot=slot), float(biases[0][1])),
        ):
            here = select(session, ref)
            assert value_of(here.engine, here.trace, here.ref) == value != 0.0
            cell = cell_of(here)
            assert cell is not None and close_to(drawn_number(here, cell), value)


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_new_state_is_blank_until_the_update_computes_it(optimizer: str) -> None:
    session = replace(new_session(with_optimizer(optimizer)), zoom="unit")
    drawn: Sequence[str] = ()
    while session.cursor < session.pass_steps.end:
        session = stepping.next_stop(session)
        check_layer_view(session)
        new = [cell for cell in layer_cells(session) if cell.array.is_optimizer_state and cell.array.after]
        drawn = [cell.text for cell in new if re.search(r"\d", cell.text)]
        assert session.step.phase == "update" or (new and not drawn), "blank, not the numbers of the last pass"
    sizes, slots = session.engine.sizes, session.engine.optimizer.slots
    assert len(drawn) == len(slots) * sizes[-1] * (sizes[-2] + 1)
    for width in (30, 55, 78, 160):
        assert len(state_titles(session, width)) >= len(slots), width


@settings(max_examples=20)
@given(st.sampled_from(WITH_STATE), st.sampled_from(("pass", "layer", "operation", "unit")), st.integers(0, 60))
def test_stepping_back_blanks_the_new_state(optimizer: str, zoom: Zoom, moves: int) -> None:
    session = replace(session_after_passes(with_optimizer(optimizer), 2), zoom=zoom)
    for _ in range(moves):
        session = stepping.previous_stop(session)
        check_layer_view(session)
    done = session.cursor >= session.pass_steps.end
    for slot in session.engine.optimizer.slots:
        for name in STATE:
            assert session.is_known(Ref(name, slot=slot))
            assert session.is_known(Ref(name, len(session.engine.sizes) - 2, slot=slot, after=True)) == done


def test_the_state_of_a_frozen_parameter_stays_and_has_a_note() -> None:
    session = select(session_after_passes(experiment("ravine-adam"), 2), Ref("state_b", slot="v", after=True))
    found = explain(session.engine, session.trace, session.ref)
    assert found.value == value_of(session.engine, session.trace, session.ref) == 0.0 and "frozen" in line_text(
        found.formula
    )
    assert line_text(found.lines[0]) == "frozen: v′ = v = 0"
    blocks = [
        placed.block for band in layer_view.layout_layer(session, DARK.glyphs, 80).bands for placed in band.blocks
    ]
    assert next(block.note for block in blocks if block.key.array == session.ref.key) == "frozen"


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_related_cells_of_state_are_at_the_same_indices(optimizer: str) -> None:
    session = session_after_passes(with_optimizer(optimizer), 2)
    for slot in session.engine.optimizer.slots:
        weight = select(session, Ref("state_w", 0, 1, 1, slot=slot, after=True))
        expected = {Cell(BlockKey(key, 0), 1, 1) for key in (W_AFTER, QuantityKey("state_w", slot))}
        assert expected <= layer_view.related_cells(weight).keys()
        bias = select(session, Ref("state_b", 0, 1, slot=slot, after=True))
        expected = {Cell(BlockKey(key, 0), 1, 0) for key in (B_AFTER, QuantityKey("state_b", slot))}
        assert expected <= layer_view.related_cells(bias).keys()
        assert not any(cell.key.array.is_weight for cell in layer_view.related_cells(bias))


@in_app("ravine-adam")
async def test_the_new_state_is_on_screen_after_the_update(tester: AppTester) -> None:
    await tester.press("f", "b")
    await tester.wait_until(lambda: "m′ of W₁" in tester.text("layer") and "old" not in tester.text("layer"))
    await tester.press("u", "down")
    await tester.wait_until(lambda: tester.session.ref == Ref("state_w", slot="m", after=True))
    await tester.wait_until(lambda: "m′₁[1,1]" in tester.title("arithmetic"))
    await tester.wait_until(lambda: "▐+0.9000▌" in tester.text("layer"))
    await tester.wait_until(lambda: "(1 − 0.9) × (9.0000 − 0.0000) = 0.9000" in tester.text("arithmetic"))
    await tester.press("backspace")
    await tester.wait_until(lambda: "·" in tester.text("layer").split("m′ of W₁")[1])
    assert "old" not in tester.text("layer")
    check_layer_view(tester.session)


def draw_panels(session: Session) -> None:
    """Draw the layer and the network as the panels of a small screen do."""
    layout = layer_view.layout_layer(session, DARK.glyphs, WIDTH, HEIGHT)
    draw_matrix(layout, DARK, 0, 0, WIDTH, HEIGHT, layer_view.cell_of(session))
    draw_network(network_view(session), DARK, WIDTH, HEIGHT)


def test_selecting_another_unit_reads_no_matrix_again() -> None:
    session = stepping.whole_pass(new_session(experiment("digits")))
    draw_panels(session)
    extents = dict(session.trace.extents)
    assert not {key.quantity for key, _ in extents} & {"dw", "step_w"}, "dW and ΔW are below the window"
    for unit in range(1, 4):
        draw_panels(select(session, replace(session.ref, unit=unit)))
    assert session.trace.extents == extents and not session.trace.steps
    session = stepping.whole_pass(session)
    draw_panels(session)
    assert session.trace.extents.keys() == extents.keys(), "another pass has other numbers"
    assert session.trace.extents != extents


@pytest.mark.parametrize("preset", ["xor", "ravine-adam", "iris"])
def test_the_largest_magnitude_is_that_of_the_pass_on_screen(preset: str) -> None:
    session = new_session(experiment(preset))
    for _ in range(12):
        session = stepping.whole_pass(session)
        draw_panels(session)
        trace, engine = session.trace, session.engine
        assert trace.extents
        for (key, index), found in trace.extents.items():
            assert found == extent_of(quantity(engine, trace, key, index)), (trace.update, key, index)


def test_the_state_before_an_update_is_named_old() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("iris"))))
    for each, note in ((session, ""), (stepping.update(session), "old")):
        plan = layer_view.layout_layer(each, DARK.glyphs, 80, 60)
        notes = {placed.block.key.array: placed.block.note for band in plan.bands for placed in band.blocks}
        state_notes = {key: value for key, value in notes.items() if key.is_optimizer_state}
        assert state_notes == {
            QuantityKey(name, slot, after): "" if after else note
            for slot in ("m", "v")
            for name in STATE
            for after in (False, True)
        }


def test_the_title_of_the_targets_is_separated_from_the_next() -> None:
    session = stepping.forward(new_session(experiment("digits")))
    session = replace(session, ref=Ref("z", layer=1))
    plan = layer_view.layout_layer(session, DARK.glyphs, 55, 40)
    drawn = [strip.text for strip in draw_matrix(plan, DARK, 0, 0, 55, 40)]
    assert any("target y  loss 10" in line for line in drawn)
    title = next(line for line in drawn if "target y" in line)
    for line in drawn[drawn.index(title) + 1 :][:10]:
        assert len(line) == 55
        assert line[13] == " ", "the numbers stand below their titles"


def test_the_unit_of_a_perceptron_is_not_called_its_prediction() -> None:
    text = "\n".join(
        line.text for line in layer_view.draw(stepping.forward(new_session(experiment("and"))), DARK, 60, 20)
    )
    assert "unit 1" in text and "ŷ" not in text


def test_sums_over_a_batch_are_marked_beside_numbers_of_one_sample() -> None:
    of_a_batch, of_one_sample = (
        "\n".join(strip.text for strip in layer_view.draw(session_after_passes(experiment(preset), 1), DARK, 120, 40))
        for preset in ("xor", "mazur")
    )
    assert "dW₁ 4×2 Σₙ" in of_a_batch and "db₁ Σₙ" in of_a_batch and "δ₁ 4 " in of_a_batch
    assert "dW₁ 2×2" in of_one_sample and "Σₙ" not in of_one_sample
    assert "target y" in of_a_batch and "loss 1" not in of_a_batch, "it would read as a number"


@pytest.mark.parametrize("name", ["xor", "iris", "digits", "ravine-adam"])
def test_the_sizes_of_a_layer_are_those_of_its_layouts(name: str) -> None:
    session = new_session(experiment(name))
    for layer in range(len(session.engine.sizes) - 1):
        selected = select(session, Ref("w", layer, 0, 0))
        layouts = [layer_view.layout_layer(selected, DARK.glyphs, width, 1) for width in range(20, 160, 4)]
        sizes = list(layer_view.layer_sizes(selected, DARK.glyphs, range(20, 160, 4)))
        assert sizes == [(layout.width, layout.height, layout.max_column == 0) for layout in layouts]
        assert len(set(sizes)) > 1, "the width matters"
