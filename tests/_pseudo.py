"""A language for tests: English with accents on all letters, in brackets, and longer by 40 %.

Whatever is shown in plain letters is not translated, and a sentence without its last bracket is cut.
"""

from __future__ import annotations

import math
from gettext import NullTranslations
from string import Formatter

BEGIN, END, FILLER = "⟦", "⟧", "~"
LONGER = 0.4
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀçđéƒğħíĵķłɱñóƥɋřšŧúṽŵẋýžÁƁÇĐÉƑĞĦÍĴĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
_TO_ACCENTED = str.maketrans(_PLAIN, _ACCENTED)
_TO_PLAIN = str.maketrans(_ACCENTED, _PLAIN)


class PseudoLanguage(NullTranslations):
    """The language; fields and key names in backquotes stay as they are."""

    def gettext(self, message: str) -> str:
        """Return the sentence in this language."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the sentence for a number in this language."""
        return pseudo(msgid1 if n == 1 else msgid2)


def pseudo(text: str) -> str:
    """Return a sentence in the pseudo-language: ``Go to {place}.`` becomes ``⟦Ğó ŧó {place}.~~~⟧``."""
    parts, length = [], 0
    for literal, field, spec, conversion in Formatter().parse(text):
        words = literal.split("`")
        words[::2] = [word.translate(_TO_ACCENTED) for word in words[::2]]
        length += len(literal)
        parts.append("`".join(words).replace("{", "{{").replace("}", "}}"))
        if field is not None:
            parts.append("{" + field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}")
    return f"{BEGIN}{''.join(parts)}{FILLER * math.ceil(LONGER * length)}{END}"


def plain(text: str) -> str:
    """Return text from a screen without accents, brackets and fillers, as it is in English."""
    return text.translate(_TO_PLAIN | {ord(char): None for char in BEGIN + END + FILLER})
