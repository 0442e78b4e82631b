"""Checks of the texts of a step: their numbers, their length, and what they assert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from math import isfinite
from typing import NamedTuple

from nn_tui.core.diagnosis.finding import KINDS
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.checked_step import CheckedStep
from nn_tui.core.lesson.lesson import Ask, Choose, Do, Until
from nn_tui.core.lesson.limits import FEEDBACK_LINES, MAX_SENTENCES, TEXT_LINES, TEXT_WIDTH
from nn_tui.core.lesson.text import fields_of, formula_value, line_count, number_text
from nn_tui.core.refs import QUANTITIES
from nn_tui.core.text import quote, suggest
from nn_tui.core.translation import message, message_plural

_SENTENCE_END = re.compile(r"[.!?…](?=[\"'”)`]*(?:\s|$))")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|Fig|cf)\.")
ANSWER_PREFIX = 5  # cells of the mark and the number before an answer
TASK_WIDTH = 40  # cells of the text around the condition of a task
FEEDBACK_PREFIX = 7  # cells of the text before a hint or a reason


class StepText(NamedTuple):
    """One text of a step.

    Attributes:
        path: The path of its key in the step.
        text: The text, with its fields.
        is_shown_before: Whether it is shown before the question is answered.
    """

    path: tuple[str | int, ...]
    text: str
    is_shown_before: bool


def step_texts(checked: CheckedStep) -> Iterator[StepText]:
    """Yield the texts of a step that are not empty."""
    step = checked.step
    texts = [StepText(("say",), step.say, True), StepText(("hint",), step.hint, True)]
    if isinstance(step.question, Choose):
        for index, answer in enumerate(step.question.answers):
            texts.append(StepText(("choose", index, "answer"), answer.answer, False))
            texts.append(StepText(("choose", index, "why"), answer.why, False))
    texts.append(StepText(("solved",), step.solved, False))
    yield from (text for text in texts if text.text)


def numbers_exist(checked: CheckedStep) -> Iterator[InputError]:
    """Check that each number of a text exists, is finite, and is computed if the text is shown before the answer.

    The numbers of an answer, its reason and ``solved`` may come later in the pass.
    """
    for path, text, is_shown_before in step_texts(checked):
        for formula in fields_of(text):
            try:
                value = formula_value(formula, checked.at, must_be_known=is_shown_before)
            except InputError as error:
                yield checked.problem_of(error, *path)
            else:
                if not isfinite(value):
                    problem = message("{name} is not a finite number here.", name=quote(formula.text))
                    yield checked.problem("not_finite", problem, *path, value=formula.text)


def claims_hold(checked: CheckedStep) -> Iterator[InputError]:
    """Check that each claim holds at the state."""
    for index, claim in enumerate(checked.step.claims):
        try:
            failed = [comparison for comparison in claim.comparisons if not comparison.holds(checked.at)]
        except InputError as error:
            yield checked.problem_of(error, "claims", index)
            continue
        for comparison in failed:
            left, right = map(number_text, comparison.values(checked.at))
            problem = message(
                "{claim} does not hold at this step: {name} is {value}.",
                claim=quote(claim.text), name=comparison.left.text, value=left,
            )  # fmt: skip
            if comparison.right.names:
                problem = message(
                    "{claim} does not hold at this step: {name} is {value}, and {other} is {other_value}.",
                    claim=quote(claim.text), name=comparison.left.text, value=left,
                    other=comparison.right.text, other_value=right,
                )  # fmt: skip
            yield checked.problem("conflict", problem, "claims", index, value=claim.text)


def sentences_are_few(checked: CheckedStep) -> Iterator[InputError]:
    """Check that no text has too many sentences."""
    for path, text, _ in step_texts(checked):
        count = len(_SENTENCE_END.findall(_ABBREVIATION.sub("", f"{text.rstrip('.!?…')}.")))
        if count > MAX_SENTENCES:
            problem = message("{count} sentences are too many; write at most {max}.", count=count, max=MAX_SENTENCES)
            yield checked.problem("too_large", problem, *path)


def texts_fit(checked: CheckedStep) -> Iterator[InputError]:
    """Check that the text with its question, and each text that is added below it, fits a terminal of 80 × 24."""
    question = checked.step.question
    lines = line_count(checked.filled(checked.step.say), TEXT_WIDTH)
    if isinstance(question, Choose):
        answers = (checked.filled(answer.answer, must_be_known=False) for answer in question.answers)
        lines += sum(line_count(answer, TEXT_WIDTH - ANSWER_PREFIX) for answer in answers)
    elif isinstance(question, Do):
        condition = question.goal.condition.text if isinstance(question.goal, Until) else ""
        lines += line_count(condition, TEXT_WIDTH - TASK_WIDTH)
    if lines > TEXT_LINES:
        problem = message_plural(
            "the text and its question take {count} line of {width} characters, but there is room for {max}.",
            "the text and its question take {count} lines of {width} characters, but there is room for {max}.",
            lines,
            width=TEXT_WIDTH,
            max=TEXT_LINES,
        )
        yield checked.problem("too_large", problem, "say")
    for path, text, _ in step_texts(checked):
        if path[-1] in ("say", "answer"):
            continue
        lines = line_count(checked.filled(text, must_be_known=False), TEXT_WIDTH - FEEDBACK_PREFIX)
        if lines > FEEDBACK_LINES:
            problem = message(
                "it takes {lines} lines of {width} characters, but there is room for {max}.",
                lines=lines, width=TEXT_WIDTH - FEEDBACK_PREFIX, max=FEEDBACK_LINES,
            )  # fmt: skip
            yield checked.problem("too_large", problem, *path)


def selection_is_computed(checked: CheckedStep) -> Iterator[InputError]:
    """Check that the selected number is computed at the state, or asked for.

    An answer to choose, or a task, may be about any number that is to come.
    """
    ref, question = checked.state.ref, checked.step.question
    if not checked.step.select or ref is None or checked.at.is_known(ref) or isinstance(question, Choose | Do):
        return
    if isinstance(question, Ask):
        with suppress(InputError):  # another check says that there is no such number
            if checked.at.ref(question.quantity) == ref:
                return
    problem = message(
        "{name} is not computed yet at this step; choose a later moment (at), or select a number that is.",
        name=quote(checked.step.select),
    )
    yield checked.problem("not_available", problem, "select", value=checked.step.select)


def names_are_known(checked: CheckedStep) -> Iterator[InputError]:
    """Check the names of keys, and the names of quantities and findings among the words that a step teaches."""
    for index, key in enumerate(checked.step.keys):
        if checked.known_keys and key not in checked.known_keys:
            problem = message("{key} is not the name of a key that acts in the app.", key=quote(key))
            error = checked.problem("not_a_choice", problem, "keys", index, value=key)
            error.suggestions = suggest(key, checked.known_keys)
            yield error
    names = (*QUANTITIES, *KINDS)
    for index, word in enumerate(checked.step.teaches):
        if "_" in word and word not in names:
            problem = message("{word} is neither a quantity nor a kind of finding.", word=quote(word))
            error = checked.problem("not_a_choice", problem, "teaches", index, value=word)
            error.suggestions = suggest(word, names)
            yield error
