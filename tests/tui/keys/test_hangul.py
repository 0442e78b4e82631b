"""Check that keys typed in Hangul mode act as the Latin keys at the same position."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.keys.hangul import is_hangul, latin_keys

# KS X 5002, row by row as printed on the keys; the shifted letters that differ stand below.
ROWS = {"qwertyuiop": "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "asdfghjkl": "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "zxcvbnm": "ㅋㅌㅊㅍㅠㅜㅡ"}
SHIFTED = {"QWERTOP": "ㅃㅉㄸㄲㅆㅒㅖ"}
LAYOUT = {
    jamo: key for rows in (ROWS, SHIFTED) for keys, row in rows.items() for key, jamo in zip(keys, row, strict=True)
}


@pytest.mark.parametrize(("jamo", "key"), LAYOUT.items())
def test_every_key_of_the_two_set_layout(jamo: str, key: str) -> None:
    assert latin_keys(jamo) == key
    assert is_hangul(jamo)


@pytest.mark.parametrize(
    ("syllable", "keys"),
    [
        ("류", "fb"),
        ("려", "fu"),
        ("뷰", "qb"),
        ("한", "gks"),
        ("값", "rkqt"),
        ("과", "rhk"),
        ("의", "dml"),
        ("꺄", "Ri"),
        ("힣", "glg"),
    ],
)
def test_a_syllable_gives_the_keys_that_were_pressed(syllable: str, keys: str) -> None:
    assert latin_keys(syllable) == keys


@given(st.integers(ord("가"), ord("힣")).map(chr))
def test_every_syllable_gives_two_to_five_letters(syllable: str) -> None:
    parts = unicodedata.normalize("NFD", syllable)
    keys = latin_keys(syllable)
    assert keys.isascii() and keys.isalpha()
    assert len(parts) <= len(keys) <= 5
    # The keys start with those of the same syllable without its final consonant.
    open_syllable = chr(ord(syllable) - (ord(syllable) - ord("가")) % 28)
    assert keys.startswith(latin_keys(open_syllable))
    assert is_hangul(syllable)


@pytest.mark.parametrize(
    ("wide", "key"),
    [("ｆ", "f"), ("Ｎ", "N"), ("０", "0"), ("　", " "), ("＋", "+"), ("～", "~"), ("。", "."), ("》", ">")],
)
def test_full_width_characters_give_their_ascii_keys(wide: str, key: str) -> None:
    assert latin_keys(wide) == key
    assert not is_hangul(wide)


@pytest.mark.parametrize("other", ["f", "Z", "é", "я", "漢", "✓", "½", "²"])
def test_other_characters_stay(other: str) -> None:
    assert latin_keys(other) == other
    assert not is_hangul(other)
