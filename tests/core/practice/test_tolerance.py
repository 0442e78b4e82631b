"""How far from the right number an answer may be."""

from __future__ import annotations

import pytest
from hypothesis import given

from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.rounding import half_unit
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec, OptimizerSpec, TrainingSpec
from tests._explanations import NUMBERS, build, experiments, refs_of


def one_weight(weight: float, x: float, bias: float = 0.0) -> tuple[Run, Ref]:
    layers = (LayerSpec(1, "identity", weights=((weight,),), bias=(bias,)),)
    return Run.start(build(((x,),), ((1.0,),), layers, TrainingSpec(optimizer=OptimizerSpec("sgd", 0.5)))), Ref("z", 0)


def test_numbers_with_few_digits_leave_only_the_rounding_of_the_answer() -> None:
    run, z = one_weight(0.3, 2.0, 0.1)
    assert tolerance(run.engine, run.trace(1), z, 4) == pytest.approx(0.5 * 0.0001)


def test_half_a_unit_in_the_last_digit_of_every_factor_counts() -> None:
    run, z = one_weight(0.123456, 3.33333)
    # 0.1235 · 3.333 and half a unit of each, then half a unit of the result, 0.4115.
    widest = (0.123456 + 0.00005) * (3.33333 + 0.0005) - 0.123456 * 3.33333
    assert tolerance(run.engine, run.trace(1), z, 4) == pytest.approx(widest + 0.00005)


def test_fewer_digits_allow_more() -> None:
    run, z = one_weight(0.123456, 3.33333)
    trace = run.trace(1)
    allowed = [tolerance(run.engine, trace, z, digits) for digits in (2, 3, 4, 6)]
    assert allowed == sorted(allowed, reverse=True) and allowed[-1] < 1e-5


@given(experiments(), NUMBERS)
def test_each_number_has_a_tolerance_that_a_rounded_answer_keeps(
    experiment: Experiment, numbers: tuple[int, int, int, int]
) -> None:
    run = Run.start(experiment)
    run.train(2)
    trace = run.trace(2)
    state = [QuantityKey("state_w", slot, after=True) for slot in run.engine.optimizer.slots]
    for ref in (*refs_of(experiment, trace.n, numbers), *(key.at(0) for key in state)):
        value = value_of(run.engine, trace, ref)
        assert tolerance(run.engine, trace, ref) >= half_unit(value, 4), ref.name
