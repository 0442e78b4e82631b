"""Tests of the page on the diagnosis: it has every kind, in the order in which findings are listed."""

from __future__ import annotations

import re
from pathlib import Path

from nn_tui.core.diagnosis.diagnose import diagnose_start
from nn_tui.core.diagnosis.finding import KINDS
from tests.core.diagnosis._settings import SETTINGS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "diagnosis.md"


def test_the_page_lists_every_kind_in_its_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\|(.+)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [kind for kind, _, _ in rows] == list(KINDS)


def test_it_says_which_kinds_are_known_before_the_training() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    stated = {kind for kind, known in rows if known.strip()}
    found = {finding.kind for setting in SETTINGS for finding in diagnose_start(setting.start().segments[0])}
    assert stated == found | {"target_in_inputs"}  # which only a table can have
