"""Tests of eliding an explanation: notes on the omitted lines and terms."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise, product

import pytest

from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import Quantity
from nn_tui.core.spec import OptimizerSpec
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views.elide import ElidedRow, elide
from nn_tui.tui.views.explanation_layout import layout_explanation
from tests._app import DARK, experiment
from tests._explanations import ref_of
from tests.tui.views._printed import SUM_OF_TERMS, computed, gradient_of_a_batch


@pytest.mark.parametrize("symbol", ["dw1[1,1]", "w1′[2,1]", "z1[1]", "b1′[1]", "L", "m1′[1,1]"])
@pytest.mark.parametrize("digits", [4, None])
@pytest.mark.parametrize("preset", ["xor", "iris"])
def test_a_note_stands_where_lines_are_left_out(preset: str, digits: int | None, symbol: str) -> None:
    made = experiment(preset)
    adam = replace(made.training, optimizer=OptimizerSpec("adam", 0.01), l1=0.01, l2=0.1)
    session = replace(stepping.whole_pass(new_session(replace(made, training=adam))), digits=digits)
    session = select(session, parse_ref(symbol, session.engine.sizes, 2, ("m", "v")))
    for width, height in product((40, 78, 131), range(2, 16)):
        text_width = arithmetic.text_width(session, width, height)
        layout = layout_explanation(session, DARK, text_width, history=width < 100 or height < 12)
        rows = elide(layout, session, DARK, -1, text_width, height)
        assert len(rows) <= height
        if len(rows) == len(layout.lines):
            assert not any(row.note for row in rows)
            continue
        assert "enter shows all" in rows[-1].note
        terms = {line for term in layout.terms for line in term.lines}
        for above, row in pairwise([ElidedRow(-1), *rows]):
            if row.line < 0 or not above.line + 1 < row.line or above.line < 0:
                continue
            hidden = {*range(above.line + 1, row.line)}
            while above.line in layout.continued and min(hidden, default=row.line) - 1 == above.line:
                hidden.discard(above.line + 1)  # the line above ends with an ellipsis
                above = replace(above, line=above.line + 1)
            is_within_sum = hidden and hidden <= terms and row.line in terms
            assert not hidden or "⋮" in above.note or is_within_sum, (width, height, rows)
        lines = [row.line for row in rows if row.line >= 0]
        if terms - {*lines} and (total := max(terms) + 1) in lines:
            before = rows[next(k for k, row in enumerate(rows) if row.line == total) - 1]
            assert "⋮" in before.note and "term" in before.note, "the note on hidden terms stands before the sum"


@pytest.mark.parametrize("key", ["dw", "db", "loss"])
@pytest.mark.parametrize("preset", ["xor", "iris"])
@pytest.mark.parametrize("height", range(4, 16))
def test_the_visible_terms_and_the_sum_of_the_others_add_up(preset: str, key: Quantity, height: int) -> None:
    session = replace(gradient_of_a_batch(preset), digits=None)
    session = select(session, ref_of(session.experiment, key, session.trace.n, (0, 0, 0, 2)))
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 99, height)]
    terms = [computed(found[1].split(" = ")[-1]) for line in shown if (found := SUM_OF_TERMS.match(line))]
    count = len(terms)
    left_out = [re.fullmatch(r"  ⋮ (\d+) terms? left out, together (.+)", line) for line in shown]
    for found in filter(None, left_out):
        count += int(found[1])
        terms.append(computed(found[2]))
    if not terms:
        assert any(re.search(rf"⋮ .*\ball {session.trace.n} terms of the sum left out$", line) for line in shown)
        return
    total = next(computed(line.split(" = sum = ")[1].split("  ")[0]) for line in shown if " = sum = " in line)
    assert total is not None and all(term is not None for term in terms)
    assert math.fsum(term[0] for term in terms if term) == pytest.approx(total[0], rel=1e-9, abs=1e-12)
    if not any("smaller terms" in line for line in shown):
        assert count == session.trace.n


def test_a_small_panel_shows_one_term_and_the_sum_of_the_others() -> None:
    session = stepping.backward(stepping.forward(new_session(experiment("xor"))))
    session = select(session, parse_ref("dw1[1,1]", session.engine.sizes, 2))
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 78, 6)]
    assert shown[3:5] == ["▸ sample 3: −0.008965 × 1.0000 = −0.008965", "  ⋮ 3 terms left out, together 0.01635"]
    assert shown[5].startswith("  ∂L/∂w₁[1,1] = sum = 0.007386  ")
    ascii_rows = [strip.text for strip in arithmetic.draw(session, get_palette("dark", ascii=True), 78, 6)]
    assert "  : 3 terms left out, together 0.01635" in ascii_rows[4] and all(row.isascii() for row in ascii_rows)


def test_lines_left_out_between_the_formula_and_the_result_have_a_note() -> None:
    session = replace(stepping.whole_pass(new_session(experiment("ravine-adam"))), digits=None)
    session = select(session, parse_ref("w1′[1,1]", session.engine.sizes))
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 78, 8)]
    assert shown[1].startswith("  + ε)   (η")
    assert shown[2] == "  ⋮ 4 lines left out"
    assert shown[3].startswith("  m̂ = ")
