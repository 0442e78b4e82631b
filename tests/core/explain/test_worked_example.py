"""Tests of the worked example: published numbers, equations that add up, and text that a screen reader can read."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import replace

import pytest

from nn_tui.core.explain.worked_example import worked_example
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.spec import OptimizerSpec
from nn_tui.core.text import ascii_text, plain_number
from nn_tui.presets import COURSE
from tests._salaries import salaries

EQUATION = re.compile(r"[0-9.e+*/() -]+")
# Deep and wide networks are in one test only; these cover all kinds of lines.
SMALL = ("neuron", "xor-perceptron", "xor", "mazur", "plane", "blobs", "features", "autoencoder", "ravine-adam")


def of(preset: str, update: int = 1, digits: int | None = 6) -> str:
    return worked_example(load_experiment(find_preset(preset)), update, digits)


# Matt Mazur, "A Step by Step Backpropagation Example" (2015); the printed figures, rounded to six digits.
@pytest.mark.parametrize(
    "line",
    [
        "z₁[1] = 0.15 × 0.05 + 0.2 × 0.1 + 0.35 = 0.3775",
        "a₁[1] = sigmoid(0.3775) = 0.59327",
        "a₁[2] = sigmoid(0.3925) = 0.596884",
        "z₂[1] = 0.4 × 0.59327 + 0.45 × 0.596884 + 0.6 = 1.10591",
        "a₂[1] = sigmoid(1.10591) = 0.751365",
        "L = 0.274811 + 0.02356 = 0.298371",
        "∂L/∂a₂[1] = 0.751365 − 0.01 = 0.741365",
        "δ₂[1] = 0.741365 × 0.186816 = 0.138499",
        "∂L/∂w₂[1,1] = 0.138499 × 0.59327 = 0.082167",
        "∂L/∂a₁[1] = 0.138499 × 0.4 + (−0.0380982) × 0.5 = 0.0363503",
        "∂L/∂w₁[1,1] = 0.00877135 × 0.05 = 0.000438568",
        "w₂[1,1]: Δw = −0.5 × 0.082167 = −0.0410835; w′ = w + Δw = 0.4 + (−0.0410835) = 0.358916",
        "= 0.408666",
        "= 0.511301",
        "= 0.56137",
        "= 0.149781",
        "= 0.199561",
        "= 0.249751",
        "= 0.299502",
    ],
)
def test_a_published_worked_example_reads_as_published(line: str) -> None:
    assert line in of("mazur")


def test_all_digits_are_printed_on_request() -> None:
    text = of("mazur", digits=None)
    assert "a₁[1] = sigmoid(0.3775) = 0.5932699921071872\n" in text
    assert "rounded" not in text


def sides(line: str) -> list[float]:
    """Return the values of all parts of an equation that contain only numbers and operators."""
    values = []
    for piece in line.replace("−", "-").replace("×", "*").replace("²", "**2").split(" = "):
        bare = piece.strip()
        if EQUATION.fullmatch(bare) and any(char.isdigit() for char in bare):
            values.append(float(eval(bare, {"__builtins__": {}})))
    return values


@pytest.mark.parametrize("preset", SMALL)
@pytest.mark.parametrize("update", [1, 2])
def test_every_equation_adds_up(preset: str, update: int) -> None:
    checked = 0
    for line in of(preset, update, None).partition("\nForward\n")[2].splitlines():
        # Equations with numbers are indented further than formulas.
        for equation in line.split("; ") if line.startswith("    ") else ():
            values = sides(equation)
            for left, right in itertools.pairwise(values):
                assert left == pytest.approx(right, rel=1e-9, abs=1e-14), equation
                checked += 1
    assert checked >= 5


@pytest.mark.parametrize("preset", SMALL)
def test_sections_come_in_the_order_of_the_pass_and_shapes_are_named(preset: str) -> None:
    lines = of(preset).splitlines()
    sections = [line for line in lines if line in ("Setup", "Forward", "Loss", "Backward", "Update")]
    assert sections == ["Setup", "Forward", "Loss", "Backward", "Update"]
    experiment = load_experiment(find_preset(preset))
    inputs, units = experiment.sizes[:2]
    text = "\n".join(lines)
    assert f"weights W ({units} × {inputs}) and bias b ({units})" in text
    assert f"dW ({units} × {inputs})" in text
    assert f"η = {plain_number(experiment.training.optimizer.learning_rate)}" in text


@pytest.mark.parametrize("preset", COURSE)
def test_the_text_is_plain_and_of_limited_length(preset: str) -> None:
    text = of(preset)
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert len(text.splitlines()) < 800
    for char in set(text) - {"\n"}:
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"), repr(char)
        assert not "\u2500" <= char <= "\u25ff", f"{char!r} draws a box or a shape"
    assert ascii_text(text).isascii()
    assert not any(word in text for word in ("array(", "np.", "None", "True", "False"))


def test_omitted_parts_of_a_large_network_are_counted() -> None:
    text = of("digits")
    assert re.search(r"… [0-9,]+ more units; --json writes all numbers\.", text)
    assert re.search(r"… [0-9,]+ more samples; --json writes all numbers\.", text)
    assert re.search(r"… [0-9,]+ more weights; --json writes all numbers\.", text)
    assert re.search(r"[0-9]+ smaller terms together: ", text)


def test_a_note_for_all_units_is_written_once() -> None:
    lines = of("blobs").splitlines()
    assert sum("this number is a limit" in line for line in lines) == 1
    assert sum("softmax's Jacobian times −y/ŷ" in line for line in lines) == 1


def test_samples_of_a_shuffled_batch_name_their_rows() -> None:
    experiment = load_experiment(find_preset("xor"))
    training = replace(experiment.training, batch_size=3, shuffle=True)
    text = worked_example(replace(experiment, training=training), 2)
    assert "Batch: 1 sample of 4; this is pass 2, in epoch 1, with 2 batches an epoch." in text
    assert re.search(r"sample 1 \(data row [1-4]\): x = ", text)


def test_a_frozen_bias_and_a_penalty_are_mentioned() -> None:
    assert "(the bias frozen: no update changes it)" in of("mazur")
    experiment = load_experiment(find_preset("neuron"))
    text = worked_example(replace(experiment, training=replace(experiment.training, l1=0.5, l2=0.25)), 1)
    assert "Penalty: l1·Σ|w| + ½·l2·Σw², l1 = 0.5, l2 = 0.25." in text
    assert "∂L/∂w₁[1,1] = δ₁[1]·x[1] + l1·sign(w₁[1,1]) + l2·w₁[1,1]" in text
    assert "of which the data" in text
    match = re.search(
        r"\n  penalty = l1·Σ\|w\| \+ ½·l2·Σw² = 0.5 × (\S+) \+ 0.5 × 0.25 × (\S+) = (\S+)   \(.*\)\n", text
    )
    assert match, text
    magnitudes, squares, whole = map(float, match.groups())
    assert 0.5 * magnitudes + 0.125 * squares == pytest.approx(whole, rel=1e-5)
    assert f"and the penalty {match[3]}\n" in text and ", no biases)" in match[0]


def test_a_pass_that_diverges_names_its_first_number_that_is_not_finite() -> None:
    experiment = load_experiment(find_preset("plane"))
    wild = replace(experiment, training=replace(experiment.training, optimizer=OptimizerSpec("sgd", 1e200)))
    text = worked_example(wild, 3)
    assert re.search(r"This pass diverges: update 2: .* became (NaN|[+−]∞)\.", text)
    assert "pass 2 as a worked example" in text.splitlines()[0]
    assert text == worked_example(wild, 2), "no pass follows the one that diverges"


def test_standardised_targets_are_said_to_be_with_the_way_back() -> None:
    data = salaries().data
    text = worked_example(salaries(), 1, None)
    (line,) = (line for line in text.split("\n") if "targets are standardised" in line)
    mean, deviation = (plain_number(float(values[0]), None) for values in (data.y_mean, data.y_scale))
    assert f"y × {deviation} + {mean}, and the predictions ŷ × {deviation} + {mean}." in line
    assert "standardised" not in worked_example(salaries(standardize_target=False), 1, None)
