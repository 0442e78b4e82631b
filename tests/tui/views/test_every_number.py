"""Of random small nets every kind of number, state of the optimiser and input gradients included, in both views.

What is printed is the trace's number to the digits shown, the terms add up to it, and following lands on the cell
that it names.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.refs import SYMBOLS, Ref
from nn_tui.core.spec import Experiment, OptimizerSpec
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.matrix_navigation import locate_cell
from nn_tui.tui.session.session import Session, select
from nn_tui.tui.views import arithmetic, selection
from nn_tui.tui.views import layer as layer_view
from tests._app import DARK, close_to, experiment
from tests._explanations import NUMBERS, experiments, refs_of
from tests._moves import passed
from tests.tui.views.test_arithmetic import check_lines, check_total

DIGITS = st.sampled_from((2, 4, 6, None))


def every_kind(session: Session, numbers: tuple[int, int, int, int]) -> list[Ref]:
    """An address of every quantity that there is, and of everything that the optimiser keeps."""
    refs = refs_of(session.experiment, session.trace.n, numbers)
    sizes = session.engine.sizes
    layer, unit, column, sample = numbers
    layer %= len(sizes) - 1
    for slot in session.engine.optimizer.slots:
        unit %= sizes[layer + 1]
        for after in ("", "_after"):
            refs += [
                Ref(f"m:{slot}:w{after}", layer, unit, column % sizes[layer]),
                Ref(f"m:{slot}:b{after}", layer, unit),
            ]
    return [*refs, Ref("dx", 0, unit % sizes[0], 0, sample % session.trace.n)]


def drawn(session: Session, cell: Cell) -> str:
    """The text of a cell of the layer view, with room for all of it."""
    plan = layer_view.layout_layer(session, DARK.glyphs, 10_000)
    place = locate_cell(plan, cell)
    assert place is not None, cell
    x, y, size = place
    line = draw_matrix(plan, DARK, 0, y, plan.width + 2, 1, cell)[0].text
    return line[x : x + size].strip("[]▸ ")


def cell_of(session: Session) -> Cell | None:
    """The selected number's cell, which every number has but the loss; the batch shows no steps and no state."""
    cell = layer_view.cell_of(session)
    if cell is None:
        key = session.ref.key
        assert key == "loss" or (session.batch and key.startswith(("b", "step", "w_after", "m:"))), key
    return cell


@settings(max_examples=40)
@given(experiments(), st.integers(1, 3), NUMBERS, DIGITS, st.booleans())
def test_every_number_is_printed_in_its_cell_to_the_digits_shown(
    made: Experiment, count: int, numbers: tuple[int, int, int, int], digits: int | None, batch: bool
) -> None:
    session = replace(passed(made, count), digits=digits, batch=batch)
    seen = set()
    for ref in every_kind(session, numbers):
        here = select(session, ref)
        cell = cell_of(here)
        if cell is not None:
            assert close_to(drawn(here, cell), value_of(here.engine, here.trace, here.ref)), ref
            assert layer_view.ref_of(here, cell).symbol == here.ref.symbol, "a click on the cell selects the same"
            seen.add(here.ref.key.partition(":")[0])
    assert batch or seen >= set(SYMBOLS) - {"slope"}


@settings(max_examples=40)
@given(experiments(), st.integers(1, 3), NUMBERS)
def test_the_terms_of_every_number_add_up_to_it(
    made: Experiment, count: int, numbers: tuple[int, int, int, int]
) -> None:
    session = replace(passed(made, count), digits=None)
    for ref in every_kind(session, numbers):
        here = select(session, ref)
        found = explain(here.engine, here.trace, here.ref)
        value = value_of(here.engine, here.trace, here.ref)
        if found.terms and math.isfinite(value):
            size = sum(abs(term.value) for term in found.terms)
            assert sum(term.value for term in found.terms) == pytest.approx(found.value, rel=1e-9, abs=1e-9 * size)
        if here.ref.key.startswith("m:") or here.ref.key == "dx":
            assert found.value == pytest.approx(value, rel=1e-12, abs=1e-300)
        lines = [strip.text.rstrip() for strip in arithmetic.document(here, DARK, 4000)]
        check_lines(lines)
        check_total(here, lines)


@settings(max_examples=20)
@given(experiments(), st.integers(1, 3), NUMBERS, st.booleans())
def test_from_every_number_following_lands_on_the_cell_that_it_names(
    made: Experiment, count: int, numbers: tuple[int, int, int, int], batch: bool
) -> None:
    session = replace(passed(made, count), batch=batch)
    for ref in every_kind(session, numbers):
        here = select(session, ref)
        for index, number in enumerate(selection.factors(here)):
            there = selection.follow(here, index)
            value = value_of(there.engine, there.trace, there.ref)
            assert there.ref == number.ref and np.array_equal(value, number.value, equal_nan=True)
            cell = cell_of(there)
            if cell is not None:
                assert close_to(drawn(there, cell), value), (ref, number.ref)
            assert selection.follow_back(there).ref == here.ref


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"])
def test_what_an_optimiser_keeps_is_before_the_pass_what_it_was_after_the_one_before(optimizer: str) -> None:
    given = experiment("xor")
    training = replace(given.training, optimizer=OptimizerSpec(optimizer, 0.1))
    session = passed(replace(given, training=training), 3)
    slots = session.engine.optimizer.slots
    assert slots
    for index, slot in enumerate(slots):
        for part in ("w", "b"):
            ref = Ref(f"m:{slot}:{part}", 0, 1, 1 if part == "w" else 0)
            here = select(session, ref)
            weights, biases = session.trace.before.slot(index, session.engine.sizes)
            value = float(weights[0][1, 1] if part == "w" else biases[0][1])
            assert value_of(here.engine, here.trace, here.ref) == value != 0.0
            cell = cell_of(here)
            assert cell is not None and close_to(drawn(here, cell), value)
