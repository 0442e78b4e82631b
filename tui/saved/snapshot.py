"""A session to bytes and back: its runs, where it stands in them, the ways back, and how it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nn_tui.core.engine.blas import kernels, threads_for
from nn_tui.core.engine.steps import Zoom, steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.refs import SYMBOLS, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.saved.codec import from_json, invalid_value, to_json
from nn_tui.core.saved.read import unpack
from nn_tui.core.saved.record import MAX_STATE_BYTES, RunRecord, has_state, record_run, restore_run
from nn_tui.core.saved.write import MAX_BYTES, pack
from nn_tui.core.spec import Array
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Position, Session, Tab, UndoPoint, clamp_ref
from nn_tui.tui.session.stepping import MAX_RUNS, MAX_UNDO_POINTS

_MOST_BOOKMARKS = 10_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in one of the kept runs: which, the number of a pass, steps of it done."""

    run: int
    update: int
    at: int


@dataclass(frozen=True, slots=True)
class View:
    """What a kept session says beside its runs: ``shown`` are those of the session, ``other`` is compared with."""

    shown: tuple[int, ...]
    here: Spot
    other: int | None
    ways: tuple[tuple[Spot, Spot], ...]
    zoom: Zoom
    ref: Ref
    digits: int | None
    speed: int
    tab: Tab
    maximised: bool
    log: bool
    swapped: tuple[str, ...]
    chart: str
    recent: bool
    output_view: str
    batch: bool
    bookmarks: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A session at one moment, which no thread writes to any more; ``few`` is the run on screen alone."""

    about: Mapping[str, Any]
    all: tuple[tuple[RunRecord, ...], View]
    few: tuple[tuple[RunRecord, ...], View]


def is_worth_keeping(session: Session) -> bool:
    """Whether anything has been done that opening the preset would not bring back."""
    runs = session.runs
    return len(runs) > 1 or session.updates_done > 0 or runs[0].reached > 1 or len(runs[0].segments) > 1


def snapshot(session: Session, kept: int, *, live: bool = False, max_state_bytes: int = MAX_STATE_BYTES) -> Snapshot:
    """The session as it is now, at ``kept`` seconds since 1970; ``live`` says that a thread is training its runs."""
    run = session.run
    stand, cursor = session.trace.update, session.cursor
    if not live and run.position != stand and run.position and has_state(run, run.position - 1):
        # A training was ended before the screen has seen its last pass.
        stand = run.position
        cursor = steps_of(run.segment(stand - 1).engine.sizes[1:]).end
    runs = _runs(session)

    def record_of(each: Run) -> RunRecord:
        active = live and each in (run, session.other)
        if each is run:
            return record_run(each, live=active, shown=stand, trace=session.trace, max_state_bytes=max_state_bytes)
        positions = [position for point in session.undo_points for position in (point.left, point.arrived)]
        min_update = max((position.update for position in positions if position.run is each), default=0)
        return record_run(each, live=active, min_update=min_update)

    records = {each: record_of(each) for each in runs}
    done = stand if cursor >= steps_of(run.segment(stand - 1).engine.sizes[1:]).end else stand - 1
    preset = session.experiment.preset
    # The pass on screen counts once its update is done, those behind it do anyway.
    reached = records[run].reached if records[run].reached > stand else done
    about = {"preset": preset.id[:200], "title": preset.title[:200], "update": done, "reached": reached, "kept": kept}
    about["kernels"] = computed_with(session)
    return Snapshot(
        about,
        (tuple(records.values()), _view(session, runs, stand, cursor)),
        ((records[run],), _view(session, [run], stand, cursor)),
    )


def computed_with(session: Session) -> str:
    """What the numbers of a session are computed with here; where a kept one says another, a replay may differ."""
    segments = (segment for run in _runs(session) for segment in run.segments)
    return kernels(max(threads_for(segment.engine.sizes, segment.engine.batch) for segment in segments))[:200]


def _runs(session: Session) -> list[Run]:
    """Every run that a way leads to from here, those of the session first."""
    undoable = [position.run for point in session.undo_points for position in (point.left, point.arrived)]
    others = [session.other] if session.other is not None else []
    return list(dict.fromkeys([*session.runs, *others, *undoable]))


def _view(session: Session, runs: list[Run], stand: int, cursor: int) -> View:
    def spot(position: Position) -> Spot:
        return Spot(runs.index(position.run), position.update, position.cursor)

    points = (point for point in session.undo_points if point.left.run in runs and point.arrived.run in runs)
    return View(
        shown=tuple(runs.index(run) for run in session.runs if run in runs),
        here=spot(Position(session.run, stand, cursor)),
        other=runs.index(session.other) if session.other in runs else None,
        ways=tuple((spot(point.left), spot(point.arrived)) for point in points),
        zoom=session.zoom,
        ref=session.ref,
        digits=session.digits,
        speed=session.speed,
        tab=session.tab,
        maximised=session.maximised,
        log=session.log,
        swapped=tuple(sorted(session.swapped)),
        chart=session.chart,
        recent=session.recent,
        output_view=session.output_view,
        batch=session.batch,
        bookmarks=tuple(sorted(session.bookmarks))[:_MOST_BOOKMARKS],
    )


def packed(taken: Snapshot, max_bytes: int = MAX_BYTES) -> list[bytes | memoryview]:
    """The snapshot as pieces of bytes, the run on screen alone where all are too much; InputError if that is too."""
    try:
        return _packed(taken.about, *taken.all, max_bytes)
    except InputError:
        return _packed(taken.about, *taken.few, max_bytes)


def _packed(
    about: Mapping[str, Any], records: tuple[RunRecord, ...], view: View, max_bytes: int
) -> list[bytes | memoryview]:
    return pack(records, about, to_json(view, _no_array), max_bytes)


def resumed(data: bytes, keys: Mapping[str, str]) -> Session:
    """The session in the bytes of a file, paused where it was left; raises InputError for what is none of ours."""
    records, body = unpack(data)
    try:
        return _session(records, from_json(View, body, _array_of_none, "the view"), keys)
    except InputError:
        raise
    except (ValueError, LookupError, ArithmeticError, TypeError):
        raise InputError("what is in it does not fit together") from None


def _session(records: list[RunRecord], view: View, keys: Mapping[str, str]) -> Session:
    here = view.here
    numbers = [*view.shown, here.run, *(spot.run for way in view.ways for spot in way)]
    numbers += [] if view.other is None else [view.other]
    if not all(0 <= number < len(records) for number in numbers) or here.run not in view.shown:
        raise invalid_value("the number of a run")
    if (
        not 1 <= len(view.shown) <= MAX_RUNS
        or len(set(view.shown)) < len(view.shown)
        or len(view.ways) > MAX_UNDO_POINTS
    ):
        raise invalid_value("the number of runs")
    ref = view.ref
    is_state = ref.is_optimizer_state and ref.part in ("w", "b", "w_after", "b_after")
    if ref.key not in {*SYMBOLS, "loss"} and not is_state:
        raise invalid_value("the selection")
    if view.digits not in DIGITS or not 0 <= view.speed < len(SPEEDS) or min(view.bookmarks, default=0) < 0:
        raise invalid_value("the view")
    for spot in (here, *(spot for way in view.ways for spot in way)):
        _check_spot(spot, records[spot.run])
    standing = records[here.run]
    before = here.update - 1
    if before not in standing.states and all(segment.start != before for segment in standing.segments):
        raise invalid_value("the place")  # it would take a replay of any length to stand there
    runs = [restore_run(each) for each in records]
    shown = tuple(runs[number] for number in view.shown)
    session = Session(
        runs=shown,
        active=view.shown.index(here.run),
        trace=runs[here.run].trace(here.update),
        cursor=here.at,
        zoom=view.zoom,
        digits=view.digits,
        speed=view.speed,
        tab=view.tab,
        maximised=view.maximised,
        log=view.log,
        swapped=frozenset(view.swapped),
        chart=view.chart,
        recent=view.recent,
        output_view=view.output_view,
        batch=view.batch,
        bookmarks=frozenset(view.bookmarks),
        other=None if view.other is None else runs[view.other],
        undo_points=tuple(
            UndoPoint(*(Position(runs[spot.run], spot.update, spot.at) for spot in way)) for way in view.ways
        ),
        keys=keys,
    )
    return replace(session, ref=clamp_ref(session, view.ref))


def _check_spot(spot: Spot, record: RunRecord) -> None:
    if not 1 <= spot.update <= record.reached:
        raise invalid_value("the place")
    segment = [each for each in record.segments if each.start < spot.update][-1]
    if not 0 <= spot.at <= steps_of(segment.engine.sizes[1:]).end:
        raise invalid_value("the place")


def _no_array(array: Array) -> int:
    raise TypeError("a view has no arrays")


def _array_of_none(number: int) -> Array:
    raise invalid_value("the view")
