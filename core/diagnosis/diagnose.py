"""Diagnose a run: name problems with their layer or unit, their likely cause and a remedy.

:func:`diagnose` reads a pass and the evaluations before it, and runs one more forward pass of some training rows.
"""

from __future__ import annotations

import numpy as np

from nn_tui.core.analysis.badge import KINDS, Badge, Kind
from nn_tui.core.analysis.cycles import find_period
from nn_tui.core.analysis.health_checks import (
    SMALL_GRADIENT_RATIO,
    Observation,
    check_dead,
    check_exploding,
    check_saturated,
    check_symmetric,
    check_update_size,
    check_vanishing,
    norm,
    two_digits,
)
from nn_tui.core.data.targets import wrong_rows
from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import first_nonfinite, is_finite, remedy
from nn_tui.core.engine.trace import Trace
from nn_tui.core.nn.initializers import has_random_weights
from nn_tui.core.nn.losses import scale
from nn_tui.core.run.metrics import baseline_loss, run_forward
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from nn_tui.core.translation import Message, any_of, message, message_plural

MAX_ROWS = 500  # of the training set; the forward pass takes less than a millisecond for the digits
DIVERGING_RATIO = 10.0  # of the loss to the initial loss and to the baseline
PLATEAU_UPDATES, PLATEAU_FALL = 100, 0.01  # a plateau: less than 1 % in the last fifth of the run, at least 100 updates
SOLVED_LOSS, SOLVED_ACCURACY = 0.3, 0.95  # solved: less than this part of the baseline, or this accuracy
# Of the deviation of the targets. With small batches the prediction of the mean varies.
MEAN_SPREAD, MEAN_OFFSET = 0.05, 0.3
# Problems that keep the network at predicting the mean.
_BLOCKING_KINDS: tuple[Kind, ...] = ("vanishing", "symmetric", "dead", "saturated")


def diagnose(run: Run, trace: Trace, updates_done: int) -> tuple[Badge, ...]:
    """Return the badges of a run, the most urgent first.

    It does not change the run, but it may compute passes with the engine, so no thread may be training the run.

    Args:
        run: The run.
        trace: The pass before or after which the run is.
        updates_done: The number of updates done: ``trace.update`` after the pass, one less before its update.
    """
    with np.errstate(all="ignore"):
        divergence = run.divergence
        if divergence is None or divergence.update > trace.update:
            divergence = first_nonfinite(trace)
        if divergence is not None or not is_finite(trace):
            symptom = (
                message("A number of this pass is not finite.")
                if divergence is None
                else message("The run diverged at {finding}.", finding=divergence.sentence)
            )
            experiment = run.segment(trace.update - 1).experiment
            why = remedy(experiment)
            advice = message("Step back, and try {remedy}.", remedy=why.helps)
            if why.kind == "learning_rate":
                advice = _shorter_steps_advice(len(experiment.layers))
            return (Badge("divergence", "bad", None, (), symptom, why.cause, advice),)
        seen = _observe(run, trace, updates_done)
        badges = [
            *_check_divergence(seen), *check_exploding(seen), *check_vanishing(seen), *check_symmetric(seen),
            *check_dead(seen), *check_saturated(seen), *check_update_size(seen),
        ]  # fmt: skip
        stuck = _check_cycle(seen, run, updates_done)
        return (*badges, *(stuck or _check_plateau(seen, updates_done, {badge.kind for badge in badges})))


def _observe(run: Run, trace: Trace, updates_done: int) -> Observation:
    segment = run.segment(trace.update - 1)
    engine, data = segment.engine, segment.experiment.data
    state = trace.after if updates_done >= trace.update else trace.before
    rows = np.linspace(0, len(data.x) - 1, min(len(data.x), MAX_ROWS)).astype(np.intp)
    y = data.y[rows]
    z, a, prediction = run_forward(engine, state, data.x[rows])
    start = segment.start
    # The evaluation at the update of an edit belongs to the segment before it, but at update 0 it is made again.
    evaluations = [
        evaluation
        for evaluation in list(run.evaluations)
        if start < evaluation.update <= updates_done or start == evaluation.update == 0
    ]
    relative_loss = _relative_loss(engine, z[-1], a[-1], y)
    wrong = wrong_rows(prediction, y, engine.coding).mean() if engine.coding != "numbers" else None
    if engine.loss.is_mistake_driven:
        solved = wrong == 0.0
    else:
        solved = relative_loss is not None and relative_loss < SOLVED_LOSS
        # With a squared error even ½ can count as right. With a loss for classes the accuracy decides.
        solved |= engine.loss.chain_gradient is not None and wrong is not None and bool(wrong <= 1 - SOLVED_ACCURACY)
    return Observation(
        engine, trace, state, z, a, prediction, y, evaluations, updates_done - start, bool(solved), relative_loss
    )


def _relative_loss(engine: Engine, z: Array, a: Array, y: Array) -> float | None:
    """Return the loss divided by the loss of always predicting the mean of the targets; None if that is not defined."""
    baseline = baseline_loss(engine, y)
    if baseline is None:
        return None
    terms = engine.loss.terms(z, a, y)
    return float(terms.sum()) * scale(engine.loss, engine.experiment.training.reduction, *y.shape) / baseline


def _check_divergence(seen: Observation) -> list[Badge]:
    """Check for a loss far above the initial loss and above the baseline, which a bias alone can reach."""
    losses = [evaluation.train_loss for evaluation in seen.evaluations]
    if seen.relative_loss is None or seen.relative_loss <= DIVERGING_RATIO:
        return []
    if not losses or losses[-1] <= DIVERGING_RATIO * losses[0]:
        return []
    symptom = message(
        "The loss has grown from {first} to {last}.", first=two_digits(losses[0]), last=two_digits(losses[-1])
    )
    cause = message("The steps overshoot the valley and land higher on its other side.")
    return [Badge("divergence", "bad", None, (), symptom, cause, _shorter_steps_advice(len(seen.z)))]


def _shorter_steps_advice(layers: int) -> Message:
    """Return a remedy for far too long steps; in deep networks large weights multiply each other."""
    if layers > 2:
        return message("Step back, and try a tenth of η, or smaller initial weights.")
    return message("Step back, and try a tenth of η.")


def _check_cycle(seen: Observation, run: Run, updates_done: int) -> list[Badge]:
    """Check for updates that lead back to exactly the same weights before the task is solved."""
    period = None if seen.solved else find_period(run, updates_done, seen.state)
    if period is None:
        return []
    if seen.engine.coding == "numbers":
        symptom = message_plural(
            "The weights and biases are exactly those of the update before.",
            "The weights and biases are exactly those of {count} updates ago.",
            period,
        )
    else:
        symptom = message_plural(
            "The weights and biases are exactly those of the update before; {wrong} of {total} predictions are wrong.",
            "The weights and biases are exactly those of {count} updates ago; {wrong} of {total} predictions are "
            "wrong.",
            period, wrong=_count_wrong(seen), total=len(seen.y),
        )  # fmt: skip
    cause, advice = message("So the same updates repeat for ever: they undo each other."), message("Lower η.")
    if seen.engine.loss.is_mistake_driven:
        # Rosenblatt's rule ends after finitely many mistakes if a line separates the classes.
        cause = message("So the same updates repeat for ever: no line separates these classes.")
        advice = _advice(_remedies(seen)[-1:])
    return [Badge("cycle", "bad", None, (), symptom, cause, advice)]


def _count_wrong(seen: Observation) -> int:
    return int(wrong_rows(seen.prediction, seen.y, seen.engine.coding).sum())


def _check_plateau(seen: Observation, updates_done: int, others: set[Kind]) -> list[Badge]:
    """Check for a loss that no longer falls before the task is solved, in particular at the prediction of the mean."""
    window = max(PLATEAU_UPDATES, seen.updates_since_edit // 5)
    losses = np.array([e.train_loss for e in seen.evaluations if e.update >= updates_done - window])
    third = len(losses) // 3
    if seen.solved or seen.updates_since_edit < 2 * PLATEAU_UPDATES or not third or "divergence" in others:
        return []
    then, now = float(losses[:third].mean()), float(losses[-third:].mean())
    if not np.isfinite(now) or then - now >= PLATEAU_FALL * then:
        return []
    if _predicts_mean(seen):
        blocking = [KINDS[kind] for kind in KINDS if kind in others and kind in _BLOCKING_KINDS]
        symptom = message("The prediction is about the same for every training row: the mean of the targets.")
        cause = message("The network gives the same prediction whatever the input is.")
        if blocking:
            advice = message("Solve this problem first: {problem}.", problem=blocking[0])
        else:
            advice = _advice([*_remedies(seen), message("a larger η")])
        return [Badge("stuck_at_mean", "bad", None, (), symptom, cause, advice)]
    if seen.relative_loss is None and not seen.engine.loss.is_mistake_driven:
        return []
    if seen.relative_loss is None:
        symptom = message(
            "The loss has hardly fallen for {window} updates; {wrong} of {total} predictions are wrong.",
            window=window,
            wrong=_count_wrong(seen),
            total=len(seen.y),
        )
    else:
        symptom = message(
            "The loss has hardly fallen for {window} updates; it is {share:.0%} of the loss of a network that always "
            "predicts the mean of the targets.",
            window=window, share=seen.relative_loss,
        )  # fmt: skip
    cause, advice = _explain_plateau(seen, window, now, others)
    return [Badge("plateau", "warn", None, (), symptom, cause, advice)]


def _explain_plateau(seen: Observation, window: int, loss: float, others: set[Kind]) -> tuple[Message, Message]:
    """Return cause and advice for a loss that has hardly fallen within ``window`` updates."""
    trace, remedies = seen.trace, _remedies(seen)
    if seen.engine.loss.is_mistake_driven:
        if len(trace.z) > 1:
            return message("The updates undo each other."), _advice(remedies)
        cause = message("The updates undo each other: it seems that no line separates these classes.")
        return cause, _advice(remedies[-1:])
    length = float(np.linalg.norm([norm(weights) for weights in trace.before.weights]))
    gradients = _trained_gradients(seen)
    if norm(gradients) < SMALL_GRADIENT_RATIO * length:
        if 1 < seen.engine.rows == seen.engine.batch:
            remedies.append(message("smaller batches"))
        if not all(layer.train_bias for layer in seen.engine.experiment.layers):
            remedies.append(message("training the frozen biases"))
        cause = message("The gradient is nearly 0: this is a minimum, perhaps only a local one, or a flat region.")
        return cause, _advice(remedies)
    # An upper bound on the fall of the loss: all steps as long as this one, straight down this slope.
    rows = seen.engine.rows / trace.n if seen.engine.experiment.training.reduction == "sum" else 1.0
    gain = window * rows * norm(gradients) * norm(trace.after.parameters - trace.before.parameters)
    if "update_small" in others or gain < PLATEAU_FALL * loss:
        return message("The steps are too short to get anywhere."), message("Raise η.")
    advice = message(
        "Lower η. If that does not help, the network may be too small for this task: try {remedy}.",
        remedy=remedies[-1],
    )
    return message("The gradient is not 0, but the updates undo each other."), advice


def _trained_gradients(seen: Observation) -> Array:
    """Return the norms of the gradients of all trained weights and of all trained biases, (2,)."""
    layers = list(enumerate(seen.engine.experiment.layers))
    weights = [norm(seen.trace.dw[layer]) for layer, spec in layers if spec.train_weights]
    biases = [norm(seen.trace.db[layer]) for layer, spec in layers if spec.train_bias]
    return np.array([norm(np.array(weights)), norm(np.array(biases))])


def _remedies(seen: Observation) -> list[Message]:
    """Return noun phrases for remedies for a network that does not learn; more units or layers come last."""
    layers = seen.engine.experiment.layers
    return [
        *([message("new initial weights")] if has_random_weights(layers) else []),
        message("more hidden units") if len(layers) > 1 else message("a hidden layer"),
    ]


def _advice(remedies: list[Message]) -> Message:
    """Return ``Try new initial weights, more hidden units or a larger η.``"""
    return message("Try {remedies}.", remedies=any_of(remedies))


def _predicts_mean(seen: Observation) -> bool:
    """Return whether the predictions are about the mean of the targets for every row."""
    deviation = seen.y.std(axis=0)
    varying = deviation > 0
    if not varying.any() or seen.engine.loss.is_mistake_driven:
        return False
    spread, offset = seen.prediction.std(axis=0), np.abs(seen.prediction.mean(axis=0) - seen.y.mean(axis=0))
    at_mean = (spread < MEAN_SPREAD * deviation) & (offset < MEAN_OFFSET * deviation)
    return bool(at_mean[varying].all())
