"""Live changes as one line of text: ``w1[2,1] = 0.3``, ``eta = 0.1``, ``add layer 2 4 relu``.

``EDITS`` is the whole language, from which help and palettes are made. The changes themselves, to be called
without text, are in ``edits_training``, ``edits_data`` and ``edits_network``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nn_tui.core.edits.common import Change
from nn_tui.core.edits.grammar import EDITS, OPTIONS, Form
from nn_tui.core.errors import InputError
from nn_tui.core.fields import nearest, quoted
from nn_tui.core.run.run import Run

__all__ = ["EDITS", "Change", "Edit", "Form", "parse_change", "parse_edit"]

_MOST_TEXT = 200
_SIGNS = str.maketrans("−₀₁₂₃₄₅₆₇₈₉", "-0123456789") | {ord("η"): "eta"}
_COMPUTED = r"(?:δ|∂|Δ|d[zawbx]|[za])\S*\d.*|loss\s*=\s*[-\d.]+"


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A change that was understood and fits: the new ``run``, its timeline ``label``, and how to do it elsewhere."""

    label: str
    run: Run
    change: Change


def parse_edit(text: str, run: Run, at: int, row: int = 0) -> Edit:
    """What ``text`` means for ``run`` after update ``at``; inputs and targets are those of data row ``row``.

    Nothing is done to ``run``. Raises InputError when the text is not understood or does not fit.
    """
    change = parse_change(text, row)
    new = change(run, at)
    return Edit(new.segments[-1].label, new, change)


def parse_change(text: str, row: int = 0) -> Change:
    """The change that ``text`` means, for any run; whether it fits there shows when it is made."""
    plain = " ".join(text[: _MOST_TEXT + 1].lower().translate(_SIGNS).split())
    if not plain:
        raise InputError(f"there is nothing to change yet; write for example {EDITS['weight'].example}.")
    if len(plain) > _MOST_TEXT:
        raise InputError(f"a change has at most {_MOST_TEXT} characters.")
    for form in EDITS.values():
        match = re.fullmatch(form.pattern, plain)
        if match is not None:
            return form.read({key: (value or "").strip() for key, value in match.groupdict().items()}, row)
    if re.fullmatch(_COMPUTED, plain):
        raise InputError(
            f"{quoted(plain)}: this is computed; what can be set is a weight, a bias, an input or a target."
        )
    first = _first_word(plain)
    examples = [form.example for form in EDITS.values()]
    same = [each for each in examples if _first_word(each).rstrip("0123456789") == first.rstrip("0123456789")]
    if same:
        raise InputError(f"{quoted(plain)} is not complete; write for example {' or '.join(same)}.")
    words = dict.fromkeys([*map(_first_word, examples), *OPTIONS])
    raise InputError(f"{quoted(plain)} names nothing that can be changed{nearest(first, words)}")


def _first_word(text: str) -> str:
    return re.split(r"[\s=\[]", text, maxsplit=1)[0]
