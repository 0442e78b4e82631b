"""The forms in which programs have their arrays: each gives the same log."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array
from nn_tui.core.watching.watch import watch
from tests.core.watching._programs import Step, sigmoid, steps

Form = Callable[[Step], dict[str, Any]]


def first_lines(form: Form, mistake: str = "") -> list[str]:
    """Return the log of two steps in a form, without the names of the arrays."""
    run = watch(quiet=True)
    for step in steps(2, mistake):
        run.step(**form(step), loss=step.loss)
    return [line.partition(" digits")[0] for line in run.report().splitlines()]


def weights(step: Step) -> list[Array]:
    return [step.weights["W1"], step.weights["W2"]]


def biases(step: Step) -> list[Array]:
    return [step.weights["b1"], step.weights["b2"]]


def gradients(step: Step, letter: str) -> list[Array]:
    return [step.gradients[f"d{letter}1"], step.gradients[f"d{letter}2"]]


def rows(step: Step) -> dict[str, Any]:
    """Return the step of a program whose samples are rows, and whose weights have a column for each unit."""
    w1, w2 = weights(step)
    b1, b2 = (bias.reshape(1, -1) for bias in biases(step))
    return {
        "weights": {"W1": w1.T, "b1": b1, "W2": w2.T, "b2": b2},
        "gradients": {name: g.T for name, g in step.gradients.items()},
        "inputs": step.x.T,
        "targets": step.y.T,
    }


FORMS: dict[str, Form] = {
    "two dictionaries": lambda s: {"weights": s.weights, "gradients": s.gradients, "inputs": s.x, "targets": s.y},
    "one dictionary": lambda s: {
        "weights": {**s.weights, **s.gradients, **s.cache, "X": s.x, "Y": s.y, "cost": s.loss, "epoch": 3, "text": "a"}
    },
    "layers from 0": lambda s: {
        "weights": {f"{name[0]}{int(name[1]) - 1}": array for name, array in s.weights.items()}
        | {f"d{name[1]}{int(name[2]) - 1}": array for name, array in s.gradients.items()},
        "inputs": s.x,
        "targets": s.y,
    },
    "gradients by the names of the weights": lambda s: {
        "weights": s.weights,
        "gradients": {name[1:]: g for name, g in s.gradients.items()},
        "inputs": s.x,
        "targets": s.y,
    },
    "pairs": lambda s: {
        "weights": list(zip(weights(s), biases(s), strict=True)),
        "gradients": list(zip(gradients(s, "W"), gradients(s, "b"), strict=True)),
        "inputs": s.x,
        "targets": s.y,
    },
    "one list": lambda s: {
        "weights": list(s.weights.values()),
        "gradients": [s.gradients[f"d{name}"] for name in s.weights],
        "inputs": s.x,
        "targets": s.y,
    },
    "two lists, the biases first": lambda s: {
        "weights": [biases(s), weights(s)],
        "gradients": (gradients(s, "b"), gradients(s, "W")),
        "inputs": s.x,
        "targets": s.y,
    },
    "an object with weights and biases": lambda s: {
        "weights": SimpleNamespace(weights=weights(s), biases=biases(s)),
        "gradients": (gradients(s, "b"), gradients(s, "W")),
        "inputs": s.x,
        "targets": s.y,
    },
    "biases apart": lambda s: {
        "weights": weights(s),
        "biases": biases(s),
        "gradients": gradients(s, "W") + gradients(s, "b"),
        "inputs": s.x,
        "targets": s.y,
    },
    "samples in rows": rows,
    "biases without a second axis": lambda s: rows(s) | {
        "weights": {name: w.reshape(-1) if name[0] == "b" else w for name, w in rows(s)["weights"].items()},
        "gradients": {name: g.reshape(-1) if name[1] == "b" else g for name, g in rows(s)["gradients"].items()},
        "targets": s.y.reshape(-1),
    },
    "lists of numbers": lambda s: {
        "weights": {name: w.tolist() for name, w in s.weights.items()},
        "gradients": {name: g.tolist() for name, g in s.gradients.items()},
        "inputs": s.x.tolist(),
        "targets": s.y.tolist(),
    },
    "a generator of names and arrays": lambda s: {
        "weights": (pair for pair in s.weights.items()),
        "gradients": s.gradients,
        "inputs": s.x,
        "targets": s.y,
    },
    "names of a state dictionary": lambda s: {
        "weights": {
            "0.weight": weights(s)[0], "0.bias": biases(s)[0], "2.weight": weights(s)[1], "2.bias": biases(s)[1],
        },
        "gradients": {
            "0.weight": gradients(s, "W")[0], "0.bias": gradients(s, "b")[0],
            "2.weight": gradients(s, "W")[1], "2.bias": gradients(s, "b")[1],
        },
        "inputs": s.x,
        "targets": s.y,
    },
    "lists of activations": lambda s: {
        "weights": s.weights,
        "gradients": s.gradients,
        "cache": {"zs": [s.cache["Z1"], s.cache["Z2"]], "activations": [s.x, s.cache["A1"], s.cache["A2"]]},
        "inputs": s.x,
        "targets": s.y,
    },
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_right_program_is_recognised_in_each_form(form: Form) -> None:
    report = first_lines(form)
    assert report[0].startswith("watching 2-4-1 (tanh, sigmoid); the loss is binary_cross_entropy (mean).")
    assert report[1].startswith("update 1: ") and "equal to 1" in report[1]
    assert report[2] == "update 1: the weights change by sgd with η = 0.5."
    assert report[3].startswith("updates 1 to 2: equal to 1") and len(report) == 4


@pytest.mark.parametrize("form", list(FORMS.values())[1::3], ids=list(FORMS)[1::3])
def test_a_mistake_is_recognised_in_each_form(form: Form) -> None:
    report = first_lines(form, "slope left out")
    assert report[1].endswith("The slope of the activation, tanh′(z), was left out.")


def test_the_first_program_of_a_course_has_names_without_numbers() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 20))
    y = (x.sum(axis=0, keepdims=True) > 0.0).astype(int)
    w, b, run = np.zeros((3, 1)), 0.0, watch(quiet=True)
    for _ in range(3):
        a = sigmoid(w.T @ x + b)
        cost = -np.sum(y * np.log(a) + (1 - y) * np.log(1.0 - a)) / 20
        dw, db = x @ (a - y).T / 20, np.sum(a - y) / 20
        run.step({"w": w, "b": b}, {"dw": dw, "db": db}, x, y, loss=cost)
        w, b = w - 0.1 * dw, b - 0.1 * db
    report = run.report().splitlines()
    assert report[0] == "watching 3-1 (sigmoid); the loss is binary_cross_entropy (mean)."
    assert report[1].endswith("digits: loss, dw and db.") and report[-1].startswith("updates 1 to 3: equal to 1")


def test_a_network_as_an_object_that_adds_the_gradients_of_single_samples() -> None:
    rng = np.random.default_rng(0)
    net = SimpleNamespace(
        weights=[rng.normal(size=(5, 4)), rng.normal(size=(3, 5))],
        biases=[rng.normal(size=(5, 1)), rng.normal(size=(3, 1))],
    )
    batch = [(rng.normal(size=(4, 1)), np.eye(3)[:, [number % 3]]) for number in range(6)]
    runs = [watch(learning_rate=3.0, quiet=True) for _ in range(2)]
    for _ in range(3):
        weights, biases = net.weights, net.biases
        nabla_w, nabla_b = ([np.zeros_like(array) for array in arrays] for arrays in (weights, biases))
        for x, y in batch:
            hidden = sigmoid(weights[0] @ x + biases[0])
            output = sigmoid(weights[1] @ hidden + biases[1])
            delta = (output - y) * output * (1.0 - output)
            hidden_delta = weights[1].T @ delta * hidden * (1.0 - hidden)
            nabla_b = [nabla_b[0] + hidden_delta, nabla_b[1] + delta]
            nabla_w = [nabla_w[0] + hidden_delta @ x.T, nabla_w[1] + delta @ hidden.T]
        samples = {"inputs": [x for x, _ in batch], "targets": [y for _, y in batch]}
        runs[0].step(net, (nabla_b, nabla_w), **samples)
        runs[1].step(locals(), **samples)
        net.weights = [w - 3.0 / 6 * g for w, g in zip(net.weights, nabla_w, strict=True)]
        net.biases = [b - 3.0 / 6 * g for b, g in zip(net.biases, nabla_b, strict=True)]
    for run in runs:
        report = run.report().splitlines()
        assert report[0] == "watching 4-5-3 (sigmoid, sigmoid); the loss is half_squared_error (sum)."
        assert report[2].endswith("with η = 3; N = 6: the update divides by N.")
        assert report[3].startswith("updates 1 to 3: equal to 1")


def test_a_network_of_neurons_whose_weights_are_single_numbers() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(4, 3)), np.array([1.0, -1.0, -1.0, 1.0])
    arrays = [rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(1, 4)), rng.normal(size=1)]
    run = watch(quiet=True)
    for _ in range(2):
        w1, b1, w2, b2 = arrays
        hidden = np.tanh(x @ w1.T + b1)
        output = np.tanh(hidden @ w2.T + b2)
        delta = 2.0 * (output - y[:, None]) * (1.0 - output**2)
        hidden_delta = delta @ w2 * (1.0 - hidden**2)
        slopes = [hidden_delta.T @ x, hidden_delta.sum(0), delta.T @ hidden, delta.sum(0)]
        loss = SimpleNamespace(data=float(((output - y[:, None]) ** 2).sum()), grad=1.0)
        run.step(neurons(arrays, slopes), inputs=x.tolist(), targets=y.tolist(), loss=loss)
        arrays = [array - 0.05 * slope for array, slope in zip(arrays, slopes, strict=True)]
    report = run.report().splitlines()
    assert report[0] == "watching 3-4-1 (tanh, tanh); the loss is mean_squared_error (sum)."
    assert report[1].endswith("digits: loss, dW2, db2, dW1 and db1.") and report[2].endswith("by sgd with η = 0.05.")


def neurons(arrays: list[Array], slopes: list[Array]) -> SimpleNamespace:
    """Return weights and gradients as a network of neurons."""

    def numbers(values: Array, gradients: Array) -> list[SimpleNamespace]:
        pairs = zip(values.reshape(-1).tolist(), gradients.reshape(-1).tolist(), strict=True)
        return [SimpleNamespace(data=data, grad=grad) for data, grad in pairs]

    layers = []
    for w, b, dw, db in zip(arrays[::2], arrays[1::2], slopes[::2], slopes[1::2], strict=True):
        biases = numbers(b, db)
        units = [SimpleNamespace(w=numbers(w[unit], dw[unit]), b=biases[unit]) for unit in range(len(b))]
        layers.append(SimpleNamespace(neurons=units))
    return SimpleNamespace(layers=layers)


def test_layers_in_dictionaries_of_their_own() -> None:
    def nested(step: Step) -> dict[str, Any]:
        pairs = [{"W": w, "b": b} for w, b in zip(weights(step), biases(step), strict=True)]
        slopes = [{"W": w, "b": b} for w, b in zip(gradients(step, "W"), gradients(step, "b"), strict=True)]
        names = ("hidden", "output")
        return {
            "weights": dict(zip(names, pairs, strict=True)),
            "gradients": dict(zip(names, slopes, strict=True)),
            "inputs": step.x,
            "targets": step.y,
        }

    assert "equal to" in first_lines(nested)[1]


class Broken:
    """An object that fails to become an array."""

    def __array__(self, *arguments: object, **options: object) -> Array:
        raise KeyError("gone")


def test_an_object_that_fails_to_become_an_array_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    for value in (Broken(), [Broken()], {"W1": Broken()}, endless):
        with pytest.raises(InputError, match="what was given cannot be read as arrays"):
            watch(quiet=True).step(value, inputs=np.ones((3, 2)), targets=np.ones(3), loss=1.0)


_VALUES: tuple[object, ...] = (
    None, 3, "text", b"x", [], {}, [1, 2], [[1, 2], [3]], np.ones((3, 2)), np.ones((2, 3)), np.ones((0, 2)),
    np.full((3, 2), np.nan), np.array([{}], dtype=object), {"W1": None}, {"W1": np.ones((3, 2)), "b1": np.ones(3)},
    {"W1": np.ones((3, 2)), "dW1": np.ones((3, 2)), "Z1": [1]}, [np.ones((3, 2)), None], object(), iter([1]),
    SimpleNamespace(weights=3, biases=None), {1: np.ones((3, 2))}, np.ones((3, 2)) * 1e300, np.ones(3) * 1j, set(),
    [("a", np.ones((3, 2)))], {"weights": [np.ones((3, 2))], "biases": 7}, float("nan"), 10**400,
)  # fmt: skip


@pytest.mark.filterwarnings("error")
def test_whatever_is_given_either_works_or_is_refused_in_one_sentence() -> None:
    choose = random.Random(1)
    names = ("weights", "gradients", "inputs", "targets", "cache", "biases", "loss", "learning_rate")
    for _ in range(400):
        run = watch(quiet=True)
        with np.errstate(all="raise"):
            try:
                for _ in range(2):
                    run.step(**{name: choose.choice(_VALUES) for name in names})
            except InputError as error:
                assert "\n" not in str(error)
            assert "could not check" not in run.report()


def test_the_inputs_of_the_last_call_are_taken_if_there_are_none() -> None:
    run = watch(quiet=True)
    for number, step in enumerate(steps(3)):
        samples = {"inputs": step.x, "targets": step.y} if number == 0 else {}
        run.step(step.weights, step.gradients, **samples)
    assert run.report().splitlines()[-1].startswith("updates 1 to 3: equal to 1")


@dataclass(frozen=True)
class Thing:
    """An object that has nothing."""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"weights": {}}, "weights: it has no weights; give a dictionary"),
        ({"weights": []}, "weights: it has no weights; give a dictionary"),
        ({"weights": Thing()}, "weights: weights is not an array of numbers; give an array of NumPy"),
        ({"weights": {"W1": "text", "W2": 1}}, "weights: W1 is not an array of numbers"),
        ({"cache": 3}, "cache: give a dictionary such as"),
        ({"gradients": [np.ones((4, 2))]}, "gradients: 1 arrays do not fit 2 layers"),
        ({"inputs": None}, "inputs: give the inputs of the pass, such as inputs=X."),
        ({"targets": None}, "targets: give the targets of the pass, such as targets=Y."),
        ({"inputs": np.full((2, 5), np.nan)}, "inputs: a number in it is not finite"),
        ({"gradients": None, "loss": None}, "gradients: give the gradients, the cache or the loss"),
        ({"biases": [np.ones(4)], "weights": [np.ones((4, 2)), np.ones((1, 4))]}, "biases: 1 biases do not fit 2"),
    ],
)
def test_a_wrong_call_is_refused_in_one_sentence(arguments: dict[str, Any], sentence: str) -> None:
    step = next(steps(1))
    call = {"weights": step.weights, "gradients": step.gradients, "inputs": step.x, "targets": step.y}
    run = watch(quiet=True)
    with pytest.raises(InputError) as caught:
        run.step(**(call | arguments))
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)
    run.step(**call)
    assert run.updates == 1
