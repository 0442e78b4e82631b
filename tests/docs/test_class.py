"""Tests of the page about classes: its commands are valid."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from nn_tui.tui.cli.parsers import parse

PAGE = (Path(__file__).resolve().parents[2] / "docs/class.md").read_text(encoding="utf-8")


def test_every_command_is_valid() -> None:
    commands = re.findall(r"nn-tui (?:serve|learn|practice|xor) *[^`'\n]*", PAGE)
    parsed = [parse(shlex.split(command, comments=True)[1:]) for command in commands]
    assert {args.command.name for args in parsed} >= {"open", "serve", "learn", "practice"}
