"""Tests of the whole screen: colours, copying, screenshots and tooltips."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import numpy as np
import pytest
from rich.style import Style
from textual.widgets import Input

from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.render_text import explanation_text
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.matrix_layout import BlockKey, Cell
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.session.session import select
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel
from tests._app import AppTester, experiment, in_app, run_with_start, screen_lines

KEYS_TESTED = {"copy", "theme"}


def colors_of(tester: AppTester) -> set[str]:
    """Return the background colours of all cells on the screen."""
    found = set()
    for line in screen_lines(tester.app):
        for segment in line:
            style = segment.style or Style()
            found.add(str(style.bgcolor.name if style.bgcolor else "default"))
    return found


@in_app()
async def test_each_theme_redraws_every_panel(tester: AppTester) -> None:
    await tester.press("f", "b", "u")
    text = tester.text("layer"), tester.text("network")
    for name in ("light", "contrast", "ansi", "mono", "dark"):
        await tester.press("T")
        await tester.wait_until(lambda: tester.main.palette.name == name)
        await tester.settle()
        palette = get_palette(name)
        await tester.wait_until(lambda: tester.app.palette == palette and f"Colours: {name}" in tester.text("message"))
        for id in ("header", "network", "layer", "output", "arithmetic", "loss", "timeline", "message", "footer"):
            panel = tester.main.query_one(f"#{id}", Panel)
            assert panel.palette == palette
            drawn = [panel.render_line(y) for y in range(panel.size.height)]
            await tester.wait_until(lambda: drawn == panel.lines(tester.session, *panel.size), (name, id))
        if name in ("light", "contrast", "dark"):
            await tester.wait_until(lambda: palette.background in colors_of(tester), name)
        else:
            await tester.wait_until(
                lambda: not any(color.startswith("#") for color in colors_of(tester)), colors_of(tester)
            )
    await tester.wait_until(lambda: (tester.text("layer"), tester.text("network")) == text)


@in_app(ascii=True)
async def test_a_theme_keeps_ascii(tester: AppTester) -> None:
    await tester.press("T")
    await tester.wait_until(lambda: tester.main.palette.name == "light")
    await tester.wait_until(lambda: tester.main.palette.glyphs.is_ascii and tester.all_text().isascii())


def test_mono_has_no_colour_also_in_dialogs() -> None:
    async def check() -> None:
        app = NNTui(experiment("xor"), get_palette("mono"))
        async with app.run_test(size=(120, 40)) as pilot:
            await AppTester(app, pilot).press("o")
            for line in screen_lines(app):
                for segment in line:
                    style = segment.style or Style()
                    assert style.color is None or style.color.is_default, segment
                    assert style.bgcolor is None or style.bgcolor.is_default, segment

    asyncio.run(check())


def test_mono_marks_the_selection_in_lists_and_inputs() -> None:
    async def check() -> None:
        app = NNTui(experiment("xor"), get_palette("mono"))
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            await tester.press("o")
            told = [line.text for line in screen_lines(app) if any(s.style and s.style.underline for s in line)]
            assert len(told) == 1 and "XOR" in told[0].split(), "the preset on screen alone is underlined"
            await tester.press("escape", "e")
            field = app.screen.query_one(Input)
            picked = [
                s.text for y in range(field.size.height) for s in field.render_line(y) if s.style and s.style.reverse
            ]
            assert "".join(picked).strip().startswith("0.70"), "the number that will be replaced"

    asyncio.run(check())


@in_app()
async def test_the_layer_view_copies_its_matrix_with_every_digit(tester: AppTester) -> None:
    await tester.press("f", "b", "left_square_bracket", "2", "Y")
    session = tester.session
    rows = [[float(text) for text in line.split("\t")] for line in tester.app.clipboard.split("\n")]
    wanted = session.trace.dw[session.ref.layer]
    assert session.ref.quantity == "dw" and np.array_equal(np.array(rows), wanted)
    await tester.wait_until(lambda: "copied" in tester.text("message") and "4×2" in tester.text("message"))


@in_app()
async def test_by_sample_numbers_are_copied_for_the_whole_batch(tester: AppTester) -> None:
    await tester.press("f", "2")
    await tester.main.apply_move(lambda s: select(s, Ref("a", 0, 1, 0, 2)))
    await tester.press("Y")
    rows = [[float(text) for text in line.split("\t")] for line in tester.app.clipboard.split("\n")]
    await tester.wait_until(lambda: np.array_equal(np.array(rows), tester.session.trace.a[0]))


@in_app()
async def test_other_views_copy_the_arithmetic(tester: AppTester) -> None:
    await tester.press("f", "b", "3", "Y")
    session = tester.session
    explanation = explain(session.engine, session.trace, session.ref)
    assert tester.app.clipboard == explanation_text(explanation, None)


@in_app()
async def test_numbers_that_are_not_computed_are_not_copied(tester: AppTester) -> None:
    await tester.main.apply_move(lambda s: select(s, Ref("dw", 0, 0, 0, 0)))
    await tester.press("Y")
    await tester.wait_until(lambda: tester.app.clipboard == "" and "then backward (b)" in tester.text("message"))


@in_app("digits")
async def test_a_text_too_long_for_the_clipboard_is_refused(tester: AppTester) -> None:
    await tester.press("2", "Y")
    session = tester.session
    size = session.engine.parameters
    await tester.wait_until(lambda: (tester.app.clipboard == "") == (size > 5000))
    if size > 5000:
        await tester.wait_until(lambda: "more than a terminal's clipboard takes" in tester.text("message"))


@in_app()
async def test_the_command_palette_writes_a_picture_into_the_current_folder(tester: AppTester) -> None:
    await tester.press("n", "ctrl+p", *"screenshot")
    await tester.wait_until(lambda: "Screenshot (SVG)" in tester.all_text())
    await tester.press("down", "enter")
    await tester.wait_until(lambda: "Picture written" in str(tester.session.message))
    path = Path(str(tester.session.message).partition(": ")[2])
    assert path.parent == Path.cwd() and path.name == "nn-tui-xor-update-1.svg"
    picture = path.read_text(encoding="utf-8")
    assert picture.startswith("<svg") and "Layer&#160;1&#160;of&#160;2" in picture
    assert "Screenshot" not in picture, "the palette itself is not in it"
    await tester.main.action_do("screenshot")
    await tester.wait_until(
        lambda: "nn-tui-xor-update-1-2.svg" in str(tester.session.message), "nothing is overwritten"
    )
    assert sorted(file.name for file in path.parent.iterdir()) == ["nn-tui-xor-update-1-2.svg", path.name]


@in_app()
async def test_a_screenshot_that_cannot_be_written_reports_the_reason(
    tester: AppTester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/proc/none"))
    await tester.main.action_do("screenshot")
    await tester.wait_until(lambda: str(tester.session.message).startswith("No picture: "))


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def tip(tester: AppTester, id: str, offset: tuple[int, int]) -> str:
    """Return the tooltip for a cell of a panel."""
    tester.app.TOOLTIP_DELAY = 0.01
    await tester.pilot.hover(f"#{id}", offset=offset)
    bubble = tester.main.query_children("Tooltip").only_one()
    await tester.wait_until(lambda: bubble.display)
    return str(tester.widget(id).tooltip)


def place_of(tester: AppTester, cell: Cell) -> tuple[int, int]:
    """Return the position of a number of the layer view in its panel."""
    panel = tester.main.query_one(LayerPanel)
    width, height = panel.size
    x, y = next((x, y) for y in range(height) for x in range(width) if panel.cell_at(x, y) == cell)
    return x + 2, y + 1


def test_the_tooltip_names_a_number_and_its_exact_value() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("f")
        said = await tip(tester, "layer", place_of(tester, Cell(BlockKey(QuantityKey("w"), 1), 0, 1)))
        value = value_of(tester.session.engine, tester.session.trace, Ref("w", 1, 0, 1))
        assert re.fullmatch(r"w.\[1,2\]", said.split(" = ")[0])
        assert said.split(" = ")[1] == repr(value).replace("-", "−")
        await tester.wait_until(lambda: said in tester.all_text(), "brackets are no markup")

    run_with_start(check)


def test_an_open_tooltip_follows_the_session() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("n")
        before = await tip(tester, "layer", place_of(tester, Cell(BlockKey(QuantityKey("w"), 0), 0, 1)))
        await tester.press("n")
        await tester.wait_until(lambda: tester.session.trace.update == 2)
        after = str(tester.widget("layer").tooltip)
        assert after != before and after.split(" =")[0] == before.split(" =")[0]

    run_with_start(check)


def test_the_tooltip_names_keys_titles_units_and_updates() -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("n", "n")
        footer = tester.text("footer")
        assert await tip(tester, "footer", (footer.index("Forward"), 0)) == "Run the forward pass and the loss."
        assert "matrix of one layer" in await tip(tester, "layer", (5, 0))
        assert re.match(r"Update 0 of 2", await tip(tester, "timeline", (3, 0)))

    run_with_start(check)


def test_a_panel_away_from_the_mouse_has_no_tooltip() -> None:
    @in_app()
    async def check(tester: AppTester) -> None:
        await tester.press("n")
        await tester.wait_until(lambda: all(panel.tooltip is None for panel in tester.main.query("Panel")))

    check()
