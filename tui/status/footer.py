"""The footer: the keys that can act now, the most important ones first, as many as fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import make_strip, to_display
from nn_tui.tui.keys.answer_keys import ANSWER_KEYS, BETWEEN_KEYS, CHOICE_KEYS
from nn_tui.tui.keys.keys import KEYS, KeyEntry
from nn_tui.tui.keys.lesson_keys import acts_in_lesson
from nn_tui.tui.session.session import Session

_PHASE_ACTIONS = frozenset({"forward", "backward", "update"})
_MAX_ESSENTIAL_RANK = 6  # these keys are shown closer together before one of them is left out
_RANK_WHILE_RUNNING = 3  # of the speed
_RANK_FOR_A_TABLE = 7  # of the key that predicts a row
_RANK_IN_LESSON = 2  # of the key that returns to the step
# Two keys that share a label, by the action that a click on the label does.
_PAIRS: Mapping[str, tuple[str, Message]] = {
    "next_stop": ("previous_stop", message("Step")),
    "faster": ("slower", message("Speed")),
    "layer_on": ("layer_back", message("Layer")),
    "sample_on": ("sample_back", message("Sample")),
    "chart": ("output_view", message("Views")),
    "lesson_next": ("lesson_back", message("Lesson")),
}
_SHORT_NAMES = {"backspace": "bksp", "space": "spc"}  # of keys in ASCII, if an essential key would be left out
_PARTNERS = frozenset(partner for partner, _ in _PAIRS.values())


@dataclass(frozen=True, slots=True)
class _Item:
    """A label with its key, or with its two keys.

    Attributes:
        action: The action of the label.
        rank: Its rank, from 1.
        keys: (action, name) of each key.
        label: The label.
    """

    action: str
    rank: int
    keys: tuple[tuple[str, str], ...]
    label: str

    @property
    def width(self) -> int:
        """The cells of the keys and the label, with the spaces between them."""
        return sum(cell_len(name) + 1 for _, name in self.keys) + cell_len(self.label)


def draw(session: Session, palette: Palette, width: int, height: int) -> list[Strip]:
    """Draw the keys; those that run a phase have its colour."""
    base = palette.style("dim")
    items, gap = _items(session, width, palette.glyphs.is_ascii)
    segments = [Segment(" ", base)]
    for item in items:
        is_phase = item.action in _PHASE_ACTIONS
        key_style = palette.style(item.action if is_phase else "accent") + palette.style("title")
        for _, name in item.keys:
            segments += [Segment(name, key_style), Segment(" ", base)]
        segments += [Segment(item.label, palette.style(item.action) if is_phase else base), Segment(" " * gap, base)]
    return [make_strip(segments, width, base)]


def hit(session: Session, palette: Palette, x: int, width: int) -> str | None:
    """Return the action of the key at column ``x``; None where there is none."""
    items, gap = _items(session, width, palette.glyphs.is_ascii)
    start = 1
    for item in items:
        if start <= x < start + item.width + gap:
            for action, name in item.keys:
                start += cell_len(name) + 1
                if x < start:
                    return action
            return item.action
        start += item.width + gap
    return None


def _items(session: Session, width: int, ascii_only: bool) -> tuple[list[_Item], int]:
    """Return the keys that fit, in the order of the table, and the cells between two of them."""
    items = list(_usable(session, ascii_only))
    room = width - 1
    gap = 2 if _essential_width(items, 2) <= room else 1
    if _essential_width(items, gap) > room:
        items = [
            replace(item, keys=tuple((each, _SHORT_NAMES.get(name, name)) for each, name in item.keys))
            for item in items
        ]
    fitting: set[str] = set()
    room += gap  # there is none behind the last one
    for item in sorted(items, key=lambda item: item.rank):
        if item.width + gap <= room:
            fitting.add(item.action)
            room -= item.width + gap
    return [item for item in items if item.action in fitting], gap


def _essential_width(items: Sequence[_Item], gap: int) -> int:
    """Return the cells of the keys that should not be left out, with ``gap`` cells between two of them."""
    return sum(item.width + gap for item in items if item.rank <= _MAX_ESSENTIAL_RANK) - gap


def _usable(session: Session, ascii_only: bool) -> Iterator[_Item]:
    """Yield the keys that can act now and belong in the footer; the partner of a key is shown with it."""
    entries = {entry.action: entry for entry in _entries(session) if _can_act(entry, session)}
    for entry in entries.values():
        if not entry.footer_rank or entry.action in _PARTNERS:
            continue
        keys, label = [entry], _label(entry, session)
        if entry.action in _PAIRS:
            partner, pair_label = _PAIRS[entry.action]
            if partner in entries:
                keys, label = (
                    [each for each in entries.values() if each.action in (partner, entry.action)],
                    str(pair_label),
                )
        names = tuple((each.action, _name(each, session, ascii_only)) for each in keys)
        yield _Item(entry.action, _rank(entry, session), names, label)


def _label(key: KeyEntry, session: Session) -> str:
    """Return what a key does in this state."""
    if key.action == "run" and session.running:
        return tr("Pause")
    if key.action == "restart" and session.lesson is not None:
        return tr("Step again")
    return str(key.label)


def _rank(key: KeyEntry, session: Session) -> int:
    """Return the rank of a key in this state."""
    if key.action == "faster" and session.running:
        return _RANK_WHILE_RUNNING
    if key.action == "restart" and session.lesson is not None:
        return _RANK_IN_LESSON
    if key.action == "predict" and session.experiment.data.table is not None:
        return _RANK_FOR_A_TABLE
    return key.footer_rank


def _can_act(key: KeyEntry, session: Session) -> bool:
    return key.can_act(session) and acts_in_lesson(session, key.action)


def _entries(session: Session) -> tuple[KeyEntry, ...]:
    """Return the keys of the screen, or those of the line for an answer, in a lesson with its own keys."""
    lesson_keys = tuple(key for key in KEYS if key.group == "lesson" and key.action != "lesson_solution")
    if session.lesson is not None and session.lesson.is_typing:
        return (*CHOICE_KEYS, *lesson_keys)
    if session.practice is None or not session.practice.is_typing:
        return KEYS
    if session.lesson is not None:
        return (*ANSWER_KEYS, *lesson_keys)
    return (*BETWEEN_KEYS, *KEYS) if session.practice.question is None else ANSWER_KEYS


def _name(key: KeyEntry, session: Session, ascii_only: bool) -> str:
    return to_display(session.key_labels.get(key.key_label, key.key_label), ascii_only)
