"""One pass as a worked example in plain linear text, for printouts and screen readers.

The formulas and numbers come from :mod:`nn_tui.core.explain.explain`, so they are the same as on the screen. Of a large
network or batch only the first units and samples are written out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.nonfinite import first_nonfinite
from nn_tui.core.engine.quantities import input_of
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.trace_json import trace_pass
from nn_tui.core.explain.update import learning_rate_lines
from nn_tui.core.expression import Explanation, Line, Num, Term, sum_lines
from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.refs import QuantityKey, QuantityLike, Ref, to_key
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array, Experiment
from nn_tui.core.text import one_line, plain_line, plain_number, plain_numbers, pluralize

MAX_LINES = 64  # samples × units; if a limit is exceeded, only the FIRST ones are written out
MAX_SAMPLES, FIRST_SAMPLES = 8, 2
MAX_UNITS, FIRST_UNITS = 10, 4
MAX_WEIGHTS, FIRST_INPUTS = 24, 4
OMISSION_HINT = "--json writes all numbers"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The pass that all sections print.

    Attributes:
        engine: The engine that ran the pass.
        trace: The pass.
        digits: Significant digits; None prints all.
    """

    engine: Engine
    trace: Trace
    digits: int | None

    @property
    def samples(self) -> range:
        """The samples to write out."""
        units = sum(len(self.units(layer)) for layer in range(len(self.trace.z)))
        all_fit = self.trace.n <= MAX_SAMPLES and self.trace.n * units <= MAX_LINES
        return range(self.trace.n if all_fit else min(self.trace.n, FIRST_SAMPLES))

    def units(self, layer: int) -> range:
        """Return the units of ``layer`` (from 0) to write out."""
        count = self.engine.sizes[layer + 1]
        all_fit = count <= MAX_UNITS and sum(self.engine.sizes[1:]) <= 3 * MAX_UNITS
        return range(count if all_fit else min(count, FIRST_UNITS))

    def weights(self, layer: int) -> list[tuple[int, int]]:
        """Return the weights of ``layer`` (from 0) to write out, as (unit, input)."""
        inputs, units = self.engine.sizes[layer : layer + 2]
        if inputs * units <= MAX_WEIGHTS:
            return list(itertools.product(range(units), range(inputs)))
        return list(itertools.product(self.units(layer), range(min(inputs, FIRST_INPUTS))))

    def explain(self, key: QuantityLike, layer: int, unit: int, input: int = 0, sample: int = 0) -> Explanation:
        return explain(self.engine, self.trace, to_key(key).at(layer, unit, input, sample))

    def number(self, value: float) -> str:
        return plain_number(value, self.digits)

    def equations(self, explanation: Explanation) -> str:
        """Join the lines with numbers to one line that begins with the symbol."""
        texts = [plain_line(line, self.digits) for line in explanation.lines if _has_number(line)]
        if not texts[0].startswith(explanation.ref.symbol):
            texts[0] = f"{explanation.ref.symbol}: {texts[0]}"
        return "; ".join(texts)

    def header(self, explanation: Explanation) -> Iterator[str]:
        """Yield the formula and the lines without numbers, which are the same for all units and samples."""
        yield f"  {explanation.formula}"
        for line in explanation.lines:
            if not _has_number(line):
                yield f"  {plain_line(line)}"

    def sum_of_terms(self, explanation: Explanation) -> str:
        """Write the terms as one sum, without the labels of the samples."""
        terms = [Term(tuple(replace(factor, label="") for factor in term.factors)) for term in explanation.terms]
        lines = sum_lines(explanation.ref.symbol, terms, explanation.value)
        return "; ".join(plain_line(line, self.digits) for line in lines)


def _has_number(line: Line) -> bool:
    return any(isinstance(piece, Num) for piece in line)


def worksheet(experiment: Experiment, update: int, digits: int | None = 6, run: Run | None = None) -> str:
    """Return one pass as a worked example that ends with a line feed. A line has one equation, however long.

    Args:
        experiment: The experiment.
        update: The number of the pass, from 1. If the run diverges before, the result is the pass that diverges.
        digits: Significant digits; None prints all.
        run: A run of the experiment from which to continue; None means a new one.
    """
    engine, trace = trace_pass(experiment, update, run)
    sheet = _Sheet(engine, trace, digits)
    lines = [*_setup(sheet), *_forward(sheet), *_loss(sheet), *_backward(sheet), *_update(sheet)]
    return "\n".join(lines) + "\n"


def _setup(sheet: _Sheet) -> Iterator[str]:
    engine, trace, experiment = sheet.engine, sheet.trace, sheet.engine.experiment
    preset, training, optimizer = experiment.preset, experiment.training, engine.optimizer
    yield f"{one_line(preset.title)}: pass {trace.update:,} as a worked example"
    yield one_line(preset.summary)
    if sheet.digits is not None:
        digits = pluralize(sheet.digits, "significant digit")
        yield f"Numbers are rounded to {digits}, after computing with all of them."
    yield from ("", "Setup", "")
    layers = "; ".join(
        f"layer {index + 1} has {pluralize(layer.units, 'unit')}, {layer.activation}"
        for index, layer in enumerate(experiment.layers)
    )
    yield f"Network: {pluralize(engine.sizes[0], 'input')}; {layers}."
    reduction = "summed over the batch" if training.reduction == "sum" else "the mean over the batch"
    yield f"Loss: {training.loss} = {engine.loss.formula} for one sample; {reduction}."
    if training.l1 or training.l2:
        yield f"Penalty: l1·Σ|w| + ½·l2·Σw², l1 = {sheet.number(training.l1)}, l2 = {sheet.number(training.l2)}."
    options = "".join(f", {name} = {sheet.number(value)}" for name, value in optimizer.options.items())
    yield f"Optimiser: {optimizer.name}: {optimizer.formula}, η = {sheet.number(trace.learning_rate)}{options}."
    if not training.schedule.is_constant:
        base = sheet.number(training.optimizer.learning_rate)
        yield f"Learning rate: {schedule_text(training.schedule)}, η₀ = {base}; η is that of this pass."
    yield (
        f"Batch: {pluralize(trace.n, 'sample')} of {engine.rows:,}; this is pass {trace.update:,}, in epoch "
        f"{trace.epoch:,}, with {pluralize(trace.batches, 'batch', 'batches')} an epoch."
    )
    yield f"Seed: {experiment.seed}; initial weights: {experiment.init_seed}."
    divergence = first_nonfinite(trace)
    if divergence:
        yield f"This pass diverges: {divergence.sentence}."
    yield from ("", f"Inputs x {_shape(trace.x)} and targets y {_shape(trace.y)}:")
    for n in sheet.samples:
        x, y = (plain_numbers(row, sheet.digits) for row in (trace.x[n].tolist(), trace.y[n].tolist()))
        yield f"  {_sample(sheet, n)}: x = {x}; y = {y}"
    yield from _omitted(sheet.samples, trace.n, "sample")
    for index, layer in enumerate(experiment.layers):
        weights, bias = trace.before.weights[index], trace.before.biases[index]
        frozen = _frozen(layer.train_weights, layer.train_bias)
        yield f"Layer {index + 1}, weights W {_shape(weights)} and bias b {_shape(bias)}{frozen}:"
        for unit in sheet.units(index):
            row = plain_numbers(weights[unit].tolist(), sheet.digits)
            yield f"  unit {unit + 1}: w = {row}; b = {sheet.number(bias[unit])}"
        yield from _omitted(sheet.units(index), len(bias), "unit")


def _frozen(train_weights: bool, train_bias: bool) -> str:
    if train_weights and train_bias:
        return ""
    if train_weights:
        return " (the bias frozen: no update changes it)"
    frozen = "the weights" if train_bias else "both"
    return f" ({frozen} frozen: no update changes them)"


def _forward(sheet: _Sheet) -> Iterator[str]:
    yield from ("", "Forward", "")
    for layer, z in enumerate(sheet.trace.z):
        source, inputs = ("x", sheet.trace.x) if layer == 0 else (f"a of layer {layer}", sheet.trace.a[layer - 1])
        weights = sheet.trace.before.weights[layer]
        yield (
            f"Layer {layer + 1}: z {_shape(z)} = {source} {_shape(inputs)} · Wᵀ {_shape(weights.T)} "
            f"+ b {_shape(sheet.trace.before.biases[layer])}, then a {_shape(z)}"
        )
        yield f"  {sheet.explain('z', layer, 0).formula}"
        softmax = sheet.engine.activations[layer].slope is None
        largest = ", with the largest z of the sample taken off every z first" if softmax else ""
        yield f"  {sheet.explain('a', layer, 0).formula}{largest}"
        for n in sheet.samples:
            yield f"  {_sample(sheet, n)}:"
            for unit in sheet.units(layer):
                yield f"    {sheet.equations(sheet.explain('z', layer, unit, sample=n))}"
                yield f"    {_activation(sheet, layer, unit, n)}"
            yield from _omitted(sheet.units(layer), z.shape[1], "unit", 4)
        yield from _omitted(sheet.samples, sheet.trace.n, "sample")


def _activation(sheet: _Sheet, layer: int, unit: int, sample: int) -> str:
    explanation = sheet.explain("a", layer, unit, sample=sample)
    if sheet.engine.activations[layer].slope is None:
        # The first line for softmax repeats the formula, the second has the quotient.
        return f"{explanation.ref.symbol} {plain_line(explanation.lines[1], sheet.digits)}"
    return f"{explanation.ref.symbol} = {plain_line(explanation.lines[0], sheet.digits)}"


def _loss(sheet: _Sheet) -> Iterator[str]:
    yield from ("", "Loss", "")
    loss = sheet.explain("loss", 0, 0)
    yield f"  {loss.formula}"
    for n in sheet.samples:
        yield f"  {plain_line(sheet.explain('loss', 0, 0, sample=n).lines[0], sheet.digits)}"
    yield from _omitted(sheet.samples, sheet.trace.n, "sample")
    yield f"  {sheet.sum_of_terms(loss)}"
    if sheet.trace.penalty:
        data, penalty = sheet.number(sheet.trace.data_loss), sheet.number(sheet.trace.penalty)
        yield f"  of which the data {data} and the penalty {penalty}"
        yield from (
            f"  {plain_line(line, sheet.digits)}" for line in loss.lines if str(line[0]).startswith("penalty = ")
        )


def _backward(sheet: _Sheet) -> Iterator[str]:
    yield from ("", "Backward", "")
    for layer in range(len(sheet.trace.z) - 1, -1, -1):
        dz, weights = sheet.trace.dz[layer], sheet.trace.before.weights[layer]
        yield f"Layer {layer + 1}: ∂L/∂a {_shape(dz)} and δ = ∂L/∂z {_shape(dz)}"
        yield from sheet.header(sheet.explain("da", layer, 0))
        yield from sheet.header(sheet.explain("dz", layer, 0))
        for n in sheet.samples:
            yield f"  {_sample(sheet, n)}:"
            for unit in sheet.units(layer):
                yield f"    {sheet.equations(sheet.explain('da', layer, unit, sample=n))}"
                yield f"    {sheet.equations(sheet.explain('dz', layer, unit, sample=n))}"
            yield from _omitted(sheet.units(layer), dz.shape[1], "unit", 4)
        yield from _omitted(sheet.samples, sheet.trace.n, "sample")
        source = f"a of layer {layer}" if layer else "x"
        inputs = input_of(sheet.trace, layer)
        yield f"Layer {layer + 1}: dW {_shape(weights)} = δᵀ {_shape(dz.T)} · {source} {_shape(inputs)}"
        yield f"  {sheet.explain('dw', layer, 0).formula}{_penalty_gradient(sheet)}"
        for unit, input in sheet.weights(layer):
            yield f"    {sheet.sum_of_terms(sheet.explain('dw', layer, unit, input))}"
        yield from _omitted(sheet.weights(layer), weights.size, "weight", 4)
        yield f"Layer {layer + 1}: db {_shape(sheet.trace.db[layer])} = the rows of δ {_shape(dz)} added"
        for unit in sheet.units(layer):
            yield f"    {sheet.sum_of_terms(sheet.explain('db', layer, unit))}"
        yield from _omitted(sheet.units(layer), dz.shape[1], "bias", 4, "biases")


def _penalty_gradient(sheet: _Sheet) -> str:
    training = sheet.engine.experiment.training
    return (", then + l1·sign(w)" if training.l1 else "") + (", then + l2·w" if training.l2 else "")


def _update(sheet: _Sheet) -> Iterator[str]:
    yield from ("", "Update", "")
    for line in learning_rate_lines(sheet.engine, sheet.trace):
        yield f"  {plain_line(line, sheet.digits)}"
    for layer, weights in enumerate(sheet.trace.before.weights):
        yield f"Layer {layer + 1}: W′ {_shape(weights)} = W + ΔW, b′ {_shape(weights[:, 0])} = b + Δb"
        yield f"  {sheet.explain(QuantityKey('w', after=True), layer, 0).formula}"
        for unit, input in sheet.weights(layer):
            yield from _parameter_update(sheet, Ref("w", layer, unit, input))
        yield from _omitted(sheet.weights(layer), weights.size, "weight", 4)
        yield f"  {sheet.explain(QuantityKey('b', after=True), layer, 0).formula}"
        for unit in sheet.units(layer):
            yield from _parameter_update(sheet, Ref("b", layer, unit))
        yield from _omitted(sheet.units(layer), len(weights), "bias", 4, "biases")


def _parameter_update(sheet: _Sheet, ref: Ref) -> Iterator[str]:
    """Write the update of one parameter: on one line if the optimiser has one equation, else a line for each."""
    explanation = explain(sheet.engine, sheet.trace, replace(ref, after=True))
    shared = len(learning_rate_lines(sheet.engine, sheet.trace))
    texts = [plain_line(line, sheet.digits) for line in explanation.lines[shared:]]
    if len(texts) <= 2:
        yield f"    {ref.symbol}: {'; '.join(texts)}"
        return
    yield f"    {ref.symbol}:"
    yield from (f"      {text}" for text in texts)


def _sample(sheet: _Sheet, n: int) -> str:
    """Return ``sample 2``, with its data row if the batch is only a part of the data."""
    rows = sheet.trace.rows
    return f"sample {n + 1}" if rows is None else f"sample {n + 1} (data row {rows[n] + 1:,})"


def _shape(array: Array) -> str:
    return f"({' × '.join(str(size) for size in array.shape)})"


def _omitted(
    shown: range | list[tuple[int, int]], count: int, noun: str, indent: int = 2, plural: str = ""
) -> list[str]:
    omitted = count - len(shown)
    if not omitted:
        return []
    return [f"{' ' * indent}… {pluralize(omitted, f'more {noun}', plural and f'more {plural}')}; {OMISSION_HINT}."]
