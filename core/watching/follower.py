"""Follows a program from call to call: finds its network, runs each of its passes again, and writes the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.spec import Array, Dataset, OptimizerSpec
from nn_tui.core.translation import message
from nn_tui.core.watching.calls import WatchedCall, WatchedPass, gradients_of, mistake_of_update, names_without_gradient
from nn_tui.core.watching.findings import PassCheck, check_pass
from nn_tui.core.watching.given import GivenPass, Layers
from nn_tui.core.watching.infer import Inferred, infer, samples_of
from nn_tui.core.watching.log import WatchLog
from nn_tui.core.watching.multiples import sums_over_batch
from nn_tui.core.watching.pass_arrays import pass_arrays
from nn_tui.core.watching.reasons import not_finite
from nn_tui.core.watching.record import PassRecord
from nn_tui.core.watching.settings import WatchSettings
from nn_tui.core.watching.structure import ReferencePass, WatchedNetwork, engine_of, run_pass, state_of
from nn_tui.core.watching.unknown import flat_targets, has_flat_targets, other_network, unknown_network, without_hints
from nn_tui.core.watching.update import Update, UpdateResult, flat_parameters
from nn_tui.core.watching.update_checker import UpdateChecker

_ENOUGH = 9  # digits of float64 that are too many for other weights than those of the pass


class Follower:
    """Follows one program.

    Args:
        settings: What the person said.
        log: Gets a line for each thing that is found.

    Attributes:
        network: The network of the program; None as long as it is not known.
        record: The passes so far.
        checker: Follows the updates.
    """

    def __init__(self, settings: WatchSettings, log: WatchLog) -> None:
        self.settings = settings
        self.log = log
        self.network: Inferred | None = None
        self.record = PassRecord()
        self.checker = UpdateChecker(settings.optimizer)
        self._waiting: GivenPass | None = None  # a call that fits no network; that of the next may explain it
        self._last_call: WatchedCall | None = None
        self._last_pass: WatchedPass | None = None
        self._is_unknown = False  # whether no network was found in two calls; no later one is looked at
        self._is_late = False  # whether each call is made after the update of the weights

    @property
    def last_given(self) -> GivenPass | None:
        """What was given in the last call."""
        return self._waiting if self._last_call is None else self._last_call.given

    def take(self, given: GivenPass, update: int) -> None:
        """Check one call.

        Args:
            given: What was given.
            update: The number of the call, from 1.

        Raises:
            InputError: The call is wrong.
        """
        if self._is_unknown or (self.network is None and not self._find_network(given, update)):
            return
        self._follow(given, update)

    def forget(self) -> None:
        """Begin again with the next call, after an error."""
        self._last_call = self._last_pass = None

    def resolve(self) -> None:
        """Check a first call that waits for the next one, if the person named the network."""
        if self.network is None and self._waiting is not None:
            found = infer(self._waiting, self.settings.hints)
            if self._is_named(found):
                waiting, self._waiting = self._waiting, None
                self._open(found)
                self._follow(waiting, 1)

    # The network

    def _find_network(self, given: GivenPass, update: int) -> bool:
        """Find the network of the program; return False if the call must wait for the next one."""
        if not given.has_numbers:
            problem = message("give the gradients, the cache or the loss, so that there is something to compare.")
            raise InputError("missing", problem, path=("gradients",))
        found = infer(given, self.settings.hints)
        other = None if found.is_all else without_hints(given, self.settings.hints)
        if other is not None and not found.is_sure:
            found = other
        if found.is_sure:
            self._open(found)
            if other is not None:
                self.log.add_at(update, other_network(other))
            return True
        if has_flat_targets(given, self.settings.hints):
            self.log.add_at(update, flat_targets(given))
            self._is_unknown = True
            return False
        gradients = [*given.gradients, *(array for name, array in given.named.items() if name.startswith("d"))]
        if (broken := not_finite(gradients)) is not None:
            self.log.add_at(update, broken)
            self._is_unknown = True
            return False
        waiting, self._waiting = self._waiting, given
        if waiting is None:
            self.log.say_unknown_so_far()
            return False
        if [array.values.shape for array in given.arrays] != [array.values.shape for array in waiting.arrays]:
            raise _changed_error()
        late = infer(given, self.settings.hints, waiting)
        if late.is_sure:
            self._open(late)
            self._set_late(update)
            self._last_call = self._call(waiting)
            return True
        if self._is_named(found):
            self._open(found)
            self._follow(waiting, update - 1)
            return True
        if not self.log.lines:
            self.log.add_at(update, unknown_network(given))
            self._is_unknown = True
        return False

    def _is_named(self, found: Inferred) -> bool:
        hints = self.settings.hints
        return bool(hints.loss) and all(hints.by_layer(len(found.structure.activations)))

    def _open(self, found: Inferred) -> None:
        self.network = found
        structure = found.structure
        self.log.add(
            message(
                "watching {sizes} ({activations}); the loss is {loss} ({reduction}).",
                sizes="-".join(map(str, structure.layout.sizes)),
                activations=", ".join(structure.activations),
                loss=structure.loss,
                reduction=structure.reduction,
            )
        )

    def _set_late(self, update: int) -> None:
        self._is_late = True
        self.checker = UpdateChecker(self.settings.optimizer)
        self.record = PassRecord()
        self.log.forget_update()
        text = message(
            "you call step after the update of the weights; call it before. These are the gradients of the weights in "
            "the call before."
        )
        self.log.add_at(update, text)

    @property
    def _structure(self) -> WatchedNetwork:
        assert self.network is not None
        return self.network.structure

    # One call

    def _call(self, given: GivenPass) -> WatchedCall:
        structure = self._structure
        if structure.layout.reading >= len(given.readings):
            raise _changed_error()
        layers = given.readings[structure.layout.reading]
        rate = self.settings.rate() if given.learning_rate is None else given.learning_rate
        return WatchedCall(given, layers, self._parameters(layers), pass_arrays(given, structure), rate)

    def _follow(self, given: GivenPass, update: int) -> None:
        call, last = self._call(given), self._last_call
        data = self._samples(given)
        if last is not None and self._last_pass is not None and not self._is_late:
            self._check_update(last, self._last_pass, call, update - 1)
        before = last if self._is_late and last is not None else call
        engine = self._engine(data, call.learning_rate)
        trace, check = self._check(engine, before, call, update)
        if update == 2 and not self._is_late and last is not None and self._fits(engine, last, call, check):
            self._set_late(update)
            engine.release(trace)
            before = last
            trace, check = self._check(engine, before, call, update)
        self.log.add_pass(update, check)
        structure = self._structure
        gradients = gradients_of(call, structure, trace)
        old = self._last_pass
        self._last_call = call
        self._last_pass = WatchedPass(engine, trace, check, gradients, self._gradient(gradients, trace))
        if not self.record.is_full and not self.record.add(before.parameters, before.epsilon, data, call.learning_rate):
            self.log.add_at(update, message("the record is full; it ends before this update."))
        if self._is_late:
            self._check_update(replace(before, learning_rate=call.learning_rate), self._last_pass, call, update)
        if old is not None:
            old.engine.release(old.trace)

    def _check(self, engine: Engine, before: WatchedCall, call: WatchedCall, update: int) -> tuple[Trace, PassCheck]:
        """Run the pass of a call from the weights of a call, and compare."""
        structure, last = self._structure, self._last_pass
        trace = run_pass(engine, state_of(engine, structure.layout, before.layers), update)
        with np.errstate(all="ignore"):
            check = check_pass(
                ReferencePass(engine, trace, structure, before.layers),
                call.arrays,
                {} if last is None else last.gradients,
                None if last is None else last.trace,
                None if last is None or update < 3 else last.check,
            )
        return trace, check

    def _fits(self, engine: Engine, last: WatchedCall, call: WatchedCall, check: PassCheck) -> bool:
        """Return whether the numbers of the second call are those of the weights of the first."""
        is_exact = all(each.given.epsilon < 1e-12 for each in call.arrays)
        if check.text is None and (check.digits >= _ENOUGH or not is_exact):
            return False
        trace, late = self._check(engine, last, call, 2)
        engine.release(trace)
        return late.text is None and late.digits > check.digits

    def _parameters(self, layers: Layers) -> Array:
        """Return the weights and biases as one vector.

        Raises:
            InputError: Their shapes are others than those of the first call.
        """
        layout = self._structure.layout
        try:
            return flat_parameters(
                layout.sizes,
                [layout.weights(layer, w.values) for layer, (w, _) in enumerate(layers)],
                [None if b is None else b.values.reshape(-1) for _, b in layers],
            )
        except ValueError:
            raise _changed_error() from None

    def _samples(self, given: GivenPass) -> Dataset:
        """Return the samples of a pass; those of the last engine, if they are the same."""
        assert self.network is not None and given.x is not None and given.y is not None
        last, layout = self._last_call, self._structure.layout
        known = self.network.data if self._last_pass is None else self._last_pass.engine.experiment.data
        if last is not None and given.x is last.given.x and given.y is last.given.y:
            return known
        try:
            data = samples_of(layout, given.x, given.y)
        except (ValueError, IndexError):
            raise _changed_error() from None
        if data.x.shape[1] != layout.sizes[0]:
            raise _changed_error()
        is_known = np.array_equal(data.x, known.x) and np.array_equal(data.y, known.y)
        return known if is_known else data

    def _engine(self, data: Dataset, rate: float | None) -> Engine:
        """Return an engine for the samples; the last one, if it is for them."""
        found = self.checker.found or self.settings.optimizer or OptimizerSpec("sgd", 1.0)
        spec = found if rate is None else replace(found, learning_rate=rate)
        engine = None if self._last_pass is None else self._last_pass.engine
        if engine is not None and engine.experiment.data is data and engine.experiment.training.optimizer == spec:
            return engine
        return engine_of(self._structure, data, spec, engine)

    def _gradient(self, gradients: Mapping[str, Array], trace: Trace) -> Array:
        """Return the gradient of the program as one vector, ours where it gave none; 0 of frozen parameters."""
        structure, trained = self._structure, self._structure.is_trained
        layers = range(len(trained))
        return flat_parameters(
            structure.layout.sizes,
            [gradients.get(f"dw{n + 1}", trace.dw[n] * trained[n][0]) for n in layers],
            [
                gradients.get(f"db{n + 1}", trace.db[n] * trained[n][1]) if structure.has_bias[n] else None
                for n in layers
            ],
        )

    def _check_update(self, before: WatchedCall, checked: WatchedPass, after: WatchedCall, update: int) -> None:
        """Check whether the gradients of a pass lead from the weights before it to those after it."""
        names = tuple((w.name, "" if b is None else b.name) for w, b in before.layers)
        found = Update(
            names=names,
            sizes=self._structure.layout.sizes,
            before=before.parameters,
            gradient=checked.gradient,
            after=after.parameters,
            epsilon=before.epsilon,
            samples=checked.trace.n,
            gradient_factor=checked.check.factor,
            is_sum=self._structure.reduction == "sum",
        )
        if self._is_late and self.checker.count == 0:  # the first call has the gradient of an update before it
            gradients = gradients_of(before, self._structure, checked.trace)
            self.checker.skip(replace(found, gradient=self._gradient(gradients, checked.trace)))
        result = self.checker.check(found, before.learning_rate)
        if result.kind[:1] == ("some",) and set(result.kind[1:]) <= names_without_gradient(checked, names):
            result = UpdateResult()  # it follows from the shape of the gradients
        is_named = result.text is not None and update == 1 and self.settings.optimizer is not None
        mistake = mistake_of_update(checked, after, self._structure.layout) if is_named else None
        if mistake is not None:
            text = message("{difference} {mistake}", difference=result.text, mistake=MISTAKES[mistake].text)
            result = replace(result, text=text)
        self.log.add_update(update, result)
        self._say_that_gradients_are_sums(update, result)

    def _say_that_gradients_are_sums(self, update: int, result: UpdateResult) -> None:
        """Say in the first update that the mean may be left out, if nothing tells whether it is meant."""
        assert self.network is not None
        samples = len(self.network.data.x)
        is_guess = self.settings.hints.reduction is None and not self.network.has_loss
        is_right = result.text is None or result.kind[0] == "found"
        if (
            self.checker.count == 1 + self._is_late
            and self._structure.reduction == "sum"
            and samples > 1
            and is_guess
            and is_right
        ):
            self.log.add_at(update, sums_over_batch(samples))


def _changed_error() -> InputError:
    problem = message("the shapes differ from those of the first call; call watch once for each network.")
    return InputError("wrong_shape", problem, path=("weights",))
