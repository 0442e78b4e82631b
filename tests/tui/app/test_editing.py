"""Changing things live on the running app: the prompt, what is applied, what is refused, and the way back."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.widgets import Input, Label, OptionList

from nn_tui.core.edits.parser import EDITS, Edit, parse_change, parse_edit
from nn_tui.core.errors import InputError
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.tui.screens.edit import EditPrompt, format_forms, matching_forms
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.session import Session, begin, clamp_ref, select
from tests._app import Hand, check_counters, check_layer_view, experiment, in_app, screen_text
from tests._moves import LOOKS, STEPS

KEYS_TESTED = {"edit", "switch_run", "compare", "seeds"}  # the last two in test_app_compare
NAMES = {" ": "space", "=": "equals_sign", ".": "full_stop", "[": "left_square_bracket", "]": "right_square_bracket"}
NAMES |= {",": "comma", "-": "minus", "_": "underscore"}


async def write(hand: Hand, text: str) -> None:
    """Type a line, character by character."""
    for character in text:
        await hand.press(NAMES.get(character, character))


async def opened(hand: Hand, key: str = "e") -> Input:
    """Open a prompt; its line."""
    await hand.press(key)
    await hand.wait_until(lambda: isinstance(hand.app.screen, EditPrompt) and bool(hand.app.screen.query(Input)))
    return hand.app.screen.query_one(Input)


async def change(hand: Hand, text: str) -> None:
    """Open the prompt, put ``text`` in place of what stands there, apply it."""
    (await opened(hand)).value = text
    await hand.settle()
    await hand.press("enter")


async def applied(hand: Hand, text: str) -> None:
    """The same, and the prompt is gone."""
    runs = hand.session.runs
    await change(hand, text)
    await hand.wait_until(lambda: hand.app.screen is hand.main and hand.session.runs is not runs)
    await hand.settle()


def problem(hand: Hand) -> str:
    """What the prompt says is wrong."""
    return str(hand.app.screen.query_one("#problem", Label).content)


def same_numbers(session: Session) -> None:
    """The pass on screen is that of a fresh run with the same changes at the same updates."""
    run = Run.start(session.run.segments[0].experiment)
    for segment in session.run.segments[1:]:
        run.goto(segment.start)
        run = run.edited(segment.start, segment.experiment, segment.label, segment.state)
    run.goto(session.trace.update - 1)
    trace = run.trace(session.trace.update)
    assert trace.before.array.tobytes() == session.trace.before.array.tobytes()
    assert trace.after.array.tobytes() == session.trace.after.array.tobytes()
    run.release(trace)


def true_screen(hand: Hand) -> None:
    """The counters and the matrices on screen are those of the session."""
    check_counters(hand.session, hand.text("header") + " ")
    check_layer_view(hand.session)
    same_numbers(hand.session)


@in_app()
async def test_a_weight_at_the_start(hand: Hand) -> None:
    line = await opened(hand)
    await hand.wait_until(lambda: line.value.startswith("w1[1,1] = 0.") and "after update 0" in hand.all_text())
    assert line.selected_text == line.value.partition(" = ")[2], "a number replaces the number"
    await write(hand, "-1.5")
    assert line.value == "w1[1,1] = -1.5"
    await hand.press("enter")
    await hand.wait_until(lambda: hand.app.screen is hand.main)
    session = hand.session
    assert session.trace.before.weights[0][0, 0] == -1.5 and session.ref == Ref("w", sample=2)
    assert (session.trace.update, session.cursor, session.updates_done) == (1, 0, 0)
    await hand.wait_until(lambda: "[−1.5000]" in hand.text("layer"))
    await hand.wait_until(
        lambda: "w1[1,1] = -1.5, from the start; ⌫ takes it back" in hand.text("message").replace("−", "-")
    )
    true_screen(hand)


@in_app()
async def test_after_an_update_the_next_pass_begins_changed(hand: Hand) -> None:
    await hand.press(*"nnn")
    before = hand.session
    await hand.wait_until(lambda: "η 2 " in hand.text("header"))
    await applied(hand, "eta = 0.5")
    session = hand.session
    assert (session.trace.update, session.cursor, session.updates_done) == (4, 0, 3)
    await hand.wait_until(lambda: "η 0.5" in hand.text("header") and "update 3" in hand.text("header"))
    await hand.wait_until(lambda: "η 2 → 0.5, from update 3 on; ⌫ takes it back" in hand.text("message"))
    assert session.trace.before.array[0].tobytes() == before.trace.after.array[0].tobytes()
    assert before.run in session.runs and session.run is not before.run
    assert session.is_known(session.ref), "nothing that is not computed yet is selected"
    true_screen(hand)
    await hand.press("n")
    moved = hand.session.trace.after.array[0] - hand.session.trace.before.array[0]
    await hand.wait_until(lambda: np.allclose(moved, -0.5 * hand.session.trace.gradient, rtol=1e-12))
    true_screen(hand)


@in_app()
async def test_backspace_takes_a_change_back_and_a_shows_it_again(hand: Hand) -> None:
    await hand.press(*"nnnf")
    await hand.press("e")
    await hand.press("escape")
    before = hand.session
    await applied(hand, "w2[1,3] = 0.25")
    await hand.wait_until(
        lambda: (hand.session.trace.update, hand.session.cursor) == (before.trace.update, before.cursor)
    )
    await hand.wait_until(lambda: hand.session.ref == Ref("w", 1, 0, 2, 2) and "+0.2500" in hand.text("layer"))
    changed = hand.session
    await hand.press("backspace")
    session = hand.session
    assert session.run is before.run and (session.trace.update, session.cursor) == (before.trace.update, before.cursor)
    await hand.wait_until(lambda: "Taken back: w2[1,3] = 0.25" in hand.text("message"))
    true_screen(hand)
    await hand.press("a")
    await hand.wait_until(
        lambda: hand.session.run is changed.run and hand.session.trace.before.weights[1][0, 2] == 0.25
    )
    await hand.wait_until(lambda: "Run 2 of 2: w2[1,3] = 0.25 at update 3." in hand.text("message"))
    await hand.press("a")
    await hand.wait_until(lambda: hand.session.run is before.run and "Run 1 of 2" in hand.text("message"))


@in_app()
async def test_undo_walks_back_through_every_change(hand: Hand) -> None:
    await hand.press(*"nn")
    await applied(hand, "eta = 0.5")
    await hand.press("n", "f")
    await applied(hand, "activation 1 = relu")
    labels = [segment.label for segment in hand.session.run.segments]
    assert labels == ["start", "η 2 → 0.5", "activation 1 tanh → relu"]
    taken, places = [], []
    for _ in range(60):
        await hand.press("backspace")
        session = hand.session
        if session.message.startswith("Taken back"):
            taken.append(session.message.removeprefix("Taken back: ").removesuffix(". `a` shows it again."))
        places.append((session.trace.update, session.cursor))
        if (session.trace.update, session.cursor) == (1, 0):
            break
    await hand.wait_until(lambda: places[-1] == (1, 0) and len(hand.session.run.segments) == 1)
    assert taken == ["activation 1 tanh → relu", "η 2 → 0.5"]
    assert places == sorted(places, reverse=True), "always further back"


@in_app()
async def test_a_change_in_mid_pass_keeps_the_place(hand: Hand) -> None:
    await hand.press("n", "f", "b")
    at = hand.session.cursor
    await applied(hand, "eta = 0.5")
    await hand.wait_until(lambda: (hand.session.trace.update, hand.session.cursor) == (2, at))
    await hand.wait_until(lambda: "✓ backward" in hand.text("phases") and "○ update" in hand.text("phases"))
    true_screen(hand)
    await applied(hand, "add 2 units to layer 1")
    session = hand.session
    await hand.wait_until(lambda: session.engine.sizes == (2, 6, 1) and "2–6–1" in hand.text("header"))
    assert session.cursor == session.pass_steps.after("backward")
    await hand.wait_until(lambda: "✓ backward" in hand.text("phases") and "○ update" in hand.text("phases"))
    true_screen(hand)


@pytest.mark.parametrize("keys", ["", "f", "fb", "fbu", "   ", "zz     ", "zzz          ", "n" + " " * 7])
@pytest.mark.parametrize("text", ["add layer 1 3 relu", "add layer 2 5 tanh", "units 1 = 1", "remove layer 1"])
def test_other_shapes_keep_phase_and_selection_in_bounds(keys: str, text: str) -> None:
    session = begin(experiment("xor"))
    session = select(session, Ref("w", 1, 0, 3))
    for key in keys:
        session = STEPS["space" if key == " " else key](session)
    done, phase = session.updates_done, session.step.phase
    finished = session.cursor >= session.pass_steps.end
    edit = Edit("", parse_change(text)(session.run, done), parse_change(text))
    after = branches.show_edited(session, edit, text)
    assert after.updates_done == done
    assert after.step.phase == (None if finished else phase)
    assert after.ref == clamp_ref(after, after.ref)
    check_layer_view(after)
    back = stepping.previous_stop(after)
    assert (back.run, back.trace.update, back.cursor) == (session.run, session.trace.update, session.cursor)
    for move in (stepping.next_stop, stepping.previous_stop):
        check_layer_view(move(after))


@in_app()
async def test_a_change_in_the_past_keeps_what_came_later(hand: Hand) -> None:
    await hand.press(*"nnnnnn")
    old = hand.session.run
    last = old.state_after(6).array.copy()
    await hand.press("p", "p", "p")
    await applied(hand, "w1[2,1] = 0.3")
    await hand.wait_until(
        lambda: hand.session.run.reached == 4 and old.reached == 6, "one pass ahead is computed to be stepped through"
    )
    await hand.wait_until(lambda: "a shows the old run, which has reached 6" in hand.text("message"))
    await hand.wait_until(lambda: len(hand.session.runs) == 2 and "run 2 of 2" in hand.text("timeline"))
    await hand.press(*"nn")
    true_screen(hand)
    await hand.press("a")
    await hand.wait_until(
        lambda: hand.session.run is old and hand.session.updates_done == 5, "the same update, where it was reached"
    )
    await hand.press("n")
    await hand.wait_until(lambda: hand.session.trace.after.array.tobytes() == last.tobytes())
    await hand.press("n", "a")
    await hand.wait_until(lambda: hand.session.updates_done == 5 and "It has reached update 5." in hand.text("message"))


@in_app()
async def test_marks_on_the_timeline_and_words_where_the_cursor_stands(hand: Hand) -> None:
    await hand.press(*"nnnn")
    await applied(hand, "eta = 0.5")
    await hand.wait_until(lambda: "◆" not in hand.text("timeline"), "the cursor stands on it")
    await hand.press(*"nnnn")
    bar = hand.text("timeline")
    assert bar.count("◆") == 1 and 0.4 < bar.index("◆") / bar.index("●") < 0.6
    await hand.press("left_parenthesis")
    await hand.wait_until(lambda: hand.session.updates_done == 4)
    await hand.press("d")
    await hand.press("p", "n")
    await hand.wait_until(lambda: hand.session.updates_done == 4 and "Changed here: η 2 → 0.5." in hand.text("message"))
    await hand.press("n")
    await hand.wait_until(lambda: "Changed here" not in hand.text("message"))


@in_app("too-fast")
async def test_divergence_is_marked_and_no_ground_for_a_change(hand: Hand) -> None:
    for _ in range(3):
        await hand.press("plus")
    await hand.send("r")
    await hand.wait_until(lambda: hand.session.run.divergence is not None and not hand.session.running)
    await hand.press("p", "p")
    await hand.wait_until(lambda: "✕" in hand.text("timeline"))
    divergence = hand.session.run.divergence
    assert divergence is not None
    await hand.press("end")
    await change(hand, "eta = 0.01")
    await hand.wait_until(lambda: "diverged here" in problem(hand) and len(hand.session.runs) == 1)
    await hand.press("escape", "home")
    await applied(hand, "eta = 0.01")
    await hand.wait_until(lambda: hand.session.run.divergence is None and "✕" not in hand.text("timeline"))
    await hand.press(*"nnn")
    await hand.wait_until(lambda: hand.session.updates_done == 3)


BAD = [
    ("w9[1,1] = 2", "layers go from 1 to 2"),
    ("w1[9,1] = 2", "units 1 to 4"),
    ("w1[1,1] = x", "not a number"),
    ("w1[1,1] = nan", "finite"),
    ("eta = -1", "more than 0"),
    ("eta = 2", "already"),
    ("optimizer = adm", "adam"),
    ("loss = cross_entropy", "softmax"),
    ("z1[1] = 3", "computed"),
    ("remove layer 2", "output layer"),
    ("batch = 9", "4"),
    ("wurst", "names nothing"),
    ("", "nothing to change"),
]


@in_app()
async def test_bad_lines_say_why_and_change_nothing(hand: Hand) -> None:
    await hand.press("n", "f")
    before = hand.session
    line = await opened(hand)
    for text, words in BAD:
        line.value = text
        await hand.settle()
        await hand.press("enter")
        await hand.wait_until(lambda: words in problem(hand), (text, problem(hand)))
        await hand.wait_until(lambda: isinstance(hand.app.screen, EditPrompt) and hand.session.runs is before.runs)
    line.value = "eta"
    await hand.settle()
    await hand.wait_until(lambda: problem(hand) == "", "nothing stale")
    await hand.press("escape")
    await hand.wait_until(lambda: hand.app.screen is hand.main)
    await hand.wait_until(lambda: hand.session.trace is before.trace and hand.session.cursor == before.cursor)


@in_app()
async def test_the_value_as_it_is_changes_nothing(hand: Hand) -> None:
    await opened(hand)
    await hand.press("enter")
    await hand.wait_until(lambda: "another one" in problem(hand) and len(hand.session.runs) == 1)


@pytest.mark.parametrize("typed", ["-0.25", "−0.25", " = -0.25"])
@in_app()
async def test_a_number_in_an_emptied_line_is_for_the_selected_number(hand: Hand, typed: str) -> None:
    await hand.press("down")
    line = await opened(hand)
    line.value = ""
    line.value = typed
    await hand.press("enter")
    await hand.wait_until(lambda: len(hand.session.runs) == 2)
    await hand.wait_until(lambda: hand.session.trace.before.weights[0][1, 0] == -0.25)
    await hand.wait_until(lambda: "w1[2,1]" in hand.text("message") or "w₁[2,1]" in hand.text("message"))


@in_app()
async def test_a_number_alone_means_nothing_where_nothing_is_selected_that_can_be_set(hand: Hand) -> None:
    await hand.press("f")
    line = await opened(hand)
    line.value = "0.5"
    await hand.press("enter")
    await hand.wait_until(lambda: len(hand.session.runs) == 1 and len(hand.app.screen_stack) == 2)


@in_app()
async def test_a_letter_instead_of_a_number_begins_another_change(hand: Hand) -> None:
    line = await opened(hand)
    await write(hand, "eta = 0.7")
    assert line.value == "eta = 0.7"
    await hand.press("enter")
    await hand.wait_until(lambda: hand.app.screen is hand.main)
    await hand.wait_until(lambda: hand.session.experiment.training.optimizer.learning_rate == 0.7)


@in_app("xor", (80, 24))
async def test_the_list_is_filtered_and_its_examples_can_be_taken(hand: Hand) -> None:
    line = await opened(hand)
    forms = hand.app.screen.query_one("#forms", OptionList)
    assert forms.option_count == len(EDITS), "all that can be written"
    await write(hand, "act")
    await hand.settle()
    await hand.wait_until(lambda: forms.option_count == 1 and "softmax" in hand.all_text(), "the names to choose from")
    await hand.press("down", "enter")
    assert line.value == "activation 1 = relu" and line.selected_text == "relu"
    await hand.press("enter")
    await hand.wait_until(lambda: hand.app.screen is hand.main)
    await hand.wait_until(lambda: hand.session.experiment.layers[0].activation == "relu")
    line = await opened(hand)
    line.value = ""
    await hand.settle()
    await hand.press("down", "down", "up", "up")
    await hand.press("tab")
    assert line.value in {form.example for form in EDITS.values()}


@pytest.mark.parametrize("form", EDITS.values(), ids=list(EDITS))
def test_an_example_is_found_by_what_one_types_of_it(form: object) -> None:
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
async def test_the_prompt_in_ascii_at_80_by_24(hand: Hand) -> None:
    line = await opened(hand)
    line.value = "l2"
    await hand.settle()
    await hand.wait_until(lambda: hand.all_text().isascii())
    line.value = "η = 3x"
    await hand.settle()
    await hand.press("enter")
    await hand.wait_until(lambda: "write for example eta = 0.5" in hand.all_text(), "the whole sentence is in view")


@in_app("spiral", (80, 24))
async def test_inputs_and_targets_are_those_of_the_sample_on_screen(hand: Hand) -> None:
    await hand.press("f", "full_stop", "full_stop")
    row = hand.session.data_row
    rows = hand.session.trace.rows
    assert row == (2 if rows is None else rows[2])
    await applied(hand, "x2 = 0.125")
    await hand.wait_until(lambda: hand.session.experiment.data.x[row, 1] == 0.125)
    await hand.wait_until(
        lambda: hand.session.trace.x[hand.session.ref.sample, 1] == 0.125, "still the selected sample"
    )
    await hand.wait_until(lambda: f"x2 of sample {row + 1} = 0.125" in hand.session.message)
    await hand.wait_until(lambda: hand.session.ref.key == "x" and hand.session.ref.unit == 1)


@in_app()
async def test_editing_while_training_pauses_first(hand: Hand) -> None:
    await hand.press("plus")
    await hand.send("r")
    await hand.wait_until(lambda: hand.session.updates_done > 50)
    await hand.send("e")
    await hand.wait_until(lambda: isinstance(hand.app.screen, EditPrompt) and bool(hand.app.screen.query(Input)))
    await hand.wait_until(lambda: not hand.session.running)
    done = hand.session.updates_done
    await hand.settle()
    hand.app.screen.query_one(Input).value = "eta = 0.5"
    await hand.press("enter")
    await hand.wait_until(lambda: hand.app.screen is hand.main)
    await hand.wait_until(lambda: hand.session.updates_done == done and hand.session.run.segments[-1].start == done)
    same_numbers(hand.session)


@in_app()
async def test_inspecting_a_parameter_leads_to_changing_it(hand: Hand) -> None:
    await hand.press("enter")
    await hand.wait_until(lambda: "e edits it" in screen_text(hand.app))
    await hand.press("e")
    await hand.wait_until(lambda: isinstance(hand.app.screen, EditPrompt) and bool(hand.app.screen.query(Input)))
    await hand.wait_until(lambda: hand.app.screen.query_one(Input).value.startswith("w1[1,1] = "))


@in_app()
async def test_what_is_computed_is_not_offered_but_its_parameter_is(hand: Hand) -> None:
    await hand.press("f")
    hand.main.show(select(hand.session, Ref("z", 0, 1)))
    assert (await opened(hand)).value == ""
    await hand.press("escape")
    await hand.press("b", "u")
    hand.main.show(select(hand.session, Ref("dw", 1, 0, 2)))
    line = await opened(hand)
    value = hand.session.trace.after.weights[1][0, 2]
    assert line.value == f"w2[1,3] = {value:.6g}", "the value that the change would replace"


@in_app()
async def test_only_so_many_runs_are_kept(hand: Hand) -> None:
    for index in range(stepping.MAX_RUNS + 1):
        await applied(hand, f"w1[1,1] = {index}.5")
    await hand.wait_until(
        lambda: len(hand.session.runs) == stepping.MAX_RUNS and hand.session.run is hand.session.runs[-1]
    )
    seen = set()
    for _ in range(stepping.MAX_RUNS):
        await hand.press("a")
        seen.add(hand.session.active)
    assert seen == set(range(stepping.MAX_RUNS))


@in_app()
async def test_switching_with_one_run_says_how_to_get_another(hand: Hand) -> None:
    await hand.press("a")
    await hand.wait_until(lambda: "There is one run" in hand.text("message") and len(hand.session.runs) == 1)


MOVES = {**STEPS, "a": branches.switch_run, ".": LOOKS["."], "]": LOOKS["]"]}
LINES = [form.example for form in EDITS.values()] + ["w2[1,1] = -4", "x1 = 3", "y1 = 0", "batch = full", "seed", "data"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(("xor", "iris", "mazur", "moons")),
    st.lists(st.one_of(st.sampled_from(sorted(MOVES)), st.sampled_from(LINES)), min_size=4, max_size=25),
)
def test_any_changes_and_steps_show_true_numbers_and_lead_back(name: str, keys: list[str]) -> None:
    session = begin(experiment(name))
    for key in keys:
        before = session
        if key in MOVES:
            session = MOVES[key](session)
        else:
            try:
                edit = parse_edit(key, session.run, session.updates_done, session.data_row)
            except InputError:
                continue
            session = branches.show_edited(session, edit, key)
            assert session.updates_done == before.updates_done and session.is_known(session.ref)
            back = stepping.previous_stop(session)
            assert (back.run, back.trace.update, back.cursor) == (before.run, before.trace.update, before.cursor)
            edit = parse_edit(key, back.run, back.updates_done, back.data_row)
            session = branches.show_edited(back, edit, key)
        assert session.ref == clamp_ref(session, session.ref)
        assert session.run in session.runs and len(session.runs) <= stepping.MAX_RUNS
        assert 0 <= session.cursor <= session.pass_steps.end
        check_layer_view(session)
        same_numbers(session)


@in_app("plane")
async def test_an_infinity_is_written_in_one_way(hand: Hand) -> None:
    await hand.press("e", *"x1=1e200", "enter", "f", "n", "n")
    await hand.wait_until(lambda: hand.session.run.divergence is not None)
    shown = hand.all_text()
    assert "∞" in shown and not re.search(r"\binf\b", shown)
