"""Check that dotted keys with many parts are rejected before tomllib spends minutes on them."""

from __future__ import annotations

import pytest

from nn_tui.core.preset.dotted_keys import MAX_PARTS, find_long_key


@pytest.mark.parametrize("separator", [".", " . ", "\t."])
@pytest.mark.parametrize("part", ["a", '"a b"', "'a.b'"])
def test_a_key_with_too_many_parts_is_found(part: str, separator: str) -> None:
    longest, longer = (separator.join([part] * count) for count in (MAX_PARTS, MAX_PARTS + 1))
    assert find_long_key(f"x = 1\n{longest} = 1\n") is None
    assert find_long_key(f"x = 1\n{longer} = 1\n") == len("x = 1\n")


@pytest.mark.parametrize("text", ['"{}"', "'{}'", '"""\n{}"""', "'''{}'''", "1 # {}"])
def test_dots_in_strings_and_comments_are_no_key(text: str) -> None:
    assert find_long_key(f"x = {text.format('.'.join('a' * 40))}\n") is None


@pytest.mark.parametrize(
    "text", ['"' * 10**6, "a." * 15 + "b" * 10**6, '"""' + "\\" * 10**6, "'a" * 10**6, "-" * 10**6]
)
def test_a_million_characters_are_searched_in_linear_time(text: str) -> None:
    """A search in quadratic time would take hours."""
    assert find_long_key(text) is None
