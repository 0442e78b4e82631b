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
    unpack,
)
from nn_tui.core.program.training import learning_rate_lines
from nn_tui.core.program.values import CodeLine, CodeSection
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import all_of, message, tr

_ADAM = """\
    m = m + (1 - beta1) * (g - m)
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
"""
_RULES = {
    "momentum": """\
    v = momentum * v + g
    return w - eta * v, v
""",
    "nesterov": """\
    v = momentum * v + g
    return w - eta * (g + momentum * v), v
""",
    "adagrad": """\
    s = s + g**2
    return w - eta * g / (np.sqrt(s) + eps), s
""",
    "rmsprop": """\
    s = alpha * s + (1 - alpha) * g**2
    return w - eta * g / (np.sqrt(s) + eps), s
""",
    "adam": f"""\
{_ADAM}\
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m, v
""",
    "adamw": f"""\
{_ADAM}\
    w = w - eta * weight_decay * w
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m, v
""",
    "nadam": """\
    mu = momentum_of(t)
    next_mu = momentum_of(t + 1)
    m = m + (1 - beta1) * (g - m)
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = next_mu * m / (1 - product * next_mu) + (1 - mu) * g / (1 - product)
    v_hat = v / (1 - beta2**t)
    return w - eta * m_hat / (np.sqrt(v_hat) + eps), m, v
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
        text = tr("Return w and its {state} after an update; g is the gradient of w.", state=all_of(letters))
        yield function(f"{name}_step({', '.join(['w', 'g', *letters, *_numbers(experiment)])})", text, _RULES[name])


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
    experiment, letters = checkpoint.experiment, slot_letters(checkpoint)
    count = len(experiment.layers)
    names = parameter_names(count)
    state = [*letters]
    trained = {
        f"d{letter}{number}"
        for number, layer in enumerate(experiment.layers, 1)
        for letter, is_trained in (("w", layer.train_weights), ("b", layer.train_bias))
        if is_trained
    }
    body: list[CodeLine] = []
    if counts_updates(experiment):
        state.append("t")
        body += code(f"{INDENT}t = t + 1")
    if checkpoint.state.scalars:
        state.append("product")
        body += code(f"{INDENT}product = product * momentum_of(t)")
    lines = [
        *code(f"def update(parameters, gradients, {'state, ' if state else ''}eta):"),
        *docstring(
            tr("Return the parameters and the state after an update.")
            if state
            else tr("Return the parameters after an update.")
        ),
        *list_source(names, after=" = parameters", indent=INDENT, brackets="()"),
        *unpack(parameter_names(count, "d"), trained, "gradients"),
    ]
    if state:
        lines += list_source(state, after=" = state", indent=INDENT, brackets="()")
    slots = {letter: [f"{letter}_{name}" for name in names] for letter in letters}
    for letter in letters:
        lines += list_source(slots[letter], after=f" = {letter}", indent=INDENT, brackets="()")
    lines += [*body, *_steps(experiment, letters)]
    for letter in letters:
        lines += list_source(slots[letter], f"{letter} = ", indent=INDENT)
    if not state:
        return (*lines, *list_source(names, "return ", indent=INDENT))
    lines += list_source(names, "parameters = ", indent=INDENT)
    returned = list_source(state, "return parameters, ", indent=INDENT, brackets="()")
    if len(state) > 1:
        returned = code(f"{INDENT}return parameters, ({', '.join(state)})")
    return (*lines, *returned)


def _steps(experiment: Experiment, letters: list[str]) -> Iterator[CodeLine]:
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
            slots = [f"{slot}_{name}" for slot in letters]
            source = f"{name} - eta * d{name}"
            if slots:
                source = f"{rule}_step({', '.join([name, f'd{name}', *slots, *numbers])})"
            yield CodeLine(f"{INDENT}{', '.join([name, *slots])} = {source}", done, key, layer)
