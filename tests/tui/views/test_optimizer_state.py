"""What an optimiser keeps, after the update: shown beside the old, the trace's own numbers, explained, never stale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.steps import Zoom
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.expression import Num
from nn_tui.core.refs import STATE_LETTERS, Ref, parse_ref
from nn_tui.core.spec import Experiment, OptimizerSpec
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.matrix_navigation import adjacent_cell
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, begin, select
from nn_tui.tui.views import arithmetic, layer, selection
from nn_tui.tui.views.clipboard import clipboard_text
from tests._app import DARK, Hand, check_layer_view, close_to, experiment, in_app, layer_cells
from tests._moves import passed
from tests.tui.views.test_arithmetic import check_lines

KEEPING = ("momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
PARTS = ("w", "b")


def with_optimizer(optimizer: str, name: str = "xor") -> Experiment:
    """A preset with another optimiser."""
    given = experiment(name)
    return replace(given, training=replace(given.training, optimizer=OptimizerSpec(optimizer, 0.1)))


def titles(session: Session, width: int, height: int = 200) -> list[str]:
    """The lines of the layer view with the titles of what the optimiser keeps."""
    plan = layer.layout_layer(session, DARK.glyphs, width, height)
    lines = [strip.text for strip in draw_matrix(plan, DARK, 0, 0, width, plan.height)]
    return [re.sub(r" +", " ", line).strip() for line in lines if re.search(r" of [Wb]", line)]


@pytest.mark.parametrize("optimizer", KEEPING)
def test_the_new_arrays_are_those_of_the_state_after_the_pass(optimizer: str) -> None:
    session = passed(with_optimizer(optimizer), 3)
    engine, trace = session.engine, session.trace
    for index, slot in enumerate(engine.optimizer.slots):
        for part, arrays in zip(PARTS, trace.after.slot(index, engine.sizes), strict=True):
            for at, array in enumerate(arrays):
                found = quantity(engine, trace, f"m:{slot}:{part}_after", at)
                assert found.shape == array.shape and np.array_equal(found, array)
                assert not np.array_equal(found, quantity(engine, trace, f"m:{slot}:{part}", at))


@pytest.mark.parametrize("optimizer", KEEPING)
@pytest.mark.parametrize("width", [30, 55, 78, 160])
def test_every_new_number_is_drawn_once_the_update_has_come_to_it(optimizer: str, width: int) -> None:
    session = replace(begin(with_optimizer(optimizer)), zoom="unit")
    drawn: Sequence[str] = ()
    while session.cursor < session.pass_steps.end:
        session = stepping.next_stop(session)
        check_layer_view(session)
        new = [cell for cell in layer_cells(session) if cell.key.startswith("m:") and cell.key.endswith("_after")]
        drawn = [cell.text for cell in new if re.search(r"\d", cell.text)]
        assert session.step.phase == "update" or (new and not drawn), "blank until then, not last pass's"
    sizes, slots = session.engine.sizes, session.engine.optimizer.slots
    assert len(drawn) == len(slots) * sizes[-1] * (sizes[-2] + 1)
    assert len(titles(session, width)) >= len(slots)


@settings(max_examples=20)
@given(st.sampled_from(KEEPING), st.sampled_from(("pass", "layer", "operation", "unit")), st.integers(0, 60))
def test_stepping_back_takes_them_off_again(optimizer: str, zoom: Zoom, moves: int) -> None:
    session = replace(passed(with_optimizer(optimizer), 2), zoom=zoom)
    for _ in range(moves):
        session = stepping.previous_stop(session)
        check_layer_view(session)
    done = session.cursor >= session.pass_steps.end
    for slot in session.engine.optimizer.slots:
        for part in PARTS:
            assert session.is_known(Ref(f"m:{slot}:{part}"))
            assert session.is_known(Ref(f"m:{slot}:{part}_after", len(session.engine.sizes) - 2)) == done


@pytest.mark.parametrize("optimizer", KEEPING)
def test_what_one_pass_leaves_is_what_the_next_one_finds(optimizer: str) -> None:
    session = passed(with_optimizer(optimizer), 2)
    left = {
        (slot, part, at): quantity(session.engine, session.trace, f"m:{slot}:{part}_after", at).copy()
        for slot in session.engine.optimizer.slots
        for part in PARTS
        for at in range(2)
    }
    session = stepping.forward(session)
    for (slot, part, at), array in left.items():
        assert np.array_equal(array, quantity(session.engine, session.trace, f"m:{slot}:{part}", at))


@pytest.mark.parametrize("optimizer", KEEPING)
@pytest.mark.parametrize("digits", [2, 4, 6, None])
def test_its_arithmetic_comes_out_at_the_number_in_its_cell(optimizer: str, digits: int | None) -> None:
    session = replace(passed(with_optimizer(optimizer), 3), digits=digits)
    for slot in session.engine.optimizer.slots:
        for ref in (Ref(f"m:{slot}:w_after", 0, 2, 1), Ref(f"m:{slot}:b_after", 1, 0)):
            here = select(session, ref)
            lines = [strip.text.rstrip() for strip in arithmetic.document(here, DARK, 4000)]
            letter, value = STATE_LETTERS[slot], value_of(here.engine, here.trace, ref)
            assert lines[0].startswith(f"{optimizer} keeps of {'w₁[3,2]' if ref.is_weight else 'b₂[1]'}: {letter}′ = ")
            assert f"{letter}′₁[3,2]" == ref.symbol or f"{letter}′₂[1]" == ref.symbol
            assert len(lines) == 2 and close_to(lines[1].split(" = ")[-1], value)
            assert digits is not None or check_lines(lines) == 1
            followed = {number.ref.key for number in selection.factors(here) if number.ref is not None}
            part = ref.part.removesuffix("_after")
            assert followed == {f"m:{slot}:{part}", f"d{part}"}


@pytest.mark.parametrize("optimizer", KEEPING)
def test_the_arithmetic_of_the_new_parameter_leads_to_them(optimizer: str) -> None:
    session = select(passed(with_optimizer(optimizer), 2), Ref("w_after", 0, 1, 1))
    for slot in session.engine.optimizer.slots:
        ref = Ref(f"m:{slot}:w_after", 0, 1, 1)
        number = Num(value_of(session.engine, session.trace, ref), ref)
        there = selection.follow(session, selection.factors(session).index(number))
        assert there.ref == ref and layer.cell_of(there) == Cell(ref.key, 1, 1)
        assert {Cell("w_after", 1, 1), Cell(f"m:{slot}:w", 1, 1)} <= layer.related_cells(there).keys()
        bias = select(session, Ref(f"m:{slot}:b_after", 0, 1))
        keys = {cell.key for cell in layer.related_cells(bias)}
        assert {"b", "db", "b_after", f"m:{slot}:b"} <= keys and not {"w", "dw", "w_after"} & keys


def test_what_is_kept_of_a_frozen_parameter_stays_and_says_so() -> None:
    session = select(passed(experiment("ravine-adam"), 2), Ref("m:v:b_after"))
    found = explain(session.engine, session.trace, session.ref)
    assert found.value == value_of(session.engine, session.trace, session.ref) == 0.0 and "frozen" in found.formula
    assert found.lines[0][0] == "frozen: v′ = v = "
    assert layer.layout_layer(session, DARK.glyphs, 80).bands[-1].blocks[-1].block.note == "frozen"


M, V = "m of W₁ 1×2 old m of b₁", "v of W₁ 1×2 old v of b₁"
NEW_M, NEW_V = "m′ of W₁ 1×2 m′ of b₁", "v′ of W₁ 1×2 v′ of b₁"


@pytest.mark.parametrize(
    ("name", "width", "expected"),
    [
        ("ravine-adam", 55, [f"{M} {NEW_M}", f"{V} {NEW_V}"]),
        ("ravine-adam", 50, [M, NEW_M, V, NEW_V]),
        ("ravine-momentum", 55, [f"{V} {NEW_V}"]),
    ],
)
def test_old_and_new_stand_side_by_side_where_there_is_room(name: str, width: int, expected: list[str]) -> None:
    assert titles(passed(experiment(name), 2), width) == expected


def test_a_wide_matrix_has_the_whole_name() -> None:
    found = titles(passed(with_optimizer("rmsprop", "iris"), 1), 100)
    assert found[0] == "mean square of W₁ 10×4 old s of b₁ mean square′ of W₁ 10×4 s′ of b₁"


STEP = "ΔW₁ 8×1 Δb₁ 8 W₁′ 8×1 b₁′ 8"
OLD, NEW, OLD_V = "m of W₁ m of b₁", "m′ of W₁ m′ of b₁", "v of W₁ v of b₁ v′ of W₁ v′ of b₁"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (44, [f"{OLD} {NEW}", OLD_V]),
        (78, [f"{STEP} {OLD} {NEW}", OLD_V]),
        (118, [f"{STEP} {OLD} {NEW} {OLD_V}"]),
    ],
)
def test_narrow_arrays_stand_beside_the_new_parameters(width: int, expected: list[str]) -> None:
    assert titles(passed(experiment("sine"), 2), width, 1) == expected


def test_before_the_update_the_arithmetic_says_what_it_needs() -> None:
    session = select(begin(experiment("ravine-adam")), Ref("m:m:w_after"))
    lines = [strip.text.rstrip() for strip in arithmetic.document(session, DARK, 100)]
    assert lines == ["m′₁[1,1] is not computed yet in this pass: it needs update (u)."]
    assert clipboard_text(session) == (lines[0].replace("(u)", "(`u`)"), "")


def test_a_new_array_is_copied_with_every_digit() -> None:
    session = select(passed(experiment("ravine-adam"), 2), Ref("m:m:w_after"))
    what, text = clipboard_text(session)
    values = session.trace.after.slot(0, session.engine.sizes)[0][0]
    assert what == "m′₁ (1×2, every digit)"
    assert np.array_equal([[float(number) for number in line.split("\t")] for line in text.splitlines()], values)


@pytest.mark.parametrize("text", ["v'1[1,2]", "v1'[1,2]", "V′₁[1,2]", "v_after1[1,2]"])
def test_they_are_found_by_name(text: str) -> None:
    session = passed(experiment("ravine-momentum"), 2)
    assert selection.select_by_name(session, text).ref == Ref("m:velocity:w_after", 0, 0, 1)
    assert selection.select_by_name(session, "v'1[1]").ref == Ref("m:velocity:b_after")


def test_a_name_that_the_optimiser_does_not_keep_is_refused() -> None:
    with pytest.raises(InputError, match=r'keeps no "m"; it keeps v \(velocity\)'):
        parse_ref("m'1[1,1]", (2, 1), slots=("velocity",))


def test_another_optimiser_leaves_the_selection_at_the_new_parameter() -> None:
    session = select(passed(experiment("ravine-sgd"), 1), Ref("m:velocity:w_after", 0, 0, 1))
    assert session.ref == Ref("w_after", 0, 0, 1)


def test_down_from_the_new_parameter_come_the_new_arrays() -> None:
    session = passed(experiment("ravine-adam"), 2)
    plan = layer.layout_layer(session, DARK.glyphs, 55)
    cell = Cell("w_after", 0, 1)
    reached = []
    for _ in range(2):
        cell = adjacent_cell(plan, cell, 1, 0)
        reached.append(cell)
    assert reached == [Cell("m:m:w_after", 0, 1), Cell("m:v:w_after", 0, 1)]


@in_app("ravine-adam")
async def test_after_the_update_the_new_m_and_v_are_on_screen(hand: Hand) -> None:
    await hand.press("f", "b")
    await hand.wait_until(lambda: "m′ of W₁" in hand.text("layer") and "old" not in hand.text("layer"))
    await hand.press("u", "down")
    session = hand.session
    await hand.wait_until(
        lambda: session.ref == Ref("m:m:w_after") and hand.title("arithmetic").strip().endswith("m′₁[1,1]")
    )
    await hand.wait_until(
        lambda: (
            "[+0.9000]" in hand.text("layer") and "(1 − 0.9) × (9.0000 − 0.0000) = 0.9000" in hand.text("arithmetic")
        )
    )
    await hand.press("backspace")
    check_layer_view(hand.session)
    blank = hand.text("layer").split("m′ of W₁")[1]
    assert "·" in blank and "old" not in blank
