"""Explanations: terms that add up to what the matrices show, addresses that lead to the numbers printed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.expression import Explanation, Num
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import BY_SAMPLE, BY_WEIGHT, STATE_LETTERS, SYMBOLS, Ref, parse_ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, Experiment, LayerSpec, Matrix, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.text import plain_line

HIDDEN = tuple(name for name in ACTIVATIONS if name != "softmax")
TENTHS = st.integers(-20, 20).map(lambda n: n / 10)


def build(
    inputs: Matrix, targets: Matrix, layers: tuple[LayerSpec, ...], training: TrainingSpec, seed: int = 0
) -> Experiment:
    """An experiment on a table."""
    data = DataSpec(inputs=inputs, targets=targets)
    return load_experiment(Preset("made-up", "Made up", "For a test.", data, layers, training, seed))


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Small networks of every allowed kind, on a few rows."""
    loss = draw(st.sampled_from(sorted(LOSSES)))
    output = draw(st.sampled_from(LOSSES[loss].outputs or tuple(ACTIVATIONS)))
    activations = [*draw(st.lists(st.sampled_from(HIDDEN), max_size=2)), output]
    layers = tuple(
        LayerSpec(
            draw(st.integers(1, 3)),
            activation,
            init="normal",
            init_options=(("std", 0.7),),
            train_weights=draw(st.booleans()),
            train_bias=draw(st.booleans()),
        )
        for activation in activations
    )
    outputs = layers[-1].units
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    inputs = draw(st.tuples(*[st.tuples(*[TENTHS] * columns)] * rows))
    if loss == "cross_entropy":
        hot = draw(st.tuples(*[st.integers(0, outputs - 1)] * rows))
        targets = tuple(tuple(float(k == place) for k in range(outputs)) for place in hot)
    elif loss in ("binary_cross_entropy", "perceptron"):
        targets = draw(st.tuples(*[st.tuples(*[st.sampled_from((0.0, 1.0))] * outputs)] * rows))
    else:
        targets = draw(st.tuples(*[st.tuples(*[TENTHS] * outputs)] * rows))
    training = TrainingSpec(
        loss=loss,
        reduction=draw(st.sampled_from(("mean", "sum"))),
        batch_size=draw(st.none() | st.integers(1, rows)),
        l1=draw(st.sampled_from((0.0, 0.01))),
        l2=draw(st.sampled_from((0.0, 0.1))),
        optimizer=OptimizerSpec(draw(st.sampled_from(sorted(OPTIMIZERS))), draw(st.sampled_from((0.01, 0.3)))),
    )
    return build(inputs, targets, layers, training, draw(st.integers(0, 9)))


def place(experiment: Experiment, key: str, rows: int, numbers: tuple[int, int, int, int]) -> Ref:
    """An address of ``key`` inside the network, chosen by four numbers of any size."""
    sizes = experiment.sizes
    layer, unit, column, sample = numbers
    sample %= rows
    if key == "loss":
        return Ref("loss", sample=sample)
    if key in ("x", "y", "term"):
        return Ref(key, 0, unit % sizes[0 if key == "x" else -1], 0, sample)
    layer %= len(sizes) - 1
    units = sizes[layer] if key == "dx" else sizes[layer + 1]
    column = column % sizes[layer] if key in BY_WEIGHT else 0
    return Ref(key, layer, unit % units, column, sample if key in BY_SAMPLE else 0)


def nums(explanation: Explanation) -> list[Num]:
    """Every number that an explanation shows or adds."""
    shown = [piece for line in explanation.lines for piece in line if isinstance(piece, Num)]
    return shown + [factor for term in explanation.terms for factor in term.factors]


NUMBERS = st.tuples(*[st.integers(0, 11)] * 4)


def places(experiment: Experiment, rows: int, numbers: tuple[int, int, int, int]) -> list[Ref]:
    """One address of every quantity that there is."""
    refs = [place(experiment, key, rows, numbers) for key in ("loss", *SYMBOLS)]
    return [ref for ref in refs if ref.key != "slope" or experiment.layers[ref.layer].activation != "softmax"]


@given(experiments(), st.integers(1, 4), NUMBERS)
def test_terms_add_up_and_every_address_leads_to_the_number_shown(
    experiment: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    run = Run.start(experiment)
    run.goto(update - 1)
    trace = run.trace(update)
    for ref in places(experiment, trace.n, numbers):
        found = explain(run.engine, trace, ref)
        assert found.formula.strip()
        assert found.lines
        size = sum(abs(term.value) for term in found.terms)
        if found.terms:
            total = sum(term.value for term in found.terms)
            assert total == pytest.approx(found.value, rel=1e-9, abs=1e-9 * size + 1e-300), ref
        # A step is shown as the optimiser computes it; read back as w′ − w it has lost digits below w's last.
        lost = 4 * np.spacing(abs(stepped_from(run.engine, trace, ref))) if ref.key.startswith("step") else 1e-300
        shown = value_of(run.engine, trace, ref)
        assert found.value == pytest.approx(shown, rel=1e-9, abs=1e-9 * size + lost), ref
        for num in nums(found):
            assert np.isfinite(num.value), ref
            if num.ref is not None:
                assert num.value == value_of(run.engine, trace, num.ref), (ref, num)


def stepped_from(engine: Engine, trace: Trace, ref: Ref) -> float:
    """The parameter before the step at ``ref``."""
    return value_of(engine, trace, replace(ref, key=ref.key.removeprefix("step_")))


@given(experiments(), st.integers(2, 4), NUMBERS)
def test_numbers_that_went_wrong_are_explained_like_any_others(
    experiment: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    optimizer = replace(experiment.training.optimizer, learning_rate=1e200)
    wild = replace(experiment, training=replace(experiment.training, optimizer=optimizer))
    run = Run.start(wild)
    run.goto(update - 1, past_divergence=True)
    trace = run.trace(update)
    for ref in places(wild, trace.n, numbers):
        assert explain(run.engine, trace, ref).lines


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_a_quotient_by_zero_is_shown_and_not_raised(name: str) -> None:
    optimizer = OptimizerSpec(name, 0.1, (("eps", 0.0),))
    run = Run.start(build(((0.0,),), ((1.0,),), (LayerSpec(1),), TrainingSpec(optimizer=optimizer)))
    # The input is 0, so that the gradient of the weight is 0, and 0/0 follows.
    assert np.isnan(explain(run.engine, run.trace(1), Ref("w_after")).value)


def one_pass(activation: str, loss: str, reduction: str = "mean") -> tuple[Engine, Trace]:
    targets = ((1.0, 0.0), (0.0, 1.0))
    training = TrainingSpec(loss=loss, reduction="sum" if reduction == "sum" else "mean")
    run = Run.start(build(((1.0, 2.0), (0.5, -1.0)), targets, (LayerSpec(2, activation),), training))
    return run.engine, run.trace(1)


def words(explanation: Explanation) -> str:
    """The words of an explanation without its numbers."""
    pieces = [piece for line in explanation.lines for piece in line if isinstance(piece, str)]
    return "\n".join([explanation.formula, *pieces])


@pytest.mark.parametrize(
    ("activation", "loss", "reduction", "said"),
    [
        ("sigmoid", "half_squared_error", "mean", "times 1/2: the mean over the batch"),
        ("sigmoid", "binary_cross_entropy", "mean", "times 1/4: the mean over the batch and its outputs"),
        ("identity", "huber", "sum", "summed over the batch"),
    ],
)
def test_the_loss_says_how_it_is_reduced(activation: str, loss: str, reduction: str, said: str) -> None:
    engine, trace = one_pass(activation, loss, reduction)
    assert explain(engine, trace, Ref("loss")).formula.endswith(said)


def test_a_fused_pair_shows_the_textbook_chain_beside_the_short_form() -> None:
    engine, trace = one_pass("sigmoid", "binary_cross_entropy")
    found = explain(engine, trace, Ref("dz"))
    assert "(a − y)" in found.formula
    assert "∂L/∂a × σ′(z)" in words(found)
    engine, trace = one_pass("softmax", "cross_entropy")
    assert "Jacobian" in words(explain(engine, trace, Ref("dz")))


@pytest.mark.parametrize("key", ["w_after", "step_w", "b_after", "step_b"])
def test_a_frozen_parameter_says_so_and_does_not_move(key: str) -> None:
    layers = (LayerSpec(1, weights=((3.0,),), bias=(2.0,), train_weights=False, train_bias=False),)
    run = Run.start(build(((1.0,),), ((0.0,),), layers, TrainingSpec()))
    found = explain(run.engine, run.trace(1), Ref(key))
    assert "frozen" in words(found)
    assert found.value == {"w_after": 3.0, "b_after": 2.0}.get(key, 0.0)


def test_of_many_terms_the_largest_are_written_and_the_rest_are_one_number() -> None:
    row = tuple(float(n) for n in range(1, 31))
    layers = (LayerSpec(1, weights=((1.0,) * 30,), bias=(0.0,)),)
    run = Run.start(build((row,), ((0.0,),), layers, TrainingSpec()))
    (line,) = explain(run.engine, run.trace(1), Ref("z")).lines
    shown = [piece.value for piece in line if isinstance(piece, Num)]
    assert "19 smaller terms together" in words(explain(run.engine, run.trace(1), Ref("z")))
    # Twelve inputs from 19 to 30 with their weights of 1, then the rest and the sum.
    assert shown[1:24:2] == list(row[18:])
    assert shown[-2:] == [sum(row[:18]), sum(row)]


@given(experiments(), NUMBERS)
def test_what_formulas_print_can_be_typed_back(experiment: Experiment, numbers: tuple[int, int, int, int]) -> None:
    assert parse_ref("L", experiment.sizes, 3) == Ref("loss", sample=3)
    for ref in places(experiment, 5, numbers)[1:]:
        assert parse_ref(ref.symbol, experiment.sizes, ref.sample) == ref


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("w2[1,3]", Ref("w", 1, 0, 2)),
        (" W2 [ 1 , 3 ] ", Ref("w", 1, 0, 2)),
        ("dw1[4,2]", Ref("dw", 0, 3, 1)),
        ("Δw1[4,2]", Ref("step_w", 0, 3, 1)),
        ("step_w1[4,2]", Ref("step_w", 0, 3, 1)),
        ("w'1[4,2]", Ref("w_after", 0, 3, 1)),
        ("dz1[2]", Ref("dz", 0, 1, sample=7)),
        ("x2", Ref("x", 0, 1, sample=7)),
        ("y1", Ref("y", 0, 0, sample=7)),
        ("L", Ref("loss")),
    ],
)
def test_addresses_as_people_type_them(text: str, ref: Ref) -> None:
    assert parse_ref(text, (2, 4, 1), ref.sample) == ref


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no number"),
        ("w2[1;3]", "write for example w2[1,3]"),
        ("q1[1]", "names no number"),
        ("w9[1,1]", "layers go from 1 to 2"),
        ("w0[1,1]", "layers go from 1 to 2"),
        ("z1[5]", "layer 1 has units 1 to 4"),
        ("w1[1,3]", "layer 1 has inputs 1 to 2"),
        ("dx2[5]", "layer 2 has inputs 1 to 4"),
        ("x3", "x goes from x1 to x2"),
        ("y0", "y goes from y1 to y1"),
        ("b1[1,2]", "only weights have two"),
        ("w٣[1,1]", "names no number"),
        ("a" * 10_000, "names no number"),
    ],
)
def test_an_address_outside_the_network_gets_one_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_ref(text, (2, 4, 1))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
def test_what_an_optimiser_keeps_can_be_typed_and_is_explained(optimizer: str) -> None:
    layers = (LayerSpec(2, "tanh"), LayerSpec(1))
    training = TrainingSpec(optimizer=OptimizerSpec(optimizer, 0.1))
    run = Run.start(build(((1.0, 2.0),), ((1.0,),), layers, training))
    run.goto(1)
    trace, slots = run.trace(2), run.engine.optimizer.slots
    for slot in slots:
        for ref in (Ref(f"m:{slot}:w", 0, 1, 1), Ref(f"m:{slot}:b", 1, 0)):
            assert parse_ref(ref.symbol, (2, 2, 1), 0, slots) == ref
            value = value_of(run.engine, trace, ref)
            assert explain(run.engine, trace, ref).value == value
            used = explain(run.engine, trace, replace(ref, key="w_after" if ref.is_weight else "b_after"))
            assert Num(value, ref) in nums(used)
            after = replace(ref, key=f"{ref.key}_after")
            assert parse_ref(after.symbol, (2, 2, 1), 0, slots) == after
            value = value_of(run.engine, trace, after)
            assert explain(run.engine, trace, after).value == value != value_of(run.engine, trace, ref)
            assert Num(value, after) in nums(used) and Num(value, after) in nums(explain(run.engine, trace, after))
    missing = next(letter for letter in "smv" if letter not in [STATE_LETTERS[slot] for slot in slots])
    with pytest.raises(InputError, match="nothing but the parameters" if not slots else slots[0]):
        parse_ref(f"{missing}1[1]", (2, 2, 1), 0, slots)


def test_of_one_hot_targets_the_loss_lists_the_output_that_counts() -> None:
    engine, trace = one_pass("softmax", "cross_entropy")
    found = explain(engine, trace, Ref("loss", sample=1))
    assert "output 2: a " in words(found) and "output 1: a " not in words(found)
    assert "the output with y = 0 adds nothing" in words(found)
    assert Num(value_of(engine, trace, Ref("term", 0, 1, 0, 1)), Ref("term", 0, 1, 0, 1)) in nums(found)


def test_the_selected_sample_is_among_the_terms_written() -> None:
    rows = tuple((float(n),) for n in range(1, 31))
    layers = (LayerSpec(1, weights=((1.0,),), bias=(0.0,)),)
    run = Run.start(build(rows, ((0.0,),) * 30, layers, TrainingSpec()))
    trace = run.trace(1)
    assert "sample 1: " not in words(explain(run.engine, trace, Ref("dw", sample=9)))
    assert "sample 1: " in words(explain(run.engine, trace, Ref("dw", sample=0)))


def of(experiment: Experiment, ref: Ref) -> tuple[str, str]:
    """The formula at ``ref`` in the first pass, and all that stands below it."""
    run = Run.start(experiment)
    trace = run.trace(1)
    found = explain(run.engine, trace, ref)
    run.release(trace)
    return found.formula, "\n".join(plain_line(line) for line in found.lines)


def test_a_lone_sample_is_joined_with_nothing() -> None:
    one = build(((2.0,),), ((1.0,),), (LayerSpec(1, "sigmoid"),), TrainingSpec())
    assert of(one, Ref("loss"))[0] == "loss of one sample = ½ Σₖ (aₖ − yₖ)²"
    assert of(one, Ref("term"))[0] == "the loss of sample 1:  ½ Σₖ (aₖ − yₖ)²"
    assert "(1 input)" in of(one, Ref("z"))[0]
    two = build(((2.0,), (1.0,)), ((1.0,), (0.0,)), (LayerSpec(1, "sigmoid"),), TrainingSpec())
    assert "then times 1/2: the mean over the batch" in of(two, Ref("loss"))[0]
    summed = replace(two, training=TrainingSpec(reduction="sum"))
    assert "then summed over the batch" in of(summed, Ref("loss"))[0]


def test_the_perceptron_is_explained_by_z_and_has_no_limits() -> None:
    layer = LayerSpec(1, "identity", weights=((-0.5,),), bias=(0.25,))
    perceptron = build(((2.0,), (1.0,)), ((1.0,), (0.0,)), (layer,), TrainingSpec(loss="perceptron"))
    _, lines = of(perceptron, Ref("da"))
    assert "saturates" not in lines and "z = −0.75, y = 1" in lines
    assert "step(z) − y = −1, times 1/2 = −0.5" in lines
    assert of(perceptron, Ref("dz"))[1] == "δ₁[1] = ∂L/∂a = −0.5"
    assert "z = −0.75,  y = 1,  L[1] = 0.75" in of(perceptron, Ref("term"))[1]
    assert "output 1: z −0.75, y 1 → 0.75" in of(perceptron, Ref("loss"))[1]


def test_where_the_chain_has_no_value_it_is_not_said_to_agree() -> None:
    layer = LayerSpec(1, "sigmoid", weights=((1000.0,),))
    sure = build(((1.0,),), ((0.0,),), (layer,), TrainingSpec(loss="binary_cross_entropy"))
    _, lines = of(sure, Ref("dz"))
    assert "(1 − 0) × 1 = 1" in lines and "no value here, where a saturates: ∂L/∂a × σ′(z) = ∞ × 0" in lines
    _, lines = of(sure, Ref("dw"))
    assert "chain" not in lines and "= sum = 1" in lines
    calm = replace(sure, layers=(replace(layer, weights=((1.0,),)),))
    assert "the chain says the same" in of(calm, Ref("dz"))[1]
    assert "chain, sample 1" in of(calm, Ref("dw"))[1]


def test_a_slope_by_cases_is_its_value_with_the_cases_beside_it() -> None:
    layers = (LayerSpec(1, "relu", weights=((1.0,),)), LayerSpec(1, "identity", weights=((1.0,),)))
    net = build(((1.0,),), ((0.0,),), layers, TrainingSpec())
    assert of(net, Ref("a"))[1].endswith("slope there: σ′(z) = 1   (1 if z > 0, else 0)")
    assert of(net, Ref("a", 1))[1].endswith("slope there: σ′(z) = 1")


def test_the_gradient_of_the_loss_times_its_scale_is_the_number_shown_to_the_last_bit() -> None:
    inputs, targets = ((0.3,), (0.7,), (-0.2,)), ((0.1,), (0.2,), (0.7,))
    net = build(inputs, targets, (LayerSpec(1, "sigmoid"),), TrainingSpec(loss="mean_squared_error"))
    run = Run.start(net)
    trace = run.trace(1)
    for sample in range(3):
        found = explain(run.engine, trace, Ref("da", sample=sample))
        assert found.terms[0].factors[0].value == 2.0 * (trace.a[0][sample, 0] - trace.y[sample, 0])
        assert found.terms[0].value == found.value == trace.da[0][sample, 0]
    run.release(trace)


@pytest.mark.parametrize("name", ["iris", "digits", "penguins"])
def test_a_standardised_input_says_from_which_number_it_came(name: str) -> None:
    experiment = load_experiment(find_preset(name))
    run = Run.start(experiment)
    trace = run.trace(1)
    data = experiment.data
    row = 2 if trace.rows is None else int(trace.rows[2])
    said = explain(run.engine, trace, Ref("x", 0, 1, 0, 2))
    raw, mean, deviation, x = (num.value for num in said.lines[0] if isinstance(num, Num))
    assert (raw, x) == (data.points[row, 1], trace.x[2, 1])
    assert (raw - mean) / deviation == pytest.approx(x, rel=1e-12)
    everything = np.concatenate([data.points, data.points_test])
    assert raw in everything[:, 1] and mean == pytest.approx(data.points[:, 1].mean(), rel=1e-12)


def test_an_input_that_is_taken_as_given_has_no_mean() -> None:
    run = Run.start(load_experiment(find_preset("xor")))
    assert "mean" not in words(explain(run.engine, run.trace(1), Ref("x", 0, 1, 0, 2)))
