"""Checks of the columns of a table. Each returns findings, none if all is well."""

from __future__ import annotations

from nn_tui.core.diagnosis.facts import Facts
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.text import quote
from nn_tui.core.translation import all_of, message, message_plural


def check_target_in_inputs(facts: Facts) -> list[Finding]:
    """Check for an input of a table that has the values of the target under another name."""
    table = facts.experiment.data.table
    if table is None:
        return []
    inputs = {column.name for column in table.plan.inputs}
    same = [w for w in table.plan.warnings if w.kind == "same_as_target" and w.column in inputs]
    if not same:
        return []
    names = all_of([quote(w.column) for w in same])
    symptom = message_plural(
        "The input {names} has the values of the target {target} under another name.",
        "The inputs {names} have the values of the target {target} under other names.",
        len(same), names=names, target=quote(table.plan.target.name),
    )  # fmt: skip
    cause = message(
        "So the network can copy the answer: a low loss does not show that it can predict the target from anything "
        "else."
    )
    advice = message_plural(
        "Leave this column out, unless it is known for new rows before the target is: --drop {names}, or in the app "
        "the list of columns (o).",
        "Leave these columns out, unless they are known for new rows before the target is: --drop {names}, or in the "
        "app the list of columns (o).",
        len(same),
        names=names,
    )
    return [Finding("target_in_inputs", "bad", symptom, cause, advice)]
