"""The session: everything the screen shows, as one frozen value.

The functions that a key press applies to it are in ``stepping``, ``timeline``, ``branches`` and ``display``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.engine.computed import is_known, known_units
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import first_nonzero_weight
from nn_tui.core.engine.steps import PassSteps, Step, Zoom, steps_of
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.explain.history import History
from nn_tui.core.lesson.condition import Condition
from nn_tui.core.program.values import Framework
from nn_tui.core.refs import QuantityKey, QuantityLike, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import Message
from nn_tui.tui.session.choices import DEFAULT_SPEED, SPEEDS
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.practice_state import Practice


class Position(NamedTuple):
    """A cursor in a pass of a run: ``cursor`` steps of pass ``update`` are done."""

    run: Run
    update: int
    cursor: int


class UndoPoint(NamedTuple):
    """A restart, a new seed or an edit that can be taken back: it went from ``left`` to ``arrived``."""

    left: Position
    arrived: Position


class LastMove(NamedTuple):
    """A move of the cursor in a pass by one key, which may go over several stops."""

    update: int
    start: int
    end: int


FileStamp = tuple[int, int]
"""The time of the last write of a file in nanoseconds, and its size."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The file that a session was opened from or saved in.

    Attributes:
        path: The file.
        saved_at: The time of that save in seconds since 1970.
        stamp: A value that is another one after the file was written again.
        marks: A value that differs from that of a session that has changed since; None if it has changed for sure.
        place: The run, the pass and the step that the document shows, as numbers.
    """

    path: Path
    saved_at: int
    stamp: FileStamp
    marks: object
    place: tuple[int, int, int] = (0, 1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One moment of the screen.

    Attributes:
        runs: The runs that can be shown, oldest first.
        active: The index in ``runs`` of the run on screen.
        trace: The pass on screen.
        cursor: The number of steps of that pass that are done.
        last_move: The last move of the cursor in a pass; it may be that of an earlier position.
        zoom: The distance of one step of the cursor.
        ref: The selected number.
        digits: Decimals of the numbers on screen, None for all.
        running: Whether a run is training or playing back.
        target: The update at which training at full speed ends; None to train until it is paused.
        goal: The condition with which training at full speed ends, at the latest at ``target``; None without one.
        speed: An index in ``SPEEDS``.
        tab: The name of the chosen view.
        maximised: Whether the chosen view fills the screen.
        log: Whether the loss has a logarithmic axis.
        swapped: The other charts whose axis was switched between linear and logarithmic.
        chart: The chosen chart.
        recent: Whether charts show only the last part of the run.
        output_view: The chosen view of the output, "" for the one that fits the data best.
        framework: What the program in the code view computes with.
        unfolded: The names of the arrays in this program whose numbers are shown.
        message: The sentence in the message line, which marks keys as `` `f` ``; "" for a hint.
        undo_points: The restarts, new seeds and edits that a step back can undo, oldest first.
        other: The run that the one on screen is compared with.
        other_trace: The same pass of ``other``, if it has that pass.
        overlaid: The runs whose curves the charts show together, each beside the others; empty for no overlay.
        bookmarks: Numbers of updates, the same in every run.
        playing_back: Whether the run plays backwards.
        key_labels: The label of each remapped key, by its default label.
        batch: Whether the layer view shows every sample of the batch at once.
        highlighted: The highlighted number in the arithmetic: the selection it belongs to, and its index, −1 for none.
        follow_stack: The earlier selections to which `<` goes back, the latest last.
        findings: The health findings; filled in when no key is pressed for a moment.
        history: The history of the selected number; filled in likewise.
        notes: Whether the notes of the preset are shown, above the arithmetic.
        document: The document of the session, None if it is in none.
        practice: The practice mode; None outside of it.
        lesson: The lesson on screen; None outside of lessons.
        is_presented: Whether the screen is for a projector: a large number, hidden until a key shows it, and no hints.
    """

    runs: tuple[Run, ...]
    active: int
    trace: Trace
    cursor: int = 0
    last_move: LastMove = LastMove(0, 0, 0)
    zoom: Zoom = "layer"
    ref: Ref = Ref("w")
    digits: int | None = 4
    running: bool = False
    target: int | None = None
    goal: Condition | None = None
    speed: int = DEFAULT_SPEED
    tab: str = "layer"
    maximised: bool = False
    log: bool = False
    swapped: frozenset[str] = frozenset()
    chart: str = "loss"
    recent: bool = False
    output_view: str = ""
    framework: Framework = "numpy"
    unfolded: frozenset[str] = frozenset()
    message: Message | str = ""
    undo_points: tuple[UndoPoint, ...] = ()
    other: Run | None = None
    other_trace: Trace | None = None
    overlaid: tuple[Run, ...] = ()
    bookmarks: frozenset[int] = frozenset()
    playing_back: bool = False
    key_labels: Mapping[str, str] = field(default_factory=dict)
    batch: bool = False
    highlighted: tuple[Ref, int] = (Ref("w"), -1)
    follow_stack: tuple[Ref, ...] = ()
    findings: tuple[Finding, ...] = ()
    history: History | None = None
    notes: bool = False
    document: Document | None = None
    practice: Practice | None = None
    lesson: LessonState | None = None
    is_presented: bool = False

    @property
    def run(self) -> Run:
        """The run on screen."""
        return self.runs[self.active]

    @property
    def engine(self) -> Engine:
        """The engine that computed the pass on screen."""
        return self.run.segment(self.trace.update - 1).engine

    @property
    def experiment(self) -> Experiment:
        """The experiment of the pass on screen."""
        return self.engine.experiment

    @property
    def pass_steps(self) -> PassSteps:
        """The steps of the pass on screen."""
        return steps_of(self.engine.sizes[1:])

    @property
    def step(self) -> Step:
        """The last step done."""
        return self.pass_steps.step_at(self.cursor)

    @property
    def updates_done(self) -> int:
        """The number of updates that the parameters at the cursor have had."""
        return self.trace.update if self.cursor >= self.pass_steps.end else self.trace.update - 1

    @property
    def state(self) -> State:
        """The parameters at the cursor: those after the update once all of it is done, else those before it."""
        return self.trace.after if self.cursor >= self.pass_steps.end else self.trace.before

    @property
    def is_at_full_speed(self) -> bool:
        """Whether ``r`` trains as fast as the machine can, and not at a number of stops or passes per second."""
        speed = SPEEDS[self.speed]
        has_end = self.target is not None or self.goal is not None
        return not self.playing_back and (has_end or (speed.stops is None and speed.passes is None))

    @property
    def data_row(self) -> int:
        """The row of the selected sample in the training data."""
        rows = self.trace.rows
        return self.ref.sample if rows is None else int(rows[self.ref.sample])

    def known_units(self, key: QuantityLike, layer: int) -> int:
        """Return how many units of a quantity this pass has computed at the cursor.

        Args:
            key: The quantity. For one that is known from the start of the pass, all units count.
            layer: The layer, from 0.
        """
        return known_units(self.engine.sizes, self.cursor, key, layer)

    def is_known(self, ref: Ref) -> bool:
        """Return whether the number at ``ref`` has been computed at the cursor."""
        return is_known(self.engine.sizes, self.cursor, ref)


Move = Callable[[Session], Session]
"""What a key press does to the session."""


def new_session(experiment: Experiment, **view: object) -> Session:
    """Return a session at the start of an experiment.

    Args:
        experiment: The experiment; its run is started.
        view: Fields of the session that are not to have their default, such as ``digits=6``.
    """
    return replace(session_of(Run.start(experiment)), **view)  # type: ignore[arg-type]


def session_of(run: Run) -> Session:
    """Return a session at the start of a run."""
    trace = run.trace(1)
    return Session((run,), 0, trace, ref=first_nonzero_weight(trace))


def with_message(session: Session, message: Message | str) -> Session:
    """Return the session with a message."""
    return replace(session, message=message)


def clamp_ref(session: Session, ref: Ref) -> Ref:
    """Return the nearest address to ``ref`` that exists in the network and the batch on screen."""
    sizes = session.engine.sizes
    if ref.is_optimizer_state and ref.slot not in session.engine.optimizer.slots:
        ref = ref.with_key(QuantityKey(ref.parameter.value, after=ref.after))
    layer = min(max(ref.layer, 0), len(sizes) - 2)
    if ref.quantity == "dx" and layer:  # the inputs of a later layer are the outputs of the layer before
        ref, layer = replace(ref, quantity="da", layer=layer - 1), layer - 1
    if ref.quantity == "slope" and session.engine.activations[layer].slope is None:
        ref = replace(ref, quantity="a")
    layer_size = sizes[layer] if ref.quantity == "dx" else sizes[layer + 1]
    units = sizes[0] if ref.quantity == "x" else sizes[-1] if ref.quantity in ("y", "term") else layer_size
    return replace(
        ref,
        layer=layer,
        unit=min(max(ref.unit, 0), units - 1),
        input=min(max(ref.input, 0), sizes[layer] - 1),
        sample=min(max(ref.sample, 0), session.trace.n - 1),
    )


def select(session: Session, ref: Ref) -> Session:
    """Return the session with another number selected, and its arithmetic instead of notes; the cursor stays."""
    return replace(session, ref=clamp_ref(session, ref), message="", notes=False)


def show_notes(session: Session) -> Session:
    """Return the session with the notes of its preset, if it has any."""
    preset = session.experiment.preset
    return replace(session, notes=bool(preset.notes or preset.summary))


def hide_notes_after_step(before: Session, session: Session) -> Session:
    """Return the session without notes if the same problem is at another step than before."""
    if not (before.notes and session.notes) or session.experiment.preset is not before.experiment.preset:
        return session
    is_moved = (session.trace.update, session.cursor) != (before.trace.update, before.cursor)
    return replace(session, notes=False) if is_moved else session


def release_old_runs(before: Session, session: Session) -> Session:
    """Release the buffers of the runs that only the session before shows, and return the session."""
    if not session.running:  # a worker thread may be using engines that runs share
        for run in {before.run, before.other} - {session.run, session.other}:
            if run is not None:
                run.release_buffers()
    return session
