"""The network that a person's program trains, as an experiment of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.spec import (
    Array,
    Dataset,
    DataSpec,
    Experiment,
    LayerSpec,
    OptimizerSpec,
    Preset,
    Reduction,
    TrainingSpec,
)
from nn_tui.core.watching.given import GivenPass, Layers
from nn_tui.core.watching.layout import ArrayLayout


@dataclass(frozen=True, slots=True)
class WatchedNetwork:
    """All of a network but its numbers.

    Attributes:
        layout: How the arrays lie.
        activations: The activation of each layer.
        loss: The name of the loss.
        reduction: The reduction over the batch.
        l1: The factor of the penalty on |w|.
        l2: The factor of the penalty on ½·w².
        has_bias: Whether each layer has a bias.
        is_trained: Whether the program changes the weights and the bias of each layer.
    """

    layout: ArrayLayout
    activations: tuple[str, ...]
    loss: str
    reduction: Reduction
    l1: float
    l2: float
    has_bias: tuple[bool, ...]
    is_trained: tuple[tuple[bool, bool], ...]

    @property
    def layers(self) -> tuple[LayerSpec, ...]:
        """The layers without their numbers."""
        return tuple(
            LayerSpec(units, activation, train_weights=weights, train_bias=bias)
            for units, activation, (weights, bias) in zip(
                self.layout.sizes[1:], self.activations, self.is_trained, strict=True
            )
        )

    def training(self, optimizer: OptimizerSpec) -> TrainingSpec:
        """Return the training on batches as they come."""
        return TrainingSpec(
            self.loss, self.reduction, batch_size=None, shuffle=False, l1=self.l1, l2=self.l2, optimizer=optimizer
        )


def data_of(x: Array, y: Array) -> Dataset:
    """Return samples (samples, inputs) and targets (samples, outputs) as a data set without a test part."""
    inputs, outputs = (
        tuple(f"{letter}{number}" for number in range(1, array.shape[1] + 1)) for letter, array in (("x", x), ("y", y))
    )
    return Dataset(x, y, x[:0], y[:0], x, x[:0], inputs, outputs)


def engine_of(structure: WatchedNetwork, data: Dataset, optimizer: OptimizerSpec, like: Engine | None = None) -> Engine:
    """Return an engine for passes of the structure on some samples."""
    layers, training = structure.layers, structure.training(optimizer)
    preset = Preset("watched", "", "", DataSpec(inputs=(), targets=()), layers, training)
    return Engine(Experiment(preset, data, layers, training, 0, 0), like)


def state_of(engine: Engine, layout: ArrayLayout, layers: Layers) -> State:
    """Return the weights of a person's program as a state; the optimiser's slots are 0."""
    state = engine.new_state()
    state.array[...] = 0.0
    state.scalars = engine.optimizer.initial_scalars
    state.refcount = 1
    for layer, (weights, bias) in enumerate(layers):
        state.weights[layer][...] = layout.weights(layer, weights.values)
        state.biases[layer][...] = 0.0 if bias is None else bias.values.reshape(-1)
    return state


def run_pass(engine: Engine, state: State, update: int = 1) -> Trace:
    """Run a pass from a state; the trace is held for the caller."""
    with np.errstate(all="ignore"):
        return engine.run(state, update)


@dataclass(frozen=True, slots=True, eq=False)
class ReferencePass:
    """Our pass from the weights and samples of the program: what the arrays of the program are compared with.

    Attributes:
        engine: Its engine.
        trace: Its numbers.
        structure: The network.
        layers: The weights of the program.
    """

    engine: Engine
    trace: Trace
    structure: WatchedNetwork
    layers: Layers


@dataclass(frozen=True, slots=True)
class Hints:
    """What a person said about the network; empty where it is to be found out.

    Attributes:
        activations: The activation of each layer, "" for an unknown one; or of all hidden layers, if it is one.
        loss: The name of the loss.
        reduction: The reduction.
        l1: The factor of the penalty on |w|.
        l2: The factor of the penalty on ½·w².
    """

    activations: tuple[str, ...] = ()
    loss: str = ""
    reduction: Reduction | None = None
    l1: float = 0.0
    l2: float = 0.0

    def fits(self, count: int) -> bool:
        """Return whether there may be as many activations in a network with ``count`` layers."""
        return len(self.activations) in (0, 1, count - 1, count)

    def by_layer(self, count: int) -> tuple[str, ...]:
        """Return what is known of the activation of each layer."""
        if len(self.activations) in (count, 0):
            return self.activations or ("",) * count
        if len(self.activations) == 1:
            return (self.activations[0],) * (count - 1) + ("",)
        return (*self.activations, "")  # those of the hidden layers


HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "identity", "gelu", "silu", "elu", "softplus", "mish")
"""Activations of hidden layers, the most usual first."""
_OUTPUTS: tuple[tuple[str, str], ...] = (
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("sigmoid", "half_squared_error"),
    ("sigmoid", "mean_squared_error"),
    ("identity", "mean_squared_error"),
    ("identity", "half_squared_error"),
    ("tanh", "half_squared_error"),
    ("tanh", "mean_squared_error"),
    ("softmax", "half_squared_error"),
    ("softmax", "mean_squared_error"),
    ("relu", "half_squared_error"),
    ("relu", "mean_squared_error"),
    ("identity", "mean_absolute_error"),
    ("identity", "huber"),
    ("sigmoid", "mean_absolute_error"),
    ("identity", "perceptron"),
    ("leaky_relu", "half_squared_error"),
    ("leaky_relu", "mean_squared_error"),
)
"""Pairs of the activation of the output and the loss, the most usual first."""


def losses_with(output: str) -> tuple[str, ...]:
    """Return the losses that programs compute from an activation of the output, the most usual first."""
    return tuple(loss for activation, loss in _OUTPUTS if activation == output)


def candidates(
    layout: ArrayLayout, given: GivenPass, hints: Hints, known: tuple[str, ...], hidden: str
) -> Iterator[WatchedNetwork]:
    """Yield the structures that a program may have, the most usual first.

    Args:
        layout: How the arrays lie.
        given: What the program handed over.
        hints: What the person said.
        known: The activation of each layer, "" where it is not known.
        hidden: The activation of the hidden layers in which it is not known.
    """
    layers = given.readings[layout.reading]
    frozen = given.module.frozen if given.module is not None else frozenset()
    base = WatchedNetwork(
        layout,
        known,
        hints.loss,
        hints.reduction or "mean",
        hints.l1,
        hints.l2,
        tuple(bias is not None for _, bias in layers),
        tuple((w.name not in frozen, b is not None and b.name not in frozen) for w, b in layers),
    )
    names = tuple(name or hidden for name in known[:-1])
    for output, loss in _outputs(known[-1], hints.loss, layout.sizes[-1]):
        for reduction in (hints.reduction,) if hints.reduction else ("mean", "sum"):
            yield replace(base, activations=(*names, output), loss=loss, reduction=reduction)


def _outputs(output: str, loss: str, units: int) -> list[tuple[str, str]]:
    """Return the pairs of output activation and loss that are possible."""
    pairs = [
        pair
        for pair in _OUTPUTS
        if output in ("", pair[0]) and loss in ("", pair[1]) and (pair[0] != "softmax" or units > 1)
    ]
    if pairs or not output:
        return pairs
    return [(output, loss)] if loss else [(output, each) for each in ("half_squared_error", "mean_squared_error")]
