"""Following a number of the arithmetic lands on the cell it names, and the way back leads to where it began."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.session.session import begin, select
from nn_tui.tui.views import arithmetic, selection
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.side_panel import sparkline
from tests._app import DARK, close_to, experiment, layer_cells
from tests._explanations import NUMBERS, experiments, refs_of
from tests._moves import passed

PICKS = st.lists(st.integers(0, 50), min_size=1, max_size=6)


@settings(max_examples=60)
@given(experiments(), st.integers(1, 3), NUMBERS, st.integers(0, 30), PICKS)
def test_follow_lands_on_the_cell_it_names_and_leads_back(
    made: Experiment, passes: int, numbers: tuple[int, int, int, int], which: int, picks: list[int]
) -> None:
    session = passed(made, passes)
    refs = refs_of(made, session.trace.n, numbers)
    session = select(session, refs[which % len(refs)])
    way = [session.ref]
    for pick in picks:
        found = selection.factors(session)
        if not found:
            assert selection.follow(session).ref == session.ref
            break
        number = found[pick % len(found)]
        there = selection.follow(session, pick % len(found))
        assert there.ref == number.ref and there.cursor == session.cursor
        value = value_of(there.engine, there.trace, there.ref)
        assert value == number.value or value != value
        cell = layer_view.cell_of(there)
        if cell is not None:
            drawn = {(c.key, c.row, c.col): c.text for c in layer_cells(there)}
            assert close_to(drawn[cell.key, cell.row, cell.col], value)
        session = there
        way.append(session.ref)
    for ref in reversed(way[:-1]):
        session = selection.follow_back(session)
        assert session.ref == ref
    assert not session.trail


@settings(max_examples=40)
@given(experiments(), NUMBERS, st.integers(0, 30), st.integers(30, 200), st.integers(2, 20))
def test_a_click_on_a_number_follows_the_number_that_is_printed_there(
    made: Experiment, numbers: tuple[int, int, int, int], which: int, width: int, height: int
) -> None:
    session = passed(made, 1)
    refs = refs_of(made, session.trace.n, numbers)
    session = select(session, refs[which % len(refs)])
    found = selection.factors(session)
    # Without the hat of m̂ and v̂, which has no cell of its own, a character is a cell.
    lines = [strip.text.replace("\u0302", "") for strip in arithmetic.draw(session, DARK, width, height)]
    spans = arithmetic.visible_spans(session, DARK, width, height)
    for span in spans:
        text = lines[span.line][span.start : span.end]
        shown = fmt(found[span.index].value, session.digits, sign=False, glyphs=DARK.glyphs)
        assert text in (shown, f"({shown})"), (text, shown)
        hits = [
            arithmetic.hit(session, DARK, width, height, x, span.line)
            for x in (span.start - 1, span.start, span.end - 1, span.end)
        ]
        assert hits == [None, span.index, span.index, None]
    if height >= len(arithmetic.document(session, DARK, arithmetic.text_width(session, width, height))):
        assert [span.index for span in spans] == list(range(len(found)))


@pytest.mark.parametrize("height", [3, 5, 9])
def test_the_lit_number_is_in_view_however_low_the_panel(height: int) -> None:
    session = select(passed(experiment("iris"), 1), Ref("dw", 0, 1, 1))
    count = len(selection.factors(session))
    for index in range(count):
        session = selection.highlight_next(session)
        assert selection.highlighted(session) == index
        lines = arithmetic.draw(session, DARK, 60, height)
        lit = [s.text for strip in lines for s in strip if s.style == DARK.style("selected") and s.text.strip()]
        assert len(lit) == 1, (index, height)
    assert selection.highlighted(selection.highlight_next(session)) == 0, "after the last the first"
    assert selection.highlighted(select(session, Ref("w"))) == -1, "another selection has none lit"


def test_what_cannot_be_followed_says_why() -> None:
    session = begin(experiment("xor"))
    assert "not computed yet" in selection.follow(select(session, Ref("dw"))).message
    assert "is given" in selection.follow(select(session, Ref("x"))).message
    assert "Nothing was followed" in selection.follow_back(session).message


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("w2[1,3]", Ref("w", 1, 0, 2, 2)),
        ("b1[2]", Ref("b", 0, 1, 0, 2)),
        ("x2", Ref("x", 0, 1, 0, 2)),
        ("dw1[2,1]", Ref("dw", 0, 1, 0, 2)),
        ("l1", Ref("term", 0, 0, 0, 2)),
    ],
)
def test_a_number_is_found_by_its_name_for_the_sample_on_screen(text: str, ref: Ref) -> None:
    session = select(passed(experiment("xor"), 1), Ref("w", sample=2))
    assert selection.select_by_name(session, text).ref == ref
    with pytest.raises(InputError):
        selection.select_by_name(session, "w9[1,1]")


def test_what_an_optimiser_keeps_is_found_by_its_letter() -> None:
    session = passed(experiment("ravine-momentum"), 2)
    found = selection.select_by_name(session, "v1[1,2]")
    assert found.ref.key == "m:velocity:w" and layer_view.cell_of(found) is not None
    assert "velocity" in arithmetic.document(found, DARK, 100)[0].text


def test_the_bars_of_a_history_go_from_its_least_to_its_greatest_value() -> None:
    bars = DARK.glyphs.bars
    assert sparkline((0.0, 1.0, 0.5), bars, 10) == bars[1] + bars[-1] + bars[round((len(bars) - 2) / 2) + 1]
    assert sparkline((float("nan"), 2.0, float("inf")), bars, 10)[::2] == "  "
    assert len(sparkline(tuple(map(float, range(40))), bars, 24)) == 24
    assert len(set(sparkline((3.0, 3.0, 3.0), bars, 5))) == 1
