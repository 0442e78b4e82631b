"""The screens over the main one, every preset opened, the command palette, and the mouse."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from textual.widgets import Input

from nn_tui.core.explain.explain import value_of
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.palette_commands import commands
from nn_tui.tui.screens.help import INDENT, help_page
from nn_tui.tui.session.session import begin
from nn_tui.tui.views.block_properties import block_title
from nn_tui.tui.views.status import header, message_line
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import network_hit
from tests._app import Hand, check_counters, check_layer_view, check_replay, experiment, in_app

PRESETS = [preset.id for preset in shipped_presets()]


# Presets


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
def test_every_preset_opens_steps_and_draws(size: tuple[int, int]) -> None:
    @in_app("and", size)
    async def play(hand: Hand) -> None:
        for name in PRESETS:
            await hand.main.open_preset(name)
            await hand.wait_until(lambda: hand.session.experiment.preset.id == name)
            for key in "fbu":
                hand.app.simulate_key(key)
            await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.end)
            await hand.settle()
            await hand.wait_until(lambda: hand.session.updates_done == 1)
            check_counters(hand.session, hand.text("header") + " ")
            if hand.session.engine.parameters < 500:
                check_layer_view(hand.session)

    play()


@in_app()
async def test_the_picker_previews_and_opens(hand: Hand) -> None:
    await hand.press("n", "o")
    text = hand.all_text()
    assert f"Presets: a course of {len(PRESETS)}" in text
    assert "half squared error" in text and "sgd, η 2" in text
    await hand.press("end")
    await hand.wait_until(lambda: f"nn-tui {PRESETS[-1]}" in hand.all_text())
    await hand.press("escape")
    await hand.wait_until(lambda: hand.session.experiment.preset.id == "xor" and hand.session.updates_done == 1)
    await hand.press("o", "home", "enter")
    await hand.wait_until(lambda: hand.session.experiment.preset.id == PRESETS[0])
    await hand.wait_until(lambda: hand.session.trace.update == 1 and hand.session.cursor == 0)


@in_app()
async def test_q_closes_the_picker_and_not_the_app(hand: Hand) -> None:
    await hand.press("o", "q")
    await hand.wait_until(lambda: "Presets: a course" not in hand.all_text())
    await hand.wait_until(lambda: hand.app.is_running)


@pytest.mark.parametrize("name", ["no-such-preset", "no/such/file.toml", "", "xorr"])
@in_app()
async def test_a_preset_that_cannot_be_opened_leaves_the_run_and_says_why(hand: Hand, name: str) -> None:
    await hand.press("n", "f")
    before = hand.session.run, hand.session.trace, hand.session.cursor
    await hand.main.open_preset(name)
    await hand.wait_until(lambda: (hand.session.run, hand.session.trace, hand.session.cursor) == before)
    words = hand.text("message")
    assert len(words.split()) > 3
    if name == "xorr":
        assert "xor" in words.replace("xorr", "")
    await hand.press("b")
    await hand.wait_until(lambda: hand.session.cursor > before[2])


@in_app()
async def test_a_bad_preset_file_is_explained(hand: Hand, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        (files("nn_tui.presets") / "and.toml").read_text(encoding="utf-8").replace('"identity"', '"identiti"')
    )
    await hand.main.open_preset(str(bad))
    await hand.wait_until(lambda: hand.session.experiment.preset.id == "xor")
    await hand.wait_until(lambda: "identity" in hand.session.message and "bad.toml" in hand.session.message)


@in_app()
async def test_view_settings_survive_another_preset(hand: Hand) -> None:
    await hand.press("d", "z", "L", "4", "minus")
    before = hand.session
    await hand.main.open_preset("moons")
    now = hand.session
    assert (now.digits, now.zoom, now.log, now.tab, now.speed) == (
        before.digits, before.zoom, before.log, before.tab, before.speed
    )  # fmt: skip


# Go to update


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "whole number"),
        ("abc", "whole number"),
        ("-1", "whole number"),
        ("1.5", "whole number"),
        ("9" * 10, "from 0 to 100,000,000"),
        ("٣", "whole number"),
    ],
)
@in_app()
async def test_goto_says_what_is_wrong_where_it_was_typed(hand: Hand, typed: str, why: str) -> None:
    await hand.press("n", "n", "t")
    await hand.press(*typed, "enter")
    await hand.wait_until(lambda: "Go to update" in hand.all_text() and why in hand.all_text())
    await hand.wait_until(lambda: hand.session.updates_done == 2)
    await hand.press(*["backspace"] * len(typed), "1", "enter")
    await hand.wait_until(lambda: hand.session.updates_done == 1)
    await hand.wait_until(lambda: "Go to update" not in hand.all_text())


@in_app()
async def test_goto_takes_text_of_any_length(hand: Hand) -> None:
    await hand.press("n", "n", "t")
    hand.app.screen.query_one("#answer", Input).value = "7" * 5000
    await hand.press("enter")
    await hand.wait_until(lambda: "from 0 to 100,000,000" in hand.all_text() and hand.session.updates_done == 2)
    hand.app.screen.query_one("#answer", Input).value = "0" * 5000 + "1"
    await hand.press("enter")
    await hand.wait_until(lambda: hand.session.updates_done == 1)


@in_app()
async def test_letters_typed_into_an_input_are_text(hand: Hand) -> None:
    await hand.press("f", "t")
    before = hand.session
    typed = "fbunpzrdg0NoqmtL"
    await hand.press(*typed, "space", "comma", "plus", "question_mark")
    field = hand.app.screen.query_one(Input)
    assert field.value == f"{typed} ,+?"
    await hand.wait_until(lambda: hand.session is before)
    await hand.press("escape")
    await hand.wait_until(lambda: hand.session.cursor == before.cursor)


# Checks, numbers, help


@in_app("xor-relu-exact")
async def test_a_check_on_kinks_sets_them_apart(hand: Hand) -> None:
    await hand.press("f", "b", "g")
    await hand.wait_until(lambda: "Gradient check" in hand.all_text())
    await hand.wait_until(lambda: "kink" in hand.all_text())
    await hand.wait_until(lambda: "DISAGREE" not in hand.all_text())


@in_app()
async def test_inspect_shows_the_exact_value_and_every_sample(hand: Hand) -> None:
    await hand.press("f", "left_square_bracket", "up", "up", "enter")
    session = hand.session
    text = hand.all_text()
    found = re.search(r"exact value\s+(\S+)", text)
    assert found is not None
    assert float(found[1]) == value_of(session.engine, session.trace, session.ref)
    await hand.press("q")
    await hand.wait_until(lambda: "exact value" not in hand.all_text() and hand.app.is_running)


@pytest.mark.parametrize("ascii", [False, True])
def test_help_lists_every_key(ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    lines = [strip.text for strip in help_page(palette, 110)]
    text = "\n".join(lines)
    assert text.isascii() == ascii
    for key in KEYS:
        assert any(to_display(format_keys(key.help, {}), ascii) in line for line in lines), key.action
    if not ascii:
        for key in KEYS:
            assert any(line.strip().startswith(key.shown) and format_keys(key.help, {}) in line for line in lines), (
                key.action
            )


@pytest.mark.parametrize("ascii", [False, True])
def test_help_explains_every_name_of_the_matrices_and_the_header(ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    words = {word for strip in help_page(palette, 110) for word in re.findall(r"[^\s,]+", strip.text[:INDENT])}
    assert palette.glyphs.eta in words
    for key in (
        "w",
        "b",
        "z",
        "a",
        "dw",
        "db",
        "dz",
        "da",
        "dx",
        "slope",
        "step_w",
        "step_b",
        "w_after",
        "b_after",
        "m:m:w",
    ):
        name = re.sub(r"[₀-₉0-9]", "", block_title(key, 0, palette.glyphs)).split(" of ")[0]
        assert name in words or (key == "slope" and ascii), key
    assert {"L", "x", "y", "epoch", "pass"} <= words


@pytest.mark.parametrize(
    ("name", "said"), [("dark", "blue below 0"), ("mono", "dashed below 0"), ("ansi", "cyan below")]
)
def test_help_says_how_the_sign_of_an_edge_is_drawn(name: str, said: str) -> None:
    assert any(said in strip.text for strip in help_page(get_palette(name), 110))


@in_app()
async def test_help_scrolls_and_closes(hand: Hand) -> None:
    await hand.press("question_mark")
    first = hand.all_text()
    assert "Run the forward pass" in first
    await hand.press("end")
    await hand.wait_until(lambda: "Signs" in hand.all_text())
    await hand.press("q")
    await hand.wait_until(lambda: hand.app.is_running and "Signs" not in hand.all_text())


@in_app()
async def test_the_command_palette_finds_actions_and_presets(hand: Hand) -> None:
    await hand.press("ctrl+p")
    await hand.press(*"forward")
    await hand.wait_until(lambda: "Forward (f)" in hand.all_text())
    await hand.press("down", "enter")
    await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))
    await hand.press("ctrl+p")
    await hand.press(*"open iris")
    await hand.wait_until(lambda: "Open Iris" in hand.all_text() or "Open iris" in hand.all_text())
    await hand.press("down", "enter")
    await hand.wait_until(lambda: hand.session.experiment.preset.id == "iris")


# Mouse


@in_app()
async def test_a_click_selects_a_unit_a_number_a_place_or_a_key(hand: Hand) -> None:
    await hand.press("n", "n", "n")
    lines = hand.text("layer").split("\n")
    row = next(y for y, line in enumerate(lines) if line.startswith("h₂"))
    column = re.search(r"[+−]\d", lines[row])
    assert column is not None
    await hand.pilot.click("#layer", offset=(column.start() + 3, row + 1))
    await hand.wait_until(lambda: (hand.session.ref.key, hand.session.ref.unit, hand.session.ref.input) == ("w", 1, 0))
    await hand.pilot.click("#timeline", offset=(3, 0))
    await hand.wait_until(lambda: hand.session.updates_done == 0)
    footer = hand.text("footer")
    await hand.pilot.click("#footer", offset=(footer.index("Forward"), 0))
    await hand.wait_until(lambda: hand.session.cursor == hand.session.pass_steps.after("loss"))
    network = hand.text("network").split("\n")
    place = next((y, line.index("x2")) for y, line in enumerate(network) if "x2" in line)
    await hand.pilot.click("#network", offset=(place[1] + 1, place[0] + 2))
    await hand.wait_until(lambda: hand.session.ref.key == "x")
    await hand.wait_until(lambda: hand.session.ref.unit == 1)
    check_replay(hand.session)


@in_app("autoencoder")
async def test_every_unit_of_the_network_can_be_clicked(hand: Hand) -> None:
    await hand.press("f", "1", "m")
    network = hand.main.query_one("#network", Panel)
    await hand.wait_until(lambda: network.size.width > 100)
    width, height = network.size
    points = {network_hit(network, hand.session, x, y): (x, y) for y in range(height) for x in range(0, width, 2)}
    units = {(layer, unit) for layer, count in enumerate(hand.session.engine.sizes) for unit in range(count)}
    assert {found for found in points if found is not None} == units
    for layer, unit in units:
        x, y = points[layer, unit]
        network.post_message(Panel.Clicked(network, x, y))
        await hand.wait_until(lambda here=(layer, unit): selected(hand) == here)  # type: ignore[misc]
    await hand.press("m")
    await hand.wait_until(lambda: hand.session.ref.symbol in hand.title("arithmetic"))


def selected(hand: Hand) -> tuple[int, int]:
    """The selected unit as (layer from 0 for the inputs, unit)."""
    ref = hand.session.ref
    return (0 if ref.key == "x" else ref.layer + 1, ref.unit)


@in_app(size=(80, 24))
async def test_a_click_on_a_tab_shows_its_view(hand: Hand) -> None:
    tabs = hand.text("tabs")
    for name in ("Network", "Output", "Loss", "Arithmetic", "Layer"):
        await hand.pilot.click("#tabs", offset=(tabs.index(name), 0))
        await hand.wait_until(lambda name=name: hand.session.tab == name.lower())  # type: ignore[misc]


@in_app()
async def test_titles_with_brackets_are_drawn_as_they_are(hand: Hand) -> None:
    await hand.press("f", "b", "u")
    await hand.wait_until(lambda: f"Arithmetic · {hand.session.ref.symbol}" in hand.all_text())


@in_app(ascii=True)
async def test_ascii_screens_are_ascii(hand: Hand) -> None:
    for keys in (
        ["f"],
        ["b"],
        ["u"],
        ["question_mark"],
        ["escape", "enter"],
        ["escape", "o"],
        ["escape", "t"],
        ["escape"],
    ):
        await hand.press(*keys)
        odd = {char for char in hand.all_text() if not char.isascii()}
        assert not odd, (keys, odd)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_words_that_are_cut_end_in_no_sign_of_a_number(width: int) -> None:
    session, palette = begin(experiment("vanishing")), get_palette("dark", ascii=True)
    for draw in (header.draw, message_line.draw):
        text = "".join(strip.text for strip in draw(session, palette, width, 1))
        assert text.isascii() and "#" not in text, text


@in_app("vanishing", ascii=True)
async def test_the_command_palette_is_ascii(hand: Hand) -> None:
    for keys in (["n", "ctrl+p"], [*"back"], ["ctrl+u", *"zz"], ["ctrl+u", *"step"], ["ctrl+u", *"open"]):
        await hand.press(*keys)
        await hand.app.workers.wait_for_complete()
        await hand.settle()
        odd = {char for char in hand.all_text() if not char.isascii()}
        assert not odd, (keys, odd)
    await hand.wait_until(lambda: all(f"{command.title} {command.help}".isascii() for command in commands(hand.main)))
