"""Names that an error suggests, and the line with such a name in place of the wrong one."""

from __future__ import annotations

from nn_tui.core.edits.parser import plain_text
from nn_tui.core.errors import InputError
from nn_tui.core.translation import tr


def apply_suggestion(text: str, error: InputError) -> str:
    """Return ``text`` with the wrong name replaced by the first name that the error suggests; "" if there is none."""
    wrong = error.value if isinstance(error.value, str) else ""
    start = text.lower().rfind(wrong.lower())
    if start < 0:  # the error names it in plain letters, such as w5 for w₅
        text = plain_text(text)
        start = text.rfind(wrong.lower())
    if not error.suggestions or not wrong or start < 0:
        return ""
    return text[:start] + error.suggestions[0] + text[start + len(wrong) :]


def with_tab_hint(problem: str, suggested: str) -> str:
    """Return the sentence about an error, with the key that takes the suggestion if there is one."""
    return tr("{problem} (tab writes it)", problem=problem) if suggested else problem
