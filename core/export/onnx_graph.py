"""Builds the graph of an ONNX model: values with the operators of Python, so that code looks like the formula.

The operators are those that onnxruntime computes in float64. It lacks Erf, Elu, Softplus and Gelu, and its Sigmoid is 0
below −37; :mod:`nn_tui.core.export.onnx_formula` builds the same functions from the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.core.spec import Array

ML_DOMAIN = "ai.onnx.ml"


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor of a graph, by its name. A number beside it is a constant in float64."""

    graph: Graph
    name: str

    def __add__(self, other: Value | float) -> Value:
        return self.graph.add("Add", self, other)

    def __radd__(self, other: float) -> Value:
        return self.graph.add("Add", other, self)

    def __sub__(self, other: Value | float) -> Value:
        return self.graph.add("Sub", self, other)

    def __rsub__(self, other: float) -> Value:
        return self.graph.add("Sub", other, self)

    def __mul__(self, other: Value | float) -> Value:
        return self.graph.add("Mul", self, other)

    def __rmul__(self, other: float) -> Value:
        return self.graph.add("Mul", other, self)

    def __truediv__(self, other: Value | float) -> Value:
        return self.graph.add("Div", self, other)

    def __rtruediv__(self, other: float) -> Value:
        return self.graph.add("Div", other, self)

    def __pow__(self, other: Value | float) -> Value:
        return self.graph.add("Pow", self, other)

    def __neg__(self) -> Value:
        return self.graph.add("Neg", self)

    def __gt__(self, other: Value | float) -> Value:
        return self.graph.add("Greater", self, other)

    def __lt__(self, other: Value | float) -> Value:
        return self.graph.add("Less", self, other)

    def sin(self) -> Value:
        """Return the sine; ``numpy.sin`` calls it, too."""
        return self.graph.add("Sin", self)


@dataclass(slots=True, eq=False)
class Graph:
    """The parts of a graph, in the order in which they were added.

    Attributes:
        inputs: The inputs.
        nodes: The nodes.
        constants: The constants, also the weights.
        names: All names so far, because one may be given once.
    """

    inputs: list[Any] = field(default_factory=list)
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    _known: dict[tuple[object, ...], Value] = field(default_factory=dict)

    def unused_name(self, name: str) -> str:
        """Return ``name``, with a number behind it if the graph has the name already, and take it."""
        unused, number = name, 2
        while unused in self.names:
            unused, number = f"{name}_{number}", number + 1
        self.names.add(unused)
        return unused

    def input(self, name: str, columns: int, about: str, *, is_text: bool = False) -> Value:
        """Add an input (rows, columns).

        Args:
            name: Its name; inputs come before all else, so that they keep their names.
            columns: The number of its columns.
            about: What it is, for a reader of the model.
            is_text: Whether it holds texts, and not numbers.
        """
        from onnx import TensorProto, helper

        kind = TensorProto.STRING if is_text else TensorProto.DOUBLE
        value = Value(self, self.unused_name(name))
        self.inputs.append(helper.make_tensor_value_info(value.name, kind, ["rows", columns], doc_string=about))
        return value

    def constant(self, values: Array | NDArray[np.int64] | NDArray[np.object_], name: str = "") -> Value:
        """Return a constant; without a name, the same values are the same constant."""
        from onnx import numpy_helper

        key = (values.dtype.str, values.shape, values.tobytes() if values.dtype != object else tuple(values.tolist()))
        if not name and key in self._known:
            return self._known[key]
        value = Value(self, self.unused_name(name or "constant"))
        self.constants.append(numpy_helper.from_array(values, value.name))
        if not name:
            self._known[key] = value
        return value

    def add(self, operator: str, *inputs: Value | float, name: str = "", domain: str = "", **attributes: Any) -> Value:
        """Add a node with one output, and return the output.

        Args:
            operator: The operator.
            inputs: Its inputs.
            name: The name of the output; "" for that of the operator.
            domain: The domain of the operator; "" for that of ONNX.
            attributes: Its attributes.
        """
        from onnx import helper

        names = [(value if isinstance(value, Value) else self.number(value)).name for value in inputs]
        output = self.unused_name(name or operator.lower())
        self.nodes.append(helper.make_node(operator, names, [output], name=output, domain=domain, **attributes))
        return Value(self, output)

    def cast(self, value: Value) -> Value:
        """Return a value as float64."""
        from onnx import TensorProto

        return self.add("Cast", value, to=TensorProto.DOUBLE)

    def concat(self, values: Iterable[Value]) -> Value:
        """Return the columns of all values beside each other."""
        parts = tuple(values)
        return parts[0] if len(parts) == 1 else self.add("Concat", *parts, axis=1)

    def where(self, condition: Value, value: Value | float, otherwise: Value | float) -> Value:
        """Return ``value`` where the condition holds, else ``otherwise``."""
        return self.add("Where", condition, value, otherwise)

    def number(self, value: float) -> Value:
        """Return a number as a constant in float64."""
        return self.constant(np.array(value, dtype=np.float64))
