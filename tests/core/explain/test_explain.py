"""Tests of explanations: the terms add up to the value, and every address leads to its number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.explanation import written_numbers
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, LayerSpec, TrainingSpec
from nn_tui.tui.session.session import new_session
from tests._app import experiment
from tests._explanations import (
    NUMBERS,
    addresses_of,
    build,
    experiments,
    first_pass,
    formula_and_lines,
    known,
    numbers_in,
    numbers_of,
    refs_of,
    words_of,
)


@given(experiments(), st.integers(1, 4), NUMBERS)
def test_terms_add_up_and_every_address_leads_to_the_number_shown(
    experiment: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    run = Run.start(experiment)
    run.goto(update - 1)
    trace = run.trace(update)
    for ref in refs_of(experiment, trace.n, numbers):
        explanation = explain(run.engine, trace, ref)
        assert line_text(explanation.formula).strip()
        assert explanation.lines
        terms = [term.node.value or 0.0 for term in explanation.terms]
        size = sum(map(abs, terms))
        if terms:
            assert sum(terms) == pytest.approx(explanation.value, rel=1e-9, abs=1e-9 * size + 1e-300), ref
        # A step is shown as the optimiser computes it; read back as w′ − w it has lost digits below w's last.
        lost = 4 * np.spacing(abs(stepped_from(run.engine, trace, ref))) if ref.key.is_step else 1e-300
        shown = value_of(run.engine, trace, ref)
        assert explanation.value == pytest.approx(shown, rel=1e-9, abs=1e-9 * size + lost), ref
        for num in numbers_of(explanation):
            assert np.isfinite(known(num)), ref
            if num.ref is not None:
                assert num.value == value_of(run.engine, trace, num.ref), (ref, num)


def stepped_from(engine: Engine, trace: Trace, ref: Ref) -> float:
    """Return the parameter before the step at ``ref``."""
    return value_of(engine, trace, ref.with_key(ref.parameter.value))


@given(experiments(), st.integers(2, 4), NUMBERS)
def test_numbers_that_are_not_finite_are_explained_too(
    experiment: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    optimizer = replace(experiment.training.optimizer, learning_rate=1e200)
    wild = replace(experiment, training=replace(experiment.training, optimizer=optimizer))
    run = Run.start(wild)
    run.goto(update - 1, past_divergence=True)
    trace = run.trace(update)
    for ref in refs_of(wild, trace.n, numbers):
        assert explain(run.engine, trace, ref).lines


@pytest.mark.parametrize(
    ("activation", "loss", "reduction", "text"),
    [
        ("sigmoid", "half_squared_error", "mean", "times 1/2: the mean over the batch"),
        ("sigmoid", "binary_cross_entropy", "mean", "times 1/4: the mean over the batch and its outputs"),
        ("identity", "huber", "sum", "summed over the batch"),
    ],
)
def test_the_loss_says_how_it_is_reduced(activation: str, loss: str, reduction: str, text: str) -> None:
    engine, trace = first_pass(activation, loss, reduction)
    assert line_text(explain(engine, trace, Ref("loss")).formula).endswith(f"   ({text})")


def test_a_long_sum_writes_its_largest_terms_and_joins_the_rest() -> None:
    row = tuple(float(n) for n in range(1, 31))
    layers = (LayerSpec(1, weights=((1.0,) * 30,), bias=(0.0,)),)
    run = Run.start(build((row,), ((0.0,),), layers, TrainingSpec()))
    explanation = explain(run.engine, run.trace(1), Ref("z"))
    shown = [number.value for _, number in written_numbers(explanation)]
    (line,) = explanation.lines
    assert "19 smaller terms together" in words_of(explain(run.engine, run.trace(1), Ref("z")))
    # Twelve inputs from 19 to 30 with their weights of 1, then the rest and the sum.
    assert shown[1:24:2] == list(row[18:])
    assert shown[-1] == sum(row) and line_text(line).endswith(": 171 = 465")


def test_with_one_hot_targets_the_loss_lists_the_output_that_contributes() -> None:
    engine, trace = first_pass("softmax", "cross_entropy")
    explanation = explain(engine, trace, Ref("loss", sample=1))
    assert "output 2: a " in words_of(explanation) and "output 1: a " not in words_of(explanation)
    assert "the output with y = 0 adds nothing" in words_of(explanation)
    term = Ref("term", 0, 1, 0, 1)
    assert (value_of(engine, trace, term), term) in addresses_of(explanation)


def test_a_single_sample_needs_no_reduction() -> None:
    one = build(((2.0,),), ((1.0,),), (LayerSpec(1, "sigmoid"),), TrainingSpec())
    assert formula_and_lines(one, Ref("loss"))[0] == "loss of one sample = ½ Σₖ (aₖ − yₖ)²"
    assert formula_and_lines(one, Ref("term"))[0] == "the loss of sample 1: ½ Σₖ (aₖ − yₖ)²"
    assert "(1 input)" in formula_and_lines(one, Ref("z"))[0]
    two = build(((2.0,), (1.0,)), ((1.0,), (0.0,)), (LayerSpec(1, "sigmoid"),), TrainingSpec())
    assert "times 1/2: the mean over the batch" in formula_and_lines(two, Ref("loss"))[0]
    summed = replace(two, training=TrainingSpec(reduction="sum"))
    assert "summed over the batch" in formula_and_lines(summed, Ref("loss"))[0]


def test_a_slope_with_cases_shows_its_value_and_its_cases() -> None:
    layers = (LayerSpec(1, "relu", weights=((1.0,),)), LayerSpec(1, "identity", weights=((1.0,),)))
    net = build(((1.0,),), ((0.0,),), layers, TrainingSpec())
    assert formula_and_lines(net, Ref("a"))[1].endswith("slope there: σ′(z) = 1   (1 if z > 0, else 0)")
    assert formula_and_lines(net, Ref("a", 1))[1].endswith("slope there: σ′(z) = 1")


@pytest.mark.parametrize("name", ["iris", "digits", "penguins"])
def test_a_standardised_input_shows_the_number_as_given(name: str) -> None:
    experiment = load_experiment(find_preset(name))
    run = Run.start(experiment)
    trace = run.trace(1)
    data = experiment.data
    row = 2 if trace.rows is None else int(trace.rows[2])
    text = explain(run.engine, trace, Ref("x", 0, 1, 0, 2))
    raw, mean, deviation, x = map(known, numbers_in(text.lines[0]))
    assert (raw, x) == (data.points[row, 1], trace.x[2, 1])
    assert (raw - mean) / deviation == pytest.approx(x, rel=1e-12)
    everything = np.concatenate([data.points, data.points_test])
    assert raw in everything[:, 1] and mean == pytest.approx(data.points[:, 1].mean(), rel=1e-12)


def test_an_input_without_standardisation_shows_no_mean() -> None:
    run = Run.start(load_experiment(find_preset("xor")))
    assert "mean" not in words_of(explain(run.engine, run.trace(1), Ref("x", 0, 1, 0, 2)))


def test_the_loss_calls_an_output_by_its_class() -> None:
    for preset, unit, name in (
        ("digits", 3, "output 3 (number 4)"),
        ("iris", 0, "output setosa"),
        ("xor", 0, "output 1"),
    ):
        session = new_session(experiment(preset))
        sample = int(session.trace.y[:, unit].argmax())
        found = explain(session.engine, session.trace, Ref("loss", sample=sample))
        assert any(f" {name}: a " in line_text(line) for line in found.lines), preset
