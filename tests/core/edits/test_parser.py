"""Test of parsing a change without a run."""

from __future__ import annotations

import pytest

from nn_tui.core.edits.parser import parse_change
from nn_tui.core.errors import InputError
from tests._edits import small_experiment, trained


def test_a_change_is_parsed_without_a_run() -> None:
    change = parse_change("optimizer = adam")
    assert change(trained(small_experiment()), 4).reached == 4
    with pytest.raises(InputError, match="is not a setting"):
        parse_change("colour = blue")
