"""A program as lines of code, each with the array that it computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.engine.steps import Operation
from nn_tui.core.refs import QuantityKey
from nn_tui.core.translation import Message

AnyArray = NDArray[np.float64] | NDArray[np.intp]
Framework = Literal["pytorch", "numpy"]
FRAMEWORKS: tuple[Framework, ...] = get_args(Framework)
FRAMEWORK_NAMES: Mapping[Framework, str] = {"numpy": "NumPy", "pytorch": "PyTorch"}
SectionName = Literal[
    "imports", "data", "parameters", "network", "loss", "backward", "optimizer", "training", "predict", "main",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of a program.

    Attributes:
        text: The line, without the end of the line.
        operations: The operations of a pass that the line does, with their layers (−1 for the loss); none for a line
            that is no part of a pass. One line of PyTorch may do many, such as ``loss.backward()``.
        key: The array that the line assigns, if the screen has it too, such as z or dW.
        layer: The layer of this array.
        runs: The operations that it does by calling what other lines only made, such as the modules of a network in
            PyTorch; those lines have them as their ``operations``.
    """

    text: str
    operations: tuple[tuple[Operation, int], ...] = ()
    key: QuantityKey | None = None
    layer: int = 0
    runs: tuple[tuple[Operation, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSection:
    """Some lines of a program that belong together; a notebook has one cell for each section.

    A notebook leaves out the section ``main``, which is the command line of a script.

    Attributes:
        name: The name of the section.
        title: Its title.
        lines: Its lines.
        formulas: What the lines compute, as formulas in LaTeX, without dollar signs.
    """

    name: SectionName
    title: Message
    lines: tuple[CodeLine, ...]
    formulas: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text that ends with the end of a line."""
        return "".join(f"{line.text}\n" for line in self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A complete script.

    Attributes:
        framework: What it computes with.
        sections: Its sections, in order.
        data_file: The name of the file with ``arrays``, in the folder of the script.
        arrays: The arrays that are too large for its text, by the names of its variables.
    """

    framework: Framework
    sections: tuple[CodeSection, ...]
    data_file: str = ""
    arrays: Mapping[str, AnyArray] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[CodeLine, ...]:
        """The lines of the script, with blank lines between its sections."""
        lines: list[CodeLine] = []
        for start, section in zip(self.starts, self.sections, strict=True):
            lines += [*[CodeLine("")] * (start - len(lines)), *section.lines]
        return tuple(lines)

    @property
    def starts(self) -> tuple[int, ...]:
        """The first line of each section, from 0; one blank line is below the imports, two are below the others."""
        starts = [0]
        for index, section in enumerate(self.sections[:-1]):
            starts.append(starts[-1] + len(section.lines) + (2 if index else 1))
        return tuple(starts)

    @property
    def text(self) -> str:
        """The script."""
        return "".join(f"{line.text}\n" for line in self.lines)

    @property
    def files(self) -> dict[str, bytes]:
        """The content of the files that it reads, by their names in the folder of the script."""
        if not self.arrays:
            return {}
        archive = BytesIO()
        np.savez_compressed(archive, allow_pickle=False, **self.arrays)
        return {self.data_file: archive.getvalue()}
