"""Numbers on a sheet from which one that is asked for can be computed back in one step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from itertools import groupby

from nn_tui.core.engine.engine import Engine
from nn_tui.core.explain.parts import same_unit
from nn_tui.core.expression.equations import Listed
from nn_tui.core.expression.explanation import Line
from nn_tui.core.expression.nodes import Node, Num, Product, Symbol
from nn_tui.core.nn.activations import Activation
from nn_tui.core.practice.order import pass_order
from nn_tui.core.refs import Quantity, Ref
from nn_tui.core.worksheet.pass_order import without_sample
from nn_tui.core.worksheet.sheet_lines import numbers_in

_SOURCES: dict[Quantity, tuple[Quantity, ...]] = {
    "z": ("a",),
    "a": ("z",),
    "slope": ("z", "a"),
    "term": ("a", "z"),
    "loss": ("term", "a", "z"),
    "da": ("dz", "a", "z"),
    "dz": ("da", "a", "z", "slope"),
    "dw": ("dz", "a"),
    "db": ("dz",),
    "dx": ("dz",),
}
"""The computed quantities from which each is computed; a number of the update is computed from gradients."""

_ARRAY = 3  # numbers at the start of a key of the pass's order that are the same within an array


def solvable_backwards(
    engine: Engine, shown: Collection[Ref], asked: Set[Ref], lines_of: Callable[[Ref], tuple[Line, ...]]
) -> list[Ref]:
    """Return the numbers of the first such array whose computation has one unknown, which is asked for.

    It can be solved for that unknown. A slope is known if it is constant, or if z or a of its unit is known. Numbers of
    later arrays may have more unknowns when those of the first one do not stand on the sheet any more.

    Args:
        engine: The engine of the pass.
        shown: The computed numbers that stand on the sheet.
        asked: The numbers that it asks for.
        lines_of: Returns the computation of a number.
    """
    quantities = {ref.quantity for ref in asked}
    possible = [ref for ref in shown if not quantities.isdisjoint(_sources(ref))]
    constant = [layer for layer, activation in enumerate(engine.activations) if _has_constant_slope(activation)]
    slopes = {same_unit(ref, "slope") for ref in shown if ref.quantity == "dz" and ref.layer in constant}
    on_sheet = slopes.union(shown)
    for _, array in groupby(sorted(possible, key=pass_order), key=lambda ref: pass_order(ref)[:_ARRAY]):
        if found := [ref for ref in array if _has_one_unknown(ref, lines_of(ref), on_sheet, asked)]:
            return found
    return []


def _has_constant_slope(activation: Activation) -> bool:
    formula = activation.slope_formula(Symbol("z"), Symbol("a"))
    return activation.slope is not None and formula.value is not None


def _sources(ref: Ref) -> tuple[Quantity, ...]:
    return ("dw", "db") if ref.key.is_from_update else _SOURCES.get(ref.quantity, ())


def _has_one_unknown(ref: Ref, lines: tuple[Line, ...], shown: Set[Ref], asked: Set[Ref]) -> bool:
    """Return whether a computation, or the line of it that ends with the number, has one unknown that is asked for."""
    parts: list[Iterable[Node]] = [lines]
    if not ref.key.is_from_update:
        parts.append([_last_equation(lines[-1])])
    return any(_is_solvable(ref, {*_unknowns(part, ref, shown)}, asked) for part in parts)


def _last_equation(line: Line) -> Node:
    return line.body.items[-1] if isinstance(line.body, Listed) else line.body


def _is_solvable(ref: Ref, unknowns: Set[Ref], asked: Set[Ref]) -> bool:
    if len(unknowns) != 1:
        return False
    (unknown,) = unknowns
    # δ of an output tells its a, and so its z.
    others = (same_unit(unknown, "z"),) if ref.quantity == "dz" and unknown.quantity == "a" else _of_slope(unknown)
    return not asked.isdisjoint((unknown, *others))


def _of_slope(ref: Ref) -> tuple[Ref, ...]:
    """Return z and a of a slope; nothing for another number."""
    return (same_unit(ref, "z"), same_unit(ref, "a")) if ref.quantity == "slope" else ()


def _unknowns(nodes: Iterable[Node], ref: Ref, shown: Set[Ref]) -> Iterator[Ref]:
    """Yield the computed numbers of a computation that do not stand on the sheet."""
    for node in nodes:
        for number in _factors(node, shown):
            source = None if number.ref is None else without_sample(number.ref)
            if source is None or source == ref or number.is_given or source.after or source.key.is_step:
                continue
            if source not in shown and shown.isdisjoint(_of_slope(source)):
                yield source


def _factors(node: Node, shown: Set[Ref]) -> Iterator[Num]:
    """Yield the numbers of a node; of a product with a known 0, none, because the others do not matter."""
    if isinstance(node, Product) and any(_is_known_zero(factor, shown) for factor in node.factors):
        return
    if isinstance(node, Num) or not node.children:
        yield from numbers_in(node)
        return
    for child in node.children:
        yield from _factors(child, shown)


def _is_known_zero(node: Node, shown: Set[Ref]) -> bool:
    if not isinstance(node, Num) or node.value != 0.0:
        return False
    return node.ref is None or node.is_given or without_sample(node.ref) in shown
