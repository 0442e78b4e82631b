"""Tests of the lists of samples with bad predictions."""

from __future__ import annotations

import pytest

from nn_tui.tui.session import stepping
from nn_tui.tui.views.output.mistakes import draw_errors, draw_mistakes
from tests._app import DARK
from tests.tui.views._printed import after_passes


@pytest.mark.parametrize(
    ("width", "headings"),
    [(26, ["row", "true", "pred.", "p"]), (45, ["sample", "part", "true", "predicted", "p"])],
)
def test_a_mistake_shows_both_classes_and_the_probability(width: int, headings: list[str]) -> None:
    session = stepping.forward(after_passes("penguins", 1))
    lines = [strip.text for strip in draw_mistakes(session, DARK, width, 12)]
    assert lines[1].split() == headings
    assert float(lines[2].split()[-1]) > 1 / 3
    classes = ("Adelie", "Chinstrap", "Gentoo") if width == 45 else ("Adelie", "Chins…", "Gentoo")
    assert all(set(line.split()[-3:-1]) <= set(classes) for line in lines[2:9])


def test_the_errors_have_the_columns_of_the_table() -> None:
    session = stepping.forward(after_passes("mazur", 1))
    lines = [strip.text for strip in draw_errors(session, DARK, 45, 12)]
    assert lines[1].split() == ["sample", "output", "y", "ŷ", "ŷ−y"]
