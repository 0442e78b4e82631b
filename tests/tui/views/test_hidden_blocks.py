"""Tests of the note on the blocks and columns that the layer panel does not show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tui.core.refs import Ref
from nn_tui.tui.draw.matrix_navigation import scroll_to_cell
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import layer
from nn_tui.tui.views.hidden_blocks import hidden_note
from tests._app import DARK, experiment
from tests._moves import session_after_passes
from tests.tui.views.test_layer_arrangement import EXERCISE

NEW_WEIGHT = Ref("w", after=True)


def note(digits: int | None, width: int = 57, height: int = 21, ref: Ref = NEW_WEIGHT, ascii_only: bool = False) -> str:
    """Return the note of a panel that has been scrolled to a number of the exercise."""
    glyphs = get_palette("dark", ascii=ascii_only).glyphs
    session = replace(select(stepping.whole_pass(new_session(EXERCISE)), ref), digits=digits)
    layout = layer.layout_layer(session, glyphs, width, height)
    cell = layer.cell_of(session)
    assert cell is not None
    column, y = scroll_to_cell(layout, cell, 0, 0, height)
    return hidden_note(layout, glyphs, column, y, height, width - 4)


def test_the_note_names_the_blocks_out_of_sight() -> None:
    assert note(2) == ""
    assert note(4) == "▾ below: dx"
    assert note(6) == "▴ above: x W₁"
    assert note(4, height=12, ref=Ref("w")) == "▾ below: ΔW₁ W₁′ dx"
    assert note(6, height=12) == "▴ above: x W₁ a₁ dW₁ · ▾ below: dx"


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_note_without_room_for_names_has_the_arrows(ascii_only: bool) -> None:
    expected = "> columns 1-2 of 3 | ^ v" if ascii_only else "▸ columns 1–2 of 3 · ▴ ▾"
    assert note(6, 30, height=12, ascii_only=ascii_only) == expected


def test_the_note_names_the_columns_out_of_sight() -> None:
    assert note(None, ref=Ref("w")).startswith("▸ columns 1–2 of 3 · ▾ below: ΔW₁ Δb₁ ")
    assert note(None, ref=Ref("w", input=2)).startswith("◂ columns 2–3 of 3 · ▾ below: ΔW₁ Δb₁ ")


@pytest.mark.parametrize("digits", [4, 6, None])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_note_fits_the_border(digits: int | None, ascii_only: bool) -> None:
    for width in range(30, 120):
        text = note(digits, width, ascii_only=ascii_only)
        assert len(text) <= width - 4
        assert not ascii_only or text.isascii()
    session = session_after_passes(experiment("iris"), 1)
    layout = layer.layout_layer(session, DARK.glyphs, 57, 10)
    assert hidden_note(layout, DARK.glyphs, 0, 0, 10, 40).endswith(" …"), "whole names only"


def test_a_single_visible_column_is_no_range() -> None:
    session = stepping.whole_pass(new_session(experiment("iris")))
    session = replace(select(session, replace(session.ref, layer=1, unit=0, input=0)), batch=True)
    layout = layer.layout_layer(session, DARK.glyphs, 60, 21)
    assert hidden_note(layout, DARK.glyphs, 4, 0, 21, 60).startswith("◂▸ column 5 of 10 · ▾ below: a₁ ")
