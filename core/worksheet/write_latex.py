"""Sheets as a LaTeX document for pdfLaTeX, XeLaTeX or LuaLaTeX, with the packages of any installation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files

from nn_tui.core.explain.latex_text import latex_text
from nn_tui.core.explain.render_latex import line_latex, node_latex
from nn_tui.core.explain.render_text import number_text
from nn_tui.core.worksheet.item_numbers import item_number_text
from nn_tui.core.worksheet.picture import RADIUS, Column, draw
from nn_tui.core.worksheet.sheet import Item, Worksheet
from nn_tui.core.worksheet.sheet_head import details, name_line, sheet_title
from nn_tui.core.worksheet.tables import Table

MAX_ROWS = 40  # of a table on one page
WIDTH = 430  # of the drawing, in points
_HEAD = (files("nn_tui.core.worksheet") / "preamble.tex").read_text(encoding="utf-8")


def latex(sheets: Sequence[Worksheet]) -> str:
    """Return one document with some sheets, each on a new page."""
    body = "\n\\clearpage\n".join("\n".join(_sheet(sheet)) for sheet in sheets)
    return f"{_HEAD.replace('@UNKNOWN@', _unknown(body))}{body}\n\\end{{document}}\n"


def _unknown(text: str) -> str:
    """Return what pdfLaTeX prints for letters that its fonts lack, such as those of a title in Korean."""
    codes = sorted({ord(char) for char in text if ord(char) > 0xFF})
    return "".join(f"  \\DeclareUnicodeCharacter{{{code:04X}}}{{[U+{code:04X}]}}\n" for code in codes)


def _sheet(sheet: Worksheet) -> Iterator[str]:
    number = number_text(sheet.digits)
    yield rf"\section{{{latex_text(str(sheet_title(sheet)))}}}"
    yield rf"{{\small {latex_text(str(details(sheet)))}}}"
    if not sheet.is_key:
        yield from ("", rf"\medskip {_name_line()}\medskip")
    yield ""
    yield " ".join(latex_text(str(each)) for each in sheet.instructions)
    yield from ("", *_network(sheet.columns), "")
    for line in sheet.setup:
        yield from (line_latex(line, number), "")
    for table in sheet.tables:
        yield from _table(table, sheet.digits)
    for section in sheet.sections:
        yield rf"\subsection{{{latex_text(str(section.title))}}}"
        for group in section.groups:
            yield rf"\subsubsection{{{latex_text(str(group.title))}}}"
            for line in group.formulas:
                yield from (line_latex(line, number), "")
            yield r"\begin{itemize}\setlength{\itemsep}{4pt}"
            yield from (text for item in group.items for text in _item(item, sheet))
            yield r"\end{itemize}"


def _name_line() -> str:
    widths = {"name": "20em", "date": "8em"}
    parts = name_line(0).parts()
    return "".join(
        rf"\underline{{\hspace{{{widths[name]}}}}}" if name else latex_text(str(text)) for text, name in parts
    )


def _item(item: Item, sheet: Worksheet) -> Iterator[str]:
    number = item_number_text(sheet)
    yield rf"\item[] \texttt{{\footnotesize {latex_text(item.name)}}}\quad {line_latex(item.lines[0], number)}"
    for line in item.lines[1:]:
        yield rf"\\ \mbox{{}}\qquad {line_latex(line, number)}"


def _table(table: Table, digits: int) -> Iterator[str]:
    """Write a table; a long one is cut into parts that fit on a page."""
    number = number_text(digits)
    yield rf"\smallskip\textbf{{{latex_text(str(table.title))}}}\nopagebreak"
    header = " & ".join(node_latex(cell, number) for cell in table.header)
    for start in range(0, len(table.rows), MAX_ROWS):
        yield ""
        yield rf"\fitted{{\begin{{tabular}}{{|{'r|' * len(table.header)}}}\hline"
        yield rf"{header} \\ \hline"
        for row in table.rows[start : start + MAX_ROWS]:
            yield rf"{' & '.join(node_latex(cell, number) for cell in row)} \\ \hline"
        yield r"\end{tabular}}"
        yield ""


def _network(columns: Sequence[Column]) -> Iterator[str]:
    """Draw the network in a picture, which needs no package."""
    drawing = draw(tuple(columns))
    unit = min(0.75, WIDTH / drawing.width)
    yield rf"\begin{{center}}\setlength{{\unitlength}}{{{unit:.4g}pt}}\small"
    yield rf"\begin{{picture}}({drawing.width:g},{drawing.height:g})"
    for edge in drawing.edges:
        x1, y1, x2, y2 = edge.ends
        y1, y2 = drawing.height - y1, drawing.height - y2
        middle = f"({(x1 + x2) / 2:.2f},{(y1 + y2) / 2:.2f})"
        yield rf"\qbezier({x1:.2f},{y1:.2f}){middle}({x2:.2f},{y2:.2f})"
    for circle in drawing.circles:
        at = f"({circle.x:g},{drawing.height - circle.y:g})"
        yield rf"\put{at}{{\circle{{{2 * RADIUS}}}}}"
        yield rf"\put{at}{{\makebox(0,0){{\scriptsize {node_latex(circle.symbol, number_text())}}}}}"
    for x, y, words in (*drawing.titles, *drawing.notes):
        yield rf"\put({x:g},{drawing.height - y:g}){{\makebox(0,0){{\footnotesize {latex_text(str(words))}}}}}"
    yield r"\end{picture}\end{center}"
