"""The code view: the program that computes the pass on screen, with the lines of the present stop highlighted."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.explain.explain import value_of
from nn_tui.core.program.values import FRAMEWORK_NAMES, CodeLine
from nn_tui.core.refs import BY_SAMPLE, STATE_LETTERS, Ref
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.canvas import StyledText
from nn_tui.tui.draw.code import CodeRow, draw_code, scroll_to
from nn_tui.tui.draw.legend import MIN_HEIGHT_FOR_LEGEND, LegendItem, draw_legend
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.scales import number_style
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.code_listing import Listing, current_operations, listing, phase_of, shape_of
from nn_tui.tui.views.tips import exact_value

_MAX_CALLED = 3  # numbers of lines in a note
_MIN_HEIGHT_FOR_TWO_ROWS = 10  # lines of the view from which the legend has two rows


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the part of the program around the present stop and the selected number; the panel scrolls it."""
    return draw_window(session, palette, width, height, first_line(session, height))


def title(session: Session, palette: Palette) -> str:
    """Return the title: the framework, and the parameters from which the program goes on."""
    names = list(FRAMEWORK_NAMES)
    framework = tr(
        "{framework} {number}/{count}",
        framework=FRAMEWORK_NAMES[session.framework], number=names.index(session.framework) + 1, count=len(names),
    )  # fmt: skip
    start = tr("weights before update {update:,}", update=session.trace.update)
    return f" {palette.glyphs.dot} ".join([tr("Code"), framework, start])


def code_height(height: int) -> int:
    """Return the lines for the program in a view of ``height`` lines, without the legend."""
    return height - _legend_height(height)


def first_line(session: Session, height: int, top: int | None = None, *, follows_stop: bool = False) -> int:
    """Return which of the visible lines is at the top of a view of ``height`` lines, from 0.

    The selected number is in the view, and the lines of the present stop too if there is room for both; these come
    first if the view follows the stop.

    Args:
        session: The session.
        height: The lines of the view.
        top: The line at the top until now, of the visible ones; None for a new view.
        follows_stop: Whether the stop is new, and not the selection alone.
    """
    code, lines = listing(session), code_height(height)
    count = len(code.rows(session.unfolded))
    selected, current = code.line_of(session.ref), current_lines(session, code) or first_lines(code)
    of_selection = current if selected is None else [selected]
    shown, others = (current, of_selection) if follows_stop else (of_selection, current)
    if not shown:
        return max(0, min(top or 0, count - lines))
    rows = [code.row_of(line, session.unfolded) for line in shown]
    both = [*rows, *(code.row_of(line, session.unfolded) for line in others)]
    if max(both) - min(both) < lines:
        rows = both
    return scroll_to(min(rows), max(rows), top, lines, count)


def first_lines(code: Listing) -> list[int]:
    """Return the line that a pass begins with, if any."""
    return sorted(line for lines in code.computed.values() for line in lines)[:1]


def current_lines(session: Session, code: Listing) -> list[int]:
    """Return the lines that ran the operations of the present stop, from 0, in ascending order.

    For modules of PyTorch it is the line that calls them.
    """
    places = [(each.operation, each.layer) for each in current_operations(session)]
    called = {code.callers[place] for place in places if place in code.callers}
    done = {line for place in places if place not in code.callers for line in code.computed.get(place, ())}
    return sorted(called | done)


def called_lines(session: Session, code: Listing) -> list[int]:
    """Return the lines that made the modules which the present stop called, from 0, in ascending order."""
    places = ((each.operation, each.layer) for each in current_operations(session))
    return sorted({line for place in places if place in code.callers for line in code.computed.get(place, ())})


def draw_window(session: Session, palette: Palette, width: int, height: int, top: int) -> list[Strip]:
    """Draw the program from the visible line ``top`` on, counted from 0, and the legend below it."""
    code, lines = listing(session), code_height(height)
    current, called = current_lines(session, code), called_lines(session, code)
    done = _done_lines(session, code)
    selected = code.line_of(session.ref)
    visible = code.rows(session.unfolded)[top : top + lines]
    rows = [
        CodeRow(
            code.numbers[line],
            words,
            session.step.phase if line in current else phase_of(code.lines[line]),
            is_current=line in current,
            is_called=line in called,
            is_done=line in done,
            is_selected=line == selected,
            notes=_notes(session, palette, code, line),
        )
        for line, words in zip(visible, code.visible_words(visible, session.unfolded), strict=True)
    ]
    strips = draw_code(rows, max(filter(None, code.numbers), default=0), palette, width)
    blank = Strip.blank(width, palette.style("text"))
    legend = _legend_height(height)
    items = _legend(session, palette, code, visible) if legend else []
    drawn = draw_legend(items, palette, width, legend) if legend else []
    return [*strips, *[blank] * (lines - len(strips)), *drawn]


def ref_at(session: Session, line: int) -> Ref | None:
    """Return the address of the number that a click on a line of the program selects; None if it has none."""
    code = listing(session)
    return code.ref_at(code.first_line_of(line), session.ref) if 0 <= line < len(code.lines) else None


def line_tip(session: Session, line: int) -> str | None:
    """Return the tooltip of a line, counted from 0: the exact value of its number."""
    ref = ref_at(session, line)
    return None if ref is None else exact_value(session, ref)


def python_name(code: Listing, session: Session) -> str:
    """Return the name of the selected number in the program, such as ``dw1[1, 0]``; "" if it has none."""
    ref, number = session.ref, code.line_of(session.ref)
    if session.framework == "pytorch" and (ref.quantity in ("dw", "db") or (ref.quantity in ("w", "b") and ref.after)):
        # Each layer is a module for z and one for a.
        array = f"model[{2 * ref.layer}].{'weight' if ref.is_weight else 'bias'}"
        array = array if ref.after else f"{array}.grad"
        return f"{array}[{', '.join(map(str, ref.indices))}]"
    if number is None or code.lines[number].key != ref.key:
        return ""
    if session.framework == "pytorch" and ref.quantity in ("z", "a"):  # they pass from module to module without a name
        return ""
    name: str = ref.quantity
    if ref.is_optimizer_state:
        name = f'{STATE_LETTERS[ref.slot]}["{ref.parameter.value}{ref.layer + 1}"]'
    elif _has_all_samples(code.lines[number]):
        name = f"{name}_train"
    elif ref.has_layer:
        name = f"{name}{ref.layer + 1}"
    sample = session.data_row if _has_all_samples(code.lines[number]) else ref.sample
    indices = (sample, *ref.indices) if ref.quantity in BY_SAMPLE else ref.indices
    return f"{name}[{', '.join(map(str, indices))}]" if indices else name


def _has_all_samples(line: CodeLine) -> bool:
    """Return whether a line assigns the inputs or the targets of the training data, and not those of a batch."""
    return line.key is not None and line.key.quantity in ("x", "y") and not line.operations


def _done_lines(session: Session, code: Listing) -> set[int]:
    """Return the lines whose operations this pass has finished, from 0."""
    ends = {(each.operation, each.layer): each.end for each in session.pass_steps.operations}
    last: dict[int, int] = {}
    for place, lines in code.computed.items():
        # Modules of PyTorch do nothing themselves: the line that calls them did it when it is done.
        for line in () if place in code.callers else lines:
            last[line] = max(last.get(line, 0), ends[place])
    done = {line for line, end in last.items() if end <= session.cursor}
    return done | {line for line, doing in code.helpers.items() if doing in done}


def _notes(session: Session, palette: Palette, code: Listing, number: int) -> tuple[tuple[StyledText, ...], ...]:
    """Return what may stand beside a line, the longest first.

    It is the shape of the array, and before it the selected number if it is computed; where there is room for one of
    them, it is the number with its name. The line that calls modules of PyTorch has the numbers of their lines instead
    of a shape.
    """
    line, is_selected = code.lines[number], number == code.line_of(session.ref)
    text, dim = palette.style("text"), palette.style("dim")
    shape: tuple[StyledText, ...] = ()
    called = called_lines(session, code) if number in code.callers.values() else []
    if called and number in current_lines(session, code):
        numbers = ", ".join(str(code.numbers[each]) for each in called)
        words = tr_plural("calls line {numbers}", "calls lines {numbers}", len(called), numbers=numbers)
        if len(called) > _MAX_CALLED:
            first, last = code.numbers[called[0]], code.numbers[called[-1]]
            words = tr("calls lines {first} to {last}", first=first, last=last)
        shape = ((words, palette.style("forward")),)
    elif line.key is not None:
        shape = ((str(shape_of(session, line.key, line.layer, of_batch=not _has_all_samples(line))), dim),)
    if not (is_selected and session.is_known(session.ref)):
        return (shape,) if shape else ()
    value = value_of(session.engine, session.trace, session.ref)
    digits = fmt(value, session.digits, sign=False, glyphs=palette.glyphs).strip()
    style = number_style(session, palette, session.ref, value)
    named = ((f"{session.ref.symbol} = ", text), (digits, style))
    return ((*named, ("  ", dim), *shape), named) if shape else (named,)


def _legend_height(height: int) -> int:
    if height < MIN_HEIGHT_FOR_LEGEND:
        return 0
    return 2 if height >= _MIN_HEIGHT_FOR_TWO_ROWS else 1


def _legend(session: Session, palette: Palette, code: Listing, visible: Sequence[int]) -> list[LegendItem]:
    """Return the meaning of the marks, and the name of the selected number in Python."""
    glyphs, dim, step = palette.glyphs, palette.style("dim"), session.step
    ran = palette.style("text" if step.phase is None else step.phase)
    last_step, current = tr("last step"), current_operations(session)
    if session.zoom == "unit" and step.unit is not None and step.layer is not None and len(current) == 1:
        units = session.engine.sizes[step.layer + 1]
        last_step = tr("last step: unit {unit} of {count}", unit=step.unit + 1, count=units)
    has_fold = any(line in code.folds and code.folded_array(line) not in session.unfolded for line in visible)
    items: list[LegendItem] = [
        [(f"{glyphs.arrow} ", ran), (last_step, dim)],
        *([[(f"{glyphs.node_open} ", ran), (tr("called there"), dim)]] if called_lines(session, code) else []),
        [(f"{glyphs.done} ", palette.style("text")), (tr("earlier in this pass"), dim)],
        [(tr("selected"), palette.style("selected"))],
        *([[(tr("... enter or a click unfolds it"), dim)]] if has_fold else []),
    ]
    name, symbol, ref = python_name(code, session), session.ref.symbol, session.ref
    if "[" in name and ref.quantity in BY_SAMPLE:
        text = tr(
            "{symbol} of sample {sample} is {name}: Python counts from 0",
            symbol=symbol, sample=ref.sample + 1, name=name,
        )  # fmt: skip
        items.append([(text, dim)])
    elif "[" in name and ref.after:
        text = tr("{symbol} is {name} after this line: Python counts from 0", symbol=symbol, name=name)
        items.append([(text, dim)])
    elif "[" in name:
        items.append([(tr("{symbol} is {name}: Python counts from 0", symbol=symbol, name=name), dim)])
    elif name:
        items.append([(tr("{symbol} is {name}", symbol=symbol, name=name), dim)])
    return [*items, [(tr("right: shape (rows, columns)"), dim)]]
