"""Reads what a person hands over in one call: weights, gradients and values in the forms that programs have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import GeneratorType
from typing import Any

from nn_tui.core.errors import InputError
from nn_tui.core.translation import message
from nn_tui.core.watching.arrays import GivenArray, flatten, is_array, to_array
from nn_tui.core.watching.modules import ModuleFacts, module_facts
from nn_tui.core.watching.names import known_names
from nn_tui.core.watching.scalars import number_of, scalar_layers

Layers = tuple[tuple[GivenArray, GivenArray | None], ...]
"""For each layer its weights and its bias; None for a layer without a bias."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenPass:
    """What a person's program has at one update.

    Attributes:
        readings: The ways to read the weights as layers, the most likely one first; their shapes decide.
        gradients: The gradients in the order in which they were given, without names that are known.
        named: All other arrays by what they mean, such as ``dw1``, ``z1`` and ``da2``.
        lists: Lists of arrays, one for each layer, by what they mean: ``z`` and ``a``.
        x: The inputs.
        y: The targets.
        loss: The loss; None if it was not given.
        learning_rate: η; None if it was not given.
        module: What the module of PyTorch says; None if the weights are not in one.
    """

    readings: tuple[Layers, ...]
    gradients: tuple[GivenArray, ...]
    named: Mapping[str, GivenArray]
    lists: Mapping[str, tuple[GivenArray, ...]]
    x: GivenArray | None
    y: GivenArray | None
    loss: float | None
    learning_rate: float | None
    module: ModuleFacts | None = None

    @property
    def arrays(self) -> tuple[GivenArray, ...]:
        """The weights and biases."""
        return tuple(_arrays(self.readings[0]))

    @property
    def has_numbers(self) -> bool:
        """Whether there is anything that can be compared."""
        return bool(self.gradients or self.lists or self.loss is not None or self.named.keys() - {"x", "y", "eta"})


@dataclass(slots=True)
class _Parts:
    """What was found so far."""

    named: dict[str, GivenArray] = field(default_factory=dict)
    lists: dict[str, tuple[GivenArray, ...]] = field(default_factory=dict)
    gradients: tuple[GivenArray, ...] = ()

    def take_lists(self, lists: Mapping[str, object]) -> None:
        """Add the gradients of a program that has a list of weights and one of biases."""
        for weights, biases in (("nabla_w", "nabla_b"), ("dw", "db"), ("grad_w", "grad_b")):
            if weights in lists:
                pair = (lists[weights], lists.get(biases))
                self.gradients = tuple(flatten(pair, "gradients", "weights"))
                return

    def take(self, names: Mapping[str, object], argument: str) -> None:
        """Add the values of a dictionary whose names are known."""
        for name, meaning in known_names(names).items():
            if names[name] is not None and meaning not in self.named and not _is_by_layer(name, names[name]):
                self.named[meaning] = to_array(names[name], name, argument)
        for name, item in names.items():
            if isinstance(item, list | tuple) and item:
                plain = str(name).lower()
                if plain in ("z", "zs", "a", "as", "activations"):
                    self.lists["z" if plain[0] == "z" else "a"] = tuple(flatten(item, str(name), argument))


def read_pass(
    weights: object,
    gradients: object = None,
    inputs: object = None,
    targets: object = None,
    cache: object = None,
    *,
    biases: object = None,
    loss: object = None,
    learning_rate: object = None,
) -> GivenPass:
    """Return what was handed over; the arguments are those of ``Watch.step``.

    Raises:
        InputError: An argument is none of the forms that are known.
    """
    parts = _Parts()
    module = module_facts(weights)
    scalars = scalar_layers(weights)
    value = _plain(module.parameters if module is not None else weights if scalars is None else scalars[0])
    if gradients is None and scalars is not None:
        gradients = scalars[1]
    if gradients is None and module is not None:
        gradients = module.gradients
    readings = _read_weights(value, biases, parts)
    given_gradients = _read_gradients(gradients, parts, readings)
    if cache is not None:
        _read_cache(cache, parts)
    x, y = (
        parts.named.pop(meaning, None) if value is None else to_array(value, argument, argument)
        for meaning, argument, value in (("x", "inputs", inputs), ("y", "targets", targets))
    )
    numbers = {
        meaning: _number(
            parts.named.pop(meaning, None) if value is None else to_array(number_of(value), argument, argument)
        )
        for meaning, argument, value in (("loss", "loss", loss), ("eta", "learning_rate", learning_rate))
    }
    return GivenPass(readings, given_gradients, parts.named, parts.lists, x, y, numbers["loss"], numbers["eta"], module)


def _is_by_layer(name: str, item: object) -> bool:
    """Return whether a value has an array for each layer, such as ``dw = [dw1, dw2]``."""
    is_list = isinstance(item, list | tuple) and any(hasattr(part, "__array__") for part in item)
    return is_list and not name[-1:].isdigit()


def _is_parameter(name: str) -> bool:
    """Return whether a name is that of weights, a bias or their gradient."""
    return any(meaning.removeprefix("d")[:1] in ("w", "b") for meaning in known_names([name]).values())


def _plain(value: Any) -> object:
    """Return a container as a dictionary or a list: of a state dictionary, named parameters or an object with both."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, GeneratorType | map | filter | zip):
        value = list(value)
    has_names = isinstance(value, list | tuple) and value and all(_is_named(item) for item in value)
    if has_names:
        return dict(value)
    if not is_array(value):
        weights, biases = getattr(value, "weights", None), getattr(value, "biases", None)
        if isinstance(weights, list | tuple) and isinstance(biases, list | tuple):
            return [list(weights), list(biases)]
    return value


def _is_named(item: object) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)


def _number(given: GivenArray | None) -> float | None:
    """Return a given number; an array of several is none, such as the losses of all samples."""
    return float(given.values.reshape(-1)[0]) if given is not None and given.values.size == 1 else None


def _read_weights(value: object, biases: object, parts: _Parts) -> tuple[Layers, ...]:
    if isinstance(value, Mapping):
        lists = {str(name).lower(): item for name, item in value.items() if _is_by_layer(str(name), item)}
        if "weights" in lists:
            parts.take_lists(lists)
            parts.take({name: item for name, item in value.items() if not _is_parameter(str(name))}, "weights")
            return _read_weights(lists["weights"], lists.get("biases") if biases is None else biases, parts)
        parts.take(value, "weights")
        count = 0
        while f"w{count + 1}" in parts.named:
            count += 1
        if count:
            own = [None] * count if biases is None else list(flatten(biases, "b", "biases"))
            if len(own) != count:
                raise _biases_error(len(own), count)
            return (
                tuple(
                    (parts.named.pop(f"w{layer}"), parts.named.pop(f"b{layer}", own[layer - 1]))
                    for layer in range(1, count + 1)
                ),
            )
        arrays = {name: item for name, item in value.items() if is_array(item)}
        value = arrays or dict(value)
    found = [each for each in flatten(value, "weights", "weights") if each.values.ndim]
    other = [] if biases is None else list(flatten(biases, "biases", "biases"))
    if not found:
        problem = message(
            'it has no weights; give a dictionary such as {{"W1": W1, "b1": b1}}, a list of (W, b) pairs, or a module.'
        )
        raise InputError("missing", problem, path=("weights",))
    readings = tuple(_arrangements(found, other))
    if not readings:
        raise _biases_error(len(other), len(found))
    return readings


def _biases_error(count: int, layers: int) -> InputError:
    problem = message(
        "{count} biases do not fit {layers} weight matrices; give one bias for each.", count=count, layers=layers
    )
    return InputError("wrong_shape", problem, path=("biases",))


def _arrangements(arrays: list[GivenArray], biases: list[GivenArray]) -> Iterator[Layers]:
    """Yield the ways in which a list of arrays may be the weights and biases of layers."""
    if biases:
        if len(biases) == len(arrays):
            yield _named(list(zip(arrays, biases, strict=True)))
        return
    half, rest = divmod(len(arrays), 2)
    if not rest:
        yield _named(list(zip(arrays[::2], arrays[1::2], strict=True)))
        yield _named(list(zip(arrays[:half], arrays[half:], strict=True)))
        yield _named(list(zip(arrays[half:], arrays[:half], strict=True)))
    mixed: list[tuple[GivenArray, GivenArray | None]] = []  # some layers have a bias, and some have none
    for each in arrays:
        if each.values.ndim == 1 and mixed and mixed[-1][1] is None:
            mixed[-1] = (mixed[-1][0], each)
        else:
            mixed.append((each, None))
    yield _named(mixed)


def _named(layers: list[tuple[GivenArray, GivenArray | None]]) -> Layers:
    """Return layers whose arrays have names: their own, or W1, b1 and so on for those of a list."""
    named = []
    for layer, (w, b) in enumerate(layers, 1):
        if w.name.endswith("]"):
            w = GivenArray(f"W{layer}", w.values, w.epsilon, w.is_whole)
        if b is not None and b.name.endswith("]"):
            b = GivenArray(f"b{layer}", b.values, b.epsilon, b.is_whole)
        named.append((w, b))
    return tuple(named)


def _read_gradients(value: object, parts: _Parts, readings: tuple[Layers, ...]) -> tuple[GivenArray, ...]:
    value = _plain(value)
    if value is None:
        return parts.gradients
    if isinstance(value, Mapping):
        known = known_names(value)
        if any(meaning[0] == "d" for meaning in known.values()):
            parts.take({name: item for name, item in value.items() if known.get(name, "")[:1] == "d"}, "gradients")
            return ()
        own = {meaning: name for name, meaning in known.items()}  # {"W1": gradient of W1}
        if own:
            for meaning, name in own.items():
                if meaning[0] in "wb" and value[name] is not None:
                    parts.named.setdefault(f"d{meaning}", to_array(value[name], f"d{name}", "gradients"))
            return ()
        by_parameter = {array.name for array in _arrays(readings[0])} & set(map(str, value))
        if by_parameter:  # the names of a module
            for layer, (w, b) in enumerate(readings[0], 1):
                for meaning, given in (("dw", w), ("db", b)):
                    gradient = None if given is None else value.get(given.name)
                    if given is not None and gradient is not None:
                        parts.named[f"{meaning}{layer}"] = to_array(gradient, f"{given.name}.grad", "gradients")
            return ()
    return tuple(flatten(value, "gradients", "gradients"))


def _arrays(layers: Layers) -> Iterator[GivenArray]:
    for w, b in layers:
        yield w
        if b is not None:
            yield b


def _read_cache(value: object, parts: _Parts) -> None:
    if isinstance(value, Mapping):
        parts.take(value, "cache")
        return
    if isinstance(value, list | tuple) and all(map(is_array, value)):
        parts.lists["a"] = tuple(flatten(value, "a", "cache"))
        return
    problem = message('give a dictionary such as {{"Z1": Z1, "A1": A1}}, or a list of the activations of the layers.')
    raise InputError("wrong_type", problem, path=("cache",))
