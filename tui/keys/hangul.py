"""Keys typed while a Korean input method is on: jamo and syllables mapped back through the 2-set layout.

In Hangul mode the key ``f`` arrives as ``ㄹ`` and ``f`` then ``b`` as the syllable ``류``; full-width letters and
punctuation arrive from Japanese and Chinese input methods. Source of the layout: KS X 5002 (Dubeolsik).
"""

from __future__ import annotations

import unicodedata

_KEYS = {
    "ㅂ": "q", "ㅈ": "w", "ㄷ": "e", "ㄱ": "r", "ㅅ": "t", "ㅛ": "y", "ㅕ": "u", "ㅑ": "i", "ㅐ": "o", "ㅔ": "p",
    "ㅁ": "a", "ㄴ": "s", "ㅇ": "d", "ㄹ": "f", "ㅎ": "g", "ㅗ": "h", "ㅓ": "j", "ㅏ": "k", "ㅣ": "l",
    "ㅋ": "z", "ㅌ": "x", "ㅊ": "c", "ㅍ": "v", "ㅠ": "b", "ㅜ": "n", "ㅡ": "m",
    "ㅃ": "Q", "ㅉ": "W", "ㄸ": "E", "ㄲ": "R", "ㅆ": "T", "ㅒ": "O", "ㅖ": "P",
    "ㅘ": "hk", "ㅙ": "ho", "ㅚ": "hl", "ㅝ": "nj", "ㅞ": "np", "ㅟ": "nl", "ㅢ": "ml",
    "ㄳ": "rt", "ㄵ": "sw", "ㄶ": "sg", "ㄺ": "fr", "ㄻ": "fa", "ㄼ": "fq", "ㄽ": "ft", "ㄾ": "fx", "ㄿ": "fv",
    "ㅀ": "fg", "ㅄ": "qt",
}  # fmt: skip
# What Japanese and Chinese input methods write for a key of ASCII punctuation, beside its full-width form.
_PUNCTUATION = {"。": ".", "、": ",", "《": "<", "》": ">", "「": "[", "」": "]", "【": "[", "】": "]", "　": " "}
_FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MIDDLE = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_LAST = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def is_hangul(character: str) -> bool:
    """Whether the character came from a Korean input method."""
    return character in _KEYS or "가" <= character <= "힣"


def typed(character: str) -> str:
    """The Latin keys that were pressed for one character; itself where no input method was at work."""
    if "가" <= character <= "힣":
        place, last = divmod(ord(character) - ord("가"), 28)
        first, middle = divmod(place, 21)
        jamo = _FIRST[first] + _MIDDLE[middle] + (_LAST[last] if last else "")
        return "".join(_KEYS[part] for part in jamo)
    if "！" <= character <= "～":  # the full-width forms of ASCII, in its order
        return unicodedata.normalize("NFKC", character)
    return _KEYS.get(character) or _PUNCTUATION.get(character, character)
