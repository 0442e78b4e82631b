import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.sweep.grid import Combination, Setting, combinations, parse_seeds, parse_setting


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("eta=0.3,0.1", Setting("eta", ("0.3", "0.1"))),
        (" eta = 0.3 , 1/3 ", Setting("eta", ("0.3", "1/3"))),
        ("optimizer = sgd 0.5, adam 0.01", Setting("optimizer", ("sgd 0.5", "adam 0.01"))),
        ("w1 = [[1,2],[3,4]], [[0, 0], [0, 0]]", Setting("w1", ("[[1,2],[3,4]]", "[[0, 0], [0, 0]]"))),
        ("w1[2,1]=0.3,0.5", Setting("w1[2,1]", ("0.3", "0.5"))),
        ("schedule = cosine T_max=50", Setting("schedule", ("cosine T_max=50",))),
        ("freeze  w1", Setting("freeze w1", ("",))),
        ("data = 0 0 -> 1; 1, 1 -> 0", Setting("data = 0 0 -> 1; 1, 1 -> 0", ("",))),
    ],
)
def test_a_setting_has_the_values_between_its_commas(text: str, setting: Setting) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("eta=0.3,", '--set "eta=0.3,": there is no value before or after a comma.'),
        ("eta=1,1", '--set "eta=1,1": the value "1" is there twice.'),
        ("eta=1,high", 'eta: "high" is not a number; write for example eta = 0.5.'),
        ("eta", "eta: the new value is missing; write a number, for example eta = 0.5."),
    ],
)
def test_a_bad_setting_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_setting(text)
    assert str(caught.value) == message


def test_seeds_are_numbers_and_ranges() -> None:
    assert parse_seeds("0-4, 7") == (0, 1, 2, 3, 4, 7)


@pytest.mark.parametrize("text", ["", "4-0", "a", "1,", "-1", "1-", "0-99999999", "1,1", "0-2,1"])
def test_bad_seeds_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^--seeds: "):
        parse_seeds(text)


def test_combinations_vary_the_seed_first() -> None:
    grid = combinations((Setting("eta", ("1", "2")), Setting("freeze w1", ("",))), (0, 1))
    assert grid == tuple(Combination((("eta", eta), ("freeze w1", "")), seed) for eta in ("1", "2") for seed in (0, 1))
    assert grid[0].changes == ("eta = 1", "freeze w1")
    assert combinations(()) == (Combination(),)


@pytest.mark.parametrize("names", [("eta", "eta"), ("eta", "lr"), ("w1[2, 1]", "W1[2, 1]")])
def test_a_name_that_is_set_twice_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=r"is set twice; write all its values behind one name: eta = 0\.3, 0\.1\."):
        combinations([Setting(name, ("1",)) for name in names])


def test_too_many_combinations_are_refused() -> None:
    values = tuple(map(str, range(101)))
    with pytest.raises(InputError, match="there are 10,201 combinations, more than 10,000"):
        combinations([Setting("l1", values), Setting("l2", values)])
