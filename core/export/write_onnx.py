"""Writes a network as an ONNX model that predicts raw rows, in float64."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from nn_tui.core.data.input_rows import raw_names
from nn_tui.core.data.labels import class_labels
from nn_tui.core.data.units import has_standardized_targets, target_coding
from nn_tui.core.export.onnx_formula import activate
from nn_tui.core.export.onnx_graph import ML_DOMAIN, Graph, Value
from nn_tui.core.export.onnx_inputs import network_inputs
from nn_tui.core.export.values import ExportedFile, ExportOptions
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.run.checkpoint import Checkpoint

# The first versions with all that is needed, so that older runtimes read the model, too: onnxruntime from 1.12 on.
_IR_VERSION, _OPSET, _ML_OPSET = 8, 17, 2
PREDICTIONS, LABEL = "predictions", "label"


def write_onnx(checkpoint: Checkpoint, options: ExportOptions) -> tuple[ExportedFile, ...]:
    """Write a network as an ONNX model.

    Its inputs are those of :func:`~nn_tui.core.export.onnx_inputs.network_inputs`. Its first output has the predictions
    (rows, outputs): probabilities of classes, or numbers in the units of the data. For classes a second output (rows,)
    has the name of the predicted class, "" where a prediction is NaN.
    """
    from onnx import TensorProto, checker, helper

    experiment = checkpoint.experiment
    graph = Graph()
    a = network_inputs(graph, experiment.data)
    predictions = _predictions(graph, checkpoint, a)
    columns = experiment.data.y.shape[1]
    about = ", ".join(experiment.data.output_names)
    outputs = [helper.make_tensor_value_info(predictions.name, TensorProto.DOUBLE, ["rows", columns], doc_string=about)]
    if class_labels(experiment.data):
        label = _label(graph, checkpoint, predictions)
        outputs.append(helper.make_tensor_value_info(label.name, TensorProto.STRING, ["rows"]))
    model = helper.make_model(
        helper.make_graph(graph.nodes, experiment.preset.id, graph.inputs, outputs, graph.constants),
        ir_version=_IR_VERSION,
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(ML_DOMAIN, _ML_OPSET)],
        producer_name="nn-tui",
        doc_string=experiment.preset.summary,
    )
    helper.set_model_props(model, _metadata(checkpoint))
    checker.check_model(model)
    return (ExportedFile(f"{options.name}.onnx", model.SerializeToString(deterministic=True)),)


def _predictions(graph: Graph, checkpoint: Checkpoint, x: Value) -> Value:
    """Return the predictions (rows, outputs) in the units of the data."""
    experiment, state = checkpoint.experiment, checkpoint.state
    z = a = x
    for index, layer in enumerate(experiment.layers):
        w = graph.constant(np.ascontiguousarray(state.weights[index]), f"w{index + 1}")
        b = graph.constant(np.ascontiguousarray(state.biases[index]), f"b{index + 1}")
        z = graph.add("Gemm", a, w, b, transB=1, name=f"z{index + 1}")  # z = a_prev·Wᵀ + b
        a = activate(ACTIVATIONS[layer.activation], z)
    if LOSSES[experiment.training.loss].is_mistake_driven:  # step(z), NaN where z is NaN
        a = graph.where(graph.add("IsNaN", z), z, graph.cast(graph.add("GreaterOrEqual", z, 0.0)))
    if has_standardized_targets(experiment.data):
        a = a * graph.constant(experiment.data.y_scale, "y_scale") + graph.constant(experiment.data.y_mean, "y_mean")
    return graph.add("Identity", a, name=PREDICTIONS)


def _label(graph: Graph, checkpoint: Checkpoint, predictions: Value) -> Value:
    """Return the name (rows,) of the predicted class."""
    from onnx import TensorProto

    data = checkpoint.experiment.data
    classes = class_labels(data)
    if data.y.shape[1] > 1:
        index = graph.add("ArgMax", predictions, axis=1, keepdims=0)
    else:
        middle = 0.0 if target_coding(data) == "plus_minus" else 0.5
        single = graph.add("Squeeze", predictions, graph.constant(np.array([1])))
        index = graph.add("Cast", graph.add("GreaterOrEqual", single, middle), to=TensorProto.INT64)
    missing = graph.cast(graph.add("IsNaN", predictions))
    any_missing = graph.add("ReduceMax", missing, axes=[1], keepdims=0) > 0.0
    index = graph.where(any_missing, graph.constant(np.array(len(classes))), index)
    names = graph.constant(np.array([*classes, ""], dtype=np.object_), "classes")
    return graph.add("Gather", names, index, axis=0, name=LABEL)


def _metadata(checkpoint: Checkpoint) -> dict[str, str]:
    """Return the names, which the tensors do not have, as JSON."""
    data, preset = checkpoint.experiment.data, checkpoint.experiment.preset
    values: dict[str, Any] = {
        "input_names": raw_names(data),
        "output_names": data.output_names,
        "classes": class_labels(data),
    }
    names = {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
    return {"title": preset.title, "updates": str(checkpoint.updates), **names}
