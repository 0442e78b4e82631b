"""The moves of the code view: the other framework, the selection along the lines, and a click on a line."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.core.program.values import FRAMEWORK_NAMES
from nn_tui.core.refs import Ref
from nn_tui.core.translation import message
from nn_tui.tui.session.session import Session, select, with_message
from nn_tui.tui.views.code import ref_at
from nn_tui.tui.views.code_listing import listing, shape_of


def next_framework(session: Session) -> Session:
    """Show the program for the next framework, or the code view if it is not chosen."""
    if session.tab != "code":
        text = message("This is the program of this pass: `C` shows it for the other framework.")
        return replace(session, tab="code", message=text)
    names = list(FRAMEWORK_NAMES)
    framework = names[(names.index(session.framework) + 1) % len(names)]
    text = message("The same program for {framework}.", framework=FRAMEWORK_NAMES[framework])
    return replace(session, framework=framework, message=text)


def select_line(session: Session, line: int) -> Session:
    """Select the number of a line, from 0; a line without a number changes nothing."""
    ref = ref_at(session, line)
    return session if ref is None else select(session, ref)


def click_line(session: Session, line: int) -> Session:
    """Select the number of a line, from 0; fold or unfold the array that begins there."""
    name = listing(session).folded_array(line)
    session = select_line(session, line)
    return session if name is None else replace(session, unfolded=session.unfolded ^ {name})


def selected_fold(session: Session) -> int | None:
    """Return the line of the selected number if its array has several lines, which can be folded; else None."""
    code = listing(session)
    line = code.line_of(session.ref)
    return line if line in code.folds else None


def next_number_line(session: Session, direction: int) -> int | None:
    """Return the nearest line with a number below (``direction`` 1) or above (−1) the selected one, if any."""
    code = listing(session)
    selected = code.line_of(session.ref)
    if selected is None:
        selected = -1 if direction > 0 else len(code.lines)
    lines = range(selected + direction, len(code.lines) if direction > 0 else -1, direction)
    return next((line for line in lines if code.ref_at(line, session.ref) is not None), None)


def move_in_array(session: Session, direction: int) -> Session:
    """Select the next (``direction`` 1) or the last (−1) number of the array, row by row; samples stay."""
    ref = session.ref
    shape = shape_of(session, ref.key, ref.layer)
    if not ref.indices:
        return with_message(session, message("{name} is one number.", name=ref.symbol))
    columns = shape[-1] if ref.is_weight else 1
    count = (shape[0] if ref.is_weight else shape[-1]) * columns
    index = ref.unit * columns + ref.input + direction
    return select(session, _at(ref, index, columns)) if 0 <= index < count else session


def _at(ref: Ref, index: int, columns: int) -> Ref:
    if not ref.is_weight:
        return replace(ref, unit=index)
    return replace(ref, unit=index // columns, input=index % columns)
