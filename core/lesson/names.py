"""The names that a lesson chooses from; they are read without NumPy."""

from __future__ import annotations

from typing import Literal, get_args

AskLevel = Literal["sign", "formula", "number"]
ASK_LEVELS: tuple[AskLevel, ...] = get_args(AskLevel)
"""What is asked of a number, as in the practice mode."""
Gate = Literal["AND", "OR", "NAND", "XOR"]
GATES: tuple[Gate, ...] = get_args(Gate)
"""The gates that a task can ask for."""
ViewName = Literal["network", "layer", "arithmetic", "output", "loss", "code"]
VIEW_NAMES: tuple[ViewName, ...] = get_args(ViewName)
"""The views that a step, or the option ``--view``, can choose."""
