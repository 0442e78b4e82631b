"""Check of the first updates: steps so long that the network never recovers from them."""

from __future__ import annotations

import numpy as np

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.first_updates import MORE_UPDATES
from nn_tui.core.diagnosis.observation import Observation
from nn_tui.core.diagnosis.unit_checks import has_lost_layer
from nn_tui.core.refs import Ref
from nn_tui.core.text import two_digits
from nn_tui.core.translation import message

LONG_STEP = 0.1  # of the length of the weights; whether it is too long is what the replay tells
MIN_UPDATES = 5  # done, before anything is said
# Of the loss: what a lower η must reach. It need not be as clear where units are lost, or where the loss is flat.
CLEARLY_LOWER, LOWER = 0.5, 0.8
RECENT_EVALUATIONS = 5


def check_first_updates(seen: Observation) -> list[Finding]:
    """Check for first steps of about the length of the weights, in a run that learns with shorter ones."""
    facts = seen.facts
    if seen.engine.loss.is_mistake_driven or seen.updates_since_edit < MIN_UPDATES or seen.is_as_good_as_possible:
        return []
    is_lost = has_lost_layer(seen)
    if not is_lost and not _is_settled(seen):
        return []
    eta = remedies.eta_of(facts)
    first = facts.first_updates(eta)
    if first is None or not first.ratio > LONG_STEP:
        return []
    rate = remedies.lower_rate(facts)
    own, lower = facts.first_updates(eta, MORE_UPDATES), facts.first_updates(rate, MORE_UPDATES)
    if own is None or lower is None:
        return []
    is_early = seen.updates_since_edit < MORE_UPDATES
    loss = own.loss if is_early else seen.loss
    typical = loss if is_early else min(1.0, _median_part(seen)) * loss
    if not lower.loss < (LOWER if is_lost or seen.is_flat else CLEARLY_LOWER) * typical:
        return []
    symptom = message(
        "Update {update} changes the weights of layer {layer} by {ratio} times their length; about 0.001 is usual.",
        update=facts.first_pass - 1 + first.longest, layer=first.layer + 1, ratio=two_digits(first.ratio),
    )  # fmt: skip
    size = seen.engine.rows if seen.engine.experiment.training.reduction == "sum" else 1
    now, then = two_digits(size * loss), two_digits(size * lower.loss)
    if is_early:
        cause = message(
            "Such steps throw the weights far off at once: after {count} updates the loss of the training set is "
            "{now}, and with η = {rate:g} it is {then}.",
            count=own.count, now=now, rate=rate, then=then,
        )  # fmt: skip
    else:
        cause = message(
            "Such steps throw the weights far off at once: the loss of the training set is {now} now, and with "
            "η = {rate:g} it is {then} after {count} updates.",
            now=now, rate=rate, then=then, count=own.count,
        )  # fmt: skip
    advice = message("Go back to the start, and try a lower η.")
    changes, refs = (remedies.set_eta(rate),), (Ref("w", first.layer),)
    return [Finding("learning_rate_high", "bad", symptom, cause, advice, changes, refs=refs, emerged=True)]


def _is_settled(seen: Observation) -> bool:
    """Return whether the loss tells how the run goes: not soon after the start, nor in a cycle.

    A schedule may make the steps short enough in time.
    """
    is_constant = seen.engine.experiment.training.schedule.is_constant
    return seen.updates_since_edit >= MORE_UPDATES and seen.period is None and is_constant


def _median_part(seen: Observation) -> float:
    """Return the median of the last losses as a part of the last one, which may be a single spike."""
    recent = [evaluation.train_loss for evaluation in seen.evaluations[-RECENT_EVALUATIONS:]]
    return float(np.median(recent)) / recent[-1] if recent and recent[-1] > 0.0 else 1.0
