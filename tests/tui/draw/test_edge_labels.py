"""Tests of the labels of edges: each stands on its own line, and no two overlap."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.draw.edge_labels import label_edges
from nn_tui.tui.draw.edges import edge_cells
from nn_tui.tui.draw.glyphs import ASCII, UNICODE

LINES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12, unique=True)


@given(lines=LINES, width=st.integers(1, 60), digits=st.integers(2, 4), seed=st.integers(0, 9), is_ascii=st.booleans())
def test_a_label_covers_its_own_line_and_no_other(
    lines: list[tuple[int, int]], width: int, digits: int, seed: int, is_ascii: bool
) -> None:
    values = np.random.default_rng(seed).normal(size=len(lines))
    glyphs = ASCII if is_ascii else UNICODE
    labels = label_edges(values, lines, width, digits=digits, toward_end=bool(seed % 2), glyphs=glyphs)
    assert len(labels) in (0, len(lines))
    slots = [{(column + k, row) for k in range(len(text))} for column, row, text in labels]
    for one, other in combinations(slots, 2):
        assert not one & other
    covered = [{(column + k, row) for k, char in enumerate(text) if char != " "} for column, row, text in labels]
    paths = [edge_cells(start, end, width, ascii_only=is_ascii) for start, end in lines]
    for index, cells in enumerate(covered):
        assert cells & paths[index], "a label stands on its line"
        assert not any(cells & path for k, path in enumerate(paths) if k != index)
        assert min(column for column, _ in cells) >= 1 and max(column for column, _ in cells) < width - 1


def test_labels_lose_digits_before_they_are_left_out_but_never_read_alike() -> None:
    def texts(width: int, *values: float) -> list[str]:
        lines = [(4 * k, 4 * k) for k in range(len(values))]
        labels = label_edges(np.array(values), lines, width, digits=4, toward_end=False, glyphs=UNICODE)
        return [text.strip() for _, _, text in labels]

    assert texts(20, 0.15, 0.2, 0.15) == ["+0.1500", "+0.2000", "+0.1500"]
    assert texts(9, 0.15, 0.2, 0.15) == ["+0.15", "+0.20", "+0.15"]
    assert texts(9, 0.151, 0.149) == []
    assert texts(6, 0.15, 0.2) == []


def test_two_lines_between_the_same_cells_have_no_labels() -> None:
    assert label_edges(np.ones(2), [(0, 3), (0, 3)], 40, digits=2, toward_end=False, glyphs=UNICODE) == []
