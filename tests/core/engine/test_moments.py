"""Tests of the names of moments: each cursor has one, and it leads back to that cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.moments import Moment, cursor_of, moment_text, parse_moment
from nn_tui.core.engine.steps import steps_of
from nn_tui.core.errors import InputError

STEPS = steps_of((4, 1))
UNITS = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)


@given(UNITS, st.integers(1, 99), st.data())
def test_the_name_of_a_cursor_leads_back_to_it(units: tuple[int, ...], update: int, data: st.DataObject) -> None:
    steps = steps_of(units)
    cursor = data.draw(st.integers(0, steps.end))
    moment = parse_moment(moment_text(update, cursor, steps))
    if cursor == 0:
        assert moment == Moment(update - 1), "the start of a pass is the end of the one before"
    else:
        assert (moment.update, cursor_of(moment, steps)) == (update, cursor)


@pytest.mark.parametrize(
    ("text", "cursor"),
    [
        ("3", STEPS.end),
        ("3.update", STEPS.end),
        ("3.forward", 10),
        ("3.forward.1", 8),
        ("3.forward.1.2", 6),
        ("3.z.1.2", 2),
        ("3.loss", 11),
        ("3.backward.2", 15),
        ("3.dz.1", 23),
        (" 3.Backward ", 31),
    ],
)
def test_parts_may_be_left_out_from_the_right(text: str, cursor: int) -> None:
    moment = parse_moment(text)
    assert (moment.update, cursor_of(moment, STEPS)) == (3, cursor)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a moment"),
        ("x", "not a moment"),
        ("-1", "not a moment"),
        ("0.forward", "not a moment"),
        ("3.forward.0", "not a moment"),
        ("3.forward.1.2.3", "not a moment"),
        ("99999999999999999999", "not a moment"),
        ("3.bakward", 'Did you mean "backward"'),
        ("3.2", "neither a phase nor an operation"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_moment(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3.dw.3", "layers go from 1 to 2"),
        ("3.dw.1.5", "has units 1 to 4"),
        ("3.loss.1", "belongs to no layer"),
    ],
)
def test_a_layer_or_unit_that_is_not_there_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        cursor_of(parse_moment(text), STEPS)
