"""What a figure shows: a moment of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.scales import quantity_scale
from nn_tui.core.engine.computed import known_units
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import extent_of
from nn_tui.core.engine.steps import PassSteps, Step, steps_of
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.refs import QuantityLike, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Dataset, Experiment


@dataclass(frozen=True, slots=True, eq=False)
class FigureRequest:
    """A moment of a run, and how it is shown.

    Attributes:
        run: The run.
        trace: The pass, which is held while the figure is drawn.
        cursor: The number of steps of that pass that are done.
        ref: The address of a number: its sample is shown.
        is_selected: Whether the number is marked, and the layer view has its layer alone.
        digits: Decimals of numbers, None for all.
        palette: The colours, one of :data:`~nn_tui.core.figure.theme.THEMES`.
        is_log: Whether the loss has a logarithmic axis.
        has_heading: Whether the title and the lines below it are drawn.
    """

    run: Run
    trace: Trace
    cursor: int
    ref: Ref
    is_selected: bool = False
    digits: int | None = 4
    palette: str = "light"
    is_log: bool = False
    has_heading: bool = True

    @property
    def engine(self) -> Engine:
        """The engine of the pass."""
        return self.run.segment(self.trace.update - 1).engine

    @property
    def experiment(self) -> Experiment:
        """The experiment of the pass."""
        return self.engine.experiment

    @property
    def data(self) -> Dataset:
        """The data of the pass."""
        return self.experiment.data

    @property
    def steps(self) -> PassSteps:
        """The steps of the pass."""
        return steps_of(self.engine.sizes[1:])

    @property
    def step(self) -> Step:
        """The last step done."""
        return self.steps.step_at(self.cursor)

    @property
    def is_whole_pass(self) -> bool:
        """Whether all of the pass is done."""
        return self.cursor >= self.steps.end

    @property
    def updates(self) -> int:
        """The number of updates that the parameters have had."""
        return self.trace.update - (not self.is_whole_pass)

    @property
    def state(self) -> State:
        """The parameters: those after the update once all of it is done."""
        return self.trace.after if self.is_whole_pass else self.trace.before

    @property
    def data_row(self) -> int:
        """The row of the sample in the training data."""
        rows = self.trace.rows
        return self.ref.sample if rows is None else int(rows[self.ref.sample])

    def known_units(self, key: QuantityLike, layer: int) -> int:
        """Return how many units of a quantity the pass has computed."""
        return known_units(self.engine.sizes, self.cursor, key, layer)

    def input_scale(self, units: Sequence[int]) -> NumberScale:
        """Return the scale of the inputs, that of the drawn ones alone if not all are drawn."""
        scale = quantity_scale(self.engine, self.trace, "x", 0)
        if len(units) == self.engine.sizes[0]:
            return scale
        return replace(scale, limit=extent_of(self.trace.x[self.ref.sample, list(units)])[0])
