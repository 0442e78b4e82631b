"""Tests of keys that arrive faster than the screens they open."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.command import CommandList
from textual.events import Click
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from nn_tui.tui.screens.seeds import SeedsProgress
from nn_tui.tui.screens.text import TextScreen
from tests._app import AppTester, in_app

OPENS = ("enter", "o", "t", "e", "slash", "question_mark", "M", "w", "i", "c", "ctrl+p")


async def burst(tester: AppTester, *keys: str) -> None:
    """Press keys without waiting."""
    for key in keys:
        tester.send(key)


def click(widget: Widget, x: int, y: int, **meta: int) -> None:
    """Send a widget a click on a cell whose style has ``meta``, without a check that the cell is on screen."""
    at = Click(widget, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y, style=Style(meta=meta))
    widget.post_message(at)


def no_dialog(tester: AppTester) -> bool:
    """Return whether no dialog is open."""
    return not isinstance(tester.app.screen, ModalScreen)


@pytest.mark.parametrize("opens", OPENS)
@in_app()
async def test_a_dialog_can_be_closed_while_it_opens(tester: AppTester, opens: str) -> None:
    await tester.press("f", "b")
    await burst(tester, opens, "escape", "enter", "escape", opens, "escape", "n")
    await tester.wait_until(lambda: no_dialog(tester) and tester.session.updates_done == 1)


@pytest.mark.parametrize("opens", [key for key in OPENS if key != "M"])  # which would train for a while
@in_app()
async def test_a_dialog_can_be_answered_while_it_opens(tester: AppTester, opens: str) -> None:
    await tester.press("f", "b")
    await burst(tester, opens, "enter")
    await tester.settle()
    for screen in reversed(tester.app.screen_stack[1:]):
        screen.dismiss(None)
    await tester.wait_until(lambda: no_dialog(tester))
    await tester.settle()  # a command that was chosen in the palette runs after the palette has closed
    done = tester.session.updates_done
    await tester.press("n")
    await tester.wait_until(lambda: tester.session.updates_done == done + 1)


@in_app()
async def test_many_seeds_can_finish_below_another_screen(tester: AppTester) -> None:
    await tester.press("M", "ctrl+u", *"1000", "tab", "ctrl+u", *"1000000")
    tester.send("enter")  # and no waiting for its end
    await tester.wait_until(lambda: isinstance(tester.app.screen, SeedsProgress))
    progress = tester.app.screen
    tester.send("ctrl+p")
    await tester.wait_until(lambda: tester.app.screen is not progress and tester.app.screen.is_mounted)
    await tester.wait_until(lambda: isinstance(progress, SeedsProgress) and progress.part_done() > 0)
    await progress.run_action("cancel")
    await tester.wait_until(lambda: "Stopped early" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: no_dialog(tester))


@in_app()
async def test_a_command_can_be_chosen_twice_in_a_burst(tester: AppTester) -> None:
    await tester.press("ctrl+p", *"mono", "down")
    await tester.wait_until(lambda: "Bookmark" not in tester.all_text())
    await burst(tester, "enter", "enter", "enter")
    await tester.settle()
    await tester.wait_until(lambda: no_dialog(tester))


@in_app()
async def test_a_click_can_end_outside_of_the_screen(tester: AppTester) -> None:
    await tester.press("ctrl+p")
    palette = tester.app.screen
    x, y = 500, 90
    click(palette, x, y)
    await tester.press("escape")
    await tester.wait_until(lambda: no_dialog(tester))


@in_app()
async def test_a_page_can_close_while_another_one_opens(tester: AppTester) -> None:
    await tester.press("question_mark")
    page = tester.app.screen
    assert isinstance(page, TextScreen)
    tester.app.action_command_palette()
    page.dismiss()
    await tester.wait_until(lambda: no_dialog(tester))


@in_app()
async def test_a_gradient_check_requested_repeatedly_opens_once(tester: AppTester) -> None:
    await tester.press("f", "b")
    await burst(tester, *"ggggg")
    await tester.wait_until(lambda: "Gradient check" in tester.all_text())
    await tester.press("escape")
    await tester.wait_until(lambda: no_dialog(tester))


@in_app()
async def test_actions_of_a_closed_prompt_do_nothing(tester: AppTester) -> None:
    await tester.press("e")
    prompt = tester.app.screen
    prompt.dismiss()
    for action in ("pick(1)", "take", "cancel"):
        await prompt.run_action(action)
    await tester.settle()
    await tester.wait_until(lambda: no_dialog(tester))
    for action in ("pick(1)", "take", "cancel"):
        await prompt.run_action(action)


@in_app()
async def test_a_click_on_an_example_is_safe_while_the_list_changes(tester: AppTester) -> None:
    await tester.press("e", "ctrl+u")
    forms, line = tester.app.screen.query_one("#forms", OptionList), tester.app.screen.query_one(Input)
    await tester.press("l", "1")  # the list has few lines now
    forms.post_message(OptionList.OptionSelected(forms, Option("clicked before", id="unfreeze"), 24))
    await tester.wait_until(lambda: line.value == "unfreeze w1")
    await tester.press("escape")


@pytest.mark.parametrize("change", ["y1 = 0.3", "loss = huber", "batch = 1"])
@in_app()
async def test_a_comparison_with_a_run_of_another_kind_is_drawn(tester: AppTester, change: str) -> None:
    await tester.press("n", "e", "ctrl+u", *change, "enter", "c", "enter")
    await tester.wait_until(lambda: tester.session.other is not None)
    for key in ("f", "b", "u", "a", "f", "b", "u"):
        await tester.press(key)
    await tester.wait_until(lambda: tester.session.other is not None)


@in_app()
async def test_a_click_on_a_removed_example_is_ignored(tester: AppTester) -> None:
    await tester.press("e", "ctrl+u")
    forms = tester.app.screen.query_one("#forms", OptionList)
    forms.clear_options()
    click(forms, 3, 3, option=24)
    await tester.press("escape")
    await tester.wait_until(lambda: no_dialog(tester))


@in_app()
async def test_a_click_on_a_removed_command_is_ignored(tester: AppTester) -> None:
    await tester.press("ctrl+p")
    await tester.wait_until(lambda: bool(tester.app.screen.query(CommandList)))
    found = tester.app.screen.query_one(CommandList)
    assert not found.can_focus
    click(found, 3, 3, option=1_000)
    await tester.press("escape")
    await tester.wait_until(lambda: no_dialog(tester))
