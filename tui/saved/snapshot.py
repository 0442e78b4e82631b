"""Conversion of a session to bytes and back: its runs, the position on screen, the undo points and the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nn_tui.core.engine.blas import kernels, threads_for
from nn_tui.core.engine.steps import Zoom, steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.core.saved.codec import from_json, invalid_value, to_json
from nn_tui.core.saved.read import misfit_error, unpack
from nn_tui.core.saved.record import MAX_STATE_BYTES, RunRecord, has_state, record_run, restore_run
from nn_tui.core.saved.write import MAX_BYTES, pack
from nn_tui.core.spec import Array
from nn_tui.tui.registry import TABS
from nn_tui.tui.saved.selection import SavedRef, restore_ref, save_ref
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.session import Position, Session, UndoPoint, clamp_ref
from nn_tui.tui.session.stepping import MAX_RUNS, MAX_UNDO_POINTS

_MAX_BOOKMARKS = 10_000


# The fields of the next two classes are keys in the files.


@dataclass(frozen=True, slots=True)
class SavedPosition:
    """A position in one of the saved runs.

    Attributes:
        run: The index of the run in the file.
        update: The number of the pass.
        at: The cursor: the number of steps that are done in the pass.
    """

    run: int
    update: int
    at: int


@dataclass(frozen=True, slots=True)
class SavedView:
    """The position and the view settings in a file; the other fields are those of the session.

    Attributes:
        shown: The indexes of the session's runs.
        here: The position on screen.
        other: The index of the run that is compared; None means no comparison.
        ways: The undo points: the position before the jump and the one after it.
    """

    shown: tuple[int, ...]
    here: SavedPosition
    other: int | None
    ways: tuple[tuple[SavedPosition, SavedPosition], ...]
    zoom: Zoom
    ref: SavedRef
    digits: int | None
    speed: int
    tab: str
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
    """A session at one moment. No thread changes it any more.

    Attributes:
        header: The first line of the file.
        all_runs: Every run, and the view of them.
        one_run: The run on screen alone, and the view of it.
    """

    header: Mapping[str, Any]
    all_runs: tuple[tuple[RunRecord, ...], SavedView]
    one_run: tuple[tuple[RunRecord, ...], SavedView]


def is_worth_saving(session: Session) -> bool:
    """Return whether the session has something that opening the preset would not bring back."""
    runs = session.runs
    return len(runs) > 1 or session.updates_done > 0 or runs[0].reached > 1 or len(runs[0].segments) > 1


def take_snapshot(
    session: Session, saved_at: int, *, is_training: bool = False, max_state_bytes: int = MAX_STATE_BYTES
) -> Snapshot:
    """Take a snapshot of a session.

    Args:
        session: The session.
        saved_at: The time in seconds since 1970.
        is_training: Whether a thread is training its runs.
        max_state_bytes: The limit of the states to save of the run on screen.
    """
    run = session.run
    update, cursor = session.trace.update, session.cursor
    if not is_training and run.position != update and run.position and has_state(run, run.position - 1):
        # Training ended before its last pass was shown.
        update = run.position
        cursor = _last_step(run, update)
    runs = _all_runs(session)

    def record_of(saved: Run) -> RunRecord:
        active = is_training and saved in (run, session.other)
        if saved is run:
            return record_run(
                saved, is_training=active, shown=update, trace=session.trace, max_state_bytes=max_state_bytes
            )
        positions = [position for point in session.undo_points for position in (point.left, point.arrived)]
        min_update = max((position.update for position in positions if position.run is saved), default=0)
        return record_run(saved, is_training=active, min_update=min_update)

    records = {saved: record_of(saved) for saved in runs}
    # The pass on screen counts as an update only when it is complete; later ones are complete.
    done = update if cursor >= _last_step(run, update) else update - 1
    reached = records[run].reached if records[run].reached > update else done
    preset = session.experiment.preset
    header = {
        "preset": preset.id[:200],
        "title": preset.title[:200],
        "update": done,
        "reached": reached,
        "kept": saved_at,
        "kernels": kernels_of(session),
    }
    return Snapshot(
        header,
        (tuple(records.values()), _view(session, runs, update, cursor)),
        ((records[run],), _view(session, [run], update, cursor)),
    )


def _last_step(run: Run, update: int) -> int:
    return steps_of(run.segment(update - 1).engine.sizes[1:]).end


def kernels_of(session: Session) -> str:
    """Return the numerical libraries that compute a session here. With other ones, a replay may differ."""
    segments = (segment for run in _all_runs(session) for segment in run.segments)
    return kernels(max(threads_for(segment.engine.sizes, segment.engine.batch) for segment in segments))[:200]


def _all_runs(session: Session) -> list[Run]:
    """Return the session's runs, then the compared run and those that undo leads to."""
    undoable = [position.run for point in session.undo_points for position in (point.left, point.arrived)]
    others = [session.other] if session.other is not None else []
    return list(dict.fromkeys([*session.runs, *others, *undoable]))


def _view(session: Session, runs: list[Run], update: int, cursor: int) -> SavedView:
    def saved(position: Position) -> SavedPosition:
        return SavedPosition(runs.index(position.run), position.update, position.cursor)

    points = (point for point in session.undo_points if point.left.run in runs and point.arrived.run in runs)
    return SavedView(
        shown=tuple(runs.index(run) for run in session.runs if run in runs),
        here=saved(Position(session.run, update, cursor)),
        other=runs.index(session.other) if session.other in runs else None,
        ways=tuple((saved(point.left), saved(point.arrived)) for point in points),
        zoom=session.zoom,
        ref=save_ref(session.ref),
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
        bookmarks=tuple(sorted(session.bookmarks))[:_MAX_BOOKMARKS],
    )


def pack_snapshot(
    snapshot: Snapshot, max_bytes: int = MAX_BYTES, *, with_folders: bool = True
) -> list[bytes | memoryview]:
    """Return the snapshot as pieces of bytes: all runs, or the run on screen alone if all are too large.

    Args:
        snapshot: The snapshot.
        max_bytes: How large it may be.
        with_folders: Whether to write the folders of data files.

    Raises:
        InputError: If that run is too large as well.
    """
    try:
        return pack_all_runs(snapshot, max_bytes, with_folders=with_folders)
    except InputError:
        return pack_run_on_screen(snapshot, max_bytes, with_folders=with_folders)


def pack_run_on_screen(
    snapshot: Snapshot, max_bytes: int = MAX_BYTES, *, with_folders: bool = True
) -> list[bytes | memoryview]:
    """Return the run on screen alone, as :func:`pack_all_runs` returns all of them."""
    return _pack(snapshot.header, *snapshot.one_run, max_bytes, with_folders)


def pack_all_runs(
    snapshot: Snapshot, max_bytes: int = MAX_BYTES, *, with_folders: bool = True
) -> list[bytes | memoryview]:
    """Return all runs as pieces of bytes, or raise InputError; the arguments are those of :func:`pack_snapshot`."""
    return _pack(snapshot.header, *snapshot.all_runs, max_bytes, with_folders)


def _pack(
    header: Mapping[str, Any], records: tuple[RunRecord, ...], view: SavedView, max_bytes: int, with_folders: bool
) -> list[bytes | memoryview]:
    return pack(records, header, to_json(view, _refuse_array), max_bytes, with_folders=with_folders)


def restore_session(data: bytes, key_labels: Mapping[str, str]) -> Session:
    """Return the session in the bytes of a file, paused.

    Args:
        data: The content of the file.
        key_labels: The label of each remapped key, by its default label.

    Raises:
        InputError: If the file is damaged or not a session.
    """
    records, body = unpack(data)
    try:
        return _session(records, from_json(SavedView, body, _refuse_array_number, ("view",)), key_labels)
    except InputError:
        raise
    except (ValueError, LookupError, ArithmeticError, TypeError):
        raise misfit_error() from None


def _session(records: list[RunRecord], view: SavedView, key_labels: Mapping[str, str]) -> Session:
    _check_view(view, records)
    here, ref = view.here, restore_ref(view.ref)
    runs = [restore_run(record) for record in records]
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
            UndoPoint(*(Position(runs[saved.run], saved.update, saved.at) for saved in jump)) for jump in view.ways
        ),
        key_labels=key_labels,
    )
    return replace(session, ref=clamp_ref(session, ref))


def _check_view(view: SavedView, records: list[RunRecord]) -> None:
    here = view.here
    positions = (here, *(saved for jump in view.ways for saved in jump))
    indexes = [*view.shown, *(saved.run for saved in positions), *(() if view.other is None else (view.other,))]
    if not all(0 <= index < len(records) for index in indexes) or here.run not in view.shown:
        raise invalid_value("view", "shown")
    if (
        not 1 <= len(view.shown) <= MAX_RUNS
        or len(set(view.shown)) < len(view.shown)
        or len(view.ways) > MAX_UNDO_POINTS
    ):
        raise invalid_value("view", "shown")
    if view.tab not in TABS:
        raise invalid_value("view", "tab")
    if view.digits not in DIGITS or not 0 <= view.speed < len(SPEEDS) or min(view.bookmarks, default=0) < 0:
        raise invalid_value("view")
    for saved in positions:
        _check_position(saved, records[saved.run])
    record = records[here.run]
    before = here.update - 1
    if before not in record.states and all(segment.start != before for segment in record.segments):
        raise invalid_value("view", "here")  # only a replay of unlimited length would reach it


def _check_position(saved: SavedPosition, record: RunRecord) -> None:
    if not 1 <= saved.update <= record.reached:
        raise invalid_value("view", "here")
    segment = [segment for segment in record.segments if segment.start < saved.update][-1]
    if not 0 <= saved.at <= steps_of(segment.engine.sizes[1:]).end:
        raise invalid_value("view", "here")


def _refuse_array(array: Array) -> int:
    raise TypeError("a view has no arrays")


def _refuse_array_number(number: int) -> Array:
    raise invalid_value("view")
