"""A table before its network is opened: what was read, what each column is used for, and what a person chose.

The choices are changes of ``[data]`` in the names of its keys, as the command line has them. Each function takes a
review and returns the next one; it raises InputError where a choice is not possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

import numpy as np

from nn_tui.core.data.opened_table import Tables
from nn_tui.core.data.split import choose_test_rows
from nn_tui.core.errors import InputError
from nn_tui.core.preset.default_network import default_network, default_test_fraction
from nn_tui.core.preset.table_file import table_spec
from nn_tui.core.preset.table_options import NO_CHANGES, DataChanges
from nn_tui.core.spec import LayerSpec, NetworkSpec, TrainingSpec
from nn_tui.core.table.encode import input_names
from nn_tui.core.table.kinds import ColumnFacts, table_facts
from nn_tui.core.table.planner import plan_table
from nn_tui.core.table.table_data import table_data
from nn_tui.core.table.values import NO_OPTIONS, TableData, TablePlan, TextTable
from nn_tui.core.text import quote
from nn_tui.core.translation import message

TEST_SHARES = (0.0, 0.1, 0.2, 0.3, 0.5)
MISSING = ("mean", "drop", "refuse")
_MAX_ATTEMPTS = 50  # columns that are tried as a target if the one that was chosen cannot be one


@dataclass(frozen=True, slots=True, eq=False)
class TableReview:
    """A table with the choices in force and all that follows from them.

    Attributes:
        table: The content of the file.
        test: The content of the file with the test rows; None without one.
        facts: What the values of each column say about it, which depends on no choice; None before the first choice.
        changes: What a person chose, by the keys of ``[data]``.
        plan: What each column is used for.
        data: The rows for training.
        test_share: The share of the rows that are for testing only; 0 if they are in a file of their own.
        test_rows: The number of rows for testing.
        layers: The layers of the first network.
        training: Its training.
        inputs: The number of inputs of the network.
        own_network: The layers and the training on screen, which stay where the outputs do; None for a first network.
        groups: The columns that each line of a list shows: one, or all pixels of an image.
    """

    table: TextTable
    test: TextTable | None
    facts: Sequence[ColumnFacts] | None
    changes: DataChanges
    plan: TablePlan
    data: TableData
    test_share: float
    test_rows: int
    layers: tuple[LayerSpec, ...]
    training: TrainingSpec
    inputs: int
    groups: tuple[range, ...] = field(repr=False)
    own_network: NetworkSpec | None = None

    @property
    def target(self) -> int:
        """The place of the target among the columns."""
        return next(place for place, column in enumerate(self.plan.columns) if column.role == "target")

    def line_of(self, column: int) -> int:
        """Return the line of the list that shows a column."""
        return next(line for line, group in enumerate(self.groups) if column in group)

    @property
    def parameters(self) -> int:
        """The number of weights and biases of the network."""
        sizes = (self.inputs, *(layer.units for layer in self.layers))
        return sum((before + 1) * after for before, after in pairwise(sizes))


def review_table(
    table: TextTable,
    changes: DataChanges = NO_CHANGES,
    test: TextTable | None = None,
    *,
    facts: Sequence[ColumnFacts] | None = None,
    data: TableData | None = None,
    own_network: NetworkSpec | None = None,
) -> TableReview:
    """Return what follows from a table and the choices of a person.

    Args:
        table: The table.
        changes: The choices.
        test: The table with the test rows, if the choices name one.
        facts: The facts about the table, if they are there already.
        data: The rows for training that follow from the choices, if they are there already.
        own_network: The layers and the training on screen, if they are not a first network.

    Raises:
        InputError: If a choice is not possible.
    """
    spec = table_spec(table.file, changes)
    test = test if "test_csv" in changes else None
    if data is None:
        facts = table_facts(table) if facts is None else facts
        plan = plan_table(table, spec.options or NO_OPTIONS, spec.target, facts=facts)
        data = table_data(table, plan, test)
    inputs = len(input_names(data))
    layers, training = default_network(data)
    if own_network is not None and _fits(own_network, inputs, (layers, training)):
        layers, training = own_network
    share = spec.test_fraction if "test_fraction" in changes else default_test_fraction(data)
    share = 0.0 if data.test_rows else share
    labels = data.y.astype(np.intp) if data.classes else None
    test_rows = data.test_rows or int(choose_test_rows(len(data.y), labels, share, 0).sum())
    return TableReview(
        table, test, facts, changes, data.plan, data, share, test_rows, layers, training, inputs, _groups(data.plan),
        own_network,
    )  # fmt: skip


def try_review(
    tables: Tables,
    changes: DataChanges,
    data: TableData | None = None,
    own_network: NetworkSpec | None = None,
) -> tuple[TableReview, InputError | None]:
    """Return the review of a table; if the choices are not possible, one with another target, and the problem.

    Args:
        tables: The table, and the one with its test rows.
        changes: The choices.
        data: The rows for training that follow from the choices, if they are there already.
        own_network: The layers and the training on screen, if they are not a first network.

    Raises:
        InputError: The problem, if no column can be the target.
    """
    table, test = tables
    try:
        return review_table(table, changes, test, data=data, own_network=own_network), None
    except InputError as error:
        facts = table_facts(table)
        for column in reversed(table.columns[-_MAX_ATTEMPTS:]):
            with suppress(InputError):
                return review_table(table, with_change(changes, "target", column.name), test, facts=facts), error
        raise


def change(review: TableReview, changes: DataChanges) -> TableReview:
    """Return the review with other choices.

    Raises:
        InputError: If a choice is not possible.
    """
    return review_table(review.table, changes, review.test, facts=review.facts, own_network=review.own_network)


def choose_target(review: TableReview, group: range) -> TableReview:
    """Make a column the target; the target before it becomes what it is by itself."""
    name = review.plan.columns[group.start].name
    if len(group) > 1:
        raise InputError("not_available", message("a pixel cannot be the target; choose another column."))
    changes = without_names(review.changes, (name,))
    changes = with_change({**changes, "target_kind": None}, "target", name)
    return change(review, _without_needless(review, changes, "target"))


def choose_input(review: TableReview, group: range) -> TableReview:
    """Make columns inputs."""
    return _choose_role(review, group, "keep")


def ignore(review: TableReview, group: range) -> TableReview:
    """Leave out columns."""
    return _choose_role(review, group, "drop")


def next_role(review: TableReview, group: range) -> TableReview:
    """Make inputs of ignored columns, and leave out inputs."""
    is_input = review.plan.columns[group.start].role == "input"
    return ignore(review, group) if is_input else choose_input(review, group)


def next_kind(review: TableReview, group: range) -> TableReview:
    """Take the numbers of an input as categories or as numbers, or those of the target as classes or quantities."""
    column = review.plan.columns[group.start]
    if column.role == "target":
        kind = "numbers" if review.plan.target_kind == "classes" else "classes"
        changes = with_change(review.changes, "target_kind", kind)
        return change(review, _without_needless(review, changes, "target_kind"))
    chosen = listed_names(review.changes, "categories")
    if column.name in chosen:
        return change(review, without_names(review.changes, (column.name,)))
    if len(group) > 1:
        raise InputError("not_available", message("pixels are numbers; their kind cannot be changed."))
    if review.table.columns[group.start].numbers is None and column.kind != "boolean":
        if column.role == "ignored":
            return choose_input(review, group)
        problem = message("{name} has texts, so it is a category and cannot be a number.", name=quote(column.name))
        raise InputError("not_available", problem)
    changes = without_names(review.changes, (column.name,))
    return change(review, {**changes, "categories": [*listed_names(changes, "categories"), column.name]})


def next_missing(review: TableReview) -> TableReview:
    """Treat missing inputs in the next way that is possible."""
    place = MISSING.index(review.plan.missing)
    following = (*MISSING[place + 1 :], *MISSING[:place])
    for missing in following:
        changes = with_change(review.changes, "missing", missing)
        found = try_change(review, _without_needless(review, changes, "missing"))
        if found is not None:
            return found
    return review


def next_test_share(review: TableReview) -> TableReview:
    """Take the next larger share of the rows for testing, or none after the largest."""
    larger = [share for share in TEST_SHARES if share > review.test_share + 1e-9]
    changes = with_change(review.changes, "test_csv", None)
    for share in larger:  # a few rows may have too small a share for one row
        try:
            is_usual = share == default_test_fraction(review.data)
            return change(review, with_change(changes, "test_fraction", None if is_usual else share))
        except InputError:
            continue
    return change(review, with_change(changes, "test_fraction", TEST_SHARES[0]))


def with_change(changes: DataChanges, key: str, value: object) -> DataChanges:
    """Return changes with another value of a key; keys without a value are left out."""
    return {name: each for name, each in {**changes, key: value}.items() if each is not None}


def _fits(network: NetworkSpec, inputs: int, default: NetworkSpec) -> bool:
    """Return whether a network can be used for a table whose first network is ``default``."""
    (layers, training), (first, first_training) = network, default
    weights = layers[0].weights
    return (
        (layers[-1].units, layers[-1].activation) == (first[-1].units, first[-1].activation)
        and training.loss == first_training.loss
        and (weights is None or len(weights[0]) == inputs)
    )


def _choose_role(review: TableReview, group: range, key: str) -> TableReview:
    """Give columns a role, by the list ``key`` only if they do not have it without."""
    columns = [review.plan.columns[index] for index in group]
    role = "input" if key == "keep" else "ignored"
    if any(column.role == "target" for column in columns):
        problem = message("{name} is the target; make another column the target first.", name=quote(columns[0].name))
        raise InputError("not_available", problem)
    names = tuple(column.name for column in columns)
    changes = without_names(review.changes, names)
    if "target" not in changes:  # it stays the target, although it may have been chosen because of the other columns
        target = review.plan.target.name
        kept = with_change({**changes, key: [*listed_names(changes, key), *names]}, "target", target)
        changes = {**changes, "target": target} if "target" in _without_needless(review, kept, "target") else changes
    # A table without another input may keep one that is ignored by itself, so the result decides.
    facts = review.facts or table_facts(review.table)
    review = replace(review, facts=facts)
    is_so_already = all((not facts[index].reason) == (key == "keep") for index in group)
    plain = try_change(review, changes) if is_so_already or len(group) > 1 else None
    if plain is not None and all(plain.plan.columns[index].role == role for index in group):
        return plain
    return change(review, {**changes, key: [*listed_names(changes, key), *names]})


def _without_needless(review: TableReview, changes: DataChanges, key: str) -> DataChanges:
    """Return changes without a key if the table has that value by itself: such a choice is none."""
    fewer = with_change(changes, key, None)
    try:
        spec = table_spec(review.table.file, fewer)
        facts = review.facts or table_facts(review.table)
        plan = plan_table(review.table, spec.options or NO_OPTIONS, spec.target, facts=facts)
    except InputError:
        return changes
    found = {"target": plan.target.name, "target_kind": plan.target_kind, "missing": plan.missing}
    return fewer if found[key] == changes[key] else changes


def try_change(review: TableReview, changes: DataChanges) -> TableReview | None:
    """Return the review with other choices, or None if they are not possible."""
    try:
        return change(review, changes)
    except InputError:
        return None


def listed_names(changes: DataChanges, key: str) -> list[str]:
    """Return the columns that a key such as ``drop`` lists."""
    names = changes.get(key, ())
    return list(map(str, names)) if isinstance(names, list | tuple) else []


def without_names(changes: DataChanges, names: Sequence[str]) -> DataChanges:
    """Return changes that do not say what the columns ``names`` are."""
    result = dict(changes)
    for key in ("drop", "keep", "categories"):
        left = [name for name in listed_names(changes, key) if name not in names]
        result.pop(key, None)
        if left:
            result[key] = left
    return result


def _groups(plan: TablePlan) -> tuple[range, ...]:
    """Return the columns of each line: the pixels of an image together, every other column alone."""
    columns = plan.columns
    if plan.image_shape is None:
        return tuple(range(index, index + 1) for index in range(len(columns)))
    groups: list[range] = []
    for is_pixel, indexes in groupby(range(len(columns)), lambda index: columns[index].role == "input"):
        run = list(indexes)
        groups += [range(run[0], run[-1] + 1)] if is_pixel else [range(index, index + 1) for index in run]
    return tuple(groups)
