"""Tests of the layout of an explanation: its wrapping."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.refs import QuantityLike, Ref
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import arithmetic
from tests._app import DARK, experiment
from tests._explanations import W_AFTER, ref_of
from tests._salaries import salaries
from tests.tui.views._printed import lines_of


@settings(max_examples=30)
@given(st.integers(12, 90), st.sampled_from(("z", "dw", W_AFTER, "loss")))
def test_wrapping_loses_no_word(width: int, key: QuantityLike) -> None:
    session = stepping.whole_pass(new_session(experiment("xor")))
    session = select(session, ref_of(session.experiment, key, 4, (1, 0, 2, 1)))
    whole = " ".join(" ".join(lines_of(session)).split())
    wrapped = arithmetic.document(session, DARK, width)
    assert all(strip.cell_length == width for strip in wrapped)
    words = " ".join(strip.text for strip in wrapped).split()
    if max(map(len, whole.split())) + 4 <= width:
        assert words == whole.split()


@pytest.mark.parametrize("height", [7, 10, 20])
@pytest.mark.parametrize("preset", ["xor", "iris"])
def test_the_selected_sample_is_marked_once(preset: str, height: int) -> None:
    session = stepping.update(stepping.backward(stepping.forward(new_session(experiment(preset)))))
    keys: tuple[QuantityLike, ...] = ("loss", "dw", "db", "z", "da")
    for key in keys:
        shown = select(session, ref_of(session.experiment, key, session.trace.n, (0, 0, 0, session.ref.sample)))
        text = "\n".join(strip.text for strip in arithmetic.draw(shown, DARK, 90, height))
        assert text.count("▸ sample") <= 1
        assert key != "loss" or text.count("▸ sample") == 1


def test_numbers_of_the_data_are_read_as_the_data_have_them() -> None:
    session = stepping.whole_pass(new_session(salaries()))
    session = select(session, Ref("y", 0, 0, 0, 0))
    data = session.experiment.data
    text = " ".join(" ".join(strip.text.split()) for strip in arithmetic.draw(session, DARK, 100, 8))
    raw, mean, deviation = (f"{float(values[0]):,.0f}" for values in (data.targets[0], data.y_mean, data.y_scale))
    assert f"({raw} − {mean}) / {deviation} = " in text and "," in raw
