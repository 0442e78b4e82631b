"""The sentences of a notebook that define the symbols and the shapes of each section, as Markdown with LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.program.data import has_labels, is_standardized, takes_labels
from nn_tui.core.program.parameters import counts_updates, state_text
from nn_tui.core.program.training import has_batches, has_penalty
from nn_tui.core.program.values import Framework, SectionName
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import tr

_Sentences = Callable[[Experiment, Framework], Iterator[str]]
_OPTIONS = {
    "momentum": r"\mu",
    "alpha": r"\alpha",
    "beta1": r"\beta_1",
    "beta2": r"\beta_2",
    "eps": r"\varepsilon",
    "weight_decay": r"\lambda",
    "momentum_decay": r"\psi",
}
"""The symbols of an optimiser's options in its formulas."""
_OPTIONS_OF = {
    "momentum": ("momentum",),
    "nesterov": ("momentum",),
    "adagrad": ("eps",),
    "rmsprop": ("alpha", "eps"),
    "adam": ("beta1", "beta2", "eps"),
    "adamw": ("beta1", "beta2", "eps", "weight_decay"),
    "nadam": ("beta1", "beta2", "eps", "momentum_decay"),
}


def introduction(name: SectionName, experiment: Experiment, framework: Framework) -> str:
    """Return the sentences before the formulas of a section; "" if it needs none."""
    sentences = _SENTENCES.get(name)
    return " ".join(filter(None, sentences(experiment, framework))) if sentences else ""


def _data(experiment: Experiment, framework: Framework) -> Iterator[str]:
    data = experiment.data
    yield tr(
        "{x} has a row for each training sample and a column for each input of the network: its shape is {x_shape}. "
        "{y} has their targets, of the shape {y_shape}. In the program they are x_train and y_train.",
        x="$X$", y="$Y$", x_shape=_shape(data.x.shape), y_shape=_shape(data.y.shape),
    )  # fmt: skip
    if has_labels(data):
        yield tr("A row of {y} has a 1 in the column of its class, and 0 in the others.", y="$Y$")
    if takes_labels(experiment, framework):
        yield tr("PyTorch takes the number of that column instead.")
    if is_standardized(data):
        yield tr(
            "Each input is standardised: {r} are the raw values, {mu} their mean (x_mean) and {sigma} their standard "
            "deviation (x_scale) in the training data.",
            r="$R$", mu=r"$\mu$", sigma=r"$\sigma$",
        )  # fmt: skip
    if has_standardized_targets(data):
        yield tr(
            "So are the targets {t}, with {mu} (y_mean) and {sigma} (y_scale).",
            t="$T$", mu=r"$\mu_y$", sigma=r"$\sigma_y$",
        )  # fmt: skip


def _parameters(experiment: Experiment, framework: Framework) -> Iterator[str]:
    yield tr(
        "Layer {l} has the weights {w}, with a row for each unit and a column for each input of the layer, and the "
        "biases {b}, one for each unit. In the program they are w1, b1 and so on.",
        l="$l$", w="$W_l$", b="$b_l$",
    )  # fmt: skip
    for number, (inputs, units) in enumerate(zip(experiment.sizes, experiment.sizes[1:], strict=False), 1):
        yield tr(
            "{w} has the shape {w_shape}, {b} the shape {b_shape}.",
            w=f"$W_{{{number}}}$", w_shape=_shape((units, inputs)), b=f"$b_{{{number}}}$", b_shape=_shape((units,)),
        )  # fmt: skip


def _network(experiment: Experiment, framework: Framework) -> Iterator[str]:
    yield tr(
        "The rows of {z} and {a} are the samples of a batch, their columns are the units of layer {l}. A function is "
        "applied to each number, and {odot} multiplies arrays number by number.",
        z="$Z_l$", a="$A_l$", l="$l$", odot=r"$\odot$",
    )  # fmt: skip
    if experiment.layers[-1].activation == "softmax":
        yield tr("{n} counts the samples; {k} and {j} count the units.", n="$n$", k="$k$", j="$j$")


def _loss(experiment: Experiment, framework: Framework) -> Iterator[str]:
    yield tr(
        "{loss} is the loss of a batch of {count} samples, {term} that of sample {n}. {k} counts the {outputs} "
        "outputs.",
        loss="$L$", count="$N$", term="$L_n$", n="$n$", k="$k$", outputs="$K$",
    )  # fmt: skip
    if LOSSES[experiment.training.loss].formula_of == "a":
        last = f"$A_{{{len(experiment.layers)}}}$"
        yield tr("{prediction} is the prediction, {a}.", prediction=r"$\hat{Y}$", a=last)
    if has_penalty(experiment.training):
        yield tr("The penalty on large weights has the factors {l1} (l1) and {l2} (l2).",
                 l1=r"$\lambda_1$", l2=r"$\lambda_2$")  # fmt: skip


def _backward(experiment: Experiment, framework: Framework) -> Iterator[str]:
    yield tr(
        "The chain rule computes the derivatives of the loss from the last layer to the first. Each has the shape of "
        "its array. {odot} multiplies number by number, and {n} counts the samples.",
        odot=r"$\odot$", n="$n$",
    )  # fmt: skip


def _optimizer(experiment: Experiment, framework: Framework) -> Iterator[str]:
    training = experiment.training
    yield tr(
        "The rule holds for each weight and each bias {w}: {g} is its gradient, {eta} is the learning rate, and a "
        "prime marks a value after the update.",
        w="$w$", g="$g$", eta=r"$\eta$",
    )  # fmt: skip
    yield state_text(experiment)
    if counts_updates(experiment):
        yield tr("{t} counts the updates.", t="$t$")
    for option in _OPTIONS_OF.get(training.optimizer.name, ()):
        yield tr("{symbol} is {option}.", symbol=f"${_OPTIONS[option]}$", option=option)
    if not training.schedule.is_constant:
        if training.schedule.per == "epoch":
            yield tr("{k} counts the epochs before this one.", k="$k$")
        else:
            yield tr("{k} counts the updates before this one.", k="$k$")


def _training(experiment: Experiment, framework: Framework) -> Iterator[str]:
    if has_batches(experiment):
        yield tr("An update takes the rows of one batch; an epoch takes each row once.")
    else:
        yield tr("Each update takes all rows of the training data.")
    if framework == "pytorch" and any(layer.train_weights or layer.train_bias for layer in experiment.layers):
        yield tr(
            "loss.backward() computes the gradients below: PyTorch's autograd applies the chain rule, so the program "
            "needs no lines for them."
        )
    if framework == "pytorch":
        yield from _backward(experiment, framework)


def _predict(experiment: Experiment, framework: Framework) -> Iterator[str]:
    yield tr("predict takes rows as they are in the data; report says how good the predictions of all rows are.")


_SENTENCES: Mapping[SectionName, _Sentences] = {
    "data": _data,
    "parameters": _parameters,
    "network": _network,
    "loss": _loss,
    "backward": _backward,
    "optimizer": _optimizer,
    "training": _training,
    "predict": _predict,
}


def _shape(shape: tuple[int, ...]) -> str:
    """Return a shape as NumPy writes it."""
    return str(shape)
