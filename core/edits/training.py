"""Live changes of how a run learns: η, optimiser, loss, batches, penalties.

Counters go on through all of them. After a change of the batch size the next pass is still number
``at`` + 1, its epoch and its place in the epoch are those that the new number of batches per epoch gives
that number, and the optimiser's step count (Adam's t) is kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from nn_tui.core.edits.common import (
    a_count,
    a_number,
    an_option,
    changed,
    empty_state,
    must_differ,
    one_of,
    shown,
    standing,
)
from nn_tui.core.errors import InputError
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, OptimizerSpec, Reduction, TrainingSpec


def set_learning_rate(run: Run, at: int, value: float) -> Run:
    """η from update ``at`` on; more than 0."""
    experiment, _ = standing(run, at)
    optimizer = experiment.training.optimizer
    value = a_number("η", value, above=0)
    must_differ("η", optimizer.learning_rate, value)
    training = replace(experiment.training, optimizer=replace(optimizer, learning_rate=value))
    return _trained(run, at, experiment, training, f"η {shown(optimizer.learning_rate)} → {shown(value)}")


def set_optimizer(run: Run, at: int, name: str, learning_rate: float | None = None) -> Run:
    """Another optimiser with its default options.

    Its state, options and step count are kept where both optimisers have the same arrays (momentum and
    nesterov; adam and adamw), else they start anew. Without a ``learning_rate``, η is kept where both have
    the same default η, else it becomes the default: what suits SGD makes Adam jump.
    """
    experiment, state = standing(run, at)
    old = experiment.training.optimizer
    chosen = OPTIMIZERS[one_of("optimizer", name, OPTIMIZERS, "an optimiser")]
    if name == old.name and learning_rate is not None:
        return set_learning_rate(run, at, learning_rate)
    must_differ("optimizer", old.name, name)
    known = OPTIMIZERS[old.name]
    fits = (chosen.slots, chosen.initial_scalars) == (known.slots, known.initial_scalars)
    if learning_rate is not None:
        rate = a_number("η", learning_rate, above=0)
    else:
        rate = old.learning_rate if chosen.learning_rate == known.learning_rate else chosen.learning_rate
    options = tuple((key, value) for key, value in old.options if fits and key in chosen.defaults)
    training = replace(experiment.training, optimizer=OptimizerSpec(name, rate, options))
    label = f"optimizer {old.name} → {name}"
    if rate != old.learning_rate:
        label += f", η {shown(rate)}"
    if fits:
        return _trained(run, at, experiment, training, label)
    new = replace(experiment, training=training)
    fresh = empty_state(new)
    fresh.array[0] = state.array[0]
    return changed(run, at, new, label, fresh)


def set_option(run: Run, at: int, name: str, value: float) -> Run:
    """One of the optimiser's own options, named as in PyTorch; its state is kept."""
    experiment, _ = standing(run, at)
    optimizer = experiment.training.optimizer
    chosen = OPTIMIZERS[optimizer.name]
    if name not in chosen.defaults:
        takes = ", ".join(chosen.defaults) or "eta alone"
        owners = " or ".join(each.name for each in OPTIMIZERS.values() if name in each.defaults)
        other = f"; {name} goes with {owners}" if owners else ""
        raise InputError(f"{name}: the optimiser {optimizer.name} has no such option, it takes {takes}{other}.")
    value = an_option(name, value)
    options = {**chosen.defaults, **dict(optimizer.options)}
    must_differ(name, options[name], value)
    label = f"{name} {shown(options[name])} → {shown(value)}"
    options[name] = value
    training = replace(experiment.training, optimizer=replace(optimizer, options=tuple(options.items())))
    return _trained(run, at, experiment, training, label)


def set_loss(run: Run, at: int, name: str) -> Run:
    """Another loss, which must suit the output's activation and the targets."""
    experiment, _ = standing(run, at)
    old = experiment.training.loss
    one_of("loss", name, LOSSES, "a loss")
    must_differ("loss", old, name)
    return _trained(run, at, experiment, replace(experiment.training, loss=name), f"loss {old} → {name}")


def set_reduction(run: Run, at: int, name: str) -> Run:
    """``mean`` or ``sum`` over the batch."""
    experiment, _ = standing(run, at)
    old = experiment.training.reduction
    one_of("reduction", name, ("mean", "sum"), "a reduction")
    chosen: Reduction = "sum" if name == "sum" else "mean"
    must_differ("reduction", old, chosen)
    training = replace(experiment.training, reduction=chosen)
    return _trained(run, at, experiment, training, f"reduction {old} → {chosen}")


def set_batch_size(run: Run, at: int, size: int | None) -> Run:
    """Rows per pass, None for the full training set; passes are counted on, see the head of this file."""
    experiment, _ = standing(run, at)
    rows = len(experiment.data.x)
    if size is not None:
        size = a_count("batch", size, least=1, most=rows)
    old = experiment.training.batch_size
    must_differ("batch", old, size)
    training = replace(experiment.training, batch_size=size)
    return _trained(run, at, experiment, training, f"batch {shown(old)} → {shown(size)}")


def set_shuffle(run: Run, at: int, on: bool) -> Run:
    """Whether each epoch takes the rows in a fresh order."""
    experiment, _ = standing(run, at)
    must_differ("shuffle", experiment.training.shuffle, on)
    return _trained(run, at, experiment, replace(experiment.training, shuffle=on), f"shuffle {shown(on)}")


def set_penalty(run: Run, at: int, name: Literal["l1", "l2"], value: float) -> Run:
    """The weight of one penalty: l1·Σ|w| or ½·l2·Σw²."""
    experiment, _ = standing(run, at)
    training = experiment.training
    value = a_number(name, value, least=0)
    old = training.l1 if name == "l1" else training.l2
    must_differ(name, old, value)
    training = replace(training, l1=value) if name == "l1" else replace(training, l2=value)
    return _trained(run, at, experiment, training, f"{name} {shown(old)} → {shown(value)}")


def _trained(run: Run, at: int, experiment: Experiment, training: TrainingSpec, label: str) -> Run:
    return changed(run, at, replace(experiment, training=training), label)
