"""Tests of outputs as bars: their numbers, targets, and omitted rows."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given

from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.probabilities import draw_probabilities, select_outputs
from tests.tui.draw._drawing import ANY_PALETTE, ASCII, DARK, RANDOM, SIZE, any_values, assert_size, lines


def test_probabilities_exactly() -> None:
    strips = draw_probabilities(("cat", "dog"), np.array([0.25, 0.75]), np.array([1.0, 0.0]), ASCII, 24, 3)
    assert lines(strips) == [
        "cat ===.......... 0.25 <",
        "dog ==========... 0.75  ",
        "                        ",
    ]


def test_a_numeric_target_is_printed_beside_the_output() -> None:
    text = lines(draw_probabilities(("y",), np.array([0.61]), np.array([0.99]), DARK, 30, 1))[0]
    assert text.endswith("0.61 ◂ 0.99")


def test_the_target_is_shown_when_not_every_class_fits() -> None:
    outputs = np.linspace(0.0, 0.19, 10)
    text = lines(draw_probabilities([f"c{k}" for k in range(10)], outputs, np.eye(10)[0], DARK, 30, 3))
    assert [line.split()[0] for line in text] == ["c0", "c8", "c9"]


def test_classes_without_a_row_are_counted() -> None:
    names, outputs = [f"c{k}" for k in range(10)], np.linspace(0.0, 0.19, 10)
    text = lines(draw_probabilities(names, outputs, np.eye(10)[0], DARK, 30, 6))
    assert [line.split()[0] for line in text[:-1]] == ["c0", "c6", "c7", "c8", "c9"]
    assert text[-1].strip() == "5 more"
    assert "more" not in "".join(lines(draw_probabilities(names, outputs, np.eye(10)[0], DARK, 30, 10)))


def test_a_sentence_replaces_missing_outputs() -> None:
    for palette in (DARK, ASCII):
        strips = draw_probabilities((), np.zeros(0), np.zeros(0), palette, 30, 3)
        assert_size(strips, palette, 30, 3)
        assert lines(strips)[1].strip() == "No outputs yet."


@given(**SIZE, palette=ANY_PALETTE, rng=RANDOM)
def test_every_output_of_any_values_has_a_row_or_is_counted_in_any_size(
    width: int, height: int, palette: Palette, rng: np.random.Generator
) -> None:
    count = int(rng.integers(1, 40))
    names, outputs, targets = [chr(0x61 + k % 26) for k in range(count)], *(any_values(rng, count) for _ in range(2))
    strips = draw_probabilities(names, outputs, targets, palette, width, height)
    assert_size(strips, palette, width, height)
    rows = select_outputs(outputs, targets, height)
    assert [line[0] for line in lines(strips)[: len(rows)]] == [names[k] for k in rows]
    if len(rows) < min(count, height) and width >= 10:
        match = re.search(r"(\d+) more", lines(strips)[-1])
        assert match is not None and int(match[1]) + len(rows) == count
