"""Parse live changes from one line of text: ``w1[2,1] = 0.3``, ``eta = 0.1``, ``add layer 2 4 relu``.

``EDITS`` defines the whole language; help and palettes are made from it. The changes as functions are in
:mod:`~nn_tui.core.edits.training`, :mod:`~nn_tui.core.edits.data`, :mod:`~nn_tui.core.edits.network` and
:mod:`~nn_tui.core.edits.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nn_tui.core.edits.common import EditFunction
from nn_tui.core.edits.grammar import EDITS, OPTIONS, EditSyntax
from nn_tui.core.edits.training import suggested_learning_rate
from nn_tui.core.errors import InputError
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.run.run import Run
from nn_tui.core.text import quote, suggest, without_subscripts
from nn_tui.core.translation import message

__all__ = [
    "EDITS",
    "EditFunction",
    "EditSyntax",
    "apply_edit",
    "is_learning_rate",
    "parse_change",
    "plain_text",
]

_MAX_LENGTH = 10_000  # a matrix of a thousand numbers
_LONG_NAMES = ("learning_rate", "batch_size", "initialization", "optimiser")  # other names that the patterns take
_SIGNS = str.maketrans({"−": "-", "η": "eta", "β": "beta", "ε": "eps", "→": "->"})
_COMPUTED = r"(?:δ|∂|Δ|d[zawbx]|[za])\S*\d.*|(?:ŷ|y_?hat)\S*\s*=.*|loss\s*=\s*[-\d.]+"


def apply_edit(text: str, run: Run, update: int, row: int = 0) -> Run:
    """Return ``run`` with the change that ``text`` describes; ``run`` itself stays as it is.

    Args:
        text: The change as a person wrote it, or several with ``;`` between them.
        run: The run to change.
        update: The number of updates after which the change takes effect.
        row: The training row whose inputs and targets the text names, from 0.

    Raises:
        InputError: The text is not a valid change, or the change does not fit the run.
    """
    return parse_change(text, row)(run, update)


def parse_change(text: str, row: int = 0) -> EditFunction:
    """Parse ``text`` to a change of any run; the change itself raises InputError if it does not fit a run."""
    plain = plain_text(text)
    if not plain:
        problem = message("write what to change, for example {example}.", example=EDITS["weight"].example)
        raise InputError("missing", problem)
    if len(plain) > _MAX_LENGTH:
        raise InputError("too_large", message("a change has at most {max} characters.", max=_MAX_LENGTH))
    parts = [part.strip() for part in plain.split(";")]
    if len(parts) > 1 and all(map(_match, parts)):
        return _in_turn([parse_change(part, row) for part in parts])
    if found := _match(plain):
        syntax, groups = found
        return syntax.parse(groups, row)
    if re.fullmatch(_COMPUTED, plain):
        problem = message(
            "{text} is computed; only a weight, a bias, an input or a target can be set.", text=quote(plain)
        )
        raise InputError("computed", problem, value=plain)
    first = _first_word(plain)
    examples = [syntax.example for syntax in EDITS.values()]
    name = first.rstrip("0123456789")
    similar = [example for example in examples if _first_word(example).rstrip("0123456789") == name]
    if similar:
        problem = message(
            "{text} is not complete; write for example: {examples}.", text=quote(plain), examples="; ".join(similar)
        )
        raise InputError("syntax", problem, value=plain)
    if name in ("layers", "layer", "sizes", "network"):
        problem = message(
            "{text} is more than one change; write for example {inputs}, then {units}, or open a new network.",
            text=quote(plain),
            inputs="inputs = 3",
            units="units 1 = 2",
        )
        raise InputError("syntax", problem, value=plain)
    words = list(dict.fromkeys([*map(_first_word, examples), *OPTIONS]))
    suggestions = suggest(first, [*words, *_LONG_NAMES])
    problem = message("{text} is not a setting.", text=quote(plain))
    if not suggestions:
        problem = message(
            "{text} is not a setting; these can be changed: {choices}.", text=quote(plain), choices=", ".join(words)
        )
    raise InputError("unknown_key", problem, value=first, suggestions=suggestions)


def _match(plain: str) -> tuple[EditSyntax, dict[str, str]] | None:
    """Return the syntax of a change and the parts of the text; None if it is no change."""
    for syntax in EDITS.values():
        match = re.fullmatch(syntax.pattern, plain)
        if match is not None:
            return syntax, {key: (value or "").strip() for key, value in match.groupdict().items()}
    return None


def _in_turn(changes: Sequence[EditFunction]) -> EditFunction:
    """Return the changes as one; a value that is in force already is an error only if nothing else is changed."""

    def change(run: Run, update: int) -> Run:
        changed, unchanged = run, None
        for one in changes:
            try:
                changed = one(changed, update)
            except InputError as error:
                if error.code != "unchanged":
                    raise
                unchanged = unchanged or error
        if changed is run and unchanged is not None:
            raise unchanged
        return changed

    return change


def complete_edit(text: str, run: Run, update: int) -> str:
    """Return ``text`` with a learning rate if it names another optimiser without one: ``optimizer = adam 0.01``."""
    match = re.fullmatch(EDITS["optimizer"].pattern, plain_text(text))
    name = match["value"] if match else ""
    spec = run.segment(update).experiment.training.optimizer
    if name not in OPTIMIZERS or name == spec.name:
        return text
    return f"{text.rstrip()} {suggested_learning_rate(spec, name):g}"


def is_learning_rate(text: str) -> bool:
    """Return whether a text sets the learning rate."""
    return re.fullmatch(EDITS["learning rate"].pattern, plain_text(text)) is not None


def plain_text(text: str) -> str:
    """Return a text as the patterns of ``EDITS`` have it; one that is too long is cut after the limit."""
    return " ".join(without_subscripts(text[: _MAX_LENGTH + 1].lower()).translate(_SIGNS).split())


def _first_word(text: str) -> str:
    return re.split(r"[\s=\[]", text, maxsplit=1)[0]
