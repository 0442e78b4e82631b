from __future__ import annotations

import pytest

from nn_tui.core.table.names import is_axis_name, is_id_name, target_rank


@pytest.mark.parametrize(
    "name",
    ["Id", "ID", "id", "PassengerId", "customerID", "passenger_id", "userid", "S.No", "#", "Unnamed: 0", "rownames",
     "Index", "lfd. Nr.", "번호", "Order No", "case", "EmployeeNumber"],
)  # fmt: skip
def test_names_of_identifiers(name: str) -> None:
    assert is_id_name(name)


@pytest.mark.parametrize("name", ["citric acid", "paid", "humid", "grid", "x", "price index", "age", "Notes", "idle"])
def test_other_names(name: str) -> None:
    assert not is_id_name(name)


def test_axes_are_measured_in_equal_steps() -> None:
    assert all(map(is_axis_name, ["t", "x", "Year", "hours studied", "day", "시간"]))
    assert not any(map(is_axis_name, ["X", "crab", "rank", "1"]))
    assert is_axis_name("X", {"X", "Y"})  # the row numbers of R stand beside other names


def test_some_names_are_more_like_a_target_than_others() -> None:
    assert [target_rank(name) for name in ("Survived", "class_label", "y", "목표", "SalePrice", "house_price")] == [
        2
    ] * 6
    assert [target_rank(name) for name in ("Annual Income", "count", "가격")] == [1] * 3
    assert [target_rank(name) for name in ("day", "classic", "1", "x_y")] == [0] * 4
    assert target_rank("y", {"x", "y", "z"}) == 0  # a coordinate
