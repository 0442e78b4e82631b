"""The examples at the end of the help of a command."""

from __future__ import annotations

from collections.abc import Mapping

from nn_tui.core.translation import tr


def examples_text(command: str, examples: Mapping[str, str]) -> str:
    """Return the examples of a command: each one's arguments with what it does."""
    width = max(map(len, examples))
    lines = [f"  nn-tui {command} {words:<{width}}  {about}" for words, about in examples.items()]
    return "\n".join([tr("examples:"), *lines])
