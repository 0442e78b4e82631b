"""Tests of the data path of the selected number."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.explain.explain import value_of
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views.data_path import draw_data_path
from tests._app import DARK, close_to, experiment
from tests._explanations import NUMBERS, experiments, refs_of


@settings(max_examples=60)
@given(experiments(), NUMBERS, st.integers(0, 60), st.sampled_from((2, 4, 6)))
def test_the_data_path_shows_the_computed_numbers_only(
    made: Experiment, numbers: tuple[int, int, int, int], steps: int, digits: int
) -> None:
    begun = new_session(made)
    session = replace(begun, cursor=min(steps, begun.pass_steps.end), digits=digits)
    for ref in refs_of(made, session.trace.n, numbers):
        here = select(session, ref)
        rows = [strip.text for strip in draw_data_path(here, DARK, 200, 20)]
        assert len(rows) == 0 or not rows[0].strip()
        for row in rows[2:]:
            for name, value in re.findall(r"([^\s\[]+\[\d+(?:,\d+)?\]) +([-−+]?[\d.einfa+-]+|·)(?= |$)", row):
                named = parse_ref(name, here.engine.sizes, here.ref.sample, here.engine.optimizer.slots)
                assert here.is_known(named) == (value != "·"), (here.cursor, row)
                if value != "·":
                    assert close_to(value, value_of(here.engine, here.trace, named)), (name, value)
        if rows and here.ref.quantity != "slope" and not here.ref.is_optimizer_state:
            assert any(here.ref.symbol in row for row in rows), "the selected number is in its data path"


def test_the_data_path_of_a_weight_names_the_numbers_of_each_phase() -> None:
    text = "\n".join(strip.text for strip in arithmetic.draw(new_session(experiment("xor")), DARK, 78, 10))
    for pattern in ("forward", "backward", "update", "z₁\\[1\\] +·", "∂L/∂w₁\\[1,1\\] +·", "w′₁\\[1,1\\] +·"):
        assert re.search(pattern, text)


@settings(max_examples=60)
@given(
    experiments(),
    NUMBERS,
    st.integers(0, 60),
    st.sampled_from((2, 4, 6, None)),
    st.integers(44, 160),
    st.integers(3, 14),
)
def test_the_data_path_has_all_its_numbers_or_none_in_every_size(
    made: Experiment, numbers: tuple[int, int, int, int], steps: int, digits: int | None, width: int, height: int
) -> None:
    begun = new_session(made)
    session = replace(begun, cursor=min(steps, begun.pass_steps.end), digits=digits)
    for ref in refs_of(made, session.trace.n, numbers):
        here = select(session, ref)
        found = draw_data_path(here, DARK, width, height)
        assert len(found) <= height and all(strip.cell_length == width for strip in found)
        if found:
            whole = [strip.text for strip in draw_data_path(here, DARK, 1000, 20)]
            symbols = re.findall(r"[^\s\[]+\[\d+(?:,\d+)?\](?= )", "\n".join(whole))
            text = "\n".join(strip.text for strip in found)
            assert [each for each in symbols if text.count(f"{each} ") == 0] == []


@pytest.mark.parametrize("digits", [2, 4, 6, None])
@pytest.mark.parametrize(("width", "height"), [(74, 7), (78, 12), (104, 12)])
def test_more_digits_keep_the_data_path(digits: int | None, width: int, height: int) -> None:
    session = replace(stepping.whole_pass(new_session(experiment("mazur"))), digits=digits)
    here = select(session, Ref("w", after=True))
    text = "\n".join(strip.text for strip in arithmetic.draw(here, DARK, width, height))
    numbers = ("x\\[1\\] +\\+0.05", "w₁\\[1,1\\] +\\+0.15", "∂L/∂w₁\\[1,1\\] +≈?\\+", "w′₁\\[1,1\\] +≈?\\+0.1")
    for pattern in ("forward", "backward", "update", *numbers):
        assert re.search(pattern, text), (pattern, text)
    if (digits, width) == (None, 74):
        assert "w′₁[1,1] ≈+0.1498" in text and "x[1] +0.0500 " in text, "a rounded number says so"
    elif height > 7 or digits in (2, 4):
        assert "≈" not in text


def test_the_step_of_a_frozen_parameter_says_so_instead_of_a_formula() -> None:
    session = select(stepping.whole_pass(new_session(experiment("mazur"))), Ref("b"))
    text = "\n".join(strip.text for strip in arithmetic.draw(session, DARK, 90, 12))
    assert re.search(r"Δb₁\[1\]\s+0\.0000\s+frozen", text) and "−η" not in text
