"""Tests of explanations: the terms add up to the value, and every address leads to its number."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.render_markdown import explanation_markdown
from nn_tui.core.explain.render_text import explanation_text, line_text, number_text
from nn_tui.core.explain.token_writer import line_tokens
from nn_tui.core.explain.tokens import Token
from nn_tui.core.expression.equations import Equation, Listed, Marked, written_nodes
from nn_tui.core.expression.explanation import Explanation, mark_explanation
from nn_tui.core.expression.nodes import Negative, Node, Product, Quotient, Sum
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.presets import COURSE
from nn_tui.tui.session.session import Session, new_session
from tests._app import experiment
from tests._explanations import (
    NUMBERS,
    experiments,
    known,
    numbers_of,
    refs_of,
)
from tests._moves import session_after_passes
from tests.tui.views._printed import refs_of_every_kind


@given(experiments(), st.integers(1, 4), NUMBERS)
def test_terms_add_up_and_every_address_leads_to_the_number_shown(
    experiment: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    run = Run.start(experiment)
    run.goto(update - 1)
    trace = run.trace(update)
    for ref in refs_of(experiment, trace.n, numbers):
        explanation = explain(run.engine, trace, ref)
        assert line_text(explanation.formula).strip()
        assert explanation.lines
        terms = [term.node.value or 0.0 for term in explanation.terms]
        size = sum(map(abs, terms))
        if terms:
            assert sum(terms) == pytest.approx(explanation.value, rel=1e-9, abs=1e-9 * size + 1e-300), ref
        # A step is shown as the optimiser computes it; read back as w′ − w it has lost digits below w's last.
        lost = 4 * np.spacing(abs(stepped_from(run.engine, trace, ref))) if ref.key.is_step else 1e-300
        shown = value_of(run.engine, trace, ref)
        assert explanation.value == pytest.approx(shown, rel=1e-9, abs=1e-9 * size + lost), ref
        for num in numbers_of(explanation):
            assert np.isfinite(known(num)), ref
            if num.ref is not None:
                assert num.value == value_of(run.engine, trace, num.ref), (ref, num)


def stepped_from(engine: Engine, trace: Trace, ref: Ref) -> float:
    """Return the parameter before the step at ``ref``."""
    return value_of(engine, trace, ref.with_key(ref.parameter.value))


@given(experiments(), st.integers(2, 4), NUMBERS)
def test_numbers_that_are_not_finite_are_explained_too(
    experiment: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    optimizer = replace(experiment.training.optimizer, learning_rate=1e200)
    wild = replace(experiment, training=replace(experiment.training, optimizer=optimizer))
    run = Run.start(wild)
    run.goto(update - 1, past_divergence=True)
    trace = run.trace(update)
    for ref in refs_of(wild, trace.n, numbers):
        assert explain(run.engine, trace, ref).lines


@settings(max_examples=60)
@given(experiments(), st.integers(1, 3), NUMBERS, st.integers(0, 500))
def test_every_explanation_at_every_cursor_renders_with_the_numbers_of_the_pass(
    made: Experiment, update: int, numbers: tuple[int, int, int, int], stop: int
) -> None:
    session = session_after_passes(made, update)
    check_explanations(replace(session, cursor=stop % (session.pass_steps.end + 1)), numbers)


@pytest.mark.parametrize("preset", COURSE)
def test_the_explanations_of_a_preset_render_with_the_numbers_of_the_pass(preset: str) -> None:
    session = new_session(experiment(preset))
    for cursor in (0, session.pass_steps.end // 2, session.pass_steps.end):
        check_explanations(replace(session, cursor=cursor), (1, 2, 1, 3))


def check_explanations(session: Session, numbers: tuple[int, int, int, int]) -> None:
    """Check an explanation of every quantity at the cursor of a session."""
    engine, trace = session.engine, session.trace
    for ref in refs_of_every_kind(session, numbers):
        explanation = explain(engine, trace, ref, session.is_known)
        assert (explanation.value is not None) == session.is_known(ref), ref
        for number in numbers_of(explanation):
            if number.ref is None:
                continue
            assert (number.value is not None) == session.is_known(number.ref), (ref, number)
            if number.value is not None:
                assert np.array_equal(number.value, value_of(engine, trace, number.ref), equal_nan=True), (ref, number)
        check_equations(explanation)
        text, markdown = explanation_text(explanation), explanation_markdown(explanation)
        assert "None" not in text
        is_frozen = ref.key.is_from_update and "frozen" in text
        assert ("= ?" in text) == (explanation.value is None and not is_frozen), text
        formula, *lines = text.split("\n")
        assert re.sub(r"\\(.)", r"\1", markdown).split("\n") == [formula, "", *(f"- {line[2:]}" for line in lines), ""]
        assert explanation_text(explanation, None, ascii_only=True).isascii()


def check_equations(explanation: Explanation) -> None:
    """Check that the terms add up to the value, and that all sides of each equation are equal."""
    terms = [term.node for term in explanation.terms]
    if terms and explanation.value is not None:
        check_equal(Sum(tuple(terms)), explanation.value)
    for _, node in (pair for line in explanation.lines for pair in written_nodes(line)):
        if isinstance(node, Equation) and node.sign == "=":
            values = [side.value for side in node.sides if side.value is not None]
            for side in node.sides:
                if side.value is not None:
                    check_equal(side, values[-1])


def check_equal(node: Node, value: float) -> None:
    if known(node) == value or not np.isfinite(value) or not np.isfinite(known(node)):
        return
    assert abs(known(node) - value) <= 1e-12 * size_of(node) + 1e-300, (node, value)


def size_of(node: Node) -> float:
    """Return the sum of the magnitudes of the terms of an expression, to which rounding errors are relative."""
    match node:
        case Sum(terms):
            return sum(map(size_of, terms))
        case Product(factors):
            return math.prod(map(size_of, factors))
        case Quotient(top, bottom):
            return size_of(top) * size_of(bottom) / known(bottom) ** 2
        case Negative(inner) | Marked(inner):
            return size_of(inner)
    return abs(known(node))


@settings(max_examples=60)
@given(experiments(), NUMBERS, st.integers(0, 500), st.data())
def test_a_blank_hides_exactly_its_node(
    made: Experiment, numbers: tuple[int, int, int, int], stop: int, data: st.DataObject
) -> None:
    session = session_after_passes(made, 1)
    session = replace(session, cursor=stop % (session.pass_steps.end + 1))
    ref = data.draw(st.sampled_from(refs_of_every_kind(session, numbers)))
    explanation = explain(session.engine, session.trace, ref, session.is_known)
    paths = [
        (index, *path)
        for index, line in enumerate(explanation.all_lines)
        for path, node in written_nodes(line)
        if path and node != Listed(())
    ]
    hidden = data.draw(st.sampled_from(paths))
    before, after = tokens_of(explanation), tokens_of(mark_explanation(explanation, hidden, "blank"))
    assert [token.path for token in after if token.kind == "blank"] == [hidden]
    outside = [(token.text, token.path) for token in before if token.path[: len(hidden)] != hidden]
    assert [(token.text, token.path) for token in after if token.kind != "blank"] == outside


def tokens_of(explanation: Explanation) -> list[Token]:
    """Return the tokens of all lines but the signs, which may depend on what is hidden."""
    lines = (line_tokens(line, number_text(), path=(k,)) for k, line in enumerate(explanation.all_lines))
    return [token for tokens in lines for token in tokens if token.kind not in ("sign", "note")]
