"""Finding what would make tomllib take minutes and gigabytes, before it reads a file."""

from __future__ import annotations

import re

# tomllib needs time and memory that grow with the square of a dotted key's parts: 200 kB would fill 40 GB.
MOST_PARTS = 16
_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_KEY = rf"(?P<key>(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}})"
# What may hold dots without being a key: strings of several lines (which may end in up to five quotes), strings of
# one line, comments.
_REST = r'''"""(?:[^"\\]|\\.|"(?!""))*+"{0,5}|\'\'\'(?:[^']|'(?!''))*+'{0,5}|"(?:[^"\\\n]|\\.)*+|'[^'\n]*+|\#[^\n]*+'''
# Possessive quantifiers (++) keep this search linear.
_TOKEN = re.compile(f"{_KEY}|{_REST}", re.DOTALL)


def long_key(source: str) -> int | None:
    """Where a dotted key of more than MOST_PARTS parts begins in TOML ``source``; None where there is none."""
    return next((found.start() for found in _TOKEN.finditer(source) if found["key"] is not None), None)
