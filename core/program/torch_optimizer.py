"""The optimiser with its state, and the schedule of its learning rate, for a program that uses PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES, learning_rate
from nn_tui.core.program.formulas import optimizer_formulas
from nn_tui.core.program.parameters import slot_letters
from nn_tui.core.program.source import INDENT, WIDTH, blocks, comment, number_source
from nn_tui.core.program.torch_network import has_state
from nn_tui.core.program.training import batches_per_epoch
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment, OptimizerSpec, ScheduleSpec
from nn_tui.core.translation import message, tr, tr_plural

CLASSES = {
    "sgd": ("SGD", ()),
    "momentum": ("SGD", ("momentum_buffer",)),
    "nesterov": ("SGD", ("momentum_buffer",)),
    "adagrad": ("Adagrad", ("sum",)),
    "rmsprop": ("RMSprop", ("square_avg",)),
    "adam": ("Adam", ("exp_avg", "exp_avg_sq")),
    "adamw": ("AdamW", ("exp_avg", "exp_avg_sq")),
    "nadam": ("NAdam", ("exp_avg", "exp_avg_sq")),
}
"""The class of each optimiser in ``torch.optim``, and its names for the arrays of the optimiser's state."""
_SCHEDULERS = {"step": "StepLR", "exponential": "ExponentialLR", "cosine": "CosineAnnealingLR"}


def optimizer_section(checkpoint: Checkpoint) -> CodeSection:
    """Return the section with the optimiser, the schedule of its learning rate, and the state of both."""
    state, schedule = tuple(_state_lines(checkpoint)), tuple(_schedule_state_lines(checkpoint))
    if state:
        text = tr_plural(
            "Its state after {count:,} update; leave it out for another optimiser.",
            "Its state after {count:,} updates; leave it out for another optimiser.",
            checkpoint.state.steps,
        )
        state = (*comment(text), *state)
    if schedule:
        schedule = (*comment(tr("The schedule goes on from here.")), *schedule)
    parts = blocks(_optimizer_lines(checkpoint.experiment), state, schedule)
    title = message("The optimiser: the update of the parameters")
    return CodeSection("optimizer", title, parts, optimizer_formulas(checkpoint.experiment))


def _optimizer_lines(experiment: Experiment) -> Iterator[CodeLine]:
    """Yield the optimiser and the schedule as they are before the first update."""
    spec, schedule = experiment.training.optimizer, experiment.training.schedule
    arguments = ["model.parameters()", f"lr={number_source(spec.learning_rate)}", *_options(spec)]
    yield from call_lines(f"optimizer = torch.optim.{CLASSES[spec.name][0]}(", arguments)
    if not schedule.is_constant:
        yield from _schedule_lines(schedule)


def _state_lines(checkpoint: Checkpoint) -> Iterator[CodeLine]:
    """Yield what loads the arrays of the optimiser's state, with the names of ``torch.optim``."""
    if not has_state(checkpoint):
        return
    state = checkpoint.state
    class_name, slots = CLASSES[checkpoint.experiment.training.optimizer.name]
    letters = slot_letters(checkpoint)
    entries = [] if class_name == "SGD" else [f'"step": torch.tensor({float(state.steps)!r})']
    if class_name == "NAdam":
        entries.append(f'"mu_product": torch.tensor({number_source(state.scalars[0])})')
    entries += [f'"{slot}": {letter}[name]' for slot, letter in zip(slots, letters, strict=True)]
    yield CodeLine(f"for name, parameter in zip({letters[0]}, model.parameters()):")
    yield from call_lines(f"{INDENT}optimizer.state[parameter] = {{", entries, "}")


def call_lines(head: str, arguments: Sequence[str], end: str = ")") -> Iterator[CodeLine]:
    """Yield a call, or another expression in brackets, in one line if it fits, as formatters do.

    Args:
        head: The text before the arguments, with the bracket.
        arguments: The arguments.
        end: The text behind them, from the other bracket.
    """
    indent = head[: len(head) - len(head.lstrip())]
    joined = ", ".join(arguments)
    if len(head) + len(joined) + len(end) <= WIDTH:
        yield CodeLine(f"{head}{joined}{end}")
        return
    yield CodeLine(head)
    if len(indent) + len(INDENT) + len(joined) <= WIDTH and head.endswith("("):
        yield CodeLine(f"{indent}{INDENT}{joined}")
    else:
        yield from (CodeLine(f"{indent}{INDENT}{argument},") for argument in arguments)
    yield CodeLine(f"{indent}{end}")


def _options(spec: OptimizerSpec) -> list[str]:
    """Return the arguments of an optimiser besides its learning rate."""
    options = {**OPTIMIZERS[spec.name].defaults, **dict(spec.options)}
    texts = []
    if "beta1" in options:
        texts.append(f"betas=({options.pop('beta1')!r}, {options.pop('beta2')!r})")
    texts += [f"{name}={number_source(value)}" for name, value in options.items()]
    if spec.name == "nesterov" and options["momentum"] > 0.0:  # without momentum both are SGD, and PyTorch refuses it
        texts.append("nesterov=True")
    return texts


def _schedule_lines(schedule: ScheduleSpec) -> Iterator[CodeLine]:
    warmup = schedule.warmup
    if warmup is not None:
        arguments = ["optimizer", f"start_factor={warmup.start_factor!r}", f"total_iters={warmup.total_iters}"]
        name = "scheduler" if schedule.name == "constant" else "warmup"
        yield from call_lines(f"{name} = lr_scheduler.LinearLR(", arguments)
    if schedule.name == "constant":
        return
    definition = SCHEDULES[schedule.name]
    given = {**definition.defaults, **dict(schedule.options)}
    name = "scheduler" if warmup is None else "decay"
    if schedule.name in _SCHEDULERS:
        values = {key: int(given[key]) if key in definition.counts else given[key] for key in definition.options}
        arguments = ["optimizer", *(f"{key}={number_source(value)}" for key, value in values.items())]
        yield from call_lines(f"{name} = lr_scheduler.{_SCHEDULERS[schedule.name]}(", arguments)
    else:
        factor = f"1 / (1 + {number_source(given['decay_rate'])} * k / {int(given['decay_steps'])})"
        yield from call_lines(f"{name} = lr_scheduler.LambdaLR(", ["optimizer", f"lambda k: {factor}"])
    if warmup is not None:
        arguments = ["optimizer", "[warmup, decay]", f"milestones=[{warmup.total_iters}]"]
        yield from call_lines("scheduler = lr_scheduler.SequentialLR(", arguments)


def _schedule_state_lines(checkpoint: Checkpoint) -> Iterator[CodeLine]:
    """Yield what takes the schedule to the next update."""
    training = checkpoint.experiment.training
    schedule, warmup = training.schedule, training.schedule.warmup
    done = checkpoint.updates // (batches_per_epoch(checkpoint.experiment) if schedule.per == "epoch" else 1)
    if schedule.is_constant or not done:
        return
    if warmup is None or schedule.name == "constant":
        yield CodeLine(f"scheduler.last_epoch = {done}")
    elif done < warmup.total_iters:
        yield CodeLine(f"scheduler.last_epoch = warmup.last_epoch = {done}")
    else:
        yield CodeLine(f"scheduler.last_epoch, decay.last_epoch = {done}, {done - warmup.total_iters}")
    note = tr("of update {update}", update=checkpoint.updates + 1)
    rate = learning_rate(training.optimizer.learning_rate, schedule, done)
    yield CodeLine(f'optimizer.param_groups[0]["lr"] = {number_source(rate)}  # {note}')
