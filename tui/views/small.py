"""What stands alone on a terminal with no room for a view: where the run is, what the last key did, what would help."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from nn_tui.core.engine.steps import PHASES
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import cells, crop, text_strip, wrap
from nn_tui.tui.draw.words import keyed, plain
from nn_tui.tui.session.display import hint
from nn_tui.tui.session.run_names import changed_here
from nn_tui.tui.session.session import Session, phase_of
from nn_tui.tui.views.status import LAST_SENTENCE

_WIDEST = 40  # cells of the sentence on sizes
_WIDEST_WORDS = 60
_OPERATIONS = {"dz": "δ", "dw": "dW"}


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """The place in the run, on one cell its first letter; then, as there is room, what else is worth saying."""
    glyphs = palette.glyphs
    text, title = palette.style("text"), palette.style("title")
    place = _place(session, glyphs, width)
    problem, least = f"{width}{glyphs.by}{height} is too small", f"make it 60{glyphs.by}20"
    if height == 1 and cells(whole := f"{place} {glyphs.dot} {problem}: {least}.") <= width:
        place = whole
    room = height - 1
    # The more important first: each takes of the lines what it needs.
    advices = [[f"{problem}:", f"{least}."], [f"{problem}."], []]
    message = session.message or changed_here(session)
    words, advice = _both(message, advices, session, glyphs, width, room)
    room -= len(words)
    longer = [f"{problem}:", *wrap(f"{least}, or 80{glyphs.by}24 for all views.", min(width, _WIDEST))]
    advice = _first([longer, advice], width, room)
    room -= len(advice)
    name = _first([[plain(f"nn-tui {glyphs.dot} {session.experiment.preset.title}", glyphs.is_ascii)]], width, room)
    room -= len(name)
    leave = _first([[keyed("`q` leaves.", session.keys)]], width, room)
    if not message:
        words, _ = _both(hint(session), [[]], session, glyphs, width, room - len(leave))
    said = palette.style("warn") if session.message else text
    parts = [
        [*((line, text) for line in name), (place, title)],
        [(line, said) for line in words],
        [(line, text) for line in (*advice, *leave)],
    ]
    return _centred([part for part in parts if part], width, height, text)


def _centred(parts: list[list[tuple[str, Style]]], width: int, height: int, base: Style) -> list[Strip]:
    """The lines of all parts in the middle, an empty line between two parts where there is room for all of them."""
    apart = sum(map(len, parts)) + len(parts) - 1 <= height
    lines: list[tuple[str, Style]] = []
    for part in parts:
        lines += [("", base)] if apart and lines else []
        lines += [(" " * ((width - cells(line)) // 2) + line, style) for line, style in part]
    above = [("", base)] * ((height - len(lines)) // 2)
    below = [("", base)] * (height - len(lines) - len(above))
    return [text_strip(line, width, style) for line, style in (*above, *lines, *below)]


def _place(session: Session, glyphs: Glyphs, width: int) -> str:
    """Updates done and the place in the pass, in as many words as the width has room for: at least one letter."""
    done, dot = session.updates_done, f" {glyphs.dot} "
    state, mark, more = _state(session, glyphs)
    texts = [f"update {done:,}{dot}{mark}{state}{dot}{more}"] if more else []
    texts += [
        f"update {done:,}{dot}{mark}{state}",
        f"update {done:,}{dot}{state}",
        f"{done:,}{dot}{state}",
        f"{done:,} {state}",
        f"{done}{state[0]}",
        state[0],
    ]
    fitting = (each for text in texts if cells(each := plain(text, glyphs.is_ascii)) <= width)
    return next(fitting, crop(state, width))


def _state(session: Session, glyphs: Glyphs) -> tuple[str, str, str]:
    """What goes on, or the phase with its mark as in the line of phases and what was computed last."""
    if session.running:
        to = "" if session.target is None else f"to {session.target:,}"
        return ("playing back" if session.backwards else "running"), "", to
    phase = phase_of(session)
    if phase is None:
        return PHASES[0], f"{glyphs.todo} ", ""
    if session.at >= session.course.after(phase):
        return phase, f"{glyphs.done} ", ""
    stop = session.stop
    operation = _OPERATIONS.get(str(stop.operation), str(stop.operation))
    layer = "" if stop.layer is None else f" of layer {stop.layer + 1}"
    unit = "" if stop.unit is None else f", unit {stop.unit + 1}"
    return phase, f"{glyphs.current} ", f"{operation}{layer}{unit}"


def _both(
    text: str, advices: list[list[str]], session: Session, glyphs: Glyphs, width: int, room: int
) -> tuple[list[str], list[str]]:
    """The lines of a text and of an advice beside it, together in ``room`` lines of whole words.

    A longer text before a longer advice; it ends with a whole sentence, or has no line.
    """
    while text:
        said = plain(keyed(text, session.keys), glyphs.is_ascii)
        lines = wrap(said, min(width, _WIDEST_WORDS))
        advice = _first([each for each in advices if len(each) + len(lines) <= room], width, room)
        if len(lines) + len(advice) <= room and max(map(cells, said.split())) <= width:
            return lines, advice
        found = LAST_SENTENCE.fullmatch(text)
        text = "" if found is None else f"{found[1]}."
    return [], _first(advices, width, room)


def _first(choices: list[list[str]], width: int, room: int) -> list[str]:
    """The first of several texts whose lines have room; none where no one has."""
    return next((one for one in choices if len(one) <= room and all(cells(line) <= width for line in one)), [])
