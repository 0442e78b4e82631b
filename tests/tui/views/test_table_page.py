"""Tests of the page that shows a table before its network is opened."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.table.reader import read_table
from nn_tui.core.translation import language
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.table_review import (
    TableReview,
    choose_input,
    choose_target,
    ignore,
    next_kind,
    next_missing,
    next_test_share,
    review_table,
)
from nn_tui.tui.views.table_keys import frame_keys
from nn_tui.tui.views.table_lines import column_text
from nn_tui.tui.views.table_page import draw_page
from tests._pseudo import PseudoLanguage
from tests._tour import plain_words, words
from tests.core.table._tables import text_table
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, SIZE, assert_size, cells, lines

TABLES = Path(__file__).parents[2] / "core" / "table" / "files"


@functools.cache
def review_of(name: str) -> TableReview:
    """Return the review of a file."""
    return review_table(read_table(TABLES / name, name=name))


def page_text(review: TableReview, width: int = 76, height: int = 22, selected: int = 0, note: str = "") -> list[str]:
    """Return the lines of the page without spaces at their ends."""
    page = draw_page(review, DARK, width, height, selected=selected, note=note)
    return [line.rstrip() for line in lines(page.strips)]


def test_a_page_of_80_by_24_cells_has_all_of_it() -> None:
    drawn = page_text(review_of("iris-kaggle-Id.csv"))
    assert drawn[0] == "150 rows, 6 columns. Read as UTF-8 text separated by commas, with a header."
    assert drawn[1] == "m missing: mean  s test: 30%  h header: yes  p separator: comma"
    assert drawn[2] == "d decimal: point  c encoding: utf-8"
    assert "▸ Id             ignored  identifier        ·  ██████████ 1 … 150" in drawn
    assert "  Species        target   classes           ·  █ Iris-setosa  █ Iris-ve…  +1" in drawn
    assert '"Id": It numbers the rows.' in drawn
    assert "  1   5.1            3.5           1.4            0.2           Iris-setosa" in drawn
    assert '"Species", 3 classes, from 4 columns: network 4–8–3, 67 parameters. 105 rows' in drawn
    assert 'Ignored: "Id" (identifier).' in drawn


def test_a_note_stands_in_place_of_the_sentence_on_the_column() -> None:
    review = review_of("iris-kaggle-Id.csv")
    drawn = page_text(review, note="This cannot be.")
    assert "This cannot be." in drawn and '"Id": It numbers the rows.' not in drawn
    place = drawn.index("This cannot be.")
    strips = draw_page(review, DARK, 76, 22, note="This cannot be.").strips
    assert cells(strips)[0, place][1] == DARK.style("warn")


def test_a_choice_stands_beside_what_was_read() -> None:
    review = review_of("iris-kaggle-Id.csv")
    review = choose_input(review, review.groups[0])
    assert column_text(review, 0) == '"Id": It numbers the rows. You chose it as an input.'
    review = choose_target(review, review.groups[0])
    assert column_text(review, 0) == '"Id": It numbers the rows. You chose it as the target.'
    review = ignore(review, review.groups[1])
    assert column_text(review, 1) == '"SepalLengthCm": 35 different values. You chose to leave it out.'
    review = review_of("winequality-red-uci.csv")
    review = next_kind(review, review.groups[-1])
    assert column_text(review, len(review.groups) - 1).endswith("You chose quantities.")


def test_the_mark_of_missing_values_is_named() -> None:
    review = review_of("auto-mpg-questionmarks.csv")
    line = [column.name for column in review.plan.columns].index("horsepower")
    assert column_text(review, line) == '"horsepower": 1 row has no value, written "?".'


def test_whole_numbers_that_may_be_codes_are_told() -> None:
    review = review_of("auto-mpg-questionmarks.csv")
    names = [column.name for column in review.plan.columns]
    text = "3 different whole numbers; if they are codes, k makes them categories."
    assert column_text(review, names.index("origin")) == f'"origin": {text}'
    assert "codes" not in column_text(review, names.index("weight"))


def test_it_is_said_how_columns_become_inputs_and_how_test_rows_are_chosen() -> None:
    text = " ".join(page_text(review_of("titanic-seaborn.csv"), 116, 60))
    assert "from 14 columns as 33 inputs: network 33–8–1" in text
    assert "a category has one for each value, a column of numbers with gaps one more." in text
    assert "The numbers are standardised: mean 0 and deviation 1 over the training rows." in text
    assert "drawn at random: 30% of each class" in text
    assert "281 parameters and 83 rows for training, so it may fit these rows and no others." in text
    text = " ".join(page_text(review_of("winequality-red-uci.csv"), 116, 60))
    assert "rows are the same as an earlier one; if they are test rows" in text
    review = review_of("winequality-red-uci.csv")
    while review.test_rows:
        review = next_test_share(review)
    assert "rows are the same" not in " ".join(page_text(review, 116, 60)), "no row is drawn"


def test_rows_that_are_left_out_come_first() -> None:
    review = next_missing(review_of("titanic-seaborn.csv"))
    drawn = page_text(review, 116, 60)
    text = "99 rows with missing inputs are left out; 20 rows remain."
    assert drawn[drawn.index(text) - 1].startswith("testing, drawn at random")
    assert not any("Rows with missing inputs" in line for line in drawn), "it is said once"


@pytest.mark.parametrize("height", [22, 30, 38])
def test_the_list_stays_where_it_is_while_another_column_is_marked(height: int) -> None:
    review = review_of("titanic-seaborn.csv")
    pages = [draw_page(review, DARK, 60, height, selected=line) for line in range(len(review.groups))]
    assert len({(page.list_top, page.list_height) for page in pages}) == 1


def test_no_sentence_is_cut_without_a_word() -> None:
    drawn = page_text(review_of("titanic-seaborn.csv"))
    assert drawn[-1].endswith("more lines: ? shows them.")
    note = "This is not possible, because " + "the reason is long " * 20
    drawn = page_text(review_of("titanic-seaborn.csv"), note=note)
    assert sum("reason is long" in line for line in drawn) == 4 and any(line.endswith("…") for line in drawn)


def test_a_sentence_stands_once_on_the_page() -> None:
    drawn = page_text(review_of("titanic-seaborn.csv"), 116, 60, selected=14)
    assert sum("also named like a target" in line for line in drawn) == 1
    drawn = page_text(review_of("titanic-seaborn.csv"), 116, 24, selected=11)
    assert sum("96 of 119" in line for line in drawn) == 1, "it is said of the column if there is no room below"


def test_without_a_network_none_is_shown() -> None:
    strips = draw_page(review_of("iris-kaggle-Id.csv"), DARK, 76, 22, has_network=False).strips
    text = "\n".join(lines(strips))
    assert "These choices give no network" in text and "parameters" not in text and "First network" not in text


def test_warnings_stand_at_the_end() -> None:
    drawn = page_text(review_of("titanic-seaborn.csv"), 116, 38)
    warning = '"alone" is the target because it is the last column; "survived" is also named like a target.'
    assert drawn.index(warning) == drawn.index(next(line for line in drawn if " from 14 columns" in line)) + 2
    assert "  age          input   number          25  ▄▃██▇▄▂▁▁▂ 0.83 … 71" in drawn
    assert '"age" has no value in 25 rows.' not in drawn, "the list has that number"


def test_missing_values_are_said_of_the_marked_column() -> None:
    assert '"age": 25 rows have no value.' in page_text(review_of("titanic-seaborn.csv"), selected=3)


@pytest.mark.parametrize("palette", [DARK, ASCII], ids=["dark", "ascii"])
def test_pixels_are_shown_as_images(palette: Palette) -> None:
    page = draw_page(review_of("mnist-label-first.csv"), palette, 116, 38, selected=1)
    by, dots = palette.glyphs.by, palette.glyphs.ellipsis
    drawn = lines(page.strips)
    assert any(f"pixel0 {dots} pixel783  input   28 {by} 28 image" in line for line in drawn)
    assert any("label = 5" in line and "label = 0" in line for line in drawn)


def test_the_list_of_a_wide_table_scrolls() -> None:
    names = [f"c{index}" for index in range(10_000)]
    review = review_table(text_table(names, [[row * column % 7 for column in range(10_000)] for row in range(4)]))
    page = draw_page(review, DARK, 76, 22, first=0, selected=9_999)
    drawn = lines(page.strips)
    assert page.first + page.list_height - 1 == 10_000
    assert any(line.startswith("▸ c9999") for line in drawn)
    assert any(f"{page.first + 1:,} to 10,000 of 10,000" in line for line in drawn)


@given(ANY_PALETTE, SIZE["width"], SIZE["height"], st.integers(0, 14), st.sampled_from(["", "이것은 안 됩니다."]))
def test_any_size_is_filled(palette: Palette, width: int, height: int, selected: int, note: str) -> None:
    page = draw_page(review_of("titanic-seaborn.csv"), palette, width, height, selected=selected, note=note)
    assert_size(page.strips, palette, width, height)
    review = review_of("mnist-label-first.csv")
    assert_size(draw_page(review, palette, width, height, selected=1).strips, palette, width, height)


def test_a_tiny_terminal_shows_the_list() -> None:
    drawn = page_text(review_of("titanic-seaborn.csv"), 30, 8, selected=14)
    assert any(line.startswith("▸ alone") for line in drawn)


def test_a_korean_table() -> None:
    drawn = page_text(review_of("seoul-cp949.csv"))
    assert "CP949" in drawn[0]


def test_the_frame_names_the_keys() -> None:
    assert frame_keys(is_busy=True, has_table=False) == ("esc stops",)
    assert all("esc" in text for text in frame_keys(is_busy=False, has_table=False))
    assert all("enter opens" in text for text in frame_keys(is_busy=False, has_table=True))


def test_an_ignored_column_is_dim() -> None:
    review = review_of("iris-kaggle-Id.csv")
    review = ignore(review, review.groups[1])
    page = draw_page(review, DARK, 76, 22, selected=0)
    assert cells(page.strips)[2, page.list_top + 2][1] == DARK.style("dim")


@pytest.mark.parametrize("name", ["titanic-seaborn.csv", "auto-semicolon-decimal-comma.csv"])
def test_every_word_of_the_page_is_translated(name: str) -> None:
    review = review_of(name)
    with language(PseudoLanguage()):
        page = draw_page(review, DARK, 200, 60)
    cells_of_file = (cell for row in review.table.first_rows for cell in row)
    texts = (text for column in review.table.columns for text in column.texts)
    names = (column.name for column in review.plan.columns)
    ours = "utf UTF 8 tanh sigmoid identity adam mean_squared_error binary_cross_entropy"
    allowed = words(*names, *cells_of_file, *texts, ours)
    assert sorted(plain_words("\n".join(lines(page.strips)), allowed)) == []
