"""What is wrong with a run, named on the layer or unit it concerns, with the likely cause and what to try.

:func:`diagnose` only reads: a pass, the curve that led there, and one more forward pass of some training rows.
"""

from __future__ import annotations

import numpy as np

from nn_tui.core.analysis.badge import KINDS, Badge, Kind
from nn_tui.core.analysis.health_checks import (
    RATIO_GRADIENT,
    Facts,
    dead,
    exploding,
    norm,
    saturated,
    steps,
    symmetric,
    two_digits,
    vanishing,
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

__all__ = ["KINDS", "Badge", "Kind", "diagnose"]

MOST_ROWS = 500  # enough to tell "never" from "seldom", and under a millisecond for the digits
LOSS_GROWTH = 10.0
FLAT_UPDATES, FLAT_FALL = 100, 0.01  # a fall of under 1 % over the last fifth of the run, at least 100 updates
# Below this part of the loss of the best constant answer, or with 95 % of the classes right, it has learnt.
SOLVED, SOLVED_ACCURACY = 0.3, 0.95
SPREAD, OFFSET = 0.05, 0.3  # of the targets' own deviation: small batches let the common answer waver about the mean
# What keeps the rows' differences from the output, so that the answer is the mean.
_HINDERS: tuple[Kind, ...] = ("vanishing", "symmetric", "dead", "saturated")


def diagnose(run: Run, trace: Trace, at_update: int) -> tuple[Badge, ...]:
    """Badges for pass ``trace`` of ``run`` with ``at_update`` updates done, the ones to look at first in front.

    ``trace`` is the pass before or after which that is. Only reads, so it may be called while nothing else
    moves the run. Looks at up to MOST_ROWS training rows; never raises or warns for infinities or NaN.
    """
    with np.errstate(all="ignore"):
        broken = run.divergence if run.divergence and run.divergence.update <= trace.update else first_nonfinite(trace)
        if broken is not None or not is_finite(trace):
            what = "A number of this pass is not finite." if broken is None else f"U{broken.sentence[1:]}."
            experiment = run.segment(trace.update - 1).experiment
            why = remedy(experiment)
            shorter = "η" in why.helps
            advice = _shorter(len(experiment.layers)) if shorter else f"Step back, and try {why.helps}."
            return (Badge("divergence", "bad", None, (), what, why.cause, advice),)
        facts = _gather(run, trace, at_update)
        found = [
            *_diverging(facts), *exploding(facts), *vanishing(facts), *symmetric(facts), *dead(facts),
            *saturated(facts), *steps(facts),
        ]  # fmt: skip
        return (*found, *_flat(facts, at_update, {badge.kind for badge in found}))


def _gather(run: Run, trace: Trace, at_update: int) -> Facts:
    segment = run.segment(trace.update - 1)
    engine, data = segment.engine, segment.experiment.data
    state = trace.after if at_update >= trace.update else trace.before
    rows = np.linspace(0, len(data.x) - 1, min(len(data.x), MOST_ROWS)).astype(np.intp)
    y = data.y[rows]
    z, a, answer = run_forward(engine, state, data.x[rows])
    start = max(each.start for each in run.segments if each.start <= trace.update - 1)
    # At the update of a change the figures are those of what was in force before it; at 0 they are taken again.
    samples = [each for each in list(run.evaluations) if start < each.update <= at_update or start == each.update == 0]
    share = _share_of_constant(engine, z[-1], a[-1], y)
    wrong = wrong_rows(answer, y, engine.coding).mean() if engine.coding != "numbers" else None
    if engine.loss.is_mistake_driven:
        solved = wrong == 0.0
    else:
        solved = share is not None and share < SOLVED
        # A squared error can call ½ right; where the loss is made for classes, the classes decide.
        solved |= engine.loss.chain_gradient is not None and wrong is not None and bool(wrong <= 1 - SOLVED_ACCURACY)
    return Facts(engine, trace, state, z, a, answer, y, samples, at_update - start, bool(solved), share)


def _share_of_constant(engine: Engine, z: Array, a: Array, y: Array) -> float | None:
    """The loss as a part of what the mean of the targets, answered for every row, would get; None: not defined."""
    mean = baseline_loss(engine, y)
    if mean is None:
        return None
    return (
        float(engine.loss.terms(z, a, y).sum())
        * scale(engine.loss, engine.experiment.training.reduction, *y.shape)
        / mean
    )


def _diverging(facts: Facts) -> list[Badge]:
    """A loss far above where it began, and above that of the mean of the targets, which any bias can learn."""
    losses = [sample.train_loss for sample in facts.samples]
    if facts.share is None or facts.share <= LOSS_GROWTH or not losses or losses[-1] <= LOSS_GROWTH * losses[0]:
        return []
    what = f"The loss has grown from {two_digits(losses[0])} to {two_digits(losses[-1])}."
    cause = "The steps overshoot the valley and land higher on its other side."
    return [Badge("divergence", "bad", None, (), what, cause, _shorter(len(facts.z)))]


def _shorter(layers: int) -> str:
    """What to try when steps are far too long; large weights of many layers multiply each other."""
    return f"Step back, and try a tenth of η{', or smaller initial weights' if layers > 2 else ''}."


def _flat(facts: Facts, at_update: int, others: set[Kind]) -> list[Badge]:
    """A loss that no longer falls although nothing has been learnt; the same answer for every row, above all."""
    window = max(FLAT_UPDATES, facts.since // 5)
    losses = np.array([s.train_loss for s in facts.samples if s.update >= at_update - window])
    third = len(losses) // 3
    if facts.solved or facts.since < 2 * FLAT_UPDATES or not third or "divergence" in others:
        return []
    then, now = float(losses[:third].mean()), float(losses[-third:].mean())
    if not np.isfinite(now) or then - now >= FLAT_FALL * then:
        return []
    if _at_mean(facts):
        named = [KINDS[kind] for kind in KINDS if kind in others and kind in _HINDERS]
        what = "The answer is about the same for every training row: the mean of the targets."
        cause = "What tells the rows apart does not get through to the output."
        advice = f"See first to: {named[0]}." if named else _sentence([*_ways(facts), "raise η"])
        return [Badge("stuck_at_mean", "bad", None, (), what, cause, advice)]
    if facts.share is None and not facts.engine.loss.is_mistake_driven:
        return []
    level = (
        f"with {int(wrong_rows(facts.answer, facts.y, facts.engine.coding).sum())} of {len(facts.y)} answers wrong"
        if facts.share is None
        else f"at {facts.share:.0%} of the loss of a network that always answers the mean of the targets"
    )
    what = f"The loss has hardly fallen for {window} updates, {level}."
    cause, advice = _why_flat(facts, window, now, others)
    return [Badge("plateau", "warn", None, (), what, cause, advice)]


def _why_flat(facts: Facts, window: int, loss: float, others: set[Kind]) -> tuple[str, str]:
    """Cause and advice for a loss that has hardly fallen within ``window`` updates."""
    trace, ways = facts.trace, _ways(facts)
    if facts.engine.loss.is_mistake_driven:
        if len(trace.z) > 1:
            return "The updates undo each other.", _sentence(ways)
        return "The updates undo each other: it seems that no line splits these classes.", _sentence(ways[-1:])
    length = float(np.linalg.norm([norm(weights) for weights in trace.before.weights]))
    if float(np.linalg.norm([norm(dw) for dw in trace.dw])) < RATIO_GRADIENT * length:
        if 1 < facts.engine.rows == facts.engine.batch:
            ways.append("use smaller batches")
        cause = "The gradient is nearly 0: this is a minimum, perhaps only a local one, or a flat stretch."
        return cause, _sentence(ways)
    # What as many steps of this length could gain, if every one of them went straight down this slope.
    rows = facts.engine.rows / trace.n if facts.engine.experiment.training.reduction == "sum" else 1.0
    gain = window * rows * norm(trace.gradient) * norm(trace.after.parameters - trace.before.parameters)
    if "update_small" in others or gain < FLAT_FALL * loss:
        return "The steps are too short to get anywhere.", "Raise η."
    advice = f"Lower η; if that does not help, the network is too small for this task: {ways[-1]}."
    return "The gradient is not 0, but the updates undo each other.", advice


def _ways(facts: Facts) -> list[str]:
    """What may help a network that does not learn, of what this one allows; more units come last."""
    layers = facts.engine.experiment.layers
    return [
        *(["draw new weights"] if has_random_weights(layers) else []),
        "add hidden units" if len(layers) > 1 else "add a hidden layer",
    ]


def _sentence(ways: list[str]) -> str:
    """``Draw new weights, add hidden units, or raise η.``"""
    last = "" if len(ways) == 1 else f"{',' if len(ways) > 2 else ''} or {ways[-1]}"
    text = ", ".join(ways[:-1] if last else ways) + last
    return f"{text[0].upper()}{text[1:]}."


def _at_mean(facts: Facts) -> bool:
    deviation = facts.y.std(axis=0)
    told = deviation > 0
    if not told.any() or facts.engine.loss.is_mistake_driven:
        return False
    spread, offset = facts.answer.std(axis=0), np.abs(facts.answer.mean(axis=0) - facts.y.mean(axis=0))
    return bool((spread[told] < SPREAD * deviation[told]).all() and (offset[told] < OFFSET * deviation[told]).all())
