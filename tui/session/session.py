"""What the screen shows, as one frozen value.

The moves that a key can make with it are in ``stepping`` (where in the run) and ``looking`` (what is shown of it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from nn_tui.core.analysis.badge import Badge
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.steps import Operation, PassSteps, Phase, Step, Zoom, steps_of
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.explain.history import History
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.session.choices import START_SPEED

Tab = Literal["network", "layer", "output", "loss", "arithmetic"]
TABS: tuple[Tab, ...] = ("network", "layer", "arithmetic", "output", "loss")

# When a quantity becomes known: the operation that computes it. What is not here is known from the start.
KNOWN_AFTER: dict[str, Operation] = {
    "z": "z", "a": "a", "slope": "a", "loss": "loss", "term": "loss", "da": "da", "dz": "dz", "dw": "dw", "db": "db",
    "dx": "dz", "step_w": "update", "step_b": "update", "w_after": "update", "b_after": "update",
}  # fmt: skip


def operation_of(key: str) -> Operation | None:
    """The operation that computes a quantity; None where it is known from the start."""
    return KNOWN_AFTER.get(key.rpartition(":")[2] if key.endswith("_after") else key)


Place = tuple[Run, int, int]  # a run, the number of a pass, steps of it done


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way back from where a restart, a new seed or a change ``arrived`` to the place that it ``left``."""

    left: Place
    arrived: Place


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One moment of the screen: which run, which pass (``trace``), how far into it (``cursor``), what is selected.

    ``came_from`` are the ways back to what restart, new seed and changes left, so that stepping back returns there.
    ``other`` is the run that the one on screen is compared with, ``other_trace`` the same pass of it while there
    is one.
    ``log`` is whether the loss is drawn on a logarithmic scale, ``swapped`` names the other charts that are drawn
    on the other scale than their usual one, ``recent`` is whether only the last stretch is drawn; ``output_view``
    names the view of the answers, the one that fits the data best where it has none of that name. ``target`` is
    the update that a run flat out goes to, None where it goes on until told to stop. ``bookmarks``
    are update numbers, the same in every run. ``keys`` says how a key is written that the user has moved
    elsewhere, by how it is written otherwise; a message marks keys as `` `f` ``.
    ``batch`` shows every sample of the batch at once. ``factor`` is the number lit in the arithmetic of a
    selection, ``trail`` the selections that were followed from, the last one at its end. ``badges`` and the
    ``history`` of the selection are filled in at rest.
    """

    runs: tuple[Run, ...]
    active: int
    trace: Trace
    cursor: int = 0
    zoom: Zoom = "layer"
    ref: Ref = Ref("w")
    digits: int | None = 4
    running: bool = False
    target: int | None = None
    speed: int = START_SPEED
    tab: Tab = "layer"
    maximised: bool = False
    log: bool = False
    swapped: frozenset[str] = frozenset()
    chart: str = "loss"
    recent: bool = False
    output_view: str = ""
    message: str = ""
    came_from: tuple[Way, ...] = ()
    other: Run | None = None
    other_trace: Trace | None = None
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
    def pass_steps(self) -> PassSteps:
        """The stops of the pass on screen."""
        return steps_of(self.engine.sizes[1:])

    @property
    def step(self) -> Step:
        """Where in the pass the cursor stands."""
        return self.pass_steps.step_at(self.cursor)

    @property
    def updates_done(self) -> int:
        """How many updates the parameters on screen have had."""
        return self.trace.update if self.cursor >= self.pass_steps.end else self.trace.update - 1

    @property
    def state(self) -> State:
        """The parameters at the cursor, which a change would start from: the new ones once the update is done."""
        return self.trace.after if self.cursor >= self.pass_steps.end else self.trace.before

    @property
    def data_row(self) -> int:
        """The row of the training data that the selected sample is."""
        rows = self.trace.rows
        return self.ref.sample if rows is None else int(rows[self.ref.sample])

    def known(self, key: str, layer: int) -> int:
        """How many units' worth of a quantity this pass has computed so far; all of them for parameters."""
        operation = operation_of(key)
        if operation is None:
            return self.engine.sizes[layer + 1]
        count = self.pass_steps.units_done(operation, layer, self.cursor)
        return self.engine.sizes[-1] * count if key == "term" else count

    def is_known(self, ref: Ref) -> bool:
        """Whether the number at ``ref`` has been computed at the cursor."""
        if operation_of(ref.key) is None:
            return True
        if ref.key == "dx":  # a sum over the units of its layer
            return self.known("dx", ref.layer) == self.engine.sizes[ref.layer + 1]
        return self.known(ref.key, ref.layer) > (0 if ref.key == "loss" else ref.unit)


def begin(experiment: Experiment, **kept: object) -> Session:
    """A session at the start of an experiment; ``kept`` carries over view settings."""
    run = Run.start(experiment)
    trace = run.trace(1)
    session = Session((run,), 0, trace, ref=_telling(trace))
    return replace(session, **kept)  # type: ignore[arg-type]


def _telling(trace: Trace) -> Ref:
    """A first weight and sample whose product is not 0, where there is one: products with 0 tell nothing.

    The very first weight, for the first sample whose first input is not 0; where that input is 0 in the whole
    batch, the first weight of the first unit that has a term in its gradient other than 0.
    """
    told = trace.x != 0
    if told[:, 0].any():
        return Ref("w", sample=int(told[:, 0].argmax()))
    terms = told & (trace.dz[0][:, :1] != 0)
    sample, column = divmod(int((terms if terms.any() else told).argmax()), told.shape[1])
    return Ref("w", input=column, sample=sample)


def say(session: Session, message: str) -> Session:
    """The same session with a message."""
    return replace(session, message=message)


def clamped(session: Session, ref: Ref) -> Ref:
    """The nearest address that exists in this network and batch."""
    sizes = session.engine.sizes
    if ref.is_optimizer_state and ref.slot not in session.engine.optimizer.slots:
        ref = replace(ref, key=ref.part)
    layer = min(max(ref.layer, 0), len(sizes) - 2)
    if ref.key == "dx" and layer:  # what enters a later layer is what the layer before puts out
        ref, layer = replace(ref, key="da", layer=layer - 1), layer - 1
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


def phase_of(session: Session) -> Phase | None:
    """The phase that the cursor is in, None at the start of a pass."""
    return session.pass_steps.phase_at(session.cursor)
