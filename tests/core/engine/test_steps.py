"""The steps of a pass: the order, moving at each zoom, and how much is done at a cursor."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.steps import PHASES, ZOOMS, Operation, PassSteps, Zoom, steps_of

UNITS = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple)
ORDER: tuple[Operation, ...] = ("z", "a", "loss", "da", "dz", "dw", "db", "update")


@st.composite
def cursors(draw: st.DrawFn) -> tuple[PassSteps, int]:
    """The steps of a pass and a cursor in it."""
    steps = steps_of(draw(UNITS))
    return steps, draw(st.integers(0, steps.end))


@given(UNITS)
def test_the_order_of_a_pass(units: tuple[int, ...]) -> None:
    steps = steps_of(units)
    operations = [(each.operation, each.layer) for each in steps.operations]
    forward = [(operation, layer) for layer in range(len(units)) for operation in ("z", "a")]
    backward = [(op, layer) for layer in reversed(range(len(units))) for op in ("da", "dz", "dw", "db")]
    assert operations == [*forward, ("loss", -1), *backward, *(("update", layer) for layer in range(len(units)))]
    for one, following in itertools.pairwise(steps.operations):
        assert one.end == following.start
    assert steps.end == 7 * sum(units) + 1
    assert [phase for phase in PHASES if steps.after(phase)] == list(PHASES)
    assert sorted(steps.after(phase) for phase in PHASES) == [steps.after(phase) for phase in PHASES]


@given(UNITS, st.sampled_from(ZOOMS))
def test_next_visits_every_stop_once_and_previous_goes_back_the_same_way(units: tuple[int, ...], zoom: Zoom) -> None:
    steps = steps_of(units)
    visited, cursor = [], 0
    while (following := steps.next(cursor, zoom)) is not None:
        assert steps.previous(following, zoom) == cursor
        visited.append(cursor := following)
    assert visited == list(steps.stops[zoom])
    assert cursor == steps.end


@given(cursors(), st.sampled_from(ZOOMS))
def test_moving_from_anywhere(place: tuple[PassSteps, int], zoom: Zoom) -> None:
    steps, cursor = place
    stops = {0, *steps.stops[zoom]}
    after, before = steps.next(cursor, zoom), steps.previous(cursor, zoom)
    assert after == min((stop for stop in stops if stop > cursor), default=None)
    assert before == max((stop for stop in stops if stop < cursor), default=None)
    # From a stop of this zoom, forward and back again is the same stop, and so is back and forward.
    if cursor in stops:
        assert after is None or steps.previous(after, zoom) == cursor
        assert before is None or steps.next(before, zoom) == cursor


@given(cursors())
def test_zooming_keeps_the_cursor(place: tuple[PassSteps, int]) -> None:
    """Every stop of a zoom is a stop of the finer ones too, so that a cursor never has to move."""
    steps, cursor = place
    for coarse, fine in itertools.pairwise(ZOOMS):
        assert set(steps.stops[coarse]) <= set(steps.stops[fine])
    assert steps.step_at(cursor).cursor == cursor


@given(cursors())
def test_each_step_does_one_more_unit(place: tuple[PassSteps, int]) -> None:
    steps, cursor = place
    layers = range(len({each.layer for each in steps.operations} - {-1}))
    keys = [(operation, layer) for operation in ORDER for layer in layers if operation != "loss" or layer == 0]
    done = {key: steps.units_done(*key, cursor) for key in keys}
    assert sum(done.values()) == cursor
    if cursor < steps.end:
        following = {key: steps.units_done(*key, cursor + 1) for key in keys}
        changed = [key for key in keys if following[key] != done[key]]
        assert len(changed) == 1
        assert following[changed[0]] == done[changed[0]] + 1
        step = steps.step_at(cursor + 1)
        assert (step.operation, -1 if step.layer is None else step.layer) == (
            changed[0] if changed[0][0] != "loss" else ("loss", -1)
        )


@given(cursors())
def test_a_step_names_what_was_done_last(place: tuple[PassSteps, int]) -> None:
    steps, cursor = place
    step = steps.step_at(cursor)
    if cursor == 0:
        assert (step.phase, step.operation, step.layer, step.unit) == (None, None, None, None)
        return
    assert step.operation is not None and step.phase is not None
    operation = steps.find(step.operation, -1 if step.layer is None else step.layer)
    assert operation is not None
    assert operation.start < cursor <= operation.end
    assert step.unit == (None if step.operation == "loss" else cursor - operation.start - 1)
    assert cursor <= steps.after(step.phase)


@given(cursors(), st.integers(0, 30))
def test_the_operations_between_two_cursors_have_a_step_there(place: tuple[PassSteps, int], distance: int) -> None:
    steps, start = place
    end = min(start + distance, steps.end)
    between = [steps.operation_at(cursor) for cursor in range(start + 1, end + 1)]
    assert steps.operations_between(start, end) == list(dict.fromkeys(between))


def test_a_pass_of_a_small_network_by_hand() -> None:
    steps = steps_of((2, 1))
    assert list(steps.stops["pass"]) == [steps.after("loss"), steps.after("backward"), steps.after("update")]
    layers = [(step.phase, step.layer) for step in map(steps.step_at, steps.stops["layer"])]
    assert layers == [
        ("forward", 0), ("forward", 1), ("loss", None), ("backward", 1), ("backward", 0), ("update", 1),
    ]  # fmt: skip
    assert len(steps.stops["operation"]) == 2 * 2 + 1 + 2 * 4 + 2
    assert len(steps.stops["unit"]) == steps.end == 22
    assert steps.find("da", 5) is None
    assert steps.units_done("da", 5, steps.end) == 0
