"""Arguments and attributes that a program writes wrongly: the right name is in the error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

from nn_tui.core.text import suggest

P = ParamSpec("P")
R = TypeVar("R")

# Names of other libraries, and what to write here.
_OTHER_ARGUMENTS = {
    "momentum": 'optimizer={"name": "momentum", "momentum": 0.9}',
    "betas": 'optimizer={"name": "adam", "beta1": 0.9, "beta2": 0.999}',
    "beta1": 'optimizer={"name": "adam", "beta1": 0.9}',
    "beta2": 'optimizer={"name": "adam", "beta2": 0.999}',
    "weight_decay": "l2=0.01",
    "alpha": "l2=0.01",
    "solver": 'optimizer="adam"',
    "hidden_layer_sizes": "Network([2, 4, 1], x, y)",
    "layers": "Network([2, 4, 1], x, y)",
    "max_iter": "train(epochs=100)",
    "random_state": "seed=0",
}


def with_suggestions(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function name the nearest argument when it is called with one that it does not have."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in names:
                refuse_argument(function.__name__, name, names)
        return function(*args, **kwargs)

    return checked


def refuse_argument(function: str, name: str, known: Iterable[str]) -> NoReturn:
    """Raise TypeError for an argument that a function does not have.

    Args:
        function: The name of the function.
        name: The argument.
        known: The arguments that it has.
    """
    names = [each for each in known if each != "self"]
    title = "Network" if function == "__init__" else function
    if title == "Network" and name in _OTHER_ARGUMENTS:
        raise TypeError(f"{title}() has no argument {name!r}; write {_OTHER_ARGUMENTS[name]}")
    nearest = suggest(name, names)
    if nearest:
        raise TypeError(f"{title}() has no argument {name!r}. Did you mean {nearest[0]!r}?")
    raise TypeError(f"{title}() has no argument {name!r}; its arguments are {', '.join(names)}")


def refuse_attribute(owner: str, name: str, others: Mapping[str, str], known: Iterable[str]) -> NoReturn:
    """Raise AttributeError for an attribute that an object does not have.

    Args:
        owner: The class of the object.
        name: The attribute.
        others: Names of other libraries, and what to write here.
        known: The attributes that it has.
    """
    if name.startswith("_"):  # protocols of Python and of notebooks, which nobody types
        raise AttributeError(f"{owner} has no attribute {name!r}")
    if name in others:
        raise AttributeError(f"{owner} has no attribute {name!r}; write {others[name]}")
    nearest = suggest(name, [each for each in known if not each.startswith("_")])
    if nearest:
        raise AttributeError(f"{owner} has no attribute {name!r}. Did you mean {nearest[0]!r}?")
    raise AttributeError(f"{owner} has no attribute {name!r}")
