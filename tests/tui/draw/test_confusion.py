"""Tests of the confusion matrix: exact text, omissions, and the count at a cell."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from nn_tui.tui.draw.confusion import confusion_cell_at, draw_confusion
from nn_tui.tui.draw.palette import Palette
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_names, assert_size, cells, lines


def test_confusion_exactly() -> None:
    counts = np.array([[8, 2], [0, 10]])
    assert lines(draw_confusion(counts, ("no", "yes"), ASCII, 24, 4)) == [
        "      no  yes  total    ",
        "no |   8    2 |   10    ",
        "yes|   .   10 |   10    ",
        "18 of 20 right (90.0%)  ",
    ]
    assert lines(draw_confusion(counts, ("no", "yes"), ASCII, 24, 4, part="test"))[-1] == "test: 18 of 20 right    "


def test_confusion_compares_with_a_constant_answer_where_there_is_room() -> None:
    counts = np.array([[8, 2], [0, 10]])
    last = [lines(draw_confusion(counts, ("no", "yes"), ASCII, width, 4, constant=1))[-1] for width in (50, 30, 20)]
    assert [line.rstrip() for line in last] == [
        "18 of 20 right (90.0%); always yes: 10 of 20", "18 of 20 right (90.0%)", "18 of 20 right",
    ]  # fmt: skip


def test_confusion_says_how_many_classes_it_shows() -> None:
    names = [str(k) for k in range(10)]
    text = lines(draw_confusion(np.eye(10, dtype=int) * 20, names, DARK, 40, 6))
    assert text[-1].strip() == "200 of 200 right, 4×10 of 10 classes"


def test_a_sentence_replaces_missing_predictions() -> None:
    for palette in (DARK, ASCII):
        strips = draw_confusion(np.zeros((0, 0), dtype=int), (), palette, 30, 3)
        assert_size(strips, palette, 30, 3)
        assert lines(strips)[1].strip() == "No predictions yet."


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM)
def test_a_count_is_found_at_its_last_digit_for_any_counts_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator
) -> None:
    classes = int(rng.integers(1, 12))
    counts = rng.integers(0, 10 ** int(rng.integers(1, 6)), (classes, classes))
    names = any_names(rng, classes)
    strips = draw_confusion(counts, names, palette, width, height)
    assert_size(strips, palette, width, height)
    drawn = cells(strips)
    found = {cell: confusion_cell_at(counts, names, width, height, *cell) for cell in drawn}
    shown = {count for count in found.values() if count is not None}
    for i, j in shown:
        own = sorted(cell for cell, count in found.items() if count == (i, j))
        text = "".join(drawn[cell][0] for cell in own)
        if own[-1][0] + 1 < width and counts[i, j]:  # the last column may be cut by the edge
            assert text.strip() == str(counts[i, j])


def test_counts_of_classes_that_are_numbers_stand_apart() -> None:
    lines = [strip.text.rstrip() for strip in draw_confusion(np.array([[1, 1], [0, 2]]), ["0", "1"], DARK, 24, 6)]
    assert lines[0].split() == ["0", "1", "total"]
    assert [part.split() for part in lines[1].split("│")] == [["0"], ["1", "1"], ["2"]]
