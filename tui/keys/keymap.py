"""Keys moved elsewhere by the config file: checked against each other, and how they are written then."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.keys import Keys
from textual.keys import _character_to_key as name_of_character

from nn_tui.core.fields import suggestion
from nn_tui.core.text import printable, quote
from nn_tui.tui.keys.hangul import typed
from nn_tui.tui.keys.keys import KEYS, binding_id, key_name

# Taken by Textual, or the same byte as another key on most terminals.
_RESERVED = {
    "ctrl+c": "belongs to the terminal",
    "ctrl+p": "opens the command palette",
    "ctrl+q": "always leaves",
    "ctrl+z": "stops the app until the shell goes on with it",
    "ctrl+i": "arrives as tab",
    "ctrl+m": "arrives as enter",
    "ctrl+h": "arrives as backspace",
    "ctrl+j": "arrives as enter",
}
_ALIASES = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete", "ins": "insert"}
_KNOWN = frozenset(key.value for key in Keys if not key.value.startswith("<"))
_SIGNS = {"space": "␣", "backspace": "⌫", "up": "↑", "down": "↓", "left": "←", "right": "→"}
_PUNCTUATION = {name_of_character(char): char for char in string.punctuation}
_MODIFIED = re.compile(r"(?:(?:ctrl|shift|alt|super)\+)+")


@dataclass(frozen=True, slots=True)
class Keymap:
    """Moved keys: ``bindings`` by binding id for Textual, ``written`` by how a key is written by default.

    ``actions`` are the actions of all keys, moved or not, by Textual's name of the key.
    """

    bindings: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=lambda: _actions({}))
    notices: tuple[str, ...] = ()

    def meant(self, character: str) -> tuple[tuple[str, str], ...]:
        """The keys, as (Textual's name, character), that were meant by a character that is no key itself.

        Those are what an input method made of them, and capitals that are unbound; nothing where the character
        is to be taken as it is.
        """
        if name_of_character(character) in self.actions:
            return ()
        found = "".join(map(self._nearest, typed(character)))
        return () if found == character else tuple((name_of_character(key), key) for key in found)

    def _nearest(self, key: str) -> str:
        # Leaving takes the key itself: a capital is a slip.
        as_lower = name_of_character(key) not in self.actions and self.actions.get(key.lower()) not in (None, "quit")
        return key.lower() if key.isupper() and as_lower else key


def keymap(wanted: Mapping[str, tuple[str, ...]], where: str = "") -> Keymap:
    """The keys of each action by its name in the config file; what cannot be is left out with a notice.

    ``where`` begins each notice.
    """
    notices: list[str] = []
    moved: dict[str, tuple[str, ...]] = {}
    by_name = {key_name(key): key for key in KEYS}
    for name, keys in wanted.items():
        start = f"{where}keys.{printable(name)}: "
        if name not in by_name:
            notices.append(f"{start}there is no such action{suggestion(name, by_name)}")
            continue
        named = [(key, _key(key)) for key in keys]
        problem = next((_problem(key, found) for key, found in named if found is None or found in _RESERVED), None)
        if problem:
            notices.append(start + problem)
        else:
            moved[name] = tuple(dict.fromkeys(found for _, found in named if found))
    while clash := _clash(moved):
        name, key, other = clash
        notices.append(f"{where}keys.{name}: {quote(_written(key))} is the key of {other} already")
        del moved[name]
    return Keymap(
        bindings={binding_id(by_name[name]): ",".join(keys) for name, keys in moved.items()},
        written={by_name[name].shown: _written(keys[0]) for name, keys in moved.items()},
        actions=_actions(moved),
        notices=tuple(notices),
    )


def _effective(moved: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Each key with its action and the action's name."""
    return [
        (name, key.action, key_name(key))
        for key in KEYS
        for name in moved.get(key_name(key), tuple(key.keys.split(",")))
    ]


def _clash(moved: dict[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """The last moved action that shares a key, that key, and the other action."""
    effective = _effective(moved)
    for name in reversed(moved):
        for key in moved[name]:
            other = next((owner for taken, _, owner in effective if taken == key and owner != name), None)
            if other is not None:
                return name, key, other
    return None


def _actions(moved: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: action for name, action, _ in _effective(moved)}


def _key(text: str) -> str | None:
    """Textual's name of a key; None for what is none."""
    if len(text) == 1:
        return name_of_character(text) if text.isprintable() and text != " " else {" ": "space"}.get(text)
    found = _MODIFIED.match(text.lower())
    modifiers, base = (found[0], text[found.end() :]) if found else ("", text)
    base = _ALIASES.get(base.lower(), base)
    if len(base) == 1 and base.isprintable():
        if modifiers == "shift+" and base.isalpha():
            return base.upper()
        base = name_of_character(base.lower())
    elif base.lower() in _KNOWN:
        base = base.lower()
    elif base not in _PUNCTUATION:
        return None
    return modifiers + base


def _problem(text: str, found: str | None) -> str:
    if found is None:
        return f'{quote(text)} is not a key; a key is a character, or a name such as "f5" or "ctrl+right"'
    return f"{quote(text)} {_RESERVED[found]}"


def _written(name: str) -> str:
    """How a key is written on the screen."""
    *modifiers, base = name.split("+")
    return " ".join((*modifiers, _SIGNS.get(base) or _PUNCTUATION.get(base, base)))
