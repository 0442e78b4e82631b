"""Watches a training loop: one call in each step, and a log of where its numbers are not those of a right pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nn_tui.core.errors import InputError
from nn_tui.core.library.calling import with_suggestions
from nn_tui.core.preset.writer import preset_text
from nn_tui.core.run.run import Run
from nn_tui.core.saved.atomic_write import write_named_file
from nn_tui.core.saved.run_document import run_document
from nn_tui.core.spec import OptimizerSpec
from nn_tui.core.table.file_names import is_document_name
from nn_tui.core.text import ascii_text, plain_number, printable, quote, truncate
from nn_tui.core.translation import message, tr
from nn_tui.core.watching.follower import Follower
from nn_tui.core.watching.given import read_pass
from nn_tui.core.watching.log import UNKNOWN_SO_FAR, WatchLog
from nn_tui.core.watching.record import recorded_run
from nn_tui.core.watching.settings import WatchSettings, read_settings

MAX_NOTES = 6
"""Lines of the log that the app shows above the first step, besides the last line."""


class Watch:
    """The watch over one training loop; :func:`watch` makes one.

    Attributes:
        updates: The number of calls of :meth:`step` so far.
    """

    def __init__(self, settings: WatchSettings, say: Callable[[str], None] | None) -> None:
        self.updates = 0
        self._log = WatchLog(say)
        self._follower = Follower(settings, self._log)
        self._has_failed = False

    @with_suggestions
    def step(
        self,
        weights: object,
        gradients: object = None,
        inputs: object = None,
        targets: object = None,
        cache: object = None,
        *,
        biases: object = None,
        loss: object = None,
        learning_rate: object = None,
    ) -> None:
        """Check one step of a training loop. Call it after the backward pass and before the weights change.

        Args:
            weights: The weights and biases: a dictionary such as ``{"W1": W1, "b1": b1}``, a list of arrays or of
                (W, b) pairs, or a module of PyTorch. A dictionary may also have all the other arrays, by such names as
                ``dW1``, ``Z1``, ``A1``, ``X``, ``Y`` and ``cost``.
            gradients: The gradients in the same form; those of a module are known.
            inputs: The inputs of the batch, with the samples in rows or in columns; without it, those of the last call.
            targets: The targets of the batch, or the number of the class of each sample.
            cache: The values of the forward pass: a dictionary such as ``{"Z1": Z1, "A1": A1}``.
            biases: The biases, if ``weights`` is a list without them.
            loss: The value of the loss.
            learning_rate: The learning rate of this step, if it changes.

        Raises:
            InputError: The call itself is wrong, such as shapes that fit no network. Nothing else is raised.
        """
        try:
            given = read_pass(
                weights, gradients, inputs, targets, cache, biases=biases, loss=loss, learning_rate=learning_rate
            )
        except InputError:
            raise
        except Exception as error:  # of an object that is no array, or of one that fails to become one
            reason = truncate(printable(f"{type(error).__name__}: {error}"))
            problem = message("what was given cannot be read as arrays ({reason}).", reason=reason)
            raise InputError("wrong_type", problem) from error
        earlier = self._follower.last_given
        if earlier is not None:
            given = replace(given, x=given.x or earlier.x, y=given.y or earlier.y)
        try:
            self._follower.take(given, self.updates + 1)
        except InputError:
            raise
        except Exception as error:  # a mistake of ours must not end the training of somebody else
            self._follower.forget()
            if not self._has_failed:
                self._has_failed = True
                reason = truncate(printable(f"{type(error).__name__}: {error}"))
                text = message("nn-tui could not check this update ({reason}).", reason=reason)
                self._log.add_at(self.updates + 1, text)
        self.updates += 1

    def report(self) -> str:
        """Return the log: a line for the first update, for each change and for the last update."""
        self._follower.resolve()
        if not self._log.lines:
            if self.updates:
                return str(UNKNOWN_SO_FAR)
            return tr("No update yet: call step in each step of the training.")
        return self._log.report

    def run(self) -> Run:
        """Return the passes so far as a run at update 0, such as the app shows; its pass N is that of call N.

        Raises:
            InputError: There is no pass yet whose network is known.
        """
        lines, follower = self.report().splitlines(), self._follower
        if follower.network is None or not follower.record.passes:
            problem = message("there is no pass to save yet; call step in each step of the training.")
            raise InputError("missing", problem)
        structure, optimizer = follower.network.structure, follower.checker.found
        if optimizer is None or follower.checker.is_other:
            spec = optimizer or OptimizerSpec()
            text = tr(
                "The optimiser of your program is not known: the weights after each pass are here those of {optimizer} "
                "with η = {rate}. The next pass begins with the weights of your program.",
                optimizer=spec.name,
                rate=plain_number(follower.record.passes[0].learning_rate or spec.learning_rate),
            )
            lines = [text, *lines]
        notes = "\n".join([*lines[:MAX_NOTES], *lines[MAX_NOTES:][-1:]])
        return recorded_run(follower.record, structure, optimizer, notes, tr("weights of your program"))

    def save(self, path: str | Path) -> None:
        """Write the passes so far as a document that the app opens, or their start as a preset.

        Args:
            path: The file; its name ends in .nntui for a document or in .toml for a preset.

        Raises:
            InputError: There is no pass yet, or the ending is another one.
            OSError: The file cannot be written.
        """
        file, run = Path(path), self.run()
        if file.suffix.lower() == ".toml":
            content = preset_text(run.experiment.preset).encode()
        elif is_document_name(file):
            content = run_document(run, 0, int(time.time()))
        else:
            problem = message(
                "{name} must end in .nntui, for all passes, or in .toml, for the start.", name=quote(file.name)
            )
            raise InputError("not_a_choice", problem, path=("path",))
        write_named_file(file, content)

    def __str__(self) -> str:
        return self.report()

    def __repr__(self) -> str:
        return f"<Watch: {self.updates} updates>"


def _print(line: str) -> None:
    """Print a line; one that the terminal cannot show is written in ASCII."""
    with suppress(OSError, ValueError):  # nobody reads the output any more
        try:
            print(line, flush=True)
        except UnicodeEncodeError:
            print(ascii_text(line), flush=True)


@with_suggestions
def watch(
    activations: object = None,
    loss: object = None,
    *,
    optimizer: object = None,
    learning_rate: float | None = None,
    reduction: str | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    quiet: bool = False,
) -> Watch:
    """Return a watch over a training loop. What is left out is found out from the numbers.

    Args:
        activations: The names of the activations: one for each layer, or one for all hidden layers.
        loss: The name of the loss, or a loss of PyTorch.
        optimizer: The name of the optimiser, its name and options as in a preset, or an optimiser of PyTorch.
        learning_rate: The learning rate η.
        reduction: ``"mean"`` or ``"sum"`` over the batch.
        l1: The factor of the penalty Σ|w| in the loss.
        l2: The factor of the penalty ½·Σw² in the loss.
        quiet: Whether to print nothing; ``print(watcher)`` prints the log at the end.

    Raises:
        InputError: A name is unknown.

    Examples:
        >>> watcher = watch(["tanh", "sigmoid"], "binary_cross_entropy", learning_rate=0.5, quiet=True)
        >>> print(watcher)
        No update yet: call step in each step of the training.
    """
    settings = read_settings(activations, loss, optimizer, learning_rate, reduction, l1, l2)
    return Watch(settings, None if quiet else _print)
