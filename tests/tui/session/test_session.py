"""Tests of the moves of a session: their results, their error messages, and correct numbers after any sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.engine.computed import COMPUTED_BY
from nn_tui.core.engine.steps import ZOOMS, Zoom
from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.matrix_navigation import adjacent_cell
from nn_tui.tui.session import branches, display, hints, stepping
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Session, new_session, select
from nn_tui.tui.status import footer, header, message_line, phases, tabs, timeline_bar
from nn_tui.tui.views import arithmetic, chart_panel, details
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.network import network_view
from nn_tui.tui.views.output import panel as output
from tests._app import DARK, WIDE, check_counters, check_layer_view, check_replay, experiment
from tests._moves import LOOKS, STEPS, Move
from tests._sessions import save_and_restore


def _arrow(down: int, right: int) -> Move:
    def act(session: Session) -> Session:
        cell = layer_view.cell_of(session)
        plan = layer_view.layout_layer(session, DARK.glyphs, WIDE)
        return (
            session
            if cell is None
            else select(session, layer_view.ref_of(session, adjacent_cell(plan, cell, down, right)))
        )

    return act


MOVES: dict[str, Move] = {
    **STEPS,
    **LOOKS,
    "up": _arrow(-1, 0),
    "down": _arrow(1, 0),
    "left": _arrow(0, -1),
    "right": _arrow(0, 1),
    "t0": lambda s: stepping.goto(s, 0),
    "t1": lambda s: stepping.goto(s, min(1, s.run.reached)),
    "t9": lambda s: stepping.goto(s, min(9, s.run.reached)),
}
MOMENTS = st.lists(st.sampled_from(sorted(MOVES)), max_size=15)
SMALL = (
    "xor",
    "iris",
    "and",
    "autoencoder",
    "ravine-adam",
    "local-minimum-single",
    "mazur",
    "too-fast",
    "xor-relu-exact",
)


def changed(session: Session, text: str) -> Session:
    """Return the session after a change at its cursor."""
    return branches.show_edited(session, apply_edit(text, session.run, session.updates_done, session.data_row))


def press(session: Session, *keys: str) -> Session:
    """Return the session after some keys."""
    for key in keys:
        session = MOVES[key](session)
    return session


def place_of(session: Session) -> tuple[int, int, int]:
    """Return the run, the pass and the cursor of a session."""
    return session.active, session.trace.update, session.cursor


def start(name: str = "xor") -> Session:
    """Return a session at the start of a preset."""
    return new_session(experiment(name))


# Random keys


@settings(max_examples=60)
@given(st.sampled_from(SMALL), st.lists(st.sampled_from(sorted(MOVES)), min_size=10, max_size=40))
def test_random_keys_leave_a_consistent_session_and_correct_numbers(name: str, keys: list[str]) -> None:
    session = start(name)
    for key in keys:
        session = MOVES[key](session)
        sizes = session.engine.sizes
        assert 1 <= session.trace.update <= session.run.reached
        assert 0 <= session.cursor <= session.pass_steps.end
        assert 0 <= session.ref.layer < len(sizes) - 1
        assert 0 <= session.ref.sample < session.trace.n
        assert session.trace.refcount >= 1, "the trace on screen is held"
        check_counters(session, header.draw(session, DARK, 200, 1)[0].text)
        check_layer_view(session)
    check_replay(session)


@settings(max_examples=25)
@given(st.sampled_from((*SMALL, "digits", "blobs")), MOMENTS, st.sampled_from([(1, 1), (12, 4), (40, 12), (90, 25)]))
def test_every_view_can_draw_every_step(name: str, keys: list[str], size: tuple[int, int]) -> None:
    session = press(start(name), *keys)
    width, height = size
    for draw in (header.draw, phases.draw, timeline_bar.draw, message_line.draw, tabs.draw, footer.draw):
        assert [strip.cell_length for strip in draw(session, DARK, width, 1)] == [width]
    for draw in (arithmetic.draw, chart_panel.draw, output.draw):
        lines = draw(session, DARK, width, height)
        assert [strip.cell_length for strip in lines] == [width] * height
    assert all(strip.cell_length == max(width, 30) for strip in details.document(session, DARK, max(width, 30)))
    network_view(session)


# Undo


@given(st.sampled_from(("xor", "iris")), st.sampled_from(ZOOMS), st.integers(1, 60))
def test_backspace_undoes_space_at_every_zoom(name: str, zoom: Zoom, count: int) -> None:
    session = replace(start(name), zoom=zoom)
    visited = [place_of(session)]
    for _ in range(count):
        session = stepping.next_stop(session)
        visited.append(place_of(session))
    assert len(set(visited)) == count + 1
    for expected in reversed(visited[:-1]):
        session = stepping.previous_stop(session)
        # The start of a pass and the end of the one before are one place, shown with the step that led there.
        assert place_of(session) == expected
    assert place_of(session) == (0, 1, 0)


def test_zoom_changes_the_stops_and_not_the_cursor() -> None:
    session = start()
    steps = {}
    for _ in ZOOMS:
        before = place_of(session)
        session = display.next_zoom(session)
        assert place_of(session) == before
        assert session.zoom in str(session.message)
        steps[session.zoom] = stepping.next_stop(session).cursor
    assert 1 == steps["unit"] < steps["operation"] < steps["layer"] < steps["pass"]


@given(st.integers(0, 25), st.integers(0, 25))
def test_goto_gives_the_numbers_of_stepping(reached: int, target: int) -> None:
    session = press(start("iris"), *["n"] * reached)
    target = min(target, reached)
    session = stepping.goto(session, target)
    assert session.updates_done == target
    stepped = press(start("iris"), *["n"] * target)
    here, there = (s.trace.after if target else s.trace.before for s in (session, stepped))
    assert here.array.tobytes() == there.array.tobytes()


@pytest.mark.parametrize("key", ["0", "N"])
@pytest.mark.parametrize("way", [("f",), ("f", "b"), ("n", "n", "f", "b"), ("n",)])
@pytest.mark.parametrize("wander", [(), ("space",) * 3])
def test_restart_and_new_seed_are_undone_by_backspace(key: str, way: tuple[str, ...], wander: tuple[str, ...]) -> None:
    before = press(start(), *way)
    place = before.run, before.trace.update, before.cursor
    state = before.trace.before.array.tobytes()
    moved = press(before, key)
    assert (moved.trace.update, moved.cursor) == (1, 0)
    assert "⌫" in str(moved.message)
    assert (moved.run is before.run) == (key == "0")
    wandered = press(moved, *wander)
    back = press(wandered, *["backspace"] * (len(wander) + 1))
    assert (back.run, back.trace.update, back.cursor) == place
    assert back.trace.before.array.tobytes() == state


def test_many_new_seeds_can_be_undone() -> None:
    session = press(start(), "n")
    places = []
    for _ in range(9):
        places.append((session.run, session.trace.update, session.cursor))
        session = press(session, "N", "n", "f")
    assert len(session.runs) <= stepping.MAX_RUNS
    weights = {run.segments[0].state.array.tobytes() for run, _, _ in places}
    assert len(weights) == 9, "every new seed draws other weights"
    for run, number, at in reversed(places):
        session = press(stepping.goto(session, 0), "backspace")
        assert (session.run, session.trace.update, session.cursor) == (run, number, at)


def test_new_seed_keeps_data() -> None:
    first = start("moons")
    second = press(first, "N")
    assert (
        second.experiment.data is first.experiment.data or (second.experiment.data.x == first.experiment.data.x).all()
    )
    assert (second.trace.before.array != first.trace.before.array).any()
    assert "stay" not in str(second.message)


CHANGES: dict[str, Callable[[Experiment], bool]] = {
    "eta = 0.05": lambda e: e.training.optimizer.learning_rate == 0.05,
    "x1 = 0.25": lambda e: 0.25 in e.data.x,
    "add 3 units to layer 1": lambda e: e.sizes == (2, 7, 1),
    "init = he_normal": lambda e: {layer.init for layer in e.layers} == {"he_normal"},
}


@pytest.mark.parametrize("way", [(), ("n", "n", "f")])
def test_new_seed_keeps_the_changes_at_the_start(way: tuple[str, ...]) -> None:
    session = start()
    for text in CHANGES:
        session = changed(session, text)
    assert all(holds(session.experiment) for holds in CHANGES.values())
    before = press(session, *way)
    if way:
        before = changed(before, "eta = 7")
    moved = press(before, "N")
    valid = [text for text, holds in CHANGES.items() if holds(moved.experiment)]
    assert valid == list(CHANGES), "later changes do not belong to the start"
    assert "the changes made at the start stay" in str(moved.message)
    assert moved.trace.before.array.shape == session.trace.before.array.shape
    assert (moved.trace.before.array != session.trace.before.array).any()
    check_replay(press(moved, "n", "n"))
    back = press(moved, "backspace")
    assert (back.run, back.trace.update, back.cursor) == (before.run, before.trace.update, before.cursor)
    assert (back.trace.before.array == before.trace.before.array).all()


def test_new_seed_continues_from_a_chosen_seed() -> None:
    moved = press(changed(start(), "seed = 40"), "N")
    assert moved.experiment.init_seed == 41


def test_new_seed_after_the_last_seed_takes_the_first_free_one_and_can_be_resumed() -> None:
    session = new_session(load_experiment(find_preset("xor"), MAX_SEED - 1))
    seeds = []
    for _ in range(4):
        session = stepping.new_seed(session)
        seeds.append(session.experiment.init_seed)
        assert f"(seed {seeds[-1]})" in str(session.message)
        session = stepping.whole_pass(session)
        restored = save_and_restore(session)
        assert restored.experiment.init_seed == seeds[-1]
        assert restored.trace.before.array.tobytes() == session.trace.before.array.tobytes()
    assert seeds == [MAX_SEED, 0, 1, 2]


@pytest.mark.parametrize("preset", ["mazur", "xor-zeros", "and"])
@pytest.mark.parametrize("way", [(), ("n", "f")])
def test_new_seed_is_refused_if_nothing_is_random(preset: str, way: tuple[str, ...]) -> None:
    fixed = press(start(preset), *way)
    refused = press(fixed, "N")
    assert place_of(refused) == place_of(fixed) and refused.runs == fixed.runs and refused.trace is fixed.trace
    assert "no weight of this network is random; choose an init such as xavier_uniform first." in str(refused.message)
    assert ("at the start" in str(refused.message)) == bool(way)
    drawn = press(changed(press(fixed, "0"), "init = xavier_uniform"), "N")
    assert (drawn.trace.before.array != fixed.run.segments[0].state.array).any()


# Errors


@pytest.mark.parametrize(
    ("way", "key", "words"),
    [
        ("", "b", "run forward (f) first"),
        ("", "u", "run forward (f), then backward (b) first"),
        ("f", "u", "No gradients yet: run backward (b) first."),
        ("f", "f", "b runs the backward pass"),
        ("f b", "f", "u updates the weights"),
        ("f b", "b", "u updates the weights"),
        ("f b u", "b", "f runs the next forward pass"),
        ("f b u", "u", "f runs the next forward pass"),
        ("", "backspace", "This is the start"),
        ("", "p", "This is the start"),
        ("", "0", "already the start"),
        ("", "[", "no layer before layer 1"),
        ("]", "]", "no layer after layer 2"),
        (", ,", ",", "samples 1 to 4"),
        (". . .", ".", "samples 1 to 4"),
    ],
)
def test_an_impossible_key_reports_why_and_changes_nothing(way: str, key: str, words: str) -> None:
    before = press(start(), *way.split())
    after = press(before, key)
    assert words in str(after.message).replace("`", "")
    assert (place_of(after), after.ref, after.runs, after.trace) == (
        place_of(before),
        before.ref,
        before.runs,
        before.trace,
    )


def test_speed_has_two_limits_and_reports_them() -> None:
    session = start()
    for _ in SPEEDS:
        session = display.change_speed(session, 1)
    assert session.speed == len(SPEEDS) - 1 and "is the highest speed" in str(session.message)
    for _ in SPEEDS:
        session = display.change_speed(session, -1)
    assert session.speed == 0 and "is the lowest speed" in str(session.message)
    assert SPEEDS[0].stops == 1 and SPEEDS[-1].stops is None and SPEEDS[-1].passes is None


def test_digits_cycle_through_2_4_6_and_all() -> None:
    session = start()
    seen = []
    for _ in DIGITS:
        session = display.next_digits(session)
        seen.append(session.digits)
        check_layer_view(session)
    assert set(seen) == {2, 4, 6, None}
    assert session.digits == start().digits


# Numbers that are not computed yet


@pytest.mark.parametrize("name", ["xor", "mazur", "autoencoder"])
def test_each_unit_is_known_from_its_stop_on(name: str) -> None:
    session = replace(start(name), zoom="unit", digits=6)
    last = len(session.engine.sizes) - 2
    while session.cursor < session.pass_steps.end:
        before = session
        session = stepping.next_stop(session)
        check_layer_view(session)
        new = {
            (key, layer)
            for key in COMPUTED_BY
            if key not in ("loss", "term", "slope", "dx", "step_w", "step_b")
            for layer in range(last + 1)
            if session.known_units(key, layer) != before.known_units(key, layer)
        }
        operation = session.step.operation
        expected = set() if operation in ("loss", "update") else {(operation, session.step.layer)}
        assert new == expected, session.step


def test_the_output_follows_the_parameters_only_after_the_update() -> None:
    session = start()
    drawn = {}
    for key in ("", "f", "b", "u"):
        session = press(session, *key.split())
        drawn[key] = [strip.text for strip in output.draw(session, DARK, 29, 21)], output.title(session, DARK)
    assert drawn["f"] == drawn["b"] != drawn["u"]
    (plane, title), (later, same) = drawn[""], drawn["f"]
    assert plane[:15] == later[:15] and title == same, "the map is that of the parameters"
    answers = [[line.split()[-2] for line in lines[-5:-1]] for lines in (plane, later)]
    assert answers[0] == ["·"] * 4 and "·" not in answers[1], "the answers are those of the pass"
    assert drawn["b"][1].endswith("no update yet") and drawn["u"][1].endswith("after update 1")


def test_the_loss_is_shown_from_its_stop_on() -> None:
    session = start()
    assert "0.1255" not in phases.draw(session, DARK, 120, 1)[0].text
    forward = press(session, "f")
    assert "loss 0.1255" in phases.draw(forward, DARK, 120, 1)[0].text
    plotted = ["\n".join(strip.text for strip in chart_panel.draw(s, DARK, 40, 10)) for s in (session, forward)]
    assert "0.1255" not in plotted[0] and "0.1255" in plotted[1]


@pytest.mark.parametrize("unit", range(8))
def test_an_input_can_be_selected_in_a_network_with_fewer_hidden_units(unit: int) -> None:
    session = select(start("autoencoder"), Ref("x", 0, unit))
    text = "".join(strip.text for strip in arithmetic.document(session, DARK, 80))
    assert f"x[{unit + 1}]" in text
    assert details.document(session, DARK, 80)


# Divergence


def diverged() -> Session:
    """Return the session of the too-fast preset at its divergence."""
    session = start("too-fast")
    for _ in range(5000):
        after = stepping.whole_pass(session)
        if place_of(after) == place_of(session):
            return after
        session = after
    raise AssertionError("it did not diverge")


def test_a_divergence_is_reported_and_can_be_undone() -> None:
    session = diverged()
    finding = session.run.divergence
    assert finding is not None
    assert session.updates_done == finding.update
    assert f"Diverged at update {finding.update}: " in str(session.message)
    assert "`p` goes back" in str(session.message)
    for key in ("space", "n", "f"):
        assert place_of(press(session, key)) == place_of(session)
    check_layer_view(session)
    back = press(session, "p", "p")
    assert back.updates_done == finding.update - 2
    check_layer_view(back)
    check_replay(back)
    again = press(back, "0", "f", "b", "u")
    assert again.updates_done == 1 and str(again.message) == ""


@pytest.mark.parametrize(("preset", "sample"), [("xor", 2), ("and", 0), ("autoencoder", 0), ("iris", 0), ("mazur", 0)])
def test_the_first_sample_has_a_first_input_other_than_0_if_possible(preset: str, sample: int) -> None:
    session = new_session(experiment(preset))
    assert session.ref == Ref("w", sample=sample)
    factors = session.trace.x[sample]
    assert bool(factors[session.ref.input]) == (preset != "and")


def test_the_first_weight_with_a_gradient_is_selected_if_the_first_input_is_0() -> None:
    session = new_session(experiment("digits"))
    trace, ref = session.trace, session.ref
    assert not trace.x[:, 0].any(), "the corner of every digit is empty"
    assert ref == Ref("w", input=ref.input, sample=ref.sample)
    assert trace.dz[0][ref.sample, 0] * trace.x[ref.sample, ref.input] != 0
    assert session.trace.dw[0][0, ref.input] != 0
    assert not (trace.dz[0][: ref.sample, :1] * trace.x[: ref.sample]).any(), "and the first sample that has one"
    name = session.experiment.data.input_names[ref.input]
    assert f"Sample {ref.sample + 1} is shown: its {name} is not 0" in hints.hint(session)


def test_the_first_hint_describes_the_sample_correctly() -> None:
    session = new_session(experiment("xor"))
    assert "its x₁ is not 0" in hints.hint(session)
    earlier = display.change_sample(session, -1)
    assert not earlier.trace.x[earlier.ref.sample, 0]
    assert "not 0" not in hints.hint(earlier)
    assert "not 0" not in hints.hint(select(session, Ref("w", 1, input=3, sample=2))), "that is no input"
