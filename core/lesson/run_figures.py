"""The numbers of a run at a cursor in a pass, by the names that conditions and the texts of lessons use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from nn_tui.core.engine.computed import is_known
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.steps import PassSteps, steps_of
from nn_tui.core.engine.trace import State, Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import Metrics, evaluate
from nn_tui.core.text import quote, suggest
from nn_tui.core.translation import message


@dataclass(frozen=True, slots=True, eq=False)
class PassCursor:
    """A cursor in a pass of a run.

    Attributes:
        engine: The engine that ran the pass.
        trace: The pass.
        cursor: The number of its steps that are done.
    """

    engine: Engine
    trace: Trace
    cursor: int

    @classmethod
    def at_end(cls, engine: Engine, trace: Trace) -> PassCursor:
        """Return the cursor at the end of a pass, after its update."""
        return cls(engine, trace, steps_of(engine.sizes[1:]).end)

    @property
    def steps(self) -> PassSteps:
        """The steps of the pass."""
        return steps_of(self.engine.sizes[1:])

    @property
    def is_complete(self) -> bool:
        """Whether the update is done."""
        return self.cursor >= self.steps.end

    @property
    def state(self) -> State:
        """The parameters in force: those after the update once all of it is done, else those before it."""
        return self.trace.after if self.is_complete else self.trace.before

    @property
    def updates(self) -> int:
        """The number of updates that the parameters in force have had."""
        return self.trace.update if self.is_complete else self.trace.update - 1

    @property
    def place(self) -> tuple[int, int]:
        """The number of the pass and the cursor, which sort places of a run by time."""
        return self.trace.update, self.cursor

    def ref(self, name: str) -> Ref:
        """Return the address of a number by its name.

        Raises:
            InputError: The text is no name of a number, or the network has no such number.
        """
        ref = parse_ref(name, self.engine.sizes, 0, self.engine.optimizer.slots, self.trace.n)
        if ref.quantity == "slope" and self.engine.activations[ref.layer].slope is None:
            problem = message("softmax has no slope for each unit; ask for δ or a.")
            raise InputError("not_found", problem, value=name)
        return ref

    def is_known(self, ref: Ref) -> bool:
        """Return whether the pass has computed the number at an address."""
        return is_known(self.engine.sizes, self.cursor, ref)


Figure = Callable[[PassCursor], float | None]


def _metrics(at: PassCursor, *, is_test: bool) -> Metrics | None:
    data = at.engine.experiment.data
    x, y = (data.x_test, data.y_test) if is_test else (data.x, data.y)
    return evaluate(at.engine, at.state, x, y)


def _metric(value: Callable[[Metrics], float | None], *, is_test: bool = False) -> Figure:
    def metric(at: PassCursor) -> float | None:
        metrics = _metrics(at, is_test=is_test)
        return None if metrics is None else value(metrics)

    return metric


FIGURES: Mapping[str, Figure] = {
    "train_loss": _metric(attrgetter("loss")),
    "test_loss": _metric(attrgetter("loss"), is_test=True),
    "accuracy": _metric(attrgetter("accuracy")),
    "train_accuracy": _metric(attrgetter("accuracy")),
    "test_accuracy": _metric(attrgetter("accuracy"), is_test=True),
    "r2": _metric(attrgetter("r2")),
    "train_r2": _metric(attrgetter("r2")),
    "test_r2": _metric(attrgetter("r2"), is_test=True),
    "rmse": _metric(attrgetter("rmse")),
    "train_rmse": _metric(attrgetter("rmse")),
    "test_rmse": _metric(attrgetter("rmse"), is_test=True),
    "updates": lambda at: float(at.updates),
    "learning_rate": lambda at: at.trace.learning_rate,
}
"""Figures of a run that are no numbers of one pass; those of the data are for the parameters in force."""


def figure(name: str, at: PassCursor, *, must_be_known: bool = True) -> float:
    """Return a number of a run by its name: one of ``FIGURES``, or the name of a number of the pass, such as ``loss``.

    Args:
        name: The name.
        at: The cursor in the pass.
        must_be_known: Whether a number that the pass has not computed at the cursor is an error.

    Raises:
        InputError: With the code ``not_available`` for a number that is not computed at the cursor, or that the data
            does not have; with others if there is no such number.
    """
    found = FIGURES.get(name.strip().lower())
    if found is not None:
        value = found(at)
        if value is None:
            problem = message("this data has no {name}.", name=quote(name))
            raise InputError("not_available", problem, value=name)
        return value
    try:
        ref = at.ref(name)
    except InputError as error:
        if error.code == "syntax" and (similar := suggest(name, FIGURES)):
            problem = message("{name} is not the name of a number.", name=quote(name))
            raise InputError("syntax", problem, value=name, suggestions=similar) from None
        raise
    if must_be_known and not at.is_known(ref):
        problem = message("{name} is not computed yet at this moment.", name=quote(name))
        raise InputError("not_available", problem, value=name)
    return value_of(at.engine, at.trace, ref)
