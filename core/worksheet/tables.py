"""The tables of a sheet: the data, the parameters, and other numbers that the sheet gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.parts import input_ref
from nn_tui.core.expression.equations import Listed
from nn_tui.core.expression.nodes import Node, Num, Words, symbol_of
from nn_tui.core.refs import BY_SAMPLE, BY_UNIT, BY_WEIGHT, STATE_LETTERS, QuantityKey, Ref
from nn_tui.core.translation import Message, message
from nn_tui.core.worksheet.pass_order import array_keys

MAX_NUMBERS = 2000
MAX_COLUMNS = 8  # of numbers that were computed before
EMPTY = Listed(())


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: Its title.
        header: The heads of its columns.
        rows: Its rows; the first cell of a row is its head.
    """

    title: Message
    header: tuple[Node, ...]
    rows: tuple[tuple[Node, ...], ...]


def tables_of(engine: Engine, trace: Trace, given: Iterable[Ref], known: Iterable[Ref]) -> tuple[Table, ...]:
    """Return the tables of the numbers that a sheet gives: data, parameters, the optimiser's state, computed numbers.

    Of a layer with a parameter that is given, all parameters are, and all inputs and targets of a sample.

    Raises:
        InputError: There are more numbers than fit on a sheet.
    """
    given, known = set(given), set(known)
    given |= {ref for each in given for ref in _row_of(engine, trace, each)}
    if len(given) + len(known) > MAX_NUMBERS:
        problem = message(
            "the sheet would give {count:,} numbers, more than {max:,}; ask for fewer, or use a smaller network.",
            count=len(given) + len(known),
            max=MAX_NUMBERS,
        )
        raise InputError("too_large", problem, path=("--blank",), value=len(given) + len(known))
    found = {(ref.key, ref.layer) for ref in given | known}
    writer = _TableWriter(engine, trace, given | known)
    tables = []
    if any(ref.quantity in ("x", "y") for ref in given):
        tables.append(writer.data())
    slots = [QuantityKey("state_w", slot) for slot in engine.optimizer.slots]
    tables += [
        writer.parameters(key, layer)
        for layer in range(len(engine.sizes) - 1)
        for key in (QuantityKey("w"), *slots)
        if (key, layer) in found or (_bias_key(key), layer) in found
    ]
    for _, key, layer in array_keys(engine):
        if (key, layer) in found and key.quantity == "dw":
            tables.append(writer.parameters(key, layer))
        elif (key, layer) in found and key.quantity == "db" and (QuantityKey("dw"), layer) not in found:
            tables.append(writer.parameters(QuantityKey("dw"), layer))
    return (*tables, *writer.by_sample([(key, layer) for _, key, layer in array_keys(engine)]))


def _row_of(engine: Engine, trace: Trace, ref: Ref) -> list[Ref]:
    """Return the numbers that stand in the table with a number that is given."""
    if ref.quantity in ("x", "y"):
        inputs = [Ref("x", 0, unit, 0, ref.sample) for unit in range(engine.sizes[0])]
        return inputs + [Ref("y", 0, unit, 0, ref.sample) for unit in range(trace.y.shape[1])]
    return _parameters_of(engine, ref.layer) if ref.is_parameter else [ref]


def _parameters_of(engine: Engine, layer: int) -> list[Ref]:
    inputs, units = engine.sizes[layer : layer + 2]
    weights = [Ref("w", layer, unit, input) for unit in range(units) for input in range(inputs)]
    return [*weights, *(Ref("b", layer, unit) for unit in range(units))]


def _bias_key(key: QuantityKey) -> QuantityKey:
    """Return the key of the biases that belongs to a key of weights."""
    return replace(key, quantity=BY_UNIT[BY_WEIGHT.index(key.quantity)])


@dataclass(frozen=True, slots=True)
class _TableWriter:
    """Writes tables of some numbers of a pass; the cell of any other number is empty."""

    engine: Engine
    trace: Trace
    refs: set[Ref]

    def _cell(self, ref: Ref) -> Node:
        if ref not in self.refs:
            return EMPTY
        return Num(value_of(self.engine, self.trace, ref), ref, is_given=True)

    def _rows(self, names: Iterable[Message], rows: Iterable[Iterable[Ref]]) -> tuple[tuple[Node, ...], ...]:
        return tuple((Words(name), *map(self._cell, row)) for name, row in zip(names, rows, strict=True))

    def data(self) -> Table:
        """Return the table of inputs and targets."""
        columns = sorted({(ref.quantity, ref.unit) for ref in self.refs if ref.quantity in ("x", "y")})
        samples = sorted({ref.sample for ref in self.refs if ref.quantity in ("x", "y")})
        refs = [Ref(quantity, 0, unit) for quantity, unit in columns]
        rows = [[replace(ref, sample=sample) for ref in refs] for sample in samples]
        header = (Words(message("sample")), *map(symbol_of, refs))
        return Table(message("Data"), header, self._rows(map(self._sample, samples), rows))

    def _sample(self, sample: int) -> Message:
        rows = self.trace.rows
        if rows is None:
            return message("{sample}", sample=sample + 1)
        return message("{sample} (data row {row:,})", sample=sample + 1, row=int(rows[sample]) + 1)

    def parameters(self, key: QuantityKey, layer: int) -> Table:
        """Return the table of an array that is indexed like the weights, and of the one for the biases beside it."""
        inputs, units = self.engine.sizes[layer : layer + 2]
        bias, sources = _bias_key(key), [symbol_of(input_ref(layer, input, 0)) for input in range(inputs)]
        header = (Words(message("unit")), *(Words(message("for {source}", source=source)) for source in sources))
        rows = [
            [*(key.at(layer, unit, input) for input in range(inputs)), bias.at(layer, unit)] for unit in range(units)
        ]
        names = [message("{unit}", unit=unit + 1) for unit in range(units)]
        used = [(name, row) for name, row in zip(names, rows, strict=True) if not self.refs.isdisjoint(row)]
        last = Words(message("bias"))
        return _without_empty_columns(
            Table(_parameters_title(key, layer), (*header, last), self._rows(*zip(*used, strict=True)))
        )

    def by_sample(self, keys: Iterable[tuple[QuantityKey, int]]) -> list[Table]:
        """Return tables with a row for each sample and a column for each unit of some arrays."""
        found = {(ref.key, ref.layer, ref.unit) for ref in self.refs if ref.quantity in BY_SAMPLE}
        columns = [(*array, unit) for array in keys for unit in sorted(u for *a, u in found if tuple(a) == array)]
        tables = []
        for start in range(0, len(columns), MAX_COLUMNS):
            refs = [key.at(layer, unit) for key, layer, unit in columns[start : start + MAX_COLUMNS]]
            samples = sorted(
                {n for n in range(self.trace.n) if any(replace(ref, sample=n) in self.refs for ref in refs)}
            )
            rows = [[replace(ref, sample=sample) for ref in refs] for sample in samples]
            header = (Words(message("sample")), *map(symbol_of, refs))
            title = message("Numbers that were computed before")
            tables.append(Table(title, header, self._rows(map(self._sample, samples), rows)))
        return tables


def _without_empty_columns(table: Table) -> Table:
    """Return a table without the columns that have no number."""
    places = [place for place in range(len(table.header)) if any(row[place] is not EMPTY for row in table.rows)]
    rows = tuple(tuple(row[place] for place in places) for row in table.rows)
    return Table(table.title, tuple(table.header[place] for place in places), rows)


def _parameters_title(key: QuantityKey, layer: int) -> Message:
    if key.is_optimizer_state:
        letter = STATE_LETTERS[key.slot]
        return message("Layer {layer}: {letter}, the state of the optimiser", layer=layer + 1, letter=letter)
    if key.quantity == "dw":
        return message("Layer {layer}: ∂L/∂W and ∂L/∂b, computed before", layer=layer + 1)
    return message("Layer {layer}: weights W and biases b", layer=layer + 1)
