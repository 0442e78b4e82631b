"""The forms in which programs have their arrays: each gives the same log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.spec import Array
from nn_tui.core.watching.watch import watch
from tests.core.watching._programs import Step, steps

Form = Callable[[Step], dict[str, Any]]


def first_lines(form: Form, mistake: str = "") -> list[str]:
    """Return the log of two steps in a form, without the names of the arrays."""
    run = watch(quiet=True)
    for step in steps(2, mistake):
        run.step(**form(step))
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


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_mistake_is_recognised_in_each_form(form: Form) -> None:
    report = first_lines(form, "slope left out")
    assert report[1].endswith("The slope of the activation, σ′(z), was left out.")


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
        ({"weights": Thing()}, "weights: weights is no array of numbers; give an array of NumPy"),
        ({"weights": {"W1": "text", "W2": 1}}, "weights: W1 is no array of numbers"),
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
