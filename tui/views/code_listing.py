"""The program of the pass on screen: its lines, and which line computes which number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import ReferenceType
from weakref import ref as weak

from nn_tui.core.engine.computed import operation_of
from nn_tui.core.engine.steps import BACKWARD, LayerOperation, Operation, Phase
from nn_tui.core.engine.trace import State
from nn_tui.core.program.values import CodeLine, Framework, Program
from nn_tui.core.refs import BY_SAMPLE, QuantityKey, Ref
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.draw.python_tokens import Word, python_words
from nn_tui.tui.session.session import Session

_PHASES: Mapping[Operation, Phase] = {
    "z": "forward", "a": "forward", "loss": "loss", "update": "update", **dict.fromkeys(BACKWARD, "backward"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A program as lines.

    Attributes:
        program: The program.
        lines: Its lines; joined, they are its text.
        sections: The text of each section: its first line, from 0, and its lines.
        assigned: The line that assigns each array that the screen has too, by the key and the layer of the array.
        computed: The lines that do each operation, by the operation and its layer.
    """

    program: Program
    lines: tuple[CodeLine, ...]
    sections: tuple[tuple[int, tuple[str, ...]], ...]
    assigned: Mapping[tuple[QuantityKey, int], int]
    computed: Mapping[tuple[Operation, int], Sequence[int]]

    def words(self, first: int, last: int) -> list[tuple[Word, ...]]:
        """Return the words of the lines from ``first`` to before ``last``.

        Only the sections of these lines are read. Most sections are those of the pass before, whose words are cached.
        """
        found: list[tuple[Word, ...]] = [()] * (last - first)
        for start, texts in self.sections:
            shown = range(max(first, start), min(last, start + len(texts)))
            words = python_words(texts) if shown else ()
            for line in shown:
                found[line - first] = words[line - start]
        return found

    def line_of(self, ref: Ref) -> int | None:
        """Return the line that computes a number, from 0; None if the program does not have the number."""
        layer = ref.layer if ref.has_layer else 0
        line = self.assigned.get((ref.key, layer))
        if line is not None:
            return line
        operation = operation_of(ref.key)
        if operation is None:
            return None
        return next(iter(self.computed.get((operation, -1 if operation == "loss" else layer), ())), None)

    def first_line_of(self, line: int) -> int:
        """Return the first line of the array that a line is a part of; the line itself if it is not one of its rows."""
        first = line
        while first and self.lines[first].text.startswith((" ", "]", ")")):
            first -= 1
        return line if self.lines[first].key is None else first

    def ref_at(self, line: int, ref: Ref) -> Ref | None:
        """Return the address of the number of a line that is nearest to ``ref``; None for a line without numbers."""
        code = self.lines[line]
        if code.key is not None:
            return code.key.at(max(code.layer, 0), ref.unit, ref.input, ref.sample)
        if not code.operations:
            return None
        of_layer = [each for each in code.operations if each[1] == ref.layer] or list(code.operations)
        operation, layer = next((each for each in of_layer if each[0] == "dw"), of_layer[-1])
        key = QuantityKey("w", after=True) if operation == "update" else QuantityKey(operation)
        return key.at(max(layer, 0), ref.unit, ref.input, ref.sample)


@dataclass(frozen=True, slots=True)
class _Start:
    """The start of a pass. Two are equal if they are of the same run, which computes the same numbers each time."""

    run: ReferenceType[Run]
    updates: int
    experiment: Experiment = field(compare=False)
    state: State = field(compare=False)


def listing(session: Session) -> Listing:
    """Return the program that computes the pass on screen: it goes on from the parameters before that pass."""
    start = _Start(weak(session.run), session.trace.update - 1, session.experiment, session.trace.before)
    return _listing(start, session.framework)


@lru_cache(maxsize=2)
def _listing(start: _Start, framework: Framework) -> Listing:
    # Imported here, because the start of the app waits for every import.
    from nn_tui.core.program.program import program

    checkpoint = Checkpoint(start.experiment, start.state, start.updates)
    code = program(checkpoint, start.experiment.preset.id, framework)
    lines = code.lines
    texts = (tuple(line.text for line in section.lines) for section in code.sections)
    sections = tuple(zip(code.starts, texts, strict=True))
    assigned: dict[tuple[QuantityKey, int], int] = {}
    computed: dict[tuple[Operation, int], list[int]] = {}
    for number, line in enumerate(lines):
        if line.key is not None:
            place = (line.key, max(line.layer, 0))
            if place not in assigned or (line.operations and not lines[assigned[place]].operations):
                assigned[place] = number  # the line of the pass, if there is one
        for operation in line.operations:
            computed.setdefault(operation, []).append(number)
    return Listing(code, lines, sections, assigned, computed)


def current_operations(session: Session) -> list[LayerOperation]:
    """Return the operations of the present stop: those since the stop before, at the zoom of the session."""
    steps, cursor = session.pass_steps, session.cursor
    return steps.operations_between(steps.previous(cursor, session.zoom) or 0, cursor)


def phase_of(line: CodeLine) -> Phase | None:
    """Return the phase that a line is a part of; None if it is no part of a pass."""
    return _PHASES[line.operations[0][0]] if line.operations else None


def shape_of(session: Session, key: QuantityKey, layer: int, *, of_batch: bool = True) -> tuple[int, ...]:
    """Return the shape of an array of a layer in a program: the samples of the batch are rows, or all of the data."""
    sizes, samples = session.engine.sizes, session.trace.n if of_batch else len(session.experiment.data.x)
    if key.is_weight:
        return sizes[layer + 1], sizes[layer]
    if key.quantity == "loss":
        return ()
    if key.quantity in BY_SAMPLE:
        units = sizes[0] if key.quantity == "x" else sizes[-1] if key.quantity in ("y", "term") else sizes[layer + 1]
        return samples, sizes[layer] if key.quantity == "dx" else units
    return (sizes[layer + 1],)
