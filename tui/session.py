"""What the screen shows, as one frozen value, and the moves that a key can make with it.

A move takes a session and returns the next one; where a key cannot act, the same session with a message that
says why. The only thing that changes in place is a run's cache of states it can rebuild.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from nn_tui.core.badge import Badge
from nn_tui.core.engine import Engine
from nn_tui.core.explain_history import History
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Experiment
from nn_tui.core.stops import ZOOMS, Course, Operation, Phase, Stop, Zoom, course
from nn_tui.core.timeline import Run
from nn_tui.core.trace import Trace

Tab = Literal["network", "layer", "output", "loss", "arithmetic"]
TABS: tuple[Tab, ...] = ("network", "layer", "arithmetic", "output", "loss")
DIGITS: tuple[int | None, ...] = (4, 6, None, 2)
RUNS_KEPT = 6
WAYS_KEPT = 12

# When a quantity becomes known: the operation that computes it. What is not here is known from the start.
KNOWN_AFTER: dict[str, Operation] = {
    "z": "z", "a": "a", "slope": "a", "loss": "loss", "term": "loss", "da": "da", "dz": "dz", "dw": "dw", "db": "db",
    "dx": "dz", "step_w": "update", "step_b": "update", "w_after": "update", "b_after": "update",
}  # fmt: skip
KEY_OF_OPERATION: dict[Operation, str] = {
    "z": "z", "a": "a", "loss": "loss", "da": "da", "dz": "dz", "dw": "dw", "db": "db", "update": "w_after"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast ``r`` goes: ``stops`` or whole ``passes`` a second, or as fast as the machine can (both None)."""

    label: str
    stops: float | None = None
    passes: float | None = None


SPEEDS: tuple[Speed, ...] = (
    Speed("1 stop/s", stops=1),
    Speed("2 stops/s", stops=2),
    Speed("5 stops/s", stops=5),
    Speed("2 passes/s", passes=2),
    Speed("10 passes/s", passes=10),
    Speed("30 passes/s", passes=30),
    Speed("flat out"),
)
START_SPEED = 5


Place = tuple[Run, int, int]  # a run, the number of a pass, atoms of it done


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way back from where a restart, a new seed or a change ``arrived`` to the place that it ``left``."""

    left: Place
    arrived: Place


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One moment of the screen: which run, which pass (``trace``), how far into it (``at``), what is selected.

    ``came_from`` are the ways back to what restart, new seed and changes left, so that stepping back returns there.
    ``other`` is the run that the one on screen is compared with.
    ``log`` is whether the chart is drawn on the other scale than its usual one, ``recent`` whether only the
    last stretch; ``output_view`` names the view of the answers, the one that fits the data best where it has none
    of that name. ``bookmarks`` are update numbers, the same in every run. ``keys`` says how a key is written that
    the user has moved elsewhere, by how it is written otherwise; a message marks keys as `` `f` ``.
    ``batch`` shows every sample of the batch at once. ``factor`` is the number lit in the arithmetic of a
    selection, ``trail`` the selections that were followed from, the last one at its end. ``badges`` and the
    ``history`` of the selection are filled in at rest.
    """

    runs: tuple[Run, ...]
    active: int
    trace: Trace
    at: int = 0
    zoom: Zoom = "layer"
    ref: Ref = Ref("w")
    digits: int | None = 4
    running: bool = False
    speed: int = START_SPEED
    tab: Tab = "layer"
    maximised: bool = False
    log: bool = False
    chart: str = "loss"
    recent: bool = False
    output_view: str = ""
    message: str = ""
    came_from: tuple[Way, ...] = ()
    other: Run | None = None
    bookmarks: frozenset[int] = frozenset()
    backwards: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    batch: bool = False
    factor: tuple[Ref, int] = (Ref("w"), -1)
    trail: tuple[Ref, ...] = ()
    badges: tuple[Badge, ...] = ()
    history: History | None = None

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
        """What was in force for the pass on screen."""
        return self.engine.experiment

    @property
    def course(self) -> Course:
        """The stops of the pass on screen."""
        return course(self.engine.sizes[1:])

    @property
    def stop(self) -> Stop:
        """Where in the pass the cursor stands."""
        return self.course.stop(self.at)

    @property
    def updates_done(self) -> int:
        """How many updates the parameters on screen have had."""
        return self.trace.update if self.at >= self.course.end else self.trace.update - 1

    def known(self, key: str, layer: int) -> int:
        """How many units' worth of a quantity this pass has computed so far; all of them for parameters."""
        operation = KNOWN_AFTER.get(key)
        if operation is None:
            return self.engine.sizes[layer + 1]
        count = self.course.known(operation, layer, self.at)
        return self.engine.sizes[-1] * count if key == "term" else count

    def is_known(self, ref: Ref) -> bool:
        """Whether the number at ``ref`` has been computed at the cursor."""
        if ref.key not in KNOWN_AFTER:
            return True
        return self.known(ref.key, ref.layer) > (0 if ref.key in ("loss", "dx") else ref.unit)


def start(experiment: Experiment, **kept: object) -> Session:
    """A session at the start of an experiment; ``kept`` carries over view settings."""
    run = Run.start(experiment)
    trace = run.trace(1)
    session = Session((run,), 0, trace)
    return replace(session, **kept)  # type: ignore[arg-type]


def say(session: Session, message: str) -> Session:
    """The same session with a message."""
    return replace(session, message=message)


def course_of(session: Session, update: int) -> Course:
    """The stops of a pass of the active run: a change may have given it another shape than the pass on screen."""
    return course(session.run.segment(update - 1).engine.sizes[1:])


def place(session: Session, update: int, at: int) -> Session:
    """Stand ``at`` atoms into pass ``update`` of the active run; the selection follows the stop.

    A pass after a divergence is refused with a message.
    """
    run = session.run
    if run.divergence and update > run.divergence.update:
        ways = "`⌫` or `p` goes back; `0` restarts; a smaller η helps."
        return say(session, f"The run diverged at {run.divergence.sentence}. {ways}")
    trace = session.trace
    if update != trace.update:
        new = run.trace(update)
        run.release(trace)
        trace = new
    moved = replace(session, trace=trace, at=at, message="")
    return _follow(moved)


def _follow(session: Session) -> Session:
    """Let the selection follow the cursor: to the operation's own quantity, in its layer, at its unit."""
    stop = session.stop
    ref = session.ref
    if stop.operation is None:
        key, layer, unit = ("w" if ref.is_weight or ref.key == "loss" else "b"), ref.layer, ref.unit
    else:
        key = KEY_OF_OPERATION[stop.operation]
        if key == "db" and session.zoom in ("pass", "layer"):
            key = "dw"  # a layer's backward step ends with db, but what it is for is dW
        layer = ref.layer if stop.layer is None else stop.layer
        if stop.phase == "update" and session.zoom in ("pass", "layer"):
            layer = ref.layer
        unit = ref.unit if stop.unit is None else stop.unit
    return replace(session, ref=clamped(session, replace(ref, key=key, layer=layer, unit=unit)))


def clamped(session: Session, ref: Ref) -> Ref:
    """The nearest address that exists in this network and batch."""
    sizes = session.engine.sizes
    if ref.key.startswith("m:") and ref.key[2:-2] not in session.engine.optimizer.slots:
        ref = replace(ref, key=ref.key[-1])
    layer = min(max(ref.layer, 0), len(sizes) - 2)
    if ref.key == "slope" and session.engine.activations[layer].slope is None:
        ref = replace(ref, key="a")
    of_layer = sizes[layer] if ref.key == "dx" else sizes[layer + 1]
    units = sizes[0] if ref.key == "x" else sizes[-1] if ref.key in ("y", "term") else of_layer
    return replace(
        ref,
        layer=layer,
        unit=min(max(ref.unit, 0), units - 1),
        input=min(max(ref.input, 0), sizes[layer] - 1),
        sample=min(max(ref.sample, 0), session.trace.n - 1),
    )


def select(session: Session, ref: Ref) -> Session:
    """Select a number; the cursor stays."""
    return replace(session, ref=clamped(session, ref), message="")


# Steps


def forward(session: Session) -> Session:
    """Run the forward pass and the loss; after an update this begins the next pass."""
    loss = session.course.after("loss")
    if session.at >= session.course.end:
        following = session.trace.update + 1
        return place(session, following, course_of(session, following).after("loss"))
    if session.at >= session.course.after("backward"):
        return say(session, "This pass has its gradients: `u` applies them and then `f` begins the next pass.")
    if session.at >= loss:
        return say(session, "The forward pass is done: `b` runs the backward pass, `⌫` goes back.")
    return place(session, session.trace.update, loss)


def backward(session: Session) -> Session:
    """Compute all gradients of this pass."""
    done = session.course.after("backward")
    if session.at >= session.course.end:
        return say(session, "This pass is finished: `f` runs the next forward pass.")
    if session.at < session.course.after("loss"):
        return say(session, "No loss yet: run forward (`f`) first.")
    if session.at >= done:
        return say(session, "The gradients are there: `u` updates the parameters with them.")
    return place(session, session.trace.update, done)


def update(session: Session) -> Session:
    """Let the optimiser move the parameters."""
    if session.at >= session.course.end:
        return say(session, "The parameters are updated: `f` runs the next forward pass.")
    if session.at < session.course.after("loss"):
        return say(session, "No gradients yet: run forward (`f`), then backward (`b`) first.")
    if session.at < session.course.after("backward"):
        return say(session, "No gradients yet: run backward (`b`) first.")
    return place(session, session.trace.update, session.course.end)


def next_stop(session: Session) -> Session:
    """Go to the next stop of this zoom, into the next pass at the end of this one."""
    at = session.course.next(session.at, session.zoom)
    if at is not None:
        return place(session, session.trace.update, at)
    following = session.trace.update + 1
    return place(session, following, course_of(session, following).next(0, session.zoom) or 0)


def previous_stop(session: Session) -> Session:
    """Go back one stop of this zoom, across updates, restarts and new seeds."""
    if way_back(session) is not None:
        return _return(session)
    at = session.course.previous(session.at, session.zoom)
    if at is not None:
        at = max([at, *(arrived for arrived in _arrivals(session) if arrived < session.at)])
    if session.trace.update > 1 and not at and not _begins_changed(session):
        # Before the first stop of a pass stands the end of the one before: same parameters, with their step.
        return goto(session, session.trace.update - 1)
    if at is not None:
        return place(session, session.trace.update, at)
    return _return(session)


def whole_pass(session: Session) -> Session:
    """Finish this pass, or do all of the next one."""
    number = session.trace.update + (session.at >= session.course.end)
    return place(session, number, course_of(session, number).end)


def whole_pass_back(session: Session) -> Session:
    """Go back to the end of the pass before, or to the start."""
    if session.trace.update > 1 and not _begins_changed(session):
        return goto(session, session.trace.update - 1)
    return place(session, session.trace.update, 0) if session.at else _return(session)


def goto(session: Session, target: int) -> Session:
    """Stand after update ``target`` ≤ the furthest reached; 0 is the start."""
    return place(session, 1, 0) if target <= 0 else place(session, target, course_of(session, target).end)


def way_back(session: Session) -> Way | None:
    """The way back that begins here, at the place where a restart, a new seed or a change arrived."""
    for way in reversed(session.came_from):
        run, number, at = way.arrived
        if run is session.run and number == session.trace.update and session.at <= at:
            return way
    return None


def _arrivals(session: Session) -> list[int]:
    """The cursors in this pass at which ways back begin."""
    here = (way.arrived for way in session.came_from)
    return [at for run, number, at in here if run is session.run and number == session.trace.update]


def _begins_changed(session: Session) -> bool:
    """Whether a change came before this pass, so that its start is not where the pass before ended."""
    starts = (segment.start for segment in session.run.segments if segment.start)
    return session.at > 0 and session.trace.update - 1 in starts


def _return(session: Session) -> Session:
    way = way_back(session)
    if way is None:
        return say(session, "This is the start: there is nothing before it. `f` runs the forward pass.")
    run, number, at = way.left
    changed = run is not session.run
    text = f"Taken back: {session.run.segments[-1].label}. `a` shows it again."
    if not changed:
        # A restart is over once it has been taken back; a run that was changed always has that before it.
        session = replace(session, came_from=tuple(each for each in session.came_from if each is not way))
        text = "Back where the restart was made."
    elif len(session.run.segments) == 1:
        text = "Back where the new weights were drawn. `a` shows them again."
    runs = session.runs if run in session.runs else with_run(session, run)
    return say(_switch(replace(session, runs=runs), runs.index(run), number, at), text)


def with_run(session: Session, run: Run) -> tuple[Run, ...]:
    """The runs with one more; the oldest that is not compared with leaves when there are too many."""
    runs = (*session.runs, run)
    if len(runs) <= RUNS_KEPT:
        return runs
    oldest = next(each for each in runs if each is not session.other)
    return tuple(each for each in runs if each is not oldest)


def with_way(session: Session, run: Run, number: int, at: int) -> tuple[Way, ...]:
    """The ways back with the one from ``at`` atoms into pass ``number`` of ``run`` to the place on screen."""
    left = (session.run, session.trace.update, session.at)
    return (*session.came_from, Way(left, (run, number, at)))[-WAYS_KEPT:]


def _switch(session: Session, active: int, number: int, at: int) -> Session:
    """Show another run at a place."""
    session.run.release(session.trace)
    other = replace(session, active=active, trace=session.runs[active].trace(number), at=at, message="")
    return _follow(other)


def restart(session: Session) -> Session:
    """Go to the start of the run with the same seed; the way back is kept."""
    if session.trace.update == 1 and session.at == 0:
        return say(session, "This is the start already.")
    ways = with_way(session, session.run, 1, 0)
    moved = place(session, 1, 0)
    text = f"Restarted with the same seed. `⌫` returns to update {session.updates_done}."
    return replace(moved, came_from=ways, message=text)


def new_seed(session: Session) -> Session:
    """Begin a new run with other initial weights, the same data and order; the old run is kept."""
    first = session.run.segments[0].experiment
    experiment = replace(first, init_seed=max(run.segments[0].experiment.init_seed for run in session.runs) + 1)
    drawn = any(layer.weights is None for layer in experiment.layers)
    if not drawn:
        return say(session, "This preset gives its weights as numbers: there is nothing to draw anew.")
    run = Run.start(experiment)
    runs = with_run(session, run)
    session.run.release(session.trace)
    fresh = replace(session, runs=runs, active=len(runs) - 1, trace=run.trace(1), at=0)
    text = f"New initial weights (seed {experiment.init_seed}). `⌫` returns to the run before."
    return replace(_follow(fresh), came_from=with_way(session, run, 1, 0), message=text)


# Looking


def next_zoom(session: Session) -> Session:
    """The next finer zoom, after the finest the coarsest; the place stays."""
    zoom = ZOOMS[(ZOOMS.index(session.zoom) + 1) % len(ZOOMS)]
    words = {
        "pass": "`␣` does a whole forward, backward or update.",
        "layer": "`␣` does one layer.",
        "operation": "`␣` does one operation of a layer: z, a, ∂L/∂a, δ, dW, db.",
        "unit": "`␣` does one operation of one unit.",
    }
    return replace(session, zoom=zoom, message=f"Zoom {zoom}: {words[zoom]}")


def next_digits(session: Session) -> Session:
    """Show 2, 4, 6 or all digits."""
    digits = DIGITS[(DIGITS.index(session.digits) + 1) % len(DIGITS)]
    shown = "all digits" if digits is None else f"{digits} decimals"
    return replace(session, digits=digits, message=f"Numbers are shown with {shown}.")


def change_layer(session: Session, step: int) -> Session:
    """Select the same quantity in the layer before or after."""
    last = len(session.engine.sizes) - 2
    layer = (last if session.ref.key in ("y", "term", "loss") else session.ref.layer) + step
    if not 0 <= layer <= last:
        return say(session, f"There is no layer {'before layer 1' if step < 0 else f'after layer {last + 1}'}.")
    key = session.ref.key if session.ref.key not in ("x", "y", "term", "loss") else "w"
    return select(session, replace(session.ref, layer=layer, key=key))


def change_sample(session: Session, step: int) -> Session:
    """Show the sample before or after this one in the batch."""
    sample = session.ref.sample + step
    if not 0 <= sample < session.trace.n:
        only = "The batch has one sample." if session.trace.n == 1 else f"The batch has samples 1 to {session.trace.n}."
        return say(session, only)
    return select(session, replace(session.ref, sample=sample))


def change_speed(session: Session, step: int) -> Session:
    """Run faster or slower."""
    speed = min(max(session.speed + step, 0), len(SPEEDS) - 1)
    if speed == session.speed:
        return say(session, f"{SPEEDS[speed].label} is as {'fast' if step > 0 else 'slow'} as it goes.")
    return replace(session, speed=speed, message=f"Speed: {SPEEDS[speed].label}.")


def phase_of(session: Session) -> Phase | None:
    """The phase that the cursor is in, None at the start of a pass."""
    return session.course.phase_at(session.at)


def hint(session: Session) -> str:
    """What can be done next, in one sentence."""
    if session.running:
        return f"Running, {SPEEDS[session.speed].label}: `r` or any step pauses, `+` and `-` change the speed."
    if session.run.divergence and session.trace.update >= session.run.divergence.update:
        return f"Diverged at {session.run.divergence.sentence}. `p` goes back a pass, `0` restarts; a smaller η helps."
    if session.at >= session.course.end:
        return "The parameters have moved: W′ = W + ΔW. `f` begins the next pass, `⌫` goes back."
    if session.at >= session.course.after("backward"):
        return "Every gradient is there: `u` applies them. Arrows pick a number, `g` checks."
    if session.at >= session.course.after("loss"):
        return "The loss is known: `b` sends it backward to every gradient; `␣` goes by layers."
    if session.at:
        return "`␣` goes on to the next stop, `⌫` back; `f` finishes the forward pass."
    return "Press `f`: the forward pass, up to the loss. Then `b` (backward) and `u` (update)."
