"""The notes of the preset above the arithmetic: what the problem teaches, from its opening until the first step."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.key_markup import split_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, text_strip, to_display, wrap
from nn_tui.tui.session.session import Session
from nn_tui.tui.view import Click
from nn_tui.tui.views import arithmetic

_MIN_ARITHMETIC = 4  # lines of the arithmetic that are worth showing below the notes


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the notes while they are shown, and the arithmetic below them if it has room."""
    if not session.notes:
        return arithmetic.draw(session, palette, width, height)
    lines = note_lines(session, palette, width)
    text = palette.style("text")
    if len(lines) > height:
        rest = _key_lines(tr("`o` shows the rest; the first step hides this text."), session, palette, width)
        return [*lines[: max(0, height - len(rest))], *rest][:height]
    if _arithmetic_height(len(lines), height):
        lines.append(text_strip("", width, text))
        lines += arithmetic.draw(session, palette, width, height - len(lines))
    return [*lines, *[text_strip("", width, text)] * (height - len(lines))][:height]


def title(session: Session, palette: Palette) -> str:
    """Return the panel's title: the preset whose notes are shown, or the selected number."""
    if not session.notes:
        return arithmetic.title(session, palette)
    preset = session.experiment.preset
    return to_display(tr("About {dot} {preset}", dot=palette.glyphs.dot, preset=preset.title), palette.glyphs.is_ascii)


def click(session: Session, click: Click) -> Session:
    """Follow the number of the arithmetic that was clicked."""
    if not session.notes:
        return arithmetic.click(session, click)
    used = len(note_lines(session, click.palette, click.width))
    height = _arithmetic_height(used, click.height)
    if not height or click.y <= used:
        return session
    return arithmetic.click(session, replace(click, y=click.y - used - 1, height=height))


def note_lines(session: Session, palette: Palette, width: int) -> list[Strip]:
    """Return the summary and the notes of the preset, and which key shows them again; no lines while hidden."""
    if not session.notes:
        return []
    preset, ascii_only = session.experiment.preset, palette.glyphs.is_ascii
    lines = [
        text_strip(line, width, palette.style(style))
        for part, style in ((preset.summary, "title"), (preset.notes, "text"))
        if part
        for line in wrap(to_display(part, ascii_only), width)
    ]
    return lines + _key_lines(_hidden_by_text(), session, palette, width)


def note_texts(session: Session, glyphs: Glyphs) -> tuple[str, ...]:
    """Return the paragraphs of the notes; none while they are hidden."""
    if not session.notes:
        return ()
    preset = session.experiment.preset
    texts = [to_display(text, glyphs.is_ascii) for text in (preset.summary, preset.notes) if text]
    return *texts, _hidden_by_text()


def count_lines(texts: tuple[str, ...], width: int) -> int:
    """Return the lines that the paragraphs of the notes take."""
    return sum(len(wrap(text, width)) for text in texts)


def _hidden_by_text() -> str:
    return tr("The first step hides this text; `o` shows it again.")


def _key_lines(sentence: str, session: Session, palette: Palette, width: int) -> list[Strip]:
    """Return a sentence in lines, with its keys highlighted."""
    styles = palette.style("dim"), palette.style("title")
    return [
        make_strip(
            [
                Segment(to_display(piece, palette.glyphs.is_ascii), styles[is_key])
                for piece, is_key in split_keys(line, session.key_labels)
            ],
            width,
            palette.style("text"),
        )
        for line in wrap(sentence, width)
    ]


def _arithmetic_height(used: int, height: int) -> int:
    """Return the lines of the arithmetic below ``used`` lines of notes; 0 if there are too few."""
    rest = height - used - 1
    return rest if rest >= _MIN_ARITHMETIC else 0
