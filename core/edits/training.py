"""Live changes of the training: learning rate η, optimiser, loss, batches and penalties.

All counters continue. After a change of the batch size the next pass still has the number ``update`` + 1. Its epoch
and its position in the epoch follow from that number and the new number of batches per epoch. The optimiser's step
count (Adam's t) stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from nn_tui.core.data.generators import MAX_SAMPLES
from nn_tui.core.edits.common import (
    apply_change,
    at_update,
    empty_state,
    require_change,
)
from nn_tui.core.errors import InputError
from nn_tui.core.fields import Section, check_choice, check_float, check_int
from nn_tui.core.limits import MAX_UPDATES, check_optimizer_option
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.schedule import parse_schedule, schedule_table
from nn_tui.core.run.change import Change, setting_change
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment, OptimizerSpec, Reduction, ScheduleSpec, TrainingSpec
from nn_tui.core.translation import message

_LEARNING_RATE = ("training", "optimizer", "learning_rate")
_SCHEDULE = ("training", "schedule")


def set_learning_rate(run: Run, update: int, value: float) -> Run:
    """Set η, or with a schedule η₀; it must be more than 0."""
    experiment, _ = at_update(run, update)
    optimizer = experiment.training.optimizer
    value = check_float(value, _LEARNING_RATE, above=0)
    require_change(_LEARNING_RATE, optimizer.learning_rate, value)
    training = replace(experiment.training, optimizer=replace(optimizer, learning_rate=value))
    return _with_training(run, update, experiment, training, setting_change("η", optimizer.learning_rate, value))


def set_optimizer(run: Run, update: int, name: str, learning_rate: float | None = None) -> Run:
    """Choose another optimiser.

    If both optimisers have the same arrays (momentum and nesterov; adam and adamw), the state, the options and the
    step count stay. Otherwise the state starts anew and the options are the defaults.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        name: The name of the optimiser.
        learning_rate: The new η; None takes the one of :func:`suggested_learning_rate`.
    """
    experiment, state = at_update(run, update)
    old_spec = experiment.training.optimizer
    path = ("training", "optimizer", "name")
    new = OPTIMIZERS[check_choice(name, path, OPTIMIZERS, message("an optimiser"))]
    if name == old_spec.name and learning_rate is not None:
        return set_learning_rate(run, update, learning_rate)
    require_change(path, old_spec.name, name)
    old = OPTIMIZERS[old_spec.name]
    same_arrays = (new.slots, new.initial_scalars) == (old.slots, old.initial_scalars)
    rate = suggested_learning_rate(old_spec, name)
    if learning_rate is not None:
        rate = check_float(learning_rate, _LEARNING_RATE, above=0)
    options = tuple((key, value) for key, value in old_spec.options if same_arrays and key in new.defaults)
    training = replace(experiment.training, optimizer=OptimizerSpec(name, rate, options))
    changed_rate = (("η", rate),) if rate != old_spec.learning_rate else ()
    change = setting_change("optimizer", old_spec.name, name, changed_rate)
    if same_arrays:
        return _with_training(run, update, experiment, training, change)
    changed = replace(experiment, training=training)
    new_state = empty_state(changed)
    new_state.array[0] = state.array[0]
    return apply_change(run, update, changed, change, new_state)


def suggested_learning_rate(spec: OptimizerSpec, name: str) -> float:
    """Return the η that is proposed for a change from the optimiser of ``spec`` to the one called ``name``.

    If the two scale their steps alike, η moves the parameters about as far as before: sgd 0.5 becomes momentum 0.05.
    Otherwise it is one that suits small problems, because an η that suits SGD is far too large for Adam.
    """
    old, new = OPTIMIZERS[spec.name], OPTIMIZERS[name]
    if old.default_learning_rate != new.default_learning_rate:
        return new.suggested_learning_rate
    return float(f"{spec.learning_rate * new.suggested_learning_rate / old.suggested_learning_rate:.6g}")


def set_option(run: Run, update: int, name: str, value: float) -> Run:
    """Set an option of the optimiser, named as in PyTorch; the optimiser's state stays."""
    experiment, _ = at_update(run, update)
    spec = experiment.training.optimizer
    optimizer = OPTIMIZERS[spec.name]
    path = ("training", "optimizer", name)
    if name not in optimizer.defaults:
        choices = ", ".join(["eta", *optimizer.defaults])
        owners = ", ".join(owner.name for owner in OPTIMIZERS.values() if name in owner.defaults)
        problem = message(
            "the optimiser {optimizer} has no such option; it takes {choices}.", optimizer=spec.name, choices=choices
        )
        if owners:
            problem = message(
                "the optimiser {optimizer} has no such option; it takes {choices}. {option} is an option of {owners}.",
                optimizer=spec.name,
                choices=choices,
                option=name,
                owners=owners,
            )
        raise InputError("conflict", problem, path=path, value=value)
    value = check_optimizer_option(name, value, path)
    options = {**optimizer.defaults, **dict(spec.options)}
    require_change(path, options[name], value)
    change = setting_change(name, options[name], value)
    options[name] = value
    training = replace(experiment.training, optimizer=replace(spec, options=tuple(options.items())))
    return _with_training(run, update, experiment, training, change)


def set_schedule(run: Run, update: int, options: Mapping[str, object]) -> Run:
    """Choose the schedule of the learning rate. It counts from the start of the run, and η₀ stays.

    Args:
        run: The run to change.
        update: The number of updates after which the change takes effect.
        options: The keys of ``[training.schedule]``. ``per`` and ``warmup`` stay as they are if they are missing.
    """
    experiment, _ = at_update(run, update)
    old = experiment.training.schedule
    unchanged = {key: value for key, value in schedule_table(old).items() if key in ("per", "warmup")}
    new = parse_schedule(Section(_SCHEDULE, {**unchanged, **options}))
    return _with_schedule(run, update, experiment, new)


def set_warmup(run: Run, update: int, updates: int, start_factor: float | None = None) -> Run:
    """Let η rise linearly to the start of its schedule within ``updates`` updates or epochs; 0 takes that away."""
    experiment, _ = at_update(run, update)
    check_int(updates, (*_SCHEDULE, "warmup", "total_iters"), min_=0, max_=MAX_UPDATES)
    table = {key: value for key, value in schedule_table(experiment.training.schedule).items() if key != "warmup"}
    if updates:
        factor = {} if start_factor is None else {"start_factor": start_factor}
        table["warmup"] = {"total_iters": updates, **factor}
    new = parse_schedule(Section(_SCHEDULE, table))
    return _with_schedule(run, update, experiment, new)


def _with_schedule(run: Run, update: int, experiment: Experiment, new: ScheduleSpec) -> Run:
    old = experiment.training.schedule
    require_change((*_SCHEDULE, "name"), old, new)
    change = setting_change("schedule", old, new)
    return _with_training(run, update, experiment, replace(experiment.training, schedule=new), change)


def set_loss(run: Run, update: int, name: str) -> Run:
    """Choose another loss; it must suit the output's activation and the targets."""
    experiment, _ = at_update(run, update)
    old = experiment.training.loss
    path = ("training", "loss")
    check_choice(name, path, LOSSES, message("a loss"))
    require_change(path, old, name)
    training = replace(experiment.training, loss=name)
    return _with_training(run, update, experiment, training, setting_change("loss", old, name))


def set_reduction(run: Run, update: int, name: str) -> Run:
    """Choose how the loss is reduced over the batch: ``mean`` or ``sum``."""
    experiment, _ = at_update(run, update)
    old = experiment.training.reduction
    path = ("training", "reduction")
    check_choice(name, path, ("mean", "sum"), message("a reduction"))
    new: Reduction = "sum" if name == "sum" else "mean"
    require_change(path, old, new)
    training = replace(experiment.training, reduction=new)
    return _with_training(run, update, experiment, training, setting_change("reduction", old, new))


def set_batch_size(run: Run, update: int, size: int | None) -> Run:
    """Set the number of rows per pass; None means the full training set, and so does a number of more rows.

    The module docstring covers the counters.
    """
    experiment, _ = at_update(run, update)
    path = ("training", "batch_size")
    if size is not None:
        size = check_int(size, path, min_=1, max_=MAX_SAMPLES)
    old = experiment.training.batch_size
    require_change(path, old, size)
    training = replace(experiment.training, batch_size=size)
    return _with_training(run, update, experiment, training, setting_change("batch", old, size))


def set_shuffle(run: Run, update: int, on: bool) -> Run:
    """Choose whether each epoch takes the rows in a fresh order."""
    experiment, _ = at_update(run, update)
    require_change(("training", "shuffle"), experiment.training.shuffle, on)
    training = replace(experiment.training, shuffle=on)
    return _with_training(run, update, experiment, training, setting_change("shuffle", not on, on))


def set_penalty(run: Run, update: int, name: Literal["l1", "l2"], value: float) -> Run:
    """Set the factor of a penalty: l1·Σ|w| or ½·l2·Σw²."""
    experiment, _ = at_update(run, update)
    training = experiment.training
    path = ("training", name)
    value = check_float(value, path, min_=0)
    old = training.l1 if name == "l1" else training.l2
    require_change(path, old, value)
    training = replace(training, l1=value) if name == "l1" else replace(training, l2=value)
    return _with_training(run, update, experiment, training, setting_change(name, old, value))


def _with_training(run: Run, update: int, experiment: Experiment, training: TrainingSpec, change: Change) -> Run:
    return apply_change(run, update, replace(experiment, training=training), change)
