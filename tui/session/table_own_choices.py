"""What a person chose of a table, apart from what its preset says only because it was assumed."""

from __future__ import annotations

from nn_tui.core.preset.table_options import DataChanges
from nn_tui.tui.session.table_review import TableReview, listed_names, try_change, without_names


def own_changes(review: TableReview) -> DataChanges:
    """Return the changes without those that would follow from the table anyway.

    A preset says explicitly what was assumed of its table. What a person really chose is what differs from a plan
    without any choice, so that the reasons of the others can still be said.
    """
    changes = review.changes
    plain = try_change(review, {name: value for name, value in changes.items() if name not in ("drop", "keep")})
    if plain is not None:
        roles = {column.name: column.role for column in plain.plan.columns}
        lists = {
            key: [name for name in listed_names(changes, key) if roles[name] != role]
            for key, role in (("drop", "ignored"), ("keep", "input"))
        }
        changes = _if_same(review, {**changes, **lists}, changes)
    for key in ("target", "target_kind", "missing"):
        changes = _if_same(review, {name: value for name, value in changes.items() if name != key}, changes)
    return without_names(changes, ())  # without empty lists


def _if_same(review: TableReview, fewer: DataChanges, changes: DataChanges) -> DataChanges:
    """Return ``fewer`` if it gives the columns of the review the same roles and kinds, else ``changes``."""
    other, plan = try_change(review, fewer), review.plan
    if other is None or (other.plan.target_kind, other.plan.missing) != (plan.target_kind, plan.missing):
        return changes
    pairs = zip(other.plan.columns, plan.columns, strict=True)
    return fewer if all((a.role, a.kind) == (b.role, b.kind) for a, b in pairs) else changes
