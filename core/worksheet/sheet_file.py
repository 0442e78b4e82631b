"""Sheets as JSON: the preset, the pass and the questions, from which answers can be marked without the key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nn_tui.core.errors import InputError
from nn_tui.core.fields import check_int, parse_json_object
from nn_tui.core.limits import MAX_PASS
from nn_tui.core.practice.rounding import DEFAULT_DIGITS, MAX_DIGITS, MIN_DIGITS
from nn_tui.core.preset.loader import SHIPPED_DATA, load_experiment
from nn_tui.core.preset.parser import parse_preset_table
from nn_tui.core.preset.writer import preset_text
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import message
from nn_tui.core.worksheet.sheet import Question, Worksheet

FORMAT = "nn-tui-worksheet/1"


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A sheet as it was read from a file.

    Attributes:
        experiment: The experiment of the sheet.
        update: The number of the pass.
        digits: Significant digits.
        quantities: The names of the numbers that it asks for, in their order.
    """

    experiment: Experiment
    update: int
    digits: int
    quantities: tuple[str, ...]


def sheet_json(sheets: Sequence[Worksheet]) -> str:
    """Return one sheet as the text of a JSON file.

    Raises:
        ValueError: There is more than one sheet.
    """
    (sheet,) = sheets
    content = {
        "format": FORMAT,
        "preset": tomllib.loads(preset_text(sheet.preset)),
        "seed": sheet.seed,
        "update": sheet.update,
        "digits": sheet.digits,
        "questions": [_question(question, sheet.has_answers) for question in sheet.questions],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _question(question: Question, with_answer: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": question.id,
        "quantity": question.quantity,
        "prompt": str(question.prompt),
        "tolerance": question.tolerance,
    }
    return entry | ({"answer": question.answer} if with_answer else {})


def read_sheet(text: str, id: str) -> SheetFile:
    """Read a sheet from the text of a JSON file; an answer in it is not used.

    Args:
        text: The text.
        id: The id of its preset, such as the name of the file.

    Raises:
        InputError: It is not a sheet, or something in it is not valid.
    """
    content = parse_json_object(text)
    if content is None or content.get("format") != FORMAT:
        problem = message(
            "it is not a sheet; nn-tui worksheet PRESET --format json -o sheet.json writes one, whose format is "
            '"{format}".',
            format=FORMAT,
        )
        raise InputError("unreadable", problem)
    table = content.get("preset")
    if not isinstance(table, dict):
        raise InputError("missing", message("the preset of the sheet is missing."), path=("preset",))
    # Only data that come with the program have a relative path in a sheet.
    preset = parse_preset_table(table, id=id, folder=SHIPPED_DATA)
    update = check_int(content.get("update", 1), ("update",), min_=1, max_=MAX_PASS)
    digits = check_int(content.get("digits", DEFAULT_DIGITS), ("digits",), min_=MIN_DIGITS, max_=MAX_DIGITS)
    try:
        experiment = load_experiment(preset)
    except InputError as error:
        error.file = ""  # the preset is in no file of its own
        raise
    return SheetFile(experiment, update, digits, _quantities(content.get("questions")))


def _quantities(questions: object) -> tuple[str, ...]:
    if isinstance(questions, list):
        names = [question.get("quantity") if isinstance(question, dict) else None for question in questions]
        if all(isinstance(name, str) for name in names):
            return tuple(map(str, names))
    problem = message("it must be a list of questions, each with a quantity.")
    raise InputError("wrong_type", problem, path=("questions",))
