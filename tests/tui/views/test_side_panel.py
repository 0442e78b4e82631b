"""Tests of the side panel: the bars of a history, and the caption of the curve."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from nn_tui.core.display.number_text import fmt
from nn_tui.core.explain.explain import value_of
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views.side_panel import bar_chart, draw_side_panel, sparkline
from tests._app import DARK, experiment
from tests._explanations import ref_of


def test_bars_grow_with_the_value() -> None:
    rows = bar_chart((0.0, 1.0, float("nan"), 0.5), DARK.glyphs.bars, 10, 3)
    heights = [sum(DARK.glyphs.bars.index(row[k]) for row in rows) for k in range(4)]
    assert heights == [1, 24, 0, pytest.approx(12.5, abs=0.5)]


@pytest.mark.parametrize("width", [12, 20, 34, 43, 60])
@pytest.mark.parametrize("digits", [2, 4, 6, None])
def test_the_caption_of_the_curve_cuts_no_number(width: int, digits: int | None) -> None:
    session = replace(stepping.forward(new_session(experiment("xor"))), digits=digits)
    session = select(session, ref_of(session.experiment, "z", 4, (0, 1, 0, 2)))
    caption = draw_side_panel(session, DARK, width, 12)[0].text
    refs = (session.ref, session.ref.with_key("a"), session.ref.with_key("slope"))
    values = [value_of(session.engine, session.trace, ref) for ref in refs]
    whole = {fmt(value, digits, sign=False, glyphs=DARK.glyphs) for value in values}
    assert set(re.findall(r"−?\d[\d.e−]*", caption)) <= whole and "…" not in caption


def test_a_sparkline_goes_from_the_smallest_to_the_largest_value() -> None:
    bars = DARK.glyphs.bars
    assert sparkline((0.0, 1.0, 0.5), bars, 10) == bars[1] + bars[-1] + bars[round((len(bars) - 2) / 2) + 1]
    assert sparkline((float("nan"), 2.0, float("inf")), bars, 10)[::2] == "  "
    assert len(sparkline(tuple(map(float, range(40))), bars, 24)) == 24
    assert len(set(sparkline((3.0, 3.0, 3.0), bars, 5))) == 1
