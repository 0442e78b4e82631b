"""Check of a schedule that has made η so low that the run no longer gets better."""

from __future__ import annotations

from nn_tui.core.diagnosis import remedies
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.frozen_checks import MAX_REACHABLE_FALL
from nn_tui.core.diagnosis.observation import Observation
from nn_tui.core.refs import Ref
from nn_tui.core.text import two_digits
from nn_tui.core.translation import message

LOWERED_PART = 0.01  # of η₀


def is_lowered(seen: Observation) -> bool:
    """Return whether a schedule has made η far lower than η₀."""
    return seen.trace.learning_rate < LOWERED_PART * remedies.eta_of(seen.facts)


def check_schedule(seen: Observation) -> list[Finding]:
    """Check for a loss that hardly falls, although it is lower nearby, after a schedule has lowered η."""
    if not is_lowered(seen) or not seen.is_stuck or seen.engine.loss.is_mistake_driven:
        return []
    if seen.reachable_fall < MAX_REACHABLE_FALL:
        return []
    rate, base = two_digits(seen.trace.learning_rate), two_digits(remedies.eta_of(seen.facts))
    symptom = message(
        "The loss has fallen by only {part:.1%} in {window} updates, although it is lower nearby.",
        part=max(0.0, seen.recent_fall or 0.0), window=seen.window,
    )  # fmt: skip
    spec = seen.engine.experiment.training.schedule
    if spec.warmup is not None and seen.engine.schedule_count(seen.trace.update) < spec.warmup.total_iters:
        cause = message("The warm-up has raised η only to {rate} so far; η₀ is {base}.", rate=rate, base=base)
        advice, changes = message("Make the warm-up shorter."), ("warmup = 0",)
    else:
        cause = message("The schedule has lowered η from {base} to {rate}.", rate=rate, base=base)
        advice, changes = message("Keep η constant, or let it fall more slowly."), ("schedule = constant",)
    refs = (Ref("dw", 0),)
    return [Finding("learning_rate_low", "bad", symptom, cause, advice, changes, refs=refs, emerged=True)]
