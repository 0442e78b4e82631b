"""The sentences that say what the task of a lesson asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.condition import NumberComparison
from nn_tui.core.lesson.formula import Formula
from nn_tui.core.lesson.lesson import Do, Reach, Separates, Until
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.translation import Message, all_of, message
from nn_tui.tui.session.question import number_name
from nn_tui.tui.session.session import Session

SYMBOLS = {"z": "z", "a": "a", "da": "∂L/∂a", "dz": "δ", "dw": "∂L/∂w", "db": "∂L/∂b"}
"""The symbol of the numbers of each operation, without the loss and the update, which are phases too."""

_FIGURES: Mapping[str, Message | str] = {
    "loss": message("loss"),
    "train_loss": message("training loss"),
    "test_loss": message("test loss"),
    "accuracy": message("accuracy"),
    "train_accuracy": message("accuracy"),
    "test_accuracy": message("test accuracy"),
    "r2": message("R²"),
    "train_r2": message("R²"),
    "test_r2": message("test R²"),
    "rmse": message("RMSE"),
    "train_rmse": message("RMSE"),
    "test_rmse": message("test RMSE"),
    "updates": message("number of updates"),
    "learning_rate": "η",
}
_OPERATORS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
_MAGNITUDE = re.compile(r"abs\(([^()]*)\)")
_COUNT = re.compile(r"[0-9]{2,9}|[2-9]")


def goal_text(task: Do, session: Session) -> Message:
    """Return what a task asks for.

    Args:
        task: The task.
        session: The session, whose network has the numbers that the task names.
    """
    goal = task.goal
    if isinstance(goal, Until):
        return _condition_text(goal, session)
    if isinstance(goal, Separates) and goal.within is not None:
        return message(
            "Task: right answers for all four rows of {gate}, after at most {within:,} updates.",
            gate=goal.gate,
            within=goal.within,
        )
    if isinstance(goal, Separates):
        return message("Task: right answers for all four rows of {gate}.", gate=goal.gate)
    return _moment_text(goal)


def _condition_text(goal: Until, session: Session) -> Message:
    """Return the task to make a condition true."""
    comparisons = goal.condition.comparisons
    first = comparisons[0]
    is_count = first.left.text == "updates" and first.operator == ">=" and _COUNT.fullmatch(first.right.text)
    if len(comparisons) == 1 and is_count and goal.within is not None:
        return message(
            "Task: at least {least:,} updates, at most {within:,}.", least=int(first.right.text), within=goal.within
        )
    if len(comparisons) == 1 and is_count:
        return message("Task: at least {least:,} updates.", least=int(first.right.text))
    condition = all_of([_comparison_text(comparison, session) for comparison in comparisons])
    if goal.within is not None:
        return message("Task: {condition}, after at most {within:,} updates.", condition=condition, within=goal.within)
    return message("Task: {condition}.", condition=condition)


def _comparison_text(comparison: NumberComparison, session: Session) -> str:
    """Return a comparison with the symbols of the screen: ``z₁[1] of sample 2 ≥ 0``."""
    left, right = (_formula_text(formula, session) for formula in (comparison.left, comparison.right))
    return f"{left} {_OPERATORS[comparison.operator]} {right}"


def _formula_text(formula: Formula, session: Session) -> str:
    text = formula.text
    for name in sorted(formula.names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?![\w\[@'])", _name_text(name, session), text)
    return _MAGNITUDE.sub(r"|\1|", text).replace("-", "−").replace("*", "×")


def _name_text(name: str, session: Session) -> str:
    """Return the symbol or the words for a name; the name itself if the network does not have that number."""
    if (words := _FIGURES.get(name.strip().lower())) is not None:
        return str(words)
    engine = session.engine
    try:
        ref = parse_ref(name, engine.sizes, 0, engine.optimizer.slots, session.trace.n)
    except InputError:
        return name
    return str(number_name(session, ref)) if "@" in name else ref.symbol


def _moment_text(goal: Reach) -> Message:
    """Return the task to go to a moment, in words."""
    moment = goal.moment
    if not moment.part:
        return message("Task: go to the end of pass {number:,}.", number=moment.update)
    symbol = SYMBOLS.get(moment.part)
    if symbol is not None and moment.layer is not None:
        return message(
            "Task: compute {symbol} of layer {layer} in pass {number:,}.",
            symbol=symbol, layer=moment.layer + 1, number=moment.update,
        )  # fmt: skip
    if symbol is not None:
        return message("Task: compute every {symbol} in pass {number:,}.", symbol=symbol, number=moment.update)
    if moment.part == "forward":
        return message("Task: finish the forward pass of pass {number:,}.", number=moment.update)
    if moment.part == "loss":
        return message("Task: compute the loss of pass {number:,}.", number=moment.update)
    if moment.part == "backward":
        return message("Task: finish the backward pass of pass {number:,}.", number=moment.update)
    return message("Task: finish the update of pass {number:,}.", number=moment.update)
