"""Names of moments in a run, such as ``3.backward.1.2``: the pass, the phase or operation, the layer and the unit.

Parts may be left out from the right: ``3.backward`` is the end of the backward pass, ``3`` the end of pass 3, and ``0``
the start. An operation may replace the phase, as in ``3.dz.1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from nn_tui.core.engine.steps import PHASES, LayerOperation, Operation, PassSteps
from nn_tui.core.errors import InputError
from nn_tui.core.limits import MAX_PASS
from nn_tui.core.text import parse_int, quote, suggest
from nn_tui.core.translation import message, message_plural

_NAMES: tuple[str, ...] = tuple(dict.fromkeys((*PHASES, *get_args(Operation))))


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in a run.

    Attributes:
        update: The number of the pass; 0 for the start of the run.
        part: A phase or an operation of the pass; "" for all of it.
        layer: The layer, from 0; None for all layers.
        unit: The unit, from 0; None for all units.
    """

    update: int
    part: str = ""
    layer: int | None = None
    unit: int | None = None


def parse_moment(text: str) -> Moment:
    """Parse the name of a moment, which counts layers and units from 1.

    Raises:
        InputError: It is not the name of a moment.
    """
    update_text, *parts = text.strip().lower().split(".")
    update = parse_int(update_text, 0, MAX_PASS)
    numbers = [parse_int(part, 1, MAX_PASS) for part in parts[1:]]
    if update is None or len(numbers) > 2 or None in numbers or (parts and update == 0):
        problem = message(
            "{text} is not a moment; write 3 (after update 3), 3.backward (a phase of pass 3), "
            "3.backward.1 (a layer) or 3.backward.1.2 (a unit); 0 is the start.",
            text=quote(text),
        )
        raise InputError("syntax", problem, value=text)
    if parts and parts[0] not in _NAMES:
        problem = message(
            "{part} is neither a phase nor an operation; the names are: {names}.",
            part=quote(parts[0]),
            names=", ".join(_NAMES),
        )
        raise InputError("not_a_choice", problem, value=parts[0], suggestions=suggest(parts[0], _NAMES))
    layer, unit = ([number - 1 for number in numbers if number is not None] + [None, None])[:2]
    return Moment(update, parts[0] if parts else "", layer, unit)


def cursor_of(moment: Moment, steps: PassSteps) -> int:
    """Return the cursor of a moment in its pass.

    Raises:
        InputError: The pass has no such layer or unit.
    """
    if not moment.part:
        return steps.end
    operations = [item for item in steps.operations if moment.part in (item.phase, item.operation)]
    if moment.layer is None:
        return max(item.end for item in operations)
    found = [item for item in operations if item.layer == moment.layer]
    if not found:
        if moment.part == "loss":
            problem = message("the loss belongs to no layer; write {text}.", text=f"{moment.update}.loss")
            raise InputError("not_found", problem)
        last = max(item.layer for item in operations) + 1
        problem = message_plural("the network has only layer 1.", "the layers go from 1 to {count}.", last)
        raise InputError("not_found", problem, value=moment.layer + 1)
    operation = found[-1]
    if moment.unit is None:
        return operation.end
    count = operation.end - operation.start
    if moment.unit >= count:
        problem = message_plural(
            "layer {layer} has only unit 1.", "layer {layer} has units 1 to {count}.", count, layer=moment.layer + 1
        )
        raise InputError("not_found", problem, value=moment.unit + 1)
    return operation.start + moment.unit + 1


def moment_text(update: int, cursor: int, steps: PassSteps) -> str:
    """Return the shortest name of a cursor in pass ``update``."""
    if cursor <= 0:
        return str(update - 1)
    if cursor >= steps.end:
        return str(update)
    operation = steps.operation_at(cursor)
    if cursor == steps.after(operation.phase):
        return f"{update}.{operation.phase}"
    if cursor < operation.end:
        return f"{update}.{operation.operation}.{operation.layer + 1}.{cursor - operation.start}"
    part = operation.phase if operation is _last_of_layer(steps, operation) else operation.operation
    return f"{update}.{part}.{operation.layer + 1}"


def _last_of_layer(steps: PassSteps, operation: LayerOperation) -> LayerOperation:
    """Return the last operation of the same phase on the same layer."""
    same = (operation.phase, operation.layer)
    return [item for item in steps.operations if (item.phase, item.layer) == same][-1]
