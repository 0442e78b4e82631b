"""Tests of live changes on the running app: the prompt, valid and invalid changes, and undo."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.events import Paste
from textual.widgets import Input, Label, OptionList

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.edits.parser import EDITS, apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import OptimizerSpec
from nn_tui.tui.screens.edit import EditPrompt, format_forms, matching_forms
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.session import Session, clamp_ref, new_session, select
from tests._app import AppTester, check_counters, check_layer_view, experiment, in_app, screen_text
from tests._moves import LOOKS, STEPS
from tests._salaries import salaries

KEYS_TESTED = {"edit", "switch_run", "compare", "seeds"}  # the last two in test_compare.py
NAMES = {" ": "space", "=": "equals_sign", ".": "full_stop", "[": "left_square_bracket", "]": "right_square_bracket"}
NAMES |= {",": "comma", "-": "minus", "_": "underscore", ">": "greater_than_sign"}


async def write(tester: AppTester, text: str) -> None:
    """Type a line, character by character."""
    for character in text:
        tester.send(NAMES.get(character, character))
    await tester.settle()


async def opened(tester: AppTester, key: str = "e") -> Input:
    """Open a prompt; its line."""
    await tester.press(key)
    await tester.wait_until(lambda: isinstance(tester.app.screen, EditPrompt) and bool(tester.app.screen.query(Input)))
    return tester.app.screen.query_one(Input)


async def change(tester: AppTester, text: str) -> None:
    """Open the prompt, put ``text`` in place of what stands there, apply it."""
    (await opened(tester)).value = text
    await tester.settle()
    await tester.press("enter")


async def applied(tester: AppTester, text: str) -> None:
    """Apply a change, and wait until the prompt is closed and a new run is on screen."""
    runs = tester.session.runs
    await change(tester, text)
    await tester.wait_until(lambda: tester.app.screen is tester.main and tester.session.runs is not runs)
    await tester.settle()


def edit_error(tester: AppTester) -> str:
    """Return the error message in the prompt."""
    return str(tester.app.screen.query_one("#problem", Label).content)


def same_numbers(session: Session) -> None:
    """Check that the pass on screen equals that of a fresh run with the same changes at the same updates."""
    run = Run.start(session.run.segments[0].experiment)
    for segment in session.run.segments[1:]:
        run.goto(segment.start)
        run = run.edited(segment.start, segment.experiment, segment.change, segment.state)
    run.goto(session.trace.update - 1)
    trace = run.trace(session.trace.update)
    assert trace.before.array.tobytes() == session.trace.before.array.tobytes()
    assert trace.after.array.tobytes() == session.trace.after.array.tobytes()
    run.release(trace)


def true_screen(tester: AppTester) -> None:
    """Check that the counters and the matrices on screen are those of the session."""
    check_counters(tester.session, tester.text("header") + " ")
    check_layer_view(tester.session)
    same_numbers(tester.session)


@in_app()
async def test_a_weight_at_the_start(tester: AppTester) -> None:
    line = await opened(tester)
    await tester.wait_until(lambda: line.value.startswith("w1[1,1] = 0.") and "after update 0" in tester.all_text())
    assert line.selected_text == line.value.partition(" = ")[2], "a number replaces the number"
    await write(tester, "-1.5")
    assert line.value == "w1[1,1] = -1.5"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    session = tester.session
    assert session.trace.before.weights[0][0, 0] == -1.5 and session.ref == Ref("w", sample=2)
    assert (session.trace.update, session.cursor, session.updates_done) == (1, 0, 0)
    await tester.wait_until(lambda: "▐−1.5000▌" in tester.text("layer"))
    await tester.wait_until(
        lambda: "w1[1,1] = -1.5, from the start; ⌫ undoes it" in tester.text("message").replace("−", "-")
    )
    true_screen(tester)


@in_app()
async def test_a_change_after_an_update_applies_to_the_next_pass(tester: AppTester) -> None:
    await tester.press(*"nnn")
    before = tester.session
    await tester.wait_until(lambda: "η 2 " in tester.text("header"))
    await applied(tester, "eta = 0.5")
    session = tester.session
    assert (session.trace.update, session.cursor, session.updates_done) == (4, 0, 3)
    await tester.wait_until(lambda: "η 0.5" in tester.text("header") and "update 3" in tester.text("header"))
    await tester.wait_until(lambda: "η 2 → 0.5, from update 3 on; ⌫ undoes it" in tester.text("message"))
    assert session.trace.before.array[0].tobytes() == before.trace.after.array[0].tobytes()
    assert before.run in session.runs and session.run is not before.run
    assert session.is_known(session.ref), "nothing that is not computed yet is selected"
    true_screen(tester)
    await tester.press("n")
    moved = tester.session.trace.after.array[0] - tester.session.trace.before.array[0]
    await tester.wait_until(lambda: np.allclose(moved, -0.5 * tester.session.trace.gradient, rtol=1e-12))
    true_screen(tester)


@in_app()
async def test_backspace_undoes_a_change_and_a_shows_it_again(tester: AppTester) -> None:
    await tester.press(*"nnnf")
    await tester.press("e")
    await tester.press("escape")
    before = tester.session
    await applied(tester, "w2[1,3] = 0.25")
    await tester.wait_until(
        lambda: (tester.session.trace.update, tester.session.cursor) == (before.trace.update, before.cursor)
    )
    await tester.wait_until(lambda: tester.session.ref == Ref("w", 1, 0, 2, 2) and "+0.2500" in tester.text("layer"))
    changed = tester.session
    await tester.press("backspace")
    session = tester.session
    assert session.run is before.run and (session.trace.update, session.cursor) == (before.trace.update, before.cursor)
    await tester.wait_until(lambda: "Undone: w2[1,3] = 0.25" in tester.text("message"))
    true_screen(tester)
    await tester.press("a")
    await tester.wait_until(
        lambda: tester.session.run is changed.run and tester.session.trace.before.weights[1][0, 2] == 0.25
    )
    await tester.wait_until(lambda: "Run 2 of 2: w2[1,3] = 0.25 at update 3." in tester.text("message"))
    await tester.press("a")
    await tester.wait_until(lambda: tester.session.run is before.run and "Run 1 of 2" in tester.text("message"))


@in_app()
async def test_undo_goes_back_through_every_change(tester: AppTester) -> None:
    await tester.press(*"nn")
    await applied(tester, "eta = 0.5")
    await tester.press("n", "f")
    await applied(tester, "activation 1 = relu")
    labels = [change_text(segment.change) for segment in tester.session.run.segments]
    assert labels == ["start", "η 2 → 0.5", "activation 1 tanh → relu"]
    taken, places = [], []
    for _ in range(60):
        await tester.press("backspace")
        session = tester.session
        if str(session.message).startswith("Undone"):
            taken.append(str(session.message).removeprefix("Undone: ").removesuffix(". `a` shows it again."))
        places.append((session.trace.update, session.cursor))
        if (session.trace.update, session.cursor) == (1, 0):
            break
    await tester.wait_until(lambda: places[-1] == (1, 0) and len(tester.session.run.segments) == 1)
    assert taken == ["activation 1 tanh → relu", "η 2 → 0.5"]
    assert places == sorted(places, reverse=True), "always further back"


@in_app()
async def test_a_change_within_a_pass_keeps_the_cursor(tester: AppTester) -> None:
    await tester.press("n", "f", "b")
    at = tester.session.cursor
    await applied(tester, "eta = 0.5")
    await tester.wait_until(lambda: (tester.session.trace.update, tester.session.cursor) == (2, at))
    await tester.wait_until(lambda: "✓ backward" in tester.text("phases") and "○ update" in tester.text("phases"))
    true_screen(tester)
    await applied(tester, "add 2 units to layer 1")
    session = tester.session
    await tester.wait_until(lambda: session.engine.sizes == (2, 6, 1) and "2–6–1" in tester.text("header"))
    assert session.cursor == session.pass_steps.after("backward")
    await tester.wait_until(lambda: "✓ backward" in tester.text("phases") and "○ update" in tester.text("phases"))
    true_screen(tester)


@pytest.mark.parametrize("keys", ["", "f", "fb", "fbu", "   ", "zz     ", "zzz          ", "n" + " " * 7])
@pytest.mark.parametrize("text", ["add layer 1 3 relu", "add layer 2 5 tanh", "units 1 = 1", "remove layer 1"])
def test_other_shapes_keep_phase_and_selection_in_bounds(keys: str, text: str) -> None:
    session = new_session(experiment("xor"))
    session = select(session, Ref("w", 1, 0, 3))
    for key in keys:
        session = STEPS["space" if key == " " else key](session)
    done, phase = session.updates_done, session.step.phase
    finished = session.cursor >= session.pass_steps.end
    after = branches.show_edited(session, apply_edit(text, session.run, done))
    assert after.updates_done == done
    assert after.step.phase == (None if finished else phase)
    assert after.ref == clamp_ref(after, after.ref)
    check_layer_view(after)
    back = stepping.previous_stop(after)
    assert (back.run, back.trace.update, back.cursor) == (session.run, session.trace.update, session.cursor)
    for move in (stepping.next_stop, stepping.previous_stop):
        check_layer_view(move(after))


@in_app()
async def test_a_change_in_the_past_keeps_the_later_updates(tester: AppTester) -> None:
    await tester.press(*"nnnnnn")
    old = tester.session.run
    last = old.state_after(6).array.copy()
    await tester.press("p", "p", "p")
    await applied(tester, "w1[2,1] = 0.3")
    await tester.wait_until(
        lambda: tester.session.run.reached == 4 and old.reached == 6, "one pass ahead is computed to be stepped through"
    )
    await tester.wait_until(lambda: "a shows the old run, which has reached 6" in tester.text("message"))
    await tester.wait_until(lambda: len(tester.session.runs) == 2 and "run 2 of 2" in tester.text("timeline"))
    await tester.press(*"nn")
    true_screen(tester)
    await tester.press("a")
    await tester.wait_until(
        lambda: tester.session.run is old and tester.session.updates_done == 5, "the same update, where it was reached"
    )
    await tester.press("n")
    await tester.wait_until(lambda: tester.session.trace.after.array.tobytes() == last.tobytes())
    await tester.press("n", "a")
    await tester.wait_until(
        lambda: tester.session.updates_done == 5 and "It has reached update 5." in tester.text("message")
    )


@in_app()
async def test_changes_are_marked_on_the_timeline_and_named_at_the_cursor(tester: AppTester) -> None:
    await tester.press(*"nnnn")
    await applied(tester, "eta = 0.5")
    await tester.wait_until(lambda: "◆" not in tester.text("timeline"), "the cursor stands on it")
    await tester.press(*"nnnn")
    bar = tester.text("timeline")
    assert bar.count("◆") == 1 and 0.4 < bar.index("◆") / bar.index("●") < 0.6
    await tester.press("left_parenthesis")
    await tester.wait_until(lambda: tester.session.updates_done == 4)
    await tester.press("d")
    await tester.press("p", "n")
    await tester.wait_until(
        lambda: tester.session.updates_done == 4 and "Changed here: η 2 → 0.5." in tester.text("message")
    )
    await tester.press("n")
    await tester.wait_until(lambda: "Changed here" not in tester.text("message"))


@in_app("too-fast")
async def test_a_divergence_is_marked_and_rejects_changes(tester: AppTester) -> None:
    for _ in range(3):
        await tester.press("plus")
    tester.send("r")
    await tester.wait_until(lambda: tester.session.run.divergence is not None and not tester.session.running)
    await tester.press("p", "p")
    await tester.wait_until(lambda: "✕" in tester.text("timeline"))
    divergence = tester.session.run.divergence
    assert divergence is not None
    await tester.press("end")
    await change(tester, "eta = 0.01")
    await tester.wait_until(lambda: "diverged here" in edit_error(tester) and len(tester.session.runs) == 1)
    await tester.press("escape", "home")
    await applied(tester, "eta = 0.01")
    await tester.wait_until(lambda: tester.session.run.divergence is None and "✕" not in tester.text("timeline"))
    await tester.press(*"nnn")
    await tester.wait_until(lambda: tester.session.updates_done == 3)


BAD = [
    ("w9[1,1] = 2", "the layers go from 1 to 2"),
    ("w1[9,1] = 2", "units 1 to 4"),
    ("w1[1,1] = x", "not a number"),
    ("w1[1,1] = nan", "finite"),
    ("eta = -1", "more than 0"),
    ("eta = 2", "already"),
    ("optimizer = adm", "adam"),
    ("loss = cross_entropy", "softmax"),
    ("z1[1] = 3", "computed"),
    ("remove layer 2", "output layer"),
    ("batch = 0", "not between 1 and"),
    ("wurst", "is not a setting"),
    ("", "write what to change"),
]


@in_app()
async def test_an_invalid_line_is_rejected_with_a_reason(tester: AppTester) -> None:
    await tester.press("n", "f")
    before = tester.session
    line = await opened(tester)
    for text, words in BAD:
        line.value = text
        await tester.settle()
        await tester.press("enter")
        await tester.wait_until(lambda: words in edit_error(tester), (text, edit_error(tester)))
        await tester.wait_until(
            lambda: isinstance(tester.app.screen, EditPrompt) and tester.session.runs is before.runs
        )
    line.value = "eta"
    await tester.settle()
    await tester.wait_until(lambda: edit_error(tester) == "", "nothing stale")
    await tester.press("escape")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: tester.session.trace is before.trace and tester.session.cursor == before.cursor)


@in_app()
async def test_the_current_value_changes_nothing(tester: AppTester) -> None:
    await opened(tester)
    await tester.press("enter")
    await tester.wait_until(lambda: "another one" in edit_error(tester) and len(tester.session.runs) == 1)


@pytest.mark.parametrize("typed", ["-0.25", "−0.25", " = -0.25"])
@in_app()
async def test_a_number_alone_sets_the_selected_number(tester: AppTester, typed: str) -> None:
    await tester.press("down")
    line = await opened(tester)
    line.value = ""
    line.value = typed
    await tester.press("enter")
    await tester.wait_until(lambda: len(tester.session.runs) == 2)
    await tester.wait_until(lambda: tester.session.trace.before.weights[0][1, 0] == -0.25)
    await tester.wait_until(lambda: "w1[2,1]" in tester.text("message") or "w₁[2,1]" in tester.text("message"))


@in_app()
async def test_a_number_alone_is_rejected_if_the_selection_cannot_be_set(tester: AppTester) -> None:
    await tester.press("f")
    line = await opened(tester)
    line.value = "0.5"
    await tester.press("enter")
    await tester.wait_until(lambda: len(tester.session.runs) == 1 and len(tester.app.screen_stack) == 2)


@in_app()
async def test_a_letter_replaces_the_prefilled_change(tester: AppTester) -> None:
    line = await opened(tester)
    await write(tester, "eta = 0.7")
    assert line.value == "eta = 0.7"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: tester.session.experiment.training.optimizer.learning_rate == 0.7)


@in_app()
async def test_a_letter_never_replaces_what_was_typed(tester: AppTester) -> None:
    line = await opened(tester)
    await write(tester, "w1[1,1] = abc")
    assert line.value == "w1[1,1] = abc"
    await tester.press("enter")
    await tester.wait_until(lambda: '"abc" is not a number' in edit_error(tester))
    await tester.press(*["backspace"] * 3, *"ef", "escape")
    line = await opened(tester)
    await tester.press("5", "backspace", "a")
    assert line.value == "w1[1,1] = a"


@in_app()
async def test_tab_shows_an_example_before_it_replaces_what_was_typed(tester: AppTester) -> None:
    line = await opened(tester)
    await write(tester, "w1[1,1] = abc")
    await tester.press("tab")
    assert line.value == "w1[1,1] = abc"
    await tester.press("tab")
    assert line.value == EDITS["weight"].example


@in_app()
async def test_tab_writes_the_name_that_an_error_suggests(tester: AppTester) -> None:
    line = await opened(tester)
    for typed, better in (
        ("activaton 1 = relu", "activation 1 = relu"),
        ("Optimizer = adm", "Optimizer = adam"),
        ("w9 = 0.5", "w2[1,1] = 0.5"),
        ("w₉ = 0.5", "w2[1,1] = 0.5"),
    ):
        line.value = typed
        await tester.settle()
        await tester.press("enter")
        await tester.wait_until(lambda: "(tab writes it)" in edit_error(tester))
        await tester.press("tab")
        assert line.value == better


@in_app("xor", (80, 24))
async def test_the_list_of_examples_is_filtered_and_enter_uses_one(tester: AppTester) -> None:
    line = await opened(tester)
    forms = tester.app.screen.query_one("#forms", OptionList)
    assert forms.option_count == len(EDITS), "all that can be written"
    await write(tester, "act")
    await tester.settle()
    await tester.wait_until(
        lambda: forms.option_count == 1 and "softmax" in tester.all_text(), "the names to choose from"
    )
    await tester.press("down", "enter")
    assert line.value == "activation 1 = relu" and line.selected_text == "relu"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(lambda: tester.session.experiment.layers[0].activation == "relu")
    line = await opened(tester)
    line.value = ""
    await tester.settle()
    await tester.press("down", "down", "up", "up")
    await tester.press("tab")
    assert line.value in {form.example for form in EDITS.values()}


@pytest.mark.parametrize("form", EDITS.values(), ids=list(EDITS))
def test_every_prefix_of_an_example_finds_it(form: object) -> None:
    one = next(each for each in EDITS.values() if each is form)
    assert one in matching_forms(one.example)
    for length in range(2, len(one.example)):
        assert one in matching_forms(one.example[:length]), one.example[:length]


@pytest.mark.parametrize("width", [40, 60, 78])
def test_the_list_wraps_within_its_width(width: int) -> None:
    for ascii_only in (False, True):
        for entry in format_forms(list(EDITS.values()), width, ascii_only):
            assert all(cell_len(line) <= width for line in entry.split("\n"))
            assert not ascii_only or entry.isascii()


@in_app("xor", (80, 24), ascii=True)
async def test_the_prompt_in_ascii_at_80_by_24(tester: AppTester) -> None:
    line = await opened(tester)
    line.value = "l2"
    await tester.settle()
    await tester.wait_until(lambda: tester.all_text().isascii())
    line.value = "η = 3x"
    await tester.settle()
    await tester.press("enter")
    await tester.wait_until(lambda: "write for example eta = 0.5" in tester.all_text(), "the whole sentence is in view")


@in_app("spiral", (80, 24))
async def test_changes_of_inputs_and_targets_apply_to_the_sample_on_screen(tester: AppTester) -> None:
    await tester.press("f", "full_stop", "full_stop")
    row = tester.session.data_row
    rows = tester.session.trace.rows
    assert row == (2 if rows is None else rows[2])
    await applied(tester, "x2 = 0.125")
    await tester.wait_until(lambda: tester.session.experiment.data.x[row, 1] == 0.125)
    await tester.wait_until(
        lambda: tester.session.trace.x[tester.session.ref.sample, 1] == 0.125, "still the selected sample"
    )
    await tester.wait_until(lambda: f"x2 of sample {row + 1} = 0.125" in str(tester.session.message))
    await tester.wait_until(lambda: tester.session.ref.quantity == "x" and tester.session.ref.unit == 1)


@in_app()
async def test_editing_while_training_pauses_first(tester: AppTester) -> None:
    await tester.press("plus")
    tester.send("r")
    await tester.wait_until(lambda: tester.session.updates_done > 50)
    tester.send("e")
    await tester.wait_until(lambda: isinstance(tester.app.screen, EditPrompt) and bool(tester.app.screen.query(Input)))
    await tester.wait_until(lambda: not tester.session.running)
    done = tester.session.updates_done
    await tester.settle()
    tester.app.screen.query_one(Input).value = "eta = 0.5"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    await tester.wait_until(
        lambda: tester.session.updates_done == done and tester.session.run.segments[-1].start == done
    )
    same_numbers(tester.session)


@in_app()
async def test_the_page_of_a_parameter_opens_the_change_prompt(tester: AppTester) -> None:
    await tester.press("enter")
    await tester.wait_until(lambda: "e edits it" in screen_text(tester.app))
    await tester.press("e")
    await tester.wait_until(lambda: isinstance(tester.app.screen, EditPrompt) and bool(tester.app.screen.query(Input)))
    await tester.wait_until(lambda: tester.app.screen.query_one(Input).value.startswith("w1[1,1] = "))


@in_app()
async def test_the_prompt_offers_the_parameter_of_a_computed_number(tester: AppTester) -> None:
    await tester.press("f")
    tester.main.show(select(tester.session, Ref("z", 0, 1)))
    assert (await opened(tester)).value == ""
    await tester.press("escape")
    await tester.press("b", "u")
    tester.main.show(select(tester.session, Ref("dw", 1, 0, 2)))
    line = await opened(tester)
    value = tester.session.trace.after.weights[1][0, 2]
    assert line.value == f"w2[1,3] = {value:.6g}", "the value that the change would replace"


@in_app()
async def test_the_number_of_runs_is_limited(tester: AppTester) -> None:
    for index in range(stepping.MAX_RUNS + 1):
        await applied(tester, f"w1[1,1] = {index}.5")
    await tester.wait_until(
        lambda: len(tester.session.runs) == stepping.MAX_RUNS and tester.session.run is tester.session.runs[-1]
    )
    seen = set()
    for _ in range(stepping.MAX_RUNS):
        await tester.press("a")
        seen.add(tester.session.active)
    assert seen == set(range(stepping.MAX_RUNS))


@in_app()
async def test_switching_with_one_run_explains_how_to_get_another(tester: AppTester) -> None:
    await tester.press("a")
    await tester.wait_until(lambda: "There is one run" in tester.text("message") and len(tester.session.runs) == 1)


MOVES = {**STEPS, "a": branches.switch_run, ".": LOOKS["."], "]": LOOKS["]"]}
LINES = [form.example for form in EDITS.values()] + ["w2[1,1] = -4", "x1 = 3", "y1 = 0", "batch = full", "seed", "data"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(("xor", "iris", "mazur", "moons")),
    st.lists(st.one_of(st.sampled_from(sorted(MOVES)), st.sampled_from(LINES)), min_size=4, max_size=25),
)
def test_random_changes_and_steps_show_correct_numbers_and_can_be_undone(name: str, keys: list[str]) -> None:
    session = new_session(experiment(name))
    for key in keys:
        before = session
        if key in MOVES:
            session = MOVES[key](session)
        else:
            try:
                edited = apply_edit(key, session.run, session.updates_done, session.data_row)
            except InputError:
                continue
            session = branches.show_edited(session, edited)
            assert session.updates_done == before.updates_done and session.is_known(session.ref)
            back = stepping.previous_stop(session)
            assert (back.run, back.trace.update, back.cursor) == (before.run, before.trace.update, before.cursor)
            edited = apply_edit(key, back.run, back.updates_done, back.data_row)
            session = branches.show_edited(back, edited)
        assert session.ref == clamp_ref(session, session.ref)
        assert session.run in session.runs and len(session.runs) <= stepping.MAX_RUNS
        assert 0 <= session.cursor <= session.pass_steps.end
        check_layer_view(session)
        same_numbers(session)


@in_app("plane")
async def test_an_infinity_is_always_written_the_same_way(tester: AppTester) -> None:
    await tester.press("e", *"x1=1e200", "enter", "f", "n", "n")
    await tester.wait_until(lambda: tester.session.run.divergence is not None)
    await tester.wait_until(lambda: "∞" in tester.all_text())
    assert not re.search(r"\binf\b", tester.all_text())


@in_app()
async def test_an_exercise_is_typed_line_by_line(tester: AppTester) -> None:
    """Han and Kamber, Data Mining, the example of backpropagation, by keys alone."""
    lines = (
        "data = 1 0 1 -> 1",
        "units 1 = 2",
        "activation 1 = sigmoid",
        "w1 = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]",
        "b1 = -0.4 0.2",
        "w2 = -0.3 -0.2",
        "b2 = 0.1",
        "eta = 0.9",
    )
    for text in lines:
        runs = tester.session.runs
        line = await opened(tester)
        await tester.press("ctrl+u")
        await write(tester, text)
        assert line.value == text
        await tester.press("enter")
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        assert tester.session.runs is not runs, text
    await tester.press("f", "slash", *"z1", "enter")
    await tester.wait_until(lambda: "−0.70" in tester.text("layer") and "+0.10" in tester.text("layer"))
    await tester.wait_until(lambda: "3–2–1" in tester.text("header") and "η 0.9" in tester.text("header"))
    await tester.press("slash", *"z2", "enter")
    await tester.wait_until(lambda: "−0.1045" in tester.text("layer"))
    await tester.press("b", "u")
    check_layer_view(tester.session)


@in_app()
async def test_a_pasted_matrix_keeps_all_its_lines(tester: AppTester) -> None:
    line = await opened(tester)
    line.post_message(Paste("w2 = [[0.1, 0.2,\n       0.3, 0.4]]\n"))
    await tester.wait_until(lambda: line.value == "w2 = [[0.1, 0.2, 0.3, 0.4]]")
    await tester.press("enter")
    await tester.wait_until(lambda: "all 4 weights of layer 2" in tester.text("message"))


@in_app("xor", (80, 24))
async def test_the_examples_scroll_by_pages_and_each_has_a_sentence(tester: AppTester) -> None:
    assert all(str(form.help)[0].isupper() and str(form.help).endswith(".") for form in EDITS.values())
    line = await opened(tester)
    forms = tester.app.screen.query_one("#forms", OptionList)
    await tester.press("pagedown")
    assert forms.highlighted is not None and 0 < forms.highlighted < len(EDITS) // 2, "a page, not all"
    await tester.press(*["pagedown"] * len(EDITS))
    assert forms.highlighted == len(EDITS) - 1 and "unfreeze w1" in tester.all_text()
    await tester.press("enter")
    assert line.value == "unfreeze w1"
    line.value = "help"
    await tester.press("enter")
    await tester.wait_until(lambda: "entry of the list is an example" in edit_error(tester))


@pytest.mark.parametrize("key", ["e", "c"])
@in_app()
async def test_a_learning_rate_is_proposed_for_another_optimiser(tester: AppTester, key: str) -> None:
    line = await opened(tester, key)
    await tester.press("ctrl+u")
    await write(tester, "optimizer = adam")
    await tester.press("enter")
    await tester.wait_until(
        lambda: line.value == "optimizer = adam 0.01" and "η = 0.01 is proposed" in edit_error(tester)
    )
    assert line.selected_text == "0.01", "a number replaces it"
    await write(tester, "0.05")
    assert line.value == "optimizer = adam 0.05"
    await tester.press("enter")
    await tester.wait_until(lambda: tester.app.screen is tester.main)
    session = tester.session
    run = session.run if key == "e" else session.other
    assert run is not None and run.experiment.training.optimizer == OptimizerSpec("adam", 0.05)
    line = await opened(tester)
    line.value = "optimizer = rmsprop"
    await tester.press("enter", "enter")
    await tester.wait_until(lambda: tester.session.experiment.training.optimizer == OptimizerSpec("rmsprop", 0.01))


@in_app("ravine-momentum")
async def test_a_valid_value_that_is_probably_not_meant_gives_a_warning(tester: AppTester) -> None:
    await applied(tester, "momentum = 1.5")
    await tester.wait_until(lambda: "The momentum 1.5 is not below 1" in tester.text("message"))
    await applied(tester, "eta = 0.01")
    await tester.wait_until(lambda: tester.text("message").strip().startswith("η "))


@in_app("xor")
async def test_ctrl_a_goes_to_the_start_of_an_input(tester: AppTester) -> None:
    for key in ("slash", "e", "t"):
        await tester.press(key, "2", "ctrl+a")
        await tester.wait_until(lambda: isinstance(tester.app.focused, Input))
        line = tester.app.focused
        assert isinstance(line, Input) and line.value and line.cursor_position == 0
        await tester.press("escape")


@in_app(salaries())
async def test_the_prompt_says_in_which_units_a_standardised_target_is_typed(tester: AppTester) -> None:
    data = tester.session.experiment.data
    await tester.press("/", *"y1", "enter")
    await tester.wait_until(lambda: tester.session.ref.quantity == "y")
    await tester.press("e")
    await tester.wait_until(lambda: isinstance(tester.app.screen, EditPrompt))
    said = str(tester.app.screen.query_one("#about", Label).render())
    assert f"write (target − {data.y_mean[0]:.6g}) / {data.y_scale[0]:.6g}." in said
