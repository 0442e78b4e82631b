"""Strategies for small experiments and for addresses of their numbers; readers of explanations."""

from __future__ import annotations

from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.explain.token_writer import line_tokens
from nn_tui.core.expression.explanation import Explanation
from nn_tui.core.expression.nodes import Node, Num
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.refs import BY_SAMPLE, QUANTITIES, QuantityKey, QuantityLike, Ref, to_key
from nn_tui.core.run.run import Run
from nn_tui.core.spec import (
    DataSpec,
    Experiment,
    LayerSpec,
    Matrix,
    OptimizerSpec,
    Preset,
    ScheduleSpec,
    TrainingSpec,
    WarmupSpec,
)

HIDDEN = tuple(name for name in ACTIVATIONS if name != "softmax")
SCHEDULES = (
    ScheduleSpec(),
    ScheduleSpec("step", (("step_size", 2.0), ("gamma", 0.5))),
    ScheduleSpec("exponential", (("gamma", 0.9),), "epoch", WarmupSpec(0.25, 2)),
    ScheduleSpec("inverse_time", (("decay_steps", 3.0), ("decay_rate", 0.5))),
    ScheduleSpec("cosine", (("T_max", 5.0),)),
)
TENTHS = st.integers(-20, 20).map(lambda n: n / 10)


def build(
    inputs: Matrix, targets: Matrix, layers: tuple[LayerSpec, ...], training: TrainingSpec, seed: int = 0
) -> Experiment:
    """Return an experiment on a table of samples."""
    data = DataSpec(inputs=inputs, targets=targets)
    return load_experiment(Preset("made-up", "Made up", "For a test.", data, layers, training, seed))


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Draw a small experiment with any allowed activations, loss and optimiser, on a few rows."""
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
        schedule=draw(st.sampled_from(SCHEDULES)),
    )
    return build(inputs, targets, layers, training, draw(st.integers(0, 9)))


NUMBERS = st.tuples(*[st.integers(0, 11)] * 4)


W_AFTER, B_AFTER = QuantityKey("w", after=True), QuantityKey("b", after=True)
# Every array but those of the optimiser's state.
KEYS = (*(QuantityKey(name) for name in QUANTITIES if name not in ("state_w", "state_b")), W_AFTER, B_AFTER)


def ref_of(experiment: Experiment, key: QuantityLike, rows: int, numbers: tuple[int, int, int, int]) -> Ref:
    """Return an address of a quantity; four numbers of any size select layer, unit, column and sample."""
    key = to_key(key)
    quantity, sizes = key.quantity, experiment.sizes
    layer, unit, column, sample = numbers
    sample %= rows
    if quantity == "loss":
        return Ref("loss", sample=sample)
    if quantity in ("x", "y", "term"):
        return Ref(quantity, 0, unit % sizes[0 if quantity == "x" else -1], 0, sample)
    layer %= len(sizes) - 1
    units = sizes[layer] if quantity == "dx" else sizes[layer + 1]
    column = column % sizes[layer] if key.is_weight else 0
    return key.at(layer, unit % units, column, sample if quantity in BY_SAMPLE else 0)


def refs_of(experiment: Experiment, rows: int, numbers: tuple[int, int, int, int]) -> list[Ref]:
    """Return one address of every quantity of the experiment."""
    refs = [ref_of(experiment, key, rows, numbers) for key in KEYS]
    return [ref for ref in refs if ref.quantity != "slope" or experiment.layers[ref.layer].activation != "softmax"]


def numbers_of(explanation: Explanation) -> list[Num]:
    """Return every number in the lines and terms of an explanation, also those in folds."""
    nodes = [*explanation.lines, *(term.node for term in explanation.terms)]
    return [number for node in nodes for number in numbers_in(node)]


def addresses_of(explanation: Explanation) -> list[tuple[float | None, Ref | None]]:
    """Return every number in the lines and terms of an explanation with its address."""
    return [(number.value, number.ref) for number in numbers_of(explanation)]


def numbers_in(node: Node) -> list[Num]:
    """Return every number in an expression."""
    found = [node] if isinstance(node, Num) else []
    return found + [number for child in node.children for number in numbers_in(child)]


def known(number: Node | Explanation) -> float:
    """Return the value of a number that has been computed."""
    assert number.value is not None
    return number.value


def words_of(explanation: Explanation) -> str:
    """Return the text of an explanation without its numbers."""
    lines = [line_tokens(line, lambda number: "") for line in explanation.all_lines]
    return "\n".join("".join(token.text for token in tokens) for tokens in lines)


def first_pass(activation: str, loss: str, reduction: str = "mean") -> tuple[Engine, Trace]:
    targets = ((1.0, 0.0), (0.0, 1.0))
    training = TrainingSpec(loss=loss, reduction="sum" if reduction == "sum" else "mean")
    run = Run.start(build(((1.0, 2.0), (0.5, -1.0)), targets, (LayerSpec(2, activation),), training))
    return run.engine, run.trace(1)


def formula_and_lines(experiment: Experiment, ref: Ref) -> tuple[str, str]:
    """Return the formula at ``ref`` in the first pass, and the lines below it."""
    run = Run.start(experiment)
    trace = run.trace(1)
    explanation = explain(run.engine, trace, ref)
    run.release(trace)
    return line_text(explanation.formula), "\n".join(map(line_text, explanation.lines))
