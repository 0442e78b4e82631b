"""Tests of sheets: no number that is asked for stands on them, and the key has every number."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import plain_number
from nn_tui.core.worksheet.formats import FORMATS
from nn_tui.core.worksheet.nice_weights import with_nice_weights
from nn_tui.core.worksheet.request import LEVELS, Level, Request
from nn_tui.core.worksheet.sheet import Worksheet, worksheet
from nn_tui.core.worksheet.write_markdown import markdown
from tests._explanations import experiments
from tests.core.worksheet._backwards import solvable_numbers
from tests.core.worksheet._sheets import constants, given_numbers, key_text, numbers_on

BLANKS = ("all", "forward", "backward", "update", "dw1", "z1,db1", "a1[1]", "loss", "dz1,w'1", "da1,dx1,slope1")
ONLY = ("", "sample=1", "layer=1", "unit=1", "sample=2,layer=1")


def sheet_of(preset: str, blank: str = "all", only: str = "", level: Level = 1, *, is_key: bool = False) -> Worksheet:
    return worksheet(Run.start(open_experiment(preset)), 1, Request(blank, only, level, is_key=is_key))


def lines_of(sheet: Worksheet) -> dict[str, str]:
    """Return the text of each number of a sheet by its name."""
    items = (item for section in sheet.sections for group in section.groups for item in group.items)
    return {item.name: "; ".join(line_text(line, sheet.digits) for line in item.lines) for item in items}


@settings(max_examples=40)
@given(
    experiments(), st.sampled_from(BLANKS), st.sampled_from(ONLY), st.sampled_from(LEVELS), st.integers(2, 6),
    st.integers(1, 3),
)  # fmt: skip
def test_no_number_that_is_asked_for_stands_on_a_sheet(
    experiment: Experiment, blank: str, only: str, level: Level, digits: int, update: int
) -> None:
    run = Run.start(experiment)
    try:
        sheet = worksheet(run, update, Request(blank, only, level, digits))
    except InputError as error:
        assume(error.code not in ("diverged", "not_finite", "not_found", "not_available", "too_large"))
        raise
    trace = run.trace(update)
    given_texts = given_numbers(run, trace, digits) | constants(sheet)
    asked = {plain_number(abs(question.answer), digits) for question in sheet.questions}
    for format in FORMATS:
        # Whole numbers also count samples, units and powers.
        told = {text for text in asked & numbers_on(sheet, format) - given_texts if "." in text or "e" in text}
        assert not told, (format, told)
    assert solvable_numbers(run, trace, sheet) == set()


def test_no_answer_can_be_computed_back_from_an_example() -> None:
    run = Run.start(open_experiment("mazur"))
    sheet = sheet_of("mazur")
    assert solvable_numbers(run, run.trace(1), sheet) == set()
    lines = lines_of(sheet)
    # a₁[2] is asked for, so z₂[1] would tell it; ∂L/∂w of a δ that is worked out tells nothing.
    assert lines["z2[1]"] == "z₂[1] = 0.4 × 0.5933 + 0.45 × ____ + 0.6 = ____"
    assert "A line that has its result is an example." in map(str, sheet.instructions)
    assert lines["dw2[1,1]"] == "∂L/∂w₂[1,1] = 0.1385 × 0.5933 = 0.08217"


@pytest.mark.parametrize("level", LEVELS)
def test_a_given_number_from_which_an_answer_could_be_computed_back_is_asked_for_too(level: Level) -> None:
    # With one sample, ∂L/∂w = δ·x, and x is given.
    names = [question.quantity for question in sheet_of("mazur", "dz1,w'1", level=level).questions]
    assert {"dz1[2]", "dw1[2,1]", "dw1[2,2]"} <= set(names)


@pytest.mark.parametrize("preset", ["mazur", "xor", "ravine-adam"])
def test_the_numbers_of_a_key_are_on_it_in_every_format(preset: str) -> None:
    sheet = sheet_of(preset, is_key=True)
    for format in ("md", "html", "tex"):
        on_key = numbers_on(sheet, format)
        missing = {q.quantity for q in sheet.questions if key_text(abs(q.answer), sheet.digits) not in on_key}
        assert not missing, format


def test_a_sheet_and_its_key_ask_for_the_numbers_of_the_pass() -> None:
    run = Run.start(open_experiment("mazur"))
    sheet, key = (worksheet(run, 1, Request(level=2, is_key=is_key)) for is_key in (False, True))
    assert [question.quantity for question in sheet.questions] == [question.quantity for question in key.questions]
    trace = run.trace(1)
    for question in sheet.questions:
        ref = parse_ref(question.quantity, run.engine.sizes)
        assert question.answer == value_of(run.engine, trace, ref)
        assert question.tolerance > 0
    names = [question.quantity for question in sheet.questions]
    assert names[:3] == ["z1[1]", "z1[2]", "a1[1]"] and "w'1[2,1]" in names and "loss" in names
    assert not [name for name in names if name.startswith("b'")]  # the biases are frozen


@pytest.mark.parametrize("level", LEVELS)
def test_a_key_has_the_numbers_of_its_sheet(level: Level) -> None:
    # In the sheet of one sample, numbers of other samples that would tell an answer are asked for, too.
    run = with_nice_weights(Run.start(open_experiment("xor")))
    sheet, key = (worksheet(run, 1, Request("all", "sample=2", level, is_key=is_key)) for is_key in (False, True))
    assert list(lines_of(sheet)) == list(lines_of(key))
    assert "____" not in "".join(lines_of(key).values())


def test_level_1_has_examples_and_known_factors() -> None:
    lines = lines_of(sheet_of("mazur"))
    assert lines["z1[1]"] == "z₁[1] = 0.15 × 0.05 + 0.2 × 0.1 + 0.35 = 0.3775"
    assert lines["z1[2]"] == "z₁[2] = 0.25 × 0.05 + 0.3 × 0.1 + 0.35 = ____"
    assert lines["z2[2]"] == "z₂[2] = 0.5 × 0.5933 + 0.55 × ____ + 0.6 = ____"
    assert lines["w'1[1,2]"] == "Δw = −0.5 × ____ = ____; w′ = w + Δw = 0.2 + ____ = ____"


def test_level_2_has_half_of_the_given_numbers_and_no_example() -> None:
    lines = lines_of(sheet_of("mazur", level=2))
    assert lines["z1[1]"] == "z₁[1] = 0.15 × ____ + 0.2 × ____ + 0.35 = ____"
    assert lines["a1[1]"] == "a₁[1] = sigmoid(____) = ____"


def test_level_3_has_only_the_symbols() -> None:
    lines = lines_of(sheet_of("mazur", "forward", level=3))
    assert lines["z1[1]"] == "z₁[1] = ____" and lines["loss"] == "L = ____"


def test_numbers_that_are_needed_and_not_asked_for_are_given() -> None:
    sheet = sheet_of("xor", "w'2", level=3)
    cells = {str(table.title) for table in sheet.tables}
    assert cells == {"Layer 2: weights W and biases b", "Layer 2: ∂L/∂W and ∂L/∂b, computed before"}
    assert "0.008762" in numbers_on(sheet, "md")


def test_a_number_that_would_tell_an_answer_is_asked_for_too() -> None:
    # With one sample, ∂L/∂b is δ.
    assert [question.quantity for question in sheet_of("mazur", "db2[1]").questions] == ["dz2[1]", "db2[1]"]


def test_the_smaller_terms_of_a_long_sum_are_given_as_one_number() -> None:
    line = lines_of(sheet_of("iris", "dw1[1,1]", level=2))["dw1[1,1]"]
    assert re.search(r"93 smaller terms together: [0-9.]+ = ____$", line)


def test_a_run_that_diverges_has_no_sheet_of_a_later_pass() -> None:
    with pytest.raises(InputError, match="choose an earlier pass"):
        worksheet(Run.start(open_experiment("too-fast")), 5000, Request())


def test_the_key_has_all_significant_digits_of_a_rounded_number() -> None:
    key = markdown(sheet_of("mazur", is_key=True))
    assert "∂L/∂b₂\\[2\\] = −0.03810\n" in key
    assert "Δw = −0.5 × (−0.02260) = 0.01130\n" in key
    assert "w′ = w + Δw = 0.15 + (−0.0002193) = 0.1498\n" in key


def test_the_sheet_says_what_t_is_and_which_parameters_are_not_trained() -> None:
    frozen = markdown(worksheet(Run.start(open_experiment("mazur")), 1, Request("update", level=3)))
    assert "t = 1)\n\nt is the number of the update." in frozen
    assert "- The biases are not trained." in frozen
    trained = markdown(worksheet(Run.start(open_experiment("xor")), 1, Request("update", level=3)))
    assert "not trained" not in trained
    forward = markdown(worksheet(Run.start(open_experiment("mazur")), 1, Request("forward", level=3)))
    assert "number of the update" not in forward and "not trained" not in forward
