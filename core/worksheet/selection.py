"""Which numbers a sheet asks for, works out or gives, so that no number that it asks for stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.parts import same_unit
from nn_tui.core.explain.render_text import exact_text
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Num
from nn_tui.core.refs import Ref
from nn_tui.core.text import plain_number
from nn_tui.core.translation import message
from nn_tui.core.worksheet.backwards import solvable_backwards
from nn_tui.core.worksheet.pass_order import in_pass_order, without_sample
from nn_tui.core.worksheet.request import Request, asked_refs
from nn_tui.core.worksheet.sheet_lines import computation, numbers_in, rest_of, with_blank_result, with_blanks

MAX_QUESTIONS = 400


@dataclass(frozen=True, slots=True)
class Selection:
    """The numbers of a sheet.

    Attributes:
        asked: The numbers that it asks for.
        worked: The numbers that it works out as examples.
        lines: The computation of each of the two.
        known: The other computed numbers that the lines use; the sheet gives them.
        given: The inputs, targets, parameters and numbers of the optimiser's state that the lines use.
    """

    asked: frozenset[Ref]
    worked: frozenset[Ref]
    lines: Mapping[Ref, tuple[Line, ...]]
    known: frozenset[Ref]
    given: frozenset[Ref]


def select(engine: Engine, trace: Trace, request: Request) -> Selection:
    """Return the numbers of a sheet.

    A number that the sheet would give is asked for, too, if it is printed like one that is asked for, or if one can be
    computed back from it. A δ that equals ∂L/∂b, for example, would tell it, and so would ∂L/∂w = δ·a.

    Raises:
        InputError: For a request that is not valid, or that asks for too many numbers.
    """
    if request.is_key:  # the numbers of the sheet, its examples included
        sheet = select(engine, trace, replace(request, is_key=False))
        return _with_factors(engine, trace, sheet.asked | sheet.worked, frozenset(), dict(sheet.lines), is_short=True)
    asked = dict.fromkeys(asked_refs(engine, trace, request))
    _check_count(len(asked))
    worked = set(_first_of_groups(engine, asked)) if request.level == 1 else set()
    for ref in worked:
        del asked[ref]
    cache: dict[Ref, tuple[Line, ...]] = {}
    while True:
        found = _with_factors(engine, trace, frozenset(asked), frozenset(worked), cache, is_short=request.level < 3)
        leaks = _leaks(engine, trace, found, request.digits, cache)
        if not leaks:
            return found
        worked -= set(leaks)
        asked.update(dict.fromkeys(leaks))
        _check_count(len(asked))


def _check_count(count: int) -> None:
    if count > MAX_QUESTIONS:
        problem = message(
            "the sheet would have {count:,} blanks, more than {max:,}; ask for fewer, for example with "
            "--only layer=1,sample=1 or --blank dw1.",
            count=count,
            max=MAX_QUESTIONS,
        )
        raise InputError("too_large", problem, path=("--blank",), value=count)


def _first_of_groups(engine: Engine, asked: Iterable[Ref]) -> list[Ref]:
    """Return the first number of each array of which several are asked."""
    return [refs[0] for _, _, refs in in_pass_order(engine, set(asked)) if len(refs) > 1]


def _with_factors(
    engine: Engine,
    trace: Trace,
    asked: frozenset[Ref],
    worked: frozenset[Ref],
    cache: dict[Ref, tuple[Line, ...]],
    is_short: bool,
) -> Selection:
    """Return a selection with the computations of its numbers, and the numbers that they use.

    Args:
        engine: The engine of the pass.
        trace: The pass.
        asked: The numbers that are asked for.
        worked: The numbers that are worked out.
        cache: The computations that are known already; the others are added.
        is_short: Whether the lines are printed, so that the smaller terms of a long sum are one number.
    """
    for ref in asked | worked:
        if ref not in cache:
            cache[ref] = computation(engine, trace, ref)
    lines = {ref: cache[ref] for ref in asked | worked}
    known, given = set(), set()
    for ref, computed in lines.items():
        for number in (number for line in computed for number in _needed(line, asked, is_short)):
            if number.ref is None or number.ref == ref:
                continue
            source = without_sample(number.ref)
            if number.is_given:
                given.add(source)
            elif source.quantity != "slope" and not source.after and not source.key.is_step:
                known.add(source)
    return Selection(asked, worked, lines, frozenset(known) - asked - worked, frozenset(given))


def _needed(line: Line, asked: frozenset[Ref], is_short: bool) -> Iterator[Num]:
    """Yield the numbers that a person needs for a line."""
    rest = rest_of(line.body) if is_short else None
    if rest is None:
        return numbers_in(line)
    inner = {id(number) for number in numbers_in(rest)}
    if any(number.ref and without_sample(number.ref) in asked for number in numbers_in(rest)):
        inner = set()
    return (number for number in numbers_in(line) if id(number) not in inner)


def _leaks(
    engine: Engine, trace: Trace, selection: Selection, digits: int, cache: dict[Ref, tuple[Line, ...]]
) -> list[Ref]:
    """Return the numbers that the sheet would show and that tell one that it asks for.

    They are printed like it, or it can be computed back from them.
    """
    texts = printed_texts(engine, trace, selection, digits)
    shown = (*selection.known, *selection.worked)
    equal = [ref for ref in shown if texts.would_tell(value_of(engine, trace, ref))]

    def lines_of(ref: Ref) -> tuple[Line, ...]:
        if ref not in cache:
            cache[ref] = computation(engine, trace, ref)
        return cache[ref]

    return equal or solvable_backwards(engine, shown, selection.asked, lines_of)


@dataclass(frozen=True, slots=True)
class PrintedTexts:
    """How numbers are printed.

    Attributes:
        digits: Significant digits.
        asked: What is asked for, without signs.
        given: What is given.
    """

    digits: int
    asked: frozenset[str]
    given: frozenset[str]

    def would_tell(self, value: float) -> bool:
        """Return whether a number on the sheet would tell one that is asked for; one that equals a given does not."""
        is_asked = plain_number(abs(value), self.digits) in self.asked
        return is_asked and plain_number(value, self.digits) not in self.given


def printed_texts(engine: Engine, trace: Trace, selection: Selection, digits: int) -> PrintedTexts:
    """Return how the numbers that are asked for and those that are given are printed."""

    def text(ref: Ref) -> str:
        return plain_number(value_of(engine, trace, ref), digits)

    options = (trace.learning_rate, *engine.optimizer.options.values())
    given = {text(ref) for ref in selection.given}
    given |= {option for value in options for option in (plain_number(value, digits), exact_text(Num(value)))}
    return PrintedTexts(digits, frozenset(text(ref).lstrip("−") for ref in selection.asked), frozenset(given))


def sheet_lines_of(
    ref: Ref, selection: Selection, texts: PrintedTexts, *, halve: bool = False, is_key: bool = False
) -> tuple[Line, ...]:
    """Return the lines of a number as the sheet prints them, with blanks.

    Args:
        ref: The number; it is asked for or worked out.
        selection: The numbers of the sheet.
        texts: How numbers are printed.
        halve: Whether every second number that is given is a blank, too.
        is_key: Whether there are no blanks.
    """
    lines = selection.lines[ref]
    if is_key:
        return lines
    if ref in selection.worked:
        return tuple(with_blanks(line, _hides_in_example(line, ref, selection, texts)) for line in lines)
    blanked = [with_blanks(line, lambda number: _is_hidden(number, ref, selection, texts)) for line in lines]
    blanked[-1] = with_blank_result(blanked[-1])
    return tuple(_halved(line) if halve else line for line in blanked)


def _is_hidden(number: Num, ref: Ref, selection: Selection, texts: PrintedTexts) -> bool:
    """Return whether a number is a blank in the computation of one that is asked for."""
    if number.is_given or number.is_exact or number.value is None:
        return False
    if number.ref is None or without_sample(number.ref) == ref or number.ref.after or number.ref.key.is_step:
        return True
    source = without_sample(number.ref)
    return source in selection.asked or source.quantity == "slope" or texts.would_tell(number.value)


def _hides_in_example(line: Line, ref: Ref, selection: Selection, texts: PrintedTexts) -> Callable[[Num], bool]:
    """Return which numbers of a line that is worked out are blanks.

    They are those that are asked for, the slopes at a z that is asked for, and the numbers that would tell one.
    """

    def is_asked(number: Num) -> bool:
        if number.is_given or number.is_exact or number.value is None:
            return False
        if number.ref is not None:
            source = without_sample(number.ref)
            units = (same_unit(source, "z"), same_unit(source, "a")) if source.quantity == "slope" else ()
            if source in selection.asked or any(unit in selection.asked for unit in units):
                return True
        return texts.would_tell(number.value)

    has_blank = any(map(is_asked, numbers_in(line)))

    def hides(number: Num) -> bool:
        if is_asked(number):
            return True
        is_own = number.ref is not None and without_sample(number.ref) == ref
        is_part = (number.ref is None or number.ref.after) and not is_own and not number.is_given
        return has_blank and is_part and not number.is_exact and number.value != line.value

    return hides


def _halved(line: Line) -> Line:
    """Return a line in which every second of the numbers that are given is a blank."""
    rest = rest_of(line.body)
    inner = {id(number) for number in numbers_in(rest)} if rest else set()
    given = [n for n in numbers_in(line) if n.is_given and n.ref is not None and id(n) not in inner]
    hidden = {id(number) for number in given[1::2]}
    return with_blanks(line, lambda number: id(number) in hidden)


def check_finite(engine: Engine, trace: Trace, refs: Iterable[Ref]) -> None:
    """Raise InputError if one of some numbers is not finite, so that nobody can compute it by hand."""
    for ref in refs:
        if not isfinite(value_of(engine, trace, ref)):
            problem = message(
                "{name} is not a finite number in pass {update:,}; choose an earlier pass.",
                name=ref.symbol,
                update=trace.update,
            )
            raise InputError("not_finite", problem, path=("--updates",), value=trace.update)
