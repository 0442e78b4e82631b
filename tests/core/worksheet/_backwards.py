"""Which numbers of a sheet can be computed back from another number on it, by the formulas of a text book."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.expression.nodes import Num
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.worksheet.sheet import Worksheet

Source = frozenset[Ref]
"""Numbers that tell the same: any one of them is enough."""


def shown_numbers(sheet: Worksheet) -> set[Ref]:
    """Return the addresses of the numbers that stand in the tables of a sheet, or are worked out on it."""
    cells = (cell for table in sheet.tables for row in table.rows for cell in row)
    shown = {cell.ref for cell in cells if isinstance(cell, Num) and cell.ref is not None}
    items = (item for section in sheet.sections for group in section.groups for item in group.items)
    return shown | {item.ref for item in items if item.question is None}


def solvable_numbers(run: Run, trace: Trace, sheet: Worksheet) -> set[str]:
    """Return the names of the numbers with a computation that has exactly one unknown, which the sheet asks for."""
    shown, asked = shown_numbers(sheet), {question.ref for question in sheet.questions}
    found = set()
    for ref in shown:
        unknown = {source for source in sources(run.engine, trace, ref, shown) if not source & shown}
        solved = _solved(ref, *unknown) if len(unknown) == 1 else frozenset()
        if not asked.isdisjoint(solved):
            found.add(ref.name)
    return found


def _solved(ref: Ref, source: Source) -> Source:
    """Return which of some numbers that tell the same is found in one step; from a, z would be another one."""
    if len(source) == 1 or ref.quantity in ("slope", "dz"):
        return source
    return frozenset(each for each in source if each.quantity != "z")


def sources(engine: Engine, trace: Trace, ref: Ref, shown: set[Ref]) -> Iterator[Source]:
    """Yield the computed numbers from which a number is computed."""
    layer, unit, n, last = ref.layer, ref.unit, ref.sample, len(trace.z) - 1
    weights, slope = trace.before.weights, engine.activations[layer].slope

    def at(quantity: Quantity, layer: int, unit: int, sample: int = n) -> Ref:
        return Ref(quantity, layer, unit, 0, sample)

    def unit_of(layer: int, unit: int, sample: int = n) -> Source:
        """Return z and a of a unit, of which each tells the other; of a softmax, only a."""
        is_softmax = engine.activations[layer].slope is None
        a, z = at("a", layer, unit, sample), at("z", layer, unit, sample)
        return frozenset({a}) if is_softmax else frozenset({a, z, at("slope", layer, unit, sample)})

    if ref.key.is_from_update:
        yield frozenset({Ref("dw" if ref.is_weight else "db", layer, unit, ref.input)})
        return
    match ref.quantity:
        case "z" if layer:
            for j in weights[layer][unit].nonzero()[0].tolist():
                yield frozenset({at("a", layer - 1, j)})
        case "a":
            for k in range(len(weights[layer])) if slope is None else (unit,):
                yield frozenset({at("z", layer, k)})
        case "slope":
            yield unit_of(layer, unit) - {ref}
        case "term":
            yield unit_of(last, unit)
        case "loss":
            for row in range(trace.n):
                for k in range(trace.y.shape[1]):
                    yield unit_of(last, k, row) | {at("term", 0, k, row)}
        case "da" if layer < last:
            for k in weights[layer + 1][:, unit].nonzero()[0].tolist():
                yield frozenset({at("dz", layer + 1, k)})
        case "da":
            yield unit_of(last, unit)
        case "dz" if layer == last and engine.loss.acts_on == "z":
            yield unit_of(last, unit)
        case "dz" if slope is None:
            for k in range(len(weights[layer])):
                yield frozenset({at("da", layer, k)})
                yield unit_of(layer, k)
        case "dz":
            da, is_identity = at("da", layer, unit), engine.activations[layer].name == "identity"
            # A factor that is 0 leaves the other one open.
            if not (unit_of(layer, unit) & shown and value_of(engine, trace, at("slope", layer, unit)) == 0.0):
                yield frozenset({da})
            if not is_identity and not (da in shown and value_of(engine, trace, da) == 0.0):
                yield unit_of(layer, unit)
        case "dw":
            for row in range(trace.n):
                dz, a = at("dz", layer, unit, row), at("a", layer - 1, ref.input, row)
                is_known = not layer or a in shown
                value = float((trace.a[layer - 1] if layer else trace.x)[row, ref.input])
                if (is_known and value == 0.0) or (dz in shown and trace.dz[layer][row, unit] == 0.0):
                    continue
                yield frozenset({dz})
                if layer:
                    yield frozenset({a})
        case "db":
            for row in range(trace.n):
                yield frozenset({at("dz", layer, unit, row)})
        case "dx":
            for k in weights[0][:, unit].nonzero()[0].tolist():
                yield frozenset({at("dz", 0, k)})
