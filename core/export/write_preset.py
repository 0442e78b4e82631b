"""Writes a network as a preset that starts from its weights."""

from __future__ import annotations

from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.preset.from_network import network_text
from nn_tui.core.run.checkpoint import Checkpoint


def write_preset(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return a preset file; it has neither the state of the optimiser nor the number of updates.

    Raises:
        InputError: As :func:`~nn_tui.core.preset.from_network.network_text` does.
    """
    text = network_text(checkpoint.experiment, checkpoint.state, checkpoint.updates, options.folder)
    return (ExportedFile(f"{options.name}.toml", text.encode()),)
