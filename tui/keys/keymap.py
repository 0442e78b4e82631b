"""The keymap: the keys of the config file, checked against each other, and their labels on screen."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from nn_tui.core.errors import InputError
from nn_tui.core.text import quote, suggest
from nn_tui.core.translation import message
from nn_tui.tui.keys.hangul import latin_keys
from nn_tui.tui.keys.keys import KEYS, binding_id


def name_of_character(character: str) -> str:
    """Return Textual's name of the key that types a character: ``slash`` for ``/``, ``a`` for ``a``."""
    unicode_name = "" if character.isalnum() else unicodedata.name(character, "")
    name = re.sub("[- ]", "_", unicode_name.lower()) or character
    return KEY_NAME_REPLACEMENTS.get(name, name)


# Used by Textual, or the same byte as another key on most terminals.
_RESERVED = {
    "ctrl+c": message('"ctrl+c" belongs to the terminal.'),
    "ctrl+p": message('"ctrl+p" opens the command palette.'),
    "ctrl+q": message('"ctrl+q" always quits.'),
    "ctrl+z": message('"ctrl+z" suspends the app until the shell continues it.'),
    "ctrl+i": message('"ctrl+i" arrives as tab.'),
    "ctrl+m": message('"ctrl+m" arrives as enter.'),
    "ctrl+h": message('"ctrl+h" arrives as backspace.'),
    "ctrl+j": message('"ctrl+j" arrives as enter.'),
}
_ALIASES = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete", "ins": "insert"}
_KEY_NAMES = frozenset(key.value for key in Keys if not key.value.startswith("<"))
_SYMBOLS = {"space": "␣", "backspace": "⌫", "up": "↑", "down": "↓", "left": "←", "right": "→"}
_PUNCTUATION = {name_of_character(char): char for char in string.punctuation}
_MODIFIED = re.compile(r"(?:(?:ctrl|shift|alt|super)\+)+")


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of all actions.

    Attributes:
        bindings: The keys of each moved action by its binding id, as Textual expects them.
        labels: The label of each remapped key, by its default label.
        actions: The action of each key by Textual's name of the key.
        errors: An error for each entry of the config file that is ignored.
    """

    bindings: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=lambda: _actions({}))
    errors: tuple[InputError, ...] = ()

    def translate(self, character: str) -> tuple[tuple[str, str], ...]:
        """Return the keys for a character that has no action itself.

        Such a character comes from an input method, or is a capital letter without an action.

        Returns:
            Pairs of Textual's name and the character of each key; none if the character needs no translation.
        """
        if name_of_character(character) in self.actions:
            return ()
        keys = "".join(map(self._bound_key, latin_keys(character)))
        return () if keys == character else tuple((name_of_character(key), key) for key in keys)

    def _bound_key(self, key: str) -> str:
        # A capital letter by mistake does the same as the small letter, except that it never quits.
        as_lower = name_of_character(key) not in self.actions and self.actions.get(key.lower()) not in (None, "quit")
        return key.lower() if key.isupper() and as_lower else key


def make_keymap(config: Mapping[str, tuple[str, ...]], file: str = "") -> Keymap:
    """Return the keymap for the keys of the config file; invalid entries are ignored with an error.

    Args:
        config: The keys of each action by its name in the config file.
        file: The config file, for errors.
    """
    errors: list[InputError] = []
    moved: dict[str, tuple[str, ...]] = {}
    by_name = {key.action: key for key in KEYS}
    for name, keys in config.items():
        path = ("keys", name)
        if name not in by_name:
            suggestions = suggest(name, by_name)
            problem = message("there is no such action.")
            if not suggestions:
                problem = message("there is no such action; the actions are: {choices}.", choices=", ".join(by_name))
            errors.append(InputError("unknown_key", problem, path=path, value=keys, suggestions=suggestions, file=file))
            continue
        parsed = [(text, _parse_key(text)) for text in keys]
        invalid = next(((text, key) for text, key in parsed if key is None or key in _RESERVED), None)
        if invalid:
            text, key = invalid
            problem = message(
                '{text} is not a key; a key is a character, or a name such as "f5" or "ctrl+right".', text=quote(text)
            )
            if key is not None:
                problem = _RESERVED[key]
            errors.append(InputError("not_a_choice", problem, path=path, value=text, file=file))
        else:
            moved[name] = tuple(dict.fromkeys(key for _, key in parsed if key))
    while clash := _clash(moved):
        name, key, other = clash
        problem = message("{key} is the key of {other} already.", key=quote(_label(key)), other=other)
        errors.append(InputError("duplicate", problem, path=("keys", name), value=key, file=file))
        del moved[name]
    return Keymap(
        bindings={binding_id(name): ",".join(keys) for name, keys in moved.items()},
        labels={by_name[name].key_label: _label(keys[0]) for name, keys in moved.items()},
        actions=_actions(moved),
        errors=tuple(errors),
    )


def _effective(moved: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return each key with its action."""
    return [(name, key.action) for key in KEYS for name in moved.get(key.action, tuple(key.keys.split(",")))]


def _clash(moved: dict[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """Return the last moved action that shares a key, that key, and the other action."""
    effective = _effective(moved)
    for name in reversed(moved):
        for key in moved[name]:
            other = next((owner for name_of_key, owner in effective if name_of_key == key and owner != name), None)
            if other is not None:
                return name, key, other
    return None


def _actions(moved: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return dict(_effective(moved))


def _parse_key(text: str) -> str | None:
    """Return Textual's name of a key; None if ``text`` is not a key."""
    if len(text) == 1:
        return name_of_character(text) if text.isprintable() and text != " " else {" ": "space"}.get(text)
    match = _MODIFIED.match(text.lower())
    modifiers, base = (match[0], text[match.end() :]) if match else ("", text)
    base = _ALIASES.get(base.lower(), base)
    if len(base) == 1 and base.isprintable():
        if modifiers == "shift+" and base.isalpha():
            return base.upper()
        base = name_of_character(base.lower())
    elif base.lower() in _KEY_NAMES:
        base = base.lower()
    elif base not in _PUNCTUATION:
        return None
    return modifiers + base


def _label(name: str) -> str:
    """Return the label of a key on screen."""
    *modifiers, base = name.split("+")
    return " ".join((*modifiers, _SYMBOLS.get(base) or _PUNCTUATION.get(base, base)))
