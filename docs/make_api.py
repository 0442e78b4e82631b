"""Write docs/api.md, the page of the public names of ``nn_tui.core``, from their signatures and docstrings.

``make api`` runs it, and ``tests/docs/test_api.py`` fails while the page differs from the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import griffe

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "api.md"
NAMED_BASES = ("NetworkReader",)  # base classes with public names of which no other line tells
ROLE = re.compile(r":\w+:`~?([^`]+)`")  # how Sphinx writes a reference: :func:`name`
HEAD = """# API of nn_tui.core

<!-- Written by docs/make_api.py from the docstrings; do not edit. -->

Programs and notebooks begin with `from nn_tui.core import Network`; [library.md](library.md) shows how. This page lists
its names first, and then those of all other modules, which make up the app; they may change with any version.
`nn_tui.core` needs NumPy, threadpoolctl and charset-normalizer, and no terminal. Shapes are written `(batch, units)`.
The programs in [docs/examples](examples/) use it.
"""


def public(parent: griffe.Module | griffe.Class) -> Iterator[griffe.Object]:
    """Yield the public functions and classes that a module or a class defines, in the order of the source."""
    members = [member for member in parent.members.values() if isinstance(member, griffe.Object)]
    for member in sorted(members, key=lambda member: member.lineno or 0):
        is_listed = isinstance(member, griffe.Function | griffe.Class) or (member.is_attribute and member.has_docstring)
        if is_listed and not member.name.startswith("_"):
            yield member


def signature(function: griffe.Function) -> str:
    """Return a function as one would call it, with its types."""
    kinds = griffe.ParameterKind
    marks = {kinds.var_positional: "*", kinds.var_keyword: "**"}
    parts: list[str] = []
    for parameter in function.parameters:
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is kinds.keyword_only and not any(part.startswith("*") for part in parts):
            parts.append("*")
        mark = "" if parameter.kind is None else marks.get(parameter.kind, "")
        default = f" = {parameter.default}" if parameter.default is not None and not mark else ""
        parts.append(f"{mark}{parameter.name}: {parameter.annotation}{default}")
    return f"{function.name}({', '.join(parts)}) -> {function.returns}"


def described(item: griffe.Object) -> Iterator[str]:
    """Yield the docstring of an object as Markdown."""
    if item.docstring is None:
        return
    for section in griffe.parse_google(item.docstring, warnings=False):
        if isinstance(section, griffe.DocstringSectionText):
            yield markdown(section.value)
        elif isinstance(section, griffe.DocstringSectionExamples):
            yield "\n\n".join(
                f"```pycon\n{text}\n```" if kind == "examples" else str(text) for kind, text in section.value
            )
        elif isinstance(section, griffe.DocstringSectionParameters | griffe.DocstringSectionAttributes):
            title = "Args" if isinstance(section, griffe.DocstringSectionParameters) else "Attributes"
            yield f"{title}:\n\n" + "\n".join(f"- `{each.name}`: {flat(each.description)}" for each in section.value)
        elif isinstance(section, griffe.DocstringSectionReturns | griffe.DocstringSectionYields):
            title = "Returns" if isinstance(section, griffe.DocstringSectionReturns) else "Yields"
            yield f"{title}: " + " ".join(flat(each.description) for each in section.value)
        elif isinstance(section, griffe.DocstringSectionRaises):
            yield "Raises:\n\n" + "\n".join(
                f"- `{each.annotation}`: {flat(each.description)}" for each in section.value
            )
        else:
            raise ValueError(f"{item.path}: no way to write a section of kind {section.kind}")


def markdown(text: str) -> str:
    """Return a docstring's text with its marks written in Markdown."""
    return ROLE.sub(r"`\1`", text).replace("``", "`")


def flat(text: str) -> str:
    """Return a text as Markdown in one line."""
    return " ".join(markdown(text).split())


def entry(item: griffe.Object, level: int) -> Iterator[str]:
    """Yield the heading, the signature and the docstring of an object, then those of its members."""
    yield f"{'#' * level} `{item.name}`"
    if isinstance(item, griffe.Function) and "property" not in item.labels:
        yield f"```python\n{signature(item)}\n```"
    yield from described(item)
    if isinstance(item, griffe.Class):
        bases = [str(base) for base in item.bases if str(base) in NAMED_BASES]
        if bases:
            yield f"It also has what `{bases[0]}` has."
        for member in public(item):
            yield from entry(member, level + 1)


def modules(package: griffe.Module) -> Iterator[griffe.Module]:
    """Yield the modules of a package, those of its folders after its own."""
    for module in sorted(package.modules.values(), key=lambda module: (module.is_init_module, module.name)):
        if not module.name.startswith("_"):
            yield module
            yield from modules(module)


def page() -> str:
    """Return the whole page."""
    package = griffe.load("core", search_paths=[ROOT], allow_inspection=False)
    assert isinstance(package, griffe.Module)
    # What programs begin with comes first.
    listed = sorted(modules(package), key=lambda module: not module.path.startswith("core.library"))
    contents = (f"- [nn_tui.{module.path}](#nn_tui{module.path.replace('.', '')})" for module in listed)
    blocks = [HEAD.strip(), "\n".join(contents)]
    for module in listed:
        blocks += [f"## nn_tui.{module.path}", *described(module)]
        for item in public(module):
            blocks += entry(item, 3)
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
