"""Compares the arrays of a person's program with those of a pass, and names the mistake in the first that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path
from typing import Any, Literal

import numpy as np

from nn_tui.core.engine.engine import Engine
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.explain.trace_json import json_number
from nn_tui.core.fields import parse_json_object
from nn_tui.core.files.array_file import read_npz
from nn_tui.core.files.text_file import read_text
from nn_tui.core.practice.marking import mark
from nn_tui.core.practice.mistakes import MISTAKES
from nn_tui.core.practice.order import pass_order
from nn_tui.core.practice.slips import Kind
from nn_tui.core.ref_parser import parse_ref, quantity_name
from nn_tui.core.refs import BY_SAMPLE, QuantityKey, Ref
from nn_tui.core.spec import Array
from nn_tui.core.text import printable, shown_path, truncate
from nn_tui.core.translation import message

FORMAT = "nn-tui-comparison/1"
EQUAL, CLOSE = 1e-9, 5e-4  # largest relative differences
SMALL = 1e-3  # of the largest number of an array: smaller ones are compared as if they were so large
MARKED = 8  # numbers of the first array that differs from which the mistake is recognised
DIGITS = 6  # of these numbers
Verdict = Literal["equal", "close", "different"]


@dataclass(frozen=True, slots=True)
class ArrayComparison:
    """An array of a program, compared with that of the pass.

    Attributes:
        name: Its name in the file.
        verdict: Whether it is equal, equal to some digits, or different.
        digits: The significant digits to which it is equal.
        is_transposed: Whether it is our array with rows and columns exchanged.
        ref: The address of the first number that differs; None if none does.
        value: This number in the file.
        expected: This number in the pass.
    """

    name: str
    verdict: Verdict
    digits: int
    is_transposed: bool
    ref: Ref | None = None
    value: float = 0.0
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The arrays of a program, in the order of the pass.

    Attributes:
        arrays: The arrays.
        mistakes: The mistakes that give the first array that differs; none if no listed one does.
        unknown: The names in the file that name no array of the pass.
    """

    arrays: tuple[ArrayComparison, ...]
    mistakes: tuple[Kind, ...]
    unknown: tuple[str, ...]

    @property
    def first_difference(self) -> ArrayComparison | None:
        """The first array that differs; None if none does."""
        return next((array for array in self.arrays if array.verdict == "different"), None)


def read_arrays(path: Path) -> dict[str, Array]:
    """Read the arrays of a program from an .npz file, or from a JSON object of nested lists.

    Raises:
        InputError: The file cannot be read, or something in it is not an array of numbers.
    """
    entries = read_npz(path) if path.suffix.lower() == ".npz" else _read_json(path)
    arrays = {}
    for name, entry in entries.items():
        try:
            arrays[name] = np.asarray(entry, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            problem = message("it must be an array of numbers.")
            raise InputError("wrong_type", problem, file=shown_path(path), path=(name,)) from None
    if not arrays:
        raise InputError("missing", message("it has no arrays."), file=shown_path(path))
    return arrays


def _read_json(path: Path) -> Mapping[str, Any]:
    content = parse_json_object(read_text(path))
    if content is None:
        problem = message('it is not a JSON object of arrays, such as {{"z1": [[0.1, 0.2]]}}.')
        raise InputError("unreadable", problem, file=shown_path(path))
    return content


def compare_arrays(
    engine: Engine,
    trace: Trace,
    arrays: Mapping[str, Array],
    previous: Trace | None = None,
    *,
    digits: int = DIGITS,
    max_marked: int = MARKED,
) -> Comparison:
    """Compare arrays by their names, such as ``z1`` and ``dw1``, with those of a pass.

    Args:
        engine: The engine that ran the pass.
        trace: The pass.
        arrays: The arrays of the program. W or Wᵀ is recognised, as are batches with the samples in columns.
        previous: The pass before, to recognise gradients that were added to the next; None if there is none.
        digits: The significant digits of the numbers, for the mistake.
        max_marked: From how many numbers of the first array that differs the mistake is recognised.

    Raises:
        InputError: An array has the wrong shape, or no name is that of an array of the pass.
    """
    found, unknown = [], []
    for name, values in arrays.items():
        first = _first_ref(engine, trace, name)
        if first is None:
            unknown.append(name)
        else:
            found.append((first, _compare(engine, trace, name, first, values), values))
    if not found:
        problem = message("no name in it is that of an array of the pass, such as z1, a1, dz1, dw1 or db1.")
        raise InputError("not_found", problem)
    found.sort(key=lambda entry: pass_order(entry[0]))
    mistakes: tuple[Kind, ...] = ()
    for first, compared, values in found:
        if compared.verdict == "different":
            mistakes = _mistakes(engine, trace, first, values, compared, previous, digits, max_marked)
            break
    return Comparison(tuple(compared for _, compared, _ in found), mistakes, tuple(unknown))


def _first_ref(engine: Engine, trace: Trace, name: str) -> Ref | None:
    """Return the address of the first number of the array with a name; None if there is no such array."""
    if name.strip().lower() in ("x", "y"):
        return QuantityKey("x" if name.strip().lower() == "x" else "y").at(0)
    if "[" in name or "@" in name:
        return None
    try:
        ref = parse_ref(name, engine.sizes, slots=engine.optimizer.slots, batch_size=trace.n)
        if ref.quantity != "loss":
            quantity(engine, trace, ref.key, ref.layer)
    except (InputError, KeyError):
        return None
    return ref


def _array_of(engine: Engine, trace: Trace, first: Ref) -> Array:
    if first.quantity == "loss":
        return np.array(trace.loss)
    return quantity(engine, trace, first.key, first.layer)


def _compare(engine: Engine, trace: Trace, name: str, first: Ref, values: Array) -> ArrayComparison:
    ours = _array_of(engine, trace, first)
    layouts = list(_layouts(values, ours))
    if not layouts:
        shape, expected = (" × ".join(map(str, array.shape)) or "1" for array in (values, ours))
        problem = message("its shape is {shape}; that of this pass is {expected}.", shape=shape, expected=expected)
        raise InputError("wrong_shape", problem, path=(truncate(printable(name)),))
    differences = [relative_differences(layout, ours) for layout, _ in layouts]
    best = min(range(len(layouts)), key=lambda index: float(differences[index].max(initial=0.0)))
    (layout, is_transposed), difference = layouts[best], differences[best]
    largest = float(difference.max(initial=0.0))
    digits = 15 if largest == 0.0 else max(0, min(15, floor(-log10(2.0 * largest)))) if np.isfinite(largest) else 0
    if largest <= CLOSE:
        return ArrayComparison(name, "equal" if largest <= EQUAL else "close", digits, is_transposed)
    index = tuple(map(int, np.argwhere(difference > CLOSE)[0]))
    ref = _ref_at(first, index)
    return ArrayComparison(name, "different", digits, is_transposed, ref, float(layout[index]), float(ours[index]))


def _layouts(values: Array, ours: Array) -> Iterator[tuple[Array, bool]]:
    """Yield the array in our shape, and then with rows and columns exchanged, if it has such shapes."""
    if values.shape == ours.shape:
        yield values, False
    elif values.size == ours.size and 1 in (*values.shape, *ours.shape, ours.ndim) and values.ndim <= 2:
        yield values.reshape(ours.shape), False
    if values.ndim == 2 and values.T.shape == ours.shape and min(ours.shape) > 1:
        yield values.T, True


def relative_differences(values: Array, ours: Array) -> Array:
    """Return the difference of each number relative to ours; that of NaN is infinite, unless ours is NaN, too."""
    with np.errstate(all="ignore"):
        scale = np.maximum(np.abs(ours), SMALL * np.abs(ours).max(initial=0.0))
        relative = np.abs(values - ours) / np.where(scale > 0.0, scale, 1.0)
    same = (values == ours) | (np.isnan(values) & np.isnan(ours))
    return np.where(same, 0.0, np.where(np.isnan(relative), np.inf, relative))


def _ref_at(first: Ref, index: tuple[int, ...]) -> Ref:
    """Return the address of the number at an index of the array that begins at ``first``."""
    if first.quantity in BY_SAMPLE:
        return first.key.at(first.layer, index[1], 0, index[0])
    return first.key.at(first.layer, *index)


def _mistakes(
    engine: Engine,
    trace: Trace,
    first: Ref,
    values: Array,
    compared: ArrayComparison,
    previous: Trace | None,
    digits: int,
    max_marked: int,
) -> tuple[Kind, ...]:
    """Return the mistakes that give all of the first numbers that differ; those of the first one if none does."""
    ours = _array_of(engine, trace, first)
    layout = next(layout for layout, is_transposed in _layouts(values, ours) if is_transposed == compared.is_transposed)
    found: list[tuple[Kind, ...]] = []
    for index in np.argwhere(relative_differences(layout, ours) > CLOSE)[:max_marked]:
        place = tuple(map(int, index))
        marked = mark(engine, trace, _ref_at(first, place), float(layout[place]), digits, previous=previous)
        found.append(() if marked.mistake is None else (marked.mistake, *marked.also))
    common = tuple(kind for kind in found[0] if all(kind in kinds for kinds in found))
    return common or found[0]


def comparison_table(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as an object for JSON."""
    first = comparison.first_difference
    arrays = [
        {
            "name": array.name,
            "verdict": array.verdict,
            "digits": array.digits,
            "transposed": array.is_transposed,
        }
        for array in comparison.arrays
    ]
    difference = None
    if first is not None and first.ref is not None:
        mistake, *also = comparison.mistakes or (None,)
        difference = {
            "quantity": quantity_name(first.ref),
            "answer": json_number(first.value),
            "expected": json_number(first.expected),
            "mistake": mistake,
            "also": also,
            "text": "" if mistake is None else str(MISTAKES[mistake].text),
        }
    return {"format": FORMAT, "arrays": arrays, "first_difference": difference, "unknown": list(comparison.unknown)}
