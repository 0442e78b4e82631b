"""A sheet as an HTML page that prints on A4 and Letter, with a style sheet of its own and no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from nn_tui.core.explain.render_html import line_html, node_html
from nn_tui.core.explain.render_text import node_text, number_text
from nn_tui.core.translation import tr
from nn_tui.core.worksheet.item_numbers import item_number_text
from nn_tui.core.worksheet.picture import RADIUS, Column, draw
from nn_tui.core.worksheet.sheet import Group, Item, Worksheet
from nn_tui.core.worksheet.sheet_head import details, name_line, sheet_title
from nn_tui.core.worksheet.tables import Table

STYLE = (files("nn_tui.core.worksheet") / "print.css").read_text(encoding="utf-8")


def html(sheets: Sequence[Worksheet]) -> str:
    """Return one page with some sheets, each on a new sheet of paper."""
    title = escape(str(sheet_title(sheets[0])))
    articles = "\n".join(map(_article, sheets))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n{articles}\n</body>\n</html>\n"
    )


def _article(sheet: Worksheet) -> str:
    number = number_text(sheet.digits)
    parts = [
        f'<article class="level{sheet.level}">' if not sheet.is_key else "<article>",
        f"<h1>{escape(str(sheet_title(sheet)))}</h1>",
        f'<p class="details">{escape(str(details(sheet)))}</p>',
    ]
    if not sheet.is_key:
        parts.append(f'<p class="name">{escape(str(name_line(36)))}</p>')
    parts.append(f"<p>{' '.join(escape(str(each)) for each in sheet.instructions)}</p>")
    parts.append(network_svg(sheet.columns))
    parts += [f"<p>{line_html(line, number)}</p>" for line in sheet.setup]
    parts.append(f'<div class="tables">\n{"".join(table_html(table, sheet.digits) for table in sheet.tables)}</div>')
    for section in sheet.sections:
        parts.append(f"<h2>{escape(str(section.title))}</h2>")
        parts += [_group(group, sheet) for group in section.groups]
    return "\n".join([*parts, "</article>"])


def _group(group: Group, sheet: Worksheet) -> str:
    number = number_text(sheet.digits)
    formulas = "".join(f'<p class="formula">{line_html(line, number)}</p>\n' for line in group.formulas)
    items = "\n".join(_item(item, sheet) for item in group.items)
    return f"<section>\n<h3>{escape(str(group.title))}</h3>\n{formulas}<dl>\n{items}\n</dl>\n</section>"


def _item(item: Item, sheet: Worksheet) -> str:
    number = item_number_text(sheet)
    lines = "".join(f"<p>{line_html(line, number)}</p>" for line in item.lines)
    return f"<dt>{escape(item.name)}</dt><dd>{lines}</dd>"


def table_html(table: Table, digits: int) -> str:
    """Return a table as HTML."""
    number = number_text(digits)
    header = "".join(f"<th>{node_html(cell, number)}</th>" for cell in table.header)
    rows = "\n".join(
        f"<tr><th>{node_html(row[0], number)}</th>"
        + "".join(f"<td>{node_html(cell, number)}</td>" for cell in row[1:])
        + "</tr>"
        for row in table.rows
    )
    kind = ' class="long"' if len(table.rows) > 20 else ""
    caption = escape(str(table.title))
    head = f"<caption>{caption}</caption>\n<thead><tr>{header}</tr></thead>"
    return f"<table{kind}>\n{head}\n<tbody>\n{rows}\n</tbody>\n</table>\n"


def network_svg(columns: Sequence[Column]) -> str:
    """Return the network as an inline SVG picture."""
    drawing = draw(tuple(columns))
    width, height = drawing.width, drawing.height
    label = escape(tr("the network"))
    parts = [
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{label}" font-family="inherit" font-size="13" text-anchor="middle" fill="none" stroke="#000">'
    ]
    for edge in drawing.edges:
        x1, y1, x2, y2 = edge.ends
        parts.append(f'<line x1="{x1:.4g}" y1="{y1:.4g}" x2="{x2:.4g}" y2="{y2:.4g}" stroke-width="0.6"/>')
    for circle in drawing.circles:
        parts.append(f'<circle cx="{circle.x:g}" cy="{circle.y:g}" r="{RADIUS}"/>')
        text = escape(node_text(circle.symbol))
        parts.append(f'<text x="{circle.x:g}" y="{circle.y + 4:g}" fill="#000" stroke="none">{text}</text>')
    for x, y, words in (*drawing.titles, *drawing.notes):
        parts.append(f'<text x="{x:g}" y="{y:g}" fill="#000" stroke="none">{escape(str(words))}</text>')
    return "\n".join([*parts, "</svg>"])
