"""Timeline, colours, copying, tooltips, the welcome, moved keys and the command palette, on the running app."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.widgets import Input
from textual.widgets._tooltip import Tooltip

from nn_tui.core.edits.parser import parse_edit
from nn_tui.core.engine.steps import ZOOMS
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.refs import Ref
from nn_tui.core.text import plain_line
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.keys.keymap import keymap
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.palette_commands import commands
from nn_tui.tui.session import stepping, timeline
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Session, begin, select
from nn_tui.tui.start import Start
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel
from nn_tui.tui.widgets.welcome import is_first_start
from tests._app import DARK, Hand, check_replay, experiment, in_app, screen_lines

KEYS_TESTED = {
    "play_back", "scrub(-10)", "scrub(10)", "scrub_part(-1)", "scrub_part(1)", "run_start", "run_end",
    "bookmark", "jump(-1)", "jump(1)", "copy", "theme",
}  # fmt: skip


def play(
    test: Callable[[Hand], Awaitable[None]], start: Start | None = None, size: tuple[int, int] = (120, 40)
) -> None:
    """Run a coroutine with an app that starts in some way and has tooltips."""

    async def run() -> None:
        app = NNTui(experiment("xor"), DARK, start)
        async with app.run_test(size=size, tooltips=True) as pilot:
            await test(Hand(app, pilot))

    asyncio.run(run())


# The timeline


@in_app()
async def test_scrubbing_by_key_stays_within_the_run(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 60))
    for key, stands in (
        ("ctrl+left", 50), ("shift+left", 47), ("shift+right", 50), ("ctrl+right", 60), ("ctrl+right", 60),
        ("home", 0), ("ctrl+left", 0), ("end", 60),
    ):  # fmt: skip
        await hand.press(key)
        await hand.wait_until(lambda: hand.session.updates_done == stands, key)
        check_replay(hand.session)
    await hand.press("ctrl+right")
    await hand.wait_until(lambda: "furthest" in hand.text("message"))
    await hand.wait_until(lambda: hand.session.run.reached == 60, "scrubbing computes nothing new")


def reach(session: Session, update: int) -> Session:
    """The session after that many updates."""
    session.run.goto(update)
    return stepping.goto(session, update)


@in_app()
async def test_a_drag_along_the_timeline_scrubs(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 200))
    timeline = hand.widget("timeline")
    y = timeline.region.y
    assert await hand.pilot.mouse_down(offset=(3, y))
    await hand.wait_until(lambda: hand.session.updates_done == 0)
    seen = set()
    for x in range(10, 60, 10):
        await hand.pilot.hover(offset=(x, y - 5))  # the pointer may leave the line
        seen.add(hand.session.updates_done)
    assert len(seen) == 5 and max(seen) > 50
    await hand.pilot.mouse_up(offset=(60, y))
    stood = hand.session.updates_done
    await hand.pilot.hover(offset=(90, y))
    await hand.wait_until(lambda: hand.session.updates_done == stood, "the button is up")
    check_replay(hand.session)


@in_app()
async def test_bookmarks_stand_on_the_timeline_and_can_be_jumped_between(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 100))
    for update in (30, 70):
        await hand.main.move(lambda s, update=update: stepping.goto(s, update))  # type: ignore[misc]
        await hand.press("asterisk")
        await hand.wait_until(lambda: f"Bookmark at update {update}" in hand.text("message"))
    await hand.press("home")
    await hand.wait_until(lambda: hand.text("timeline").count("*") == 2)
    visited = []
    for _ in range(3):
        await hand.press("right_parenthesis")
        visited.append(hand.session.updates_done)
    assert visited == [30, 70, 100]
    await hand.press("right_parenthesis")
    await hand.wait_until(lambda: "no mark beyond" in hand.text("message"))
    for stands in (70, 30, 0):
        await hand.press("left_parenthesis")
        await hand.wait_until(lambda: hand.session.updates_done == stands)
    await hand.press("left_parenthesis")
    await hand.wait_until(lambda: "no mark before the start" in hand.text("message"))
    await hand.press("right_parenthesis", "asterisk", "home")
    await hand.wait_until(lambda: hand.session.bookmarks == {70} and hand.text("timeline").count("*") == 1)


def test_edits_and_a_divergence_are_marks() -> None:
    session = begin(experiment("xor"))
    session = reach(session, 20)
    run = parse_edit("eta = 0.5", session.run, 10).run
    session = replace(session, runs=(run,), trace=run.trace(10), cursor=0)
    run.goto(15)
    assert timeline.marked_updates(session) == (0, 10, 15)
    there = timeline.jump(stepping.goto(session, 15), -1)
    assert there.updates_done == 10 and f"edit: {run.segments[-1].label}" in there.message
    diverging = begin(experiment("too-fast"))
    diverging.run.goto(100_000)
    assert diverging.run.divergence is not None
    assert diverging.run.divergence.update in timeline.marked_updates(diverging)


def test_the_mark_behind_the_middle_of_a_pass_is_where_it_began() -> None:
    session = timeline.toggle_bookmark(reach(begin(experiment("xor")), 5))
    session = stepping.forward(session)
    assert session.updates_done == 5 and 0 < session.cursor < session.pass_steps.end
    assert timeline.jump(session, -1).cursor == session.pass_steps.end
    assert timeline.jump(session, -1).updates_done == 5


@in_app()
async def test_play_back_goes_to_the_start_and_stops_there(hand: Hand) -> None:
    await hand.press(*"nnnnf")
    await hand.press("P")
    await hand.wait_until(lambda: "playing back 30 passes/s" in hand.text("phases") or not hand.session.running)
    await hand.wait_until(lambda: hand.session.trace.update == 1 and hand.session.cursor == 0)
    await hand.wait_until(lambda: not hand.session.running)
    await hand.wait_until(lambda: "paused" in hand.text("phases") and len(hand.session.runs) == 1)
    check_replay(hand.session)


@in_app()
async def test_what_pauses_playing_back_is_said_alike_and_an_unused_key_does_not(hand: Hand) -> None:
    words = "r or any step pauses"
    assert words in next(format_keys(key.help, {}) for key in KEYS if key.action == "play_back")
    await hand.main.move(lambda s: reach(s, 5000))
    await hand.press("P", "x")
    await hand.wait_until(lambda: words in hand.text("message"))
    await hand.wait_until(lambda: hand.session.playing_back)
    await hand.press("r")


@pytest.mark.parametrize("key", ["P", "r", "f", "d", "down", "T", "1", "asterisk", "Y"])
def test_any_key_pauses_playing_back(key: str) -> None:
    @in_app()
    async def check(hand: Hand) -> None:
        await hand.main.move(lambda s: reach(s, 500))
        await hand.press("P")
        await hand.wait_until(lambda: hand.session.updates_done < 500)
        await hand.wait_until(lambda: hand.session.playing_back)
        await hand.press(key)
        await hand.wait_until(lambda: not hand.session.running and not hand.session.playing_back)
        stood = hand.session.updates_done
        await hand.pilot.pause(0.1)
        await hand.wait_until(lambda: hand.session.updates_done == stood > 0)

    check()


@in_app()
async def test_a_new_speed_goes_on_backwards(hand: Hand) -> None:
    await hand.main.move(lambda s: reach(s, 200))
    await hand.press("P", "plus")
    await hand.wait_until(lambda: hand.session.playing_back and hand.session.running)
    await hand.wait_until(lambda: SPEEDS[hand.session.speed].label == "flat out")
    await hand.wait_until(lambda: hand.session.updates_done < 199)
    await hand.press(*["minus"] * 6)
    await hand.wait_until(lambda: SPEEDS[hand.session.speed].stops == 1 and hand.session.playing_back)
    await hand.press("P")


@in_app()
async def test_play_back_does_not_leave_the_run(hand: Hand) -> None:
    await hand.press("n", "n", "0", "P")
    await hand.wait_until(lambda: not hand.session.running)
    await hand.wait_until(
        lambda: (hand.session.trace.update, hand.session.cursor) == (1, 0), "⌫ would go back to before the restart"
    )


# Colours


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


# Copying


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


# A picture of the screen


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


# Tooltips


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

    play(check)


def test_an_open_tooltip_follows_the_session() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("n")
        before = await tip(hand, "layer", place_of(hand, Cell("w", 0, 1)))
        await hand.press("n")
        await hand.wait_until(lambda: hand.session.trace.update == 2)
        after = str(hand.widget("layer").tooltip)
        assert after != before and after.split(" =")[0] == before.split(" =")[0]

    play(check)


def test_the_mouse_names_keys_titles_units_and_updates() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("n", "n")
        footer = hand.text("footer")
        assert await tip(hand, "footer", (footer.index("Forward"), 0)) == "Run the forward pass and the loss."
        assert "matrix of one layer" in await tip(hand, "layer", (5, 0))
        assert re.match(r"Update 0 of 2", await tip(hand, "timeline", (3, 0)))

    play(check)


def test_a_tooltip_costs_nothing_where_nothing_is_pointed_at() -> None:
    @in_app()
    async def check(hand: Hand) -> None:
        await hand.press("n")
        await hand.wait_until(lambda: all(panel.tooltip is None for panel in hand.main.query("Panel")))

    check()


# The welcome


def test_a_newcomer_makes_a_whole_pass_in_six_keys() -> None:
    async def check(hand: Hand) -> None:
        await hand.wait_until(lambda: "Welcome" in hand.all_text() and "three keys" in hand.all_text())
        pressed = 0
        while hand.session.updates_done == 0:
            words = hand.text("message")
            # The newcomer presses the first key that the words name.
            key = re.search(r"(?:^| |\()([fbu])(?: |:|\))", words)
            assert key is not None, words
            await hand.press(key[1])
            pressed += 1
            await hand.wait_until(lambda: "three keys" not in hand.all_text(), "the first key closes the card")
        assert pressed <= 6

    play(check, Start(welcome=True))


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 12), (20, 5), (1, 1)], ids=str)
def test_the_welcome_takes_no_key(size: tuple[int, int]) -> None:
    async def check(hand: Hand) -> None:
        await hand.press("f")
        await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))
        await hand.wait_until(lambda: not hand.app.query("#welcome"))

    play(check, Start(welcome=True), size=size)


def test_a_click_closes_the_welcome_and_does_what_it_does() -> None:
    async def check(hand: Hand) -> None:
        footer = hand.text("footer")
        await hand.pilot.click("#footer", offset=(footer.index("Forward"), 0))
        await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))
        await hand.wait_until(lambda: not hand.app.query("#welcome"))

    play(check, Start(welcome=True))


def test_the_first_start_is_remembered(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path / "state")}
    assert is_first_start(environ)
    assert not is_first_start(environ)
    assert [path.name for path in (tmp_path / "state" / "nn-tui").iterdir()] == ["state.toml"]


def test_where_nothing_can_be_remembered_nobody_is_welcomed_for_ever(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    assert not is_first_start({"XDG_STATE_HOME": str(tmp_path / "state")})
    assert not is_first_start({"XDG_STATE_HOME": "/proc/none"})


# Keys


@pytest.mark.parametrize(("letter", "arrow"), [("h", "left"), ("j", "down"), ("k", "up"), ("l", "right")])
def test_vim_keys_are_arrows(letter: str, arrow: str) -> None:
    places = []
    for key in (letter, arrow):

        @in_app()
        async def check(hand: Hand, key: str = key) -> None:
            await hand.press("f", "b", "down", "down", "right")
            await hand.press(key)
            places.append(hand.session.ref)

        check()
    assert places[0] == places[1]


def test_moved_keys_act_and_are_written_everywhere() -> None:
    async def check(hand: Hand) -> None:
        await hand.wait_until(lambda: hand.text("message").startswith(" Press x, f, f5: forward, backward, update."))
        await hand.wait_until(lambda: "x Forward" in hand.text("footer") and "f Forward" not in hand.text("footer"))
        await hand.press("x")
        await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))
        await hand.wait_until(lambda: "f sends it backward" in hand.text("message"))
        await hand.press("b")
        await hand.wait_until(
            lambda: hand.session.cursor == hand.session.pass_steps.after("loss"), "the old key is free"
        )
        await hand.press("f", "f5")
        await hand.wait_until(lambda: hand.session.updates_done == 1)
        await hand.press("ctrl+up")
        await hand.wait_until(lambda: "Keys and words" in hand.all_text())
        await hand.wait_until(lambda: re.search(r"x +Run the forward pass", hand.all_text()))
        await hand.wait_until(lambda: re.search(r"f5 +Update the weights", hand.all_text()))
        await hand.press("escape", "ctrl+p", *"forward")
        await hand.wait_until(lambda: "Forward (x)" in hand.all_text())
        await hand.press("escape")

    wanted = {"forward": ("x",), "backward": ("f",), "update": ("f5",), "help": ("ctrl+up",)}
    moved = keymap(wanted)
    assert not moved.notices
    play(check, Start(keys=moved))


def test_moved_keys_work_in_hangul_mode_too() -> None:
    async def check(hand: Hand) -> None:
        hand.app.post_message(events.Key("ㅌ", "ㅌ"))  # x
        await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))

    play(check, Start(keys=keymap({"forward": ("x",)})))


def test_a_capital_whose_action_has_moved_acts_as_its_lower_case() -> None:
    async def check(hand: Hand) -> None:
        await hand.press("L")
        await hand.wait_until(
            lambda: hand.session.ref.input == 1 and not hand.session.log, "l selects the number to the right"
        )
        await hand.press("N")
        await hand.wait_until(lambda: hand.session.updates_done == 1 and len(hand.session.runs) == 1, "n does a pass")
        await hand.press("Q")
        await hand.wait_until(lambda: hand.app.is_running)
        hand.app.simulate_key("％")
        await hand.wait_until(lambda: hand.session.log)

    play(check, Start(keys=keymap({"new_seed": ("f6",), "log": ("%",)})))


def test_a_notice_of_the_config_file_stands_in_the_words() -> None:
    async def check(hand: Hand) -> None:
        await hand.wait_until(lambda: "config.toml" in hand.text("message"))
        await hand.press("f")
        await hand.wait_until(lambda: "config.toml" not in hand.text("message"))

    play(check, Start(message="config.toml: zoom: no"))


def test_first_settings_of_the_view_hold_and_survive_another_preset() -> None:
    async def check(hand: Hand) -> None:
        for _ in range(2):
            session = hand.session
            assert (session.digits, session.zoom, session.speed, session.log) == (6, "unit", 2, True)
            await hand.main.open_preset("moons")

    play(check, Start({"digits": 6, "zoom": "unit", "speed": 2, "log": True}))


# The command palette


@in_app()
async def test_the_palette_has_every_action_preset_and_setting(hand: Hand) -> None:
    titles = {command.title for command in commands(hand.main)}
    await hand.wait_until(lambda: len(titles) == len(list(commands(hand.main))), "no two commands are called the same")
    for key in KEYS:
        assert any(title.endswith(f"({key.shown})") for title in titles), key
    for preset in shipped_presets():
        assert f"Open {preset.title}" in titles
    for name in PALETTES:
        assert f"Colours: {name}" in titles
    assert {f"Zoom: {zoom}" for zoom in ZOOMS} | {f"Speed: {speed.label}" for speed in SPEEDS} <= titles
    assert {f"Digits: {'all' if digits is None else digits}" for digits in DIGITS} <= titles


@in_app()
async def test_the_palettes_settings_take_effect(hand: Hand) -> None:
    by_title = {command.title: command.callback for command in commands(hand.main)}

    async def do(title: str) -> None:
        result = by_title[title]()
        assert result is not None
        await result
        await hand.settle()

    await do("Digits: all")
    await hand.wait_until(lambda: hand.session.digits is None)
    await do("Zoom: unit")
    await hand.wait_until(lambda: hand.session.zoom == "unit" and "zoom unit" in hand.text("phases"))
    await do("Speed: 2 stops/s")
    await hand.wait_until(lambda: SPEEDS[hand.session.speed].stops == 2)
    await do("Colours: light")
    await hand.wait_until(lambda: hand.main.palette.name == "light")
    await do("Loss scale: logarithmic")
    await hand.wait_until(lambda: hand.session.log)


# Wide text

KOREAN = """title = "한글 제목이 있는 문제: 붓꽃 세 가지를 가려내기"
summary = "넓은 글자가 줄을 밀지 않는다."
notes = "꽃잎의 길이와 너비로 품종을 맞힌다. 全角文字もある。"
seed = 1
[data]
csv = "꽃.csv"
target = "품종"
test_fraction = 0.25
[[layers]]
units = 3
activation = "tanh"
[[layers]]
units = 3
activation = "softmax"
[training]
loss = "cross_entropy"
"""


def korean_preset(folder: Path, features: int) -> Path:
    """A preset whose title, columns and classes are in Korean."""
    names = ("꽃잎길이가아주긴이름", "너비", "높이x", "무게")[:features]
    rows = [",".join((*names, "품종"))]
    for place in range(24):
        values = [f"{(place * (k + 3)) % 7 / 2 + place // 8}" for k in range(features)]
        rows.append(",".join((*values, ("장미", "해바라기처럼큰꽃", "Ａ級")[place // 8])))
    (folder / "꽃.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "한글.toml"
    path.write_text(KOREAN, encoding="utf-8")
    return path


@pytest.mark.parametrize("features", [2, 4])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=str)
def test_wide_text_never_shifts_a_column(size: tuple[int, int], features: int, tmp_path: Path) -> None:
    async def check(hand: Hand) -> None:
        await hand.main.open_preset(str(korean_preset(tmp_path, features)))
        await hand.wait_until(lambda: "한글" in hand.text("header") or size[0] < 80)
        seen = set()
        for keys in (
            "1",
            "2",
            "3",
            "4",
            "5",
            "f",
            "1",
            "y",
            "4",
            "b",
            "2",
            "u",
            "y",
            "3",
            "m",
            "1",
            "2",
            "4",
            "y",
            "5",
        ):
            await hand.press(keys)
            await hand.settle()
            for panel in hand.main.query(Panel):
                if not hand.visible(panel.id or ""):
                    continue
                for y in range(panel.size.height):
                    line = panel.render_line(y)
                    assert cell_len(line.text) == line.cell_length == panel.size.width, (panel.id, y, line.text)
                seen.add(panel.id)
            for row in hand.all_text().split("\n"):
                assert cell_len(row) == size[0], row
        assert {"network", "layer", "output", "arithmetic", "loss"} <= seen
        await hand.press("enter")
        await hand.wait_until(lambda: all(cell_len(line) == size[0] for line in hand.all_text().split("\n")))

    play(check, size=size)


# Small terminals


@in_app(size=(60, 20))
async def test_60_by_20_shows_every_view_with_words_and_footer(hand: Hand) -> None:
    await hand.press("f", "b", "u")
    contents = set()
    for index, tab in enumerate(("network", "layer", "arithmetic", "output", "loss"), 1):
        await hand.press(str(index))
        await hand.wait_until(lambda tab=tab: hand.visible(tab) and hand.text(tab).strip() != "")  # type: ignore[misc]
        contents.add(hand.text(tab))
        for id in ("header", "phases", "tabs", "timeline", "message", "footer"):
            await hand.wait_until(lambda: hand.visible(id) and hand.text(id).strip(), id)
        await hand.wait_until(lambda: "update 1" in hand.text("header") and "q Quit" in hand.text("footer"))
        await hand.wait_until(lambda: re.search(r"\d Loss", hand.text("tabs")), "every tab has room")
    assert len(contents) == 5


@pytest.mark.parametrize("size", [(40, 12), (59, 30), (100, 19), (20, 5), (3, 2), (1, 1)], ids=str)
@in_app()
async def test_a_terminal_without_room_says_so_and_keeps_working(hand: Hand, size: tuple[int, int]) -> None:
    await hand.resize(*size)
    await hand.press("f", "b", "u", "m", "T", "question_mark", "escape", "ctrl+p", "escape")
    await hand.wait_until(lambda: hand.session.updates_done == 1)
    if size[0] >= 20:
        await hand.wait_until(lambda: f"this terminal has {size[0]}×{size[1]}." in " ".join(hand.all_text().split()))
    await hand.resize(120, 40)
    await hand.press("m")
    await hand.wait_until(lambda: hand.visible("layer") and hand.visible("network"))
    await hand.wait_until(lambda: not hand.visible("too-small"))
