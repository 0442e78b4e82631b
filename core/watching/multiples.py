"""Sentences about arrays that are multiples of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.slips import Kind
from nn_tui.core.text import plain_number
from nn_tui.core.translation import Message, all_of, message, message_plural
from nn_tui.core.watching.reasons import with_reason

Cause = Literal[
    "outputs_or_batch", "outputs", "mean_of_sum", "n_minus_1", "mean_left_out", "mean_twice", "no_gradient", ""
]  # fmt: skip
"""Why arrays are multiples of ours; "" if it is not known."""

_SAME = 1e-4  # how much factors may differ, relative to each other
_TINY = 1e-5  # the same, where N / (N − 1) may be near 1


def is_sum_over_outputs(engine: Engine, trace: Trace, factor: float) -> bool:
    """Return whether a factor is that of a loss that is the sum over the outputs, where ours is their mean."""
    outputs = trace.y.shape[1]
    is_mean = engine.loss.per_output and engine.experiment.training.reduction == "mean"
    return is_mean and outputs > 1 and abs(factor - outputs) <= _SAME * outputs


def sums_over_batch(samples: int) -> Message:
    """Return the sentence about gradients that may lack the mean."""
    return message(
        "the gradients are sums over the batch; if you mean the mean, divide them by N = {samples}.", samples=samples
    )


def sum_over_outputs(trace: Trace, names: list[str]) -> Message:
    """Return the sentence about a loss and its gradients of which all are those of the sum over the outputs."""
    outputs = trace.y.shape[1]
    if outputs == trace.n:
        return message(
            "{names} are {outputs} times ours; there are {outputs} outputs and N = {outputs} samples. Your loss is the "
            "sum over the outputs, ours (PyTorch's) their mean: that is no mistake. Or the mean over the batch is left "
            "out.",
            names=all_of(names),
            outputs=outputs,
        )
    return message(
        "{names} are {outputs} times ours; there are {outputs} outputs. Your loss is the sum over the outputs, ours "
        "(PyTorch's) their mean: that is no mistake.",
        names=all_of(names),
        outputs=outputs,
    )


def multiple_of_ours(
    engine: Engine, trace: Trace, names: list[str], factor: float, mistakes: tuple[Kind, ...]
) -> Message:
    """Return the sentence about arrays that are multiples of ours."""
    cause = _cause(engine, trace, names, factor, mistakes)
    text = _sentences(names, factor, trace.n, trace.y.shape[1])[cause]
    return with_reason(text, MISTAKES[mistakes[0]].text) if mistakes and cause in ("", "no_gradient") else text


def _cause(engine: Engine, trace: Trace, names: list[str], factor: float, mistakes: tuple[Kind, ...]) -> Cause:
    samples, is_scaled = trace.n, trace.scale != 1.0
    if is_sum_over_outputs(engine, trace, factor):
        return "outputs_or_batch" if trace.y.shape[1] == samples else "outputs"
    if "loss" not in names and not is_scaled and samples > 1 and abs(factor * samples - 1.0) <= _SAME:
        return "mean_of_sum"
    if is_scaled and samples > 2 and abs(factor * (samples - 1) / samples - 1.0) <= _TINY:
        return "n_minus_1"
    if is_scaled and "mean_left_out" in mistakes:
        return "mean_left_out"
    if is_scaled and "mean_twice" in mistakes:
        return "mean_twice"
    return "no_gradient" if factor == 0.0 else ""


def _sentences(arrays: list[str], multiple: float, samples: int, outputs: int) -> Mapping[Cause, Message]:
    """Return the sentences about arrays by the cause."""
    count, names, factor = len(arrays), all_of(arrays), plain_number(multiple)
    return {
        "outputs_or_batch": message_plural(
            "{names} is {outputs} times ours; there are {outputs} outputs and N = {outputs} samples: the mean over "
            "the outputs or over the batch is left out.",
            "{names} are {outputs} times ours; there are {outputs} outputs and N = {outputs} samples: the mean "
            "over the outputs or over the batch is left out.",
            count, names=names, outputs=outputs,
        ),
        "outputs": message_plural(
            "{names} is {outputs} times ours; there are {outputs} outputs: the mean over the outputs is left out.",
            "{names} are {outputs} times ours; there are {outputs} outputs: the mean over the outputs is left out.",
            count, names=names, outputs=outputs,
        ),
        "mean_of_sum": message_plural(
            "{names} is {factor} times ours; N = {samples}: the loss is a sum over the batch, and this gradient is a "
            "mean.",
            "{names} are {factor} times ours; N = {samples}: the loss is a sum over the batch, and these gradients are "
            "means.",
            count, names=names, factor=factor, samples=samples,
        ),
        "n_minus_1": message_plural(
            "{names} is {factor} times ours; N = {samples}: it is divided by N − 1 in place of N.",
            "{names} are {factor} times ours; N = {samples}: they are divided by N − 1 in place of N.",
            count, names=names, factor=factor, samples=samples,
        ),
        "mean_left_out": message_plural(
            "{names} is {factor} times ours; N = {samples}: the mean over the batch is left out.",
            "{names} are {factor} times ours; N = {samples}: the mean over the batch is left out.",
            count, names=names, factor=factor, samples=samples,
        ),
        "mean_twice": message_plural(
            "{names} is {factor} times ours; N = {samples}: the mean over the batch is taken twice.",
            "{names} are {factor} times ours; N = {samples}: the mean over the batch is taken twice.",
            count, names=names, factor=factor, samples=samples,
        ),
        "no_gradient": message_plural(
            "{names} is 0: no gradient gets there; look for a factor 0, or for detach() in PyTorch.",
            "{names} are 0: no gradient gets there; look for a factor 0, or for detach() in PyTorch.",
            count, names=names,
        ),
        "": message_plural(
            "{names} is {factor} times ours.", "{names} are {factor} times ours.", count, names=names, factor=factor
        ),
    }  # fmt: skip
