"""Reading the table in a file, and making the network of it, for the screen that shows its columns first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nn_tui.core.data.opened_table import Reading, read_texts
from nn_tui.core.preset.loader import experiment_of_table
from nn_tui.core.preset.table_file import table_spec
from nn_tui.core.spec import Experiment
from nn_tui.core.table.values import TextTable
from nn_tui.core.text import printable

Changes = Mapping[str, object]
Tables = tuple[TextTable, TextTable | None]
"""A table, and the one with its test rows if that is another file."""


@dataclass(frozen=True, slots=True)
class TableOpener:
    """The file of a table, and the functions that read it and make a network of it.

    Attributes:
        path: The file.
        seed: The seed of the experiment; None for that of a new network.
    """

    path: Path
    seed: int | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return printable(self.path.name)

    def read(
        self,
        changes: Changes,
        progress: Callable[[float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Tables:
        """Read the table, and its test rows if they are in another file.

        Args:
            changes: The choices of a person, by the keys of ``[data]``.
            progress: Gets the share that is read.
            should_stop: Returns whether to stop.

        Raises:
            InputError: For anything wrong with the file; with the code ``cancelled`` if it was stopped.
        """
        spec = table_spec(str(self.path), changes)
        return read_texts(spec, self.path.parent, Reading(None, progress, should_stop))

    def build(self, tables: Tables, changes: Changes) -> Experiment:
        """Return the experiment of tables that were read.

        Raises:
            InputError: If a choice is not possible.
        """
        return experiment_of_table(str(self.path), changes, *tables, seed=self.seed)
