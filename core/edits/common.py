"""What every live change shares: where it starts, how a bad value is refused, and how the new run is made.

A change is a pure function ``(run, at, …) -> Run``: the new run is the old one up to update ``at`` (so many
updates done) and goes on changed from there; the old one is left as it is. A value that does not fit, or
that is in force already, is refused with an InputError of one sentence, and nothing happens.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from nn_tui.core.engine.trace import State
from nn_tui.core.errors import InputError
from nn_tui.core.fields import Section, choice, number, whole
from nn_tui.core.limits import initializer_option, optimizer_option
from nn_tui.core.nn.arrays import parameter_count
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.validate import check_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment

Change = Callable[[Run, int], Run]


def standing(run: Run, at: int) -> tuple[Experiment, State]:
    """What is in force after update ``at`` and the state there, never to be written.

    Raises ValueError for an update that the run has not reached.
    """
    if not 0 <= at <= run.reached:
        raise ValueError(f"update {at} is not in this run: it has reached update {run.reached}")
    return run.segment(at).experiment, run.state_after(at)


def changed(run: Run, at: int, experiment: Experiment, label: str, state: State | None = None) -> Run:
    """The new run, which from update ``at`` on follows ``experiment`` from ``state`` (default: the state there).

    Raises InputError when the parts of ``experiment`` do not fit together.
    """
    check_fit(experiment)
    return run.edited(at, experiment, label, state)


def check_fit(experiment: Experiment) -> None:
    """Raise InputError, in the screen's words, when the parts of ``experiment`` do not fit together."""
    with in_words():
        check_experiment(experiment, "")


def empty_state(experiment: Experiment) -> State:
    """A state of the experiment's shapes, with every number 0 and no step made."""
    count = parameter_count(experiment.sizes)
    optimizer = OPTIMIZERS[experiment.training.optimizer.name]
    return State(np.zeros((1 + len(optimizer.slots), count)), experiment.sizes, optimizer.initial_scalars)


@contextmanager
def in_words() -> Iterator[None]:
    """Refusals written for preset files, said in the screen's words: "layer 2", not "layers[1]"."""
    try:
        yield
    except InputError as error:
        said = str(error).removeprefix(": ")
        said = re.sub(r"layers\[(\d+)\]\.(\w+)", lambda found: f"{found[2]} of layer {int(found[1]) + 1}", said)
        said = re.sub(r"layers\[(\d+)\]", lambda found: f"layer {int(found[1]) + 1}", said)
        raise InputError(re.sub(r"\b(?:training\.optimizer|training|data)\.", "", said)) from None


def a_number(
    name: str,
    value: object,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
) -> float:
    """``value`` as a finite number within the bounds, or InputError under ``name``."""
    with in_words():
        return number(Section("", "", {name: value}), name, None, least=least, above=above, below=below, most=most)


def an_option(name: str, value: object) -> float:
    """``value`` as the optimiser's option ``name``, or InputError."""
    with in_words():
        return optimizer_option(Section("", "", {name: value}), name)


def an_init_option(name: str, value: object) -> float:
    """``value`` as the option ``name`` of an initialisation, or InputError."""
    with in_words():
        return initializer_option(Section("", "", {name: value}), name, name)


def a_count(name: str, value: object, *, least: int, most: int) -> int:
    """``value`` as a whole number from ``least`` to ``most``, or InputError under ``name``."""
    with in_words():
        return whole(Section("", "", {name: value}), name, None, least=least, most=most)


def one_of(name: str, value: object, names: Iterable[str], kind: str) -> str:
    """``value`` if it is one of ``names``, or InputError with the nearest; ``kind`` is like "an activation"."""
    with in_words():
        return choice(Section("", "", {name: value}), name, names, kind)


def the_layer(experiment: Experiment, layer: int) -> int:
    """``layer`` (from 0) if there is such a layer, or InputError."""
    count = len(experiment.layers)
    if not 0 <= layer < count:
        has = "layer 1 alone" if count == 1 else f"layers 1 to {count}"
        raise InputError(f"there is no layer {layer + 1}: this network has {has}.")
    return layer


def must_differ(name: str, old: object, new: object) -> None:
    """Raise InputError when nothing would change: a mark without a change would cut the run off for nothing."""
    if old == new:
        raise InputError(f"{name} is {shown(old)} already.")


def shown(value: object) -> str:
    """A value as labels write it: short numbers, on and off, and the full batch by its name."""
    if value is None:
        return "full"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
