"""Checks of the steps: a learning rate that is too high or too low, and numbers that are not finite."""

from __future__ import annotations

import numpy as np

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.first_updates import xavier_length
from nn_tui.core.diagnosis.observation import Observation
from nn_tui.core.diagnosis.schedule_checks import is_lowered
from nn_tui.core.engine.nonfinite import NonFinite, remedy
from nn_tui.core.refs import Ref
from nn_tui.core.spec import Array
from nn_tui.core.text import two_digits
from nn_tui.core.translation import Message, all_of, message, message_plural

# A rule of thumb (Karpathy, CS231n) is 1e-3. Small networks learn with 0.3 too, but half of its own length leaves
# little of a weight's direction, and 1e-5 is a hundred times too slow.
MAX_UPDATE_RATIO, MIN_UPDATE_RATIO = 0.5, 1e-5
MIN_RAISE_ROOM = 10.0  # by which η may grow; with less a larger one helps little, if at all
SMALL_GRADIENT_RATIO = 1e-3  # of the weights; with a larger gradient and a small update the learning rate is small
MIN_LENGTH_RATIO = 0.1  # of the length of Xavier weights; shorter weights give no meaningful update ratio
DIVERGING_RATIO = 10.0  # of the loss to the initial loss and to that of always predicting the mean
# Pascanu, Mikolov and Bengio (2013) clip the gradient at up to ten times its usual norm; ten times that is no outlier.
# Below the usual clipping norms of 1 to 10 growth is harmless.
EXPLODING_NORM_RATIO, MIN_EXPLODING_NORM = 100.0, 10.0
# The last evaluations in which the loss must jump, how many of the steps must go up by more than a part, and how long
# all steps together are beside the way that the loss has come. In healthy runs with small batches the loss goes up as
# often, but by little; see docs/diagnosis.md for the measurement.
RECENT_EVALUATIONS, MIN_EVALUATIONS = 20, 6
MIN_RISES, MIN_JUMPS, RISE = 3, 5, 0.05
NEARLY_SOLVED_LOSS = 0.3  # of the loss of always predicting the mean; below it jumps do little harm
JUMP_PART = 0.15  # of the loss: the mean jump
GROWTH = 1.5  # of the loss since the start


def diverged_finding(found: NonFinite | None, facts: Facts) -> Finding:
    """Return the finding for a number that is not finite; ``found`` is the first one of the run, None if unknown."""
    symptom = (
        message("A number of this pass is not finite.")
        if found is None
        else message("The run diverged at {finding}.", finding=found.sentence)
    )
    why = remedy(facts.experiment)
    changes: tuple[str, ...] = (remedies.lower_eta(facts),)
    advice = message("Go back to the start, and try {remedy}.", remedy=why.helps)
    if why.kind == "penalty":
        training = facts.experiment.training
        name, factor = ("l2", training.l2) if training.l2 >= training.l1 else ("l1", training.l1)
        changes = (f"{name} = {remedies.one_digit(0.1 / training.optimizer.learning_rate):g}", *changes)
        changes = tuple(change for change in changes if change != f"{name} = {factor:g}")
    elif len(facts.experiment.layers) > 2:
        advice = message("Go back to the start, and try a lower η, or smaller initial weights.")
        changes = (*changes, "init = xavier_uniform")
    return Finding("diverged", "bad", symptom, why.cause, advice, changes)


def check_learning_rate_high(seen: Observation) -> list[Finding]:
    """Check for a loss that grows, or that jumps up and down, over several evaluations; one rise alone is none."""
    losses = np.array([evaluation.train_loss for evaluation in seen.evaluations])
    if len(losses) < MIN_RISES + 1 or seen.engine.loss.is_mistake_driven:
        return []
    recent = losses[-RECENT_EVALUATIONS:]
    changes = np.diff(recent)
    rises = int((changes > RISE * np.abs(recent[:-1])).sum())
    now = float(np.median(recent[-5:]))
    far = DIVERGING_RATIO * max(float(losses[0]), seen.baseline or 0.0)
    is_far = len(losses) >= MIN_EVALUATIONS and bool((losses[1 - MIN_EVALUATIONS :] > far).all())
    if is_far or (now > GROWTH * float(losses[0]) and rises >= MIN_RISES):
        symptom = message(
            "The loss has grown from {first} to {last}.", first=two_digits(float(losses[0])), last=two_digits(now)
        )
        cause = message("The steps overshoot the valley and land higher on its other side.")
        return [_too_long_steps(seen, symptom, cause)]
    if seen.period is not None or len(losses) < MIN_EVALUATIONS:
        return []
    jump = float(np.sort(np.abs(changes))[:-2].mean())  # without the two of a single spike
    fall = float(np.median(recent[:5]) - np.median(recent[-5:]))
    if seen.baseline is not None and np.median(recent) < NEARLY_SOLVED_LOSS * seen.baseline:
        return []
    if rises >= MIN_JUMPS and jump > JUMP_PART * float(recent.mean()) and fall < jump:
        symptom = message(
            "The loss jumps: it rose {rises} times in the last {count} evaluations, and a jump is {part:.0%} of it on "
            "average.",
            rises=rises, count=len(changes), part=jump / float(recent.mean()),
        )  # fmt: skip
        cause = message("The steps overshoot the valley, so one undoes what the other has gained.")
        return [_too_long_steps(seen, symptom, cause)]
    return []


def _too_long_steps(seen: Observation, symptom: Message, cause: Message) -> Finding:
    advice = message("Go back to the start, and try a lower η.")
    changes: tuple[str, ...] = (remedies.lower_eta(seen.facts),)
    if len(seen.engine.experiment.layers) > 2:
        advice = message("Go back to the start, and try a lower η, or smaller initial weights.")
        changes = (*changes, "init = xavier_uniform")
    return Finding("learning_rate_high", "bad", symptom, cause, advice, changes, emerged=True)


def check_growing_gradient(seen: Observation) -> list[Finding]:
    """Check for a gradient that is far longer than at the start."""
    norms = [norm(dw) for dw in seen.trace.dw]
    layer = int(np.argmax(norms))
    total = float(np.linalg.norm(norms))
    first = next((n for e in seen.evaluations if (n := float(np.linalg.norm(e.gradient_norms or 0.0))) > 0), None)
    if first is None or not total > max(MIN_EXPLODING_NORM, EXPLODING_NORM_RATIO * first):
        return []
    factor = two_digits(total / first)
    if seen.evaluations[0].update:
        symptom = message("The gradient is about {factor} times as long as after the last change.", factor=factor)
    else:
        symptom = message("The gradient is about {factor} times as long as at the start.", factor=factor)
    cause = message("The weights have moved to where the loss is ever steeper.")
    advice = message("Lower η; smaller initial weights help too.")
    changes = (remedies.lower_eta(seen.facts),)
    refs = (Ref("dw", layer),)
    return [Finding("learning_rate_high", "bad", symptom, cause, advice, changes, layer, refs=refs, emerged=True)]


def check_update_size(seen: Observation) -> list[Finding]:
    """Check for updates that are far too long or too short for the weights that they change."""
    if seen.engine.loss.is_mistake_driven:  # with zero initial weights η only scales all weights
        return []
    large: list[tuple[float, int]] = []
    small: list[tuple[float, int]] = []
    before, after = seen.trace.before.weights, seen.trace.after.weights
    for layer, (old, new, dw) in enumerate(zip(before, after, seen.trace.dw, strict=True)):
        length = norm(old)
        frozen = not seen.engine.experiment.layers[layer].train_weights
        if frozen or length < MIN_LENGTH_RATIO * xavier_length(old):
            continue
        ratio, gradient = norm(new - old) / length, norm(dw) / length
        if ratio > MAX_UPDATE_RATIO:
            large.append((ratio, layer))
        elif ratio < MIN_UPDATE_RATIO and gradient > SMALL_GRADIENT_RATIO:
            small.append((ratio, layer))
    findings = []
    if large and _overshoots(seen):
        ratio, layer = max(large)
        cause = message("The learning rate is too large for this gradient.")
        advice = message("Lower η.")
        symptom = _update_size_text(ratio, layer, large)
        changes = (remedies.lower_eta(seen.facts),)
        refs = (Ref("w", layer),)
        findings.append(
            Finding("update_large", "warn", symptom, cause, advice, changes, layer, refs=refs, emerged=True)
        )
    if small and not is_lowered(seen) and seen.eta_room > MIN_RAISE_ROOM:
        ratio, layer = min(small)
        cause = message("The gradient is not small, but the learning rate is.")
        advice = message("Raise η.")
        symptom = _update_size_text(ratio, layer, small)
        changes = (remedies.raise_eta(seen.facts, seen.eta_room),)
        refs = (Ref("w", layer),)
        low = Finding("learning_rate_low", "warn", symptom, cause, advice, changes, layer, refs=refs, emerged=True)
        findings.append(low)
    return findings


def _overshoots(seen: Observation) -> bool:
    """Return whether two steps of the whole training set in a row end higher than they began; those of few rows may."""
    if seen.engine.batch < seen.engine.rows or len(seen.evaluations) < 2:
        return False
    full_batch, trace = seen.facts.full_batch, seen.trace
    rose_before = not seen.evaluations[-1].train_loss <= seen.evaluations[-2].train_loss
    return rose_before and not full_batch.loss(trace.after.parameters) <= full_batch.loss(trace.before.parameters)


def _update_size_text(ratio: float, layer: int, layers: list[tuple[float, int]]) -> Message:
    """Write by how much the worst layer changes, and which other layers are as bad."""
    others = [other + 1 for other in sorted(other for _, other in layers) if other != layer]
    if not others:
        return message(
            "This update changes the weights of layer {layer} by {ratio} of their length; about 0.001 is usual.",
            layer=layer + 1, ratio=two_digits(ratio),
        )  # fmt: skip
    return message_plural(
        "This update changes the weights of layer {layer} by {ratio} of their length, and those of layer {others} "
        "by a similar part; about 0.001 is usual.",
        "This update changes the weights of layer {layer} by {ratio} of their length, and those of layers {others} "
        "by similar parts; about 0.001 is usual.",
        len(others),
        layer=layer + 1,
        ratio=two_digits(ratio),
        others=all_of(others),
    )


def norm(values: Array) -> float:
    """Return the square root of the sum of squares."""
    return float(np.linalg.norm(values))
