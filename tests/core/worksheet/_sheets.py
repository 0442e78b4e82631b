"""What a person reads on a sheet in each format, and the numbers in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import unescape

from nn_tui.core.engine.trace import Trace
from nn_tui.core.explain.explain import value_of
from nn_tui.core.explain.render_text import exact_text
from nn_tui.core.practice.rounding import answer_text, is_printed_exactly
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.run import Run
from nn_tui.core.text import plain_number
from nn_tui.core.worksheet.formats import FORMATS
from nn_tui.core.worksheet.pass_order import array_refs
from nn_tui.core.worksheet.sheet import Worksheet
from nn_tui.core.worksheet.sheet_lines import numbers_in

_NUMBER = re.compile(r"(?<![\w.,\[])−?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?(?![\w.\]])")


def _html(text: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<su([bp])>.*?</su\1>", " ", body)))


def _gift(text: str) -> str:
    return _html(re.sub(r"\\(.)", r"\1", text))


def _latex(text: str) -> str:
    body = re.sub(r"\\begin\{picture\}.*?\\end\{picture\}", "", text.partition(r"\begin{document}")[2], flags=re.DOTALL)
    body = re.sub(r"\\(?:hspace|setlength|tabular|resizebox)\{[^}]*\}(\{[^}]*\})?|_\{[^}]*\}", " ", body)
    body = re.sub(r"(?<![0-9} {])-(?=[0-9])|(?<=\$)-(?=[0-9])|(?<=[=(] )-(?=[0-9])", "−", body.replace("$-$", "−"))
    return re.sub(r"\\mathrm\{e\}\{([^}]*)\}", r"e\1", body)


def _json(text: str) -> str:
    return " ".join(question["prompt"] for question in json.loads(text)["questions"])


READABLE: Mapping[str, Callable[[str], str]] = {
    "md": lambda text: text.replace("\\", ""),
    "html": _html,
    "tex": _latex,
    "gift": _gift,
    "json": _json,
}


def numbers_on(sheet: Worksheet, format: str) -> set[str]:
    """Return the numbers that a person reads on a sheet, without their signs."""
    return numbers_in_text(READABLE[format](FORMATS[format].text([sheet])))


def numbers_in_text(text: str) -> set[str]:
    """Return the numbers in a text, without their signs."""
    return {number.lstrip("−") for number in _NUMBER.findall(text)}


def key_text(value: float, digits: int) -> str:
    """Return a number as a key writes it: a rounded one with all its significant digits."""
    return plain_number(value, digits) if is_printed_exactly(value, digits) else answer_text(value, digits)


def constants(sheet: Worksheet) -> set[str]:
    """Return the constants of the formulas of a sheet, such as the slope of a leaky ReLU below 0."""
    groups = [group for section in sheet.sections for group in section.groups]
    lines = [
        line for group in groups for part in (group.formulas, *(item.lines for item in group.items)) for line in part
    ]
    return {exact_text(number) for line in lines for number in numbers_in(line) if number.is_exact}


def given_numbers(run: Run, trace: Trace, digits: int) -> set[str]:
    """Return the numbers that a sheet may give, without their signs: data, parameters, state and options."""
    engine, training = run.engine, run.experiment.training
    keys = [QuantityKey("x"), QuantityKey("y")]
    keys += [QuantityKey("state_w", slot) for slot in engine.optimizer.slots]
    keys += [QuantityKey("state_b", slot) for slot in engine.optimizer.slots]
    values = [value_of(engine, trace, ref) for key in keys[:2] for ref in array_refs(engine, trace, key, 0)]
    for layer in range(len(engine.sizes) - 1):
        for key in (QuantityKey("w"), QuantityKey("b"), *keys[2:]):
            values += [value_of(engine, trace, ref) for ref in array_refs(engine, trace, key, layer)]
    values += [trace.learning_rate, training.optimizer.learning_rate, training.l1, training.l2]
    values += [*engine.optimizer.options.values(), *trace.before.scalars, *dict(training.schedule.options).values()]
    values += [training.schedule.warmup.start_factor] if training.schedule.warmup else []
    texts = {plain_number(abs(value), digits) for value in values}
    rules = engine.optimizer.formulas().values()  # the first lines of a sheet have them
    texts |= {exact_text(number) for rule in rules for number in numbers_in(rule) if number.is_exact}
    return texts | {repr(abs(value)).removesuffix(".0") for value in values}
