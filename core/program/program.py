"""The network and its training as a complete program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import wrap

from nn_tui.core.program.arrays import ArrayGroup
from nn_tui.core.program.data import data_group, data_section
from nn_tui.core.program.numpy_program import numpy_sections
from nn_tui.core.program.parameters import parameter_group
from nn_tui.core.program.predict import main_section
from nn_tui.core.program.source import (
    INDENT,
    TEXT_WIDTH,
    Lines,
    blocks,
    code,
    comment,
    docstring_text,
    file_text,
    string_source,
)
from nn_tui.core.program.torch_program import precision_lines, torch_import_lines, torch_sections
from nn_tui.core.program.values import CodeSection, Framework, Program
from nn_tui.core.run.checkpoint import Checkpoint
from nn_tui.core.translation import message, tr, tr_plural


def program(
    checkpoint: Checkpoint,
    name: str,
    framework: Framework = "pytorch",
    *,
    in_notebook: bool = False,
    next_loss: float | None = None,
) -> Program:
    """Return the program that goes on with a training and predicts raw rows.

    Args:
        checkpoint: The network.
        name: The name of the script, without its ending.
        framework: What the program computes with.
        in_notebook: Whether it runs in a notebook: then its data file is in the working folder, and it has no command
            line.
        next_loss: The loss of the next pass, which a script says; None to leave it out.
    """
    data, parameters = data_group(checkpoint.experiment.data, framework), parameter_group(checkpoint, framework)
    stored = {**data.stored, **parameters.stored}
    file = f"{name}-data.npz"
    middle = _SECTIONS[framework](checkpoint, data, parameters)
    data_part = data_section(checkpoint.experiment, data, framework)
    sections = [data_part, *middle, *([] if in_notebook else [main_section()])]
    about = () if in_notebook else _about(checkpoint, name, next_loss)
    imports = _imports(checkpoint, about, file if stored else "", framework, sections, in_notebook)
    return Program(framework, (imports, *sections), file if stored else "", stored)


_SECTIONS: Mapping[Framework, Callable[[Checkpoint, ArrayGroup, ArrayGroup], tuple[CodeSection, ...]]] = {
    "numpy": numpy_sections,
    "pytorch": torch_sections,
}
_MODULES = ("argparse", "math")


def _imports(
    checkpoint: Checkpoint,
    about: Lines,
    file: str,
    framework: Framework,
    sections: list[CodeSection],
    in_notebook: bool,
) -> CodeSection:
    """Return the first section: what the program is, its imports, and its file if it has one."""
    source = "".join(section.text for section in sections if section.name not in ("data", "predict"))
    plain = [f"import {module}" for module in _MODULES if f"{module}." in source]
    if any(line.text.startswith("def days(") for section in sections for line in section.lines):
        plain.append("from datetime import datetime, timedelta")
    if file and not in_notebook:
        plain.append("from pathlib import Path")
    imports = code("\n".join([*plain, *([""] if plain else []), "import numpy as np"]))
    if framework == "pytorch":
        imports = blocks((*imports, *torch_import_lines(checkpoint)), precision_lines())
    lines = blocks(about, imports)
    if file:
        lines = blocks(lines, _file_lines(file, in_notebook))
    return CodeSection("imports", message("Imports"), lines)


def _file_lines(file: str, in_notebook: bool) -> Lines:
    """Return the lines that read the file with the arrays."""
    if in_notebook:
        text = tr("The large arrays are in a file; keep it in the folder of this notebook.")
        return (*comment(text), *code(f"with np.load({string_source(file)}) as file:\n{INDENT}arrays = dict(file)"))
    text = tr("The large arrays are in a file; keep it beside this program.")
    missing = tr("{file} is missing; keep it beside this program.", file="{data_file}")
    return (
        *comment(text),
        *code(f"data_file = Path(__file__).with_name({string_source(file)})"),
        *code(f"if not data_file.exists():\n{INDENT}raise SystemExit(f{string_source(missing)})"),
        *code(f"with np.load(data_file) as file:\n{INDENT}arrays = dict(file)"),
    )


def _about(checkpoint: Checkpoint, name: str, next_loss: float | None) -> Lines:
    """Return the docstring of the script."""
    experiment = checkpoint.experiment
    text = tr_plural(
        "{title}: a network {sizes} after {count:,} update.",
        "{title}: a network {sizes} after {count:,} updates.",
        checkpoint.updates,
        title=file_text(experiment.preset.title),
        sizes="-".join(map(str, experiment.sizes)),
    )
    script = file_text(f"{name}.py")
    commands = [
        (f"python {script}", tr("predict rows of the data, and say how many are right")),
        (f"python {script} --updates 10", tr("go on with the training for 10 updates")),
    ]
    width = max(len(command) for command, _ in commands)
    lines = [f'"""{docstring_text(text)}', "", *(f"{a:<{width}}  {docstring_text(b)}" for a, b in commands)]
    if next_loss is not None:
        reference = tr(
            "nn-tui has the loss {loss} in pass {number:,}. The first update here has the same; the last digits may "
            "differ, because sums are added in another order.",
            loss=repr(next_loss), number=checkpoint.updates + 1,
        )  # fmt: skip
        lines += ["", *wrap(docstring_text(reference), TEXT_WIDTH)]
    lines.append('"""')
    return code("\n".join(lines))
