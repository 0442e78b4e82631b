"""What the views look at: the numbers in sight, and every matrix once in a pass."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from nn_tui.core.engine import quantities
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import extent_of, step_at, step_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Band, MatrixBlock, layout_bands
from nn_tui.tui.draw.network import draw_network
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, begin, select
from nn_tui.tui.views import arithmetic, block_properties, layer
from nn_tui.tui.views.network import network_view
from tests._app import DARK, experiment
from tests._reference import RATES
from tests._reference import experiment as problem

WINDOW = (80, 20)


def show(session: Session) -> None:
    """Draw the layer and the network as panels of a small screen do."""
    width, height = WINDOW
    draw_matrix(layer.plan(session, DARK.glyphs, *WINDOW), DARK, 0, 0, width, height, layer.cell_of(session))
    draw_network(network_view(session), DARK, width, height)


def test_a_block_out_of_sight_is_not_read() -> None:
    read: list[str] = []

    def block(key: str) -> MatrixBlock:
        def values() -> tuple[Array, float]:
            read.append(key)
            return np.ones((30, 3)), 1.0

        return MatrixBlock(key, key, None, (30, 3), read=values)

    plan = layout_bands([Band((block("above"),)), Band((block("in"), block("beside"))), Band((block("below"),))], 4,
                  glyphs=DARK.glyphs)  # fmt: skip
    assert not read
    strips = draw_matrix(plan, DARK, 0, plan.bands[1].top, plan.bands[1].blocks[0].width, 10)
    assert read == ["in"] and "+1.0000" in strips[3].text


def test_a_block_that_reads_another_shape_is_refused() -> None:
    plan = layout_bands(
        [Band((MatrixBlock("w", "W", None, (2, 3), read=lambda: (np.ones((3, 2)), 1.0)),))], 4, glyphs=DARK.glyphs
    )
    with pytest.raises(ValueError, match="block w: values"):
        draw_matrix(plan, DARK, 0, 0, 40, 5)


def test_the_sums_of_a_penalty_are_found_once_in_a_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    made = experiment("digits")
    session = begin(replace(made, training=replace(made.training, l1=0.01, l2=0.1)))
    session = select(stepping.forward(session), Ref("loss"))
    first = arithmetic.draw(session, DARK, 78, 20)
    assert any("Σw²" in line.text for line in first)

    def refuse(values: Array) -> Array:
        raise AssertionError("every weight is squared again")

    monkeypatch.setattr(np, "square", refuse)
    assert arithmetic.draw(session, DARK, 78, 20) == first


def test_a_move_searches_no_matrix_and_reads_nothing_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    read: list[str] = []
    original = quantities.quantity

    def search(values: Array) -> tuple[float, bool]:
        searched.append(values.size)
        return extent_of(values)

    def reading(engine: Engine, trace: Trace, key: str, of_layer: int) -> Array:
        read.append(key)
        return original(engine, trace, key, of_layer)

    monkeypatch.setattr(quantities, "extent_of", search)
    monkeypatch.setattr(block_properties, "quantity", reading)
    session = stepping.whole_pass(begin(experiment("digits")))
    show(session)
    assert searched and "w" in read and not {"dw", "step_w", "w_after"} & {*read}
    searched.clear()
    for unit in range(1, 4):
        show(select(session, replace(session.ref, unit=unit)))
    assert not searched
    session = stepping.whole_pass(session)
    show(session)
    assert searched, "another pass has other numbers"


@pytest.mark.parametrize("optimizer", RATES)
def test_the_step_of_one_parameter_is_that_of_the_layer(optimizer: str) -> None:
    run = Run.start(problem(optimizer=optimizer, sizes=(3, 9, 2), frozen_biases=(1,)))
    run.train(6)
    trace = run.trace(6)
    for index, (inputs, units) in enumerate(pairwise(run.engine.sizes)):
        places = list(product(range(units), range(inputs)))
        weights = [step_at(run.engine, trace, index, place) for place in places]
        biases = [step_at(run.engine, trace, index, (unit,)) for unit in range(units)]
        assert index not in trace.steps, "one parameter is computed alone"
        dw, db = step_of(run.engine, trace, index)
        assert weights == [dw[place] for place in places] and biases == db.tolist()
    with pytest.raises(IndexError):
        step_at(run.engine, trace, 0, (9, 0))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0.0, True)),
        ([1.0, -3.0], (3.0, True)),
        ([1.0, float("nan"), -2.0], (2.0, False)),
        ([float("inf"), -2.0, float("-inf")], (2.0, False)),
        ([float("nan")], (0.0, False)),
    ],
)
def test_the_largest_magnitude_leaves_out_what_is_not_finite(values: list[float], expected: tuple[float, bool]) -> None:
    assert extent_of(np.array(values)) == expected


@pytest.mark.parametrize("preset", ["xor", "ravine-adam", "iris"])
def test_the_largest_number_is_that_of_the_pass_on_screen(preset: str) -> None:
    session = begin(experiment(preset))
    for _ in range(12):
        session = stepping.whole_pass(session)
        show(session)
        trace, engine = session.trace, session.engine
        assert trace.extents  # the views have asked for some
        for (key, index), found in trace.extents.items():
            assert found == extent_of(quantities.quantity(engine, trace, key, index)), (trace.update, key, index)


def test_what_was_worked_out_for_a_pass_outlives_another_reader() -> None:
    run = Run.start(experiment("iris"))
    trace = run.trace(1)
    trace.refcount += 1
    engine = run.engine

    class Dropped(dict[int, tuple[Array, Array]]):
        """The steps of a pass that another holder gives back right after one was put in."""

        def __setitem__(self, layer: int, step: tuple[Array, Array]) -> None:
            super().__setitem__(layer, step)
            engine.release(trace)

    trace.steps = Dropped()
    assert [part.shape for part in step_of(engine, trace, 0)] == [(10, 4), (10,)]
    run.release(trace)
