"""Tests of the form for a network of one's own, by keys alone."""

from __future__ import annotations

import numpy as np
import pytest
from textual.events import Paste
from textual.widgets import Input, Label, TextArea

from nn_tui.tui.screens.new_network import FORM, NewNetworkScreen
from nn_tui.tui.screens.picker import Picker
from tests._app import AppTester, check_layer_view, in_app, screen_text

SPELLED = {" ": "space", "\n": "enter"}


async def opened(tester: AppTester) -> None:
    """Open the form from the list of presets."""
    await tester.press("o")
    await tester.wait_until(lambda: isinstance(tester.app.screen, Picker))
    await tester.press(*"new", "space", *"net", "enter")
    await tester.wait_until(lambda: isinstance(tester.app.screen, NewNetworkScreen) and tester.app.focused is not None)
    await tester.settle()


async def write(tester: AppTester, text: str) -> None:
    """Type a text, character by character."""
    for character in text:
        tester.send(SPELLED.get(character, character))
    await tester.settle()


def text_of(tester: AppTester, name: str) -> str:
    """Return the text of a field."""
    field = tester.app.screen.query_one(f"#{name}")
    return field.text if isinstance(field, TextArea) else field.value if isinstance(field, Input) else ""


def error_of(tester: AppTester, name: str) -> str:
    """Return the error below a field."""
    label = tester.app.screen.query_one(f"#error-{name}", Label)
    return str(label.content) if label.display else ""


EXERCISE = {
    "sizes": "3-2-1",
    "activations": "sigmoid",
    "parameters": "w1 = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]\nb1 = -0.4 0.2\nw2 = -0.3 -0.2\nb2 = 0.1",
    "data": "1 0 1 -> 1",
    "loss": "half_squared_error",
    "optimizer": "sgd 0.9",
}


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
def test_an_exercise_of_a_text_book_is_on_screen_by_keys_alone(size: tuple[int, int]) -> None:
    """Han and Kamber, Data Mining, the example of backpropagation."""

    @in_app("iris", size)
    async def check(tester: AppTester) -> None:
        await opened(tester)
        for name, text in EXERCISE.items():
            await write(tester, text)
            assert text_of(tester, name) == text
            await tester.press("tab")
        await tester.press("shift+tab", "enter")
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        session = tester.session
        assert session.engine.sizes == (3, 2, 1) and session.trace.n == 1
        assert not session.experiment.preset.data.standardize and session.trace.x.tolist() == [[1, 0, 1]]
        await tester.wait_until(lambda: "The data, weights and biases are used as typed." in tester.all_text())
        await tester.press("f", "b", "u")
        trace = tester.session.trace
        assert np.allclose(trace.z[0], [[-0.7, 0.1]]) and np.allclose(trace.z[1], [[-0.10454]], atol=1e-5)
        assert np.allclose(trace.after.biases[1], [0.218052], atol=1e-6)
        if size == (120, 40):
            await tester.press("slash", *"z1", "enter")
            await tester.wait_until(lambda: "−0.7000" in tester.text("layer") and "+0.1000" in tester.text("layer"))
            await tester.press("slash", *"z2", "enter")
            await tester.wait_until(lambda: "−0.1045" in tester.text("layer"))
            check_layer_view(tester.session)

    check()


@in_app()
async def test_closing_loses_nothing_that_was_typed(tester: AppTester) -> None:
    before = tester.session
    await opened(tester)
    await write(tester, "5-4-3")
    await tester.press("tab", "tab")
    await write(tester, "w1 = 1\n2")
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    assert tester.session.run is before.run
    await opened(tester)
    assert text_of(tester, "sizes") == "5-4-3" and text_of(tester, "parameters") == "w1 = 1\n2"
    await tester.press("6")
    assert "5-4-3" in text_of(tester, "sizes"), "a typed text is not selected, so a key does not replace it"


@in_app(size=(80, 24))
async def test_each_field_has_its_own_error(tester: AppTester) -> None:
    await opened(tester)
    wrong = {
        "sizes": ("3", "is not a list of sizes"),
        "activations": ("sigmod", 'Did you mean "sigmoid"?'),
        "parameters": ("w1 = 1 2", "1 × 2 does not fit; it must be 2 × 2"),
        "data": ("1 0 1 -> 1", "a row has 3 inputs, but the sizes begin with 2"),
        "loss": ("mse", 'Did you mean "mean_squared_error"?'),
        "optimizer": ("sgd", "write the optimiser and its learning rate"),
    }
    good = tester.app.screen.query_one("#sizes", Input)
    for name, (text, problem) in wrong.items():
        field = tester.app.screen.query_one(f"#{name}")
        before = text_of(tester, name)
        if isinstance(field, TextArea):
            field.text = text
        elif isinstance(field, Input):
            field.value = text
        await tester.settle()
        good.focus()
        await tester.press("enter")
        await tester.wait_until(lambda: problem in error_of(tester, name))
        assert tester.app.focused is field and not any(error_of(tester, other) for other in FORM if other != name)
        assert text_of(tester, name) == text
        if isinstance(field, TextArea):
            field.text = before
        elif isinstance(field, Input):
            field.value = before
        await tester.settle()
        assert not error_of(tester, name), "nothing stale"
    good.focus()
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "new-network")
    await tester.wait_until(lambda: "drawn by xavier_uniform" in tester.all_text())


@in_app()
async def test_the_help_of_the_field_is_shown_and_rows_can_be_pasted(tester: AppTester) -> None:
    await opened(tester)
    for field in FORM.values():
        start = str(field.help)[:30]
        await tester.wait_until(lambda: start in screen_text(tester.app))
        await tester.press("tab")
    await tester.press(*["shift+tab"] * 3)
    area = tester.app.focused
    assert isinstance(area, TextArea)
    tester.app.post_message(Paste("1,0,1\n0,0,0\n"))
    await tester.wait_until(lambda: area.text == "1,0,1\n0,0,0\n")
    await tester.press("tab", "enter")
    await tester.wait_until(lambda: tester.session.trace.x.tolist() == [[1, 0], [0, 0]])


@in_app(ascii=True, size=(80, 24))
async def test_the_form_in_ascii(tester: AppTester) -> None:
    await opened(tester)
    for _ in FORM:
        await tester.press("tab")
        await tester.wait_until(lambda: tester.all_text().isascii())


@in_app()
async def test_enter_in_a_text_that_nobody_has_typed_removes_nothing(tester: AppTester) -> None:
    await opened(tester)
    await tester.press("tab", "tab", "tab")
    before = text_of(tester, "data")
    await tester.press("enter")
    await tester.wait_until(lambda: text_of(tester, "data") == f"{before}\n")
    await write(tester, "1 1 -> 1")
    assert text_of(tester, "data") == f"{before}\n1 1 -> 1"
