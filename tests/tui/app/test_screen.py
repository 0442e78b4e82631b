"""The screen as a whole: colours, copying, screenshots and tooltips."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import numpy as np
import pytest
from rich.style import Style
from textual.widgets import Input
from textual.widgets._tooltip import Tooltip

from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.refs import Ref
from nn_tui.core.text import plain_line
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session.session import select
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel
from tests._app import Hand, experiment, in_app, screen_lines, with_start

KEYS_TESTED = {"copy", "theme"}


def colors_of(hand: Hand) -> set[str]:
    """The background colours of everything on the screen."""
    found = set()
    for line in screen_lines(hand.app):
        for segment in line:
            style = segment.style or Style()
            found.add(str(style.bgcolor.name if style.bgcolor else "default"))
    return found


@in_app()
async def test_each_theme_redraws_every_panel(hand: Hand) -> None:
    await hand.press("f", "b", "u")
    text = hand.text("layer"), hand.text("network")
    for name in ("light", "contrast", "ansi", "mono", "dark"):
        await hand.press("T")
        await hand.wait_until(lambda name=name: hand.main.palette.name == name)  # type: ignore[misc]
        await hand.settle()
        palette = get_palette(name)
        await hand.wait_until(lambda: hand.app.palette == palette and f"Colours: {name}" in hand.text("message"))
        for id in ("header", "network", "layer", "output", "arithmetic", "loss", "timeline", "message", "footer"):
            panel = hand.main.query_one(f"#{id}", Panel)
            assert panel.palette == palette
            drawn = [panel.render_line(y) for y in range(panel.size.height)]
            await hand.wait_until(lambda: drawn == panel.lines(hand.session, *panel.size), (name, id))
        if name in ("light", "contrast", "dark"):
            await hand.wait_until(lambda: palette.background in colors_of(hand), name)
        else:
            await hand.wait_until(lambda: not any(color.startswith("#") for color in colors_of(hand)), colors_of(hand))
    await hand.wait_until(lambda: (hand.text("layer"), hand.text("network")) == text)


@in_app(ascii=True)
async def test_a_theme_keeps_ascii(hand: Hand) -> None:
    await hand.press("T")
    await hand.wait_until(lambda: hand.main.palette.name == "light")
    await hand.wait_until(lambda: hand.main.palette.glyphs.is_ascii and hand.all_text().isascii())


def test_mono_has_no_colour_at_all_also_in_dialogs() -> None:
    async def check() -> None:
        app = NNTui(experiment("xor"), get_palette("mono"))
        async with app.run_test(size=(120, 40)) as pilot:
            await Hand(app, pilot).press("o")
            for line in screen_lines(app):
                for segment in line:
                    style = segment.style or Style()
                    assert style.color is None or style.color.is_default, segment
                    assert style.bgcolor is None or style.bgcolor.is_default, segment

    asyncio.run(check())


def test_mono_still_shows_what_is_chosen_in_a_list_and_in_a_line() -> None:
    async def check() -> None:
        app = NNTui(experiment("xor"), get_palette("mono"))
        async with app.run_test(size=(120, 40)) as pilot:
            hand = Hand(app, pilot)
            await hand.press("o")
            told = [line.text for line in screen_lines(app) if any(s.style and s.style.underline for s in line)]
            assert len(told) == 1 and "6  XOR" in told[0], "the preset on screen alone is underlined"
            await hand.press("escape", "e")
            field = app.screen.query_one(Input)
            picked = [
                s.text for y in range(field.size.height) for s in field.render_line(y) if s.style and s.style.reverse
            ]
            assert "".join(picked).strip().startswith("0.70"), "the number that will be replaced"

    asyncio.run(check())


@in_app()
async def test_the_layer_view_copies_its_matrix_with_every_digit(hand: Hand) -> None:
    await hand.press("f", "b", "2", "Y")
    session = hand.session
    key = session.ref.key
    rows = [[float(text) for text in line.split("\t")] for line in hand.app.clipboard.split("\n")]
    wanted = session.trace.dw[session.ref.layer]
    assert key == "dw" and np.array_equal(np.array(rows), wanted)
    await hand.wait_until(lambda: "copied" in hand.text("message") and "4×2" in hand.text("message"))


@in_app()
async def test_by_sample_numbers_are_copied_for_the_whole_batch(hand: Hand) -> None:
    await hand.press("f", "2")
    await hand.main.move(lambda s: select(s, Ref("a", 0, 1, 0, 2)))
    await hand.press("Y")
    rows = [[float(text) for text in line.split("\t")] for line in hand.app.clipboard.split("\n")]
    await hand.wait_until(lambda: np.array_equal(np.array(rows), hand.session.trace.a[0]))


@in_app()
async def test_elsewhere_the_arithmetic_is_copied(hand: Hand) -> None:
    await hand.press("f", "b", "3", "Y")
    session = hand.session
    explanation = explain(session.engine, session.trace, session.ref)
    lines = hand.app.clipboard.split("\n")
    assert lines[0] == explanation.formula
    assert [line.strip() for line in lines[1:]] == [plain_line(line, None).strip() for line in explanation.lines]


@in_app()
async def test_what_is_not_computed_is_not_copied(hand: Hand) -> None:
    await hand.main.move(lambda s: select(s, Ref("dw", 0, 0, 0, 0)))
    await hand.press("Y")
    await hand.wait_until(lambda: hand.app.clipboard == "" and "it needs backward (b)" in hand.text("message"))


@in_app("digits")
async def test_more_than_a_clipboard_takes_is_refused(hand: Hand) -> None:
    await hand.press("2", "Y")
    session = hand.session
    size = session.engine.parameters
    await hand.wait_until(lambda: (hand.app.clipboard == "") == (size > 5000))
    if size > 5000:
        await hand.wait_until(lambda: "more than a terminal's clipboard takes" in hand.text("message"))


@in_app()
async def test_the_command_palette_writes_a_picture_into_the_current_folder(hand: Hand) -> None:
    await hand.press("n", "ctrl+p", *"screenshot")
    await hand.wait_until(lambda: "Screenshot (SVG)" in hand.all_text())
    await hand.press("down", "enter")
    await hand.wait_until(lambda: "Picture written" in hand.session.message)
    path = Path(hand.session.message.partition(": ")[2])
    assert path.parent == Path.cwd() and path.name == "nn-tui-xor-update-1.svg"
    picture = path.read_text(encoding="utf-8")
    assert picture.startswith("<svg") and "Layer&#160;1&#160;of&#160;2" in picture
    assert "Screenshot" not in picture, "the palette itself is not in it"
    hand.main.action_screenshot()
    await hand.wait_until(lambda: "nn-tui-xor-update-1-2.svg" in hand.session.message, "nothing is overwritten")
    assert sorted(file.name for file in path.parent.iterdir()) == ["nn-tui-xor-update-1-2.svg", path.name]


@in_app()
async def test_a_picture_that_cannot_be_written_says_why(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/proc/none"))
    hand.main.action_screenshot()
    await hand.wait_until(lambda: hand.session.message.startswith("No picture: "))


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def tip(hand: Hand, id: str, offset: tuple[int, int]) -> str:
    """What the tooltip says with the mouse at a place of a panel."""
    hand.app.TOOLTIP_DELAY = 0.01
    await hand.pilot.hover(f"#{id}", offset=offset)
    bubble = hand.main.get_child_by_type(Tooltip)
    await hand.wait_until(lambda: bubble.display)
    return str(hand.widget(id).tooltip)


def place_of(hand: Hand, cell: Cell) -> tuple[int, int]:
    """Where a number of the layer view stands, from the corner of its panel."""
    panel = hand.main.query_one(LayerPanel)
    width, height = panel.size
    x, y = next((x, y) for y in range(height) for x in range(width) if panel.cell_at(x, y) == cell)
    return x + 2, y + 1


def test_the_mouse_names_a_number_and_its_exact_value() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("f")
        said = await tip(hand, "layer", place_of(hand, Cell("w", 0, 1)))
        value = value_of(hand.session.engine, hand.session.trace, Ref("w", 1, 0, 1))
        assert re.fullmatch(r"w.\[1,2\]", said.split(" = ")[0])
        assert said.split(" = ")[1] == repr(value).replace("-", "−")
        await hand.wait_until(lambda: said in hand.all_text(), "brackets are no markup")

    with_start(check)


def test_an_open_tooltip_follows_the_session() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("n")
        before = await tip(hand, "layer", place_of(hand, Cell("w", 0, 1)))
        await hand.press("n")
        await hand.wait_until(lambda: hand.session.trace.update == 2)
        after = str(hand.widget("layer").tooltip)
        assert after != before and after.split(" =")[0] == before.split(" =")[0]

    with_start(check)


def test_the_mouse_names_keys_titles_units_and_updates() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("n", "n")
        footer = hand.text("footer")
        assert await tip(hand, "footer", (footer.index("Forward"), 0)) == "Run the forward pass and the loss."
        assert "matrix of one layer" in await tip(hand, "layer", (5, 0))
        assert re.match(r"Update 0 of 2", await tip(hand, "timeline", (3, 0)))

    with_start(check)


def test_a_tooltip_costs_nothing_where_nothing_is_pointed_at() -> None:
    @in_app()
    async def check(hand: Hand) -> None:
        await hand.press("n")
        await hand.wait_until(lambda: all(panel.tooltip is None for panel in hand.main.query("Panel")))

    check()
