"""What the training of every program needs: the rows of each batch, the learning rate, the factors of the penalty."""

from __future__ import annotations

from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.program.source import Lines, blocks, code, comment, function, number_source
from nn_tui.core.spec import Experiment, TrainingSpec
from nn_tui.core.translation import tr


def has_penalty(training: TrainingSpec) -> bool:
    """Return whether the loss has a penalty on the weights."""
    return training.l1 != 0.0 or training.l2 != 0.0


def penalty_factors(training: TrainingSpec) -> Lines:
    """Return the assignments of ``l1`` and ``l2``; of those that are not 0."""
    if not has_penalty(training):
        return ()
    factors = (("l1", training.l1), ("l2", training.l2))
    lines = [f"{name} = {number_source(value)}" for name, value in factors if value]
    return (*comment(tr("The factors of the penalty on large weights")), *code("\n".join(lines)))


def batches_per_epoch(experiment: Experiment) -> int:
    """Return the number of batches in an epoch."""
    rows = len(experiment.data.x)
    return -(-rows // min(experiment.training.batch_size or rows, rows))


def has_batches(experiment: Experiment) -> bool:
    """Return whether a batch is a part of the training data."""
    size = experiment.training.batch_size
    return size is not None and size < len(experiment.data.x)


def batch_lines(experiment: Experiment) -> Lines:
    """Return the function ``batch_rows(n)``: the rows of the batch of update n; nothing if a batch is all rows."""
    if not has_batches(experiment):
        return ()
    size = experiment.training.batch_size
    settings = code(f"batch_size = {size}\nbatches_per_epoch = math.ceil(len(x_train) / batch_size)")
    if not experiment.training.shuffle:
        text = tr("Return the rows for update n; each epoch has the same order.")
        return blocks(settings, function("batch_rows(n)", text, _IN_ORDER))
    text = tr("Return the rows for update n; each epoch has a new order.")
    seed = (
        *comment(tr("The seed of the random order of the rows. batch_rows draws the same order as nn-tui.")),
        *code(f"seed = {experiment.seed}"),
    )
    return blocks((*settings, *seed), function("batch_rows(n)", text, _SHUFFLED))


_IN_ORDER = """\
    first = (n - 1) % batches_per_epoch * batch_size
    return slice(first, first + batch_size)
"""
_SHUFFLED = """\
    epoch, batch = divmod(n - 1, batches_per_epoch)
    seeds = np.random.SeedSequence(seed, spawn_key=(3, epoch))
    order = np.random.Generator(np.random.PCG64(seeds)).permutation(len(x_train))
    return order[batch * batch_size : (batch + 1) * batch_size]
"""


def learning_rate_lines(experiment: Experiment) -> Lines:
    """Return the learning rate ``eta``, or the function ``learning_rate(n)`` of a schedule."""
    training = experiment.training
    base, schedule = number_source(training.optimizer.learning_rate), training.schedule
    if schedule.is_constant:
        return (*comment(tr("The learning rate")), *code(f"eta = {base}"))
    rule = SCHEDULES[schedule.name]
    options = {**rule.defaults, **dict(schedule.options)}
    settings = [f"eta_0 = {base}"]
    for name in rule.options:
        value = str(int(options[name])) if name in rule.counts else number_source(options[name])
        if name == "gamma" and options[name] > 1.0:
            value = f"np.float64({value})  # {tr('a power that is too large becomes inf')}"
        settings.append(f"{name} = {value}")
    counts_epochs = schedule.per == "epoch"
    text = tr("Return the learning rate of update n; k counts the updates before it.")
    if counts_epochs:
        text = tr("Return the learning rate of update n; k counts the epochs before it.")
    epochs = "(n - 1) // batches_per_epoch" if has_batches(experiment) else "n - 1"
    body = [f"    k = {epochs if counts_epochs else 'n - 1'}"]
    if schedule.warmup is not None:
        factor, length = schedule.warmup.start_factor, schedule.warmup.total_iters
        settings += [f"start_factor = {number_source(factor)}", f"warmup = {length}"]
        note = tr("a straight line up to eta_0")
        body += [
            f"    if k < warmup:  # {note}",
            "        return eta_0 * (start_factor + (1 - start_factor) * k / warmup)",
            "    k = k - warmup",
        ]
    body.append(f"    return {_RATES[schedule.name]}")
    head = (*comment(tr("The schedule of the learning rate")), *code("\n".join(settings)))
    return blocks(head, function("learning_rate(n)", text, "\n".join(body)))


_RATES = {
    "constant": "eta_0",
    "step": "eta_0 * gamma ** (k // step_size)",
    "exponential": "eta_0 * gamma**k",
    "inverse_time": "eta_0 / (1 + decay_rate * k / decay_steps)",
    "cosine": "eta_min + (eta_0 - eta_min) * (1 + math.cos(math.pi * k / T_max)) / 2",
}


def learning_rate_source(experiment: Experiment) -> str:
    """Return the learning rate of update n as an expression."""
    return "eta" if experiment.training.schedule.is_constant else "learning_rate(n)"
