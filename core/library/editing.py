"""Changes of a network by text and by keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import numpy as np

from nn_tui.core.edits.network import set_array
from nn_tui.core.edits.parser import apply_edit, is_learning_rate
from nn_tui.core.edits.places import place_name
from nn_tui.core.errors import InputError
from nn_tui.core.library.arguments import text as text_argument
from nn_tui.core.library.columns import numbers_in, to_array
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Matrix, to_matrix
from nn_tui.core.translation import message


def edited(run: Run, update: int, text: str | None, settings: Mapping[str, object], sample: int) -> Run:
    """Return a run with some changes; the run itself if all values are in force already.

    A learning rate that is named wins over the one that comes with an optimiser, in any order.

    Args:
        run: The run.
        update: The update after which the changes take effect.
        text: Changes as a person types them in the app; None without one.
        settings: Changes by the names of the settings.
        sample: The training row of changes of one input or target, from 1.

    Raises:
        InputError: For a change that is not valid, or that does not fit the run.
        TypeError: For a value that is neither a number nor a string, nor the array of a layer.
    """
    rows = len(run.segment(update).experiment.data.x)
    if not 1 <= sample <= rows:
        problem = message(
            "there is no sample {number:,}; the samples go from 1 to {count:,}.", number=sample, count=rows
        )
        raise InputError("not_found", problem, path=("sample",), value=sample)
    changes: list[Callable[[Run], Run]] = []
    if text is not None:
        changes.append(partial(_apply_text, text_argument(text, "text"), update, sample))
    for name, value in sorted(settings.items(), key=lambda item: is_learning_rate(f"{item[0]} = 1")):
        changes.append(_setting(name, value, update, sample))
    for change in changes:
        with _named_places():
            try:
                run = change(run)
            except InputError as error:
                if error.code != "unchanged":
                    raise
    return run


def _setting(name: str, value: object, update: int, sample: int) -> Callable[[Run], Run]:
    """Return the change of one setting."""
    if name[:1] in ("w", "b") and name[1:].isdecimal():
        return partial(_apply_array, name, value, update)
    if isinstance(value, bool | np.bool_):
        value = "on" if value else "off"
    elif isinstance(value, float | np.floating):
        value = repr(float(value))
    elif not isinstance(value, int | np.integer | str):
        raise TypeError(f"{name} is {type(value).__name__}; give a number or a string")
    return partial(_apply_text, f"{name} = {value}", update, sample)


def _apply_text(text: str, update: int, sample: int, run: Run) -> Run:
    return apply_edit(text, run, update, sample - 1)


def _apply_array(name: str, value: object, update: int, run: Run) -> Run:
    ref = parse_ref(name, run.segment(update).experiment.sizes)
    return set_array(run, update, ref, _rows(name, value))


def _rows(name: str, value: object) -> Matrix:
    numbers = numbers_in(to_array(value))
    if numbers is None or numbers.ndim > 2 or not np.isfinite(numbers).all():
        problem = message("it must be a matrix or a list of finite numbers.")
        raise InputError("wrong_type", problem, path=(name,))
    return to_matrix(np.atleast_2d(numbers))


@contextmanager
def _named_places() -> Iterator[None]:
    """Name what is changed in an error as the change does, instead of the key of a preset."""
    try:
        yield
    except InputError as error:
        place = place_name(error.path)
        error.path = (place,) if place else ()
        raise
