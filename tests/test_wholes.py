"""Whole numbers that people write: however long, they are taken for what they are or refused in one sentence."""

from __future__ import annotations

import pytest

from nn_tui.tui.__main__ import main
from nn_tui.tui.wholes import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("000", 0), ("007", 7), (" 5 ", 5), ("+5", 5), ("1_000", 1000), ("0_0_7", 7), ("1000", 1000),
        ("0" * 5000 + "5", 5), ("0" * 5000, 0), ("0" * 16 + "999", 999),
        ("", None), ("-1", None), ("1001", None), ("1.5", None), ("1_", None), ("_1", None), ("٣", None),
        ("9" * 5000, None), ("0" * 12 + "2999999", None),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_number_is_what_its_digits_say(text: str, number: int | None) -> None:
    assert whole(text, 0, 1000) == number
    assert whole(text, 8, 1000) == (number if number is None or number >= 8 else None)


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    code = main(argv)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("zeros", [1, 3, 5000])
def test_zeros_before_the_number_of_digits_change_nothing(capsys: pytest.CaptureFixture[str], zeros: int) -> None:
    plain = printed(capsys, "trace", "xor", "--digits", "17")
    assert printed(capsys, "trace", "xor", "--digits", "0" * zeros + "17") == plain
    assert printed(capsys, "trace", "xor", "--digits", "0" * zeros + "18")[0] == 2


def test_too_many_digits_to_print_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("0", "18", "9" * 5000):
        code, out, err = printed(capsys, "trace", "xor", "--digits", text)
        assert (code, out) == (2, "") and err.count("\n") == 1 and len(err) < 500
        assert "neither a whole number from 1 to 17 nor all" in err
