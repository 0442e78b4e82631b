"""What each health badge advises, done to a preset that shows it: the badge names place and cause, and goes away."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from nn_tui.core.analysis.health import KINDS, Kind
from nn_tui.core.edits.parser import parse_edit
from nn_tui.core.preset.loader import find_preset
from tests.core.analysis.test_health import badges_at, kinds, start


class Remedy(NamedTuple):
    """A badge of a preset as it must read, and changes that follow its advice and take it away."""

    kind: Kind
    preset: str
    at: int
    layer: int | None
    units: tuple[int, ...]
    cause: str  # a part of it
    advice: str  # a part of it
    back_to: int  # the update at which the changes are made
    changes: tuple[str, ...]
    left: frozenset[Kind] = frozenset()  # badges of other kinds that may still be seen


FOUR, EIGHT = (0, 1, 2, 3), tuple(range(8))
TO_RELU = (*(f"activation {layer} = relu" for layer in range(1, 7)), "init = he_uniform")
REMEDIES = (
    Remedy("divergence", "too-fast", 5, None, (), "overshoot", "Step back, and try a tenth of η", 2, ("eta = 0.2",)),
    Remedy("divergence", "too-fast", 1000, None, (), "numbers overflow", "try a tenth of η", 0, ("eta = 0.2",)),
    Remedy("divergence", "exploding", 10, None, (), "numbers overflow", "or smaller initial weights", 0,
           ("init = he_normal",)),
    Remedy("exploding", "exploding", 0, 0, (), "large weights", "smaller initial weights (xavier or he)", 0,
           ("init = he_normal",)),
    Remedy("exploding", "exploding", 0, 0, (), "large weights", "smaller initial weights (xavier or he)", 0,
           ("init = xavier_uniform",)),
    Remedy("exploding", "too-fast", 10, 0, (), "ever steeper", "Lower η", 2, ("eta = 0.2",)),
    Remedy("vanishing", "vanishing", 100, 0, (), "a slope and weights that are below 1", "Try relu with he_uniform", 0,
           TO_RELU, frozenset({"dead"})),
    Remedy("vanishing", "vanishing", 100, 0, (), "a slope and weights that are below 1", "fewer layers", 100,
           ("remove layer 2",) * 4, frozenset({"stuck_at_mean"})),  # the sigmoids that are left learn slowly
    Remedy("symmetric", "xor-zeros", 100, 0, FOUR, "Equal units get equal gradients", "with xavier_uniform", 100,
           ("init = xavier_uniform",), frozenset({"stuck_at_mean"})),  # at first, with an η of 0.5
    Remedy("dead", "dying-relu", 10, 0, (0, 1, 2, 3, 4, 5), "the slope is 0", "Lower η", 0, ("eta = 0.7",)),
    Remedy("dead", "dying-relu", 10, 0, (0, 1, 2, 3, 4, 5), "the slope is 0", "try leaky_relu", 10,
           ("activation 1 = leaky_relu",)),
    Remedy("saturated", "penguins-raw", 100, 0, EIGHT, "The inputs are about 2100", "Write standardize = on", 100,
           ("standardize = on",)),
    Remedy("update_large", "too-fast", 0, 0, (), "too large for this gradient", "Try a third of η", 0, ("eta = 0.67",)),
    Remedy("update_large", "local-minimum-full", 0, 0, (), "too large for this gradient", "Try a third of η", 0,
           ("eta = 0.67",), frozenset({"plateau"})),
    Remedy("update_large", "dying-relu", 0, 1, (), "too large for this gradient", "or a tenth", 0, ("eta = 0.7",)),
    Remedy("update_small", "too-slow", 100, 0, (), "the learning rate is", "ten or a hundred times η", 100,
           ("eta = 0.0001",), frozenset({"plateau"})),  # ten times more is not too much yet
    Remedy("stuck_at_mean", "penguins-raw", 300, None, (), "does not get through", "See first to: saturated.", 300,
           ("standardize = on",)),
    Remedy("stuck_at_mean", "dying-relu", 200, None, (), "does not get through", "See first to: dead ReLU.", 0,
           ("eta = 0.7",)),
    Remedy("stuck_at_mean", "vanishing", 1000, None, (), "does not get through", "See first to: vanishing gradient.",
           1000, TO_RELU, frozenset({"dead"})),
    Remedy("plateau", "too-slow", 1000, None, (), "steps are too short", "Raise η.", 1000, ("eta = 0.01",)),
    Remedy("plateau", "local-minimum-full", 300, None, (), "a minimum, perhaps only a local one",
           "Add a hidden layer or use smaller batches.", 300, ("batch = 1",), frozenset({"update_large"})),
    Remedy("plateau", "local-minimum-full", 300, None, (), "a minimum, perhaps only a local one",
           "Add a hidden layer or use smaller batches.", 300, ("add layer 1 4 tanh",)),
    Remedy("plateau", "xor-221-stuck", 2000, None, (), "The gradient is nearly 0", "Draw new weights,", 2000,
           ("seed",)),
    Remedy("plateau", "xor-221-stuck", 2000, None, (), "The gradient is nearly 0", "add hidden units,", 2000,
           ("add 2 units to layer 1",)),
    Remedy("plateau", "xor-perceptron", 200, None, (), "no line splits these classes", "Add a hidden layer.", 200,
           ("add layer 1 4 tanh",)),
)  # fmt: skip


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda each: f"{each.preset}-{each.kind}-{each.changes[0]}")
def test_a_badge_names_place_cause_and_remedy_and_the_remedy_takes_it_away(remedy: Remedy) -> None:
    run = start(find_preset(remedy.preset))
    badge = next(badge for badge in badges_at(run, remedy.at) if badge.kind == remedy.kind)
    assert (badge.layer, badge.units) == (remedy.layer, remedy.units)
    assert remedy.cause in badge.cause
    assert remedy.advice in badge.advice
    for change in remedy.changes:
        run = parse_edit(change, run, remedy.back_to).run
    for after in (0, 1, 10, 100, 300):
        at = remedy.back_to + after
        assert kinds(badges_at(run, at)) <= remedy.left, at


def test_every_kind_of_badge_has_a_remedy_that_was_tried() -> None:
    assert {remedy.kind for remedy in REMEDIES} == set(KINDS)
