"""Checks of the questions and tasks of a step: they can be answered, and they are not answered already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from math import isfinite

from nn_tui.core.errors import InputError
from nn_tui.core.explain.explain import value_of
from nn_tui.core.lesson.checked_step import CheckedStep
from nn_tui.core.lesson.goal import first_met, is_met, separates, solve
from nn_tui.core.lesson.lesson import Ask, Choose, Do, Goal, Reach, Separates, Until
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.lesson.state import asked_ref
from nn_tui.core.lesson.text import fields_of
from nn_tui.core.practice.answer import parse_answer
from nn_tui.core.practice.marking import mark
from nn_tui.core.practice.rounding import answer_text, round_to
from nn_tui.core.text import quote
from nn_tui.core.translation import message

_NUMBER = re.compile(r"(?<![\w.,\[])[-−]?(?:\d+\.\d+|\d+|\.\d+)(?:e[+-]?\d+)?(?![\w\]]|[.,]\d)", re.IGNORECASE)
_IS_RESULT = re.compile(r"(?:=|≈|\bis) *$")
_MIN_TELLING_DIGITS = 2
_EDIT_KEYS = frozenset({"e"})
_STEP_KEYS = frozenset({"space", "␣", "f", "b", "u", "n", "r", "t"})


def asked_number_is_to_come(checked: CheckedStep) -> Iterator[InputError]:
    """Check that the number that is asked for is not on the screen, and that its printed value is a right answer."""
    question, at = checked.step.question, checked.at
    if not isinstance(question, Ask):
        return
    try:
        ref = asked_ref(question, at)
    except InputError as error:
        yield checked.problem_of(error, "ask")
        return
    value = value_of(at.engine, at.trace, ref)
    if not isfinite(value) or (question.level == "sign" and value == 0):
        problem = message("{name} has no such answer: it is {value}.", name=quote(question.quantity), value=value)
        yield checked.problem("not_finite", problem, "ask", value=question.quantity)
        return
    printed = parse_answer(answer_text(value, question.digits))
    if mark(at.engine, at.trace, ref, printed, question.digits).verdict != "right":
        problem = message("its printed value, {value}, is not marked as right.", value=printed)
        yield checked.problem("conflict", problem, "ask", value=question.quantity)


def answers_differ(checked: CheckedStep) -> Iterator[InputError]:
    """Check that no two answers are the same as texts, or as numbers with the digits that both show."""
    question = checked.step.question
    if not isinstance(question, Choose):
        return
    shown = [checked.filled(answer.answer, must_be_known=False) for answer in question.answers]
    for (first, text), (second, other) in combinations(enumerate(shown), 2):
        if _are_alike(text, other):
            problem = message(
                "{text} cannot be told from answer {number}, {other}.",
                text=quote(other), number=first + 1, other=quote(text),
            )  # fmt: skip
            yield checked.problem("duplicate", problem, "choose", second, "answer", value=other)


def right_number_is_computed(checked: CheckedStep) -> Iterator[InputError]:
    """Check that a right answer that is a number with decimals is one of the engine."""
    question = checked.step.question
    if not isinstance(question, Choose):
        return
    right = question.answers[question.right]
    number = _number(right.answer)
    if number is not None and "." in right.answer.strip().removesuffix(".") and not fields_of(right.answer):
        problem = message(
            "{text} is a number that nothing computes; write a formula in braces, as in {{w1[1,1] / 2}}.",
            text=quote(right.answer),
        )
        yield checked.problem("conflict", problem, "choose", question.right, "answer", value=right.answer)


def hint_has_no_answer(checked: CheckedStep) -> Iterator[InputError]:
    """Check that the hint has neither the answer nor all changes of the solution."""
    step, at = checked.step, checked.at
    hint, tells = checked.filled(step.hint), False
    match step.question:
        case Ask(quantity, level, _) if level != "sign":
            with suppress(InputError):  # another check says that there is no such number
                tells = _tells_number(hint, value_of(at.engine, at.trace, at.ref(quantity)))
        case Choose() as choose:
            right = checked.filled(choose.answers[choose.right].answer, must_be_known=False)
            number = _number(right)
            tells = _plain(right) in _plain(hint) if number is None else _tells_number(hint, number)
        case Do(solution=changes):
            tells = bool(changes) and all(_plain(change) in _plain(hint) for change in changes)
    if tells:
        yield checked.problem("conflict", message("it tells the answer; leave that to the learner."), "hint")


def task_is_open(checked: CheckedStep) -> Iterator[InputError]:
    """Check that a task can be judged, and that it is done neither at the start of the step nor by pressing space.

    Space counts up to the end of the pass, and of the next pass if this one is at its end. A step may limit the keys:
    without space among them, pressing space does nothing; and if they are named, a moment to reach is reached with
    them.
    """
    question, at, run = checked.step.question, checked.at, checked.state.run
    if not isinstance(question, Do):
        return
    goal = question.goal
    if (error := _judging_error(goal, at)) is not None:
        yield checked.problem_of(error, "do")
        return
    if is_met(goal, at, at.updates):
        yield checked.problem("conflict", message("the task is done already at the start of the step."), "do")
        return
    keys = checked.step.keys
    if keys and (isinstance(goal, Reach) or not {*keys} & {"space", "␣"}):
        return
    update, cursor = (at.trace.update + 1, 0) if at.is_complete else at.place
    if first_met(goal, run, update, cursor, at.updates) is None:
        return
    problem = message("pressing space does the task; ask for more, or name the keys (keys) without space.")
    if isinstance(goal, Reach):
        problem = message(
            "pressing space reaches this moment; name the keys (keys) that the task is about, or choose a later pass."
        )
    yield checked.problem("conflict", problem, "do")


def keys_allow_the_task(checked: CheckedStep) -> Iterator[InputError]:
    """Check that a step that limits the keys allows those with which its task is done."""
    question, keys = checked.step.question, {*checked.step.keys}
    if not isinstance(question, Do) or not keys:
        return
    if question.solution and not keys & _EDIT_KEYS:
        problem = message("the solution changes something, so the keys must have {key}.", key=quote("e"))
        yield checked.problem("conflict", problem, "keys")
    is_trained = not isinstance(question.goal, Reach) and question.goal.within is not None
    if (isinstance(question.goal, Reach) or is_trained) and not keys & _STEP_KEYS:
        problem = message("no key here goes on in the run; name one, such as {key}.", key=quote("space"))
        yield checked.problem("conflict", problem, "keys")


def _judging_error(goal: Goal, at: PassCursor) -> InputError | None:
    """Return why no state can do a task: a name that the network or the data does not have."""
    try:
        if isinstance(goal, Until):
            goal.condition.holds(PassCursor.at_end(at.engine, at.trace))
        elif isinstance(goal, Separates):
            separates(goal.gate, at)
    except InputError as error:
        return error
    return None


def task_is_solved(checked: CheckedStep) -> Iterator[InputError]:
    """Check that the solution in the file does the task."""
    question = checked.step.question
    if not isinstance(question, Do) or _judging_error(question.goal, checked.at) is not None:
        return
    try:
        solved = solve(checked.lesson, checked.index)
    except InputError as error:
        yield error
        return
    if solved is None:
        problem = message("the solution does not do the task; correct it, or allow more updates (within).")
        yield checked.problem("conflict", problem, "solution")


def _number(text: str) -> float | None:
    """Return the number that a text is, perhaps with a stop behind it; None if it is more than a number."""
    try:
        return parse_answer(text.strip().removesuffix("."))
    except InputError:
        return None


def _digits(text: str) -> int:
    """Return the significant digits that a number is written with."""
    return max(1, len(re.sub(r"e.*|\D", "", text.lower()).lstrip("0")))


def _are_alike(text: str, other: str) -> bool:
    """Return whether two answers cannot be told apart."""
    first, second = _number(text), _number(other)
    if first is None or second is None:
        return _plain(text) == _plain(other)
    digits = min(_digits(text), _digits(other))
    return round_to(first, digits) == round_to(second, digits)


def _tells_number(text: str, value: float) -> bool:
    """Return whether a text has a number that is ``value`` to the digits that it shows.

    With one digit, it must be said to be the result, because such a number may also be a factor or an index.
    """
    for found in _NUMBER.finditer(text):
        number, digits = parse_answer(found[0]), _digits(found[0])
        if digits < _MIN_TELLING_DIGITS and not _IS_RESULT.search(text[: found.start()]):
            continue
        if number == round_to(value, digits):
            return True
    return False


def _plain(text: str) -> str:
    """Return a text without what does not matter for a comparison: case, spaces, backquotes and the last stop."""
    return "".join(text.casefold().replace("`", "").split()).rstrip(".!?")
