"""Tests of the lists of samples with bad predictions."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views.output.mistakes import Mistake, OutputError, draw_errors, draw_mistakes, mistakes, output_errors
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


@pytest.mark.parametrize(("name", "make"), [("hills", output_errors), ("penguins", mistakes)])
def test_the_worst_samples_are_the_first_of_all(
    name: str, make: Callable[..., list[Mistake] | list[OutputError]]
) -> None:
    session = after_passes(name, 1)
    every = make(session)
    assert len(every) > 9
    for limit in (1, 2, 9, 10_000):
        assert make(session, limit) == every[:limit]


def test_the_list_of_a_large_set_counts_all_its_rows_and_needs_little_memory() -> None:
    preset = find_preset("plane")
    rows = 60_000
    problem = load_experiment(replace(preset, data=replace(preset.data, samples=rows, test_fraction=0.5)))
    session = stepping.forward(new_session(problem))
    draw_errors(session, DARK, 45, 12)
    tracemalloc.start()
    try:
        lines = [strip.text for strip in draw_errors(session, DARK, 45, 12)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    shown = len([line for line in lines[2:] if "train" in line or "test" in line])
    assert f"{rows - shown:} more" in lines[-1]
    assert peak < 100 * rows
    exact = output_errors(session)
    assert [f"{error.row + 1}" for error in exact[:shown]] == [line.split()[0] for line in lines[2 : 2 + shown]]
