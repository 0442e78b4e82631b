"""Tests of the preset that a typed form describes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.preset.form import NetworkForm, field_of, form_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, OptimizerSpec

FORM = NetworkForm(
    "3-2-1",
    "sigmoid",
    "w1 = [[0.2, 0.4, -0.5],\n [-0.3, 0.1, 0.2]]\nb1 = −0.4 1/5; w₂ = -0.3, -0.2\nb2 = 0.1",
    "1 0 1 -> 1",
    "half-squared-error",
    "SGD 0.9",
)


def test_a_form_gives_exactly_what_was_typed() -> None:
    experiment = form_experiment(FORM)
    assert experiment.layers == (
        LayerSpec(2, "sigmoid", weights=((0.2, 0.4, -0.5), (-0.3, 0.1, 0.2)), bias=(-0.4, 0.2)),
        LayerSpec(1, "sigmoid", weights=((-0.3, -0.2),), bias=(0.1,)),
    )
    assert experiment.training.optimizer == OptimizerSpec("sgd", 0.9) and experiment.data.x.tolist() == [[1, 0, 1]]
    assert experiment.preset.summary == "The data, weights and biases are used as typed."


def test_the_form_that_nobody_has_changed_opens() -> None:
    assert Run.start(form_experiment(NetworkForm())).train(5) == 5


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        ({"sizes": "3 2 1"}, (3, 2, 1)),
        ({"sizes": "3 – 2 – 1"}, (3, 2, 1)),
        ({"sizes": "3→2→1"}, (3, 2, 1)),
        ({"sizes": "3-2-1", "data": "1 0 1 1\n0 1 0 0"}, (3, 2, 1)),
        ({"sizes": "2-2", "data": "1 0 -> 1 0", "parameters": "he_normal"}, (2, 2)),
        ({"sizes": "1-3-1", "data": "1 -> 0", "parameters": "w1 = 1 2 3"}, (1, 3, 1)),
        ({"activations": "relu, sigmoid", "parameters": "normal std=0.1 w2 = 1 1"}, (3, 2, 1)),
        ({"optimizer": "momentum 1/10 momentum = 0.8"}, (3, 2, 1)),
    ],
)
def test_other_spellings_are_valid(changes: dict[str, str], sizes: tuple[int, ...]) -> None:
    assert form_experiment(replace(FORM, **changes)).sizes == sizes


@pytest.mark.parametrize(
    ("parameters", "summary"),
    [
        ("", "Not given: w1 and w2, drawn by xavier_uniform, and b1 and b2, which start at 0."),
        ("he_normal b1 = 1 1 b2 = 0", "Not given: w1 and w2, drawn by he_normal."),
        ("w1 = [[1,2,3],[4,5,6]] w2 = 1 1 b1 = 0 0", "Not given: b2, which start at 0."),
        ("torch_default", "Not given: w1, w2, b1 and b2, drawn by torch_default."),
        ("torch_default w2 = 1 1", "Not given: w1 and b1, drawn by torch_default, and b2, which start at 0."),
    ],
)
def test_parameters_that_are_not_given_are_named(parameters: str, summary: str) -> None:
    assert (
        form_experiment(replace(FORM, parameters=parameters)).preset.summary == f"{summary} The data are used as typed."
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("sizes", "3", '"3" is not a list of sizes'),
        ("sizes", "3-0-1", '"3-0-1" is not a list of sizes'),
        ("sizes", "3-two-1", '"3-two-1" is not a list of sizes'),
        ("activations", "sigmod", 'Did you mean "sigmoid"?'),
        ("activations", "relu relu relu", "or 2 names, one for each layer, such as relu sigmoid."),
        ("activations", "softmax", "is for the output layer only"),
        ("parameters", "xavier", 'Did you mean "xavier_uniform" or "xavier_normal"?'),
        ("parameters", "0.2 0.4", "write one of zeros,"),
        ("parameters", "w5 = 0.4", "is the layer, from 1 to 2; write all its weights together."),
        ("parameters", "w1 = [[1, 2], [3, 4], [5, 6]]", "3 × 2 does not fit; it must be 2 × 3"),
        ("parameters", "b1 = 1 2 3", "it has 3 numbers, but the layer has 2 units"),
        ("parameters", "b1 = 1 x", '"x" is not a number.'),
        ("parameters", "w2 = 1 1\nw02 = 1 2", "w2: it is written twice; write it once."),
        ("parameters", "b1 = 1 1; B₁ = 1 1", "b1: it is written twice; write it once."),
        ("parameters", "normal std=x", '"std=x" is not an option'),
        ("data", "", "write a row for each sample, such as 1 0 1 -> 1."),
        ("data", "1 0 -> 1", "a row has 2 inputs, but the sizes begin with 3."),
        ("data", "1 0 1 -> 1 1", "a row has 2 targets, but the sizes end with 1."),
        ("data", "1 0 x -> 1", '"x" is not a number.'),
        ("data", "1 0 1", '"1 0 1" is not a sample'),
        ("data", "1 0 1 -> 1; 1 0 -> 1", "row 2 has 2 -> 1 numbers, but row 1 has 3 -> 1."),
        ("loss", "mse", 'Did you mean "mean_squared_error"?'),
        ("loss", "cross_entropy", "needs softmax in layer 2"),
        ("optimizer", "adam", "write the optimiser and its learning rate"),
        ("optimizer", "adm 0.1", 'Did you mean "adam"?'),
        ("optimizer", "sgd -1", "it must be more than 0"),
        ("optimizer", "sgd 0.1 momentum=3", 'it does not belong to "sgd"'),
    ],
)
def test_an_error_is_one_sentence_about_its_field(field: str, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        form_experiment(replace(FORM, **{field: text}))
    assert field_of(caught.value) == field
    assert said in str(caught.value)


def test_the_summary_agrees_with_the_biases() -> None:
    biases = Run.start(form_experiment(replace(FORM, parameters="torch_default w2 = 1 1"))).state.biases
    assert biases[0].all() and not biases[1].any()
    for name, initializer in INITIALIZERS.items():
        drawn = Run.start(form_experiment(replace(FORM, parameters=name))).state.biases[0].any()
        assert drawn == initializer.draws_biases, name
