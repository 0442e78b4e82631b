"""What is said about wrong answers that no listed mistake gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.marking import mark
from nn_tui.core.practice.rounding import answer_text, round_to
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import LayerSpec, OptimizerSpec, TrainingSpec
from tests._explanations import build

NAMES = ("z1[1]", "a1[1]", "z2[2]", "a2[1]", "loss", "da2[1]", "dz2[1]", "dw2[1,1]", "da1[1]", "w'2[1,1]")
NOT_KNOWN = "No usual mistake gives this number."
# The number, what the right one is turned into, and what is said. All numbers are those of Mazur's first pass.
SLIPS = (
    ("z1[1]", "-0.3775", "It has the other sign."),
    ("z2[1]", "-1.106", "It has the other sign."),
    ("a1[1]", "-0.5933", "It has the other sign."),
    ("loss", "-0.2984", "It has the other sign."),
    ("loss", "0.2748", "That is the term of output 1 alone, one of the 2 terms of the sum."),
    ("loss", "0.02356", "That is the term of output 2 alone, one of the 2 terms of the sum."),
    ("z1[1]", "0.02", "That is w₁[1,2]·x[2] alone, one of the 3 terms of the sum."),
    ("z1[1]", "0.3575", "In the sum, w₁[1,2]·x[2] is missing."),
    ("z1[1]", "0.3375", "In the sum, w₁[1,2]·x[2] has the other sign."),
    ("a1[1]", "0.4067", "That is the activation of −z."),
    ("dw2[1,1]", "0.1385", "That is δ₂[1], one of the numbers in the formula."),
    ("dw2[1,1]", "0.0554", "That is δ times the weight; it must be δ times the input of the weight."),
    ("w'2[1,1]", "0.4", "That is w alone, one of the 2 terms of the sum."),
    ("dz2[1]", "1.385", "The digits are right, but the decimal point is in the wrong place."),
    ("a1[1]", "0.5393", "Two digits are exchanged."),
    ("a1[1]", "0.5932", "The last digit was cut off; round it."),
    ("a1[1]", "0.596", "This is close, but not near enough: keep more digits, and round only at the end."),
    ("a1[1]", "0.59", "This is right to 2 digits, but the answer needs 4 significant digits."),
    ("z1[1]", "0.5", NOT_KNOWN),
)


TWO_SAMPLES = build(
    ((1.5, -0.5), (0.5, 2.0)),
    ((1.0, 0.2), (0.0, 0.7)),
    (LayerSpec(2, "sigmoid", weights=((0.3, -0.2), (0.5, 0.4)), bias=(0.1, -0.3)),),
    TrainingSpec("half_squared_error", optimizer=OptimizerSpec("sgd", 0.5)),
)


@pytest.fixture(scope="module")
def mazur() -> Run:
    """Return a run of Mazur's network."""
    return Run.start(open_experiment("mazur"))


@pytest.mark.parametrize(("name", "answer", "text"), SLIPS)
def test_a_plain_slip_is_described_without_a_name(mazur: Run, name: str, answer: str, text: str) -> None:
    found = mark(mazur.engine, mazur.trace(1), parse_ref(name, mazur.engine.sizes), float(answer))
    assert (found.verdict, found.mistake, found.also, str(found.text)) == ("wrong", None, (), text)


def test_a_factor_that_was_left_out_is_named(mazur: Run) -> None:
    trace, ref = mazur.trace(1), parse_ref("dw2[1,1]", mazur.engine.sizes)
    answer = round_to(value_of(mazur.engine, trace, ref) / float(trace.da[1][0, 0]), 4)
    text = str(mark(mazur.engine, trace, ref, answer).text)
    assert text == "The factor ∂L/∂a₂[1] was left out."


def test_no_mistake_is_named_that_is_not_in_the_formula_of_a_person_who_sees_the_numbers(mazur: Run) -> None:
    trace, ref = mazur.trace(1), parse_ref("dw2[1,1]", mazur.engine.sizes)
    answer = round_to(value_of(mazur.engine, trace, ref) / 2.0, 4)
    assert mark(mazur.engine, trace, ref, answer).mistake == "half_or_two"
    seen = mark(mazur.engine, trace, ref, answer, sees_numbers=True)
    assert (seen.mistake, str(seen.text)) == (None, NOT_KNOWN)


def test_the_term_of_one_output_of_one_sample_is_described() -> None:
    run = Run.start(TWO_SAMPLES)
    trace = run.trace(1)
    answer = round_to(float(trace.terms[1, 0]) * trace.scale, 4)
    found = mark(run.engine, trace, parse_ref("loss", run.engine.sizes), answer)
    assert str(found.text) == "That is the term of output 1 of sample 2 alone."


@given(st.sampled_from(NAMES), st.floats(-2.0, 2.0), st.integers(2, 6))
def test_what_is_said_never_tells_the_right_number(mazur: Run, name: str, answer: float, digits: int) -> None:
    trace, ref = mazur.trace(1), parse_ref(name, mazur.engine.sizes)
    right = answer_text(value_of(mazur.engine, trace, ref), digits).lstrip("-")
    assert right not in str(mark(mazur.engine, trace, ref, answer, digits).text)


@given(st.sampled_from(NAMES), st.integers(2, 6))
def test_a_right_answer_is_only_right(mazur: Run, name: str, digits: int) -> None:
    trace, ref = mazur.trace(1), parse_ref(name, mazur.engine.sizes)
    found = mark(mazur.engine, trace, ref, round_to(value_of(mazur.engine, trace, ref), digits), digits)
    assert (found.verdict, found.mistake, str(found.text)) == ("right", None, "Right.")
