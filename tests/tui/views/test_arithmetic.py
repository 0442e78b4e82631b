"""Tests of the arithmetic view: the lines in a panel, and the numbers at a click."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.display.number_text import fmt
from nn_tui.core.engine.computed import COMPUTED_BY
from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.history import History
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.explanation import written_numbers
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import QuantityLike, Ref, to_key
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import display, selection, stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic, details
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.explanation_layout import layout_explanation
from tests._app import DARK, close_to, experiment, layer_cells
from tests._explanations import B_AFTER, NUMBERS, W_AFTER, experiments, known, ref_of, refs_of
from tests._moves import session_after_passes
from tests.tui.views._printed import (
    SUM_OF_TERMS,
    after_passes,
    check_total,
    gradient_of_a_batch,
    lines_of,
)


@settings(max_examples=25)
@given(experiments(), st.sampled_from(ZOOMS), st.integers(1, 12), st.sampled_from((2, 4, 6, None)))
def test_the_arithmetic_explains_the_selected_number_at_every_stop(
    made: Experiment, zoom: Zoom, stops: int, digits: int | None
) -> None:
    session = replace(new_session(made), digits=digits)
    while session.zoom != zoom:
        session = display.next_zoom(session)
    for _ in range(stops):
        session = stepping.next_stop(session)
    assert session.is_known(session.ref), "a stop selects the number that it has computed"
    title = arithmetic.title(session, DARK)
    assert session.ref.symbol in title
    lines = lines_of(session)
    assert lines[0].strip()
    cell = layer_view.cell_of(session)
    if cell is None:
        return
    drawn = next(each for each in layer_cells(session) if each.cell == cell)
    value = value_of(session.engine, session.trace, session.ref)
    assert close_to(drawn.text, value)
    if digits is not None and math.isfinite(value):
        shown = fmt(value, digits, sign=False, glyphs=DARK.glyphs)
        assert any(shown in line for line in lines), (shown, lines)


@pytest.mark.parametrize("key", [*COMPUTED_BY, W_AFTER, B_AFTER])
def test_a_number_that_is_not_computed_is_not_shown(key: QuantityLike) -> None:
    session = select(new_session(experiment("xor")), ref_of(experiment("xor"), key, 4, (0, 1, 1, 2)))
    lines = lines_of(session)
    assert "not computed yet in this pass: it needs" in lines[0]
    explanation = explain(session.engine, session.trace, session.ref, session.is_known)
    assert explanation.value is None and lines[1].startswith(line_text(explanation.formula))
    for _, number in written_numbers(explanation):
        assert number.ref is None or session.is_known(number.ref) == (number.value is not None)
    page = "\n".join(strip.text for strip in details.document(session, DARK, 100))
    assert lines[0] in page and "exact value" not in page
    assert not arithmetic.visible_spans(session, DARK, 100, 20), "no number leads anywhere yet"


def test_the_page_lists_at_most_max_terms_and_the_selected_one() -> None:
    session = gradient_of_a_batch()
    smallest = int(np.argmin(np.abs(session.trace.dz[0][:, 0] * session.trace.x[:, 0])))
    session = replace(select(session, replace(session.ref, sample=smallest)), digits=None)
    page = [strip.text.rstrip() for strip in arithmetic.document(session, DARK, 160, max_terms=30)]
    assert sum(bool(SUM_OF_TERMS.match(line)) for line in page) == 31
    assert any(line.startswith("  75 smaller terms together: ") for line in page)
    assert any(line.startswith(f"▸ sample {smallest + 1}: ") for line in page)
    check_total(session, page)


def test_a_low_panel_shows_formula_and_result_and_names_the_key_for_the_rest() -> None:
    session = stepping.whole_pass(new_session(experiment("iris")))
    session = select(session, ref_of(session.experiment, "dw", session.trace.n, (0, 0, 0, 0)))
    lines = layout_explanation(session, DARK, 60).lines
    shown = arithmetic.draw(session, DARK, 60, 6)
    assert len(shown) == 6 < len(lines)
    whole = [strip.text.rstrip() for strip in lines]
    visible = [line for line in whole if any(strip.text.startswith(line) for strip in shown)]
    assert "enter shows all" in shown[-1].text
    formula = whole[0].partition("   ")[0]  # without its note, whose place is taken by the count of lines left out
    assert shown[0].text.startswith(formula), "the formula comes first"
    assert any("= sum =" in line for line in visible), "the result is shown, too"


@pytest.mark.parametrize(("width", "height"), [(78, 4), (78, 3), (50, 2), (40, 3), (34, 4)])
@pytest.mark.parametrize("symbol", ["dw1[1,1]", "dw1[5,3]", "z2[1]", "a2[1]", "w1′[1,1]", "δ₂[1]"])
def test_a_line_whose_continuation_is_hidden_ends_with_an_ellipsis(symbol: str, width: int, height: int) -> None:
    session = stepping.whole_pass(new_session(experiment("digits")))
    session = select(session, parse_ref(symbol, session.engine.sizes))
    layout = layout_explanation(session, DARK, width, history=False)
    whole = [strip.text.rstrip() for strip in layout.lines]
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, width, height)]
    for index in layout.continued & {whole.index(row) for row in shown if row in whole}:
        below = shown[shown.index(whole[index]) + 1]
        assert below[:9] == whole[index + 1][:9], "only a line that continues below is not cut"
    cut = [row.removesuffix(" …") for row in shown if row not in whole and "⋮" not in row and "shows all" not in row]
    assert not any("(" in remark and ")" not in remark for row in cut for remark in row.split("   ")[1:])


@pytest.mark.parametrize("height", range(1, 12))
@pytest.mark.parametrize("name", ["xor", "mazur", "iris", "digits", "vanishing"])
def test_the_chain_rule_is_the_last_line_to_be_left_out(name: str, height: int) -> None:
    session = stepping.backward(stepping.forward(new_session(experiment(name))))
    session = select(session, parse_ref("dw1[1,1]", session.engine.sizes, session.ref.sample))
    shown = "\n".join(strip.text for strip in arithmetic.draw(session, DARK, 78, height))
    assert "∂L/∂a · ∂a/∂z · ∂z/∂w = " in shown


def test_the_title_says_to_how_many_digits_numbers_are_rounded() -> None:
    session = stepping.forward(new_session(experiment("xor")))
    assert arithmetic.title(session, DARK) == "Arithmetic · L · ≈ 4 digits, d shows more"
    assert arithmetic.title(replace(session, digits=None), DARK) == "Arithmetic · L"
    for width in (40, 78, 131):
        assert not any("≈" in strip.text for strip in arithmetic.draw(session, DARK, width, 11))


def test_a_number_that_is_not_computed_shows_what_is_known_of_its_formula() -> None:
    session = stepping.forward(new_session(experiment("mazur")))
    lines = lines_of(selection.select_by_name(session, "dw2[1,1]"))
    assert lines[:2] == [
        "∂L/∂w₂[1,1] is not computed yet in this pass: it needs backward (b).",
        "∂L/∂w₂[1,1] = δ₂[1]·a₁[1]",
    ]
    assert lines[3] == "  ∂L/∂w₂[1,1] = δ₂[1] × 0.5933 = ?"
    assert "  w′ = w + Δw = 0.4000 + Δw = ?" in lines_of(selection.select_by_name(session, "w'2[1,1]"))
    start = new_session(experiment("mazur"))
    assert lines_of(selection.select_by_name(start, "z2[1]"))[-1].endswith("0.4500 × a₁[2] + 0.6000 = ?")


def test_the_ascii_arithmetic_is_ascii() -> None:
    palette = get_palette("dark", ascii=True)
    session = replace(stepping.whole_pass(new_session(experiment("xor"))), digits=None)
    keys: tuple[QuantityLike, ...] = ("z", "a", "loss", "da", "dz", "dw", "db", W_AFTER)
    for key in keys:
        here = select(session, ref_of(session.experiment, key, 4, (1, 0, 2, 1)))
        text = "\n".join(strip.text for strip in arithmetic.document(here, palette, 200))
        assert text.isascii(), text
        large = "\n".join(strip.text for strip in arithmetic.draw(here, palette, 131, 17))
        assert large.isascii(), large


def test_a_large_panel_shows_terms_data_path_curve_and_history() -> None:
    session = stepping.backward(stepping.forward(stepping.whole_pass(new_session(experiment("xor")))))
    session = select(session, ref_of(session.experiment, "dw", 4, (0, 0, 1, 0)))
    session = replace(session, history=History(session.ref, session.run, (1, 2), (-0.0056, -0.007)))
    rows = [strip.text for strip in arithmetic.draw(session, DARK, 131, 17)]
    text = "\n".join(rows)
    assert all(len(row) == 131 for row in rows) and len(rows) == 17
    assert all(f"sample {n}: " in text for n in (1, 2, 3, 4))
    assert "tanh(" in text and "slope" in text and "●" in text, "the curve and its point"
    assert "passes 1 to 2" in text
    used = sum(bool(row.strip()) for row in rows)
    assert used >= 14, "a larger panel shows more"
    small = "\n".join(strip.text for strip in arithmetic.draw(session, DARK, 78, 10))
    assert "tanh(" not in small and "passes 1 to 2" in small


@pytest.mark.parametrize("ascii", [False, True])
def test_a_line_separates_the_formula_from_the_curve_beside_it(ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    session = select(after_passes("xor", 2, "adam"), Ref("w", after=True))
    for width, height in ((118, 34), (131, 17), (160, 20)):
        cells = arithmetic.text_width(session, width, height)
        assert cells < width
        for strip in arithmetic.draw(session, palette, width, height):
            assert strip.crop(cells, cells + 3).text == (" | " if ascii else " │ ")


def test_the_lines_of_the_explanation_come_before_the_history() -> None:
    session = stepping.whole_pass(stepping.whole_pass(new_session(experiment("iris"))))
    session = replace(session, history=History(session.ref, session.run, (1, 2), (0.8572, 0.8473)))
    assert session.ref.key == W_AFTER
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 78, 10)]
    assert not any("⋮" in line or "passes 1 to 2" in line for line in shown)
    assert shown[2].startswith("  m′ = ") and "▾ 1 more line: enter shows all" in shown[-1]
    assert "passes 1 to 2" in "".join(strip.text for strip in arithmetic.draw(session, DARK, 78, 11))


def test_a_click_finds_the_number_below_a_note_and_none_on_the_note() -> None:
    session = gradient_of_a_batch("xor")
    session = select(session, replace(session.ref, sample=2))
    for height in (6, 7):
        shown = [strip.text for strip in arithmetic.draw(session, DARK, 78, height)]
        mark = next(k for k, row in enumerate(shown) if row.startswith("  ⋮"))
        assert all(arithmetic.hit(session, DARK, 78, height, x, mark) is None for x in range(78))
        term = next(k for k, row in enumerate(shown) if row.startswith("▸ sample 3: "))
        found = {arithmetic.hit(session, DARK, 78, height, x, term) for x in range(78)} - {None}
        assert len(found) == 2, "δ and x of the sample"


@pytest.mark.parametrize("key", ["z", "dw", "db", "loss", "dz", W_AFTER, "step_w"])
@pytest.mark.parametrize("optimizer", [None, "adam"])
def test_four_lines_show_the_result(key: QuantityLike, optimizer: str | None) -> None:
    column = 1 if to_key(key).is_weight else 0
    session = select(after_passes("xor", 3, optimizer), to_key(key).at(0, 1, column, 2))
    whole = [line.strip() for line in lines_of(session, 78)]
    drawn = [strip.text for strip in arithmetic.draw(session, DARK, 78, 4)]
    results = [line for line in whole[1:] if re.match(r"(z₁|δ₁|∂L/∂\S+ = sum|L = sum|w′ = w|Δw = −)", line)]
    start = {W_AFTER: "w′ = w", "step_w": "Δw = −"}.get(key, "")
    result = next(line for line in results if line.startswith(start))
    text = "\n".join(drawn)
    assert result in text
    if key == "db":
        assert "▸ sample 3:" in text, "the term of the selected sample"
    if key == "dw":
        assert "sample 3: ∂L/∂a · ∂a/∂z · ∂z/∂w = " in text


@settings(max_examples=40)
@given(experiments(), NUMBERS, st.integers(0, 30), st.integers(30, 200), st.integers(2, 20))
def test_a_click_finds_the_number_that_is_printed_there(
    made: Experiment, numbers: tuple[int, int, int, int], which: int, width: int, height: int
) -> None:
    session = session_after_passes(made, 1)
    refs = refs_of(made, session.trace.n, numbers)
    session = select(session, refs[which % len(refs)])
    found = selection.factors(session)
    # Without the hat of m̂ and v̂, which has no cell of its own, a character is a cell.
    lines = [strip.text.replace("\u0302", "") for strip in arithmetic.draw(session, DARK, width, height)]
    spans = arithmetic.visible_spans(session, DARK, width, height)
    for span in spans:
        text = lines[span.line][span.start : span.end]
        number = found[span.index]
        digits = 0 if number.is_exact else session.digits  # the target of a perceptron is a class
        shown = fmt(known(number), digits, sign=False, glyphs=DARK.glyphs)
        assert text in (shown, f"({shown})"), (text, shown)
        hits = [
            arithmetic.hit(session, DARK, width, height, x, span.line)
            for x in (span.start - 1, span.start, span.end - 1, span.end)
        ]
        assert hits == [None, span.index, span.index, None]
    if height >= len(arithmetic.document(session, DARK, arithmetic.text_width(session, width, height))):
        assert [span.index for span in spans] == list(range(len(found)))


@pytest.mark.parametrize("height", [3, 5, 9])
def test_the_highlighted_number_is_visible_in_a_low_panel(height: int) -> None:
    session = select(session_after_passes(experiment("iris"), 1), Ref("dw", 0, 1, 1))
    count = len(selection.factors(session))
    for index in range(count):
        session = selection.highlight_next(session)
        assert selection.highlighted(session) == index
        lines = arithmetic.draw(session, DARK, 60, height)
        marked = [s.text for strip in lines for s in strip if s.style == DARK.style("selected") and s.text.strip()]
        assert len(marked) == 1, (index, height)
    assert selection.highlighted(selection.highlight_next(session)) == 0, "the first follows the last"
    assert selection.highlighted(select(session, Ref("w"))) == -1, "another selection has no highlight"
