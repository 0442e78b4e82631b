"""Tests of dialogs, presets, the command palette and the mouse."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from textual.screen import ModalScreen
from textual.widgets import Input

from nn_tui.core.explain.explain import value_of
from nn_tui.core.lesson.loader import lesson_ids
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.refs import QuantityKey, QuantityLike, Ref
from nn_tui.core.translation import language
from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.command_palette import commands
from nn_tui.tui.draw.key_markup import format_keys
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.draw.text import to_display
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.screens.help import INDENT, help_page
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import header, message_line
from nn_tui.tui.views.block_properties import block_title
from nn_tui.tui.views.network import unit_hit
from nn_tui.tui.widgets.panel import Panel
from tests._app import AppTester, check_counters, check_layer_view, check_replay, experiment, in_app
from tests._pseudo import PseudoLanguage
from tests._tour import shown

PRESETS = [preset.id for preset in shipped_presets()]


# Presets


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
def test_every_preset_opens_steps_and_draws(size: tuple[int, int]) -> None:
    @in_app("and", size)
    async def play(tester: AppTester) -> None:
        for name in PRESETS:
            await open_preset(tester.main, name)
            await tester.wait_until(lambda: tester.session.experiment.preset.id == name)
            for key in "fbu":
                tester.app.simulate_key(key)
            await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.end)
            await tester.settle()
            await tester.wait_until(lambda: tester.session.updates_done == 1)
            check_counters(tester.session, tester.text("header") + " ")
            if tester.session.engine.parameters < 500:
                check_layer_view(tester.session)

    play()


@in_app()
async def test_the_picker_previews_and_opens(tester: AppTester) -> None:
    await tester.press("n", "o")
    await tester.wait_until(lambda: f"Presets: a course of {len(PRESETS)}" in tester.all_text())
    await tester.wait_until(
        lambda: "half squared error" in tester.all_text() and "sgd, η 2" in tester.all_text(), "the preview"
    )
    await tester.press("end")
    await tester.wait_until(lambda: f"nn-tui learn {lesson_ids()[-1]}" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "xor" and tester.session.updates_done == 1)
    await tester.press("o", "home", "down", "down", "down", "enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == PRESETS[0])
    await tester.wait_until(lambda: tester.session.trace.update == 1 and tester.session.cursor == 0)


@pytest.mark.parametrize("name", ["no-such-preset", "no/such/file.toml", "", "xorr"])
@in_app()
async def test_an_invalid_preset_keeps_the_run_and_reports_the_reason(tester: AppTester, name: str) -> None:
    await tester.press("n", "f")
    before = tester.session.run, tester.session.trace, tester.session.cursor
    await open_preset(tester.main, name)
    await tester.wait_until(lambda: (tester.session.run, tester.session.trace, tester.session.cursor) == before)
    words = tester.text("message")
    assert len(words.split()) > 3
    if name == "xorr":
        assert "xor" in words.replace("xorr", "")
    await tester.press("b")
    await tester.wait_until(lambda: tester.session.cursor > before[2])


@in_app()
async def test_a_bad_preset_file_is_explained(tester: AppTester, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        (files("nn_tui.presets") / "and.toml").read_text(encoding="utf-8").replace('"identity"', '"identiti"')
    )
    await open_preset(tester.main, str(bad))
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "xor")
    await tester.wait_until(
        lambda: "identity" in str(tester.session.message) and "bad.toml" in str(tester.session.message)
    )


@in_app()
async def test_view_settings_stay_when_another_preset_opens(tester: AppTester) -> None:
    await tester.press("d", "z", "L", "4", "minus")
    before = tester.session
    await open_preset(tester.main, "moons")
    now = tester.session
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
        ("loss", "or a goal"),
        ("loss <", "is not a comparison"),
        ("accurcy > 1", 'Did you mean "accuracy"?'),
        ("test_loss < 1", 'this data has no "test_loss".'),
    ],
)
@in_app()
async def test_goto_reports_an_error_below_its_input(tester: AppTester, typed: str, why: str) -> None:
    await tester.press("n", "n", "t")
    await tester.press(*typed, "enter")
    await tester.wait_until(lambda: "Go to update" in tester.all_text() and why in tester.all_text())
    await tester.wait_until(lambda: tester.session.updates_done == 2)
    await tester.press(*["backspace"] * len(typed), "1", "enter")
    await tester.wait_until(lambda: tester.session.updates_done == 1)
    await tester.wait_until(lambda: "Go to update" not in tester.all_text())


@in_app()
async def test_goto_takes_text_of_any_length(tester: AppTester) -> None:
    await tester.press("n", "n", "t")
    tester.app.screen.query_one("#answer", Input).value = "7" * 5000
    await tester.press("enter")
    await tester.wait_until(lambda: "from 0 to 100,000,000" in tester.all_text() and tester.session.updates_done == 2)
    tester.app.screen.query_one("#answer", Input).value = "0" * 5000 + "1"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.updates_done == 1)


@in_app()
async def test_letters_typed_into_an_input_are_text(tester: AppTester) -> None:
    await tester.press("f", "t")
    before = tester.session
    typed = "fbunpzrdg0NoqmtL"
    await tester.press(*typed, "space", "comma", "plus", "question_mark")
    field = tester.app.screen.query_one(Input)
    assert field.value == f"{typed} ,+?"
    await tester.wait_until(lambda: tester.session is before)
    await tester.press("escape")
    await tester.wait_until(lambda: tester.session.cursor == before.cursor)


# Checks, numbers, help


@in_app("xor-relu-exact")
async def test_a_check_lists_kinks_separately(tester: AppTester) -> None:
    await tester.press("f", "b", "g")
    await tester.wait_until(lambda: "Gradient check" in tester.all_text())
    await tester.wait_until(lambda: "kink" in tester.all_text())
    await tester.wait_until(lambda: "DISAGREE" not in tester.all_text())


@in_app()
async def test_inspect_shows_the_exact_value_and_every_sample(tester: AppTester) -> None:
    await tester.press("f", "left_square_bracket", "up", "up", "enter")
    session = tester.session
    await tester.wait_until(lambda: re.search(r"exact value\s+\S", tester.all_text()))
    found = re.search(r"exact value\s+(\S+)", tester.all_text())
    assert found is not None
    assert float(found[1]) == value_of(session.engine, session.trace, session.ref)
    await tester.press("q")
    await tester.wait_until(lambda: "exact value" not in tester.all_text() and tester.app.is_running)


@pytest.mark.parametrize("ascii", [False, True])
def test_help_lists_every_key(ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    lines = [strip.text for strip in help_page(palette, 110)]
    text = "\n".join(lines)
    assert text.isascii() == ascii
    for key in KEYS:
        assert any(to_display(format_keys(str(key.help), {}), ascii) in line for line in lines), key.action
    if not ascii:
        for key in KEYS:
            assert any(
                line.strip().startswith(key.key_label) and format_keys(str(key.help), {}) in line for line in lines
            ), key.action


@pytest.mark.parametrize("ascii", [False, True])
def test_help_explains_every_name_of_the_matrices_and_the_header(ascii: bool) -> None:
    palette = get_palette("dark", ascii=ascii)
    words = {word for strip in help_page(palette, 110) for word in re.findall(r"[^\s,]+", strip.text[:INDENT])}
    assert palette.glyphs.eta in words
    keys: tuple[QuantityLike, ...] = (
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
        QuantityKey("w", after=True),
        QuantityKey("b", after=True),
        QuantityKey("state_w", "m"),
    )
    for key in keys:
        name = re.sub(r"[₀-₉0-9]", "", block_title(key, 0, palette.glyphs)).split(" of ")[0]
        assert name in words or (key == "slope" and ascii), key
    assert {"L", "x", "y", "epoch", "pass"} <= words


@pytest.mark.parametrize(
    ("name", "said"), [("dark", "blue below 0"), ("mono", "dashed below 0"), ("ansi", "cyan below")]
)
def test_help_explains_how_the_sign_of_an_edge_is_drawn(name: str, said: str) -> None:
    assert any(said in strip.text for strip in help_page(get_palette(name), 110))


@in_app()
async def test_help_scrolls_and_closes(tester: AppTester) -> None:
    await tester.press("question_mark")
    await tester.wait_until(lambda: "Run the forward pass" in tester.all_text())
    await tester.press("end")
    await tester.wait_until(lambda: "Signs" in tester.all_text())
    await tester.press("q")
    await tester.wait_until(lambda: tester.app.is_running and "Signs" not in tester.all_text())


@in_app()
async def test_the_command_palette_finds_actions_and_presets(tester: AppTester) -> None:
    await tester.press("ctrl+p")
    await tester.press(*"forward")
    await tester.wait_until(lambda: "Forward (f)" in tester.all_text())
    await tester.press("down", "enter")
    await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))
    await tester.press("ctrl+p")
    await tester.press(*"open iris")
    await tester.wait_until(lambda: "Open Iris" in tester.all_text() or "Open iris" in tester.all_text())
    await tester.press("down", "enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "iris")


# Mouse


@in_app()
async def test_a_click_selects_a_unit_a_number_an_update_or_a_key(tester: AppTester) -> None:
    await tester.press("n", "n", "n")
    lines = tester.text("layer").split("\n")
    row = next(y for y, line in enumerate(lines) if line.startswith("h₂"))
    column = re.search(r"[+−]\d", lines[row])
    assert column is not None
    await tester.pilot.click("#layer", offset=(column.start() + 3, row + 1))
    await tester.wait_until(lambda: tester.session.ref == Ref("w", 0, 1, 0, tester.session.ref.sample))
    await tester.pilot.click("#timeline", offset=(3, 0))
    await tester.wait_until(lambda: tester.session.updates_done == 0)
    footer = tester.text("footer")
    await tester.pilot.click("#footer", offset=(footer.index("Forward"), 0))
    await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))
    network = tester.text("network").split("\n")
    place = next((y, line.index("x₂")) for y, line in enumerate(network) if "x₂" in line)
    await tester.pilot.click("#network", offset=(place[1] + 1, place[0] + 2))
    await tester.wait_until(lambda: tester.session.ref.quantity == "x")
    await tester.wait_until(lambda: tester.session.ref.unit == 1)
    check_replay(tester.session)


@in_app("autoencoder")
async def test_every_unit_of_the_network_can_be_clicked(tester: AppTester) -> None:
    await tester.press("f", "1", "m")
    network = tester.main.query_one("#network", Panel)
    await tester.wait_until(lambda: network.size.width > 100)
    width, height = network.size
    points = {
        unit_hit(tester.session, tester.main.palette, width, height, x, y): (x, y)
        for y in range(height)
        for x in range(0, width, 2)
    }
    units = {(layer, unit) for layer, count in enumerate(tester.session.engine.sizes) for unit in range(count)}
    assert {found for found in points if found is not None} == units
    for layer, unit in units:
        x, y = points[layer, unit]
        network.post_message(Panel.Clicked(network, x, y))
        await tester.wait_until(lambda here=(layer, unit): selected(tester) == here)  # type: ignore[misc]
    await tester.press("m")
    await tester.wait_until(lambda: tester.session.ref.symbol in tester.title("arithmetic"))


def selected(tester: AppTester) -> tuple[int, int]:
    """Return the selected unit as (layer, unit); layer 0 is the inputs."""
    ref = tester.session.ref
    return (0 if ref.quantity == "x" else ref.layer + 1, ref.unit)


@in_app(size=(80, 24))
async def test_a_click_on_a_tab_shows_its_view(tester: AppTester) -> None:
    tabs = tester.text("tabs")
    for name in ("Network", "Output", "Loss", "Arithmetic", "Layer"):
        await tester.pilot.click("#tabs", offset=(tabs.index(name), 0))
        await tester.wait_until(lambda: tester.session.tab == name.lower())


@in_app()
async def test_titles_with_brackets_are_drawn_unchanged(tester: AppTester) -> None:
    await tester.press("f", "b", "u")
    await tester.wait_until(lambda: f"Arithmetic · {tester.session.ref.symbol}" in tester.all_text())


@in_app(ascii=True)
async def test_ascii_screens_are_ascii(tester: AppTester) -> None:
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
        await tester.press(*keys)
        odd = {char for char in tester.all_text() if not char.isascii()}
        assert not odd, (keys, odd)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_a_shortened_text_does_not_end_in_the_sign_of_a_number(width: int) -> None:
    session, palette = new_session(experiment("vanishing")), get_palette("dark", ascii=True)
    for draw in (header.draw, message_line.draw):
        text = "".join(strip.text for strip in draw(session, palette, width, 1))
        assert text.isascii() and "#" not in text, text


@in_app("vanishing", ascii=True)
async def test_the_command_palette_is_ascii(tester: AppTester) -> None:
    for keys in (["n", "ctrl+p"], [*"back"], ["ctrl+u", *"zz"], ["ctrl+u", *"step"], ["ctrl+u", *"open"]):
        await tester.press(*keys)
        await tester.app.workers.wait_for_complete()
        await tester.settle()
        odd = {char for char in tester.all_text() if not char.isascii()}
        assert not odd, (keys, odd)
    await tester.wait_until(
        lambda: all(f"{command.title} {command.help}".isascii() for command in commands(tester.main))
    )


@pytest.mark.parametrize("keys", ["o", "question_mark", "t", "t x enter", "e", "M", "slash", "w", "ctrl+p"])
def test_a_dialog_in_ascii_has_no_accents_of_another_language(keys: str) -> None:
    @in_app(ascii=True)
    async def look(tester: AppTester) -> None:
        await tester.press(*keys.split())
        await tester.wait_until(lambda: isinstance(tester.app.screen, ModalScreen))
        await tester.settle()
        texts = [text for widget, text in shown(tester.app) if widget.screen is tester.app.screen]
        assert texts and [text for text in texts if not text.isascii()] == []

    with language(PseudoLanguage()):
        look()
