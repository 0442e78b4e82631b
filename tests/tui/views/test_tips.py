"""Tests of the tooltip of a number: its name, its value, and the same in the units of the data."""

from __future__ import annotations

import pytest

from nn_tui.core.refs import Ref
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views import details
from nn_tui.tui.views.tips import exact_value
from tests._app import DARK
from tests._salaries import salaries


def test_a_standardised_target_and_its_prediction_are_also_in_the_units_of_the_data() -> None:
    session = stepping.whole_pass(new_session(salaries()))
    data, trace = session.experiment.data, session.trace
    y, a = Ref("y", 0, 0, 0, 2), Ref("a", 1, 0, 0, 2)
    output = float(trace.a[1][2, 0])
    raw = output * data.y_scale[0] + data.y_mean[0]
    target = f"y[1] = {float(trace.y[2, 0])!r}; {data.targets[2, 0]:,.0f} in the units of the data"
    assert exact_value(session, y) == target.replace("-", "−")
    assert exact_value(session, a) == f"a₂[1] = {output!r}; {raw:,.0f} in the units of the data".replace("-", "−")
    for ref, value in ((y, data.targets[2, 0]), (a, raw)):
        page = "\n".join(strip.text for strip in details.document(select(session, ref), DARK, 100))
        assert f"in the units of the data  {value:,.0f}" in page


@pytest.mark.parametrize("ref", [Ref("z", 1), Ref("a", 0), Ref("x"), Ref("loss")], ids=lambda ref: ref.quantity)
def test_numbers_that_are_no_results_have_no_units_of_the_data(ref: Ref) -> None:
    assert "units" not in str(exact_value(stepping.whole_pass(new_session(salaries())), ref))


@pytest.mark.parametrize("ref", [Ref("y"), Ref("a", 1)], ids=lambda ref: ref.quantity)
def test_a_target_that_is_not_standardised_is_said_once(ref: Ref) -> None:
    session = stepping.whole_pass(new_session(salaries(standardize_target=False)))
    assert "units" not in str(exact_value(session, ref))


def test_a_prediction_that_is_still_to_come_is_not_told() -> None:
    assert "not computed yet" in str(exact_value(new_session(salaries()), Ref("a", 1)))
