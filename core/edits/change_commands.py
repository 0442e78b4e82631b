"""A change as people can type it, in the language of :mod:`nn_tui.core.edits.parser`."""

from __future__ import annotations

from collections.abc import Iterable

from nn_tui.core.ref_parser import typed_name
from nn_tui.core.refs import Ref
from nn_tui.core.run.change import Value
from nn_tui.core.run.replay import Segment
from nn_tui.core.spec import ScheduleSpec


def change_commands(segment: Segment) -> tuple[str, ...]:
    """Return the commands that repeat the change that began a segment; none if it cannot be typed.

    Values have all their digits. An input or target can be typed only for the first sample.
    """
    change = segment.change
    if change.ref is not None and change.ref.quantity in ("x", "y") and change.ref.sample:
        return ()
    layer = None if change.layer is None else change.layer + 1
    new = _value(change.new)
    match change.kind:
        case "number" if change.ref is not None:
            return (f"{typed_name(change.ref, with_sample=False)} = {new}",)
        case "numbers" if change.ref is not None:
            return (_numbers(segment, change.ref),)
        case "rows":
            data = segment.experiment.data
            rows = zip(data.points.tolist(), data.y.tolist(), strict=True)
            return ("data = " + "; ".join(f"{_row(x)} -> {_row(y)}" for x, y in rows),)
        case "inputs":
            return (f"inputs = {new}",)
        case "setting" if isinstance(change.new, ScheduleSpec):
            return _schedule(change.new)
        case "setting" if change.name == "optimizer":
            return (f"optimizer = {new} {segment.experiment.training.optimizer.learning_rate!r}",)
        case "setting":
            return (f"{change.name.replace('η', 'eta')}{'' if layer is None else f' {layer}'} = {new}",)
        case "seed":
            return (f"seed = {new}",)
        case "data_seed":
            return (f"data seed = {new}",)
        case "freeze" | "unfreeze":
            return (f"{change.kind} {change.name}{layer}",)
        case "init":
            options = "".join(f" {key}={_value(value)}" for key, value in change.options)
            return (f"init{'' if layer is None else f' {layer}'} = {change.name}{options}",)
        case "units":
            return (f"units {layer} = {new}",)
        case "remove_unit":
            return (f"remove unit {(change.unit or 0) + 1} of layer {layer}",)
        case "add_layer":
            return (f"add layer {layer} {new} {change.name}",)
        case "remove_layer":
            return (f"remove layer {layer}",)
    return ()


def _numbers(segment: Segment, ref: Ref) -> str:
    """Return the text that sets all weights or biases of a layer, or the inputs or targets of the first sample."""
    data, state = segment.experiment.data, segment.state
    match ref.quantity:
        case "x":
            return f"x = {_row(data.x[0].tolist())}"
        case "y":
            return f"y = {_row(data.y[0].tolist())}"
        case "w":
            rows = ", ".join(f"[{', '.join(map(repr, row))}]" for row in state.weights[ref.layer].tolist())
            return f"w{ref.layer + 1} = [{rows}]"
    return f"b{ref.layer + 1} = {_row(state.biases[ref.layer].tolist())}"


def _row(numbers: Iterable[float]) -> str:
    return " ".join(map(repr, numbers))


def _value(value: Value) -> str:
    if value is None:
        return "full"
    if isinstance(value, bool):
        return "on" if value else "off"
    return repr(value) if isinstance(value, float) else str(value)


def _schedule(spec: ScheduleSpec) -> tuple[str, str]:
    options = "".join(f" {key}={int(value) if value.is_integer() else value!r}" for key, value in spec.options)
    warmup = spec.warmup
    start = "warmup = 0" if warmup is None else f"warmup = {warmup.total_iters} start_factor={warmup.start_factor!r}"
    return f"schedule = {spec.name}{options} per={spec.per}", start
