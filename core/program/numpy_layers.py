"""The layers of a program for NumPy: the functions ``forward`` and ``backward``, one line for each operation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nn_tui.core.engine.steps import Operation
from nn_tui.core.program.formulas import backward_formulas, forward_formulas
from nn_tui.core.program.numpy_loss import start_line
from nn_tui.core.program.parameters import parameter_names
from nn_tui.core.program.source import INDENT, Lines, blocks, code, comment, docstring, function, list_source, unpack
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message, tr, tr_plural


@dataclass(frozen=True, slots=True)
class ActivationSource:
    """The source of an activation; ``{z}``, ``{a}`` and ``{da}`` stand for the arrays of a layer.

    Attributes:
        a: The expression of a.
        dz: The expression of dz.
        helpers: The functions that they call, by their names in ``HELPERS``.
    """

    a: str
    dz: str
    helpers: tuple[str, ...] = ()


ACTIVATION_SOURCES = {
    "identity": ActivationSource("{z}", "{da}"),
    "sigmoid": ActivationSource("sigmoid({z})", "{da} * {a} * (1 - {a})", ("sigmoid",)),
    "tanh": ActivationSource("np.tanh({z})", "{da} * (1 - {a}**2)"),
    "relu": ActivationSource("np.maximum({z}, 0)", "{da} * ({z} > 0)"),
    "leaky_relu": ActivationSource("np.where({z} > 0, {z}, 0.01 * {z})", "{da} * np.where({z} > 0, 1, 0.01)"),
    "elu": ActivationSource(
        "np.where({z} > 0, {z}, np.expm1(np.minimum({z}, 0)))", "{da} * np.exp(np.minimum({z}, 0))"
    ),
    "gelu": ActivationSource(
        "{z} * normal_cdf({z})", "{da} * (normal_cdf({z}) + {z} * normal_pdf({z}))", ("normal_cdf", "normal_pdf")
    ),
    "silu": ActivationSource("{z} * sigmoid({z})", "{da} * silu_slope({z})", ("sigmoid", "silu_slope")),
    "mish": ActivationSource(
        "{z} * np.tanh(np.logaddexp({z}, 0))", "{da} * mish_slope({z})", ("sigmoid", "mish_slope")
    ),
    "softplus": ActivationSource(
        "np.where({z} > 20, {z}, np.logaddexp({z}, 0))", "{da} * np.where({z} > 20, 1, sigmoid({z}))", ("sigmoid",)
    ),
    "softmax": ActivationSource("softmax({z})", "{a} * ({da} - ({a} * {da}).sum(axis=1, keepdims=True))", ("softmax",)),
}
HELPERS = {
    "sigmoid": (message("Return 1 / (1 + e^-z), a number between 0 and 1."), """\
    return 1 / (1 + np.exp(-z))
"""),
    "normal_cdf": (message("Return the probability that a standard normal variable is below z."), """\
    return (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2))) / 2
"""),
    "normal_pdf": (message("Return the density of the standard normal distribution at z."), """\
    return np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
"""),
    "silu_slope": (message("Return the derivative of z * sigmoid(z)."), """\
    s = sigmoid(z)
    return s * (1 + z * (1 - s))
"""),
    "mish_slope": (message("Return the derivative of z * tanh(log(1 + e^z))."), """\
    t = np.tanh(np.logaddexp(z, 0))
    return t + z * (1 - t**2) * sigmoid(z)
"""),
    "softmax": (message("Return e^z, divided by its sum in each row: numbers that add up to 1."), """\
    e = np.exp(z - z.max(axis=1, keepdims=True))  # e^z itself could overflow
    return e / e.sum(axis=1, keepdims=True)
"""),
}  # fmt: skip


def assign(name: str, source: str, layer: int, quantity: Quantity, *operations: Operation) -> CodeLine:
    """Return the line of a function that assigns an array of a layer."""
    done = tuple((operation, layer) for operation in operations)
    return CodeLine(f"{INDENT}{name} = {source}", done, QuantityKey(quantity), layer)


def value_names(layers: int) -> list[str]:
    """Return what ``forward`` returns: ``z1``, ``a1``, ``z2`` …"""
    return [f"{letter}{number}" for number in range(1, layers + 1) for letter in "za"]


def network_section(experiment: Experiment) -> CodeSection:
    """Return the section with the function ``forward`` and the activations that it calls."""
    sources = [ACTIVATION_SOURCES[layer.activation] for layer in experiment.layers]
    used = {helper for source in sources for helper in source.helpers}
    helpers = [function(f"{name}(z)", str(text), body) for name, (text, body) in HELPERS.items() if name in used]
    lines = blocks(*helpers, _forward(experiment))
    return CodeSection("network", message("The network: the forward pass"), lines, forward_formulas(experiment))


def _forward(experiment: Experiment) -> Lines:
    count = len(experiment.layers)
    lines = [
        *code("def forward(x, parameters):"),
        *docstring(tr("Return z and a of every layer; the last a is the prediction.")),
        *unpack(parameter_names(count), "parameters"),
    ]
    inputs = "x"
    for layer, spec in enumerate(experiment.layers):
        number, source = layer + 1, ACTIVATION_SOURCES[spec.activation]
        z, a = f"z{number}", f"a{number}"
        text = tr_plural(
            "Layer {layer}: {count:,} unit, {activation}",
            "Layer {layer}: {count:,} units, {activation}",
            spec.units,
            layer=number,
            activation=spec.activation,
        )
        lines += [
            *comment(text, INDENT),
            assign(z, f"{inputs} @ w{number}.T + b{number}", layer, "z", "z"),
            assign(a, source.a.format(z=z), layer, "a", "a"),
        ]
        inputs = a
    return (*lines, *list_source(value_names(count), "return ", indent=INDENT, brackets="()"))


def backward_section(experiment: Experiment) -> CodeSection:
    """Return the section with the function ``backward``."""
    count = len(experiment.layers)
    lines = [line for layer in reversed(range(count)) for line in _backward_of(experiment, layer)]
    names = set(re.findall(r"\b[a-z]+[0-9]+\b", "\n".join(line.text for line in lines)))
    head = [
        *code("def backward(x, y, parameters, values):"),
        *docstring(
            tr("Return the gradient of the loss with respect to each parameter."),
            tr(
                "da1, dz1, dw1 and db1 are the derivatives of the loss with respect to a1, z1, w1 and b1. The chain "
                "rule computes those of each layer from those of the next layer; dw and db sum over the rows of the "
                "batch."
            ),
        ),
        *unpack(parameter_names(count), "parameters", names),
        *unpack(value_names(count), "values", names),
    ]
    returned = list_source(parameter_names(count, "d"), "return ", indent=INDENT)
    formulas = backward_formulas(experiment)
    return CodeSection("backward", message("The gradients: the backward pass"), (*head, *lines, *returned), formulas)


def _backward_of(experiment: Experiment, layer: int) -> Lines:
    number, training = layer + 1, experiment.training
    lines = [*comment(tr("Layer {layer}", layer=number), INDENT)]
    is_last = number == len(experiment.layers)
    start = start_line(experiment)
    if is_last:
        lines.append(start)
    else:
        lines.append(assign(f"da{number}", f"dz{number + 1} @ w{number + 1}", layer, "da", "da"))
    if not is_last or start.key != QuantityKey("dz"):
        dz = ACTIVATION_SOURCES[experiment.layers[layer].activation].dz
        lines.append(
            assign(f"dz{number}", dz.format(z=f"z{number}", a=f"a{number}", da=f"da{number}"), layer, "dz", "dz")
        )
    dw = f"dz{number}.T @ {f'a{layer}' if layer else 'x'}"
    if training.l1:
        dw += f" + l1 * np.sign(w{number})"
    if training.l2:
        dw += f" + l2 * w{number}"
    return (
        *lines,
        assign(f"dw{number}", dw, layer, "dw", "dw"),
        assign(f"db{number}", f"dz{number}.sum(axis=0)", layer, "db", "db"),
    )
