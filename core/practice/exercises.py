"""Endless exercises: small networks with numbers for work by hand, in which no mistake gives a right answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.steps import Operation
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.mistakes import wrong_values
from nn_tui.core.practice.names import TOPICS, Topic
from nn_tui.core.practice.rounding import DEFAULT_DIGITS
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.rng import stream
from nn_tui.core.run.run import Run
from nn_tui.core.spec import DataSpec, Experiment, LayerSpec, OptimizerSpec, Preset, TrainingSpec
from nn_tui.core.translation import Message, message, tr

MAX_ATTEMPTS = 300  # before an easier exercise is drawn; few digits hide most mistakes of a large network


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """What a topic asks for, and in which networks.

    Attributes:
        title: Its name.
        operations: The operations whose numbers are asked for.
        first_pass: The pass that is computed by hand; momentum needs one before it.
        loss: The loss.
        output: The activation of the output layer.
        optimizer: The optimiser.
        learning_rate: Its learning rate.
    """

    title: Message
    operations: tuple[Operation, ...]
    first_pass: int = 1
    loss: str = "half_squared_error"
    output: str = "sigmoid"
    optimizer: str = "sgd"
    learning_rate: float = 0.5


SPECS: Mapping[Topic, TopicSpec] = {
    "forward": TopicSpec(message("The forward pass"), ("z", "a")),
    "loss": TopicSpec(message("The loss"), ("loss",)),
    "delta": TopicSpec(message("δ of every layer"), ("da", "dz")),
    "weights": TopicSpec(message("Gradients of weights"), ("dw",)),
    "bias": TopicSpec(message("Gradients of biases"), ("db",)),
    "update": TopicSpec(message("The update"), ("update",)),
    "momentum": TopicSpec(message("Momentum"), ("update",), 2, optimizer="momentum", learning_rate=0.5),
    "adam": TopicSpec(message("Adam"), ("update",), 2, optimizer="adam", learning_rate=0.1),
    "softmax": TopicSpec(message("Softmax"), ("z", "a", "loss", "dz"), 1, "cross_entropy", "softmax"),
}
# From easy to hard: the sizes of the hidden layers, the inputs, and the samples of the batch.
_LEVELS: tuple[tuple[tuple[int, ...], int, int], ...] = (((), 2, 1), ((2,), 2, 1), ((2,), 2, 2), ((3,), 2, 2))
_PER_LEVEL = 2  # exercises before the next level


def generate(topic: Topic, seed: int, number: int = 0, digits: int = DEFAULT_DIGITS) -> Experiment:
    """Return an exercise, the same for the same arguments.

    Its weights and biases have one decimal, its inputs are small whole numbers or have one decimal. No product is 0,
    no |z| is above 3, no unit is saturated, and the update lowers the loss. It is drawn again until no mistake gives
    the right answer to any of its questions.

    Args:
        topic: The topic.
        seed: The seed.
        number: The number of the exercise, from 0: the first ones are easier.
        digits: The significant digits of the answers.

    Raises:
        RuntimeError: No such exercise was found.
    """
    generator = stream(seed, "exercise", TOPICS.index(topic) + len(TOPICS) * number)
    level = min(number // _PER_LEVEL, len(_LEVELS) - 1)
    for attempt in range(MAX_ATTEMPTS * (level + 1)):
        experiment = _draw(topic, seed, number, level - attempt // MAX_ATTEMPTS, generator)
        run = Run.start(experiment)
        passes = [run.trace(update) for update in range(1, SPECS[topic].first_pass + 2)]
        if _is_for_work_by_hand(run.engine, passes) and not _can_be_right_by_mistake(topic, run, passes, digits):
            return experiment
    raise RuntimeError(f"no exercise of {topic} for seed {seed}")


def questions(topic: Topic, engine: Engine) -> Iterator[Ref]:
    """Yield the addresses of the numbers that an exercise asks for, for its first sample."""
    spec, sizes = SPECS[topic], engine.sizes
    for layer, (inputs, units) in enumerate(pairwise(sizes)):
        for operation in spec.operations:
            if operation == "loss":
                if layer == 0:
                    yield Ref("loss")
                continue
            # The steps of a hidden layer are too small to tell apart.
            if operation == "update" and layer < len(sizes) - 2:
                continue
            key = QuantityKey("w", after=True) if operation == "update" else QuantityKey(operation)
            yield from (key.at(layer, unit, k) for unit in range(units) for k in range(inputs if key.is_weight else 1))


def _draw(topic: Topic, seed: int, number: int, level: int, generator: np.random.Generator) -> Experiment:
    """Draw numbers for an exercise, whether or not they are good ones."""
    spec = SPECS[topic]
    hidden, inputs, rows = _LEVELS[level]
    outputs = 3 if spec.output == "softmax" and number % _PER_LEVEL else 2 if spec.output == "softmax" else 1
    sizes = (inputs, *hidden, outputs)
    layers = []
    for index, (before, units) in enumerate(pairwise(sizes)):
        sign = generator.choice((-1.0, 1.0), (units, before + 1))
        # Different magnitudes, so that exchanging two weights changes something.
        magnitude = np.stack([generator.permutation(np.arange(1, 10))[: before + 1] for _ in range(units)]) / 10.0
        numbers = sign * magnitude
        activation = spec.output if index == len(sizes) - 2 else str(generator.choice(("tanh", "sigmoid")))
        weights = tuple(map(tuple, numbers[:, :-1].tolist()))
        layers.append(LayerSpec(units, activation, weights=weights, bias=tuple(numbers[:, -1].tolist())))
    x = tuple(
        tuple(generator.choice((-2.0, -1.5, -0.5, 0.5, 1.5, 2.0, 3.0), inputs, replace=False)) for _ in range(rows)
    )
    if spec.output == "softmax":
        hot = generator.integers(0, outputs, rows)
        targets = tuple(tuple(float(k == unit) for k in range(outputs)) for unit in hot)
    else:
        targets = tuple((float(value),) for value in generator.choice((0.1, 0.3, 0.7, 0.9), rows, replace=False))
    training = TrainingSpec(
        spec.loss,
        "sum" if rows == 1 else "mean",  # of one sample there is no mean to forget
        shuffle=False,
        optimizer=OptimizerSpec(spec.optimizer, spec.learning_rate),
    )
    preset = Preset(
        f"practice-{topic}-{seed}-{number + 1}",
        tr("Practice: {topic}, exercise {number}", topic=spec.title, number=number + 1),
        tr("Numbers for work by hand, drawn with the seed {seed}.", seed=seed),
        DataSpec(inputs=tuple(tuple(map(float, row)) for row in x), targets=targets),
        tuple(layers),
        training,
        seed,
    )
    return load_experiment(preset)


def _is_for_work_by_hand(engine: Engine, passes: list[Trace]) -> bool:
    """Return whether the numbers are of a good size for work by hand."""
    trace, following = passes[-2], passes[-1]
    z, a, dz = (np.concatenate([part.ravel() for part in parts]) for parts in (trace.z, trace.a, trace.dz))
    is_small = bool((np.abs(z) <= 3.0).all() and (np.abs(z) >= 0.05).all())
    is_alive = bool((np.abs(a) >= 0.02).all() and (np.abs(a) <= 0.95).all() and (np.abs(dz) >= 1e-3).all())
    return is_small and is_alive and following.loss < trace.loss


def _can_be_right_by_mistake(topic: Topic, run: Run, passes: list[Trace], digits: int) -> bool:
    """Return whether some mistake gives a right answer to a question."""
    trace, previous = passes[-2], passes[-3] if len(passes) > 2 else None
    for ref in questions(topic, run.engine):
        right, allowed = value_of(run.engine, trace, ref), tolerance(run.engine, trace, ref, digits)
        if any(abs(wrong.value - right) <= 1.05 * allowed for wrong in wrong_values(run.engine, trace, ref, previous)):
            return True
    return False
