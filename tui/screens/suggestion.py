"""Names that an error suggests, and the line with such a name in place of the wrong one."""

from __future__ import annotations

import re

from nn_tui.core.edits.parser import plain_text
from nn_tui.core.errors import InputError
from nn_tui.core.translation import tr


def apply_suggestion(text: str, error: InputError) -> str:
    """Return ``text`` with the wrong name replaced by the first name that the error suggests; "" if there is none."""
    wrong = error.value if isinstance(error.value, str) else ""
    start = _find(text.lower(), wrong.lower())
    if start < 0:  # the error names it in plain letters, such as w5 for w₅
        text = plain_text(text)
        start = _find(text, wrong.lower())
    if not error.suggestions or not wrong or start < 0:
        return ""
    return text[:start] + error.suggestions[0] + text[start + len(wrong) :]


def _find(text: str, name: str) -> int:
    """Return where a name begins in a text: the last time it stands alone, else the last time it is a part; or −1."""
    alone = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return alone[-1] if alone and name else text.rfind(name)


def with_tab_hint(problem: str, suggested: str) -> str:
    """Return the sentence about an error, with the key that takes the suggestion if there is one."""
    return tr("{problem} (tab writes it)", problem=problem) if suggested else problem
