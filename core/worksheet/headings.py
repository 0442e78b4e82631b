"""The headings of a sheet, and the lines about the loss, the optimiser and the batch."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.expression.equations import Equation, Listed
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Num, Symbol, Words, literal
from nn_tui.core.nn.formulas import PENALTY
from nn_tui.core.nn.symbols import symbol
from nn_tui.core.refs import Quantity, QuantityKey
from nn_tui.core.translation import Message, message, message_plural


def phase_title(phase: str) -> Message:
    """Return the title of a phase."""
    if phase == "forward":
        return message("Forward pass")
    return message("Backward pass") if phase == "backward" else message("Update")


def array_title(key: QuantityKey, layer: int) -> Message:
    """Return the title of the numbers of one array."""
    number = layer + 1
    titles: dict[Quantity, Message] = {
        "z": message("Layer {layer}: the weighted sums z", layer=number),
        "a": message("Layer {layer}: the outputs a", layer=number),
        "slope": message("Layer {layer}: the slopes ∂a/∂z", layer=number),
        "term": message("The loss of each sample and output"),
        "loss": message("The loss of the batch"),
        "da": message("Layer {layer}: the derivatives ∂L/∂a", layer=number),
        "dz": message("Layer {layer}: δ = ∂L/∂z", layer=number),
        "dw": message("Layer {layer}: the gradients ∂L/∂w", layer=number),
        "db": message("Layer {layer}: the gradients ∂L/∂b", layer=number),
        "dx": message("Layer {layer}: the derivatives ∂L/∂x by its inputs", layer=number),
        "w": message("Layer {layer}: the new weights w′", layer=number),
        "b": message("Layer {layer}: the new biases b′", layer=number),
        "step_w": message("Layer {layer}: the steps Δw", layer=number),
        "step_b": message("Layer {layer}: the steps Δb", layer=number),
        "state_w": message("Layer {layer}: the new state of the optimiser for the weights", layer=number),
        "state_b": message("Layer {layer}: the new state of the optimiser for the biases", layer=number),
    }
    return titles[key.quantity]


def setup_lines(engine: Engine, trace: Trace, phases: Collection[str]) -> tuple[Line, ...]:
    """Return the lines about the loss, the penalty and the batch, and about the optimiser if the update is asked."""
    training = engine.experiment.training
    messages = [_loss_message(engine)]
    if training.l1 or training.l2:
        options = Listed(
            tuple(Equation((Symbol(name), literal(getattr(training, name)))) for name in ("l1", "l2")), "values"
        )
        messages.append(message("Penalty: {formula}, {options}.", formula=PENALTY, options=options))
    if "update" in phases:
        messages += [_optimizer_message(engine, trace), *_frozen_messages(engine)]
    messages.append(
        message_plural(
            "Batch: {count:,} sample; this is pass {update:,}.",
            "Batch: {count:,} samples; this is pass {update:,}.",
            trace.n,
            update=trace.update,
        )
    )
    return tuple(Line("remark", Words(each)) for each in messages)


def _frozen_messages(engine: Engine) -> Iterator[Message]:
    """Yield which weights and biases the update leaves as they are."""
    layers = engine.experiment.layers
    weights = [number for number, layer in enumerate(layers, 1) if not layer.train_weights]
    biases = [number for number, layer in enumerate(layers, 1) if not layer.train_bias]
    if len(weights) == len(layers):
        yield message("The weights are not trained.")
    elif weights:
        yield message("The weights of layer {layers} are not trained.", layers=", ".join(map(str, weights)))
    if len(biases) == len(layers):
        yield message("The biases are not trained.")
    elif biases:
        yield message("The biases of layer {layers} are not trained.", layers=", ".join(map(str, biases)))


def _loss_message(engine: Engine) -> Message:
    loss, formula = engine.experiment.training.loss, engine.loss.formula
    if engine.experiment.training.reduction == "sum":
        return message("Loss: {loss} = {formula} for one sample, summed over the batch.", loss=loss, formula=formula)
    return message("Loss: {loss} = {formula} for one sample; its mean over the batch is L.", loss=loss, formula=formula)


def _optimizer_message(engine: Engine, trace: Trace) -> Message:
    optimizer = engine.optimizer
    is_option = engine.experiment.training.schedule.is_constant
    eta = Num(trace.learning_rate, is_given=True, is_exact=is_option)
    values = {"η": eta} | {optimizer.option_symbols[name]: literal(value) for name, value in optimizer.options.items()}
    options = Listed(tuple(Equation((symbol(letter), value)) for letter, value in values.items()), "values")
    return message(
        "Optimiser: {optimizer}: {formula}, where g is the gradient ∂L/∂w or ∂L/∂b, and {options}.",
        optimizer=optimizer.name,
        formula=Listed(tuple(optimizer.formulas().values())),
        options=options,
    )
