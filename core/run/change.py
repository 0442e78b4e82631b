"""Changes of a run: what an edit changed, as fields. They are worded only when they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn_tui.core.refs import Ref
from nn_tui.core.spec import ScheduleSpec

ChangeKind = Literal[
    "start",  # no change: the start of a run
    "number",  # one weight, bias, input or target: ref, old, new
    "numbers",  # all weights or biases of a layer, inputs or targets of a sample: ref (of the first), new (count)
    "rows",  # the data are a typed table: old, new (samples)
    "inputs",  # the number of inputs: old, new
    "setting",  # a setting of the training or of the data: name, layer (of an activation), old, new
    "seed",  # initial weights drawn anew: old, new
    "data_seed",  # data, split and batch order drawn anew: old, new
    "freeze",  # name (w or b), layer
    "unfreeze",  # name (w or b), layer
    "init",  # layers drawn anew: name (of the initialisation), layer (None for all layers), options
    "units",  # units added or removed at the end of a layer: layer, old, new
    "remove_unit",  # layer, unit
    "add_layer",  # layer, new (units), name (of the activation)
    "remove_layer",  # layer
    "text",  # any other change: name is its text
]
Value = float | int | bool | str | ScheduleSpec | None
SHAPE_KINDS: frozenset[ChangeKind] = frozenset({"inputs", "units", "remove_unit", "add_layer", "remove_layer"})
SETTING_KINDS: frozenset[ChangeKind] = frozenset({"setting", "seed", "data_seed"})


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changed. A field that has no meaning for the kind keeps its default.

    Attributes:
        kind: The kind of change.
        name: The name of a setting, an initialisation, an activation or a parameter, as people type it.
        layer: The layer, from 0; None for a change of no layer or of all layers.
        unit: The unit, from 0.
        ref: The address of the number that was set. The sample of an input or target is a row of the training data.
        old: The value before; None also for the full batch, and for a number that was not finite.
        new: The value after; None also for the full batch.
        options: Names and values that were set together with the new value.
    """

    kind: ChangeKind
    name: str = ""
    layer: int | None = None
    unit: int | None = None
    ref: Ref | None = None
    old: Value = None
    new: Value = None
    options: tuple[tuple[str, float], ...] = ()

    @property
    def target(self) -> tuple[object, ...]:
        """What is changed: of two changes with the same target, the later one replaces the earlier one."""
        return self.kind, "" if self.kind == "init" else self.name, self.layer, self.unit, self.ref


def setting_change(name: str, old: Value, new: Value, options: tuple[tuple[str, float], ...] = ()) -> Change:
    """Return the change of a setting; ``options`` are other settings that were set together with it."""
    return Change("setting", name, old=old, new=new, options=options)
