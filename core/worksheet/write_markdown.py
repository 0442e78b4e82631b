"""A sheet as Markdown."""

from __future__ import annotations

from nn_tui.core.explain.notation import ASCII, UNICODE
from nn_tui.core.explain.render_markdown import escape_markdown, line_markdown, node_markdown
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.text import ascii_text
from nn_tui.core.worksheet.item_numbers import item_number_text
from nn_tui.core.worksheet.sheet import Item, Worksheet
from nn_tui.core.worksheet.sheet_head import details, name_line, sheet_title
from nn_tui.core.worksheet.tables import Table
from nn_tui.core.worksheet.text_drawing import text_drawing


def markdown(sheet: Worksheet, ascii_only: bool = False) -> str:
    """Return a sheet as Markdown.

    Args:
        sheet: The sheet.
        ascii_only: Whether to write only ASCII characters.
    """
    number = number_text(sheet.digits)
    notation = ASCII if ascii_only else UNICODE
    parts = [f"# {_escaped(sheet_title(sheet), ascii_only)}", escape_markdown(str(details(sheet)))]
    if not sheet.is_key:
        parts.append(escape_markdown(str(name_line(32))))
    parts += [_escaped(each, ascii_only) for each in sheet.instructions]
    parts.append(f"```\n{text_drawing(sheet.columns, ascii_only)}\n```")
    parts.append("\n".join(f"- {line_markdown(line, number, notation)}" for line in sheet.setup))
    for table in sheet.tables:
        parts += [f"**{_escaped(table.title, ascii_only)}**", _table(table, sheet.digits, ascii_only)]
    for section in sheet.sections:
        parts.append(f"## {_escaped(section.title, ascii_only)}")
        for group in section.groups:
            parts.append(f"### {_escaped(group.title, ascii_only)}")
            parts += [line_markdown(line, number, notation) for line in group.formulas]
            parts.append("\n".join(_item(item, sheet, ascii_only) for item in group.items))
    return "\n\n".join(parts) + "\n"


def _escaped(text: object, ascii_only: bool) -> str:
    return escape_markdown(ascii_text(str(text)) if ascii_only else str(text))


def _item(item: Item, sheet: Worksheet, ascii_only: bool) -> str:
    """Return the lines of one number; the second and later ones are indented."""
    notation, number = ASCII if ascii_only else UNICODE, item_number_text(sheet)
    first, *others = (line_markdown(line, number, notation) for line in item.lines)
    return "\n".join([f"- `{item.name}` {first}", *(f"  - {line}" for line in others)])


def _table(table: Table, digits: int, ascii_only: bool) -> str:
    notation, number = ASCII if ascii_only else UNICODE, number_text(digits)

    def row(cells: tuple[object, ...]) -> str:
        return f"| {' | '.join(map(str, cells))} |"

    header = tuple(node_markdown(cell, number, notation) for cell in table.header)
    rule = ("---", *("---:" for _ in header[1:]))
    rows = (tuple(node_markdown(cell, number, notation) for cell in cells) for cells in table.rows)
    return "\n".join(map(row, (header, rule, *rows)))
