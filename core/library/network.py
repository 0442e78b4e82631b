"""The network as one object: make or open it, train, predict, look at a pass, change, undo, save, export."""

from __future__ import annotations

import os
import time
import warnings
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_int
from nn_tui.core.library.arguments import whole_number
from nn_tui.core.library.calling import with_suggestions
from nn_tui.core.library.computing import computing
from nn_tui.core.library.network_reader import NetworkReader
from nn_tui.core.library.recorded_run import RecordedRun
from nn_tui.core.limits import MAX_UPDATES
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message, tr

_MAX_UNDO = 100


class Network(NetworkReader):
    """A network with its data and its training, after a number of updates.

    Args:
        sizes: The units of each layer, the inputs first, such as ``[2, 4, 1]``.
        x: The inputs: rows as lists, a NumPy array or a data frame. Columns of texts become categories, one input for
            each; missing values are filled in.
        y: The targets: a number, a label or a row of numbers for each row. Labels are classes if they are texts, or if
            the network has an output for each. Rows whose target is missing are left out.
        activation: The activation of the hidden layers; or a name for each of them; or one for each layer.
        output_activation: The activation of the last layer; by default one that suits the loss or the targets.
        loss: The loss; by default one that suits the last layer and the targets.
        optimizer: The name of the optimiser, or its keys as in a preset: ``{"name": "momentum", "momentum": 0.8}``.
        learning_rate: The learning rate η; by default that of PyTorch for the optimiser, and 0.1 for ``sgd``.
        batch_size: The rows in a batch; None or ``"full"`` for all rows.
        shuffle: Whether each epoch has another order of the rows.
        reduction: ``mean`` or ``sum`` of the loss over the batch.
        l1: The factor of the penalty Σ|w|.
        l2: The factor of the penalty ½·Σw².
        schedule: The schedule of the learning rate, with its keys as in a preset: ``{"name": "cosine", "T_max": 50}``.
        init: The initialisation of the weights.
        weights: The weights of each layer, (units, inputs), instead of drawn ones.
        biases: The biases of each layer, (units,).
        standardize: Whether inputs are scaled to mean 0 and deviation 1.
        standardize_target: Whether targets are; predictions are in the units of the data in both cases.
        test_fraction: The share of the rows that are for testing only.
        features: The names of features that replace the inputs.
        seed: The seed of weights, split and order of the rows. The same arguments give the same bits.
        title: A title.

    Raises:
        InputError: For a name, number or shape that is not valid. It is a ``ValueError``.

    Examples:
        >>> from nn_tui.core import Network
        >>> net = Network([2, 4, 1], [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], learning_rate=1.0, seed=3)
        >>> net.train(500).predict([[0, 1], [1, 1]]).tolist()
        [1, 0]
    """

    @with_suggestions
    def __init__(
        self,
        sizes: Sequence[int],
        x: object,
        y: object,
        *,
        activation: str | Sequence[str] = "tanh",
        output_activation: str | None = None,
        loss: str | None = None,
        optimizer: str | Mapping[str, object] = "sgd",
        learning_rate: float | None = None,
        batch_size: int | Literal["full"] | None = None,
        shuffle: bool = True,
        reduction: Literal["mean", "sum"] = "mean",
        l1: float = 0.0,
        l2: float = 0.0,
        schedule: str | Mapping[str, object] | None = None,
        init: str = "xavier_uniform",
        weights: Sequence[object] | None = None,
        biases: Sequence[object] | None = None,
        standardize: bool = False,
        standardize_target: bool = False,
        test_fraction: float = 0.0,
        features: Sequence[str] | None = None,
        seed: int = 0,
        title: str = "",
    ) -> None:
        from nn_tui.core.library.build import build_experiment  # not for a network that is opened

        training = {
            "loss": loss, "batch_size": batch_size, "shuffle": shuffle, "reduction": reduction, "l1": l1, "l2": l2,
            "schedule": schedule, "optimizer": optimizer, "learning_rate": learning_rate,
        }  # fmt: skip
        options = {
            "standardize": standardize, "standardize_target": standardize_target, "test_fraction": test_fraction,
            "features": features,
        }  # fmt: skip
        experiment = build_experiment(
            sizes, x, y, activation=activation, output_activation=output_activation, init=init, weights=weights,
            biases=biases, training=training, options=options, seed=seed, title=title,
        )  # fmt: skip
        self._begin(Run.start(experiment), 0)

    @classmethod
    def open(
        cls,
        source: str | os.PathLike[str] | object,
        seed: int | None = None,
        *,
        weights: str | os.PathLike[str] | Mapping[str, object] | None = None,
        **changes: object,
    ) -> Self:
        """Open a preset, a document, a file with a table or a data frame.

        Args:
            source: The id of a preset (``"xor"``); the path of a preset (``.toml``), of a document (``.nntui``) or of a
                file with a table; or a data frame or a mapping from names to columns. A table gets a first network, as
                in the app.
            seed: Replaces the seed of a preset or a table.
            weights: The weights to start from: a file (``.npz``, ``.safetensors``, ``.pt``), a module of PyTorch, or
                arrays by name, such as its ``state_dict()``.
            **changes: Keys of ``[data]`` for a table, such as ``target="mpg"`` or ``drop=["name"]``.

        Raises:
            InputError: If there is no such preset or file, and for anything wrong with it.

        Examples:
            >>> from nn_tui.core import Network
            >>> Network.open("xor")
            Network XOR, 2-4-1 (tanh, sigmoid); loss half_squared_error; sgd, learning rate 2
            4 training rows; not trained
        """
        from nn_tui.core.library.opening import open_run  # a network that is made from arrays

        return cls._of(*open_run(source, seed, weights, changes))

    @classmethod
    def _of(cls, run: Run, update: int) -> Self:
        network = cls.__new__(cls)
        network._begin(run, update)
        return network

    def _begin(self, run: Run, update: int) -> None:
        super().__init__(RecordedRun(run), update)
        self._undo: deque[tuple[RecordedRun, int]] = deque(maxlen=_MAX_UNDO)

    # Training and time

    @with_suggestions
    def train(self, updates: int | None = None, *, epochs: int | None = None) -> Self:
        """Train, and return the network itself.

        Training stops with a ``RuntimeWarning`` at the first number that is not finite. ctrl+c ends it after the pass
        that is being computed; the network then stands after that pass and can be used on.

        Args:
            updates: The number of updates.
            epochs: The number of epochs, instead of updates.

        Raises:
            InputError: For a number below 0, or far too large.
            TypeError: Unless there is one of the two numbers.
        """
        if (updates is None) == (epochs is None):
            raise TypeError("train() takes one number: train(100) for updates, or train(epochs=5)")
        batches = self._engine.batches_per_epoch
        if epochs is not None:
            updates = batches * check_int(
                whole_number(epochs, "epochs"), ("epochs",), min_=0, max_=MAX_UPDATES // batches
            )
        count = check_int(whole_number(updates, "updates"), ("updates",), min_=0, max_=MAX_UPDATES)
        self._remember()
        return self._advance(count)

    @with_suggestions
    def goto(self, update: int) -> Self:
        """Go to the state after an update, forward or back to the same bits; 0 is the start.

        Raises:
            InputError: For a number below 0, or far too large.
        """
        update = check_int(whole_number(update, "update"), ("update",), min_=0, max_=MAX_UPDATES)
        self._remember()
        reached = self.run.finished
        if update > reached:
            self._update = reached
            return self._advance(update - reached)
        with computing():
            self.run.goto(update)
            self._update = update
        return self

    def edit(self, text: str | None = None, *, sample: int = 1, **settings: object) -> Self:
        """Change the network, its training or its data at the present update, and return the network itself.

        Passes that come later in the run are left behind; :meth:`undo` brings them back. A value that is in force
        already changes nothing.

        Args:
            text: One or more changes as the app takes them: ``"eta = 0.5; freeze w1"``.
            sample: The training row of changes such as ``x2 = 0.5``, from 1.
            **settings: Changes by name: ``eta=0.5``, ``optimizer="adam"``, ``loss="huber"``, ``batch_size=8``,
                ``w1=array``.

        Raises:
            InputError: For a change that is not known, or does not fit.
            TypeError: If there is no change.

        Examples:
            >>> from nn_tui.core import Network
            >>> net = Network.open("xor").edit(optimizer="adam", learning_rate=0.05).edit("activation 1 = relu")
            >>> net.experiment.training.optimizer.name
            'adam'
        """
        from nn_tui.core.library.editing import edited  # the grammar takes a while to import

        if text is None and not settings:
            raise TypeError('edit() takes a change: edit("eta = 0.5") or edit(eta=0.5)')
        with computing():
            run = edited(self.run, self._update, text, settings, sample)
        if run is not self.run:
            self._remember()
            self._recorded = RecordedRun(run, self.losses)
        return self

    def undo(self) -> Self:
        """Undo the last call of :meth:`train`, :meth:`goto` or :meth:`edit`; the last 100 calls can be undone.

        Raises:
            InputError: If there is no such call.
        """
        if not self._undo:
            raise InputError("not_available", message("there is nothing to undo."))
        self._recorded, self._update = self._undo.pop()
        return self

    def copy(self) -> Self:
        """Return a network that goes its own way from here."""
        from nn_tui.core.library.copying import copy_run

        with computing():
            copy = self._of(copy_run(self.run), self._update)
        copy._recorded = RecordedRun(copy.run, self._recorded.losses(self.run.reached))
        return copy

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_document, (self._document(),)

    # Files

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Save the network with its data and its whole run in a document, which the app opens: ``nn-tui FILE.nntui``.

        Args:
            path: The file, which ends in ``.nntui``. A file of this name is replaced.

        Raises:
            InputError: For another ending, and for a network that is too large.
            OSError: If the file cannot be written.
        """
        from nn_tui.core.library.files import save_document

        return save_document(path, self._document())

    def export(
        self, path: str | os.PathLike[str], framework: Literal["pytorch", "numpy"] = "pytorch"
    ) -> tuple[Path, ...]:
        """Write the network for other programs, in the format of the file's ending: ``.py``, ``.npz``, ``.toml``, …

        Args:
            path: The file. Files of these names are replaced.
            framework: What an exported program computes with.

        Returns:
            The files that were written.

        Raises:
            InputError: For an unknown ending, and for a network that cannot be written so.
            OSError: If a file cannot be written.
        """
        from nn_tui.core.library.files import export_network

        return export_network(self.run, self._update, path, framework)

    def _remember(self) -> None:
        self._undo.append((self._recorded, self._update))

    def _advance(self, count: int) -> Self:
        """Make ``count`` updates."""
        start = self._update
        with computing() as should_stop:
            self._update = self._recorded.train(self._update, count, should_stop)
        if self.divergence:
            problem = tr("training diverged: {finding}", finding=self.divergence)
            if self._update == start and count:
                problem = tr(
                    "no update was made, because training has diverged: {finding} Go back with goto, and edit it.",
                    finding=self.divergence,
                )
            warnings.warn(problem, RuntimeWarning, stacklevel=4)
        return self

    def _document(self) -> bytes:
        from nn_tui.core.saved.run_document import run_document

        with computing():
            return run_document(self.run, self._update, int(time.time()))


def _from_document(content: bytes) -> Network:
    """Return a pickled network."""
    from nn_tui.core.saved.run_document import read_run

    return Network._of(*read_run(content))
