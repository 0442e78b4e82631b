"""The text of a lesson: the step, its question, and what became of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.lesson_state import LessonState
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.lesson_paragraphs import LessonParagraph, paragraphs

_MAX_COLUMN = 56  # cells up to which the text is a column, which has room for blank lines
_CODE = re.compile(r"`([^`]+)`")
_CODE_SPACE = "\ue000"  # stands for a space at which no line ends
_NAV_SPACE = 2  # cells between the title and the step


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    style: str
    prefix: str = ""
    starts_in_code: bool = False


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the text; the last line is an ellipsis if there is no room for all of it."""
    state, base = session.lesson, palette.style("text")
    if state is None or width < 1:
        return [make_strip([], width, base)] * height
    strips = [
        _title_strip(line, state, palette, width, is_first=not y)
        for y, line in enumerate(_titles(state, palette.glyphs, width))
    ]
    strips += [_strip(line, palette, width) for line in _lines(session, palette.glyphs, width)]
    if len(strips) > height:
        strips = [
            *strips[: height - 1],
            text_strip(palette.glyphs.ellipsis, width, palette.style("dim"), ellipsis=palette.glyphs.cut),
        ]
    return [*strips, *[make_strip([], width, base)] * (height - len(strips))][:height]


def count_lines(session: Session, glyphs: Glyphs, width: int) -> int:
    """Return the lines that the whole text takes."""
    if session.lesson is None:
        return 0
    return len(_titles(session.lesson, glyphs, width)) + len(_lines(session, glyphs, width))


def hit(session: Session, glyphs: Glyphs, width: int, x: int, y: int) -> str | None:
    """Return the action of the sign ‹ or › at a point of the text; None where there is none."""
    if session.lesson is None or y:
        return None
    nav = _nav(session.lesson, glyphs)
    start = width - cell_len(nav)
    if not start <= x < width:
        return None
    return "lesson_back" if x < start + cell_len(nav) // 2 else "lesson_next"


def _nav(state: LessonState, glyphs: Glyphs) -> str:
    """Return the number of the step between the signs that lead to its neighbours."""
    left, right = ("<", ">") if glyphs.is_ascii else ("‹", "›")
    if state.is_at_end:
        return to_display(tr("{left} the end {right}", left=left, right=right), glyphs.is_ascii)
    return to_display(
        tr(
            "{left} step {number} of {count} {right}",
            left=left, right=right, number=state.index + 1, count=len(state.lesson.steps),
        ),
        glyphs.is_ascii,
    )  # fmt: skip


def _titles(state: LessonState, glyphs: Glyphs, width: int) -> list[str]:
    return wrap(
        to_display(state.lesson.title, glyphs.is_ascii), max(8, width - cell_len(_nav(state, glyphs)) - _NAV_SPACE)
    )


def _title_strip(text: str, state: LessonState, palette: Palette, width: int, *, is_first: bool) -> Strip:
    nav = _nav(state, palette.glyphs) if is_first else ""
    segments = [
        Segment(fit(text, width - cell_len(nav), ellipsis=palette.glyphs.cut), palette.style("title")),
        Segment(nav, palette.style("accent")),
    ]
    return make_strip(segments, width, palette.style("text"))


def _lines(session: Session, glyphs: Glyphs, width: int) -> list[_Line]:
    """Return the wrapped paragraphs, with blank lines between them if the text is a column."""
    lines: list[_Line] = []
    for paragraph in paragraphs(session, glyphs):
        if width <= _MAX_COLUMN and not paragraph.continues:
            lines.append(_Line("", "text"))
        lines += _wrapped(paragraph, session.key_labels, glyphs.is_ascii, width)
    return lines


def _wrapped(
    paragraph: LessonParagraph, key_labels: Mapping[str, str], ascii_only: bool, width: int
) -> Iterator[_Line]:
    prefix = to_display(paragraph.prefix, ascii_only)
    indent = " " * cell_len(prefix)
    text = _CODE.sub(lambda match: f"`{key_labels.get(match[1], match[1])}`", paragraph.text)
    text = _CODE.sub(lambda match: match[0].replace(" ", _CODE_SPACE), to_display(text, ascii_only))
    in_code = False
    for number, line in enumerate(wrap(text, max(1, width - len(indent)))):
        yield _Line(line.replace(_CODE_SPACE, " "), paragraph.style, indent if number else prefix, in_code)
        in_code ^= line.count("`") % 2 == 1


def _strip(line: _Line, palette: Palette, width: int) -> Strip:
    style = palette.style(line.style)
    segments = [Segment(line.prefix, style)] if line.prefix else []
    for index, piece in enumerate(line.text.split("`")):
        if piece:
            is_code = (index % 2 == 1) != line.starts_in_code
            segments.append(Segment(piece, palette.style("accent") if is_code else style))
    return make_strip(segments, width, palette.style("text"))
