"""Tests of following the numbers of the arithmetic, and of selecting a number by its name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell
from nn_tui.tui.session import selection, stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views import layer as layer_view
from tests._app import DARK, close_to, experiment, layer_cells
from tests._explanations import NUMBERS, experiments, known, refs_of
from tests._moves import session_after_passes
from tests.tui.views._printed import WITH_STATE, cell_of, drawn_number, refs_of_every_kind, with_optimizer

PICKS = st.lists(st.integers(0, 50), min_size=1, max_size=6)


@settings(max_examples=20)
@given(experiments(), st.integers(1, 3), NUMBERS, st.booleans())
def test_following_a_number_selects_the_cell_that_it_names(
    made: Experiment, count: int, numbers: tuple[int, int, int, int], batch: bool
) -> None:
    session = replace(session_after_passes(made, count), batch=batch)
    for ref in refs_of_every_kind(session, numbers):
        here = select(session, ref)
        for index, number in enumerate(selection.factors(here)):
            there = selection.follow(here, index)
            value = value_of(there.engine, there.trace, there.ref)
            assert there.ref == number.ref and np.array_equal(value, known(number), equal_nan=True)
            cell = cell_of(there)
            if cell is not None:
                assert close_to(drawn_number(there, cell), value), (ref, number.ref)
            assert selection.follow_back(there).ref == here.ref


@pytest.mark.parametrize("optimizer", WITH_STATE)
def test_the_state_can_be_followed_from_the_new_parameter(optimizer: str) -> None:
    session = select(session_after_passes(with_optimizer(optimizer), 2), Ref("w", 0, 1, 1, after=True))
    for slot in session.engine.optimizer.slots:
        ref = Ref("state_w", 0, 1, 1, slot=slot, after=True)
        refs = [number.ref for number in selection.factors(session)]
        there = selection.follow(session, refs.index(ref))
        assert there.ref == ref and layer_view.cell_of(there) == Cell(BlockKey(ref.key, 0), 1, 1)


@pytest.mark.parametrize("text", ["v'1[1,2]", "v1'[1,2]", "V′₁[1,2]", "v_after1[1,2]"])
def test_new_state_is_found_by_its_name(text: str) -> None:
    session = session_after_passes(experiment("ravine-momentum"), 2)
    assert selection.select_by_name(session, text).ref == Ref("state_w", 0, 0, 1, slot="velocity", after=True)
    assert selection.select_by_name(session, "v'1[1]").ref == Ref("state_b", slot="velocity", after=True)


def test_a_selection_of_state_that_is_missing_moves_to_the_parameter() -> None:
    ref = Ref("state_w", 0, 0, 1, slot="velocity", after=True)
    session = select(session_after_passes(experiment("ravine-sgd"), 1), ref)
    assert session.ref == Ref("w", 0, 0, 1, after=True)


@settings(max_examples=60)
@given(experiments(), st.integers(1, 3), NUMBERS, st.integers(0, 30), PICKS)
def test_numbers_can_be_followed_and_taken_back(
    made: Experiment, passes: int, numbers: tuple[int, int, int, int], which: int, picks: list[int]
) -> None:
    session = session_after_passes(made, passes)
    refs = refs_of(made, session.trace.n, numbers)
    session = select(session, refs[which % len(refs)])
    visited = [session.ref]
    for pick in picks:
        found = selection.factors(session)
        if not found:
            assert selection.follow(session).ref == session.ref
            break
        number = found[pick % len(found)]
        there = selection.follow(session, pick % len(found))
        assert there.ref == number.ref and there.cursor == session.cursor
        value = value_of(there.engine, there.trace, there.ref)
        assert value == number.value or value != value
        cell = layer_view.cell_of(there)
        if cell is not None:
            drawn = {each.cell: each.text for each in layer_cells(there)}
            assert close_to(drawn[cell], value)
        session = there
        visited.append(session.ref)
    for ref in reversed(visited[:-1]):
        session = selection.follow_back(session)
        assert session.ref == ref
    assert not session.follow_stack


def test_a_message_says_why_nothing_can_be_followed() -> None:
    session = new_session(experiment("xor"))
    assert "not computed yet" in str(selection.follow(select(session, Ref("dw"))).message)
    assert "is given" in str(selection.follow(select(session, Ref("x"))).message)
    frozen = select(stepping.whole_pass(new_session(experiment("mazur"))), Ref("step_b"))
    assert str(selection.follow(frozen).message) == "Δb₁[1] is 0 because its parameter is frozen."
    assert "There is no earlier selection" in str(selection.follow_back(session).message)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("w2[1,3]", Ref("w", 1, 0, 2, 2)),
        ("b1[2]", Ref("b", 0, 1, 0, 2)),
        ("x2", Ref("x", 0, 1, 0, 2)),
        ("dw1[2,1]", Ref("dw", 0, 1, 0, 2)),
        ("l1", Ref("term", 0, 0, 0, 2)),
        ("z1[2]@4", Ref("z", 0, 1, 0, 3)),
        ("w2[1,3]@1", Ref("w", 1, 0, 2, 0)),
        ("loss@2", Ref("loss", sample=1)),
    ],
)
def test_a_number_is_found_by_its_name_for_the_sample_on_screen(text: str, ref: Ref) -> None:
    session = select(session_after_passes(experiment("xor"), 1), Ref("w", sample=2))
    assert selection.select_by_name(session, text).ref == ref
    with pytest.raises(InputError):
        selection.select_by_name(session, "w9[1,1]")
    with pytest.raises(InputError, match="the batch has samples 1 to 4"):
        selection.select_by_name(session, "z1[2]@5")


def test_state_is_found_by_its_letter() -> None:
    session = session_after_passes(experiment("ravine-momentum"), 2)
    found = selection.select_by_name(session, "v1[1,2]")
    assert found.ref.key == QuantityKey("state_w", "velocity") and layer_view.cell_of(found) is not None
    assert "velocity" in arithmetic.document(found, DARK, 100)[0].text
