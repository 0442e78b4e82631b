"""The text of a change: ``η 0.1 → 0.5``, ``w1[2,1] = 0.3``, ``+2 units in layer 1``."""

from __future__ import annotations

from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.ref_parser import typed_name
from nn_tui.core.run.change import Change, Value
from nn_tui.core.spec import ScheduleSpec
from nn_tui.core.translation import Message, message, message_plural

Text = str | Message
OPTION_SYMBOLS = {"beta1": "β₁", "beta2": "β₂", "eps": "ε"}
"""The options of optimisers that are written as in formulas; other options keep their names."""
_SHOWN_WITHOUT_OLD = ("shuffle", "standardize", "standardize_target")  # switches


def format_value(value: Value) -> Text:
    """Write a value: numbers with 6 digits, ``on`` or ``off``, and ``full`` for the full batch."""
    if value is None:
        return "full"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, ScheduleSpec):
        return schedule_text(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def change_text(change: Change) -> str:
    """Return a change in a few words."""
    return str(change_message(change))


def change_message(change: Change) -> Text:
    """Return a change in a few words, for a message that is shown later."""
    layer = None if change.layer is None else change.layer + 1
    old, new = format_value(change.old), format_value(change.new)
    match change.kind:
        case "start":
            return message("start")
        case "text":
            return change.name
        case "number":
            return _number_text(change, new)
        case "numbers":
            return _numbers_text(change)
        case "rows":
            return message_plural("data: {count} typed sample", "data: {count} typed samples", _count(change.new))
        case "inputs":
            return message("inputs {old} → {new}", old=old, new=new)
        case "setting":
            return _setting_text(change, layer, old, new)
        case "seed":
            return message("seed {seed}", seed=new)
        case "data_seed":
            return message("data seed {seed}", seed=new)
        case "freeze":
            return message("freeze {name}", name=f"{change.name}{layer}")
        case "unfreeze":
            return message("unfreeze {name}", name=f"{change.name}{layer}")
        case "init":
            init = " ".join([change.name, *(f"{key}={format_value(value)}" for key, value in change.options)])
            if layer is None:
                return message("init = {init}", init=init)
            return message("init {layer} = {init}", layer=layer, init=init)
        case "remove_unit":
            return message("−unit {unit} of layer {layer}", unit=(change.unit or 0) + 1, layer=layer)
        case "add_layer":
            return message("+layer {layer}: {units} {activation}", layer=layer, units=new, activation=change.name)
        case "remove_layer":
            return message("−layer {layer}", layer=layer)
        case "units":
            return _units_text(change, layer)


def _number_text(change: Change, new: Text) -> Text:
    if change.ref is None:
        return new
    name = typed_name(change.ref, with_sample=False)
    if change.ref.quantity in ("x", "y"):
        return message("{name} of sample {sample} = {value}", name=name, sample=change.ref.sample + 1, value=new)
    return f"{name} = {new}"


def _numbers_text(change: Change) -> Text:
    ref, count = change.ref, _count(change.new)
    if ref is None:
        return str(count)
    if ref.quantity == "x":
        return message_plural(
            "the input of sample {sample}", "all {count} inputs of sample {sample}", count, sample=ref.sample + 1
        )
    if ref.quantity == "y":
        return message_plural(
            "the target of sample {sample}", "all {count} targets of sample {sample}", count, sample=ref.sample + 1
        )
    if ref.is_weight:
        return message_plural(
            "the weight of layer {layer}", "all {count} weights of layer {layer}", count, layer=ref.layer + 1
        )
    return message_plural(
        "the bias of layer {layer}", "all {count} biases of layer {layer}", count, layer=ref.layer + 1
    )


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _setting_text(change: Change, layer: int | None, old: Text, new: Text) -> Text:
    if change.name in _SHOWN_WITHOUT_OLD:
        return message("{name} {value}", name=change.name, value=new)
    if layer is not None:
        return message("{name} {layer} {old} → {new}", name=change.name, layer=layer, old=old, new=new)
    if not change.options:
        return message("{name} {old} → {new}", name=OPTION_SYMBOLS.get(change.name, change.name), old=old, new=new)
    options = ", ".join(f"{key} {format_value(value)}" for key, value in change.options)
    return message("{name} {old} → {new}, {options}", name=change.name, old=old, new=new, options=options)


def _units_text(change: Change, layer: int | None) -> Text:
    old, new = _count(change.old), _count(change.new)
    if new >= old:
        return message_plural(
            "+{count} unit in layer {layer}", "+{count} units in layer {layer}", new - old, layer=layer
        )
    return message_plural("−{count} unit in layer {layer}", "−{count} units in layer {layer}", old - new, layer=layer)
