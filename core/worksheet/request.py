"""What a person asks of a sheet: which numbers are blank, how much of each line is given, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.practice.rounding import DEFAULT_DIGITS
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.refs import BY_SAMPLE, Ref
from nn_tui.core.text import parse_int, quote, suggest
from nn_tui.core.translation import message
from nn_tui.core.worksheet.pass_order import BLANK_PHASES, array_refs, refs_of_phase, without_sample

Level = Literal[1, 2, 3]
LEVELS: tuple[Level, ...] = (1, 2, 3)
ONLY_KEYS = ("layer", "unit", "input", "sample")
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Request:
    """What a sheet is to be.

    Attributes:
        blank: What is asked: ``all``, phases and names, separated by commas.
        only: Limits of what is asked, such as ``layer=1,sample=1-2``; "" for none.
        level: How much of each line is given: 1 has a worked line in each group, 2 has lines whose given numbers are
            half blank, 3 has only names.
        digits: Significant digits.
        is_key: Whether all numbers are written, as a key to the sheet.
        has_answers: Whether the questions keep their blanks and have their answers beside them.
    """

    blank: str = _ALL
    only: str = ""
    level: Level = 1
    digits: int = DEFAULT_DIGITS
    is_key: bool = False
    has_answers: bool = False


def asked_refs(engine: Engine, trace: Trace, request: Request) -> tuple[Ref, ...]:
    """Return the addresses of the numbers that a request asks for, in the order of the pass.

    Raises:
        InputError: A name or a limit is not valid, or no number is left.
    """
    with locate_errors(path=("--blank",)):
        found = [ref for part in _parts(request.blank) for ref in _refs_of(engine, trace, part)]
    with locate_errors(path=("--only",)):
        limits = _limits(request.only)
        chosen = [ref for ref in dict.fromkeys(found) if _is_within(ref, limits)]
        if not chosen:
            problem = message("no number that is asked for lies within {limits}.", limits=quote(request.only))
            raise InputError("not_found", problem, value=request.only)
    return tuple(chosen)


def _parts(text: str) -> list[str]:
    """Split a list of names at commas, but not at the one inside of brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    names = [part.strip() for part in parts if part.strip()]
    if not names:
        choices = ", ".join((_ALL, *BLANK_PHASES))
        problem = message("write what is blank: {choices}, or names such as dw1,db2 or z1[2].", choices=choices)
        raise InputError("missing", problem, value=text)
    return names


def _refs_of(engine: Engine, trace: Trace, part: str) -> list[Ref]:
    """Return the addresses that one part of ``blank`` names: all, a phase, an array such as dw1, or one number."""
    word = part.lower()
    if word in (_ALL, *BLANK_PHASES):
        phases = BLANK_PHASES if word == _ALL else (word,)
        return [ref for phase in phases for ref in refs_of_phase(engine, trace, phase)]
    try:
        ref = parse_ref(part, engine.sizes, slots=engine.optimizer.slots, batch_size=trace.n)
    except InputError as error:
        error.suggestions = error.suggestions or suggest(word, (_ALL, *BLANK_PHASES))
        raise
    if ref.quantity in ("x", "y") or ((ref.is_parameter or ref.is_optimizer_state) and not ref.after):
        problem = message("the sheet gives this number; ask for one that the pass computes, such as z1 or dw1.")
        raise InputError("computed", problem, path=(part,), value=part)
    if ref.quantity == "slope" and engine.activations[ref.layer].slope is None:
        problem = message("softmax has no slope of one unit; ask for its dz{layer}.", layer=ref.layer + 1)
        raise InputError("not_available", problem, path=(part,), value=part)
    if "[" in part or ref.quantity in ("loss", "term"):
        return [without_sample(ref)]
    refs = array_refs(engine, trace, ref.key, ref.layer)
    if word.startswith(("yhat", "ŷ", "y_hat")):
        refs = [each for each in refs if each.unit == ref.unit]
    return [each for each in refs if each.sample == ref.sample or "@" not in part]


def _limits(text: str) -> dict[str, range]:
    """Parse limits such as ``layer=1,sample=1-2`` to ranges that count from 0."""
    limits: dict[str, range] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        first, dash, last = value.partition("-")
        low = parse_int(first, 1, 10**6)
        high = parse_int(last, 1, 10**6) if dash else low
        if key not in ONLY_KEYS:
            problem = message("{part} is not a limit; the limits are: {keys}.", part=quote(part), keys=_keys_text())
            raise InputError("unknown_key", problem, value=part, suggestions=suggest(key, ONLY_KEYS))
        if not equals or low is None or high is None or high < low:
            problem = message(
                "{part} is not a limit; write {key}=1, or {key}=1-3 for several.", part=quote(part), key=key
            )
            raise InputError("syntax", problem, value=part)
        limits[key] = range(low - 1, high)
    return limits


def _keys_text() -> str:
    return ", ".join(f"{key}=1" for key in ONLY_KEYS)


def _is_within(ref: Ref, limits: dict[str, range]) -> bool:
    """Return whether a number lies within limits; a limit of samples does not concern a number without a sample."""
    indices = {
        "layer": ref.layer if ref.has_layer else None,
        "unit": None if ref.quantity == "loss" else ref.unit,
        "input": ref.input if ref.is_weight else None,
    }
    if ref.quantity in BY_SAMPLE and "sample" in limits and ref.sample not in limits["sample"]:
        return False
    return all(indices[key] in limit for key, limit in limits.items() if key != "sample")
