"""Problems in few words: data as tables, and preset files from lines such as ``8 tanh, 1 sigmoid``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nn_tui.core.preset.loader import load_experiment
from nn_tui.core.preset.parser import parse_preset
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array


def start_text(text: str) -> Run:
    """Return a run of a preset file, at its start."""
    return Run.start(load_experiment(parse_preset(text, id="setting", file="setting.toml", folder=None)))


def preset(data: str, layers: str, training: str, seed: int = 1) -> str:
    """Return the text of a preset file.

    Args:
        data: The lines of ``[data]``, the name of a generator with options, ``circles samples=100``, or of a function
            in ``TABLES`` with arguments, ``regression 40 2 offset=2.5``.
        layers: Layers such as ``2 * 8 tanh, 1 sigmoid train_bias=false``; ``2 *`` stands for two such layers.
        training: Loss, optimiser, η and options: ``half_squared_error sgd 0.5 batch_size=1``.
        seed: The seed.
    """
    lines = [f"seed = {seed}", "[data]"]
    if "=" in data.split()[0] or "\n" in data:
        lines.append(data)
    else:
        name, *options = data.split()
        lines += [_call(name, options)] if name in TABLES else [f'generator = "{name}"', *map(_toml_line, options)]
    for layer in _repeated(layers):
        units, activation, *options = layer.split(maxsplit=2)
        lines += ["[[layers]]", f"units = {units}", f'activation = "{activation}"']
        lines += [_toml_line(option) for option in " ".join(options).split()]
    loss, optimizer, eta, *options = training.split()
    lines += ["[training]", f'loss = "{loss}"', *map(_toml_line, options)]
    lines += ["[training.optimizer]", f'name = "{optimizer}"', f"learning_rate = {eta}"]
    return "\n".join(lines)


def _call(name: str, options: list[str]) -> str:
    """Return the table of a function in ``TABLES``, for arguments such as ``40`` and ``offset=2.5``."""
    arguments = [option.rpartition("=") for option in options]
    numbers = [float(text) if "." in text else int(text) for _, _, text in arguments]
    keys = [key for key, _, _ in arguments if key]
    count = len(numbers) - len(keys)
    return TABLES[name](*numbers[:count], **dict(zip(keys, numbers[count:], strict=True)))


def _repeated(layers: str) -> Iterator[str]:
    for layer in layers.split(", "):
        count, _, repeated = layer.rpartition(" * ")
        yield from [repeated] * int(count or 1)


def _toml_line(option: str) -> str:
    """Return the line for ``key=value``; a word gets quotes."""
    key, value = option.split("=")
    is_word = value[0].isalpha() and value not in ("true", "false")
    return f'{key} = "{value}"' if is_word else f"{key} = {value}"


def table(x: Array, y: Array) -> str:
    """Return the lines of ``[data]`` for a table."""
    return f"inputs = {np.round(x, 6).tolist()}\ntargets = {np.round(y, 6).tolist()}"


def regression(rows: int, inputs: int, scale: float = 1.0, target_scale: float = 1.0, offset: float = 0.0) -> str:
    """Return a smooth function of standard normal inputs as a table."""
    rng = np.random.default_rng(rows + inputs)
    x = rng.normal(size=(rows, inputs))
    y = np.tanh(x @ rng.normal(size=(inputs, 1))) + 0.5 * x[:, :1]
    return table(scale * x, target_scale * y + offset)


def two_classes(rows: int, inputs: int, scale: float = 1.0, shift: float = 0.0, low: float = 0) -> str:
    """Return two classes that a curve separates, as a table; their targets are ``low`` and 1."""
    rng = np.random.default_rng(rows * inputs)
    x = rng.normal(size=(rows, inputs))
    inside = (np.square(x).sum(axis=1) < np.median(np.square(x).sum(axis=1)))[:, None]
    return table(scale * x + shift, np.where(inside, 1, low))


def three_regions(rows: int) -> str:
    """Return three classes that nearly straight borders separate, one-hot."""
    rng = np.random.default_rng(rows)
    x = rng.normal(size=(rows, 3))
    return table(x, np.eye(3)[np.argmax(x @ rng.normal(size=(3, 3)) + 0.3 * x**2, axis=1)])


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


def shifted_classes(rows: int) -> str:
    """Return two classes that a line splits, but none through the origin."""
    rng = np.random.default_rng(rows)
    x = rng.uniform(0, 1, size=(rows, 2))
    return table(x, (x.sum(axis=1, keepdims=True) > 1.2).astype(float))


def noisy_sine(rows: int, test: float) -> str:
    """Return a sine with much noise."""
    rng = np.random.default_rng(rows)
    x = rng.uniform(-1, 1, size=(rows, 1))
    y = np.sin(3 * x) + rng.normal(0, 0.5, size=x.shape)
    return table(x, y) + f"\ntest_fraction = {test}"


def one_answer(value: float, rows: int = 12, inputs: int = 2) -> str:
    """Return rows with the same target."""
    rng = np.random.default_rng(rows)
    return table(rng.normal(size=(rows, inputs)), np.full((rows, 1), value))


def one_input(value: float, rows: int = 16, inputs: int = 2) -> str:
    """Return rows with the same inputs and targets of 0 and 1."""
    return table(np.full((rows, inputs), value), (np.arange(rows) % 3 == 0)[:, None].astype(float))


def house_prices(rows: int) -> str:
    """Return prices of about 200,000 for areas of about 120."""
    area = np.random.default_rng(rows).normal(120.0, 40.0, size=(rows, 1))
    return table(area, 2000.0 * area + 20_000.0 * np.sin(area / 15.0))


def one_class() -> str:
    """Return five rows of the second of two classes."""
    return table(np.eye(5), np.tile([0.0, 1.0], (5, 1)))


def three_rows() -> str:
    """Return three rows for a single unit, whose loss has two minima."""
    return table(np.array([[0.5], [2.0], [-1.0]]), np.array([[-0.25], [0.25], [0.75]]))


def xor(repeats: int = 1, one_hot: bool = False) -> str:
    """Return the rows of XOR, each so many times."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * repeats)
    y = np.logical_xor(x[:, :1], x[:, 1:]).astype(float)
    return table(x, np.hstack([1.0 - y, y]) if one_hot else y)


def xor_with(x1: float, x2: float, answer: float, one_hot: bool = False) -> str:
    """Return the rows of XOR, and one row more."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [x1, x2]])
    y = np.array([[0.0], [1.0], [1.0], [0.0], [answer]])
    return table(x, np.hstack([1.0 - y, y]) if one_hot else y)


def sine_of_sum() -> str:
    """Return the sine of the sum of four inputs, each −1, 0 or 1."""
    x = np.stack(np.meshgrid(*[[-1.0, 0.0, 1.0]] * 4), axis=-1).reshape(-1, 4)
    return table(x, np.sin(x.sum(axis=1, keepdims=True)))


def first_column() -> str:
    """Return six rows whose target is the first input; one row is 0 0."""
    x = np.array([[0, 1], [0, 1], [1, 0], [1, 0], [0, 0], [1, 1]], dtype=float)
    return table(x, x[:, :1])


TABLES: dict[str, Callable[..., str]] = {
    function.__name__: function
    for function in (
        regression, two_classes, three_regions, images, line_data, shifted_classes, noisy_sine, house_prices,
        one_answer, one_input, one_class, three_rows, xor, xor_with, sine_of_sum, first_column,
    )
}  # fmt: skip


def random_problem(seed: int) -> str:
    """Return a random problem with usual settings; most of them are learned within 1,500 updates."""
    rng = np.random.default_rng(seed)

    def pick(*choices: object) -> object:
        return choices[rng.integers(len(choices))]

    activation = pick("tanh", "relu", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus")
    task = str(pick("circles", "moons", "gaussians", "spiral", "blobs", "sine", "plane", "smooth", "disc", "xor"))
    units, depth, rows = pick(4, 8, 12, 16, 24), pick(1, 1, 1, 2, 3), int(str(pick(60, 100, 200, 300)))
    noise, test = pick(0, 0.02, 0.05, 0.1), pick(0, 0, 0.25)
    init = " init=he_uniform" if activation in ("relu", "leaky_relu", "elu", "gelu", "silu") else ""
    tables = {"smooth": f"regression {rows} {1 + seed % 4}", "disc": f"two_classes {rows} 2", "xor": "xor"}
    data = tables.get(task, f"{task} samples={rows} noise={noise} test_fraction={test}")
    output, loss = "1 sigmoid", pick("binary_cross_entropy", "half_squared_error", "mean_squared_error")
    if task == "blobs":
        output, loss = "3 softmax", "cross_entropy"
    elif task in ("sine", "plane", "smooth"):
        output, loss = "1 identity", pick("mean_squared_error", "half_squared_error", "huber")
    optimizer = pick("sgd 0.1", "sgd 0.3", "sgd 0.5", "momentum 0.05", "nesterov 0.05", "adam 0.01", "adam 0.03",
                     "rmsprop 0.01")  # fmt: skip
    batch = pick("", "", " batch_size=10", " batch_size=32")
    return preset(data, f"{depth} * {units} {activation}{init}, {output}", f"{loss} {optimizer}{batch}", seed)
