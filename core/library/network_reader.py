"""What can be read from a network without changing it: its parts, predictions, quality, passes and explanations."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_choice, check_int
from nn_tui.core.library.arguments import whole_number
from nn_tui.core.library.calling import refuse_attribute
from nn_tui.core.library.computing import computing
from nn_tui.core.library.network_text import network_html, network_text
from nn_tui.core.library.one_pass import ExplainedNumber, Pass, read_only
from nn_tui.core.library.recorded_run import RecordedRun
from nn_tui.core.limits import MAX_PASS
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.metrics import Metrics, evaluate
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Dataset, Experiment
from nn_tui.core.translation import message, tr

if TYPE_CHECKING:  # predictions and figures take a while to import
    from nn_tui.core.library.drawing import SvgText
    from nn_tui.core.run.predict import RowPredictions

# Names of other libraries, and what to write here.
_OTHER_NAMES = {
    "fit": "train(epochs=100)",
    "coefs_": "weights",
    "intercepts_": "biases",
    "loss": "evaluate().loss",
    "loss_": "losses[-1]",
    "loss_curve_": "losses",
    "classes_": "classes",
    "state_dict": 'export("mine.safetensors")',
    "parameters": "weights",
    "forward": "outputs(rows)",
    "backward": "trace().dw",
    "value": 'trace().value("dw1[1,1]")',
    "activation": "experiment.layers[0].activation",
    "output_activation": "experiment.layers[-1].activation",
    "optimizer": "experiment.training.optimizer",
    "learning_rate": "experiment.training.optimizer.learning_rate",
    "load": 'Network.open("mine.nntui")',
}


class NetworkReader:
    """A network after some updates, as far as it can be read.

    Args:
        recorded: The run of the network.
        update: The update after which the network is.
    """

    def __init__(self, recorded: RecordedRun, update: int) -> None:
        self._recorded = recorded
        self._update = update

    @property
    def run(self) -> Run:
        """The run, for the functions of the other modules; it must not be moved or trained."""
        return self._recorded.run

    @property
    def experiment(self) -> Experiment:
        """The data, the layers and the training in force."""
        return self.run.segment(self._update).experiment

    @property
    def data(self) -> Dataset:
        """The data: ``x`` and ``y`` as the network gets them, names, classes; its arrays are read-only."""
        return self.experiment.data

    @property
    def sizes(self) -> tuple[int, ...]:
        """The units of each layer, the inputs first."""
        return self.experiment.sizes

    @property
    def updates(self) -> int:
        """The number of updates that have led to the present weights."""
        return self._update

    @property
    def epochs(self) -> int:
        """The number of whole epochs among the updates."""
        return self._update // self._engine.batches_per_epoch

    @property
    def weights(self) -> tuple[Array, ...]:
        """The weights of each layer, (units, inputs): read-only copies; :meth:`edit` changes weights."""
        return tuple(map(read_only, self.run.state_after(self._update).weights))

    @property
    def biases(self) -> tuple[Array, ...]:
        """The biases of each layer, (units,): read-only copies."""
        return tuple(map(read_only, self.run.state_after(self._update).biases))

    @property
    def classes(self) -> tuple[int | str, ...]:
        """The names of the classes, as whole numbers if all are; empty if there are none."""
        from nn_tui.core.library.predicting import class_names

        return class_names(self.data)

    @property
    def losses(self) -> Array:
        """The loss of the batch in each pass so far, (updates,).

        NaN for old passes of a long run that was opened from a document, which keeps them in groups.
        """
        return self._recorded.losses(self._update)

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Loss, accuracy, R² and norms on all training and test rows, now and then: the curves of the app.

        Of more than 4,096 rows they are those of a sample.
        """
        return tuple(self.run.evaluations.truncated(self._update))

    @property
    def divergence(self) -> str:
        """The first number that was not finite, as a sentence; "" while all are finite."""
        found = self.run.divergence
        return str(found.sentence) if found is not None and found.update <= self._update else ""

    # Numbers

    def predict(self, rows: object) -> NDArray[np.float64] | NDArray[np.int64] | NDArray[np.str_]:
        """Predict rows of raw inputs: before features, standardisation and one-hot columns.

        Args:
            rows: Lists, a NumPy array or a data frame, whose columns are found by their names.

        Returns:
            The predictions in the form of the targets: names of classes (rows,), as whole numbers if all names are;
            numbers in the units of the data, (rows,) or (rows, outputs); one-hot rows if the targets were such rows.

        Raises:
            InputError: For rows that do not fit the inputs.
        """
        from nn_tui.core.library.predicting import predictions

        return predictions(self.data, self._predict(rows))

    def predict_proba(self, rows: object) -> Array:
        """Return the probabilities (rows, classes) of rows of raw inputs, in the order of :attr:`classes`.

        Raises:
            InputError: For rows that do not fit, and if the network does not compute probabilities.
        """
        from nn_tui.core.library.predicting import probabilities

        return probabilities(self._predict(rows))

    def outputs(self, rows: object) -> Array:
        """Return the outputs (rows, outputs) for rows of raw inputs, in the units of the data.

        Raises:
            InputError: For rows that do not fit the inputs.
        """
        return self._predict(rows).outputs.copy()

    def score(self, x: object, y: object) -> float:
        """Return how good the predictions for other rows are: the share of right classes, or R² for numbers.

        Args:
            x: Rows of raw inputs.
            y: Their targets, in the form of those that the network was made with.

        Raises:
            InputError: For rows or targets that do not fit, for a class that is unknown, and where R² is not defined.
        """
        from nn_tui.core.library.predicting import predictions, score

        predicted = predictions(self.data, self._predict(x, "x"))
        return score(predicted, y, self.classes, are_classes=bool(self.data.classes))

    def evaluate(self, part: Literal["train", "test"] = "train") -> Metrics:
        """Return loss, accuracy, R² and RMSE on the training rows or the test rows.

        Raises:
            InputError: If there are no test rows, and for another name.
        """
        check_choice(part, ("part",), ("train", "test"), message("a part of the data"))
        data = self.data
        x, y = (data.x, data.y) if part == "train" else (data.x_test, data.y_test)
        with computing():
            found = evaluate(self._engine, self.run.state_after(self._update), x, y)
        if found is None:
            problem = message("there are no rows for testing; make the network with test_fraction=0.3, for example.")
            raise InputError("not_available", problem, path=("part",), value=part)
        return found

    def trace(self, number: int | None = None) -> Pass:
        """Run one pass and return all its numbers; the network stays where it is.

        Args:
            number: The number of the pass: pass 1 starts from the initial weights. By default the next one, which
                starts from the present weights.

        Raises:
            InputError: If training diverges before that pass, and for a number below 1.
        """
        number = self._update + 1 if number is None else whole_number(number, "number")
        check_int(number, ("number",), min_=1, max_=MAX_PASS)
        with computing() as should_stop:
            run, done = self.run, self.run.finished
            if number > done + 1 and self._recorded.train(done, number - 1 - done, should_stop) < number - 1:
                problem = message("training diverges before pass {number:,}.", number=number)
                raise InputError("diverged", problem, path=("number",), value=number)
            engine = run.segment(number - 1).engine
            engine.use_threads()
            with np.errstate(all="ignore"):
                return Pass(engine, engine.run(run.state_after(number - 1), number))

    def explain(self, name: str) -> ExplainedNumber:
        """Explain how a number of the next pass is computed; :meth:`trace` gives other passes.

        Args:
            name: Its name as the app writes it, such as ``dw1[2,1]``; see :meth:`Pass.value`.

        Raises:
            InputError: If the network has no such number.

        Examples:
            >>> from nn_tui.core import Network
            >>> print(Network.open("neuron").explain("z1"))
            z₁[1] = Σⱼ w₁[1,j]·x[j] + b₁[1]   (1 input)
              z₁[1] = 0.5 × 2 + (−1.5) = −0.5
        """
        return self.trace().explain(name)

    def figure(self, view: str = "network", palette: str = "light", *, at: str | int | None = None) -> SvgText:
        """Draw the network as it is now, or at another moment; a notebook shows the picture.

        Args:
            view: ``network``, ``layer``, ``loss``, ``regions`` or ``landscape``, as ``nn-tui figure --view`` has them.
            palette: ``light`` or ``dark``.
            at: A moment, as ``nn-tui figure --at`` has it: ``3`` is after update 3, ``"3.backward"`` is after the
                backward pass of pass 3. The network stays where it is.

        Returns:
            The text of an SVG file: ``Path("xor.svg").write_text(net.figure(), encoding="utf-8")`` writes it.

        Raises:
            InputError: For an unknown name, and for a figure that does not suit the network or its data.
        """
        from nn_tui.core.library.drawing import draw_figure, moment_at

        moment = None if at is None else moment_at(at)
        with computing() as should_stop:
            missing = 0 if moment is None else moment.update - bool(moment.part) - self.run.finished
            if missing > 0:
                self._recorded.train(self.run.finished, missing, should_stop)
            return draw_figure(self.run, self._update, view, palette, moment)

    # Help for the methods

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            refuse_attribute("Network", name, _OTHER_NAMES, dir(type(self)))

    @property
    def _engine(self) -> Engine:
        return self.run.segment(self._update).engine

    def _predict(self, rows: object, argument: str = "rows") -> RowPredictions:
        from nn_tui.core.library.predicting import input_rows
        from nn_tui.core.run.predict import predict_rows

        found = input_rows(self.data, rows, argument)
        with computing():
            result = predict_rows(self._engine, self.run.state_after(self._update), found)
        if self.divergence:
            problem = tr(
                "the network that predicts has diverged: {finding} Go back with goto.", finding=self.divergence
            )
            warnings.warn(problem, RuntimeWarning, stacklevel=3)
        elif not np.isfinite(result.outputs).all():
            warnings.warn(tr("predictions are not finite: the weights are too large."), RuntimeWarning, stacklevel=3)
        return result

    def __repr__(self) -> str:
        return network_text(self.run, self._update, self._last_loss())

    def _repr_html_(self) -> str:
        return network_html(self.run, self._update, self._last_loss())

    def _last_loss(self) -> float | None:
        return float(self.losses[-1]) if self._update else None
