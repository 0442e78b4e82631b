"""The choices in the description of a table as options of a command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from nn_tui.core.preset.table_options import DataChanges, options_table
from nn_tui.core.spec import DataSpec

_LAYOUT_KEYS = ("separator", "decimal", "header", "encoding")
_ROLE_KEYS = ("drop", "keep", "categories", "target_kind", "missing", "test_csv")


@dataclass(frozen=True, slots=True)
class TableChoices:
    """Some choices.

    Attributes:
        changes: The keys of ``[data]`` and their values.
        words: The options that mean the same.
        files: The names of the files that they name.
    """

    changes: DataChanges
    words: tuple[str, ...]
    files: tuple[str, ...] = ()


def table_choices(spec: DataSpec) -> Iterator[TableChoices]:
    """Yield the choices that may be necessary to open a table as it was opened, the fewest first; first none."""
    yield TableChoices({}, ())
    if spec.csv is None:
        return
    changes: dict[str, object] = {"target": spec.target, "test_fraction": spec.test_fraction}
    if spec.options is None:
        yield _choices(changes)
        return
    table = options_table(spec.options)
    changes |= {key: table[key] for key in _ROLE_KEYS if key in table}
    if "test_csv" in changes:
        del changes["test_fraction"]
    yield _choices(changes)
    yield _choices(changes | {key: table[key] for key in _LAYOUT_KEYS if key in table})


def _choices(changes: DataChanges) -> TableChoices:
    words = [word for key, value in changes.items() for word in _option(key, value)]
    test_csv = changes.get("test_csv")
    return TableChoices(changes, tuple(words), () if test_csv is None else (PurePath(str(test_csv)).name,))


def _option(key: str, value: object) -> Sequence[str]:
    if key == "target_kind":
        return (f"--{value}",)
    if key == "header":
        return ("--header" if value else "--no-header",)
    if isinstance(value, tuple):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(value)
        return (f"--{key}", line.getvalue())
    name = {"test_fraction": "test", "test_csv": "test"}.get(key, key)
    return (f"--{name}", PurePath(str(value)).name if key == "test_csv" else str(value))
