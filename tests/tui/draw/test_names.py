"""Tests of names that are shortened together: they fit, and none look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.tui.draw.names import SHORT_WIDTH, fit_names

PENGUINS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
FLOWERS = ("sepal_length", "sepal_width", "petal_length", "petal_width")
SPECIES = ("setosa", "versicolor", "virginica")
PIXELS = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
ANY_NAMES = st.lists(st.text("ab_ 이름é", min_size=1, max_size=20), min_size=1, max_size=30, unique=True)


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (PENGUINS, ("bil_le", "bil_de", "fli_le", "bod_ma")),
        (FLOWERS, ("sep_le", "sep_wi", "pet_le", "pet_wi")),
        (SPECIES, ("setosa", "versi…", "virgi…")),
        (PIXELS[:2], ("pi_0_0", "pi_0_1")),
        (("temperature1", "temperature2"), ("temp…1", "temp…2")),
    ],
)
def test_names_are_abbreviated_by_their_words(names: tuple[str, ...], short: tuple[str, ...]) -> None:
    assert fit_names(names, SHORT_WIDTH) == short
    assert fit_names(names, max(map(len, names))) == names


def test_a_screen_has_one_short_form_of_a_name() -> None:
    assert {fit_names(PENGUINS, width) for width in range(SHORT_WIDTH, len("flipper_length_mm"))} == {
        fit_names(PENGUINS, SHORT_WIDTH)
    }


def test_ascii_has_no_ellipsis_of_its_own() -> None:
    assert fit_names((*SPECIES, "ŷ₁"), SHORT_WIDTH, is_ascii=True) == ("setosa", "versi.", "virgi.", "yhat1")


@given(ANY_NAMES, st.integers(0, 25), st.booleans())
def test_names_fit_and_stay_different(names: list[str], width: int, is_ascii: bool) -> None:
    short = fit_names(tuple(names), width, is_ascii)
    assert all(cell_len(name) <= width for name in short)
    if width >= len(str(len(names))):
        assert len(set(short)) == len(names)


def test_the_name_of_a_category_keeps_the_starts_of_its_column_and_of_its_value() -> None:
    names = ("sex=female", "sex=male", "embarked=C", "embarked=S", "embark_town=Cherbourg", "embark_town=Southampton")
    assert fit_names(names, 12) == ("sex=fe", "sex=ma", "emba=C", "emba=S", "em_t=C", "em_t=S")
    alike = ("embark_town=Southampton", "embark_town=Stockholm", "embarked=S")
    assert fit_names(alike, 12) == ("emb=So", "emb=St", "emba=S")
