"""The title of a sheet, and the line that says how to make it again."""

from __future__ import annotations

from nn_tui.core.translation import Message, message
from nn_tui.core.worksheet.sheet import Worksheet


def sheet_title(sheet: Worksheet) -> Message:
    """Return the title of a sheet or of a key."""
    if sheet.is_key:
        return message("{title}: key", title=sheet.title)
    return message("{title}: task sheet", title=sheet.title)


def details(sheet: Worksheet) -> Message:
    """Return the line with the seed, the pass and the level."""
    return message(
        "Preset {preset}, seed {seed}, pass {update:,}, level {level}",
        preset=sheet.id,
        seed=sheet.seed,
        update=sheet.update,
        level=sheet.level,
    )


def name_line(length: int) -> Message:
    """Return the line for the name of a student and the date; its fields are blanks of ``length`` and of half of it."""
    return message("Name: {name} Date: {date}", name="_" * length, date="_" * (length // 2))
