"""The message line: the answer to the last key, or a hint at what can be done next."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import Message
from nn_tui.tui.draw.key_markup import format_keys, split_keys
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, make_strip, to_display
from nn_tui.tui.session.hints import hint
from nn_tui.tui.session.run_names import edits_note
from nn_tui.tui.session.session import Session

WidthOf = Callable[[str], int]

_LAST_PART = re.compile(r"(.+)[.;,:] (?:`[^`]+`|[^`.;:])+\.")
_LAST_SENTENCE = re.compile(r"(.+)[.;] .+?\.")  # the text after a colon may be the main point
_MAX_WORD = 20  # cells; a longer word, such as a path, may be cut


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the message with its keys highlighted."""
    style = palette.style("title" if session.message else "text")
    segments = [Segment(" ", style)]
    room = width - 1

    def width_of(text: str) -> int:
        return cell_len(to_display(format_keys(text, session.key_labels), palette.glyphs.is_ascii))

    message = _fitting_form(session, width_of, room) or edits_note(session)
    text = _shortened(message or hint(session), width_of, room, _LAST_SENTENCE if message else _LAST_PART)
    for piece, is_key in split_keys(text, session.key_labels):
        shown = to_display(piece, palette.glyphs.is_ascii)
        if cell_len(shown) > room:
            shown = fit(shown, max(0, room), ellipsis=palette.glyphs.cut)
        segments.append(Segment(shown, palette.style("title") if is_key else style))
        room -= cell_len(shown)
        if room <= 0:
            break
    return [make_strip(segments, width, style)]


def _fitting_form(session: Session, width_of: WidthOf, room: int) -> str:
    """Return the longest form of the session's message that fits ``room`` cells, or its shortest form."""
    message = session.message
    forms = [str(form) for form in message.forms] if isinstance(message, Message) else [message]
    fitting = (form for form in forms if width_of(form) <= room)
    return next(fitting, forms[-1])


def _shortened(text: str, width_of: WidthOf, room: int, last_part: re.Pattern[str]) -> str:
    """Shorten a text to ``room`` cells: drop whole parts from its end, then words.

    Args:
        text: The text, with its keys marked.
        width_of: Returns the cells of a text as it is shown.
        room: The cells that the text may take.
        last_part: Matches a text that has more than one part; its first group is the text without the last one.

    Returns:
        A text that fits, or one that does not where even its first word is too long.
    """
    while width_of(text) > room and (match := last_part.fullmatch(text)):
        text = f"{match[1]}."
    shorter = text
    while width_of(shorter) > room and " " in shorter.removesuffix(" …"):
        shorter = f"{shorter.removesuffix(' …').rpartition(' ')[0]} …"
    return shorter if width_of(shorter) >= room - _MAX_WORD else text
