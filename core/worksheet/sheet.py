"""A task sheet as data, which each format writes in its own way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import explain, value_of
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.expression.equations import Equation, Marked
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Num, symbol_of
from nn_tui.core.practice.tolerance import tolerance
from nn_tui.core.preset.from_network import preset_from_network
from nn_tui.core.ref_parser import quantity_name
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Preset
from nn_tui.core.text import one_line
from nn_tui.core.translation import Message, message
from nn_tui.core.worksheet.headings import array_title, phase_title, setup_lines
from nn_tui.core.worksheet.pass_order import in_pass_order
from nn_tui.core.worksheet.picture import Column, columns_of
from nn_tui.core.worksheet.request import Level, Request
from nn_tui.core.worksheet.selection import (
    PrintedTexts,
    Selection,
    check_finite,
    printed_texts,
    select,
    sheet_lines_of,
)
from nn_tui.core.worksheet.sheet_lines import formula_lines
from nn_tui.core.worksheet.tables import Table, tables_of


@dataclass(frozen=True, slots=True)
class Question:
    """A number that a sheet asks for.

    Attributes:
        id: Its number on the sheet, such as ``q12``.
        ref: Its address.
        prompt: What to do, as one sentence.
        answer: The number.
        tolerance: How far from it a right answer may be.
    """

    id: str
    ref: Ref
    prompt: Message
    answer: float
    tolerance: float

    @property
    def quantity(self) -> str:
        """The name of the number, as one types it."""
        return quantity_name(self.ref)


@dataclass(frozen=True, slots=True)
class Item:
    """A number that a sheet works out or asks for.

    Attributes:
        ref: Its address.
        lines: Its computation, with blanks.
        question: What is asked; None for a worked example.
    """

    ref: Ref
    lines: tuple[Line, ...]
    question: Question | None

    @property
    def name(self) -> str:
        """The name of the number, as one types it."""
        return quantity_name(self.ref)


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one array, with their formula."""

    title: Message
    formulas: tuple[Line, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PhaseTasks:
    """A phase of the pass."""

    title: Message
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A task sheet, or its key.

    Attributes:
        title: The title of the preset.
        id: The id of the preset.
        update: The number of the pass.
        seed: The seed.
        level: How much of each line is given.
        digits: Significant digits.
        is_key: Whether it is the key, without blanks.
        has_answers: Whether a file for a program has the answers, too.
        columns: The network.
        setup: The loss, the optimiser and the batch.
        tables: The numbers that are given.
        sections: What to compute.
        instructions: What a student has to know.
        preset: The preset from which the sheet can be made again, with all weights.
    """

    title: str
    id: str
    update: int
    seed: int
    level: Level
    digits: int
    is_key: bool
    has_answers: bool
    columns: tuple[Column, ...]
    setup: tuple[Line, ...]
    tables: tuple[Table, ...]
    sections: tuple[PhaseTasks, ...]
    instructions: tuple[Message, ...]
    preset: Preset

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions, in their order."""
        items = (item for section in self.sections for group in section.groups for item in group.items)
        return tuple(item.question for item in items if item.question)


def worksheet(run: Run, update: int, request: Request) -> Worksheet:
    """Return the sheet of a pass.

    Args:
        run: The run; the sheet's preset is its start.
        update: The number of the pass, from 1.
        request: What the sheet is to be.

    Raises:
        InputError: For a request that is not valid or too large, for a run that diverges before the pass, and for
            numbers that are not finite.
    """
    run.goto(update - 1)
    if run.divergence:
        problem = message("training diverges in pass {number:,}; choose an earlier pass.", number=run.divergence.update)
        raise InputError("diverged", problem, path=("--updates",), value=update)
    engine, trace = run.engine, run.trace(update)
    selection = select(engine, trace, request)
    check_finite(engine, trace, (*selection.asked, *selection.known, *selection.given))
    experiment = engine.experiment
    sections = _sections(engine, trace, selection, request)
    phases = {phase for phase, _, _ in in_pass_order(engine, set(selection.asked | selection.worked))}
    return Worksheet(
        title=one_line(experiment.preset.title),
        id=experiment.preset.id,
        update=trace.update,
        seed=experiment.seed,
        level=request.level,
        digits=request.digits,
        is_key=request.is_key,
        has_answers=request.is_key or request.has_answers,
        columns=columns_of(engine),
        setup=setup_lines(engine, trace, phases),
        tables=tables_of(engine, trace, selection.given, selection.known),
        sections=sections,
        instructions=_instructions(selection, request),
        preset=_preset(run),
    )


def _preset(run: Run) -> Preset:
    """Return the preset of the start of a run, without its notes and its expected result: they may tell an answer."""
    preset = preset_from_network(run.segment(0).experiment, run.state_after(0), 0, is_self_contained=True)
    return replace(preset, notes="", expect=None)


def _instructions(selection: Selection, request: Request) -> tuple[Message, ...]:
    if request.is_key:
        return (message("This is the key: every number that the sheet asks for, with its computation."),)
    texts = [message("Fill in the blanks. Write each result with {digits} significant digits.", digits=request.digits)]
    if selection.worked:
        texts.append(message("A line that has its result is an example."))
    if any(ref.sample for ref in selection.asked | selection.worked):
        texts.append(
            message("Each computation begins with the name of its result; @2 at the end of a name means sample 2.")
        )
    else:
        texts.append(message("Each computation begins with the name of its result."))
    return tuple(texts)


def _sections(engine: Engine, trace: Trace, selection: Selection, request: Request) -> tuple[PhaseTasks, ...]:
    texts = printed_texts(engine, trace, selection, request.digits)
    sections: dict[str, list[Group]] = {}
    number = 0
    for phase, (key, layer), refs in in_pass_order(engine, set(selection.asked | selection.worked)):
        items = []
        for ref in refs:
            lines = _lines(ref, selection, texts, request)
            question = None
            if ref in selection.asked:
                number += 1
                question = _question(engine, trace, ref, f"q{number}", lines, request)
            items.append(Item(ref, lines, question))
        formulas = formula_lines(explain(engine, trace, refs[0]))
        sections.setdefault(phase, []).append(Group(array_title(key, layer), formulas, tuple(items)))
    return tuple(PhaseTasks(phase_title(phase), tuple(groups)) for phase, groups in sections.items())


def _lines(ref: Ref, selection: Selection, texts: PrintedTexts, request: Request) -> tuple[Line, ...]:
    if request.level == 3 and not request.is_key:
        return (Line("value", Equation((symbol_of(ref), Marked(Num(0.0), "blank")))),)
    halve = request.level == 2 and not request.is_key
    return sheet_lines_of(ref, selection, texts, halve=halve, is_key=request.is_key)


def _question(engine: Engine, trace: Trace, ref: Ref, id: str, lines: tuple[Line, ...], request: Request) -> Question:
    answer = value_of(engine, trace, ref)
    prompt = _prompt(ref, "; ".join(line_text(line, request.digits) for line in lines), request)
    return Question(id, ref, prompt, answer, tolerance(engine, trace, ref, request.digits))


def _prompt(ref: Ref, lines: str, request: Request) -> Message:
    """Return what to do; the key has no line, because that would have the answer in it."""
    symbol, sample = ref.symbol, ref.sample + 1
    has_sample = ref.quantity in BY_SAMPLE
    if request.level == 3 or request.is_key:
        if has_sample:
            return message("Compute {symbol} of sample {sample}.", symbol=symbol, sample=sample)
        return message("Compute {symbol}.", symbol=symbol)
    if has_sample:
        return message("Compute {symbol} of sample {sample}: {lines}", symbol=symbol, sample=sample, lines=lines)
    return message("Compute {symbol}: {lines}", symbol=symbol, lines=lines)
