"""One pass as a worked example in plain linear text, for printouts and screen readers.

The formulas and numbers come from :mod:`nn_tui.core.explain.explain`, so they are the same as on the screen. Of a large
network or batch only the first units and samples are written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.engine.nonfinite import first_nonfinite
from nn_tui.core.engine.quantities import input_of
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import node_text
from nn_tui.core.explain.trace_json import trace_pass
from nn_tui.core.explain.update import learning_rate_lines
from nn_tui.core.explain.worked_pass import WorkedPass, omitted, shape_text
from nn_tui.core.expression.equations import Listed
from nn_tui.core.nn.formulas import PENALTY
from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.refs import QuantityKey, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.core.text import one_line, plain_numbers
from nn_tui.core.translation import message, message_plural, tr, tr_plural


def worked_example(experiment: Experiment, update: int, digits: int | None = 6, run: Run | None = None) -> str:
    """Return one pass as a worked example that ends with a line feed. A line has one equation, however long.

    Args:
        experiment: The experiment.
        update: The number of the pass, from 1. If the run diverges before, the result is the pass that diverges.
        digits: Significant digits; None prints all.
        run: A run of the experiment from which to continue; None means a new one.
    """
    engine, trace = trace_pass(experiment, update, run)
    worked = WorkedPass(engine, trace, digits)
    lines = [*_title(worked), *_setup(worked), *_data(worked), *_parameters(worked)]
    lines += [*_forward(worked), *_loss(worked), *_backward(worked), *_update(worked)]
    return "\n".join(lines) + "\n"


def _title(worked: WorkedPass) -> Iterator[str]:
    preset = worked.engine.experiment.preset
    yield tr("{title}: pass {update:,} as a worked example", title=one_line(preset.title), update=worked.trace.update)
    yield one_line(preset.summary)
    if worked.digits is not None:
        yield tr_plural(
            "Numbers are rounded to {count} significant digit, after computing with all of them.",
            "Numbers are rounded to {count} significant digits, after computing with all of them.",
            worked.digits,
        )


def _setup(worked: WorkedPass) -> Iterator[str]:
    engine, trace, experiment = worked.engine, worked.trace, worked.engine.experiment
    training, optimizer = experiment.training, engine.optimizer
    yield from ("", tr("Setup"), "")
    inputs = message_plural("{count:,} input", "{count:,} inputs", engine.sizes[0])
    layers = "; ".join(
        tr_plural(
            "layer {layer} has {count:,} unit, {activation}",
            "layer {layer} has {count:,} units, {activation}",
            layer.units,
            layer=index + 1,
            activation=layer.activation,
        )
        for index, layer in enumerate(experiment.layers)
    )
    yield tr("Network: {inputs}; {layers}.", inputs=inputs, layers=layers)
    loss, formula = training.loss, node_text(engine.loss.formula)
    if training.reduction == "sum":
        yield tr("Loss: {loss} = {formula} for one sample; summed over the batch.", loss=loss, formula=formula)
    else:
        yield tr("Loss: {loss} = {formula} for one sample; the mean over the batch.", loss=loss, formula=formula)
    if training.l1 or training.l2:
        l1, l2 = worked.number(training.l1), worked.number(training.l2)
        yield tr("Penalty: {formula}, l1 = {l1}, l2 = {l2}.", formula=node_text(PENALTY), l1=l1, l2=l2)
    options = {optimizer.option_symbols[name]: value for name, value in optimizer.options.items()}
    options = {"η": trace.learning_rate, **options}
    yield tr(
        "Optimiser: {optimizer}: {formula}, {options}.",
        optimizer=optimizer.name,
        formula=node_text(Listed(tuple(optimizer.formulas().values()))),
        options=", ".join(f"{name} = {worked.number(value)}" for name, value in options.items()),
    )
    if not training.schedule.is_constant:
        yield tr(
            "Learning rate: {schedule}, η₀ = {rate}; η is that of this pass.",
            schedule=schedule_text(training.schedule),
            rate=worked.number(training.optimizer.learning_rate),
        )
    yield tr_plural(
        "Batch: {count:,} sample of {rows:,}; this is pass {update:,}, in epoch {epoch:,}, with {batches} an epoch.",
        "Batch: {count:,} samples of {rows:,}; this is pass {update:,}, in epoch {epoch:,}, with {batches} an epoch.",
        trace.n,
        rows=engine.rows,
        update=trace.update,
        epoch=trace.epoch,
        batches=message_plural("{count:,} batch", "{count:,} batches", trace.batches),
    )
    if all(layer.weights is not None for layer in experiment.layers):
        yield tr("Seed: {seed}; the initial weights are given.", seed=experiment.seed)
    else:
        yield tr("Seed: {seed}; initial weights: {init_seed}.", seed=experiment.seed, init_seed=experiment.init_seed)
    divergence = first_nonfinite(trace)
    if divergence:
        yield tr("This pass diverges: {reason}.", reason=divergence.sentence)


def _data(worked: WorkedPass) -> Iterator[str]:
    trace = worked.trace
    yield ""
    yield tr("Inputs x {x_shape} and targets y {y_shape}:", x_shape=shape_text(trace.x), y_shape=shape_text(trace.y))
    yield from _target_units(worked)
    for n in worked.samples:
        x, y = (plain_numbers(row, worked.digits) for row in (trace.x[n].tolist(), trace.y[n].tolist()))
        yield f"  {worked.sample_name(n)}: x = {x}; y = {y}"
    yield from omitted(worked.samples, trace.n, "sample")


def _target_units(worked: WorkedPass) -> Iterator[str]:
    """Yield how to get targets and predictions in the units of the data, if the targets are standardised."""
    data = worked.engine.experiment.data
    if not has_standardized_targets(data):
        return
    mean, deviation = worked.number(data.y_mean[0]), worked.number(data.y_scale[0])
    mean = mean if data.y_mean[0] >= 0.0 else f"({mean})"
    if data.y.shape[1] == 1:
        yield "  " + tr(
            "The targets are standardised. In the units of the data they are y × {deviation} + {mean}, and the "
            "predictions ŷ × {deviation} + {mean}.",
            deviation=deviation, mean=mean,
        )  # fmt: skip
        return
    yield "  " + tr(
        "The targets are standardised. In the units of the data the first one is y × {deviation} + {mean}, and its "
        "prediction ŷ × {deviation} + {mean}; each output has its own numbers.",
        deviation=deviation, mean=mean,
    )  # fmt: skip


def _parameters(worked: WorkedPass) -> Iterator[str]:
    for index in range(len(worked.engine.experiment.layers)):
        weights, bias = worked.trace.before.weights[index], worked.trace.before.biases[index]
        yield _parameters_heading(worked, index)
        for unit in worked.units(index):
            row = plain_numbers(weights[unit].tolist(), worked.digits)
            own_bias = worked.number(bias[unit])
            yield f"  {tr('unit {unit}: w = {row}; b = {bias}', unit=unit + 1, row=row, bias=own_bias)}"
        yield from omitted(worked.units(index), len(bias), "unit")


def _parameters_heading(worked: WorkedPass, index: int) -> str:
    layer = worked.engine.experiment.layers[index]
    weights = shape_text(worked.trace.before.weights[index])
    bias, number = shape_text(worked.trace.before.biases[index]), index + 1
    if layer.train_weights and layer.train_bias:
        return tr("Layer {layer}, weights W {weights} and bias b {bias}:", layer=number, weights=weights, bias=bias)
    if layer.train_weights:
        return tr(
            "Layer {layer}, weights W {weights} and bias b {bias} (the bias frozen: no update changes it):",
            layer=number,
            weights=weights,
            bias=bias,
        )
    if layer.train_bias:
        return tr(
            "Layer {layer}, weights W {weights} and bias b {bias} (the weights frozen: no update changes them):",
            layer=number,
            weights=weights,
            bias=bias,
        )
    return tr(
        "Layer {layer}, weights W {weights} and bias b {bias} (both frozen: no update changes them):",
        layer=number,
        weights=weights,
        bias=bias,
    )


def _forward(worked: WorkedPass) -> Iterator[str]:
    yield from ("", tr("Forward"), "")
    for layer, z in enumerate(worked.trace.z):
        weights = worked.trace.before.weights[layer]
        yield tr(
            "Layer {layer}: z {z} = {source} {inputs} · Wᵀ {weights} + b {bias}, then a {z}",
            layer=layer + 1,
            z=shape_text(z),
            source=_source(layer),
            inputs=shape_text(input_of(worked.trace, layer)),
            weights=shape_text(weights.T),
            bias=shape_text(worked.trace.before.biases[layer]),
        )
        yield f"  {worked.text(worked.explain('z', layer, 0).formula)}"
        formula = worked.text(worked.explain("a", layer, 0).formula)
        if worked.engine.activations[layer].slope is None:
            formula = tr("{formula}, the largest z of the sample is subtracted from every z first", formula=formula)
        yield f"  {formula}"
        for n in worked.samples:
            yield f"  {worked.sample_name(n)}:"
            for unit in worked.units(layer):
                yield f"    {worked.equations(worked.explain('z', layer, unit, sample=n))}"
                yield f"    {worked.result(worked.explain('a', layer, unit, sample=n))}"
            yield from omitted(worked.units(layer), z.shape[1], "unit", 4)
        yield from omitted(worked.samples, worked.trace.n, "sample")


def _source(layer: int) -> object:
    """Return the name of the input of a layer."""
    return message("a of layer {layer}", layer=layer) if layer else "x"


def _loss(worked: WorkedPass) -> Iterator[str]:
    yield from ("", tr("Loss"), "")
    loss = worked.explain("loss", 0, 0)
    yield f"  {worked.text(loss.formula)}"
    for n in worked.samples:
        yield f"  {worked.text(worked.explain('loss', 0, 0, sample=n).lines[0])}"
    yield from omitted(worked.samples, worked.trace.n, "sample")
    yield f"  {worked.sum_of_terms(loss)}"
    if worked.trace.penalty:
        data, penalty = worked.number(worked.trace.data_loss), worked.number(worked.trace.penalty)
        yield f"  {tr('of which the data {data} and the penalty {penalty}', data=data, penalty=penalty)}"
        yield from (f"  {worked.text(line)}" for line in loss.lines if line.kind == "penalty")


def _backward(worked: WorkedPass) -> Iterator[str]:
    yield from ("", tr("Backward"), "")
    for layer in range(len(worked.trace.z) - 1, -1, -1):
        dz, weights = worked.trace.dz[layer], worked.trace.before.weights[layer]
        number, shape = layer + 1, shape_text(dz)
        yield tr("Layer {layer}: ∂L/∂a {shape} and δ = ∂L/∂z {shape}", layer=number, shape=shape)
        yield from worked.header(worked.explain("da", layer, 0))
        yield from worked.header(worked.explain("dz", layer, 0))
        for n in worked.samples:
            yield f"  {worked.sample_name(n)}:"
            for unit in worked.units(layer):
                yield f"    {worked.equations(worked.explain('da', layer, unit, sample=n))}"
                yield f"    {worked.equations(worked.explain('dz', layer, unit, sample=n))}"
            yield from omitted(worked.units(layer), dz.shape[1], "unit", 4)
        yield from omitted(worked.samples, worked.trace.n, "sample")
        yield tr(
            "Layer {layer}: dW {weights} = δᵀ {deltas} · {source} {inputs}",
            layer=number,
            weights=shape_text(weights),
            deltas=shape_text(dz.T),
            source=_source(layer),
            inputs=shape_text(input_of(worked.trace, layer)),
        )
        yield f"  {worked.text(worked.explain('dw', layer, 0).formula)}"
        for unit, input in worked.weights(layer):
            yield f"    {worked.sum_of_terms(worked.explain('dw', layer, unit, input))}"
        yield from omitted(worked.weights(layer), weights.size, "weight", 4)
        bias = shape_text(worked.trace.db[layer])
        yield tr("Layer {layer}: db {bias} = the rows of δ {shape} added", layer=number, bias=bias, shape=shape)
        for unit in worked.units(layer):
            yield f"    {worked.sum_of_terms(worked.explain('db', layer, unit))}"
        yield from omitted(worked.units(layer), dz.shape[1], "bias", 4)


def _update(worked: WorkedPass) -> Iterator[str]:
    yield from ("", tr("Update"), "")
    yield from (f"  {worked.text(line)}" for line in learning_rate_lines(worked.engine, worked.trace))
    for layer, weights in enumerate(worked.trace.before.weights):
        yield tr(
            "Layer {layer}: W′ {weights} = W + ΔW, b′ {bias} = b + Δb",
            layer=layer + 1,
            weights=shape_text(weights),
            bias=shape_text(weights[:, 0]),
        )
        yield f"  {worked.text(worked.explain(QuantityKey('w', after=True), layer, 0).formula)}"
        for unit, input in worked.weights(layer):
            yield from _parameter_update(worked, Ref("w", layer, unit, input))
        yield from omitted(worked.weights(layer), weights.size, "weight", 4)
        yield f"  {worked.text(worked.explain(QuantityKey('b', after=True), layer, 0).formula)}"
        for unit in worked.units(layer):
            yield from _parameter_update(worked, Ref("b", layer, unit))
        yield from omitted(worked.units(layer), len(weights), "bias", 4)


def _parameter_update(worked: WorkedPass, ref: Ref) -> Iterator[str]:
    """Write the update of one parameter: on one line if the optimiser has one equation, else a line for each."""
    explanation = explain(worked.engine, worked.trace, replace(ref, after=True))
    texts = [worked.text(line) for line in explanation.lines if line.kind != "rate"]
    if len(texts) <= 2:
        yield f"    {ref.symbol}: {'; '.join(texts)}"
        return
    yield f"    {ref.symbol}:"
    yield from (f"      {text}" for text in texts)
