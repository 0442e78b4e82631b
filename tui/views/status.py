"""Where am I: the header, the phase strip, the timeline and the line of words, each one or two lines."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.core.engine.steps import PHASES
from nn_tui.tui.draw.key_markup import format_keys, split_keys
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, shorten, to_display
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.display import hint
from nn_tui.tui.session.run_names import comparison_note, displayed, edits_note
from nn_tui.tui.session.session import TABS, Session
from nn_tui.tui.session.timeline import last_update
from nn_tui.tui.views import health

_LAST_PART = re.compile(r"(.+)[.;,:] [^.;:]+\.")
LAST_SENTENCE = re.compile(r"(.+)[.;] .+?\.")  # what follows a colon is what a message is about
_LONGEST_WORD = 20  # cells
_APART = 5  # cells at both ends of the header and, three of them, between its halves
_LEAST_TITLE = 6  # cells of a preset's title that still say something
TAB_TITLES = {"network": "Network", "layer": "Layer", "arithmetic": "Arithmetic", "output": "Output", "loss": "Loss"}


def header(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Preset, architecture, loss, optimiser and η; epoch, update and sample at the right."""
    glyphs, experiment = palette.glyphs, session.experiment
    sizes = ("-" if glyphs.is_ascii else "–").join(map(str, session.engine.sizes))
    names: list[str] = []
    for layer in experiment.layers:
        if not names or names[-1] != layer.activation:
            names.append(layer.activation)
    training = experiment.training
    eta = f"{training.optimizer.name} {glyphs.eta} {training.optimizer.learning_rate:g}"
    loss = training.loss.replace("_", " ")
    dot = f" {glyphs.dot} "
    versus = displayed(comparison_note(session), glyphs)
    right_parts = [versus] if versus else []
    right_parts += [f"epoch {session.trace.epoch}", f"update {session.updates_done}"]
    right_parts.append(f"sample {session.ref.sample + 1} of {session.trace.n}")
    right = dot.join(right_parts)
    shortest = dot.join([_short_sizes(session.engine.sizes, palette), eta])
    if session.trace.rows is not None:
        row = f" (row {int(session.trace.rows[session.ref.sample]) + 1} of {len(session.experiment.data.x)})"
        if _LEAST_TITLE + cell_len(dot + shortest + right + row) + _APART <= width:
            right += row
    left_parts = ["nn-tui", experiment.preset.title, sizes, ", ".join(names), loss, eta]
    while len(left_parts) > 3 and cell_len(dot.join(left_parts)) + cell_len(right) + _APART > width:
        # What the narrow screen can spare first: the loss is in its formula, the activation in the layer's title.
        left_parts.pop(-2 if len(left_parts) > 4 else 0)
    if cell_len(dot.join(left_parts)) + cell_len(right) + _APART > width:
        left_parts[-1] = f"{glyphs.eta} {training.optimizer.learning_rate:g}"
        left_parts[-2] = _short_sizes(session.engine.sizes, palette)
    over = cell_len(dot.join(left_parts)) + cell_len(right) + _APART - width
    if over > 0 and len(left_parts) == 3:  # a title cut says more than η cut
        room = cell_len(left_parts[0]) - over
        left_parts[:1] = [shorten(left_parts[0], room, ellipsis=glyphs.cut)] if room >= _LEAST_TITLE else []
    left = to_display(dot.join(left_parts), glyphs.is_ascii)
    room = max(0, width - cell_len(right) - 2)
    segments = [
        Segment(" ", palette.style("text")),
        Segment(fit(left, room, ellipsis=glyphs.cut), palette.style("title")),
        Segment(right, palette.style("accent")),
    ]
    return [make_strip(segments, width, palette.style("text"))]


def _short_sizes(sizes: tuple[int, ...], palette: Palette) -> str:
    """The layers with those of one size joined: ``2–(6×24)–1``."""
    same = [(size, len(list(group))) for size, group in groupby(sizes)]
    by, to = palette.glyphs.by, "-" if palette.glyphs.is_ascii else "–"
    return to.join(f"({count}{by}{size})" if count > 2 else to.join([str(size)] * count) for size, count in same)


def phases(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The four phases of the pass: done, current, to come; zoom and run state at the right."""
    glyphs = palette.glyphs
    text, dim = palette.style("text"), palette.style("dim")
    now = session.step.phase
    segments = [Segment(" ", text)]
    steps = session.pass_steps
    for index, phase in enumerate(PHASES):
        finished = session.cursor >= steps.after(phase)
        current = phase == now and not finished
        mark = glyphs.done if finished else glyphs.current if current else glyphs.todo
        style = palette.style(phase) if finished or current else dim
        label = f"{mark} {phase}"
        if phase == "loss" and finished:
            label += " " + fmt(session.trace.loss, session.digits or 6, sign=False, glyphs=glyphs).strip()
            # What is wrong needs the room more.
            label += f" in pass {session.trace.update:,}" if width >= 100 and not health.reached(session) else ""
        if index:
            segments.append(Segment(f" {glyphs.arrow} ", dim))
        segments.append(Segment(label, style))
        if current and width >= 70:
            segments += _layers(session, palette, phase)
    state = "playing back" if session.playing_back else "running" if session.running else "paused"
    if session.target is not None:
        state = f"to {session.target:,}"
    right = f"zoom {session.zoom} {glyphs.dot} {state}"
    if session.running and session.target is None:
        right = f"{right} {SPEEDS[session.speed].label}"
    used = sum(segment.cell_length for segment in segments)
    segments += _badge(session, palette, width - used - cell_len(state) - 2)
    used = sum(segment.cell_length for segment in segments)
    if used + cell_len(right) + 2 > width:
        right = state
    gap = width - used - cell_len(right) - 1
    if gap > 0:
        style = palette.style("good") if session.running else dim
        segments += [Segment(" " * gap, text), Segment(right, style), Segment(" ", text)]
    return [make_strip(segments, width, text)]


def _badge(session: Session, palette: Palette, room: int) -> list[Segment]:
    """The first thing that is wrong, or how many there are and the key that shows them, as there is room."""
    found = health.reached(session)
    if not found:
        return []
    key = session.keys.get("i", "i")
    words = (f"{health.short(found, palette)} ({key})", f"{palette.glyphs.warn} {found[0].name} ({key})",
             f"{palette.glyphs.warn}{len(found)} ({key})")  # fmt: skip
    fitting = next((text for text in words if cell_len(text) + 3 <= room), None)
    if fitting is None:
        return []
    return [Segment("   ", palette.style("text")), Segment(fitting, palette.style(found[0].severity))]


def _layers(session: Session, palette: Palette, phase: str) -> list[Segment]:
    """The layers of the phase in progress, in its own order."""
    glyphs = palette.glyphs
    operations = [each for each in session.pass_steps.operations if each.phase == phase]
    order = list(dict.fromkeys(each.layer for each in operations))
    parts = []
    for layer in order[:6]:
        mine = [each for each in operations if each.layer == layer]
        if session.cursor >= mine[-1].end:
            mark, style = glyphs.done, palette.style(phase)
        elif session.cursor > mine[0].start:
            mark, style = glyphs.current, palette.style(phase)
        else:
            mark, style = glyphs.todo, palette.style("dim")
        parts.append(Segment(f" L{layer + 1}{mark}", style))
    return parts


def timeline(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The run as a bar: from update 0 to the furthest reached, with the place on screen marked."""
    glyphs = palette.glyphs
    run, end = session.run, last_update(session)
    text, dim, accent = palette.style("text"), palette.style("dim"), palette.style("accent")
    last = f" {end}" + (f" {glyphs.diverged}" if run.divergence else "")
    room = _timeline_room(session, width)

    def column(update: int) -> int:
        return round(min(update, end) / max(1, end) * (room - 1))

    here = column(session.updates_done)
    bar = [(glyphs.hline_thick, accent)] * here + [(glyphs.hline, dim)] * (room - here)
    for update, mark, style in _marks(session, palette):
        bar[column(update)] = (mark, style)
    bar[here] = (glyphs.node, palette.style("current"))
    segments = [
        Segment(" 0 ", dim),
        *(Segment("".join(mark for mark, _ in same), style) for style, same in groupby(bar, key=itemgetter(1))),
        Segment(last, palette.style("bad") if run.divergence else dim),
        Segment(_which_run(session), text),
    ]
    return [make_strip(segments, width, text)]


def _marks(session: Session, palette: Palette) -> list[tuple[int, str, Style]]:
    """What stands on the timeline beside the cursor, the more important the later: update, character, style."""
    run, glyphs = session.run, palette.glyphs
    out = [(update, "*", palette.style("warn")) for update in session.bookmarks if update <= run.reached]
    out += [(segment.start, glyphs.edit, palette.style("warn")) for segment in run.segments[1:]]
    if run.divergence:
        out.append((run.divergence.update, glyphs.diverged, palette.style("bad")))
    return out


def _timeline_room(session: Session, width: int) -> int:
    """Cells for the bar itself, between the zero and what stands after it."""
    run = session.run
    after = len(f" {last_update(session)}") + (2 if run.divergence else 0) + len(_which_run(session))
    return max(1, width - after - 4)


def _which_run(session: Session) -> str:
    """Which of several runs is on screen."""
    return f" run {session.active + 1} of {len(session.runs)}" if len(session.runs) > 1 else ""


def timeline_hit(session: Session, x: int, width: int) -> int:
    """The update that the timeline shows at column ``x``."""
    room = _timeline_room(session, width)
    return round(min(max(x - 3, 0), room - 1) / max(1, room - 1) * last_update(session))


def words(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The line of words: what the last key did or why it could not, else what can be done next."""
    glyphs = palette.glyphs
    style = palette.style("warn" if session.message else "text")
    segments = [Segment(" ", style)]
    room = width - 1
    message = session.message or edits_note(session)
    said = _shortened(message or hint(session), session, room, LAST_SENTENCE if message else _LAST_PART)
    for piece, is_key in split_keys(said, session.keys):
        text = to_display(piece, glyphs.is_ascii)
        if cell_len(text) > room:
            text = fit(text, max(0, room), ellipsis=glyphs.cut)
        segments.append(Segment(text, palette.style("title") if is_key else style))
        room -= cell_len(text)
        if room <= 0:
            break
    return [make_strip(segments, width, style)]


def _shortened(text: str, session: Session, room: int, last: re.Pattern[str]) -> str:
    """As many of a text's sentences and parts as ``room`` cells hold, at least one: half a sentence says nothing.

    What is one long sentence ends behind a word, unless that is as long as a path.
    """
    while cell_len(format_keys(text, session.keys)) > room and (found := last.fullmatch(text)):
        text = f"{found[1]}."
    shorter = text
    while cell_len(format_keys(shorter, session.keys)) > room and " " in shorter.removesuffix(" …"):
        shorter = f"{shorter.removesuffix(' …').rpartition(' ')[0]} …"
    return shorter if cell_len(format_keys(shorter, session.keys)) >= room - _LONGEST_WORD else text


def tabs(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The views of a narrow screen with their keys."""
    segments = [Segment(" ", palette.style("text"))]
    for tab, label in zip(TABS, _tab_labels(session, palette), strict=True):
        segments.append(Segment(label, palette.style("selected" if tab == session.tab else "dim")))
        segments.append(Segment(" ", palette.style("text")))
    return [make_strip(segments, width, palette.style("text"))]


def _tab_labels(session: Session, palette: Palette) -> list[str]:
    """Each tab with its key, which is its number unless it was moved."""
    keys = (session.keys.get(str(number), str(number)) for number in range(1, len(TABS) + 1))
    ascii_only = palette.glyphs.is_ascii
    return [to_display(f" {key} {TAB_TITLES[tab]} ", ascii_only) for key, tab in zip(keys, TABS, strict=True)]


def tab_hit(session: Session, palette: Palette, x: int) -> int | None:
    """The index of the tab at column ``x``."""
    at = 1
    for index, label in enumerate(_tab_labels(session, palette)):
        end = at + cell_len(label)
        if at <= x < end:
            return index
        at = end + 1
    return None
