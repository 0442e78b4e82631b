"""Painting panels alone: the terminal shows what composing the whole screen would show."""

from __future__ import annotations

from typing import Any

import pyte
import pytest
from rich.console import Console
from textual.widgets import Static

from nn_tui.tui.widgets.direct import DirectCompositor, DirectUpdate
from tests._app import Hand, in_app

Cells = list[list[Any]]
KEYS = (
    "f",
    "space",
    "b",
    "down",
    "right",
    "u",
    "n",
    "n",
    "p",
    "d",
    "v",
    "y",
    "B",
    "B",
    "left_square_bracket",
    "L",
    "n",
)


class Paper:
    """A terminal that is given every update that the app makes."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        size = hand.app.size
        self.direct = self.composed = 0
        self.console = Console(color_system="truecolor", force_terminal=True)
        self.screen = pyte.Screen(size.width, size.height)
        self.stream = pyte.Stream(self.screen)
        self.stream.feed(self.whole())

    def whole(self) -> str:
        """The escape sequences of the whole screen."""
        return self.hand.main._compositor.render_full_update().render_segments(self.console)

    def display(self, screen: object, update: Any) -> None:
        """What the app calls instead of writing to a terminal."""
        if update is not None:
            self.direct += isinstance(update, DirectUpdate)
            self.composed += not isinstance(update, DirectUpdate)
            self.stream.feed(update.render_segments(self.console))

    def expected(self) -> Cells:
        """The cells of the whole screen, drawn anew."""
        fresh = pyte.Screen(self.screen.columns, self.screen.lines)
        pyte.Stream(fresh).feed(self.whole())
        return cells(fresh)


def cells(screen: pyte.Screen) -> Cells:
    """Every character with its colours."""
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


async def what_is_painted_is_the_whole_screen(hand: Hand) -> None:
    await hand.wait_until(lambda: isinstance(hand.main._compositor, DirectCompositor))
    await hand.settle()
    paper = Paper(hand)
    hand.app._display = paper.display  # type: ignore[method-assign,assignment]
    for key in KEYS:
        await hand.press(key)
        await hand.settle()
        assert cells(paper.screen) == paper.expected(), key
    assert paper.direct > len(KEYS) / 2
    assert paper.composed < paper.direct


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("preset", ["xor", "digits"])
def test_what_is_painted_line_by_line_is_the_whole_screen(preset: str, size: tuple[int, int]) -> None:
    in_app(preset, size)(what_is_painted_is_the_whole_screen)()


@in_app()
async def test_what_is_covered_is_left_to_the_compositor(hand: Hand) -> None:
    paper = Paper(hand)
    hand.app._display = paper.display  # type: ignore[method-assign,assignment]
    cover = Static("over the panels")
    cover.styles.layer, cover.styles.width, cover.styles.height = "above", 30, 3
    await hand.main.mount(cover)
    await hand.settle()
    before = paper.direct
    await hand.press("f")
    await hand.settle()
    assert paper.direct == before
    assert paper.composed
    assert cells(paper.screen) == paper.expected()
