"""Keys that come faster than the screens they open: nothing is done by halves, and nothing twice."""

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
from tests._app import Hand, in_app

OPENS = ("enter", "o", "t", "e", "slash", "question_mark", "M", "w", "i", "c", "ctrl+p")


async def burst(hand: Hand, *keys: str) -> None:
    """Keys of which none waits for the one before."""
    for key in keys:
        await hand.send(key)


def click(widget: Widget, x: int, y: int, **meta: int) -> None:
    """A click at a place of the screen, on what has ``meta`` there, that goes to a widget without a look at it."""
    at = Click(widget, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y, style=Style(meta=meta))
    widget.post_message(at)


def no_dialog(hand: Hand) -> bool:
    """Whether the main screen is on top."""
    return not isinstance(hand.app.screen, ModalScreen)


@pytest.mark.parametrize("opens", OPENS)
@in_app()
async def test_a_dialog_that_is_closed_as_it_opens(hand: Hand, opens: str) -> None:
    await hand.press("f", "b")
    await burst(hand, opens, "escape", "enter", "escape", opens, "escape", "n")
    await hand.wait_until(lambda: no_dialog(hand) and hand.session.updates_done == 1)


@pytest.mark.parametrize("opens", [key for key in OPENS if key != "M"])  # which would train for a while
@in_app()
async def test_a_dialog_that_is_answered_as_it_opens(hand: Hand, opens: str) -> None:
    await hand.press("f", "b")
    await burst(hand, opens, "enter")
    await hand.settle()
    for screen in reversed(hand.app.screen_stack[1:]):
        screen.dismiss(None)
    await hand.wait_until(lambda: no_dialog(hand))
    done = hand.session.updates_done
    await hand.press("n")
    await hand.wait_until(lambda: hand.session.updates_done == done + 1)


@in_app()
async def test_many_seeds_end_below_another_screen(hand: Hand) -> None:
    await hand.press("M", "ctrl+u", *"1000", "tab", "ctrl+u", *"1000000")
    await hand.send("enter")  # and no waiting for its end
    await hand.wait_until(lambda: isinstance(hand.app.screen, SeedsProgress))
    progress = hand.app.screen
    await hand.send("ctrl+p")
    await hand.wait_until(lambda: hand.app.screen is not progress and hand.app.screen.is_mounted)
    await progress.run_action("cancel")
    await hand.wait_until(lambda: "Stopped before the first start" in hand.all_text())
    await hand.press("escape")
    await hand.wait_until(lambda: no_dialog(hand))


@in_app()
async def test_a_command_that_is_chosen_twice(hand: Hand) -> None:
    await hand.press("ctrl+p", *"mono", "down")
    await hand.wait_until(lambda: "Bookmark" not in hand.all_text())
    await burst(hand, "enter", "enter", "enter")
    await hand.settle()
    await hand.wait_until(lambda: no_dialog(hand))


@in_app()
async def test_a_click_that_ends_outside_of_the_screen(hand: Hand) -> None:
    await hand.press("ctrl+p")
    palette = hand.app.screen
    x, y = 500, 90
    click(palette, x, y)
    await hand.press("escape")
    await hand.wait_until(lambda: no_dialog(hand))


@in_app()
async def test_a_page_closes_below_one_that_is_being_opened(hand: Hand) -> None:
    await hand.press("question_mark")
    page = hand.app.screen
    assert isinstance(page, TextScreen)
    hand.app.action_command_palette()
    page.dismiss()
    await hand.wait_until(lambda: no_dialog(hand))


@in_app()
async def test_a_gradient_check_that_is_asked_for_again_and_again(hand: Hand) -> None:
    await hand.press("f", "b")
    await burst(hand, *"ggggg")
    await hand.wait_until(lambda: "Gradient check" in hand.all_text())
    await hand.press("escape")
    await hand.wait_until(lambda: no_dialog(hand))


@in_app()
async def test_keys_that_come_after_a_prompt_was_closed(hand: Hand) -> None:
    await hand.press("e")
    prompt = hand.app.screen
    prompt.dismiss()
    for action in ("pick(1)", "take", "cancel"):
        await prompt.run_action(action)
    await hand.settle()
    await hand.wait_until(lambda: no_dialog(hand))
    for action in ("pick(1)", "take", "cancel"):
        await prompt.run_action(action)


@in_app()
async def test_an_example_is_clicked_as_the_list_becomes_another(hand: Hand) -> None:
    await hand.press("e", "ctrl+u")
    forms, line = hand.app.screen.query_one("#forms", OptionList), hand.app.screen.query_one(Input)
    await hand.press("l", "1")  # the list has few lines now
    forms.post_message(OptionList.OptionSelected(forms, Option("clicked before", id="unfreeze"), 24))
    await hand.wait_until(lambda: line.value == "unfreeze w1")
    await hand.press("escape")


@pytest.mark.parametrize("change", ["y1 = 0.3", "loss = huber", "batch = 1"])
@in_app()
async def test_a_comparison_with_a_run_of_another_kind_is_drawn(hand: Hand, change: str) -> None:
    await hand.press("n", "e", "ctrl+u", *change, "enter", "c", "enter")
    await hand.wait_until(lambda: hand.session.other is not None)
    for key in ("f", "b", "u", "a", "f", "b", "u"):
        await hand.press(key)
    await hand.wait_until(lambda: hand.session.other is not None)


@in_app()
async def test_an_example_is_clicked_that_is_no_more(hand: Hand) -> None:
    await hand.press("e", "ctrl+u")
    forms = hand.app.screen.query_one("#forms", OptionList)
    forms.clear_options()
    click(forms, 3, 3, option=24)
    await hand.press("escape")
    await hand.wait_until(lambda: no_dialog(hand))


@in_app()
async def test_a_command_is_clicked_that_is_no_more(hand: Hand) -> None:
    await hand.press("ctrl+p")
    await hand.wait_until(lambda: bool(hand.app.screen.query(CommandList)))
    found = hand.app.screen.query_one(CommandList)
    assert not found.can_focus
    click(found, 3, 3, option=1_000)
    await hand.press("escape")
    await hand.wait_until(lambda: no_dialog(hand))
