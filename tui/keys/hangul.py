"""Translation of characters from East Asian input methods to the keys that were pressed.

In Hangul mode the key ``f`` arrives as ``ㄹ``, and ``f`` then ``b`` as the syllable ``류``. Japanese and Chinese input
methods send full-width letters and punctuation. Source of the Korean layout: KS X 5002 (Dubeolsik).
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
# Japanese and Chinese input methods send these for ASCII punctuation, or the full-width forms.
_PUNCTUATION = {"。": ".", "、": ",", "《": "<", "》": ">", "「": "[", "」": "]", "【": "[", "】": "]", "　": " "}
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def is_hangul(character: str) -> bool:
    """Return whether the character came from a Korean input method."""
    return character in _KEYS or "가" <= character <= "힣"


def latin_keys(character: str) -> str:
    """Return the Latin keys that were pressed for one character; the character itself without an input method."""
    if "가" <= character <= "힣":
        rest, final = divmod(ord(character) - ord("가"), 28)
        initial, vowel = divmod(rest, 21)
        jamo = _INITIALS[initial] + _VOWELS[vowel] + (_FINALS[final] if final else "")
        return "".join(_KEYS[part] for part in jamo)
    if "！" <= character <= "～":  # the full-width forms of ASCII, in its order
        return unicodedata.normalize("NFKC", character)
    return _KEYS.get(character) or _PUNCTUATION.get(character, character)
