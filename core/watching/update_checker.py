"""Checks whether the weights of the next call are those that the optimiser gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nn_tui.core.marking.program import CLOSE
from nn_tui.core.nn.optimizer import Scalars
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.spec import Array, OptimizerSpec
from nn_tui.core.text import plain_number
from nn_tui.core.translation import all_of, message, message_plural
from nn_tui.core.watching.update import (
    Update,
    UpdateResult,
    decay_of,
    factor_of,
    is_same_step,
    multiple_step,
    parts_of,
    rounding_of,
    without_rounding,
)

_PARALLEL = 3  # updates after which an optimiser that was named is taken to be that of the program
_GUESSED = ("sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad", "nadam")


@dataclass(slots=True, eq=False)
class _Candidate:
    """An optimiser that may be that of the program, with its state so far."""

    spec: OptimizerSpec
    slots: list[Array]
    scalars: Scalars

    def step(self, update: Update, t: int) -> tuple[Array, list[Array], Scalars]:
        """Return the step for the rate of the spec, the slots and the scalars after the update."""
        optimizer = OPTIMIZERS[self.spec.name](dict(self.spec.options))
        scalars = optimizer.begin(self.spec.learning_rate, t, self.scalars)
        w, g = update.before, update.gradient
        step, other = np.empty_like(w), np.empty_like(w)
        slots = [np.empty_like(w) for _ in self.slots]
        optimizer.update_slots(g, self.slots, slots, other)
        optimizer.step(w, g, slots, step, other)
        return step, slots, scalars


@dataclass(slots=True, eq=False)
class UpdateChecker:
    """Follows the updates of a program.

    Attributes:
        spec: The optimiser that the person named; None to find it out.
        candidates: The optimisers whose steps the program has made so far, the most usual first.
        first: The parameters of the first call.
        count: The number of updates so far.
        rate: η of the last update that was right; None if there was none.
        decay_rate: η of the last update by sgd with weight decay.
        others: Optimisers that may be those of the program if it is not the one that the person named.
    """

    spec: OptimizerSpec | None
    candidates: list[_Candidate] = field(default_factory=list)
    first: Array | None = None
    count: int = 0
    rate: float | None = None
    decay_rate: float | None = None
    others: list[_Candidate] = field(default_factory=list)
    _exchanged: UpdateResult | None = None
    _said: str = ""
    _last: UpdateResult = UpdateResult()

    @property
    def found(self) -> OptimizerSpec | None:
        """The optimiser of the program; None as long as it is not known."""
        if self.rate is None and self.spec is None and self.decay_rate is not None:
            return OptimizerSpec("sgd", self.decay_rate)
        return self.spec if self.rate is None else replace(self.candidates[0].spec, learning_rate=self.rate)

    @property
    def is_other(self) -> bool:
        """Whether the program has made no step so far that one of our optimisers makes."""
        return self.rate is None and self.spec is None

    def skip(self, update: Update) -> None:
        """Take the gradient of an update whose weights before it are not known."""
        self._begin(update)
        self.count += 1
        with np.errstate(all="ignore"):
            for candidate in (*self.candidates, *self.others):
                _, candidate.slots, candidate.scalars = candidate.step(update, self.count)

    def check(self, update: Update, learning_rate: float | None) -> UpdateResult:
        """Check one update.

        Args:
            update: The update.
            learning_rate: η as the person gave it; None to find it out.
        """
        with np.errstate(all="ignore"):
            self._last = self._check(update, learning_rate)
        return self._last

    def _begin(self, update: Update) -> None:
        self.first = update.before
        guessed = [OptimizerSpec(name) for name in _GUESSED]
        self.candidates = _candidates(update, guessed if self.spec is None else [self.spec])
        if self.spec is not None:
            self.others = _candidates(update, [each for each in guessed if each.name != self.spec.name])

    def _check(self, update: Update, learning_rate: float | None) -> UpdateResult:
        if self.first is None:
            self._begin(update)
        self.count += 1
        actual, allowed = update.after - update.before, rounding_of(update)
        if not (np.isfinite(actual).all() and np.isfinite(update.gradient).all()):
            return self._last
        earlier = self.rate
        tried = [(each, *self._try(each, update, learning_rate, actual, allowed)) for each in self.candidates]
        if self.others:
            fits = [self._try(each, update, learning_rate, actual, allowed)[1] for each in self.others]
            self.others = [each for each, is_right in zip(self.others, fits, strict=True) if is_right]
        fitting = [candidate for candidate, _, is_right in tried if is_right]
        if not fitting:
            candidate, step, _ = tried[0]
            self.candidates = self.candidates[:1] if self.count == 1 else self.candidates
            if self.others and not np.array_equal(update.after, update.before):
                named, self.candidates, self.others = candidate.spec.name, self.others, []
                self._exchanged = UpdateResult(
                    message(
                        "the weights change by {found} with η = {rate}, and not by {named}.",
                        found=self.candidates[0].spec.name,
                        rate=plain_number(self.candidates[0].spec.learning_rate),
                        named=named,
                    ),
                    ("exchanged",),
                )
                return self._exchanged
            return self._difference(update, candidate.spec, step, actual, allowed)
        self.candidates = fitting
        if self.count >= _PARALLEL:
            self.others = []
        found = fitting[0].spec
        if learning_rate is None and earlier is None and found.learning_rate == 1.0 and not actual.any():
            return UpdateResult()
        self.rate = found.learning_rate
        if self._exchanged is not None:
            return self._exchanged
        if found.name != self._said and (learning_rate is None or self.spec is None):
            self._said = found.name
            text = message(
                "the weights change by {optimizer} with η = {rate}.",
                optimizer=found.name,
                rate=plain_number(self.rate),
            )
            return UpdateResult(text, ("found", found.name))
        if learning_rate is None and earlier is not None and self.rate and self.rate != earlier:
            text = message(
                "η is {rate} now; it was {earlier}.", rate=plain_number(self.rate), earlier=plain_number(earlier)
            )
            return UpdateResult(text, ("rate",))
        return UpdateResult()

    def _try(
        self, candidate: _Candidate, update: Update, learning_rate: float | None, actual: Array, allowed: Array
    ) -> tuple[Array, bool]:
        """Return the step of an optimiser, for η = 1 if η is not known, and whether the program made it."""
        candidate.spec = replace(candidate.spec, learning_rate=1.0 if learning_rate is None else learning_rate)
        step, candidate.slots, candidate.scalars = candidate.step(update, self.count)
        if learning_rate is not None:
            return step, is_same_step(actual, step, allowed)
        factor = factor_of(actual, step, allowed)
        if factor is not None and factor > 0.0:  # every step is a multiple of η, so any η is right
            is_earlier = self.rate is not None and is_same_step(actual, self.rate * step, allowed)
            factor = self.rate if is_earlier and self.rate is not None else without_rounding(factor, update.epsilon)
            candidate.spec = replace(candidate.spec, learning_rate=factor)
            return step, True
        if self.rate is not None:  # the step is compared with that of the update before
            candidate.spec = replace(candidate.spec, learning_rate=self.rate)
            step = self.rate * step
        return step, is_same_step(actual, step, allowed)

    def _difference(
        self, update: Update, spec: OptimizerSpec, step: Array, actual: Array, allowed: Array
    ) -> UpdateResult:
        if np.array_equal(update.after, update.before):
            text = message(
                "the next weights are the same: nothing changes them, or they are created again inside the loop."
            )
            return UpdateResult(text, ("same",))
        if self.first is not None and np.array_equal(update.after, self.first):
            text = message("the next weights are those of update 1 again: they are created again inside the loop.")
            return UpdateResult(text, ("again",))
        parts = parts_of(update, actual, step, allowed)
        still = [name for name, own, ours, room in parts if not own.any() and (np.abs(ours) > room).any()]
        if still:
            text = message_plural(
                "{names} was not changed by the update.",
                "{names} were not changed by the update.",
                len(still),
                names=all_of(still),
            )
            return UpdateResult(text, ("not changed", *still))
        factor = factor_of(actual, step, allowed)
        if factor is not None:
            return multiple_step(update, spec, factor)
        decay = decay_of(update, actual, allowed)
        if decay is not None:
            rate, l2 = decay
            self.decay_rate = rate
            text = message(
                "the weights change by sgd with η = {rate} and the weight decay {decay}: the step is −η·(gradient + "
                "{decay}·w).",
                rate=plain_number(rate),
                decay=plain_number(l2),
            )
            return UpdateResult(text, ("found", "decay", rate, l2))
        parts = [(name, own, ours * self._factor_of(parts), room) for name, own, ours, room in parts]
        wrong = [name for name, own, ours, room in parts if not is_same_step(own, ours, room)]
        if len(wrong) < len(parts):
            text = message_plural(
                "the update of {names} is not that of {optimizer}; the update of the others is.",
                "the updates of {names} are not those of {optimizer}; those of the others are.",
                len(wrong),
                names=all_of(wrong),
                optimizer=spec.name,
            )
            return UpdateResult(text, ("some", *wrong))
        text = message(
            "the next weights are not what {optimizer} gives with these gradients: the optimiser is another one, or "
            "the weights changed between the calls.",
            optimizer=spec.name,
        )
        return UpdateResult(text, ("other",))

    def _factor_of(self, parts: Sequence[tuple[str, Array, Array, Array]]) -> float:
        """Return the factor of most of the steps whose η is not known; 1 if there is none."""
        sums = [factor_of(own, ours, room) for _, own, ours, room in parts if own.size > 1]  # one number fits any
        factors = [factor for factor in sums if factor is not None]
        if not factors or any(abs(factor - 1.0) <= CLOSE for factor in factors):
            return 1.0

        def agreeing(factor: float) -> int:
            return sum(abs(other - factor) <= CLOSE * abs(factor) for other in factors)

        return max(factors, key=agreeing)


def _candidates(update: Update, specs: Sequence[OptimizerSpec]) -> list[_Candidate]:
    return [
        _Candidate(
            spec,
            [np.zeros_like(update.before) for _ in OPTIMIZERS[spec.name].slots],
            OPTIMIZERS[spec.name].initial_scalars,
        )
        for spec in specs
    ]
