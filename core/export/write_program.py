"""Writes a network and its training as a script, and as a notebook with the mathematics between the cells."""

from __future__ import annotations

import json
import sys
from typing import Any

from nn_tui.core.explain.render_markdown import escape_markdown
from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.program.introductions import introduction
from nn_tui.core.program.program import program
from nn_tui.core.program.values import CodeSection, Program
from nn_tui.core.run.checkpoint import Checkpoint, next_loss
from nn_tui.core.text import one_line, printable, sizes_text
from nn_tui.core.translation import tr, tr_plural

Cell = dict[str, Any]

MODULES = frozenset({"numpy", "torch", *sys.stdlib_module_names})
"""Names that a script may not have: it would be imported instead of the module, by itself and by others beside it."""
_PREDICT = "report()"
_TRAIN = "train(10)\nreport()"


def write_script(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return a script, and the file with its data if these are large."""
    script = program(checkpoint, options.name, options.framework, next_loss=next_loss(checkpoint))
    return (ExportedFile(f"{options.name}.py", script.text.encode()), *_files(script))


def write_notebook(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Return a Jupyter notebook in nbformat 4.5, and the file with its data if these are large.

    It has a cell of code for each section of the program, each below its title and its formulas.
    """
    script = program(checkpoint, options.name, options.framework, in_notebook=True)
    cells = [_text_cell("about", _about(checkpoint))]
    for section in script.sections:
        text, source = _section_text(checkpoint, options, section), section.text
        if section.name == "network" and options.framework == "pytorch":
            source += "model\n"  # shown below the cell, in place of what load_state_dict returns
        cells += [_text_cell(f"{section.name}-text", text), _code_cell(section.name, source)]
    cells.append(_code_cell("predictions", _PREDICT))
    title = tr("Go on with the training")
    text = tr(
        "These are 10 more updates, each with its loss. nn-tui has the loss {loss} in pass {number:,}, the first of "
        "them. The last digits may differ, because sums are added in another order.",
        loss=repr(next_loss(checkpoint)), number=checkpoint.updates + 1,
    )  # fmt: skip
    cells.append(_text_cell("go-on-text", f"## {title}\n\n{text}"))
    cells.append(_code_cell("go-on", _TRAIN))
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    content = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    return (ExportedFile(f"{options.name}.ipynb", content.encode()), *_files(script))


def _files(script: Program) -> tuple[ExportedFile, ...]:
    return tuple(ExportedFile(name, content) for name, content in script.files.items())


def _about(checkpoint: Checkpoint) -> str:
    """Return the title of the notebook, and what it is, as Markdown."""
    experiment = checkpoint.experiment
    what = tr_plural(
        "A network {sizes} after {count:,} update, written by nn-tui.",
        "A network {sizes} after {count:,} updates, written by nn-tui.",
        checkpoint.updates,
        sizes=sizes_text(experiment.sizes),
    )
    return f"# {escape_markdown(printable(one_line(experiment.preset.title)))}\n\n{what}"


def _section_text(checkpoint: Checkpoint, options: ExportOptions, section: CodeSection) -> str:
    """Return the title of a section, the sentences that define its symbols, and its formulas as Markdown."""
    sentences = introduction(section.name, checkpoint.experiment, options.framework)
    parts = [f"## {section.title}", *([sentences] if sentences else [])]
    return "\n\n".join([*parts, *(f"$${formula}$$" for formula in section.formulas)])


def _text_cell(id: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code_cell(id: str, text: str) -> Cell:
    source = text.rstrip("\n").splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": id, "metadata": {}, "outputs": [], "source": source}
