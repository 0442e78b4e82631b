"""The program of the pass on screen: its lines, and which line computes which number."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
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
from nn_tui.core.translation import tr_plural
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
        computed: The lines that do each operation, by the operation and its layer. In PyTorch they may be modules.
        callers: The line that calls the modules for each operation, by the operation and its layer; only in PyTorch.
        helpers: The other lines of the functions of a pass, such as ``return``, with the line that does an operation
            and that they run for.
        folds: The first line of each array of the data and the parameters that has several lines, and the line after
            them. The view shows a fold as one line.
        numbers: The number of each line, from 1. A fold counts as one line, because the digits of its numbers decide
            how many it has; None for its other lines.
    """

    program: Program
    lines: tuple[CodeLine, ...]
    sections: tuple[tuple[int, tuple[str, ...]], ...]
    assigned: Mapping[tuple[QuantityKey, int], int]
    computed: Mapping[tuple[Operation, int], Sequence[int]]
    callers: Mapping[tuple[Operation, int], int]
    helpers: Mapping[int, int]
    folds: Mapping[int, int]
    numbers: tuple[int | None, ...]

    def rows(self, unfolded: frozenset[str]) -> tuple[int, ...]:
        """Return the lines that are visible if the arrays with these names are unfolded."""
        return _rows(self, unfolded)

    def row_of(self, line: int, unfolded: frozenset[str]) -> int:
        """Return the place of a line among the visible ones, from 0."""
        return bisect_left(self.rows(unfolded), line)

    def folded_array(self, line: int) -> str | None:
        """Return the name of the array whose fold begins in a line; None if none does."""
        return self.lines[line].text.partition(" = ")[0] if line in self.folds else None

    def visible_words(self, rows: Sequence[int], unfolded: frozenset[str]) -> list[tuple[Word, ...]]:
        """Return the words of visible lines; an array that is folded is ``...``, with the number of its lines."""
        if not rows:
            return []
        words = self.words(rows[0], rows[-1] + 1)
        return [
            words[line - rows[0]] if (name := self.folded_array(line)) is None or name in unfolded else self._fold(line)
            for line in rows
        ]

    def _fold(self, line: int) -> tuple[Word, ...]:
        count = self.folds[line] - line
        text = tr_plural("{count:,} line, folded", "{count:,} lines, folded", count)
        (words,) = python_words((f"{self.folded_array(line)} = ...  # {text}",))
        return words

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
    callers = {place: number for number, line in enumerate(lines) for place in line.runs}
    folds = dict(_folds(code))
    return Listing(
        code, lines, sections, assigned, computed, callers, dict(_helpers(lines)), folds, _numbers(len(lines), folds)
    )


@lru_cache(maxsize=2)
def _rows(code: Listing, unfolded: frozenset[str]) -> tuple[int, ...]:
    hidden = {
        line
        for first, end in code.folds.items()
        if code.folded_array(first) not in unfolded
        for line in range(first + 1, end)
    }
    return tuple(line for line in range(len(code.lines)) if line not in hidden)


def _folds(code: Program) -> Iterator[tuple[int, int]]:
    """Yield the first line of each assignment of several lines in the data and the parameters, and the line after."""
    for start, section in zip(code.starts, code.sections, strict=True):
        if section.name not in ("data", "parameters"):
            continue
        texts = [line.text for line in section.lines]
        first = 0
        while first < len(texts):
            end = first + 1
            if texts[first].partition(" = ")[0].isidentifier():
                while end < len(texts) and texts[end].startswith((" ", "]", ")")):
                    end += 1
                if end - first > 1:
                    yield start + first, start + end
            first = end


def _numbers(count: int, folds: Mapping[int, int]) -> tuple[int | None, ...]:
    inside = {line for first, end in folds.items() for line in range(first + 1, end)}
    numbers, number = list[int | None](), 0
    for line in range(count):
        number += line not in inside
        numbers.append(None if line in inside else number)
    return tuple(numbers)


def _helpers(lines: Sequence[CodeLine]) -> Iterator[tuple[int, int]]:
    """Yield each line of a function of a pass that does no operation, and the line that it runs for.

    It runs for the next line with an operation; behind the last one of the function, for that one. Comments,
    docstrings and blank lines do not run.
    """
    heads = [number for number, line in enumerate(lines) if line.text.startswith("def ")]
    for head in heads:
        inside = takewhile(
            lambda line: not lines[line].text or lines[line].text[0] in " )]", range(head + 1, len(lines))
        )
        body = list(_statements(lines, inside))
        doing = [line for line in body if lines[line].operations]
        for line in body:
            if doing and not lines[line].operations:
                yield line, next((each for each in doing if each > line), doing[-1])


def _statements(lines: Sequence[CodeLine], body: Iterable[int]) -> Iterator[int]:
    """Yield the lines of the body of a function without its docstring, comments and blank lines."""
    is_docstring = False
    for line in body:
        text = lines[line].text.strip()
        quotes = text.count('"""')
        if is_docstring or quotes:
            is_docstring = is_docstring != (quotes == 1)
        elif text and not text.startswith("#"):
            yield line


def current_operations(session: Session) -> list[LayerOperation]:
    """Return the operations of the last step.

    These are the ones since the stop before, at the zoom of the session, and those of the same phase that the last key
    did before them.
    """
    steps, cursor, move = session.pass_steps, session.cursor, session.last_move
    operations = steps.operations_between(steps.previous(cursor, session.zoom) or 0, cursor)
    if operations and (move.update, move.end) == (session.trace.update, cursor):
        earlier = steps.operations_between(move.start, operations[0].start)
        operations = [*(each for each in earlier if each.phase == operations[-1].phase), *operations]
    return operations


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
