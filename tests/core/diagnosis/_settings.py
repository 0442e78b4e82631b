"""Settings that go wrong in one way each, and random settings that learn: the matrix of the diagnosis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.core.diagnosis.finding import Kind
from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array

XOR = "inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]\ntargets = [[0], [1], [1], [0]]"


@dataclass(frozen=True)
class Setting:
    """A problem that goes wrong, and what must be found first.

    Attributes:
        kind: The kind of the first finding.
        name: A short name.
        text: The preset file.
        update: The update after which it must be found.
    """

    kind: Kind
    name: str
    text: str
    update: int

    def start(self) -> Run:
        """Return the run at its start."""
        return start_text(self.text)


def start_text(text: str) -> Run:
    """Return a run of a preset file, at its start."""
    return Run.start(load_experiment(parse_preset(text, id="setting", file="setting.toml", folder=None)))


def preset(data: str, layers: Sequence[str], training: str, seed: int = 1) -> str:
    """Return the text of a preset file.

    Args:
        data: The lines of ``[data]``, or the name of a generator with options: ``circles samples=100``.
        layers: Layers such as ``8 tanh`` or ``1 sigmoid train_bias=false``.
        training: Loss, optimiser, η and options: ``half_squared_error sgd 0.5 batch_size=1``.
        seed: The seed.
    """
    lines = [f"seed = {seed}", "[data]"]
    if "=" in data.split()[0] or "\n" in data:
        lines.append(data)
    else:
        name, *options = data.split()
        lines += [f'generator = "{name}"', *(option.replace("=", " = ") for option in options)]
    for layer in layers:
        units, activation, *options = layer.split(maxsplit=2)
        lines += ["[[layers]]", f"units = {units}", f'activation = "{activation}"']
        lines += [option.replace("=", " = ") for option in " ".join(options).split(" ") if option]
    loss, optimizer, eta, *options = training.split()
    lines += ["[training]", f'loss = "{loss}"', *(option.replace("=", " = ") for option in options)]
    lines += ["[training.optimizer]", f'name = "{optimizer}"', f"learning_rate = {eta}"]
    return "\n".join(lines)


def table(x: Array, y: Array) -> str:
    """Return the lines of ``[data]`` for a table."""
    return f"inputs = {np.round(x, 6).tolist()}\ntargets = {np.round(y, 6).tolist()}"


def regression(rows: int, inputs: int, scale: float = 1.0, target_scale: float = 1.0, offset: float = 0.0) -> str:
    """Return a smooth function of standard normal inputs as a table."""
    rng = np.random.default_rng(rows + inputs)
    x = rng.normal(size=(rows, inputs))
    y = np.tanh(x @ rng.normal(size=(inputs, 1))) + 0.5 * x[:, :1]
    return table(scale * x, target_scale * y + offset)


def two_classes(rows: int, inputs: int, scale: float = 1.0, shift: float = 0.0, labels: tuple[float, float] = (0, 1)) -> str:
    """Return two classes that a curve separates, as a table."""
    rng = np.random.default_rng(rows * inputs)
    x = rng.normal(size=(rows, inputs))
    inside = (np.square(x).sum(axis=1) < np.median(np.square(x).sum(axis=1)))[:, None]
    return table(scale * x + shift, np.where(inside, labels[1], labels[0]))


def images(rows: int, side: int) -> str:
    """Return three classes of images with pixels from 0 to 255."""
    rng = np.random.default_rng(rows)
    labels = np.arange(rows) % 3
    templates = rng.uniform(0, 255, size=(3, side * side))
    x = np.clip(templates[labels] + rng.normal(0, 40, size=(rows, side * side)), 0, 255)
    return table(np.round(x), np.eye(3)[labels])


def line_data(rows: int, offset: float, inputs: int = 1, noise: float = 0.05) -> str:
    """Return a plane with an offset."""
    rng = np.random.default_rng(rows)
    x = rng.uniform(-1, 1, size=(rows, inputs))
    return table(x, x @ np.arange(1.0, inputs + 1.0)[:, None] + offset + rng.normal(0, noise, size=(rows, 1)))


def _shifted_classes(rows: int) -> str:
    rng = np.random.default_rng(rows)
    x = rng.uniform(0, 1, size=(rows, 2))
    return table(x, (x.sum(axis=1, keepdims=True) > 1.2).astype(float))


def _noisy(rows: int, test: float) -> str:
    rng = np.random.default_rng(rows)
    x = rng.uniform(-1, 1, size=(rows, 1))
    y = np.sin(3 * x) + rng.normal(0, 0.5, size=x.shape)
    return table(x, y) + f"\ntest_fraction = {test}"


def _one_answer(value: float, rows: int = 12, inputs: int = 2) -> str:
    rng = np.random.default_rng(rows)
    return table(rng.normal(size=(rows, inputs)), np.full((rows, 1), value))


_DEEP = [f"{units} sigmoid" for units in (8, 8, 8, 8, 8, 8)]

SETTINGS: tuple[Setting, ...] = (
    # The data
    Setting("constant_target", "all 1, one unit", preset(_one_answer(1.0), ["1 sigmoid"],
            "binary_cross_entropy sgd 0.5"), 300),
    Setting("constant_target", "all 3.5, tanh", preset(_one_answer(3.5, 30, 4), ["6 tanh", "1 identity"],
            "mean_squared_error adam 0.01"), 100),
    Setting("constant_target", "one class of two", preset(table(np.random.default_rng(0).normal(size=(20, 3)),
            np.tile([0.0, 1.0], (20, 1))), ["5 relu init=\"he_uniform\"", "2 softmax"], "cross_entropy sgd 0.1"), 200),
    Setting("target_out_of_range", "sine with sigmoid", preset("sine samples=60", ["8 tanh", "1 sigmoid"],
            "half_squared_error sgd 0.5"), 500),
    Setting("target_out_of_range", "1 to 4 with tanh", preset(regression(40, 2, offset=2.5), ["6 tanh", "1 tanh"],
            "mean_squared_error adam 0.02"), 300),
    Setting("target_out_of_range", "negative with relu", preset(line_data(50, -1.0, 2),
            ["8 sigmoid", "1 relu bias=[1.0]"], "huber sgd 0.1"), 200),
    Setting("target_out_of_range", "-1 and 1 with sigmoid", preset(two_classes(60, 2, labels=(-1, 1)),
            ["12 tanh", "1 sigmoid"], "mean_squared_error sgd 0.3"), 400),
    Setting("target_out_of_range", "sum over 81 rows", preset(regression(81, 3), ["6 sigmoid", "1 sigmoid"],
            "half_squared_error sgd 0.01 reduction=\"sum\""), 1000),
    Setting("inputs_unscaled", "x times 100, linear", preset(regression(40, 1, 100.0), ["1 identity"],
            "mean_squared_error sgd 0.01"), 1),
    Setting("inputs_unscaled", "x times 100, linear, later", preset(regression(40, 2, 100.0), ["1 identity"],
            "mean_squared_error sgd 0.001"), 200),
    Setting("inputs_unscaled", "images 0 to 255, relu", preset(images(60, 5), ["16 relu init=\"he_uniform\"", "3 softmax"],
            "cross_entropy sgd 0.1"), 50),
    Setting("inputs_unscaled", "x times 100, tanh", preset(two_classes(80, 2, 100.0), ["8 tanh", "1 sigmoid"],
            "binary_cross_entropy adam 0.01"), 300),
    Setting("inputs_unscaled", "x times 1000, relu", preset(regression(60, 3, 1000.0), ["12 relu init=\"he_uniform\"",
            "1 identity"], "mean_squared_error sgd 0.01"), 20),
    Setting("inputs_unscaled", "far from 0, sigmoid", preset(two_classes(60, 2, 5.0, 50.0), ["6 sigmoid", "1 sigmoid"],
            "half_squared_error sgd 0.5 batch_size=1"), 600),
    Setting("inputs_unscaled", "years, logistic", preset(two_classes(50, 1, 10.0, 40.0), ["8 tanh", "1 sigmoid"],
            "binary_cross_entropy sgd 0.1"), 500),
    Setting("targets_unscaled", "hundreds, tanh", preset(regression(60, 2, target_scale=200.0, offset=300.0),
            ["8 tanh", "1 identity"], "mean_squared_error sgd 0.01"), 200),
    Setting("targets_unscaled", "thousands, relu", preset(regression(80, 3, target_scale=3000.0),
            ["16 relu init=\"he_uniform\"", "1 identity"], "half_squared_error adam 0.01"), 300),
    Setting("targets_unscaled", "fifties, sigmoid", preset(regression(50, 1, target_scale=10.0, offset=50.0),
            ["6 sigmoid", "1 identity"], "mean_absolute_error sgd 0.05"), 200),
    Setting("sum_reduction", "circles", preset("circles samples=200", ["8 tanh", "1 sigmoid"],
            "binary_cross_entropy sgd 0.5 reduction=\"sum\""), 300),
    Setting("sum_reduction", "regression", preset(regression(300, 2), ["6 tanh", "1 identity"],
            "mean_squared_error sgd 0.02 reduction=\"sum\""), 100),
    Setting("sum_reduction", "three classes", preset("blobs samples=150", ["10 relu init=\"he_uniform\"", "3 softmax"],
            "cross_entropy sgd 0.5 reduction=\"sum\""), 20),
    # The network
    Setting("symmetric", "zeros", preset(XOR, ["4 tanh init=\"zeros\"", "1 sigmoid init=\"zeros\""],
            "half_squared_error sgd 0.5"), 300),
    Setting("symmetric", "constant", preset("moons samples=100", ["8 sigmoid init=\"constant\"", "1 sigmoid init=\"constant\""],
            "binary_cross_entropy adam 0.02"), 500),
    Setting("symmetric", "constant regression", preset("sine samples=60", ["6 tanh init=\"constant\"",
            "1 identity init=\"constant\""], "mean_squared_error sgd 0.1"), 300),
    Setting("no_bias", "a line with an offset", preset(line_data(40, 2.0), ["1 identity train_bias=false"],
            "mean_squared_error sgd 0.1"), 500),
    Setting("no_bias", "classes off the origin", preset(_shifted_classes(80), ["1 sigmoid train_bias=false"],
            "binary_cross_entropy sgd 0.5"), 500),
    Setting("no_bias", "tanh without biases", preset(line_data(60, 3.0, 2), ["6 tanh train_bias=false",
            "1 identity train_bias=false"], "mean_squared_error sgd 0.05"), 2000),
    Setting("no_bias", "relu without biases", preset(line_data(60, 2.0, 1),
            ["8 relu init=\"he_uniform\" train_bias=false", "1 identity train_bias=false"], "half_squared_error adam 0.01"),
            1500),
    Setting("single_layer", "XOR, one unit", preset(XOR, ["1 sigmoid"], "half_squared_error sgd 0.5"), 500),
    Setting("single_layer", "circles", preset("circles samples=100", ["1 sigmoid"], "binary_cross_entropy adam 0.05"), 300),
    Setting("single_layer", "linear hidden layer", preset("circles samples=80", ["6 identity", "1 sigmoid"],
            "binary_cross_entropy sgd 0.3"), 400),
    Setting("single_layer", "sine", preset("sine samples=60", ["1 identity"], "mean_squared_error sgd 0.1"), 500),
    Setting("single_layer", "spiral softmax", preset(two_classes(90, 2), ["1 sigmoid"], "mean_squared_error sgd 0.5"), 600),
    # The units and the gradients
    Setting("dead_units", "from the start", preset("circles samples=80", ["6 relu init=\"he_uniform\" bias=[-9,-9,-9,-9,-9,-9]",
            "1 sigmoid"], "binary_cross_entropy sgd 0.5"), 100),
    Setting("dead_units", "after long steps", preset("moons samples=100", ["8 relu init=\"he_uniform\"", "1 sigmoid"],
            "binary_cross_entropy sgd 30.0", 3), 200),
    Setting("dead_units", "relu output", preset(regression(40, 2, offset=3.0), ["6 tanh", "1 relu bias=[-8.0]"],
            "mean_squared_error sgd 0.1"), 200),
    Setting("dead_units", "regression", preset("sine samples=60", ["10 relu init=\"he_uniform\" bias=[-5,-5,-5,-5,-5,-5,-5,-5,-5,-5]",
            "1 identity"], "mean_squared_error adam 0.01"), 300),
    Setting("saturated", "far biases, tanh", preset(two_classes(60, 2), ["4 tanh bias=[9,-9,12,-12]", "1 sigmoid"],
            "half_squared_error sgd 0.5"), 200),
    Setting("saturated", "sigmoid output", preset("moons samples=80", ["6 tanh", "1 sigmoid bias=[12.0]"],
            "half_squared_error sgd 0.5"), 300),
    Setting("saturated", "wide weights, two layers", preset(regression(60, 3), ["8 tanh init=\"normal\" init_std=100.0",
            "8 tanh init=\"normal\" init_std=100.0", "1 identity"], "mean_squared_error adam 0.001"), 300),
    Setting("exploding", "leaky relu", preset("circles samples=80", [*["20 leaky_relu init=\"normal\""] * 6, "1 sigmoid"],
            "binary_cross_entropy sgd 0.001"), 0),
    Setting("exploding", "relu regression", preset(regression(60, 3), [*["30 relu init=\"normal\" init_std=0.8"] * 5, "1 identity"],
            "mean_squared_error sgd 0.01"), 5),
    Setting("exploding", "elu classes", preset("blobs samples=90", [*["25 elu init=\"normal\" init_std=0.8"] * 6, "3 softmax"],
            "cross_entropy sgd 0.05"), 1),
    Setting("vanishing", "deep sigmoid", preset("circles samples=80", [*_DEEP, "1 sigmoid"],
            "binary_cross_entropy sgd 0.1"), 300),
    Setting("vanishing", "deep sigmoid regression", preset("sine samples=60", [*_DEEP, "1 identity"],
            "mean_squared_error sgd 0.1"), 100),
    Setting("vanishing", "small tanh weights", preset("moons samples=80", [*["10 tanh init=\"normal\" init_std=0.02"] * 4, "1 sigmoid"],
            "binary_cross_entropy momentum 0.01"), 200),
    # The steps
    Setting("diverged", "plane", preset("plane samples=60", ["1 identity"], "mean_squared_error sgd 3.0"), 2000),
    Setting("diverged", "tanh", preset(regression(60, 2), ["8 tanh", "1 identity"], "half_squared_error sgd 6.0"), 2000),
    Setting("diverged", "leaky relu", preset(regression(80, 3), ["12 leaky_relu init=\"he_uniform\"", "1 identity"],
            "mean_squared_error momentum 0.9"), 500),
    Setting("learning_rate_high", "plane", preset("plane samples=60", ["1 identity"], "mean_squared_error sgd 2.2"), 60),
    Setting("learning_rate_high", "rmsprop", preset(regression(60, 2), ["8 leaky_relu", "8 leaky_relu", "1 identity"], "mean_squared_error rmsprop 1.0 batch_size=10"), 300),
    Setting("learning_rate_high", "mini-batches", preset(regression(80, 4), ["8 elu", "1 identity"],
            "huber sgd 1.5 batch_size=4"), 600),
    Setting("learning_rate_high", "classes", preset("circles samples=100", ["8 leaky_relu", "1 sigmoid"],
            "binary_cross_entropy sgd 8.0 batch_size=10"), 500),
    Setting("learning_rate_low", "XOR", preset(XOR, ["4 tanh", "1 sigmoid"], "half_squared_error sgd 0.001"), 2000),
    Setting("learning_rate_low", "moons, relu", preset("moons samples=100", ["8 relu init=\"he_uniform\"", "1 sigmoid"],
            "binary_cross_entropy sgd 0.0001 batch_size=10"), 1000),
    Setting("learning_rate_low", "adam", preset("sine samples=60", ["8 tanh", "1 identity"],
            "mean_squared_error adam 0.000001"), 500),
    Setting("learning_rate_low", "XOR one by one", preset(XOR, ["2 sigmoid", "1 sigmoid"],
            "half_squared_error sgd 0.01 batch_size=1"), 4000),
    # The way
    Setting("local_minimum", "XOR 2-2-1", preset(XOR, ["2 sigmoid", "1 sigmoid"], "half_squared_error sgd 2.0", 0), 4000),
    Setting("local_minimum", "one silu unit", preset("inputs = [[0.5], [2.0], [-1.0]]\ntargets = [[-0.25], [0.25], [0.75]]",
            ["1 silu weights=[[1.5]] bias=[-1.5] train_bias=false"], "half_squared_error sgd 1.0"), 400),
    Setting("local_minimum", "circles, two units", preset("circles samples=100", ["2 tanh", "1 sigmoid"], "binary_cross_entropy adam 0.05"), 1500),
    Setting("plateau", "XOR, small weights", preset(XOR, ["2 sigmoid init=\"normal\" init_std=0.1", "1 sigmoid init=\"normal\" init_std=0.1"],
            "half_squared_error sgd 0.5"), 2000),
    Setting("plateau", "tanh, tiny weights", preset(XOR, ["4 tanh init=\"normal\" init_std=0.001", "1 sigmoid init=\"normal\" init_std=0.001"],
            "binary_cross_entropy sgd 0.1"), 1500),
    Setting("plateau", "circles, small weights", preset("circles samples=100", ["4 sigmoid init=\"normal\" init_std=0.01",
            "1 sigmoid init=\"normal\" init_std=0.01"], "half_squared_error sgd 0.5"), 1500),
    # Overfitting
    Setting("overfitting", "noisy sine", preset(_noisy(40, 0.5), ["40 tanh init=\"normal\" init_std=3.0", "1 identity"],
            "mean_squared_error adam 0.02"), 3000),
    Setting("overfitting", "overlapping classes", preset("gaussians samples=60 noise=0.6 test_fraction=0.5",
            ["40 relu init=\"he_uniform\"", "1 sigmoid"], "binary_cross_entropy adam 0.02"), 2000),
    Setting("overfitting", "moons", preset("moons samples=50 noise=0.4 test_fraction=0.5", ["30 tanh", "1 sigmoid"],
            "binary_cross_entropy adam 0.03"), 1500),
)  # fmt: skip
