"""The names of the exercises and of the questions; they are read without NumPy."""

from __future__ import annotations

from typing import Literal, get_args

Topic = Literal["forward", "loss", "delta", "weights", "bias", "update", "momentum", "adam", "softmax"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
"""What an exercise is about."""
Level = Literal["sign", "compare", "formula", "number"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""What is asked of a number, the easiest first."""
