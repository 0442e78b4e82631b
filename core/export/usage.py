"""What to do with an exported file: the sentences after it was written."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import reduce

from nn_tui.core.data.input_rows import raw_names
from nn_tui.core.data.scaling import has_standardized_inputs
from nn_tui.core.data.units import has_standardized_targets
from nn_tui.core.export.onnx_inputs import column_inputs
from nn_tui.core.program.values import Framework
from nn_tui.core.run.checkpoint import Checkpoint, next_loss
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, all_of, message

_MAX_NAMES = 3  # columns that a sentence names


def program_needs(framework: Framework) -> Message | None:
    """Say what an exported program needs besides NumPy; None for nothing."""
    return message("It needs PyTorch.") if framework == "pytorch" else None


def preset_usage(file: str, _checkpoint: Checkpoint) -> Message:
    """Say what to do with a preset."""
    return message("Open it with: nn-tui {file}", file=shlex.quote(file))


def script_usage(file: str, checkpoint: Checkpoint) -> Message:
    """Say how to run a script, and which loss it prints first."""
    return message(
        "Run it with: python {file} --updates 10 (its first line is update {number:,} with the loss {loss:.4g})",
        file=shlex.quote(file), number=checkpoint.updates + 1, loss=next_loss(checkpoint),
    )  # fmt: skip


def notebook_usage(file: str, _checkpoint: Checkpoint) -> Message:
    """Say what to do with a notebook."""
    return message("Open it with: jupyter lab {file}", file=shlex.quote(file))


def npz_usage(file: str, checkpoint: Checkpoint) -> Message:
    """Say how to read the arrays, and how to scale the inputs."""
    reading = message('Its arrays are w1, b1, w2 and so on; read one with: np.load({file})["w1"]', file=repr(file))
    return _with_scaling(reading, checkpoint)


def safetensors_usage(file: str, checkpoint: Checkpoint) -> Message:
    """Say how to load the tensors into a model, and how to scale the inputs."""
    loading = message(
        "Load it with: model.double().load_state_dict(safetensors.torch.load_file({file}))", file=repr(file)
    )
    return _with_scaling(loading, checkpoint)


def csv_usage(file: str, checkpoint: Checkpoint) -> Message:
    """Say what is in the tables, and how to scale the inputs."""
    tables = message(
        "{file} has a row for each weight and bias; each file beside it has one matrix, a row for each unit.", file=file
    )
    return _with_scaling(tables, checkpoint)


def onnx_usage(file: str, checkpoint: Checkpoint) -> Message:
    """Say how to predict with the model: the names of its inputs, and their type."""
    data = checkpoint.experiment.data
    columns = column_inputs(data)
    if not columns:
        return message(
            'Predict with: onnxruntime.InferenceSession({file}).run(None, {{"inputs": rows}}); rows is a NumPy array '
            "in float64 with the columns {names}.",
            file=repr(file),
            names=_names(raw_names(data)),
        )
    texts = [name for name, is_text in columns.items() if is_text]
    return message(
        "Predict with: onnxruntime.InferenceSession({file}).run(None, inputs); inputs is a dict with an array "
        "(rows, 1) for each column: texts for {texts}, float64 for the others.",
        file=repr(file),
        texts=_names(texts),
    )


def _with_scaling(text: Message, checkpoint: Checkpoint) -> Message:
    """Return a sentence with what the weights alone do not say: how to make their inputs of the data."""
    data = checkpoint.experiment.data
    parts: list[Message] = []
    if data.features or len(raw_names(data)) != data.x.shape[1] or column_inputs(data):
        parts.append(message("Its inputs are not the raw columns but {names}.", names=_names(data.input_names)))
    if has_standardized_inputs(data):
        parts.append(message("Scale the inputs first: (inputs - x_mean) / x_scale; both are in the file."))
    if has_standardized_targets(data):
        parts.append(message("Scale its output back: output * y_scale + y_mean."))
    return reduce(lambda first, second: message("{first} {second}", first=first, second=second), [*parts, text])


def _names(names: Sequence[str]) -> object:
    """Return names for a sentence; of many, the first ones."""
    return all_of([quote(name) for name in names], _MAX_NAMES)
