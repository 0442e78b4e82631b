"""The formats of sheets, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nn_tui.core.worksheet.sheet import Worksheet
from nn_tui.core.worksheet.sheet_file import sheet_json
from nn_tui.core.worksheet.write_gift import gift
from nn_tui.core.worksheet.write_html import html
from nn_tui.core.worksheet.write_latex import latex
from nn_tui.core.worksheet.write_markdown import markdown


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        suffix: The ending of its files.
        text: Returns the text of a file with some sheets.
        is_for_many: Whether a file can have more than one sheet.
        is_for_programs: Whether a program reads it; then a key has the questions of the sheet, with their answers.
    """

    suffix: str
    text: Callable[[Sequence[Worksheet]], str]
    is_for_many: bool = True
    is_for_programs: bool = False


def _markdown(sheets: Sequence[Worksheet]) -> str:
    return "\n---\n\n".join(map(markdown, sheets))


FORMATS: Mapping[str, Format] = {
    "md": Format(".md", _markdown),
    "html": Format(".html", html),
    "tex": Format(".tex", latex),
    "gift": Format(".gift", gift, is_for_programs=True),
    "json": Format(".json", sheet_json, is_for_many=False, is_for_programs=True),
}
