"""Arrays of any library as copies in float64: of NumPy, PyTorch and others, without importing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nn_tui.core.errors import InputError
from nn_tui.core.files.tensors import readable
from nn_tui.core.spec import Array
from nn_tui.core.text import printable, truncate
from nn_tui.core.translation import message


@dataclass(frozen=True, slots=True, eq=False)
class GivenArray:
    """An array as a person's program has it.

    Attributes:
        name: The name that the person gave it, such as ``dW1``; made up for an array without one.
        values: A copy of its numbers.
        epsilon: The relative precision of its type, that of float64 for whole numbers.
        is_whole: Whether its type is one of whole numbers.
    """

    name: str
    values: Array
    epsilon: float = float(np.finfo(np.float64).eps)
    is_whole: bool = False

    @property
    def shape_text(self) -> str:
        """The shape in words: ``2 × 4``."""
        return shape_text(self.values.shape)


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as people read it: ``2 × 4``, ``4``, and ``1`` for a single number."""
    return " × ".join(map(str, shape)) or "1"


def is_array(value: object) -> bool:
    """Return whether a value is an array, a tensor or a number, and no container of such."""
    return isinstance(value, int | float | np.ndarray | np.generic) or hasattr(value, "__array__")


def to_array(value: object, name: str, argument: str) -> GivenArray:
    """Return a copy of an array.

    Args:
        value: An array of NumPy or PyTorch, or anything that ``numpy.asarray`` takes.
        name: Its name in the person's program.
        argument: The argument of the call that has it, for the error.

    Raises:
        InputError: It is not an array of numbers.
    """
    if type(value) is np.ndarray and value.dtype == np.float64:
        return GivenArray(name, value.copy())
    try:
        plain = np.asarray(readable(value))
        if np.iscomplexobj(plain):
            raise TypeError
        values = np.array(plain, dtype=np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        problem = message(
            "{name} is not an array of numbers; give an array of NumPy or a tensor of PyTorch.",
            name=truncate(printable(name)),
        )
        raise InputError("wrong_type", problem, path=(argument,)) from None
    is_float = np.issubdtype(plain.dtype, np.floating)
    epsilon = float(np.finfo(plain.dtype if is_float else np.float64).eps)
    return GivenArray(name, values, max(epsilon, float(np.finfo(np.float64).eps)), not is_float)


def flatten(value: object, name: str, argument: str) -> Iterator[GivenArray]:
    """Yield the arrays in lists, tuples and dictionaries, however nested, in their order.

    Raises:
        InputError: As :func:`to_array`.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from flatten(item, str(key), argument)
    elif isinstance(value, list | tuple) and not (value and all(isinstance(item, int | float) for item in value)):
        for number, item in enumerate(value, 1):
            yield from flatten(item, f"{name}[{number - 1}]", argument)
    elif value is not None:
        yield to_array(value, name, argument)
