"""Tests of terminal sizes and of resizing."""

from __future__ import annotations

import re

import pytest
from textual.events import MouseScrollDown, MouseScrollLeft, MouseScrollUp
from textual.widgets import OptionList

from nn_tui.core.display.number_text import fmt, number_width
from nn_tui.core.explain.explain import value_of
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.registry import TABS
from nn_tui.tui.screens.text import TextPage
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views import too_small
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.widgets.panels import LayerPanel
from tests._app import DARK, PERMANENT_VIEWS, AppTester, check_layer_view, check_replay, experiment, in_app

SIZES = [(80, 24), (60, 20), (200, 60), (40, 10), (20, 5), (1, 1)]
KEYS = [
    "f",
    "b",
    "u",
    "space",
    "m",
    "1",
    "2",
    "3",
    "4",
    "5",
    "m",
    "tab",
    "d",
    "right_square_bracket",
    "down",
    "backspace",
]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@in_app()
async def test_every_size_from_tiny_to_huge_works(tester: AppTester, size: tuple[int, int]) -> None:
    await tester.resize(*size)
    for key in KEYS:
        await tester.press(key)
        check_layer_view(tester.session)
    for modal in ("question_mark", "o", "t", "enter"):
        await tester.press(modal)
        await tester.wait_until(lambda: len(tester.app.screen_stack) == 2)
        await tester.press("escape")
        await tester.wait_until(lambda: len(tester.app.screen_stack) == 1)
    check_replay(tester.session)
    text = tester.all_text().split("\n")
    assert len(text) <= size[1] and all(len(line) <= size[0] for line in text)


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (80, 24), (200, 60)], ids=str)
def test_it_starts_at_any_size(size: tuple[int, int]) -> None:
    @in_app("iris", size)
    async def play(tester: AppTester) -> None:
        await tester.press("f", "b", "u")
        await tester.wait_until(lambda: tester.session.updates_done == 1)

    play()


@in_app()
async def test_resizing_keeps_the_session(tester: AppTester) -> None:
    await tester.press("n", "f", "b", "left_square_bracket", "down")
    before = tester.session
    for size in [*SIZES, *reversed(SIZES), (120, 40)]:
        await tester.resize(*size)
        await tester.wait_until(
            lambda: (
                tester.session.trace is before.trace
                and tester.session.cursor == before.cursor
                and tester.session.ref == before.ref
            )
        )
    await tester.wait_until(lambda: all(tester.visible(tab) for tab in PERMANENT_VIEWS))
    await tester.wait_until(lambda: re.search(rf"▐ *{re.escape(number(tester))}", tester.text("layer")))


def number(tester: AppTester) -> str:
    """Return the selected number as written in the matrices."""
    session = tester.session
    value = value_of(session.engine, session.trace, session.ref)
    return fmt(value, session.digits, width=number_width(session.digits), glyphs=DARK.glyphs).strip()


@in_app(size=(80, 24))
async def test_each_tab_shows_its_view_and_the_arithmetic_at_80_by_24(tester: AppTester) -> None:
    await tester.press("f", "b", "u")
    contents = set()
    for index, tab in enumerate(TABS, 1):
        await tester.press(str(index))
        await tester.wait_until(lambda: tester.visible(tab) and tester.text(tab).strip() != "")
        seen = {name for name in TABS if tester.visible(name)}
        assert seen == ({tab} if tab in ("arithmetic", "loss", "code") else {tab, "arithmetic"}), tab
        await tester.wait_until(lambda: tester.widget(tab).size.height >= 5)
        contents.add(tester.text(tab))
        for id in ("header", "phases", "tabs", "message", "footer", "timeline"):
            await tester.wait_until(lambda: tester.visible(id), id)
        await tester.wait_until(lambda: "epoch 1" in tester.text("header") and "update 1" in tester.text("header"))
        await tester.wait_until(lambda: "q Quit" in tester.text("footer"))
    assert len(contents) == len(TABS)


@pytest.mark.parametrize("size", [(120, 40), (200, 60)], ids=str)
def test_every_view_is_on_screen_from_120_by_40(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def play(tester: AppTester) -> None:
        await tester.press("n")
        for tab in PERMANENT_VIEWS:
            await tester.wait_until(lambda: tester.visible(tab) and tester.text(tab).strip() != "")
        await tester.wait_until(lambda: not tester.visible("tabs"))
        areas = sum(tester.widget(tab).size.area for tab in PERMANENT_VIEWS)
        assert areas > 0.7 * size[0] * size[1], "a larger terminal gets larger views"

    play()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
def test_a_page_is_no_higher_than_its_lines(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def play(tester: AppTester) -> None:
        await tester.press("i")
        page, frame = tester.app.screen.query_one(TextPage), tester.app.screen.query_one("#dialog")
        await tester.wait_until(lambda: page.size.height == page.virtual_size.height > 0)
        assert frame.outer_size.height == page.size.height + 2 and not page.max_scroll_y
        await tester.press("escape", "question_mark")
        page, frame = tester.app.screen.query_one(TextPage), tester.app.screen.query_one("#dialog")
        await tester.wait_until(lambda: page.max_scroll_y > 0)
        assert frame.outer_size.height <= size[1]
        await tester.press("end")
        await tester.wait_until(lambda: page.scroll_offset.y == page.max_scroll_y)
        last = page.virtual_size.height - page.max_scroll_y - 1
        assert "digits" in page.render_line(last).text, "the last line can be reached"

    play()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
def test_the_picker_has_room_for_the_preview_and_the_list(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def play(tester: AppTester) -> None:
        await tester.press("o")
        about, presets = tester.app.screen.query_one("#preview"), tester.app.screen.query_one("#presets")
        await tester.wait_until(lambda: about.size.area > 0)
        assert about.size.width >= 24 and about.size.height >= 4
        assert presets.size.width >= 38 and presets.size.height >= 8

    play()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("preset", ["digits", "local-minimum-single", "xor-221-stuck"])
def test_the_header_keeps_shape_learning_rate_and_counters(size: tuple[int, int], preset: str) -> None:
    @in_app(preset, size)
    async def play(tester: AppTester) -> None:
        header = tester.text("header")
        session = tester.session
        assert "–".join(map(str, session.engine.sizes)) in header
        assert f"η {session.experiment.training.optimizer.learning_rate:g}" in header
        progress = "no update yet" if size[0] >= 100 else "(no update yet|update 0)"
        assert re.search(
            rf"epoch 1 · {progress} · sample \d+ of \d+( in this batch( \(row \d+ of \d+ in the data\))?)?$", header
        )

    play()


@in_app("exploding", (80, 24))
async def test_a_deep_network_has_its_shape_in_a_narrow_header(tester: AppTester) -> None:
    await tester.wait_until(lambda: "2–(6×24)–1 · η" in tester.text("header"))
    await tester.resize(160, 40)
    await tester.wait_until(lambda: "2–24–24–24–24–24–24–1" in tester.text("header"))


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
def test_hints_end_with_a_whole_sentence(size: tuple[int, int]) -> None:
    @in_app("xor", size)
    async def play(tester: AppTester) -> None:
        for key in ("f", "b", "u", "backspace", "space", "f", "space"):
            words = tester.text("message")
            assert words.endswith(".") and "…" not in words and len(words) > 15, words
            await tester.press(key)

    play()


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("width", [1, 7, 20, 59, 300])
@pytest.mark.parametrize("height", [1, 2, 19, 40])
def test_the_sentence_about_the_size_fits_any_size(width: int, height: int, ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    rows = too_small.draw(new_session(experiment("xor")), palette, width, height)
    assert len(rows) == height and all(row.cell_length == width for row in rows)
    by = "x" if ascii else "×"
    sentence = f"nn-tui needs 60{by}20 cells; this terminal has {width}{by}{height}."
    shown = "".join(" ".join(row.text for row in rows).split())
    whole = sentence.replace(" ", "")
    assert shown == (whole if width * height >= 140 else whole[: len(shown)]) and shown, "as much as there is room for"


@pytest.mark.parametrize("size", [(59, 20), (60, 19), (20, 5), (200, 10)], ids=str)
@in_app()
async def test_a_small_terminal_shows_one_sentence_and_keys_still_step(
    tester: AppTester, size: tuple[int, int]
) -> None:
    await tester.resize(*size)
    await tester.wait_until(
        lambda: f"this terminal has {size[0]}×{size[1]}." in " ".join(tester.text("too-small").split())
    )
    await tester.wait_until(lambda: not any(tester.visible(tab) for tab in (*TABS, "header", "footer")))
    await tester.press("f")
    await tester.resize(60, 20)
    await tester.wait_until(lambda: tester.visible("header") and "✓ loss" in tester.text("phases"))
    await tester.wait_until(lambda: not tester.visible("too-small"))


@in_app("digits", (80, 24))
async def test_a_narrow_first_drawing_leaves_nothing_scrolled_away(tester: AppTester) -> None:
    def first_input() -> str:
        return next(line for line in tester.text("layer").split("\n") if line.startswith("x")).split()[1]

    assert first_input() == "0.0000", "the row of inputs begins with the first"
    await tester.press(*["right"] * 9)
    farther = first_input()
    assert farther != "0.0000", "the selection is farther to the right"
    await tester.resize(200, 60)
    await tester.resize(80, 24)
    assert first_input() == farther
    panel = tester.main.query_one(LayerPanel)
    panel.on_mouse_scroll_left(MouseScrollLeft(panel, 1, 1, 0, 0, 0, False, False, False))
    scrolled = first_input()
    assert scrolled != farther
    await tester.resize(76, 24)
    assert first_input() == scrolled, "who has scrolled stays there"


@in_app(size=(80, 24))
async def test_the_wheel_scrolls_by_whole_blocks(tester: AppTester) -> None:
    await tester.press("2", "f", "left_square_bracket")
    panel = tester.main.query_one(LayerPanel)
    await tester.wait_until(lambda: tester.text("layer").startswith("x "))
    tops = []
    for _ in range(4):
        panel.on_mouse_scroll_down(MouseScrollDown(panel, 1, 1, 0, 0, 0, False, False, False))
        tops.append(tester.text("layer").split()[0])
    assert tops == ["dW₁", "ΔW₁", "ΔW₁", "ΔW₁"], "the end is in view"
    assert str(panel.border_subtitle) == "▴ above: x W₁ dW₁"
    for _ in range(4):
        panel.on_mouse_scroll_up(MouseScrollUp(panel, 1, 1, 0, 0, 0, False, False, False))
    assert tester.text("layer").startswith("x ")


@pytest.mark.parametrize("width", [4, 5])
@in_app()
async def test_a_list_can_be_as_narrow_as_its_padding(tester: AppTester, width: int) -> None:
    await tester.resize(width, 30)
    await tester.press("ctrl+p", "down", "pagedown", "pageup")
    await tester.resize(120, 40)
    await tester.wait_until(lambda: "Set or remove a bookmark at this update." in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)


@in_app()
async def test_a_page_key_works_in_a_list_without_room(tester: AppTester) -> None:
    await tester.press("o")
    await tester.resize(1, 1)
    await tester.press("pageup", "pagedown")
    await tester.resize(120, 40)
    await tester.wait_until(lambda: tester.app.screen.query_one(OptionList).size.height > 10)
    await tester.press("pageup", "down", "down", "down", "enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "neuron")


@pytest.mark.parametrize(
    "keys",
    [["f", "b", "u", "e", "escape"], ["question_mark", "escape", "M", "escape", "n"], ["f", "b", "u"]],
)
@pytest.mark.parametrize("size", [(60, 15), (60, 20), (49, 10), (20, 5), (80, 24)])
def test_the_main_screen_never_scrolls(keys: list[str], size: tuple[int, int]) -> None:
    @in_app(size=size)
    async def look(tester: AppTester) -> None:
        await tester.press(*keys)
        await tester.wait_until(
            lambda: not tester.main.show_vertical_scrollbar and not tester.main.show_horizontal_scrollbar
        )
        if size[0] < 60 or size[1] < 20:
            shown = f"this terminal has {size[0]}×{size[1]}."
            await tester.wait_until(lambda: shown in " ".join(tester.text("too-small").split()))

    look()


@in_app(size=(60, 20))
async def test_every_view_has_message_and_footer_at_60_by_20(tester: AppTester) -> None:
    await tester.press("f", "b", "u")
    contents = set()
    for index, tab in enumerate(TABS, 1):
        await tester.press(str(index))
        await tester.wait_until(lambda: tester.visible(tab) and tester.text(tab).strip() != "")
        contents.add(tester.text(tab))
        for id in ("header", "phases", "tabs", "timeline", "message", "footer"):
            await tester.wait_until(lambda: tester.visible(id) and tester.text(id).strip(), id)
        await tester.wait_until(lambda: "update 1" in tester.text("header") and "q Quit" in tester.text("footer"))
        await tester.wait_until(lambda: re.search(r"\d Code", tester.text("tabs")), "every tab has room")
    assert len(contents) == len(TABS)


@pytest.mark.parametrize("size", [(40, 12), (59, 30), (100, 19), (20, 5), (3, 2), (1, 1)], ids=str)
@in_app()
async def test_a_terminal_without_room_shows_a_message_and_still_works(
    tester: AppTester, size: tuple[int, int]
) -> None:
    await tester.resize(*size)
    await tester.press("f", "b", "u", "m", "T", "question_mark", "escape", "ctrl+p", "escape")
    await tester.wait_until(lambda: tester.session.updates_done == 1)
    if size[0] >= 20:
        await tester.wait_until(
            lambda: f"this terminal has {size[0]}×{size[1]}." in " ".join(tester.all_text().split())
        )
    await tester.resize(120, 40)
    await tester.press("m")
    await tester.wait_until(lambda: tester.visible("layer") and tester.visible("network"))
    await tester.wait_until(lambda: not tester.visible("too-small"))


@in_app("vanishing", (100, 30))
async def test_a_narrow_title_keeps_the_badge_and_the_name_of_the_view(tester: AppTester) -> None:
    await tester.press("n", "n", "n")

    def border(name: str) -> str:
        panel = tester.widget(name)
        return f"{panel.border_title} {panel.border_subtitle}"

    await tester.wait_until(lambda: "! vanishing gradient" in border("network").replace("⚠", "!"))
    for name in ("confusion", "hidden", "regions"):
        while name not in output.title(tester.session, DARK):
            await tester.press("y")
        await tester.wait_until(lambda: name in border("output"))


@pytest.mark.parametrize(
    ("preset", "size"), [("xor", (80, 24)), ("xor", (60, 20)), ("mazur", (80, 24)), ("iris", (80, 24))]
)
def test_the_selected_number_stays_visible_and_a_pass_begins_at_its_inputs(preset: str, size: tuple[int, int]) -> None:
    @in_app(preset, size)
    async def play(tester: AppTester) -> None:
        await tester.press("f", "b", "u")
        await tester.wait_until(lambda: "▐" in tester.text("layer"))
        assert "▴" in str(tester.widget("layer").border_subtitle), "the selected number is far below the inputs"
        await tester.press("f")
        await tester.wait_until(lambda: tester.text("layer").startswith("a₁ ") and "loss" in tester.text("layer"))
        for key in ("b", "u", *["space"] * 7, "backspace", "n", "n", "f", "b", "p"):
            await tester.press(key)
            if tester.session.ref.quantity != "loss":
                await tester.wait_until(lambda: "▐" in tester.text("layer"))

    play()
