"""Marks for answers: right ones are never blamed, mistakes are named, and what follows from a wrong answer is seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import isfinite, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.marking import mark
from nn_tui.core.practice.mistakes import MISTAKES, wrong_values
from nn_tui.core.practice.rounding import round_to
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import BY_SAMPLE, Quantity, QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment, LayerSpec, OptimizerSpec, TrainingSpec
from tests._explanations import NUMBERS, build, experiments, ref_of
from tests.core.practice._by_hand import ACTIVATIONS, FUSED, LOSSES, ByHand

W_AFTER, B_AFTER = QuantityKey("w", after=True), QuantityKey("b", after=True)
QUANTITIES: tuple[Quantity, ...] = ("z", "a", "loss", "da", "dz", "dw", "db")
KEYS = (*map(QuantityKey, QUANTITIES), W_AFTER, B_AFTER)


def two_passes(experiment: Experiment) -> tuple[Engine, Trace, Trace]:
    """Return the engine of an experiment, and its first two passes."""
    run = Run.start(experiment)
    return run.engine, run.trace(1), run.trace(2)


def index_of(ref: Ref) -> tuple[int, ...]:
    return (ref.sample, ref.unit) if ref.quantity in BY_SAMPLE else ref.indices


@given(experiments(), NUMBERS, st.sampled_from([kind for kind in MISTAKES if kind != "wrong_unit"]), st.booleans())
def test_a_wrong_number_gets_the_name_of_its_mistake(
    experiment: Experiment, numbers: tuple[int, int, int, int], kind: str, everywhere: bool
) -> None:
    engine, previous, trace = two_passes(experiment)
    for key in KEYS:
        ref = ref_of(experiment, key, trace.n, numbers)
        every_layer = range(len(experiment.layers))
        layers = every_layer if everywhere or ref.quantity == "loss" else (ref.layer,)
        by_hand = ByHand(experiment, trace, kind, layers, previous, numbers[3] % trace.n)
        wrong = by_hand.at(key, ref.layer, index_of(ref))
        right, allowed = value_of(engine, trace, ref), tolerance(engine, trace, ref)
        if isfinite(wrong) and isfinite(right) and abs(wrong - right) > 1.5 * allowed:
            found = mark(engine, trace, ref, round_to(wrong, 4), previous=previous)
            assert found.verdict == "wrong" and kind in (found.mistake, *found.also), ref.name


SQUARE = build(
    ((1.5, -0.5), (0.5, 2.0), (-1.0, 0.3)),
    ((1.0, 0.2), (0.0, 0.7), (0.6, 0.1)),
    (
        LayerSpec(2, "tanh", weights=((0.3, -0.2), (0.5, 0.4)), bias=(0.1, -0.3)),
        LayerSpec(2, "sigmoid", weights=((0.7, -0.6), (0.2, 0.9)), bias=(0.2, -0.1)),
        LayerSpec(2, "sigmoid", weights=((-0.4, 0.8), (0.6, 0.3)), bias=(0.3, 0.5)),
    ),
    TrainingSpec("mean_squared_error", optimizer=OptimizerSpec("adam", 0.3)),
)
IN_THE_UPDATE = ("learning_rate_left_out", "added_instead_of_subtracted", "bias_correction_left_out")


@pytest.mark.parametrize("kind", [kind for kind in MISTAKES if kind != "wrong_unit"])
def test_each_mistake_is_named_in_a_network_where_it_has_an_effect(kind: str) -> None:
    engine, previous, trace = two_passes(SQUARE)
    named = 0
    for key, layer in product(KEYS, range(3)):
        ref = key.at(layer, 1, 0, 1)
        for layers in (range(3), (layer,)):
            wrong = ByHand(SQUARE, trace, kind, layers, previous, 2).at(key, layer, index_of(ref))
            if abs(wrong - value_of(engine, trace, ref)) > 1.5 * tolerance(engine, trace, ref):
                found = mark(engine, trace, ref, round_to(wrong, 4), previous=previous)
                assert kind in (found.mistake, *found.also), (ref.name, layers)
                named += 1
    assert named >= (2 if kind in IN_THE_UPDATE else 4)


@given(experiments(), NUMBERS)
def test_the_number_of_a_neighbour_is_a_wrong_unit(experiment: Experiment, numbers: tuple[int, int, int, int]) -> None:
    engine, _, trace = two_passes(experiment)
    for key in KEYS:
        ref = ref_of(experiment, key, trace.n, numbers)
        if experiment.sizes[ref.layer + 1] > 1 and ref.quantity != "loss":
            other = key.at(ref.layer, ref.unit - 1 if ref.unit else 1, ref.input, ref.sample)
            answer = round_to(value_of(engine, trace, other), 4)
            if isfinite(answer) and abs(answer - value_of(engine, trace, ref)) > tolerance(engine, trace, ref):
                found = mark(engine, trace, ref, answer)
                assert "wrong_unit" in (found.mistake, *found.also), ref.name


@given(experiments(), NUMBERS)
def test_careful_work_with_three_digits_is_right(experiment: Experiment, numbers: tuple[int, int, int, int]) -> None:
    engine, _, trace = two_passes(experiment)
    for key in KEYS:
        ref = ref_of(experiment, key, trace.n, numbers)
        right = value_of(engine, trace, ref)
        if not isfinite(right):
            continue
        for exact in (right, *by_rounded_factors(experiment, trace, ref)):
            for answer in (exact, round_to(exact, 3)):
                found = mark(engine, trace, ref, answer, digits=3)
                assert (found.verdict, found.mistake, found.also) == ("right", None, ()), (ref.name, answer)


def r(values: Array | float) -> Array:
    """Round numbers to three digits."""
    return np.asarray(np.vectorize(lambda value: round_to(float(value), 3), otypes=[float])(values))


def by_rounded_factors(experiment: Experiment, trace: Trace, ref: Ref) -> Iterator[float]:
    """Compute a number from factors of three digits, in each of the usual ways."""
    layer, unit, n, last = ref.layer, ref.unit, ref.sample, len(experiment.layers) - 1
    training, activation = experiment.training, experiment.layers[layer].activation
    inputs = trace.a[layer - 1] if layer else trace.x
    w, b, z, a = trace.before.weights[layer], trace.before.biases[layer], trace.z[layer], trace.a[layer]
    is_fused = layer == last and training.loss in FUSED
    with np.errstate(all="ignore"):
        match ref.quantity:
            case "z":
                yield float(r(inputs[n]) @ r(w[unit]) + r(b[unit]))
            case "a" if activation != "softmax":
                yield float(ACTIVATIONS[activation][0](r(z[n, unit])))
            case "a":
                exponentials = np.exp(r(z[n]))
                yield float(exponentials[unit] / exponentials.sum())
            case "loss" if not (training.l1 or training.l2) and training.loss not in FUSED:
                out = trace.z[-1] if training.loss == "perceptron" else trace.a[-1]
                yield float((LOSSES[training.loss][0](r(out), r(trace.y)) * r(trace.scale)).sum())
            case "da" if layer < last:
                yield float(r(trace.dz[layer + 1][n]) @ r(trace.before.weights[layer + 1][:, unit]))
            case "dz" if is_fused:
                yield float((r(a[n, unit]) - r(trace.y[n, unit])) * r(trace.scale))
            case "dz" if activation != "softmax" and (layer < last or training.loss != "perceptron"):
                slope = ACTIVATIONS[activation][1]
                yield float(r(trace.da[layer][n, unit]) * slope(r(z[n, unit]), r(a[n, unit])))
                yield float(r(trace.da[layer][n, unit]) * r(slope(z[n, unit], a[n, unit])))
            case "dw" if not ref.after and not (training.l1 or training.l2):
                yield float(r(trace.dz[layer][:, unit]) @ r(inputs[:, ref.input]))
            case "db" if not ref.after:
                yield float(r(trace.dz[layer][:, unit]).sum())
            case "w" | "b" if training.optimizer.name == "sgd":
                spec = experiment.layers[layer]
                old, g, learns = (w, trace.dw[layer], spec.train_weights) if ref.is_weight else (
                    b, trace.db[layer], spec.train_bias)  # fmt: skip
                yield float(r(old[ref.indices]) - trace.learning_rate * r(g[ref.indices]) * learns)


SIMPLE = build(
    ((1.0, 2.0), (0.5, -1.0)),
    ((1.0,), (0.0,)),
    (
        LayerSpec(2, "tanh", weights=((0.3, -0.2), (0.5, 0.4)), bias=(0.1, -0.3)),
        LayerSpec(1, "sigmoid", weights=((0.7, -0.6),), bias=(0.2,)),
    ),
    TrainingSpec("half_squared_error", optimizer=OptimizerSpec("sgd", 0.5)),
)


@pytest.fixture
def simple() -> tuple[Engine, Trace]:
    """Return a pass of a network 2–2–1 on a batch of two."""
    engine, trace, _ = two_passes(SIMPLE)
    return engine, trace


def test_a_right_answer_gets_no_name_even_where_a_mistake_gives_it(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    found = mark(engine, trace, Ref("z", 0), value_of(engine, trace, Ref("z", 0)))
    assert (found.verdict, found.mistake, found.also, str(found.text)) == ("right", None, (), "Right.")


def test_a_number_that_no_listed_mistake_gives_gets_no_name(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    found = mark(engine, trace, Ref("dw", 0), 123.4)
    assert (found.verdict, found.mistake, found.also) == ("wrong", None, ())
    assert str(found.text) == "No usual mistake gives this number."


def test_a_right_number_with_too_few_digits_needs_more(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    ref = Ref("a", 0)
    value = value_of(engine, trace, ref)
    found = mark(engine, trace, ref, round_to(value, 2), 6)
    assert (found.verdict, found.mistake) == ("wrong", None)
    assert str(found.text) == "This is right to 2 digits, but the answer needs 6 significant digits."
    found = mark(engine, trace, ref, round_to(value, 1), 6)
    assert str(found.text) == "This is right to 1 digit, but the answer needs 6 significant digits."
    assert mark(engine, trace, ref, round_to(value, 6), 6).verdict == "right"


def test_what_is_computed_from_a_wrong_answer_follows_from_it(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    z, a, dz = Ref("z", 1), Ref("a", 1), Ref("dz", 1)
    without_bias = value_of(engine, trace, z) - 0.2
    wrong_a = 1.0 / (1.0 + np.exp(-without_bias))
    wrong_dz = (wrong_a - 1.0) * 0.5 * wrong_a * (1.0 - wrong_a)
    first = mark(engine, trace, z, without_bias)
    assert first.mistake == "bias_left_out"
    answers = {a: wrong_a, z: without_bias}
    assert mark(engine, trace, a, wrong_a, earlier_answers={z: without_bias}).verdict == "follows"
    found = mark(engine, trace, dz, wrong_dz, earlier_answers=answers)
    assert (found.verdict, found.mistake, found.source) == ("follows", None, z)
    assert str(found.text) == "This follows from the answer for z2[1]@1, which is wrong."
    again = mark(engine, trace, dz, (wrong_a - 1.0) * 0.5, earlier_answers={**answers, Ref("loss"): 9.0})
    assert (again.verdict, again.mistake) == ("wrong", "slope_left_out"), "a mistake with the numbers of wrong answers"


def test_right_answers_change_nothing(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    z = Ref("z", 1)
    rounded = {z: round_to(value_of(engine, trace, z), 4)}
    assert mark(engine, trace, Ref("a", 1), 0.99, earlier_answers=rounded).verdict == "wrong"


def test_a_number_that_is_not_finite_has_one_right_answer(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    assert mark(engine, trace, Ref("z", 0), nan).verdict == "wrong"
    trace.z[0][0, 0] = nan
    assert mark(engine, trace, Ref("z", 0), nan).verdict == "right"
    assert mark(engine, trace, Ref("z", 0), 1.0).verdict == "wrong"


def test_all_mistakes_that_give_a_number_are_named(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    ref = Ref("w", 1, after=True)
    added = 2.0 * value_of(engine, trace, Ref("w", 1)) - value_of(engine, trace, ref)
    found = mark(engine, trace, ref, added)
    assert found.mistake == "added_instead_of_subtracted", "the mistake in the operation itself comes first"
    assert "sign" in found.also


def test_each_wrong_value_differs_from_the_right_one_and_occurs_once(simple: tuple[Engine, Trace]) -> None:
    engine, trace = simple
    values = wrong_values(engine, trace, Ref("dw", 0))
    assert len({(value.kind, round_to(value.value, 12)) for value in values}) == len(values)
    assert value_of(engine, trace, Ref("dw", 0)) not in [value.value for value in values]
    assert {value.kind for value in values} <= set(MISTAKES)


def test_a_right_number_with_too_few_digits_is_called_so_even_if_a_mistake_gives_it() -> None:
    run = Run.start(open_experiment("mazur"))
    trace = run.trace(1)
    found = mark(run.engine, trace, Ref("z", 0, 1), 0.39)  # 0.3925, or 0.2 × 0.05 + 0.3 × 0.1 + 0.35
    assert (found.verdict, found.mistake) == ("wrong", None) and "transposed_weights" in found.also
    assert found.has_too_few_digits and "right to 2 digits" in str(found.text)
