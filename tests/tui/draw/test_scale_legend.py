"""Check the legend of a colour scale: its ends, its name and its colours."""

from __future__ import annotations

import pytest

from nn_tui.core.display.number_scale import ColorScale, NumberScale
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.draw.scale_legend import scale_item
from tests.tui.draw._drawing import ASCII, DARK

KINDS: tuple[ColorScale, ...] = ("sequential", "diverging")


def test_a_legend_has_the_colours_of_the_numbers_between_its_ends() -> None:
    item = scale_item("p", NumberScale("sequential", 1.0), DARK)
    assert (item[0][0], item[-1][0]) == ("p 0 ", " 1")
    assert [style for _, style in item[1:-1]] == [DARK.sequential(k / 8) for k in range(9)]
    item = scale_item("", NumberScale("diverging", 2.5), DARK)
    assert (item[0][0], item[-1][0]) == ("−2.50 ", " +2.50")
    assert [style for _, style in item[1:-1]] == [DARK.diverging(k / 4 - 1) for k in range(9)]


def test_characters_show_the_size_or_the_sign_where_backgrounds_cannot() -> None:
    shown = {kind: "".join(char for char, _ in scale_item("", NumberScale(kind, 1.0), ASCII)) for kind in KINDS}
    assert shown == {"sequential": "0  ..:::**# 1", "diverging": "-1 =--- +++# +1"}


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("limit", [0.0, 1e-9, 3.0, 1e300])
def test_every_scale_has_a_legend(name: str, limit: float) -> None:
    palette = get_palette(name)
    for kind in KINDS:
        item = scale_item("w", NumberScale(kind, limit), palette)
        assert item[0][0].startswith("w ") and len(item) == 11
