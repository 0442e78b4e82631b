"""Parsing the text of a lesson file: its keys, their types, and the shape of its questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from nn_tui.core.engine.moments import Moment, parse_moment
from nn_tui.core.errors import InputError, locate_errors
from nn_tui.core.fields import (
    Section,
    check_choice,
    check_int,
    check_string,
    read_bool,
    read_choice,
    read_int,
    read_string,
    read_text,
    reject_unknown_keys,
)
from nn_tui.core.lesson.condition import parse_condition
from nn_tui.core.lesson.lesson import (
    Ask,
    Choose,
    Do,
    Goal,
    Lesson,
    LessonAnswer,
    LessonStep,
    Question,
    Reach,
    Separates,
    Until,
)
from nn_tui.core.lesson.limits import MAX_ANSWERS, MAX_LESSON_UPDATES, MAX_STEPS, MIN_ANSWERS
from nn_tui.core.lesson.located import located
from nn_tui.core.lesson.names import ASK_LEVELS, GATES, VIEW_NAMES
from nn_tui.core.lesson.text import check_fields
from nn_tui.core.practice.rounding import DEFAULT_DIGITS, MAX_DIGITS, MIN_DIGITS
from nn_tui.core.preset.loader import find_preset, is_table_name, with_shipped_data
from nn_tui.core.preset.parser import parse_preset_table
from nn_tui.core.preset.toml import LESSON_KIND, parse_toml
from nn_tui.core.spec import Preset
from nn_tui.core.text import printable, quote
from nn_tui.core.translation import all_of, message

KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("kind", "title", "summary", "preset", "set", "steps"),
    "steps": (
        "say", "at", "select", "view", "set", "teaches", "keys", "hint", "claims", "ask", "choose", "do", "solution",
        "solved",
    ),
    "ask": ("quantity", "level", "digits"),
    "choose": ("answer", "right", "why"),
    "do": ("until", "separates", "reach", "within"),
}  # fmt: skip
"""The keys of a lesson file by the table that has them; "" is the top of the file."""
_QUESTIONS = ("ask", "choose", "do")
_GOALS = ("until", "separates", "reach")
_Parsed = TypeVar("_Parsed")


def parse_lesson(source: str, *, id: str, file: str, folder: Path | None = None, chapter: str = "") -> Lesson:
    """Parse the text of a lesson file.

    Args:
        source: The text.
        id: The id of the lesson.
        file: The name of the file, for messages.
        folder: The folder of a preset that is named by its path; None for the working folder.
        chapter: The chapter of the course.

    Raises:
        InputError: For bad TOML, unknown or missing keys, wrong types, values out of range, a preset that is not valid,
            and questions of another shape.
    """
    with locate_errors(file=printable(file)):
        return _parse_table(parse_toml(source), id, folder, chapter)


def _parse_table(table: dict[str, object], id: str, folder: Path | None, chapter: str) -> Lesson:
    root = Section((), table)
    reject_unknown_keys(root, KEYS[""])
    read_choice(root, "kind", [LESSON_KIND], message("the kind of a lesson"))
    steps = root.values.get("steps")
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        raise root.error("wrong_type", "steps", message("write one [[steps]] table for each step of the lesson."))
    if len(steps) > MAX_STEPS:
        problem = message("{count} steps are too many; a lesson may have {max}.", count=len(steps), max=MAX_STEPS)
        raise root.error("too_large", "steps", problem)
    title = _read_required(root, "title")
    return Lesson(
        id=printable(id),
        title=title,
        summary=_read_required(root, "summary"),
        preset=_parse_preset(root, id, title, folder),
        steps=tuple(_parse_step(Section(("steps", index), step)) for index, step in enumerate(steps)),
        changes=_read_strings(root, "set"),
        chapter=chapter,
    )


def _parse_preset(root: Section, id: str, title: str, folder: Path | None) -> Preset:
    """Return the preset that a lesson names, or that it contains as a table."""
    value = root.values.get("preset")
    if isinstance(value, dict):
        try:
            return with_shipped_data(parse_preset_table({"title": title, **value}, id=id, folder=folder))
        except InputError as error:
            if not error.file:
                error.path = ("preset", *error.path)
            raise
    name = read_string(root, "preset")
    if not name:
        problem = message('it is missing; write the name of a preset, as in preset = "xor", or a table [preset].')
        raise root.error("missing", "preset", problem)
    path = str((folder or Path()) / name)
    is_path = Path(name).suffix.lower() == ".toml" or is_table_name(path)
    with locate_errors(path=root.key("preset")):
        return find_preset(path if is_path else name)


def _parse_step(section: Section) -> LessonStep:
    reject_unknown_keys(section, KEYS["steps"])
    question = _parse_question(section)
    if "solution" in section.values and not isinstance(question, Do):
        raise section.error("conflict", "solution", message("only a task (do) has a solution."))
    view = section.values.get("view", "")
    if view != "":
        check_choice(view, section.key("view"), VIEW_NAMES, message("a view"))
    return LessonStep(
        say=_read_filled(section, "say", is_required=True),
        changes=_read_strings(section, "set"),
        moment=_read_moment(section, "at") if "at" in section.values else Moment(0),
        select=read_string(section, "select"),
        view=next((name for name in VIEW_NAMES if name == view), ""),
        teaches=_read_strings(section, "teaches"),
        keys=_read_strings(section, "keys"),
        hint=_read_filled(section, "hint"),
        claims=tuple(_read_each(section, "claims", parse_condition)),
        question=question,
        solved=_read_filled(section, "solved"),
    )


# Questions


def _parse_question(section: Section) -> Question | None:
    names = [name for name in _QUESTIONS if name in section.values]
    if len(names) > 1:
        problem = message("a step has one question at most, but this one has {names}.", names=all_of(names))
        raise InputError("conflict", problem, path=section.path, value=section.values)
    if not names:
        return None
    parsers: dict[str, Callable[[Section], Question]] = {"ask": _parse_ask, "choose": _parse_choose, "do": _parse_do}
    return parsers[names[0]](section)


def _parse_ask(section: Section) -> Ask:
    value = section.values["ask"]
    inner = Section(section.key("ask"), value if isinstance(value, dict) else {"quantity": value})
    reject_unknown_keys(inner, KEYS["ask"])
    level = read_choice(inner, "level", ASK_LEVELS, message("a level"), "formula")
    quantity = check_string(inner.values.get("quantity", ""), inner.path if value == "" else inner.key("quantity"))
    if not quantity.strip():
        raise inner.error("missing", "quantity", message('it is missing; it names a number, such as "z1[2]".'))
    digits = read_int(inner, "digits", DEFAULT_DIGITS, min_=MIN_DIGITS, max_=MAX_DIGITS)
    return Ask(quantity, next(each for each in ASK_LEVELS if each == level), digits)


def _parse_choose(section: Section) -> Choose:
    tables = section.values["choose"]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problem = message(
            'write a list of answers, such as [{{ answer = "…", right = true }}, {{ answer = "…", why = "…" }}].'
        )
        raise section.error("wrong_type", "choose", problem)
    answers = tuple(
        _parse_answer(Section((*section.key("choose"), index), table)) for index, table in enumerate(tables)
    )
    if not MIN_ANSWERS <= len(answers) <= MAX_ANSWERS:
        problem = message(
            "write {min} to {max} answers; there are {count}.", min=MIN_ANSWERS, max=MAX_ANSWERS, count=len(answers)
        )
        raise section.error("wrong_shape", "choose", problem)
    right = sum(answer.is_right for answer in answers)
    if right != 1:
        problem = message("exactly one answer has right = true; here {count} have it.", count=right)
        raise section.error("wrong_shape", "choose", problem)
    return Choose(answers)


def _parse_answer(section: Section) -> LessonAnswer:
    reject_unknown_keys(section, KEYS["choose"])
    is_right = read_bool(section, "right", False)
    why = _read_filled(section, "why")
    if not is_right and not why:
        raise section.error("missing", "why", message("it is missing; a wrong answer says why it is wrong."))
    return LessonAnswer(_read_filled(section, "answer", is_required=True), is_right, why)


def _parse_do(section: Section) -> Do:
    value = section.values["do"]
    example = message("{example}", example='do = { until = "loss < 0.05", within = 50 }')
    if not isinstance(value, dict):
        problem = message("{value} is not a table; write for example {example}.", value=quote(value), example=example)
        raise section.error("wrong_type", "do", problem)
    inner = Section(section.key("do"), value)
    reject_unknown_keys(inner, KEYS["do"])
    names = [name for name in _GOALS if name in value]
    if len(names) != 1:
        problem = message("write exactly one of until, separates and reach, for example {example}.", example=example)
        raise InputError("conflict" if names else "missing", problem, path=inner.path, value=value)
    return Do(_parse_goal(inner, names[0]), _read_strings(section, "solution"))


def _parse_goal(section: Section, name: str) -> Goal:
    within = None
    if "within" in section.values:
        if name == "reach":
            raise section.error(
                "conflict", "within", message("a moment to reach has no limit of updates; leave it out.")
            )
        within = read_int(section, "within", None, min_=1, max_=MAX_LESSON_UPDATES)
    if name == "reach":
        moment = _read_moment(section, name)
        if moment.update == 0:
            raise section.error("out_of_range", name, message("the start cannot be reached; write a later moment."))
        return Reach(moment)
    if name == "until":
        with located(section.key(name)):
            return Until(parse_condition(check_string(section.values[name], section.key(name))), within)
    gate = read_choice(section, name, GATES, message("a gate"))
    return Separates(next(each for each in GATES if each == gate), within)


# Values


def _read_required(section: Section, name: str) -> str:
    text = read_text(section, name)
    if not text:
        raise section.error("missing", name, message("it is missing; a lesson has a title and a summary."))
    return text


def _read_filled(section: Section, name: str, *, is_required: bool = False) -> str:
    """Read a text in which numbers are filled in later."""
    text = read_text(section, name)
    if is_required and not text:
        raise section.error("missing", name, message("it is missing; write the text between quotes."))
    with located(section.key(name)):
        check_fields(text)
    return text


def _read_moment(section: Section, name: str) -> Moment:
    value = section.values[name]
    if isinstance(value, int) and not isinstance(value, bool):  # a pass may be written as a number: at = 3
        value = str(check_int(value, section.key(name), min_=0, max_=MAX_LESSON_UPDATES))
    with located(section.key(name)):
        moment = parse_moment(check_string(value, section.key(name)))
    if moment.update > MAX_LESSON_UPDATES:
        problem = message("a lesson may go to pass {max:,} at most.", max=MAX_LESSON_UPDATES)
        raise section.error("out_of_range", name, problem)
    return moment


def _read_strings(section: Section, name: str) -> tuple[str, ...]:
    """Read a list of texts that are not empty."""
    return tuple(_read_each(section, name, str))


def _read_each(section: Section, name: str, parse: Callable[[str], _Parsed]) -> Iterator[_Parsed]:
    values = section.values.get(name, [])
    if not isinstance(values, list):
        problem = message("{value} is not a list; write [{value}].", value=quote(values))
        raise section.error("wrong_type", name, problem)
    for index, value in enumerate(values):
        path = (*section.key(name), index)
        text = check_string(value, path)
        if not text.strip():
            raise InputError("missing", message("it is empty; leave it out."), path=path, value=value)
        with located(path):
            yield parse(text)
