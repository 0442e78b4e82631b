"""The places to stand in one pass: moving, zooming, and what is known where."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.steps import PHASES, ZOOMS, Course, Operation, Zoom, course

UNITS = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple)
ORDER: tuple[Operation, ...] = ("z", "a", "loss", "da", "dz", "dw", "db", "update")


@st.composite
def places(draw: st.DrawFn) -> tuple[Course, int]:
    """A course and a cursor somewhere on it."""
    way = course(draw(UNITS))
    return way, draw(st.integers(0, way.end))


@given(UNITS)
def test_the_order_of_a_pass(units: tuple[int, ...]) -> None:
    way = course(units)
    blocks = [(block.operation, block.layer) for block in way.blocks]
    forward = [(operation, layer) for layer in range(len(units)) for operation in ("z", "a")]
    backward = [(op, layer) for layer in reversed(range(len(units))) for op in ("da", "dz", "dw", "db")]
    assert blocks == [*forward, ("loss", -1), *backward, *(("update", layer) for layer in range(len(units)))]
    for one, following in itertools.pairwise(way.blocks):
        assert one.stop == following.start
    assert way.end == 7 * sum(units) + 1
    assert [phase for phase in PHASES if way.after(phase)] == list(PHASES)
    assert sorted(way.after(phase) for phase in PHASES) == [way.after(phase) for phase in PHASES]


@given(UNITS, st.sampled_from(ZOOMS))
def test_next_visits_every_stop_once_and_previous_goes_back_the_same_way(units: tuple[int, ...], zoom: Zoom) -> None:
    way = course(units)
    visited, at = [], 0
    while (following := way.next(at, zoom)) is not None:
        assert way.previous(following, zoom) == at
        visited.append(at := following)
    assert visited == [stop.cursor for stop in way.stops(zoom)]
    assert at == way.end


@given(places(), st.sampled_from(ZOOMS))
def test_moving_from_anywhere(place: tuple[Course, int], zoom: Zoom) -> None:
    way, at = place
    stops = {0, *(stop.cursor for stop in way.stops(zoom))}
    after, before = way.next(at, zoom), way.previous(at, zoom)
    assert after == min((stop for stop in stops if stop > at), default=None)
    assert before == max((stop for stop in stops if stop < at), default=None)
    # From a place of this zoom, forward and back again is the same place, and so is back and forward.
    if at in stops:
        assert after is None or way.previous(after, zoom) == at
        assert before is None or way.next(before, zoom) == at


@given(places())
def test_zooming_keeps_the_place(place: tuple[Course, int]) -> None:
    """A coarser zoom's stops are stops of every finer one, so that a cursor never has to move."""
    way, at = place
    for coarse, fine in itertools.pairwise(ZOOMS):
        assert {stop.cursor for stop in way.stops(coarse)} <= {stop.cursor for stop in way.stops(fine)}
    assert way.stop(at).cursor == at


@given(places())
def test_what_is_known_grows_unit_by_unit(place: tuple[Course, int]) -> None:
    way, at = place
    layers = range(len({block.layer for block in way.blocks} - {-1}))
    keys = [(operation, layer) for operation in ORDER for layer in layers if operation != "loss" or layer == 0]
    known = {key: way.known(*key, at) for key in keys}
    assert sum(known.values()) == at
    if at < way.end:
        following = {key: way.known(*key, at + 1) for key in keys}
        changed = [key for key in keys if following[key] != known[key]]
        assert len(changed) == 1
        assert following[changed[0]] == known[changed[0]] + 1
        stop = way.stop(at + 1)
        assert (stop.operation, -1 if stop.layer is None else stop.layer) == (
            changed[0] if changed[0][0] != "loss" else ("loss", -1)
        )


@given(places())
def test_a_stop_says_what_was_done_last(place: tuple[Course, int]) -> None:
    way, at = place
    stop = way.stop(at)
    if at == 0:
        assert (stop.phase, stop.operation, stop.layer, stop.unit) == (None, None, None, None)
        assert way.phase_at(0) is None
        return
    assert stop.operation is not None and stop.phase is not None
    assert stop.phase == way.phase_at(at)
    block = way.block(stop.operation, -1 if stop.layer is None else stop.layer)
    assert block is not None
    assert block.start < at <= block.stop
    assert stop.unit == (None if at == block.stop else at - block.start - 1)
    assert at <= way.after(stop.phase)


def test_a_pass_of_a_small_network_by_hand() -> None:
    way = course((2, 1))
    assert [stop.cursor for stop in way.stops("pass")] == [
        way.after("loss"),
        way.after("backward"),
        way.after("update"),
    ]
    layers = [(stop.phase, stop.layer) for stop in way.stops("layer")]
    assert layers == [
        ("forward", 0), ("forward", 1), ("loss", None), ("backward", 1), ("backward", 0), ("update", 1),
    ]  # fmt: skip
    assert len(way.stops("operation")) == 2 * 2 + 1 + 2 * 4 + 2
    assert len(way.stops("unit")) == way.end == 22
    assert way.block("da", 5) is None
    assert way.known("da", 5, way.end) == 0
