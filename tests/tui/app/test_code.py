"""Tests of the code view on the running app: keys, mouse, sizes."""

from __future__ import annotations

from textual.events import MouseScrollDown

from nn_tui.tui.views.code_listing import listing
from nn_tui.tui.widgets.code_panel import CodePanel
from tests._app import PERMANENT_VIEWS, AppTester, in_app

KEYS_TESTED = {"framework"}


def lines(tester: AppTester) -> list[str]:
    return [line.rstrip() for line in tester.text("code").split("\n")]


def line_with(tester: AppTester, part: str) -> int:
    """Return the number of the only line of the view with some text; −1 if there is none or several."""
    found = [number for number, line in enumerate(lines(tester)) if part in line]
    return found[0] if len(found) == 1 else -1


def lit(tester: AppTester) -> list[str]:
    """Return the lit lines, without their numbers and notes."""
    texts = [line.lstrip("▸").split(maxsplit=1)[1] for line in lines(tester) if line.startswith("▸") and "=" in line]
    return [text.partition("  ")[0] for text in texts]


@in_app("xor", (80, 24))
async def test_stepping_lights_the_lines_and_scrolls_to_them(tester: AppTester) -> None:
    await tester.press("6", "z")
    await tester.wait_until(lambda: "z1 = x @" in tester.text("code") and not lit(tester))
    for part in ("z1 = x @", "a1 = np.tanh(", "z2 = a1 @", "a2 = sigmoid(", "loss = "):
        await tester.press("space")
        await tester.wait_until(lambda: len(lit(tester)) == 1 and lit(tester)[0].startswith(part), part)
        assert 2 < line_with(tester, part) < len(lines(tester)) - 5, "with context"
    await tester.press("b", "u")
    await tester.wait_until(lambda: [line.split()[0] for line in lit(tester)] == ["w1", "b1", "w2", "b2"])
    await tester.press("backspace")
    await tester.wait_until(lambda: lit(tester)[:1] == ["w1 = w1 - eta * dw1"])


@in_app("xor", (80, 24))
async def test_arrows_and_clicks_select_the_number_of_a_line(tester: AppTester) -> None:
    await tester.press("6", "f", "b", "slash", *"dw2[1,3]", "enter")
    await tester.wait_until(lambda: tester.session.ref.symbol == "∂L/∂w₂[1,3]")
    await tester.press("up")
    await tester.wait_until(lambda: tester.session.ref.quantity == "dz" and "δ₂[1] = " in tester.text("code"))
    await tester.press("down", "right")
    await tester.wait_until(lambda: tester.session.ref.symbol == "∂L/∂w₂[1,4]")
    await tester.wait_until(lambda: line_with(tester, "db2 =") > 0)
    await tester.pilot.click("#code", offset=(12, line_with(tester, "db2 =") + 1))
    await tester.wait_until(lambda: tester.session.ref.symbol == "∂L/∂b₂[1]")
    await tester.pilot.hover("#code", offset=(12, line_with(tester, "db2 =") + 1))
    await tester.wait_until(lambda: "∂L/∂b₂[1] = 0." in str(tester.widget("code").tooltip))


@in_app("xor", (80, 24))
async def test_the_whole_program_can_be_read_with_the_arrows(tester: AppTester) -> None:
    await tester.press("6")
    await tester.wait_until(lambda: "z1 = x @" in tester.text("code"))
    program = listing(tester.session).program.text.splitlines()
    for key, last in (("down", program[-1]), ("up", program[0])):
        for _ in range(len(program)):
            if line_with(tester, last) >= 0:
                break
            await tester.press(key)
        assert line_with(tester, last) >= 0, last


@in_app("xor", (80, 24))
async def test_the_wheel_scrolls_until_the_next_step(tester: AppTester) -> None:
    await tester.press("6", "f")
    await tester.wait_until(lambda: len(lit(tester)) == 1)
    program = listing(tester.session).program.text.splitlines()
    panel = tester.main.query_one("#code", CodePanel)
    for _ in program:
        panel.on_mouse_scroll_down(MouseScrollDown(panel, 1, 1, 0, 0, 0, False, False, False))
    await tester.wait_until(lambda: line_with(tester, program[-1]) >= 0 and not lit(tester))
    await tester.press("b")
    await tester.wait_until(lambda: len(lit(tester)) > 1)


@in_app("iris", (80, 24))
async def test_page_keys_scroll_and_enter_unfolds_the_weights(tester: AppTester) -> None:
    await tester.press("6")
    await tester.wait_until(lambda: "z1 = x @" in tester.text("code"))
    before = lines(tester)
    await tester.press("pagedown")
    await tester.wait_until(lambda: lines(tester)[0] == before[len(before) - 4], "two lines stay")
    await tester.press("pageup")
    await tester.wait_until(lambda: lines(tester) == before)
    await tester.press("slash", *"w1[1,1]", "enter", "enter")
    await tester.wait_until(lambda: "w1 = np.array([" in tester.text("code"))
    await tester.press("enter")
    await tester.wait_until(lambda: "w1 = ...  # " in tester.text("code"))


@in_app("xor", (120, 40))
async def test_a_wide_terminal_shows_it_in_the_place_of_other_views(tester: AppTester) -> None:
    before = {name: tester.widget(name).region for name in PERMANENT_VIEWS}
    await tester.press("6")
    await tester.wait_until(lambda: "z1 = x @" in tester.text("code"))
    place = before["network"].union(before["layer"])
    await tester.wait_until(lambda: tester.widget("code").region == place)
    assert {name for name in PERMANENT_VIEWS if tester.visible(name)} == {"arithmetic", "output", "loss"}
    assert all(tester.widget(name).region == before[name] for name in ("arithmetic", "output", "loss"))
    await tester.press("2", "f")
    await tester.wait_until(lambda: all(tester.visible(name) for name in PERMANENT_VIEWS))
    assert {name: tester.widget(name).region for name in PERMANENT_VIEWS} == before and not tester.visible("code")


@in_app("xor", (80, 24))
async def test_c_switches_between_the_frameworks_and_y_copies_the_program(tester: AppTester) -> None:
    await tester.press("C")
    await tester.wait_until(lambda: tester.session.tab == "code" and "NumPy 1/2" in tester.title("code"))
    await tester.wait_until(lambda: "C NumPy/PyTorch" in tester.text("footer"))
    await tester.press("C")
    await tester.wait_until(lambda: "PyTorch 2/2" in tester.title("code"))
    await tester.press("Y")
    await tester.wait_until(lambda: "import torch" in tester.app.clipboard)
    assert tester.app.clipboard == listing(tester.session).program.text
    await tester.wait_until(lambda: "x writes it to a file." in tester.text("message"))
    await tester.press("1")
    await tester.wait_until(lambda: tester.session.tab == "network" and "NumPy/" not in tester.text("footer"))
