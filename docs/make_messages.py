"""Write the catalogue of all sentences that people read, as a template for translators in gettext's format.

``make messages`` runs it, and ``tests/docs/test_messages.py`` fails while the catalogue differs from the source.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "core" / "locale" / "nn_tui.pot"
PACKAGES = ("core", "tui")
FUNCTIONS = {"tr": 1, "message": 1, "tr_plural": 2, "message_plural": 2}
"""The functions of ``nn_tui.core.translation`` that take a sentence, and how many of their arguments are its forms."""

HEAD = """\
# The sentences of nn-tui, for translators.
#
# Written by docs/make_messages.py from the source; do not edit.
#"""

UNKNOWN = tuple(
    f'"{name}' for name in ("Report-Msgid", "POT-Creation", "PO-Revision", "Last-Trans", "Language-Team", "Generated")
)
"""The lines of the header about dates and people, which are left out."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of FUNCTIONS.

    Attributes:
        path: The file, relative to the project.
        line: The line, from 1.
        function: The name of the function.
        forms: The forms of the sentence: one, or that for 1 and that for other numbers. None if it is not a literal.
        fields: The names of the keyword arguments; None for ``**fields``.
    """

    path: str
    line: int
    function: str
    forms: tuple[str | None, ...]
    fields: tuple[str | None, ...]


def calls(path: Path) -> Iterator[Call]:
    """Yield the calls of FUNCTIONS in a file, in the order of the source."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in FUNCTIONS:
            forms = tuple(
                arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
                for arg in node.args[: FUNCTIONS[name]]
            )
            fields = tuple(keyword.arg for keyword in node.keywords)
            yield Call(shown, node.lineno, name, forms, fields)


def source_files() -> Iterator[Path]:
    """Yield the files of the source, except that of the functions themselves."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path != ROOT / "core" / "translation.py":
                yield path


def all_calls() -> Iterator[Call]:
    """Yield the calls in all files of the source."""
    for path in source_files():
        yield from calls(path)


def catalogue() -> str:
    """Return the catalogue. It names the files of each sentence, but no lines and no date, which change too often."""
    template = Catalog(project="nn-tui", header_comment=HEAD, fuzzy=False)
    for call in all_calls():
        if None not in call.forms:
            forms = tuple(form for form in call.forms if form is not None)
            template.add(forms if len(forms) > 1 else forms[0], locations=[(call.path, call.line)])
    buffer = BytesIO()
    write_po(buffer, template, width=100, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith(UNKNOWN)) + "\n"


def main() -> None:
    """Write the catalogue."""
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_text(catalogue(), encoding="utf-8")


if __name__ == "__main__":
    main()
