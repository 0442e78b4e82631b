"""The words of a Python program with what they are, for drawing it with a few styles."""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

WordKind = Literal["plain", "keyword", "definition", "string", "comment"]

_STRINGS = frozenset(
    getattr(tokenize, name)
    for name in ("STRING", "FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END")  # those of f-strings from Python 3.12 on
    if hasattr(tokenize, name)
)
_NUMBERS = re.compile(r"[\s\d.,e+\-\[\]]*")


class Word(NamedTuple):
    """A part of a line of code, with the spaces around it if these are plain."""

    text: str
    kind: WordKind


class _Span(NamedTuple):
    """The columns of a word of a line, counted from 0."""

    line: int
    start: int
    end: int
    kind: WordKind


@lru_cache(maxsize=64)
def python_words(lines: tuple[str, ...]) -> tuple[tuple[Word, ...], ...]:
    """Divide lines of Python into words.

    Args:
        lines: Complete statements, without the ends of lines. What Python cannot read is plain.

    Returns:
        The words of each line; joined, they are the line.
    """
    spans: list[list[_Span]] = [[] for _ in lines]
    try:
        for span in _spans(lines):
            spans[span.line].append(span)
    except (tokenize.TokenError, SyntaxError):  # such as a bracket without its partner
        pass
    return tuple(tuple(_words(line, of_line)) for line, of_line in zip(lines, spans, strict=True))


def _spans(lines: tuple[str, ...]) -> Iterator[_Span]:
    """Yield the words that are not plain."""
    before = ""
    text = "".join("\n" if _has_only_numbers(line) else f"{line}\n" for line in lines)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind: WordKind | None = None
        if token.type == tokenize.COMMENT:
            kind = "comment"
        elif token.type in _STRINGS:
            kind = "string"
        elif token.type == tokenize.NAME and keyword.iskeyword(token.string):
            kind = "keyword"
        elif token.type == tokenize.NAME and before in ("def", "class"):
            kind = "definition"
        before = token.string
        if kind is None:
            continue
        (first, start), (last, end) = token.start, token.end
        for number in range(first, last + 1):  # a string may have several lines
            line = lines[number - 1]
            yield _Span(number - 1, start if number == first else 0, end if number == last else len(line), kind)


def _has_only_numbers(line: str) -> bool:
    """Return whether a line is a row of numbers, whose words need not be read one by one: there may be thousands."""
    return _NUMBERS.fullmatch(line) is not None and line.count("[") == line.count("]")


def _words(line: str, spans: list[_Span]) -> Iterator[Word]:
    """Yield the words of a line."""
    done = 0
    for span in spans:
        if span.start > done:
            yield Word(line[done : span.start], "plain")
        if span.end > span.start:
            yield Word(line[span.start : span.end], span.kind)
        done = max(done, span.end)
    if done < len(line):
        yield Word(line[done:], "plain")
