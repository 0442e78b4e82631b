"""Checks of a run that no longer gets better: where it stands, and whether it overfits."""

from __future__ import annotations

import numpy as np

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.frozen_checks import layers_without_bias
from nn_tui.core.diagnosis.observation import SLOW_FALL, Observation
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import baseline_loss
from nn_tui.core.text import plain_number, two_digits
from nn_tui.core.translation import Message, message, message_plural

# Of the deviation of the targets. With small batches the prediction of the mean varies.
MEAN_SPREAD, MEAN_OFFSET = 0.05, 0.3
# What 100 steps of Rprop gain nearby, as a part of the loss. At the saddle of XOR they gain all or half of it, in the
# local minimum of XOR with two hidden units 2 %.
MIN_REACHABLE_FALL = 0.1
MINIMUM_SCORE = 0.8  # a minimum with a better R² is no bad one, unless the nearest neighbour is so much better:
MIN_SCORE_GAIN = 0.05
# By how much η may grow before the steps are too long. In presets that learn it is 2 to 20, in those whose η is too low
# 2,000 and more.
MIN_ROOM = 100.0
MIN_ADAPTIVE_ROOM = 1000.0  # of an optimiser like Adam, by a search along the signs of the gradient
NEARLY_ZERO_NORM = 0.01  # of the gradient; in the minima and plateaus of the tests it is below 0.001
# Overfitting: the test loss has risen by this part since its lowest value while the training loss has fallen, and that
# for this part of the run. With a test set of a few dozen rows the test loss moves by a few per cent from epoch to
# epoch.
TEST_RISE, TRAIN_FALL, OVERFITTING_PART = 0.2, 0.1, 0.2
MIN_TEST_RISE = 0.1  # of the loss of always predicting the mean
MIN_OVERFITTING_EVALUATIONS, MIN_OVERFITTING_UPDATES = 10, 50


def check_cycle(seen: Observation) -> list[Finding]:
    """Check for updates that lead back to exactly the same weights."""
    if seen.period is None:
        return []
    if seen.engine.coding == "numbers":
        symptom = message_plural(
            "The weights and biases are exactly those of the update before.",
            "The weights and biases are exactly those of {count} updates ago.",
            seen.period,
        )
    else:
        symptom = message_plural(
            "The weights and biases are exactly those of the update before; {wrong} of {total} predictions are wrong.",
            "The weights and biases are exactly those of {count} updates ago; {wrong} of {total} predictions are "
            "wrong.",
            seen.period, wrong=seen.count_wrong, total=len(seen.y),
        )  # fmt: skip
    cause, advice = message("So the same updates repeat for ever: they undo each other."), message("Lower η.")
    changes = (remedies.lower_eta(seen.facts),)
    if seen.engine.loss.is_mistake_driven:
        # Rosenblatt's rule ends after finitely many mistakes if a line separates the classes.
        cause = message("So the same updates repeat for ever: no line separates these classes.")
        advice, changes = message("Add a hidden layer."), (remedies.more_units(seen.facts),)
    return [Finding("cycle", "bad", symptom, cause, advice, changes)]


def check_flat(seen: Observation) -> list[Finding]:
    """Check for a loss that no longer falls: a learning rate that is too low, a local minimum, or a plateau."""
    fall = seen.recent_fall
    if fall is None or fall > SLOW_FALL or seen.period is not None:
        return []
    if seen.engine.loss.is_mistake_driven:
        return [] if seen.is_as_good_as_possible else _check_flat_mistakes(seen)
    if not seen.is_flat:
        if seen.is_as_good_as_possible and not seen.engine.experiment.training.schedule.is_constant:
            return []  # the schedule ends the run at its best
        symptom = message("The loss has fallen by only {part:.1%} in {window} updates.", part=fall, window=seen.window)
        return [_too_short_steps(seen, symptom)] if _has_room(seen) else []
    if seen.is_as_good_as_possible:
        return []
    if seen.reachable_fall < MIN_REACHABLE_FALL:
        return _check_minimum(seen)
    if _has_room(seen):
        return [_too_short_steps(seen, flat_symptom(seen))]
    return _check_plateau(seen)


def _check_flat_mistakes(seen: Observation) -> list[Finding]:
    if not seen.is_long_flat:
        return []
    symptom = message(
        "The loss has hardly fallen for {window} updates; {wrong} of {total} predictions are wrong.",
        window=seen.window, wrong=seen.count_wrong, total=len(seen.y),
    )  # fmt: skip
    cause = message("The updates undo each other.")
    advice = message("Try a larger network or new weights.")
    changes = _without_repeats(remedies.more_units(seen.facts), *remedies.next_seed(seen.facts))
    return [Finding("plateau", "warn", symptom, cause, advice, changes, emerged=True)]


def _check_minimum(seen: Observation) -> list[Finding]:
    best = seen.facts.best_score
    is_numbers = seen.engine.coding == "numbers"
    if is_numbers and seen.score >= MINIMUM_SCORE and (best is None or best < seen.score + MIN_SCORE_GAIN):
        return []
    if seen.facts.is_convex:  # its only minimum is the best that a line can do
        return []
    norm = float(np.linalg.norm(seen.gradient))
    if norm < NEARLY_ZERO_NORM:
        cause = message(
            "The gradient of the whole training set is nearly 0 (its norm is {norm}), and the loss is not lower "
            "nearby: this is a minimum, perhaps only a local one.",
            norm=two_digits(norm),
        )
    else:
        cause = message(
            "The gradient of the whole training set is not 0 (its norm is {norm}), but the loss is hardly lower "
            "nearby: the weights stay close to a minimum, perhaps only a local one.",
            norm=two_digits(norm),
        )
    if layers_without_bias(seen):
        advice = message("Train the biases that are frozen at 0, start from other weights, or make the network larger.")
    else:
        advice = message("Start from other weights, make the network larger, or take smaller batches.")
    if remedies.has_tiny_weights(seen.facts):
        advice = _advice_on_tiny_weights()
    symptom, refs = flat_symptom(seen), _gradient_refs(seen)
    changes = _remedies_of_minimum(seen)
    return [Finding("local_minimum", "bad", symptom, cause, advice, changes, refs=refs, emerged=True)]


def _check_plateau(seen: Observation) -> list[Finding]:
    if not seen.is_long_flat:
        return []
    norm = float(np.linalg.norm(seen.gradient))
    if norm < NEARLY_ZERO_NORM:
        cause = message(
            "The gradient of the whole training set is small, but not 0 (its norm is {norm}), and the loss is lower "
            "nearby: this is a plateau.",
            norm=two_digits(norm),
        )
        advice = message("Wait, or try an optimiser that enlarges small gradients, or new weights.")
    else:
        cause = message(
            "The gradient of the whole training set is not small (its norm is {norm}), and the loss is lower nearby, "
            "but the steps do not get there.",
            norm=two_digits(norm),
        )
        advice = message("Wait, or try another optimiser, or new weights.")
    larger: tuple[str, ...] = ()
    if remedies.has_tiny_weights(seen.facts):
        advice, larger = _advice_on_tiny_weights(), (remedies.usual_weights(seen.facts),)
    changes = _without_repeats(
        *larger, *remedies.adam(seen.facts), *remedies.next_seed(seen.facts), remedies.more_units(seen.facts)
    )
    symptom, refs = flat_symptom(seen), _gradient_refs(seen)
    return [Finding("plateau", "warn", symptom, cause, advice, changes, refs=refs, emerged=True)]


def _has_room(seen: Observation) -> bool:
    return seen.eta_room > (MIN_ROOM if seen.facts.is_sgd_like else MIN_ADAPTIVE_ROOM)


def _too_short_steps(seen: Observation, symptom: Message) -> Finding:
    cause = message(
        "The steps go the right way, but they are short: η may grow about {factor} times before they are too long.",
        factor=two_digits(seen.eta_room),
    )
    advice = message("Raise η.")
    changes = (remedies.raise_eta(seen.facts, seen.eta_room),)
    refs = _gradient_refs(seen)
    return Finding("learning_rate_low", "bad", symptom, cause, advice, changes, refs=refs, emerged=True)


def flat_symptom(seen: Observation) -> Message:
    """Return a sentence on how long the loss has been flat, and how high it is."""
    if _predicts_mean(seen):
        return message(
            "The loss has hardly fallen for {window} updates, and the prediction is about the same for every training "
            "row: the mean of the targets.",
            window=seen.window,
        )
    if seen.relative_loss is None:
        return message("The loss has hardly fallen for {window} updates.", window=seen.window)
    return message(
        "The loss has hardly fallen for {window} updates; it is {share:.0%} of the loss of a network that always "
        "predicts the mean of the targets.",
        window=seen.window, share=seen.relative_loss,
    )  # fmt: skip


def _gradient_refs(seen: Observation) -> tuple[Ref, ...]:
    largest = int(np.argmax([float(np.linalg.norm(dw)) for dw in seen.backward.dw]))
    return (Ref("dw", largest),)


def _remedies_of_minimum(seen: Observation) -> tuple[str, ...]:
    """Return changes that lead away from a minimum: biases that are missing first, then a larger network."""
    engine, facts = seen.engine, seen.facts
    missing = (f"unfreeze b{layer + 1}" for layer in layers_without_bias(seen))
    batches = ("batch = 1",) if 1 < engine.rows == engine.batch else ()
    others = remedies.more_units(facts), *remedies.next_seed(facts), *batches, *remedies.unfreeze_biases(facts)
    larger = (remedies.usual_weights(facts),) if remedies.has_tiny_weights(facts) else ()
    return _without_repeats(*missing, *larger, *others)


def _advice_on_tiny_weights() -> Message:
    return message("The first weights are tiny, so the units are nearly alike: draw larger ones.")


def _without_repeats(*changes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(changes))


def _predicts_mean(seen: Observation) -> bool:
    """Return whether the predictions are about the mean of the targets for every row."""
    deviation = seen.y.std(axis=0)
    varying = deviation > 0
    if not varying.any():
        return False
    spread, offset = seen.prediction.std(axis=0), np.abs(seen.prediction.mean(axis=0) - seen.y.mean(axis=0))
    at_mean = (spread < MEAN_SPREAD * deviation) & (offset < MEAN_OFFSET * deviation)
    return bool(at_mean[varying].all())


def check_overfitting(seen: Observation) -> list[Finding]:
    """Check for a test loss that rises while the training loss falls."""
    both = [(e.update, e.train_loss, e.test_loss) for e in seen.evaluations if e.test_loss is not None]
    if len(both) < MIN_OVERFITTING_EVALUATIONS or seen.updates_since_edit < MIN_OVERFITTING_UPDATES:
        return []
    updates, train, test = np.array(both, dtype=np.float64).T
    best = int(np.argmin(test))
    last = slice(-max(1, len(test) // 10), None)
    test_now, train_now = float(np.median(test[last])), float(np.median(train[last]))
    is_long = updates[-1] - updates[best] >= OVERFITTING_PART * updates[-1]
    rise = test_now - float(test[best])
    base = baseline_loss(seen.engine, seen.engine.experiment.data.y_test)
    is_large = rise > TEST_RISE * float(test[best]) and (base is None or rise > MIN_TEST_RISE * base)
    if not (is_long and is_large and train_now < (1.0 - TRAIN_FALL) * float(train[best])):
        return []
    symptom = message(
        "The lowest recorded test loss, {low}, was at update {update:,}. Since then the test loss has risen to {now}, "
        "while the training loss has fallen from {train_then} to {train_now}.",
        update=int(updates[best]), low=plain_number(float(test[best]), 4), now=plain_number(test_now, 4),
        train_then=plain_number(float(train[best]), 4), train_now=plain_number(train_now, 4),
    )  # fmt: skip
    cause = message("The network learns the noise of the training rows, which the test rows do not share.")
    advice = message(
        "Stop at that update: t {update} goes there. Or add a penalty on the weights, take fewer units, or get more "
        "samples.",
        update=int(updates[best]),
    )  # fmt: skip
    return [Finding("overfitting", "warn", symptom, cause, advice, _remedies_of_overfitting(seen))]


def _remedies_of_overfitting(seen: Observation) -> tuple[str, ...]:
    training, spec = seen.engine.experiment.training, seen.engine.experiment.preset.data
    rows = seen.engine.batch if training.reduction == "sum" else 1
    l2 = max(0.01, 3.0 * training.l2) * rows
    layers = seen.engine.experiment.layers
    fewer = (f"units 1 = {max(2, layers[0].units // 4)}",) if len(layers) > 1 and layers[0].units > 2 else ()
    more = (f"samples = {min(4 * spec.samples, 100_000)}",) if spec.generator is not None else ()
    return (f"l2 = {l2:g}", *fewer, *more)
