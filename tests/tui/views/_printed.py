"""Shared by the tests of the views: read printed arithmetic and compute it again."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest

from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.spec import Experiment, OptimizerSpec
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session, select
from nn_tui.tui.views import arithmetic
from nn_tui.tui.views import layer as layer_view
from tests._app import DARK, experiment
from tests._explanations import ref_of, refs_of
from tests.tui.draw._matrix import locate_cell

WITH_STATE = ("momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
"""The optimisers that have state."""

STATE: tuple[Quantity, Quantity] = ("state_w", "state_b")
WIDE = 4000  # cells; no line of a small network wraps
NUMBER = r"(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)"
SUM_OF_TERMS = re.compile(
    rf"^(?:  |▸ )(?:sample \d+|l1·sign\(w\)|l2·w|penalty|\d+ smaller terms together): ([−(]?{NUMBER}.*)$"
)


def lines_of(session: Session, width: int = WIDE) -> list[str]:
    """Return the lines of the whole explanation as text."""
    return [strip.text.rstrip() for strip in arithmetic.document(session, DARK, width)]


def computed(text: str) -> tuple[float, float] | None:
    """Return (value, sum of magnitudes) of a printed expression; None if the text is not an expression."""
    plain = text.strip().replace("−", "-").replace("×", "*")
    plain = re.sub("[⁰¹²³⁴-⁹]+", lambda power: f"**{unicodedata.normalize('NFKC', power[0])}", plain)
    if not re.fullmatch(rf"(?:(?>{NUMBER})|\*\*\d+|[-+*/() ])++", plain) or not re.search(r"\d|inf|nan", plain):
        return None
    names = {"inf": math.inf, "nan": math.nan, "__builtins__": {}}
    try:
        value = eval(plain, names)
        size = eval(plain.replace("e-", "E").replace("-", "+").replace("E", "e-"), names)
    except ZeroDivisionError:
        return None
    except SyntaxError as error:
        raise AssertionError(f"not a calculation: {text!r}") from error
    return float(value), float(size)


def check_lines(lines: list[str]) -> int:
    """Check every ``expression = number`` in the lines, and return how many there are."""
    checked = 0
    for line in lines[1:]:
        for clause in re.split(r",  | {2,}", line):
            sides = [computed(side) for side in re.sub(r"^\s*[^:=]*: (?=[−(\d])", "", clause).split(" = ")]
            for left, right in pairwise(sides):
                if left is None or right is None:
                    continue
                if not all(map(math.isfinite, (*left, *right))):
                    continue
                checked += 1
                assert left[0] == pytest.approx(right[0], rel=1e-9, abs=1e-12 * left[1] + 1e-300), (line, left, right)
    return checked


def check_total(session: Session, lines: list[str]) -> None:
    """Check that the terms that have a line each add up to the printed total."""
    terms = []
    for line in lines:
        found = SUM_OF_TERMS.match(line)
        if found and "output" not in line:
            value = computed(found[1].split(" = ")[-1])
            assert value is not None, line
            terms.append(value[0])
    total = next((line for line in lines if " = sum = " in line), None)
    assert (total is not None) == bool(terms), lines
    if total is not None and all(map(math.isfinite, terms)):
        printed = computed(total.split(" = ")[-1])
        assert printed is not None
        size = sum(map(abs, terms))
        assert math.fsum(terms) == pytest.approx(printed[0], rel=1e-9, abs=1e-12 * size + 1e-300), lines


def check_value(session: Session, lines: list[str]) -> None:
    """Check that the lines contain the selected number, as the matrices and the commands show it."""
    ref = session.ref
    value = value_of(session.engine, session.trace, ref)
    numbers = re.findall(rf"−?(?<![\w.]){NUMBER}", "\n".join(lines[1:]))
    texts = [computed(text) for text in numbers]
    close = 1e-9 * abs(value)
    if ref.key.is_step:
        # The step is shown as the optimiser computes it; W′ − W has fewer digits.
        own = ref.with_key(ref.parameter.value)
        close += 4e-16 * abs(value_of(session.engine, session.trace, own)) + 1e-300
    printed = [number[0] for number in texts if number is not None]
    if math.isfinite(value):
        assert any(abs(number - value) <= close for number in printed), (ref, value, lines)


def gradient_of_a_batch(preset: str = "iris") -> Session:
    """Return a session in which the gradient of a weight is selected, a sum over many samples."""
    session = stepping.backward(stepping.forward(new_session(experiment(preset))))
    return select(session, ref_of(session.experiment, "dw", session.trace.n, (0, 0, 0, 0)))


def refs_of_every_kind(session: Session, numbers: tuple[int, int, int, int]) -> list[Ref]:
    """Return an address of every quantity, and of every array of the optimiser's state."""
    refs = refs_of(session.experiment, session.trace.n, numbers)
    sizes = session.engine.sizes
    layer, unit, column, sample = numbers
    layer %= len(sizes) - 1
    for slot in session.engine.optimizer.slots:
        unit %= sizes[layer + 1]
        for after in (False, True):
            refs += [
                Ref("state_w", layer, unit, column % sizes[layer], slot=slot, after=after),
                Ref("state_b", layer, unit, slot=slot, after=after),
            ]
    return [*refs, Ref("dx", 0, unit % sizes[0], 0, sample % session.trace.n)]


def drawn_number(session: Session, cell: Cell) -> str:
    """Return the text of a cell of the layer view in a panel with room for all of it."""
    layout = layer_view.layout_layer(session, DARK.glyphs, 10_000)
    place = locate_cell(layout, cell)
    assert place is not None, cell
    x, y, size = place
    line = draw_matrix(layout, DARK, 0, y, layout.width + 2, 1, cell)[0].text
    return line[x : x + size].strip("▐▌▸ ")


def cell_of(session: Session) -> Cell | None:
    """Return the selected number's cell; only the loss has none, and in a batch also biases, steps and state."""
    cell = layer_view.cell_of(session)
    if cell is None:
        key = session.ref.key
        is_hidden = key.is_from_update or key.is_optimizer_state or key.quantity == "b"
        assert key.quantity == "loss" or (session.batch and is_hidden), key
    return cell


def with_optimizer(optimizer: str, name: str = "xor") -> Experiment:
    """Return a preset's experiment with another optimiser."""
    given = experiment(name)
    return replace(given, training=replace(given.training, optimizer=OptimizerSpec(optimizer, 0.1)))


def after_passes(preset: str, count: int, optimizer: str | None = None) -> Session:
    """Return a preset's session after ``count`` passes, with another optimiser if one is named."""
    made = experiment(preset)
    if optimizer is not None:
        made = replace(made, training=replace(made.training, optimizer=OptimizerSpec(optimizer, 0.05)))
    session = new_session(made)
    for _ in range(count):
        session = stepping.whole_pass(session)
    return session


def reach(preset: str, update: int) -> Session:
    """Return a preset's session trained up to ``update``."""
    session = new_session(experiment(preset))
    session.run.train(update)
    return stepping.goto(session, update)


def state_titles(session: Session, width: int, height: int = 200) -> list[str]:
    """Return the lines of the layer view that have the titles of the optimiser's state."""
    layout = layer_view.layout_layer(session, DARK.glyphs, width, height)
    lines = [strip.text for strip in draw_matrix(layout, DARK, 0, 0, width, layout.height)]
    return [re.sub(r" +", " ", line).strip() for line in lines if re.search(r" of [Wb]", line)]
