"""The optimiser of a program for NumPy: its rule for one parameter, and the update of all of them."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.engine.steps import Operation
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.program.formulas import optimizer_formulas
from nn_tui.core.program.parameters import counts_updates, parameter_names, slot_letters
from nn_tui.core.program.source import (
    INDENT,
    Lines,
    blocks,
    code,
    comment,
    docstring,
    function,
    list_source,
    number_source,
    string_source,
    unpack,
)
from nn_tui.core.program.training import learning_rate_lines, learning_rate_source
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import all_of, message, tr

_ADAM = """\
    m[name] = m[name] + (1 - beta1) * (g - m[name])
    v[name] = beta2 * v[name] + (1 - beta2) * g**2
    m_hat = m[name] / (1 - beta1**t)
    v_hat = v[name] / (1 - beta2**t)
"""
_RULES = {
    "momentum": """\
    v[name] = momentum * v[name] + g
    return w - eta * v[name]
""",
    "nesterov": """\
    v[name] = momentum * v[name] + g
    return w - eta * (g + momentum * v[name])
""",
    "adagrad": """\
    s[name] = s[name] + g**2
    return w - eta * g / (np.sqrt(s[name]) + eps)
""",
    "rmsprop": """\
    s[name] = alpha * s[name] + (1 - alpha) * g**2
    return w - eta * g / (np.sqrt(s[name]) + eps)
""",
    "adam": f"""\
{_ADAM}\
    return w - eta * m_hat / (np.sqrt(v_hat) + eps)
""",
    "adamw": f"""\
{_ADAM}\
    w = w - eta * weight_decay * w
    return w - eta * m_hat / (np.sqrt(v_hat) + eps)
""",
    "nadam": """\
    mu = momentum_of(t)
    next_mu = momentum_of(t + 1)
    m[name] = m[name] + (1 - beta1) * (g - m[name])
    v[name] = beta2 * v[name] + (1 - beta2) * g**2
    m_hat = next_mu * m[name] / (1 - product * next_mu) + (1 - mu) * g / (1 - product)
    v_hat = v[name] / (1 - beta2**t)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps)
""",
}
_MOMENTUM_OF = """\
    return beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
"""


def optimizer_section(checkpoint: Checkpoint) -> CodeSection:
    """Return the section with the function ``update`` and its settings."""
    experiment = checkpoint.experiment
    parts = (
        _settings(experiment),
        learning_rate_lines(experiment),
        *_rules(checkpoint),
        _update(checkpoint),
    )
    title = message("The optimiser: the update of the parameters")
    return CodeSection("optimizer", title, blocks(*parts), optimizer_formulas(experiment))


def _rules(checkpoint: Checkpoint) -> Iterator[Lines]:
    """Yield the functions that update one parameter; none for SGD."""
    experiment = checkpoint.experiment
    name = experiment.training.optimizer.name
    if name == "nadam":
        yield function("momentum_of(t)", tr("Return the momentum of update t."), _MOMENTUM_OF)
    if name in _RULES:
        letters = slot_letters(checkpoint)
        text = tr("Return w after an update, and change its {state}; g is the gradient of w.", state=all_of(letters))
        yield function(f"{name}_step({', '.join(['name', 'w', 'g', *_numbers(experiment)])})", text, _RULES[name])


def _numbers(experiment: Experiment) -> list[str]:
    """Return the numbers that the rule needs, beside arrays."""
    is_nadam = experiment.training.optimizer.name == "nadam"
    return ["eta", *(["t"] if counts_updates(experiment) else []), *(["product"] if is_nadam else [])]


def _settings(experiment: Experiment) -> Lines:
    spec = experiment.training.optimizer
    options = {**OPTIMIZERS[spec.name].defaults, **dict(spec.options)}
    lines = [f"{name} = {number_source(value)}" for name, value in options.items()]
    text = tr("The settings of {optimizer}", optimizer=spec.name)
    return (*comment(text), *code("\n".join(lines))) if lines else ()


def _update(checkpoint: Checkpoint) -> Lines:
    """Return the function ``update``."""
    experiment = checkpoint.experiment
    names = parameter_names(len(experiment.layers))
    gradients = parameter_names(len(experiment.layers), "d")
    trained = {
        f"d{letter}{number}"
        for number, layer in enumerate(experiment.layers, 1)
        for letter, is_trained in (("w", layer.train_weights), ("b", layer.train_bias))
        if is_trained
    }
    return (
        *code(f"def update(parameters, gradients, {', '.join(_numbers(experiment))}):"),
        *docstring(tr("Return the parameters after an update.")),
        *unpack(names, "parameters"),
        *unpack(gradients, "gradients", trained),
        *_steps(experiment),
        *list_source(names, "return ", indent=INDENT),
    )


def update_source(checkpoint: Checkpoint) -> str:
    """Return the call of ``update`` in update n."""
    experiment = checkpoint.experiment
    numbers = {"eta": learning_rate_source(experiment), "t": optimizer_count(checkpoint), "product": "product"}
    return f"update({', '.join(['parameters', 'gradients', *(numbers[name] for name in _numbers(experiment))])})"


def optimizer_count(checkpoint: Checkpoint) -> str:
    """Return the number of update n for the optimiser, which starts anew when a person chooses another one."""
    before = checkpoint.updates - checkpoint.state.steps
    return "n" if not before else f"n - {before}" if before > 0 else f"n + {-before}"


def _steps(experiment: Experiment) -> Iterator[CodeLine]:
    """Yield the line that updates each parameter."""
    rule = experiment.training.optimizer.name
    numbers = _numbers(experiment)
    for layer, spec in enumerate(experiment.layers):
        done: tuple[tuple[Operation, int], ...] = (("update", layer),)
        for letter, is_trained in (("w", spec.train_weights), ("b", spec.train_bias)):
            name = f"{letter}{layer + 1}"
            if not is_trained:
                text = tr("no update changes {parameter}", parameter=name)
                yield from (CodeLine(line.text, done) for line in comment(text, INDENT))
                continue
            key = QuantityKey("w" if letter == "w" else "b", after=True)
            source = f"{name} - eta * d{name}"
            if rule in _RULES:
                source = f"{rule}_step({', '.join([string_source(name), name, f'd{name}', *numbers])})"
            yield CodeLine(f"{INDENT}{name} = {source}", done, key, layer)
