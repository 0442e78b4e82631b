"""What a user would pick instead of the trainer, each doing the same update as it is usually written there.

``RIVALS`` names them; a factory takes the experiment and gives its ways to do it (the fastest counts), each a
function that makes ``count`` updates and returns when they are done. It raises :class:`Unfit` where that library cannot
do such an update at all, and ImportError where it is not installed. All work in float64 on the whole batch.
"""

from __future__ import annotations

import itertools
import os
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_tui.core.engine.blas import use_threads
from nn_tui.core.spec import Experiment

Updates = Callable[[int], None]
Ways = dict[str, Updates]
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


class Unfit(Exception):
    """This library cannot do that; says why."""


@dataclass(frozen=True)
class Rival:
    """One library: how it is installed, what makes its ways, and what differs from our update."""

    package: str
    ways: Callable[[Experiment], Ways]
    note: str = ""


def torch_ways(problem: Experiment) -> Ways:
    """PyTorch eager: each form of its optimiser, with one thread and with as many as it takes by itself."""
    import torch

    threads = sorted({1, os.cpu_count() or 1})
    forms = ("plain", "foreach", "fused")
    return {f"{form}, {count}": _torch_way(torch, problem, form, count) for count in threads for form in forms}


def _torch_way(torch: Any, problem: Experiment, form: str, threads: int) -> Updates:
    modules: list[Any] = []
    kinds = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}
    for layer, inputs in zip(problem.layers, problem.sizes, strict=False):
        modules.append(torch.nn.Linear(inputs, layer.units, dtype=torch.float64))
        if layer.activation != "softmax":  # CrossEntropyLoss takes logits
            modules.append(kinds[layer.activation]())
    model = torch.nn.Sequential(*modules)
    x, y = torch.tensor(problem.data.x), torch.tensor(problem.data.y)
    criterion = torch.nn.MSELoss()
    if problem.training.loss == "cross_entropy":
        criterion = torch.nn.CrossEntropyLoss()
        y = y.argmax(1)  # class numbers, which it takes faster than rows of probabilities
    spec = problem.training.optimizer
    rule = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[spec.name]
    optimizer = rule(model.parameters(), lr=spec.learning_rate, foreach=form == "foreach", fused=form == "fused")

    def updates(count: int) -> None:
        torch.set_num_threads(threads)
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()

    return updates


def jax_ways(problem: Experiment) -> Ways:
    """JAX: one jitted step, called once an update, its old parameters given up."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    x, y = jnp.asarray(problem.data.x), jnp.asarray(problem.data.y)
    softmax, spec = problem.training.loss == "cross_entropy", problem.training.optimizer
    rng = np.random.default_rng(0)
    parameters = [
        (jnp.asarray(rng.normal(size=(inputs, units)) / np.sqrt(inputs)), jnp.zeros(units))
        for inputs, units in itertools.pairwise(problem.sizes)
    ]

    def loss(parameters: Any) -> Any:
        a = x
        for w, b in parameters[:-1]:
            a = a @ w + b
            a = jax.nn.relu(a) if softmax else jnp.tanh(a)
        z = a @ parameters[-1][0] + parameters[-1][1]
        if softmax:
            return -(y * jax.nn.log_softmax(z)).sum() / len(x)
        return 0.5 * jnp.square(jax.nn.sigmoid(z) - y).sum() / len(x)

    each = jax.tree_util.tree_map
    zeros = each(jnp.zeros_like, parameters)
    state = (parameters, zeros, each(jnp.copy, zeros), jnp.zeros(())) if spec.name == "adam" else (parameters,)

    def sgd(state: Any) -> tuple[Any, Any]:
        value, g = jax.value_and_grad(loss)(state[0])
        return (each(lambda p, g: p - spec.learning_rate * g, state[0], g),), value

    def adam(state: Any) -> tuple[Any, Any]:
        p, m, v, t = state
        value, g = jax.value_and_grad(loss)(p)
        t = t + 1
        m = each(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, g)
        v = each(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, g)
        rate = spec.learning_rate / (1 - BETA1**t)
        root = jnp.sqrt(1 - BETA2**t)
        p = each(lambda p, m, v: p - rate * m / (jnp.sqrt(v) / root + EPS), p, m, v)
        return (p, m, v, t), value

    step = jax.jit(adam if spec.name == "adam" else sgd, donate_argnums=0)
    held = [state]

    def updates(count: int) -> None:
        for _ in range(count):
            held[0], _value = step(held[0])
        jax.block_until_ready(held[0])

    return {"jit": updates}


def tinygrad_ways(problem: Experiment) -> Ways:
    """tinygrad: one step under TinyJit, on the processor."""
    if os.environ.get("CC", "clang") == "clang" and not shutil.which("clang"):
        found = sorted(name for name in (f"clang-{version}" for version in range(14, 30)) if shutil.which(name))
        if not found:
            raise Unfit("compiles with clang, which is not here")
        os.environ["CC"] = found[-1]
    os.environ.setdefault("DEV", "CPU")
    os.environ.setdefault("OPTIM_DTYPE", "float64")
    import tinygrad
    from tinygrad.nn import optim

    tensor, f64 = tinygrad.Tensor, tinygrad.dtypes.float64
    x, y = tensor(problem.data.x, dtype=f64), tensor(problem.data.y, dtype=f64)
    softmax, spec = problem.training.loss == "cross_entropy", problem.training.optimizer
    rng = np.random.default_rng(0)
    layers = []
    for inputs, units in itertools.pairwise(problem.sizes):
        w = tensor(rng.normal(size=(inputs, units)) / np.sqrt(inputs), dtype=f64)
        layers.append((w, tensor(np.zeros(units), dtype=f64)))
    rule = optim.Adam if spec.name == "adam" else optim.SGD
    optimizer = rule([part for layer in layers for part in layer], lr=spec.learning_rate)

    def step() -> Any:
        a = x
        for w, b in layers[:-1]:
            a = a @ w + b
            a = a.relu() if softmax else a.tanh()
        z = a @ layers[-1][0] + layers[-1][1]
        loss = -(y * z.log_softmax()).sum() / len(y) if softmax else 0.5 * (z.sigmoid() - y).square().sum() / len(y)
        optimizer.zero_grad()
        loss.backward()
        return loss.realize(*optimizer.schedule_step())

    jitted = tinygrad.TinyJit(tinygrad.Context(TRAINING=1)(step))

    def updates(count: int) -> None:
        for _ in range(count):
            loss = jitted()
        loss.item()

    return {"TinyJit": updates}


def sklearn_ways(problem: Experiment) -> Ways:
    """scikit-learn: ``MLPClassifier.partial_fit`` with the whole batch, with one BLAS thread and with all."""
    from sklearn.neural_network import MLPClassifier

    spec, data = problem.training.optimizer, problem.data
    labels = data.y.argmax(1) if data.y.shape[1] > 1 else data.y[:, 0]
    classes = np.arange(max(2, data.y.shape[1]))
    ways: Ways = {}
    for threads in sorted({1, os.cpu_count() or 1}):
        model = MLPClassifier(
            problem.sizes[1:-1], activation=problem.layers[0].activation, solver=spec.name, alpha=0.0,
            batch_size=len(data.x), learning_rate_init=spec.learning_rate, momentum=0.0, nesterovs_momentum=False,
            shuffle=False, beta_1=BETA1, beta_2=BETA2, epsilon=EPS, random_state=0,
        )  # fmt: skip
        model.partial_fit(data.x, labels, classes=classes)

        def updates(count: int, model: Any = model, threads: int = threads) -> None:
            use_threads(threads)
            for _ in range(count):
                model.partial_fit(data.x, labels)

        ways[f"{threads}"] = updates
    return ways


def micrograd_ways(problem: Experiment) -> Ways:
    """micrograd: its own MLP, ReLU and a linear output, one number at a time; the loop of its demonstration."""
    from micrograd.engine import Value
    from micrograd.nn import MLP

    if problem.training.optimizer.name != "sgd":
        raise Unfit("has no Adam")
    if problem.training.loss == "cross_entropy" or sum(problem.sizes) > 32:
        raise Unfit("has no logarithm and goes number by number")
    model = MLP(problem.sizes[0], list(problem.sizes[1:]))
    rows, rate = problem.data.x.tolist(), problem.training.optimizer.learning_rate
    targets = problem.data.y[:, 0].tolist()

    def updates(count: int) -> None:
        for _ in range(count):
            errors = [(model(row) - target) ** 2 for row, target in zip(rows, targets, strict=True)]
            loss = sum(errors, Value(0.0)) * (0.5 / len(rows))
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= rate * p.grad

    return {"": updates}


def ready(rival: Rival, problem: Experiment) -> Ways:
    """Its ways after an update of each; raises Unfit with the reason where there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ways = rival.ways(problem)
            for updates in ways.values():
                updates(3)  # TinyJit records the second call and runs from the third on
    except ImportError as error:
        raise Unfit("not installed") from error
    return ways


RIVALS = {
    "PyTorch": Rival("torch", torch_ways),
    "JAX": Rival("jax", jax_ways),
    "tinygrad": Rival("tinygrad", tinygrad_ways),
    "scikit-learn": Rival("scikit-learn", sklearn_ways, "one output: with binary cross-entropy, the only loss it has"),
    "micrograd": Rival("micrograd", micrograd_ways, "ReLU and a linear output: it has no tanh"),
}
