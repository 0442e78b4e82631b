"""Tests of the page of one number."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from nn_tui.core.refs import Quantity
from nn_tui.tui.session.session import select
from nn_tui.tui.views import arithmetic, details
from tests._app import DARK
from tests._explanations import ref_of
from tests.tui.views._printed import SUM_OF_TERMS, WIDE, check_lines, check_total, gradient_of_a_batch


@pytest.mark.parametrize("key", ["dw", "loss"])
def test_the_page_lists_every_term_of_a_batch(key: Quantity) -> None:
    session = gradient_of_a_batch()
    session = select(session, ref_of(session.experiment, key, session.trace.n, (0, 0, 0, 7)))
    page = [strip.text.rstrip() for strip in details.document(replace(session, digits=None), DARK, WIDE)]
    terms = [re.sub(r"^\s*▸?\s*(sample \d+):.*", r"\1", line) for line in page if SUM_OF_TERMS.match(line)]
    assert list(dict.fromkeys(terms)) == [f"sample {n}" for n in range(1, 106)]
    assert "smaller terms" not in "\n".join(page)
    check_total(session, page)
    assert check_lines(page) >= 105


@pytest.mark.parametrize("number", [0, 2, 4, 9, 20])
def test_the_number_highlighted_in_the_panel_is_highlighted_on_the_page(number: int) -> None:
    session = gradient_of_a_batch()
    session = replace(session, highlighted=(session.ref, number))
    panel, page = arithmetic.draw(session, DARK, 90, 20), details.document(session, DARK, 90)
    rows = [
        [strip.text.rstrip() for strip in strips if any(part.style == DARK.style("selected") for part in strip)]
        for strips in (panel, page)
    ]
    assert len(rows[0]) == 1 and rows[0] == rows[1]
