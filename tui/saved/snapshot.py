"""Conversion of a session to a document and back: its runs, the position on screen, the undo points and the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from nn_tui.core.engine.blas import kernels
from nn_tui.core.engine.steps import Zoom, steps_of
from nn_tui.core.errors import InputError
from nn_tui.core.practice.rounding import MAX_DIGITS, MIN_DIGITS
from nn_tui.core.program.values import Framework
from nn_tui.core.ref_parser import parse_ref, typed_name
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.saved.codec import invalid_value
from nn_tui.core.saved.document import MAX_BYTES, DocumentInfo, read_document, rejecting_misfits, write_document
from nn_tui.core.saved.record import MAX_STATE_BYTES, RunRecord, has_state, record_run, restore_run
from nn_tui.core.saved.run_document import SavedPosition
from nn_tui.core.saved.runs import SavedRuns, restore_runs, save_runs
from nn_tui.core.text import printable
from nn_tui.tui.registry import TABS
from nn_tui.tui.saved.saved_lesson import SavedLesson, restore_lesson, save_lesson
from nn_tui.tui.session.choices import DIGITS, SPEEDS
from nn_tui.tui.session.document import is_changed
from nn_tui.tui.session.overlay import MAX_OVERLAID
from nn_tui.tui.session.practice import with_valid_question
from nn_tui.tui.session.practice_state import Practice
from nn_tui.tui.session.session import Document, Position, Session, UndoPoint, clamp_ref, show_notes
from nn_tui.tui.session.stepping import MAX_RUNS, MAX_UNDO_POINTS

# The fields of the next three classes are keys in the files.


@dataclass(frozen=True, slots=True)
class SavedView:
    """The settings of the view: fields of the session."""

    zoom: Zoom
    digits: int | None
    speed: int
    tab: str
    maximised: bool
    log: bool
    swapped: frozenset[str]
    chart: str
    recent: bool
    output_view: str
    batch: bool
    bookmarks: frozenset[int]
    practice: Practice | None = None
    framework: Framework = "numpy"


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """What is on screen.

    Attributes:
        shown: The numbers of the session's runs.
        here: The position on screen.
        other: The number of the run that is compared; None means no comparison.
        undo_points: The position before each jump and the one after it.
        ref: The selected number.
        view: The settings of the view.
        lesson: The lesson on screen; None without one.
        overlaid: The numbers of the runs whose curves the charts show together.
    """

    shown: tuple[int, ...]
    here: SavedPosition
    other: int | None
    undo_points: tuple[tuple[SavedPosition, SavedPosition], ...]
    ref: Ref
    view: SavedView
    lesson: SavedLesson | None = None
    overlaid: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedSession:
    """The tree of a document. A field that a later version adds needs a default, so that older files can be read.

    Attributes:
        runs: The runs.
        place: What is on screen; None in a document of a run alone, which has ``here`` instead.
        here: The position to open; None if ``place`` has it.
    """

    runs: SavedRuns
    place: SavedPlace | None = None
    here: SavedPosition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A session at one moment. No thread changes it any more.

    Attributes:
        info: The description of the session.
        all_runs: Every run, and what is on screen.
        one_run: The run on screen alone, and what is on screen.
        document: The document of the session, which is no part of the file.
    """

    info: DocumentInfo
    all_runs: tuple[tuple[RunRecord, ...], SavedPlace]
    one_run: tuple[tuple[RunRecord, ...], SavedPlace]
    document: Document | None = None


class Packed(NamedTuple):
    """The content of a document, and whether it has all runs of the session or only the one on screen."""

    content: bytes
    has_all_runs: bool


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
    here = Position(run, session.trace.update, session.cursor)
    if not is_training and run.position != here.update and run.position and has_state(run, run.position - 1):
        # Training ended before its last pass was shown.
        here = Position(run, run.position, _last_step(run, run.position))
    runs = _all_runs(session)
    undo_updates = [(position.run, position.update) for point in session.undo_points for position in point]
    records = {
        saved: record_run(
            saved,
            is_training=is_training and saved in (run, session.other),
            min_update=max((update for other, update in undo_updates if other is saved), default=0),
            shown=here.update if saved is run else 0,
            trace=session.trace,
            max_state_bytes=max_state_bytes,
        )
        for saved in runs
    }
    # The pass on screen counts as an update only when it is complete; later ones are complete.
    done = here.update if here.cursor >= _last_step(run, here.update) else here.update - 1
    reached = records[run].progress.reached
    preset, lesson = session.experiment.preset, session.lesson
    title = preset.title if lesson is None else lesson.lesson.title
    info = DocumentInfo(
        preset=printable(preset.id)[:200],
        title=printable(title)[:200],
        update=done,
        reached=reached if reached > here.update else done,
        saved_at=saved_at,
        kernels=kernels_of(session),
        document_saved_at=session.document.saved_at if session.document and is_changed(session) else 0,
        **_activity_info(session),
    )
    return Snapshot(
        info,
        (tuple(records.values()), _place(session, runs, here)),
        ((records[run],), _place(session, [run], here)),
        session.document,
    )


def _activity_info(session: Session) -> dict[str, Any]:
    """Return the fields of the description of a session that are about its lesson or its practice."""
    practice = session.practice
    if session.lesson is not None:
        return {"lesson": session.lesson.lesson.title}
    if practice is None or not practice.is_begun:
        return {}
    topic = "" if practice.exercise is None else practice.exercise.topic
    return {"is_practice": True, "topic": topic, "answered": len(practice.results)}


def _last_step(run: Run, update: int) -> int:
    return steps_of(run.segment(update - 1).engine.sizes[1:]).end


def kernels_of(session: Session) -> str:
    """Return the numerical libraries that compute a session here. With other ones, a replay may differ."""
    segments = (segment for run in _all_runs(session) for segment in run.segments)
    return kernels(max(segment.engine.threads for segment in segments))[:200]


def _all_runs(session: Session) -> list[Run]:
    """Return the session's runs, then the compared run and those that undo leads to."""
    undoable = [position.run for point in session.undo_points for position in point]
    others = [session.other] if session.other is not None else []
    return list(dict.fromkeys([*session.runs, *others, *undoable]))


def _place(session: Session, runs: list[Run], here: Position) -> SavedPlace:
    def saved(position: Position) -> SavedPosition:
        return SavedPosition(runs.index(position.run), position.update, position.cursor)

    view = SavedView(**{field.name: getattr(session, field.name) for field in fields(SavedView)})
    if session.is_presented and session.lesson is None:
        view = replace(view, practice=None)  # it only hides the numbers on a projector
    return SavedPlace(
        shown=tuple(runs.index(run) for run in session.runs if run in runs),
        here=saved(here),
        other=runs.index(session.other) if session.other in runs else None,
        undo_points=tuple(
            (saved(left), saved(arrived)) for left, arrived in session.undo_points if {left.run, arrived.run} <= {*runs}
        ),
        ref=session.ref,
        view=view,
        lesson=save_lesson(session.lesson, runs),
        overlaid=tuple(runs.index(run) for run in session.overlaid if run in runs),
    )


def pack_snapshot(snapshot: Snapshot, max_bytes: int = MAX_BYTES) -> Packed:
    """Return the content of a document: all runs, or the run on screen alone if all are too large.

    Args:
        snapshot: The snapshot.
        max_bytes: How large the document may be.

    Raises:
        InputError: If the run on screen is too large as well.
    """
    try:
        return Packed(_pack(snapshot.info, *snapshot.all_runs, max_bytes), True)
    except InputError:
        return Packed(_pack(snapshot.info, *snapshot.one_run, max_bytes), False)


def _pack(info: DocumentInfo, records: tuple[RunRecord, ...], place: SavedPlace, max_bytes: int) -> bytes:
    return write_document(info, SavedSession(save_runs(records), place), max_bytes)


def restore_session(content: bytes, key_labels: Mapping[str, str]) -> Session:
    """Return the session in a document, paused.

    Args:
        content: The content of the file.
        key_labels: The label of each remapped key, by its default label.

    Raises:
        InputError: If the file is damaged or not a document.
    """
    saved = read_document(content, SavedSession)
    with rejecting_misfits():
        records = restore_runs(saved.runs)
        place = saved.place or _first_place(saved.here)
        _check_place(place, records)
        session = _restore(place, [restore_run(record) for record in records], key_labels)
        return session if saved.place is not None or session.cursor else show_notes(session)


def _first_place(here: SavedPosition | None) -> SavedPlace:
    """Return what is on screen when a run without a view is opened."""
    if here is None:
        raise invalid_value("place")
    names = {field.name for field in fields(SavedView)}
    view: dict[str, Any] = {field.name: field.default for field in fields(Session) if field.name in names}
    return SavedPlace((here.run,), here, None, (), Ref("w"), SavedView(**view))


def _restore(place: SavedPlace, runs: list[Run], key_labels: Mapping[str, str]) -> Session:
    def position(saved: SavedPosition) -> Position:
        return Position(runs[saved.run], saved.update, saved.cursor)

    session = Session(
        runs=tuple(runs[number] for number in place.shown),
        active=place.shown.index(place.here.run),
        trace=runs[place.here.run].trace(place.here.update),
        cursor=place.here.cursor,
        other=None if place.other is None else runs[place.other],
        overlaid=tuple(runs[number] for number in place.overlaid),
        undo_points=tuple(UndoPoint(position(left), position(arrived)) for left, arrived in place.undo_points),
        key_labels=key_labels,
        lesson=restore_lesson(place.lesson, runs),
        **{field.name: getattr(place.view, field.name) for field in fields(SavedView)},
    )
    ref, engine = clamp_ref(session, place.ref), session.engine
    named = parse_ref(typed_name(ref), engine.sizes, slots=engine.optimizer.slots, batch_size=session.trace.n)
    if named.key != ref.key:  # such as a quantity with a slot that only the optimiser's state has
        raise invalid_value("place", "ref")
    return with_valid_question(replace(session, ref=ref))


def _check_place(place: SavedPlace, records: list[RunRecord]) -> None:
    here, view = place.here, place.view
    positions = (here, *(saved for jump in place.undo_points for saved in jump))
    if here.run not in place.shown or not 1 <= len(set(place.shown)) == len(place.shown) <= MAX_RUNS:
        raise invalid_value("place", "shown")
    if not len(set(place.overlaid)) == len(place.overlaid) <= MAX_OVERLAID:
        raise invalid_value("place", "overlaid")
    if len(place.undo_points) > MAX_UNDO_POINTS:
        raise invalid_value("place", "undo_points")
    if view.tab not in TABS or view.digits not in DIGITS or view.speed >= len(SPEEDS):
        raise invalid_value("place", "view")
    if view.practice is not None and not MIN_DIGITS <= view.practice.digits <= MAX_DIGITS:
        raise invalid_value("place", "view")
    for saved in positions:
        record = records[saved.run]
        segment = [segment for segment in record.segments if segment.start < saved.update][-1]
        last = steps_of(segment.engine.sizes[1:]).end
        if not 1 <= saved.update <= record.progress.reached or saved.cursor > last:
            raise invalid_value("place", "here")
    record, before = records[here.run], here.update - 1
    known = [update for states in record.progress.states for update in states.updates]
    if before not in (*known, *(segment.start for segment in record.segments)):
        raise invalid_value("place", "here")  # only a replay of unlimited length would reach it
