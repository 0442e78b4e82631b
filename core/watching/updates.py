"""Checks whether the weights of the next call are those that the optimiser gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nn_tui.core.marking.program import CLOSE
from nn_tui.core.nn.arrays import parameter_count, split_parameters
from nn_tui.core.nn.optimizer import Scalars
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.slips import Kind
from nn_tui.core.spec import Array, OptimizerSpec
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, message_plural

_ROUNDINGS = 16.0
_GUESSED = ("sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad", "nadam")


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """What is known of an update of a person's program.

    Attributes:
        names: The names of the weights and of the bias of each layer; "" for one that it does not have.
        sizes: The units of each layer, the inputs first.
        before: All parameters before it, (parameters,).
        gradient: The gradient of the program, (parameters,).
        after: All parameters after it.
        epsilon: The relative precision of the parameters.
        samples: The number of samples in the batch.
        gradient_factor: The factor by which the gradient is a multiple of ours; None if it is none.
    """

    names: tuple[tuple[str, str], ...]
    sizes: tuple[int, ...]
    before: Array
    gradient: Array
    after: Array
    epsilon: float
    samples: int
    gradient_factor: float | None


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What was found: a sentence, None if the update is right; and a value that is another one for another finding."""

    text: Message | None = None
    kind: tuple[object, ...] = ()


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
        alive: The optimisers whose steps the program has made so far, the most usual first.
        first: The parameters of the first call.
        count: The number of updates so far.
        rate: η of the last update that was right; None if there was none.
    """

    spec: OptimizerSpec | None
    alive: list[_Candidate] = field(default_factory=list)
    first: Array | None = None
    count: int = 0
    rate: float | None = None

    @property
    def found(self) -> OptimizerSpec | None:
        """The optimiser of the program; None as long as it is not known."""
        return self.spec if self.rate is None else replace(self.alive[0].spec, learning_rate=self.rate)

    def check(self, update: Update, learning_rate: float | None) -> UpdateResult:
        """Check one update.

        Args:
            update: The update.
            learning_rate: η as the person gave it; None to find it out.
        """
        with np.errstate(all="ignore"):
            return self._check(update, learning_rate)

    def _check(self, update: Update, learning_rate: float | None) -> UpdateResult:
        if self.first is None:
            self.first = update.before
            self.alive = self._candidates(update)
        self.count += 1
        actual, allowed = update.after - update.before, _rounding(update)
        if not (np.isfinite(actual).all() and np.isfinite(update.gradient).all()):
            return UpdateResult()
        fitting: list[_Candidate] = []
        steps: list[Array] = []
        earlier = self.rate
        for candidate in self.alive:
            candidate.spec = replace(candidate.spec, learning_rate=1.0 if learning_rate is None else learning_rate)
            step, candidate.slots, candidate.scalars = candidate.step(update, self.count)
            steps.append(step)
            factor = None if learning_rate is not None else _factor(actual, step, allowed)
            if factor is not None and factor > 0.0:  # every step is a multiple of η, so any η is right
                if earlier is not None and _is_same(actual, earlier * step, allowed):
                    factor = earlier
                factor = _without_rounding(factor, update.epsilon)
                candidate.spec = replace(candidate.spec, learning_rate=factor)
                fitting.append(candidate)
            elif _is_same(actual, step, allowed):  # without a factor, nothing changed
                if learning_rate is None and earlier is not None:
                    candidate.spec = replace(candidate.spec, learning_rate=earlier)
                fitting.append(candidate)
        if fitting:
            self.alive = fitting
            if learning_rate is None and earlier is None and fitting[0].spec.learning_rate == 1.0 and not actual.any():
                return UpdateResult()
            self.rate = fitting[0].spec.learning_rate
            if earlier is None and (learning_rate is None or self.spec is None):
                text = message(
                    "the weights change by {optimizer} with η = {rate}.",
                    optimizer=fitting[0].spec.name,
                    rate=plain_number(self.rate),
                )
                return UpdateResult(text, ("found",))
            if learning_rate is None and earlier is not None and self.rate and self.rate != earlier:
                text = message(
                    "η is {rate} now; it was {earlier}.", rate=plain_number(self.rate), earlier=plain_number(earlier)
                )
                return UpdateResult(text, ("rate",))
            return UpdateResult()
        candidate, step = self.alive[0], steps[0]
        if self.count == 1:
            self.alive = self.alive[:1]
        return self._difference(update, candidate.spec, step, actual, allowed)

    def _candidates(self, update: Update) -> list[_Candidate]:
        specs = [self.spec] if self.spec is not None else [OptimizerSpec(name, 1.0) for name in _GUESSED]
        return [
            _Candidate(
                spec,
                [np.zeros_like(update.before) for _ in OPTIMIZERS[spec.name].slots],
                OPTIMIZERS[spec.name].initial_scalars,
            )
            for spec in specs
        ]

    def _difference(
        self, update: Update, spec: OptimizerSpec, step: Array, actual: Array, allowed: Array
    ) -> UpdateResult:
        if np.array_equal(update.after, update.before):
            text = message(
                "the next weights are the same: nothing changes them, or they are made anew inside the loop."
            )
            return UpdateResult(text, ("same",))
        if self.first is not None and np.array_equal(update.after, self.first):
            text = message("the next weights are those of update 1 again: they are made anew inside the loop.")
            return UpdateResult(text, ("again",))
        parts = _parts(update, actual, step, allowed)
        still = [name for name, own, ours, room in parts if not own.any() and (np.abs(ours) > room).any()]
        if still:
            text = message_plural(
                "{names} was not changed by the update.",
                "{names} were not changed by the update.",
                len(still),
                names=all_of(still),
            )
            return UpdateResult(text, ("not changed", *still))
        factor = _factor(actual, step, allowed)
        if factor is not None:
            return _multiple(update, spec, factor)
        parts = [(name, own, ours * self._factor_of(parts), room) for name, own, ours, room in parts]
        wrong = [name for name, own, ours, room in parts if not _is_same(own, ours, room)]
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
        sums = [_factor(own, ours, room) for _, own, ours, room in parts if own.size > 1]  # one number fits any
        factors = [factor for factor in sums if factor is not None]
        if not factors or any(abs(factor - 1.0) <= CLOSE for factor in factors):
            return 1.0

        def agreeing(factor: float) -> int:
            return sum(abs(other - factor) <= CLOSE * abs(factor) for other in factors)

        return max(factors, key=agreeing)


def _multiple(update: Update, spec: OptimizerSpec, factor: float) -> UpdateResult:
    """Return what is said of a step that is a multiple of that of the optimiser."""
    rate, gradient = spec.learning_rate, update.gradient_factor
    kind = ("factor", factor > 0.0)

    def is_near(value: float) -> bool:
        return abs(factor - value) <= 1e-3 * abs(value)

    if gradient is not None and abs(gradient - 1.0) > 1e-3 and is_near(1.0 / gradient):
        text = message(
            "the update multiplies the gradients by {factor}, so that the weights change as ours do.",
            factor=plain_number(factor),
        )
        return UpdateResult(text, kind)
    if factor < 0.0 and (rate == 1.0 or is_near(-1.0)):  # 1 if η is not known
        return UpdateResult(_with_mistake(factor, spec, "added_instead_of_subtracted"), kind)
    if is_near(1.0 / rate) and rate != 1.0:
        return UpdateResult(_with_mistake(factor, spec, "learning_rate_left_out"), kind)
    if update.samples > 1 and is_near(1.0 / update.samples):
        text = message(
            "the step is {factor} times that of {optimizer} with η = {rate}; N = {samples}: the update divides by N.",
            factor=plain_number(factor),
            optimizer=spec.name,
            rate=plain_number(rate),
            samples=update.samples,
        )
        return UpdateResult(text, kind)
    text = message(
        "the step is {factor} times that of {optimizer} with η = {rate}.",
        factor=plain_number(factor),
        optimizer=spec.name,
        rate=plain_number(rate),
    )
    return UpdateResult(text, kind)


def _with_mistake(factor: float, spec: OptimizerSpec, mistake: Kind) -> Message:
    return message(
        "the step is {factor} times that of {optimizer} with η = {rate}. {mistake}",
        factor=plain_number(factor),
        optimizer=spec.name,
        rate=plain_number(spec.learning_rate),
        mistake=MISTAKES[mistake].text,
    )


def _rounding(update: Update) -> Array:
    """Return by how much the change of each parameter may be off because the parameter was rounded."""
    return _ROUNDINGS * update.epsilon * np.maximum(np.abs(update.before), np.abs(update.after))


def _is_same(actual: Array, step: Array, allowed: Array) -> bool:
    largest = float(np.abs(step).max(initial=0.0))
    return bool((np.abs(actual - step) <= CLOSE * largest + allowed).all())


def _factor(actual: Array, step: Array, allowed: Array) -> float | None:
    """Return the factor by which all steps give the changes; None if there is none."""
    square = float((step * step).sum())
    if not 0.0 < square < np.inf:
        return None
    factor = float((actual * step).sum()) / square
    return factor if factor and _is_same(actual, factor * step, allowed) else None


def _without_rounding(rate: float, epsilon: float) -> float:
    """Return the number with few digits that a person wrote for a rate, if there is one."""
    rounded = (float(f"{rate:.{digits}g}") for digits in range(1, 7))
    return next((each for each in rounded if abs(each - rate) <= 1e4 * epsilon * rate), rate)


def _parts(update: Update, actual: Array, step: Array, allowed: Array) -> list[tuple[str, Array, Array, Array]]:
    """Return for each weight matrix and each bias its name, its change, our step and the rounding."""
    views: Sequence[list[Array]] = [split_parameters(array, update.sizes) for array in (actual, step, allowed)]
    found = []
    for layer, (weights, bias) in enumerate(update.names):
        own, ours, room = (view[layer] for view in views)
        found.append((weights, own[:, :-1], ours[:, :-1], room[:, :-1]))
        if bias:
            found.append((bias, own[:, -1], ours[:, -1], room[:, -1]))
    return found


def flat_parameters(sizes: tuple[int, ...], weights: Sequence[Array], biases: Sequence[Array | None]) -> Array:
    """Return arrays (units, inputs) and (units,) of all layers as one vector (parameters,)."""
    flat = np.zeros(parameter_count(sizes))
    for view, w, b in zip(split_parameters(flat, sizes), weights, biases, strict=True):
        view[:, :-1] = w
        view[:, -1] = 0.0 if b is None else b
    return flat
