"""A check of TOML text for dotted keys with many parts, before :mod:`tomllib` parses it.

The time and memory of tomllib grow with the square of the number of parts: 200 kB of them would fill 40 GB.
"""

from __future__ import annotations

import re

MAX_PARTS = 16
_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_KEY = rf"(?P<key>(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_PARTS}}})"
# Text that may contain dots without being a key: strings of several lines (which may end in up to five quotes), strings
# of one line, comments.
_REST = r'''"""(?:[^"\\]|\\.|"(?!""))*+"{0,5}|\'\'\'(?:[^']|'(?!''))*+'{0,5}|"(?:[^"\\\n]|\\.)*+|'[^'\n]*+|\#[^\n]*+'''
# The possessive quantifiers (++) make the time of the search proportional to the length of the text.
_TOKEN = re.compile(f"{_KEY}|{_REST}", re.DOTALL)


def find_long_key(source: str) -> int | None:
    """Return the position of the first dotted key in TOML ``source`` with more than ``MAX_PARTS`` parts, or None."""
    return next((match.start() for match in _TOKEN.finditer(source) if match["key"] is not None), None)
