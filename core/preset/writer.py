"""Write a preset as the text of a TOML file, which :func:`nn_tui.core.preset.parser.parse_preset` reads back.

No library is used for it: those for TOML put each number of a matrix on a line of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nn_tui.core.preset.schedule import schedule_table
from nn_tui.core.preset.table_options import options_table
from nn_tui.core.spec import DEFAULT_INIT, DataSpec, LayerSpec, Preset, ScheduleSpec, TrainingSpec


def preset_text(preset: Preset, comment: str = "") -> str:
    """Return the text of a preset file; numbers are written with all digits.

    Args:
        preset: The preset. Its id and folder are not written: they are those of the file.
        comment: Lines for the head of the file.
    """
    head = preset_table(preset)
    data, layers, training = (head.pop(key) for key in ("data", "layers", "training"))
    optimizer, schedule, expect = training.pop("optimizer"), training.pop("schedule", None), head.pop("expect", None)
    parts = [
        "".join(f"# {line}\n" for line in comment.splitlines()) + _lines(head),
        _section("[data]", data),
        *(_section("[[layers]]", layer) for layer in layers),
        _section("[training]", training),
        _section("[training.optimizer]", optimizer),
    ]
    if schedule is not None:
        parts.append(_section("[training.schedule]", schedule))
    if expect is not None:
        parts.append(_section("[expect]", expect))
    return "\n".join(parts)


def preset_table(preset: Preset) -> dict[str, Any]:
    """Return the table that :func:`nn_tui.core.preset.parser.parse_preset_table` parses to the preset."""
    expect = None if preset.expect is None else asdict(preset.expect)
    return _written(
        {
            "title": preset.title,
            "summary": preset.summary,
            "notes": preset.notes or None,
            "seed": preset.seed,
            "data": data_table(preset.data),
            **layers_table(preset.layers),
            **training_table(preset.training),
            "expect": expect and _written(expect | {"diverges": expect["diverges"] or None}),
        }
    )


def layers_table(layers: tuple[LayerSpec, ...]) -> dict[str, Any]:
    """Return the part of a preset's table that has the layers."""
    return {"layers": [_layer(layer) for layer in layers]}


def training_table(training: TrainingSpec) -> dict[str, Any]:
    """Return the part of a preset's table that has the training."""
    optimizer = training.optimizer
    table = {
        "loss": training.loss,
        "reduction": training.reduction,
        "batch_size": training.batch_size or "full",
        "shuffle": training.shuffle,
        "l1": training.l1 or None,
        "l2": training.l2 or None,
        "optimizer": {"name": optimizer.name, "learning_rate": optimizer.learning_rate, **dict(optimizer.options)},
        "schedule": None if training.schedule == ScheduleSpec() else schedule_table(training.schedule),
    }
    return {"training": _written(table)}


def data_table(spec: DataSpec) -> dict[str, Any]:
    """Return the table ``[data]`` of a preset."""
    source: dict[str, Any] = {"inputs": spec.inputs, "targets": spec.targets}
    if spec.generator is not None:
        source = {"generator": spec.generator, "samples": spec.samples, "noise": spec.noise}
        if spec.generator == "blobs":
            source["classes"] = spec.classes
    elif spec.csv is not None:
        source = {"csv": spec.csv, "target": spec.target, "classes": spec.target_is_class or None}
        source |= {} if spec.options is None else options_table(spec.options)
    common = {
        "features": spec.features or None,
        "standardize": spec.standardize or None,
        "standardize_target": spec.standardize_target or None,
        "test_fraction": spec.test_fraction or None,
    }
    return _written(source | common)


def _layer(layer: LayerSpec) -> dict[str, Any]:
    is_drawn = layer.weights is None or layer.bias is None
    return _written(
        {
            "units": layer.units,
            "activation": layer.activation,
            "init": layer.init if is_drawn or layer.init != DEFAULT_INIT else None,
            **{f"init_{name}": value for name, value in layer.init_options},
            "weights": layer.weights,
            "bias": layer.bias,
            "train_weights": None if layer.train_weights else False,
            "train_bias": None if layer.train_bias else False,
        }
    )


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those that are None: the parser adds them by itself."""
    return {key: value for key, value in values.items() if value is not None}


def _section(header: str, values: Mapping[str, object]) -> str:
    return f"{header}\n{_lines(values)}"


def _lines(values: Mapping[str, object]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        rows = "".join(f"    {_value(row)},\n" for row in value)
        return f"[\n{rows}]" if len(value) > 1 else f"[{_value(value[0])}]"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):  # the escapes of JSON are a part of those of TOML
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else repr(value)
