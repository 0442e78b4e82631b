"""Tests of finding what a person chose in a preset that says all that was assumed of its table."""

from __future__ import annotations

from nn_tui.tui.session.table_own_choices import own_changes
from nn_tui.tui.session.table_review import change
from tests.tui.session.test_table_review import REVIEW


def test_what_a_person_chose_is_found_again_in_a_preset_that_says_everything() -> None:
    said = {"target": "weight", "target_kind": "numbers", "missing": "mean", "drop": ["id", "name"], "separator": ","}
    review = change(REVIEW, said)
    assert own_changes(review) == {"separator": ","}
    assert change(REVIEW, own_changes(review)).plan.columns[0].reason == "row_number"
    review = change(
        REVIEW, {**said, "target": "town", "target_kind": "classes", "drop": ["name", "height"], "keep": ["id"]}
    )
    assert own_changes(review) == {"target": "town", "drop": ["height"], "keep": ["id"], "separator": ","}
