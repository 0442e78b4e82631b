"""Tests of the page of a sweep: its rows and headings fit, and a click finds them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.sweep.grid import Combination
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import sweep_table
from nn_tui.tui.views.sweep_page import SweepProgress, draw_page
from tests.tui.session.test_sweep_table import ROWS, row, starts, table

DARK = get_palette("dark")


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("width", "height"), [(76, 22), (120, 38), (40, 9), (20, 5), (3, 2)])
def test_a_page_fills_its_size_and_shows_the_highlighted_row(width: int, height: int, ascii_only: bool) -> None:
    palette = get_palette("dark", ascii=ascii_only)
    many = table(*(row(str(k), "sgd", k / 50, error="é" if k == 3 else "") for k in range(60)))
    for progress in (None, SweepProgress(60.5, 12.0), SweepProgress(0.0, 0.0)):
        for shown in (many, sweep_table.move(many, 30), sweep_table.move(many, 99), table()):
            page = draw_page(replace(shown, requested=80), progress, palette, width, height)
            assert len(page.strips) == height and all(strip.cell_length == width for strip in page.strips)
            text = "".join(strip.text for strip in page.strips)
            assert not ascii_only or text.isascii()
            current = sweep_table.current_row(shown)
            if current is not None and height >= 5:
                line = page.top + page.rows.index(current)
                assert page.strips[line].text.startswith(palette.glyphs.arrow)
                assert page.row_at(line) == current


def test_a_row_has_its_settings_figures_and_problem() -> None:
    page = draw_page(replace(ROWS, requested=9, marked=frozenset({0})), None, DARK, 76, 20)
    lines = [strip.text for strip in page.strips]
    assert lines[0].startswith("Stopped: 5 of 9 runs are trained. Not valid: 1. Marked: 1.")
    assert lines[page.top - 1].split() == ["eta", "optimizer", "train", "loss▴", "train", "acc.", "problem"]
    assert lines[page.top].split() == ["▸", "2", "sgd", "0.1000", "95.0%"]
    assert lines[page.top + 1].split() == ["✓", "10", "sgd", "0.5000", "75.0%"]
    rows = [lines[page.top + place] for place in range(len(page.rows))]
    assert rows[page.rows.index(1)].split() == ["9", "adam", "not", "valid"]
    assert "diverged at 10" in rows[page.rows.index(3)]
    error = draw_page(sweep_table.highlight(ROWS, 1), None, DARK, 76, 20)
    assert "not possible" in "\n".join(strip.text for strip in error.strips)


def test_a_click_finds_the_row_and_the_heading() -> None:
    page = draw_page(ROWS, None, DARK, 76, 20)
    heading = page.strips[page.top - 1].text
    for name, label in (("eta", "eta"), ("optimizer", "optimizer"), ("train_loss", "train loss")):
        assert page.column_at(heading.index(label), page.top - 1) == name
    assert page.column_at(heading.index("eta"), page.top) is None
    assert page.column_at(0, page.top - 1) is None
    assert page.row_at(page.top - 1) is None and page.row_at(page.top + 6) is None


def test_progress_has_the_time_left() -> None:
    line = draw_page(replace(ROWS, requested=10), SweepProgress(6.0, 90.0), DARK, 76, 20).strips[0].text
    assert "60 %" in line and "6 of 10 runs, 1:00 left" in line


def test_the_best_combination_over_its_starts_stands_below_the_table() -> None:
    lucky = starts(adam=(0.001, 0.8, 9.0), sgd=(0.1, 0.2, 0.3))
    text = "\n".join(strip.text.rstrip() for strip in draw_page(lucky, None, DARK, 76, 22).strips)
    assert "Lowest mean train loss: 0.2000 with optimizer = sgd (3 starts, 0 with a\nproblem)." in text
    assert "Problems in 0 of the 3 starts with these settings." in text
    assert "set seed" in text and "mean loss▴" in text
    page = draw_page(sweep_table.highlight(lucky, 0), None, DARK, 76, 22)
    assert "Problems in 1 of the 3 starts with these settings." in "\n".join(strip.text for strip in page.strips)
    training = draw_page(lucky, SweepProgress(3.0, 2.0), DARK, 76, 22)
    assert not any("Lowest mean" in strip.text for strip in training.strips)
    other_losses = replace(lucky.rows[3], combination=Combination((("loss", "mae"), ("seed", "0"))))
    mixed = replace(
        lucky,
        rows=(
            *(
                replace(each, combination=Combination((("loss", "mse"), ("seed", str(k)))))
                for k, each in enumerate(lucky.rows[:3])
            ),
            other_losses,
        ),
    )
    assert not any("Lowest mean" in strip.text for strip in draw_page(mixed, None, DARK, 76, 22).strips)


def test_a_page_without_room_for_all_rows_tells_which_one_is_highlighted() -> None:
    many = table(*(row(str(k), "sgd", k / 50) for k in range(30)))
    at_15 = sweep_table.move(many, 14)
    assert "30 runs are trained. Row 15 of 30." in draw_page(at_15, None, DARK, 76, 20).strips[0].text
    assert "Row" not in draw_page(at_15, None, DARK, 76, 50).strips[0].text
