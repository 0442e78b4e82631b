"""Parse the names of numbers as people type them, such as ``w2[1,3]`` or ``z1[2]@3``, into addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from nn_tui.core.errors import ErrorCode, InputError
from nn_tui.core.refs import BY_SAMPLE, STATE_LETTERS, UPDATED, Quantity, QuantityKey, Ref
from nn_tui.core.text import suggest, without_subscripts
from nn_tui.core.translation import Message, message, message_plural

_SPELLINGS = (
    ("∂l/∂", "d"), ("∂", "d"), ("da/dz", "slope"), ("'", "′"), ("’", "′"), ("σ", "sigma"), ("δ", "dz"),
    ("step_", "step"), ("_after", "′"),
    ("delta", "dz"), ("ŷ", "yhat"), ("y_hat", "yhat"),
)  # fmt: skip
_QUANTITIES: dict[str, Quantity] = {
    "x": "x", "y": "y", "z": "z", "a": "a", "w": "w", "b": "b", "dx": "dx", "da": "da", "dz": "dz", "d": "dz",
    "dw": "dw", "db": "db", "stepw": "step_w", "stepb": "step_b", "slope": "slope", "sigma": "slope", "l": "term",
    "loss": "loss", "yhat": "a",
}  # fmt: skip
_WORDS = {  # what people write for a letter
    "weight": "w", "weights": "w", "bias": "b", "biases": "b", "input": "x", "inputs": "x", "target": "y",
    "targets": "y", "output": "yhat", "outputs": "yhat", "prediction": "yhat", "activation": "a", "gradient": "dw",
    "grad": "dw", "grad_w": "dw", "grad_b": "db", "grad_z": "dz", "grad_a": "da", "cost": "loss", "error": "loss",
}  # fmt: skip
_NAME = re.compile(
    r"""(?P<name>stepw|stepb|slope|sigma|loss|yhat|d[wbzax]?|[wbzaxylmvs])
    (?P<prime>′)? (?P<number>[0-9]{1,6})? (?P<prime_before>′)?
    \s* (?:\[ \s* (?P<row>[0-9]{1,6}) \s* (?:, \s* (?P<column>[0-9]{1,6}) \s* )? \])? (?P<prime_behind>′)?
    \s* (?:@ \s* (?P<sample>[0-9]{1,6}))?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _TypedName:
    """The parts of a name as a person typed it; numbers count from 1, and a part that is missing is None.

    Attributes:
        shown: The start of the name, for errors.
        letter: The letters before the number: ``w``, ``dw``, ``v``.
        is_primed: Whether a prime follows the letter, the number or the brackets.
        number: The number after the letter: the layer, or the index of an input or output.
        row: The first index in the brackets.
        column: The second index in the brackets.
        sample: The number after ``@``.
    """

    shown: str
    letter: str
    is_primed: bool
    number: int | None
    row: int | None
    column: int | None
    sample: int | None

    def error(self, code: ErrorCode, problem: Message) -> InputError:
        """Return an error about the name; the caller raises it."""
        return InputError(code, problem, path=(self.shown,), value=self.shown)


def parse_ref(
    text: str,
    sizes: tuple[int, ...],
    sample: int = 0,
    slots: tuple[str, ...] = (),
    batch_size: int = 1,
    *,
    needs_indices: bool = False,
) -> Ref:
    """Parse an address as a person writes it: ``w2[1,3]``, ``b1[2]``, ``x3``, ``dw2[1,1]``, ``y1`` or ``loss``.

    ``y1`` is a target, and ``yhat1`` or ``ŷ₁`` the prediction for it: the a of the last layer. The name of a single
    input, target or prediction needs no number.

    The symbols that formulas print are valid too: ``∂L/∂w₂[1,3]``, ``δ₁[2]``, ``Δw₁[1,1]``. A prime stands for the
    value after the update; it may follow the letter, the number or the brackets: ``w′₁[1,1]``, ``w1'[1,1]``,
    ``w1[1,1]'``. ``@3`` after a name is sample 3 of the batch: ``z1[2]@3``, ``x2@3``, ``loss@3``. Of a quantity that
    has no value for each sample, such as a weight, it selects the sample for which the arithmetic is shown.

    Args:
        text: The address.
        sizes: Units per layer, the inputs first.
        sample: The row of the batch if the text names none.
        slots: The names of the arrays of the optimiser's state.
        batch_size: The number of samples in the batch, for ``@``.
        needs_indices: Whether a name of several numbers, such as ``dw2``, is an error; else it means the first one.

    Raises:
        InputError: The text is no address, or the network has no such number; the message says what is valid.
    """
    name = _parse_name(text)
    sample = sample if name.sample is None else _sample(name, batch_size)
    key = _key(name, slots)
    if key.quantity == "loss":
        return key.at(0, sample=sample)
    if name.column is not None and not key.is_weight:
        example = f"{name.letter}1[{name.row}]"
        raise name.error("syntax", message("only weights have two indices; write {example}.", example=example))
    if key.quantity in ("x", "y", "term") or name.letter == "yhat":
        index = _single_index(name, sizes[0 if key.quantity == "x" else -1])
        return key.at(len(sizes) - 2 if name.letter == "yhat" else 0, index, 0, sample)
    layer = name.number or 0
    if not 1 <= layer < len(sizes):
        problem = message_plural("the network has only layer 1.", "the layers go from 1 to {count}.", len(sizes) - 1)
        raise name.error("not_found", problem)
    inputs, units = sizes[layer - 1], sizes[layer]
    unit, input = (1 if index is None else index for index in (name.row, name.column))
    if key.quantity != "dx" and not 1 <= unit <= units:
        problem = message_plural(
            "layer {layer} has only unit 1.", "layer {layer} has units 1 to {count}.", units, layer=layer
        )
        raise name.error("not_found", problem)
    if not 1 <= (unit if key.quantity == "dx" else input) <= inputs:
        problem = message_plural(
            "layer {layer} has only input 1.", "layer {layer} has inputs 1 to {count}.", inputs, layer=layer
        )
        raise name.error("not_found", problem)
    if needs_indices:
        _check_indices(name, key, (inputs, 1) if key.quantity == "dx" else (units, inputs if key.is_weight else 1))
    return key.at(layer - 1, unit - 1, input - 1, sample)


def _check_indices(name: _TypedName, key: QuantityKey, shape: tuple[int, int]) -> None:
    """Raise InputError if a name means several numbers: it lacks an index that is not always 1."""
    rows, columns = shape
    lacks_row, lacks_column = name.row is None and rows > 1, name.column is None and columns > 1
    if not lacks_row and not lacks_column:
        return
    prime = "'" if key.after else ""
    row = rows if name.row is None else name.row
    index = f"{row},{columns}" if key.is_weight else f"{row}"
    raise name.error(
        "syntax",
        message(
            "these are {count} numbers; write one of them, such as {example}.",
            count=(rows if lacks_row else 1) * (columns if lacks_column else 1),
            example=f"{name.letter}{name.number}{prime}[{index}]",
        ),
    )


def _single_index(name: _TypedName, count: int) -> int:
    """Return the index of an input or an output, from 0; ``count`` is how many there are."""
    index, first = name.number if name.row is None else name.row, f"{name.letter}1"
    if name.row is not None and name.number is not None:
        raise name.error("syntax", message("write one index, as in {example}.", example=first))
    if index is None and count == 1:
        return 0
    if index is None or not 1 <= index <= count:
        if count == 1:
            raise name.error("not_found", message("the only such name is {first}.", first=first))
        problem = message("the names go from {first} to {last}.", first=first, last=f"{name.letter}{count}")
        raise name.error("not_found", problem)
    return index - 1


def typed_name(ref: Ref, *, with_sample: bool = True) -> str:
    """Return the name of a number in ASCII, as people type it: ``dw1[2,1]``, ``z1[2]@3``, ``x2``, ``w'1[1,1]``.

    Args:
        ref: The address.
        with_sample: Whether to write the sample after the name.
    """
    prime = "'" if ref.after else ""
    spellings = {
        "state_w": ref.key.letter,
        "state_b": ref.key.letter,
        "step_w": "stepw",
        "step_b": "stepb",
        "term": "l",
    }
    name = spellings.get(ref.quantity, ref.quantity)
    if ref.quantity in ("x", "y", "term"):
        name = f"{name}{ref.unit + 1}"
    elif ref.indices:
        name = f"{name}{prime}{ref.layer + 1}[{','.join(str(index + 1) for index in ref.indices)}]"
    return f"{name}@{ref.sample + 1}" if with_sample else name


def quantity_name(ref: Ref) -> str:
    """Return the name of a number on a sheet or in a list of answers: without ``@``, it belongs to sample 1."""
    return typed_name(ref, with_sample=ref.quantity in BY_SAMPLE and ref.sample > 0)


def _parse_name(text: str) -> _TypedName:
    """Return the parts of a name, whatever they mean in a network."""
    shown = text.strip()[:40]
    # Replace Δ first: its lower case is δ, which is another quantity.
    cleaned = without_subscripts(normalize("NFC", text.strip()).replace("Δ", "step").lower())
    for spelling, letters in _SPELLINGS:
        cleaned = cleaned.replace(spelling, letters)
    match = _NAME.fullmatch(cleaned)
    primes = [] if match is None else [prime for prime in match.group("prime", "prime_before", "prime_behind") if prime]
    is_primed = len(primes) == 1
    if match is None or len(primes) > 1 or (match["name"] == "sigma" and not is_primed):
        raise _no_name(shown, _similar_names(cleaned))
    numbers = [None if digits is None else int(digits) for digits in match.group("number", "row", "column", "sample")]
    return _TypedName(shown, match["name"], is_primed, *numbers)


def _key(name: _TypedName, slots: tuple[str, ...]) -> QuantityKey:
    """Return the key of the array that a name means, for an optimiser with these arrays of state."""
    if name.letter in STATE_LETTERS.values():
        slot = next((slot for slot in slots if STATE_LETTERS[slot] == name.letter), None)
        if slot is None:
            raise _no_state(name.letter, slots)
        return QuantityKey("state_b" if name.column is None else "state_w", slot, name.is_primed)
    quantity = _QUANTITIES[name.letter]
    has_indices = name.number is not None or name.row is not None
    if quantity == "term" and not has_indices:
        quantity = "loss"
    elif quantity == "loss" and has_indices:
        raise _no_name(name.shown)
    is_after = name.is_primed and name.letter != "sigma"  # the prime of σ′ means a derivative
    if is_after and quantity not in UPDATED:
        raise _no_name(name.shown)
    return QuantityKey(quantity, after=is_after)


def _sample(name: _TypedName, batch_size: int) -> int:
    """Return the sample after the ``@`` of a name, from 0."""
    number = name.sample or 0
    if not 1 <= number <= batch_size:
        problem = message_plural("the batch has only sample 1.", "the batch has samples 1 to {count}.", batch_size)
        raise name.error("not_found", problem)
    return number - 1


def _similar_names(cleaned: str) -> tuple[str, ...]:
    """Return the name that a person most likely meant; none if nothing is similar."""
    match = re.match(r"(?P<letters>[a-z_′]+)(?P<rest>.*)", cleaned)
    letters = match["letters"].strip("_′") if match else ""
    word = _WORDS.get(letters) or next(iter(suggest(letters, _QUANTITIES)), "")
    if not match or not word or word == letters or len(letters) < 2:
        return ()
    name = f"{word}{match['rest'].strip('_ ')}"
    return (name,) if _NAME.fullmatch(name) else ()


def _no_name(shown: str, suggestions: tuple[str, ...] = ()) -> InputError:
    if suggestions:
        problem = message("{name} is not the name of a number.", name=f'"{shown}"')
        return InputError("syntax", problem, value=shown, suggestions=suggestions)
    problem = message(
        "{name} is not the name of a number; "
        "write for example w2[1,3], b1[2], z1[2]@3 (sample 3), dw1[2,1], x2, y1, yhat1 or loss.",
        name=f'"{shown}"',
    )
    return InputError("syntax", problem, value=shown)


def _no_state(letter: str, slots: tuple[str, ...]) -> InputError:
    if not slots:
        problem = message('the optimiser has no state, so there is no "{letter}".', letter=letter)
        return InputError("not_found", problem, value=letter)
    state = ", ".join(f"{STATE_LETTERS[slot]} ({slot})" for slot in slots)
    problem = message('the optimiser has no "{letter}"; its state is {state}.', letter=letter, state=state)
    return InputError("not_found", problem, value=letter)
