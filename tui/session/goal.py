"""Goals of a training: conditions such as ``loss < 0.01``, with which it ends."""

from __future__ import annotations

from nn_tui.core.errors import InputError
from nn_tui.core.lesson.condition import Condition, parse_condition
from nn_tui.core.lesson.goal import GoalCheck, condition_check, is_met
from nn_tui.core.lesson.lesson import Until
from nn_tui.core.lesson.run_figures import PassCursor
from nn_tui.core.limits import MAX_PASS, MAX_UPDATES_TO_GOAL
from nn_tui.core.run.run import Run
from nn_tui.core.translation import message
from nn_tui.tui.session.lesson_answers import pass_cursor
from nn_tui.tui.session.session import Session, with_message


def parse_goal(text: str, session: Session) -> Condition:
    """Parse a goal in the language of ``--until`` and of the tasks of lessons.

    Raises:
        InputError: It is not a condition, or the network or the data does not have a number that it names.
    """
    goal = parse_condition(text)
    goal.holds(PassCursor.at_end(session.engine, session.trace))
    return goal


def holds(goal: Condition, session: Session) -> bool:
    """Return whether a goal holds at the cursor; a number that is still to come reaches no goal."""
    return is_met(Until(goal), pass_cursor(session))


def add_goal(goal: Condition, run: Run, is_done: GoalCheck | None) -> GoalCheck:
    """Return a check that also ends a training with the first pass after which a goal holds."""
    is_reached = condition_check(goal, run)
    return is_reached if is_done is None else lambda trace: is_reached(trace) or is_done(trace)


def last_update(session: Session) -> int:
    """Return the update after which a training from the cursor to a goal ends even if it does not hold."""
    return min(session.run.reached + MAX_UPDATES_TO_GOAL, MAX_PASS)


def goal_to_offer(text: str, session: Session) -> str:
    """Return the goal that was typed last if it fits the session and does not hold yet, else ""."""
    try:
        return "" if not text or holds(parse_goal(text, session), session) else text
    except InputError:
        return ""


def say_reached(session: Session, goal: Condition, limit: int | None) -> Session:
    """Return the session at the end of a training to a goal, with a message whether it is reached.

    Args:
        session: The session at the last update.
        goal: The goal.
        limit: The update after which the training ends even if the goal does not hold.
    """
    if holds(goal, session):
        text = message("{goal} holds after update {update:,}.", goal=goal.text, update=session.updates_done)
    elif session.run.divergence is not None and session.updates_done >= session.run.divergence.update:
        return session  # the hint says that it diverged
    elif session.updates_done == limit:
        text = message(
            "Stopped after {count:,} more updates: {goal} does not hold yet. `t` offers it again.",
            count=MAX_UPDATES_TO_GOAL, goal=goal.text,
        )  # fmt: skip
    else:
        text = message("Paused: {goal} does not hold yet.", goal=goal.text)
    return with_message(session, text)


def say_holds_already(session: Session, goal: Condition) -> Session:
    """Return the session with the message that there is nothing to train for a goal."""
    text = message("{goal} holds here already, after update {update:,}.", goal=goal.text, update=session.updates_done)
    return with_message(session, text)
