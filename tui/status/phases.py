"""The phase bar: the four phases of the pass, the first health problem, the zoom and whether training runs."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.display.number_text import fmt
from nn_tui.core.engine.steps import PHASES, Phase
from nn_tui.core.refs import Ref
from nn_tui.core.run.metrics import batch_mistakes
from nn_tui.core.translation import Message, message, tr, tr_plural
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import first_fitting, make_strip
from nn_tui.tui.session.choices import PHASE_NAMES, SPEEDS, ZOOM_NAMES
from nn_tui.tui.session.scales import number_style
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import health

_MIN_WIDTH_UPDATE = 100  # cells from which the loss also says that it is older than the parameters
_MIN_WIDTH_LAYERS = 70  # cells from which the current phase also lists its layers
_MAX_LAYERS = 6


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the phases as done, current or to come, and the state of the run at the right."""
    text, state = palette.style("text"), _run_state(session)
    segments = [Segment(" ", text), *_phases(session, palette, width)]
    segments += _finding(session, palette, width - _length(segments) - cell_len(state) - 2)
    room = width - _length(segments) - 2
    right = first_fitting([_zoom_and_state(session, palette), state], room)
    if right is not None:
        style = palette.style("good" if session.running else "dim")
        segments += [Segment(" " * (room + 1 - cell_len(right)), text), Segment(right, style), Segment(" ", text)]
    return [make_strip(segments, width, text)]


def _length(segments: list[Segment]) -> int:
    return sum(segment.cell_length for segment in segments)


def _phases(session: Session, palette: Palette, width: int) -> list[Segment]:
    """Return the phases with arrows between them; the loss with its value, the current phase with its layers."""
    glyphs, dim = palette.glyphs, palette.style("dim")
    segments: list[Segment] = []
    for phase in PHASES:
        is_done = session.cursor >= session.pass_steps.after(phase)
        is_current = phase == session.step.phase and not is_done
        mark = glyphs.done if is_done else glyphs.current if is_current else glyphs.todo
        if segments:
            segments.append(Segment(f" {glyphs.arrow} ", dim))
        style = palette.style(phase) if is_done or is_current else dim
        segments.append(Segment(f"{mark} {PHASE_NAMES[phase]}", style))
        if phase == "loss" and is_done:
            loss_style = number_style(session, palette, Ref("loss"), session.trace.loss)
            segments += [
                Segment(str(text), loss_style if name == "loss" else style)
                for text, name in _loss_value(session, palette, width).parts()
            ]
        if is_current and width >= _MIN_WIDTH_LAYERS:
            segments += _layers(session, palette, phase)
    return segments


def _loss_value(session: Session, palette: Palette, width: int) -> Message:
    """Return what follows the name of the loss: its value, for a perceptron the mistakes, and the update if it fits."""
    loss = fmt(session.trace.loss, session.digits or 6, sign=False, glyphs=palette.glyphs).strip()
    number, total = session.trace.update, session.trace.n
    # After the update, this is the loss of the parameters before it. A health problem needs the room more.
    is_older = session.updates_done == number
    names_update = is_older and width >= _MIN_WIDTH_UPDATE and not health.current_findings(session)
    if session.engine.loss.is_mistake_driven:  # this loss can be 0 while predictions are wrong
        wrong = batch_mistakes(session.engine, session.trace)
        if names_update:
            return message(
                " {loss}, {wrong} of {total} wrong before update {number}",
                loss=loss,
                wrong=wrong,
                total=total,
                number=number,
            )
        return message(" {loss}, {wrong} of {total} wrong", loss=loss, wrong=wrong, total=total)
    if names_update:
        return message(" {loss} before update {number}", loss=loss, number=number)
    return message(" {loss}", loss=loss)


def _layers(session: Session, palette: Palette, phase: Phase) -> list[Segment]:
    """Return the layers of the current phase in the order in which it computes them: done, current or to come."""
    glyphs = palette.glyphs
    blocks = [block for block in session.pass_steps.operations if block.phase == phase]
    segments = []
    for layer in list(dict.fromkeys(block.layer for block in blocks))[:_MAX_LAYERS]:
        of_layer = [block for block in blocks if block.layer == layer]
        if session.cursor >= of_layer[-1].end:
            mark, style = glyphs.done, palette.style(phase)
        elif session.cursor > of_layer[0].start:
            mark, style = glyphs.current, palette.style(phase)
        else:
            mark, style = glyphs.todo, palette.style("dim")
        segments.append(Segment(f" L{layer + 1}{mark}", style))
    return segments


def _finding(session: Session, palette: Palette, room: int) -> list[Segment]:
    """Return the first health problem, or how many there are, with the key that shows them; empty without room."""
    findings = health.current_findings(session)
    if not findings:
        return []
    key, warn = session.key_labels.get("i", "i"), palette.glyphs.warn
    count = tr_plural("{sign} {count} problem", "{sign} {count} problems", len(findings), sign=warn)
    longest_first = (health.summary(findings, palette), f"{warn} {findings[0].name}", count, f"{warn} {len(findings)}")
    label = first_fitting([f"{text} ({key})" for text in longest_first], room - 3)
    if label is None:
        return []
    return [Segment("   ", palette.style("text")), Segment(label, palette.style(findings[0].severity))]


def _run_state(session: Session) -> str:
    if session.goal is not None:
        return tr("to a goal")
    if session.target is not None:
        return tr("to {update:,}", update=session.target)
    if session.playing_back:
        return tr("playing back")
    return tr("running") if session.running else tr("paused")


def _zoom_and_state(session: Session, palette: Palette) -> str:
    key = session.key_labels.get("z", "z")
    zoom = tr("zoom {zoom} ({key})", zoom=ZOOM_NAMES[session.zoom], key=key)
    return f"{zoom} {palette.glyphs.dot} {_run_state_and_speed(session)}"


def _run_state_and_speed(session: Session) -> str:
    if session.target is not None or session.goal is not None or not session.running:
        return _run_state(session)
    speed = SPEEDS[session.speed].label
    return tr("playing back at {speed}", speed=speed) if session.playing_back else tr("running at {speed}", speed=speed)
