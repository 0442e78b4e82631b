"""What the arithmetic area prints is a calculation that comes out: the text is parsed and computed again."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.history import History
from nn_tui.core.refs import parse_ref
from nn_tui.core.spec import Experiment, OptimizerSpec
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import display, stepping
from nn_tui.tui.session.session import COMPUTED_BY, Session, begin, select
from nn_tui.tui.views import arithmetic, details
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.data_path import draw_data_path
from nn_tui.tui.views.elide import ElidedRow, elide
from nn_tui.tui.views.explanation_layout import layout_explanation
from nn_tui.tui.views.side_panel import bar_chart, draw_side_panel
from tests._app import DARK, close_to, experiment, layer_cells
from tests._explanations import NUMBERS, experiments, ref_of, refs_of

WIDE = 4000  # cells: no line of a small network wraps
NUMBER = r"(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)"
SUM_OF_TERMS = re.compile(
    rf"^(?:  |▸ )(?:sample \d+|l1·sign\(w\)|l2·w|penalty|\d+ smaller terms together): ([−(]?{NUMBER}.*)$"
)


def lines_of(session: Session, width: int = WIDE) -> list[str]:
    """The document's lines as text."""
    return [strip.text.rstrip() for strip in arithmetic.document(session, DARK, width)]


def computed(text: str) -> tuple[float, float] | None:
    """(value, sum of magnitudes) of an arithmetic expression as printed; None where the text is not one."""
    plain = text.strip().replace("−", "-").replace("×", "*")
    plain = re.sub("[⁰¹²³⁴-⁹]+", lambda power: f"**{unicodedata.normalize('NFKC', power[0])}", plain)
    if not re.fullmatch(rf"(?:{NUMBER}|\*\*\d+|[-+*/() ])+", plain) or not re.search(r"\d|inf|nan", plain):
        return None
    names = {"inf": math.inf, "nan": math.nan, "__builtins__": {}}
    try:
        value = eval(plain, names)
        size = eval(plain.replace("e-", "E").replace("-", "+").replace("E", "e-"), names)
    except ZeroDivisionError:
        return None
    except SyntaxError as error:
        raise AssertionError(f"not a calculation: {text!r}") from error
    return float(value), float(size)


def check_lines(lines: list[str]) -> int:
    """Every ``expression = number`` of the lines comes out; returns how many there were."""
    checked = 0
    for line in lines[1:]:
        for clause in re.split(r",  | {2,}", line):
            sides = [computed(side) for side in re.sub(r"^\s*[^:=]*: (?=[−(\d])", "", clause).split(" = ")]
            for left, right in pairwise(sides):
                if left is None or right is None:
                    continue
                if not all(map(math.isfinite, (*left, *right))):
                    continue
                checked += 1
                assert left[0] == pytest.approx(right[0], rel=1e-9, abs=1e-12 * left[1] + 1e-300), (line, left, right)
    return checked


def check_total(session: Session, lines: list[str]) -> None:
    """Labelled terms, one a line, add up to the printed total."""
    terms = []
    for line in lines:
        found = SUM_OF_TERMS.match(line)
        if found and "output" not in line:
            value = computed(found[1].split(" = ")[-1])
            assert value is not None, line
            terms.append(value[0])
    total = next((line for line in lines if " = sum = " in line), None)
    assert (total is not None) == bool(terms), lines
    if total is not None and all(map(math.isfinite, terms)):
        printed = computed(total.split(" = ")[-1])
        assert printed is not None
        size = sum(map(abs, terms))
        assert math.fsum(terms) == pytest.approx(printed[0], rel=1e-9, abs=1e-12 * size + 1e-300), lines


def check_value(session: Session, lines: list[str]) -> None:
    """The result printed is the number that the matrices and the commands show."""
    ref = session.ref
    value = value_of(session.engine, session.trace, ref)
    numbers = re.findall(rf"−?(?<![\w.]){NUMBER}", "\n".join(lines[1:]))
    texts = [computed(text) for text in numbers]
    close = 1e-9 * abs(value)
    if ref.key in ("step_w", "step_b"):
        # Shown as the optimiser computes it; W′ − W has lost what lies below the last digit of W.
        own = replace(ref, key=ref.key.replace("step_", ""))
        close += 4e-16 * abs(value_of(session.engine, session.trace, own)) + 1e-300
    printed = [number[0] for number in texts if number is not None]
    if math.isfinite(value):
        assert any(abs(number - value) <= close for number in printed), (ref, value, lines)


@settings(max_examples=60)
@given(experiments(), st.integers(1, 3), NUMBERS)
def test_printed_with_all_digits_everything_adds_up(
    made: Experiment, update: int, numbers: tuple[int, int, int, int]
) -> None:
    session = replace(begin(made), digits=None)
    for _ in range(update):
        session = stepping.whole_pass(session)
    for ref in refs_of(made, session.trace.n, numbers):
        here = select(session, ref)
        lines = lines_of(here)
        check_lines(lines)
        check_total(here, lines)
        check_value(here, lines)


@settings(max_examples=25)
@given(experiments(), st.sampled_from(ZOOMS), st.integers(1, 12), st.sampled_from((2, 4, 6, None)))
def test_at_every_stop_the_arithmetic_is_of_the_number_lit_in_the_matrix(
    made: Experiment, zoom: Zoom, stops: int, digits: int | None
) -> None:
    session = replace(begin(made), digits=digits)
    while session.zoom != zoom:
        session = display.next_zoom(session)
    for _ in range(stops):
        session = stepping.next_stop(session)
    assert session.is_known(session.ref), "a stop selects what it has just computed"
    title = arithmetic.title(session, DARK)
    assert session.ref.symbol in title
    lines = lines_of(session)
    assert lines[0].strip()
    cell = layer_view.cell_of(session)
    if cell is None:
        return
    drawn = next(c for c in layer_cells(session) if Cell(c.key, c.row, c.col) == cell)
    value = value_of(session.engine, session.trace, session.ref)
    assert close_to(drawn.text, value)
    if digits is not None and math.isfinite(value):
        shown = fmt(value, digits, sign=False, glyphs=DARK.glyphs)
        assert any(shown in line for line in lines), (shown, lines)


def test_every_kind_of_line_is_computed_again() -> None:
    """The checks above read the lines at all: on known nets the number of calculations is what it should be."""
    session = replace(stepping.whole_pass(begin(experiment("xor"))), digits=None)
    counts = {}
    for key in ("z", "a", "loss", "da", "dz", "dw", "db", "w_after", "step_w"):
        here = select(session, ref_of(session.experiment, key, session.trace.n, (0, 1, 1, 2)))
        counts[key] = check_lines(lines_of(here))
    # a sum of products is one calculation, a sum over four samples of products is four and its chain one more
    assert counts == {"z": 1, "a": 0, "loss": 4, "da": 1, "dz": 1, "dw": 5, "db": 0, "w_after": 2, "step_w": 2}


@pytest.mark.parametrize("key", sorted(COMPUTED_BY))
def test_what_is_not_computed_has_no_number(key: str) -> None:
    session = select(begin(experiment("xor")), ref_of(experiment("xor"), key, 4, (0, 1, 1, 2)))
    lines = lines_of(session)
    assert len(lines) == 1
    assert "not computed yet in this pass: it needs" in lines[0]
    assert not re.search(r"\d\.\d", lines[0])
    page = "\n".join(strip.text for strip in details.document(session, DARK, 100))
    assert not re.search(r"\d\.\d", page)


def test_rounded_numbers_say_so_and_all_digits_do_not() -> None:
    session = stepping.forward(begin(experiment("xor")))
    session = select(session, ref_of(session.experiment, "z", 4, (0, 0, 0, 1)))
    assert "≈ 4 digits" in lines_of(session)[0]
    assert not any("≈" in line for line in lines_of(replace(session, digits=None)))


@settings(max_examples=30)
@given(st.integers(12, 90), st.sampled_from(("z", "dw", "w_after", "loss")))
def test_wrapping_loses_no_word(width: int, key: str) -> None:
    session = stepping.whole_pass(begin(experiment("xor")))
    session = select(session, ref_of(session.experiment, key, 4, (1, 0, 2, 1)))
    whole = " ".join(" ".join(lines_of(session)).split())
    wrapped = arithmetic.document(session, DARK, width)
    assert all(strip.cell_length == width for strip in wrapped)
    words = " ".join(strip.text for strip in wrapped).split()
    if max(map(len, whole.split())) + 4 <= width:
        assert words == whole.split()


def gradient_of_a_batch(preset: str = "iris") -> Session:
    """The gradient of a weight, which is a sum over a batch of many samples."""
    session = stepping.backward(stepping.forward(begin(experiment(preset))))
    return select(session, ref_of(session.experiment, "dw", session.trace.n, (0, 0, 0, 0)))


@pytest.mark.parametrize("key", ["dw", "loss"])
def test_the_page_that_enter_opens_lists_every_term_of_a_batch(key: str) -> None:
    session = gradient_of_a_batch()
    session = select(session, ref_of(session.experiment, key, session.trace.n, (0, 0, 0, 7)))
    page = [strip.text.rstrip() for strip in details.document(replace(session, digits=None), DARK, 160)]
    terms = [re.sub(r"^\s*▸?\s*(sample \d+):.*", r"\1", line) for line in page if SUM_OF_TERMS.match(line)]
    assert list(dict.fromkeys(terms)) == [f"sample {n}" for n in range(1, 106)]
    assert "smaller terms" not in "\n".join(page)
    check_total(session, page)
    assert check_lines(page) >= 105


def test_of_a_batch_beyond_the_bound_the_page_lists_the_largest_and_the_selected_term() -> None:
    session = gradient_of_a_batch()
    smallest = int(np.argmin(np.abs(session.trace.dz[0][:, 0] * session.trace.x[:, 0])))
    session = replace(select(session, replace(session.ref, sample=smallest)), digits=None)
    page = [strip.text.rstrip() for strip in arithmetic.document(session, DARK, 160, max_terms=30)]
    assert sum(bool(SUM_OF_TERMS.match(line)) for line in page) == 31
    assert any(line.startswith("  75 smaller terms together: ") for line in page)
    assert any(line.startswith(f"▸ sample {smallest + 1}: ") for line in page)
    check_total(session, page)


@pytest.mark.parametrize("number", [0, 2, 4, 9, 20])
def test_what_is_lit_in_the_panel_is_lit_on_the_page(number: int) -> None:
    session = gradient_of_a_batch()
    session = replace(session, factor=(session.ref, number))
    panel, page = arithmetic.draw(session, DARK, 90, 20), details.document(session, DARK, 90)
    rows = [
        [strip.text.rstrip() for strip in strips if any(part.style == DARK.style("selected") for part in strip)]
        for strips in (panel, page)
    ]
    assert len(rows[0]) == 1 and rows[0] == rows[1]


def test_a_panel_that_is_too_low_says_how_much_is_missing() -> None:
    session = stepping.whole_pass(begin(experiment("iris")))
    session = select(session, ref_of(session.experiment, "dw", session.trace.n, (0, 0, 0, 0)))
    laid = layout_explanation(session, DARK, 60).lines
    total = len(laid)
    shown = arithmetic.draw(session, DARK, 60, 6)
    assert len(shown) == 6 < total
    whole = [strip.text.rstrip() for strip in laid]
    kept = [line for line in whole if any(strip.text.startswith(line) for strip in shown)]
    assert "enter shows all" in shown[-1].text
    assert whole[0] in kept and any("= sum =" in line for line in kept), "formula and result come first"


@pytest.mark.parametrize(("width", "height"), [(78, 4), (78, 3), (50, 2), (40, 3), (34, 4)])
@pytest.mark.parametrize("symbol", ["dw1[1,1]", "dw1[5,3]", "z2[1]", "a2[1]", "w1′[1,1]", "δ₂[1]"])
def test_a_line_whose_rest_is_hidden_ends_with_an_ellipsis(symbol: str, width: int, height: int) -> None:
    session = stepping.whole_pass(begin(experiment("digits")))
    session = select(session, parse_ref(symbol, session.engine.sizes))
    laid = layout_explanation(session, DARK, width, history=False)
    whole = [strip.text.rstrip() for strip in laid.lines]
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, width, height)]
    for index in laid.continued & {whole.index(row) for row in shown if row in whole}:
        below = shown[shown.index(whole[index]) + 1]
        assert below[:9] == whole[index + 1][:9], "a line stands as it is only where it goes on below"
    cut = [row.removesuffix(" …") for row in shown if row not in whole and "⋮" not in row and "shows all" not in row]
    assert not any("(" in remark and ")" not in remark for row in cut for remark in row.split("   ")[1:])
    assert "≈" not in "".join(row.rpartition("   ")[2] for row in cut), "the note says it"


def test_the_first_line_of_a_gradient_on_a_small_screen_is_not_cut_in_a_bracket() -> None:
    session = stepping.backward(stepping.forward(begin(experiment("digits"))))
    session = select(session, parse_ref("dw1[1,1]", session.engine.sizes))
    first = arithmetic.draw(session, DARK, 78, 4)[0].text.rstrip()
    assert re.fullmatch(r"∂L/∂w₁\[1,1\] = Σₙ δ₁\[1\]·x\[1\] over the 64 [^(]+ … +⋮ 1 line left out", first)


def test_the_ascii_arithmetic_is_ascii_and_comes_out_too() -> None:
    palette = get_palette("dark", ascii=True)
    session = replace(stepping.whole_pass(begin(experiment("xor"))), digits=None)
    for key in ("z", "a", "loss", "da", "dz", "dw", "db", "w_after"):
        here = select(session, ref_of(session.experiment, key, 4, (1, 0, 2, 1)))
        text = "\n".join(strip.text for strip in arithmetic.document(here, palette, 200))
        assert text.isascii(), text
        large = "\n".join(strip.text for strip in arithmetic.draw(here, palette, 131, 17))
        assert large.isascii(), large


# Where there is room


def test_a_large_panel_holds_the_terms_the_way_the_curve_and_the_history() -> None:
    session = stepping.backward(stepping.forward(stepping.whole_pass(begin(experiment("xor")))))
    session = select(session, ref_of(session.experiment, "dw", 4, (0, 0, 1, 0)))
    session = replace(session, history=History(session.ref, session.run, (1, 2), (-0.0056, -0.007)))
    rows = [strip.text for strip in arithmetic.draw(session, DARK, 131, 17)]
    text = "\n".join(rows)
    assert all(len(row) == 131 for row in rows) and len(rows) == 17
    assert all(f"sample {n}: " in text for n in (1, 2, 3, 4))
    assert "tanh(" in text and "slope" in text and "●" in text, "the curve and its point"
    assert "passes 1 to 2" in text
    used = sum(bool(row.strip()) for row in rows)
    assert used >= 14, "a larger panel gets more, not empty space"
    small = "\n".join(strip.text for strip in arithmetic.draw(session, DARK, 78, 10))
    assert "tanh(" not in small and "passes 1 to 2" in small


@settings(max_examples=60)
@given(experiments(), NUMBERS, st.integers(0, 60), st.sampled_from((2, 4, 6)))
def test_the_way_through_the_pass_shows_what_is_computed_and_nothing_else(
    made: Experiment, numbers: tuple[int, int, int, int], steps: int, digits: int
) -> None:
    begun = begin(made)
    session = replace(begun, cursor=min(steps, begun.pass_steps.end), digits=digits)
    for ref in refs_of(made, session.trace.n, numbers):
        here = select(session, ref)
        rows = [strip.text for strip in draw_data_path(here, DARK, 200)]
        assert len(rows) == 0 or not rows[0].strip()
        for row in rows[2:]:
            for name, value in re.findall(r"([^\s\[]+\[\d+(?:,\d+)?\]) +([-−+]?[\d.einfa+-]+|·)(?= |$)", row):
                named = parse_ref(name, here.engine.sizes, here.ref.sample, here.engine.optimizer.slots)
                assert here.is_known(named) == (value != "·"), (here.cursor, row)
                if value != "·":
                    assert close_to(value, value_of(here.engine, here.trace, named)), (name, value)
        if rows and here.ref.key != "slope" and not here.ref.key.startswith("m:"):
            assert any(here.ref.symbol in row for row in rows), "the selection is on its own way"


def test_the_first_look_at_a_weight_names_what_each_phase_will_fill_in() -> None:
    text = "\n".join(strip.text for strip in arithmetic.draw(begin(experiment("xor")), DARK, 78, 10))
    for words in ("forward", "backward", "update", "z₁\\[1\\] +·", "∂L/∂w₁\\[1,1\\] +·", "w′₁\\[1,1\\] +·"):
        assert re.search(words, text)


def test_bars_of_several_lines_grow_with_the_value() -> None:
    rows = bar_chart((0.0, 1.0, float("nan"), 0.5), DARK.glyphs.bars, 10, 3)
    heights = [sum(DARK.glyphs.bars.index(row[k]) for row in rows) for k in range(4)]
    assert heights == [1, 24, 0, pytest.approx(12.5, abs=0.5)]


@pytest.mark.parametrize("width", [12, 20, 34, 43, 60])
@pytest.mark.parametrize("digits", [2, 4, 6, None])
def test_the_caption_of_the_curve_cuts_no_number(width: int, digits: int | None) -> None:
    session = replace(stepping.forward(begin(experiment("xor"))), digits=digits)
    session = select(session, ref_of(session.experiment, "z", 4, (0, 1, 0, 2)))
    caption = draw_side_panel(session, DARK, width, 12)[0].text
    z, a = (value_of(session.engine, session.trace, replace(session.ref, key=key)) for key in ("z", "a"))
    slope = value_of(session.engine, session.trace, replace(session.ref, key="slope"))
    whole = {fmt(value, digits, sign=False, glyphs=DARK.glyphs) for value in (z, a, slope)}
    assert set(re.findall(r"−?\d[\d.e−]*", caption)) <= whole and "…" not in caption


# Where lines are left out


@pytest.mark.parametrize("symbol", ["dw1[1,1]", "w1′[2,1]", "z1[1]", "b1′[1]", "L", "m1′[1,1]"])
@pytest.mark.parametrize("digits", [4, None])
@pytest.mark.parametrize("preset", ["xor", "iris"])
def test_where_lines_are_left_out_there_is_a_mark(preset: str, digits: int | None, symbol: str) -> None:
    made = experiment(preset)
    adam = replace(made.training, optimizer=OptimizerSpec("adam", 0.01), l1=0.01, l2=0.1)
    session = replace(stepping.whole_pass(begin(replace(made, training=adam))), digits=digits)
    session = select(session, parse_ref(symbol, session.engine.sizes, 2, ("m", "v")))
    for width, height in itertools.product((40, 78, 131), range(2, 16)):
        text = arithmetic.text_width(session, width, height)
        laid = layout_explanation(session, DARK, text, history=width < 100 or height < 12)
        rows = elide(laid, session, DARK, -1, text, height)
        assert len(rows) <= height
        if len(rows) == len(laid.lines):
            assert not any(row.note for row in rows)
            continue
        assert "enter shows all" in rows[-1].note
        terms = {line for term in laid.terms for line in term.lines}
        for above, row in pairwise([ElidedRow(-1), *rows]):
            if row.line < 0 or not above.line + 1 < row.line or above.line < 0:
                continue
            hidden = {*range(above.line + 1, row.line)}
            while above.line in laid.continued and min(hidden, default=row.line) - 1 == above.line:
                hidden.discard(above.line + 1)  # the ellipsis at its end stands for these
                above = replace(above, line=above.line + 1)
            is_within_sum = hidden and hidden <= terms and row.line in terms
            assert not hidden or "⋮" in above.note or is_within_sum, (width, height, rows)
        lines = [row.line for row in rows if row.line >= 0]
        if terms - {*lines} and (summed := max(terms) + 1) in lines:
            before = rows[next(k for k, row in enumerate(rows) if row.line == summed) - 1]
            assert "⋮" in before.note and "term" in before.note, "what is left out of a sum is said before it"


@pytest.mark.parametrize("key", ["dw", "db", "loss"])
@pytest.mark.parametrize("preset", ["xor", "iris"])
@pytest.mark.parametrize("height", range(4, 16))
def test_the_terms_shown_and_what_the_others_sum_to_are_the_sum(preset: str, key: str, height: int) -> None:
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
        assert any(re.search(rf"⋮ .*\b{session.trace.n} terms left out$", line) for line in shown)
        return
    total = next(computed(line.split(" = sum = ")[1].split("  ")[0]) for line in shown if " = sum = " in line)
    assert total is not None and all(term is not None for term in terms)
    assert math.fsum(term[0] for term in terms if term) == pytest.approx(total[0], rel=1e-9, abs=1e-12)
    if not any("smaller terms" in line for line in shown):
        assert count == session.trace.n


def test_a_small_panel_says_what_its_one_term_leaves_out() -> None:
    session = stepping.backward(stepping.forward(begin(experiment("xor"))))
    session = select(session, parse_ref("dw1[1,1]", session.engine.sizes, 2))
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 78, 4)]
    assert shown[1:3] == ["▸ sample 3: −0.008965 × 1.0000 = −0.008965", "  ⋮ 3 terms left out, together 0.01635"]
    assert shown[0].endswith("⋮ 2 lines left out") and shown[3].startswith("  ∂L/∂w₁[1,1] = sum = 0.007386  ")
    ascii_rows = [strip.text for strip in arithmetic.draw(session, get_palette("dark", ascii=True), 78, 4)]
    assert "  : 3 terms left out, together 0.01635" in ascii_rows[2] and all(row.isascii() for row in ascii_rows)


def test_a_line_that_is_missing_between_the_formula_and_the_result_is_missed() -> None:
    session = replace(stepping.whole_pass(begin(experiment("ravine-adam"))), digits=None)
    session = select(session, parse_ref("w1′[1,1]", session.engine.sizes))
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 78, 8)]
    assert [line.split(" = ")[0] for line in shown if "  m′ = " in line or "  v′ = " in line] != ["  m′", "  v′"]
    mark = next(k for k, line in enumerate(shown) if re.fullmatch(r"  ⋮ \d lines left out", line))
    assert shown[mark - 1].startswith("  ε)   (η") and shown[mark + 1].startswith(("  v′ = ", "  m̂ = "))


def test_the_history_gives_way_to_a_line_of_the_arithmetic() -> None:
    session = stepping.whole_pass(stepping.whole_pass(begin(experiment("iris"))))
    session = replace(session, history=History(session.ref, session.run, (1, 2), (0.8572, 0.8473)))
    assert session.ref.key == "w_after"
    shown = [strip.text.rstrip() for strip in arithmetic.draw(session, DARK, 78, 10)]
    assert not any("⋮" in line or "passes 1 to 2" in line for line in shown)
    assert shown[2].startswith("  m′ = ") and "▾ 1 more line: enter shows all" in shown[-1]
    assert "passes 1 to 2" in "".join(strip.text for strip in arithmetic.draw(session, DARK, 78, 11))


def test_a_click_finds_the_number_below_a_mark_and_none_on_it() -> None:
    session = gradient_of_a_batch("xor")
    session = select(session, replace(session.ref, sample=2))
    for height in (4, 6):
        shown = [strip.text for strip in arithmetic.draw(session, DARK, 78, height)]
        mark = next(k for k, row in enumerate(shown) if row.startswith("  ⋮"))
        assert all(arithmetic.hit(session, DARK, 78, height, x, mark) is None for x in range(78))
        term = next(k for k, row in enumerate(shown) if row.startswith("▸ sample 3: "))
        found = {arithmetic.hit(session, DARK, 78, height, x, term) for x in range(78)} - {None}
        assert len(found) == 2, "δ and x of the sample"
