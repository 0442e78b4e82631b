"""Tensors of PyTorch as NumPy reads them; PyTorch is not imported."""

from __future__ import annotations

from typing import Any


def readable(value: Any) -> Any:
    """Return a tensor on the CPU, without gradients and in a type that NumPy has; any other value as it is."""
    if not callable(getattr(value, "detach", None)):
        return value
    tensor = value.detach().cpu()
    return tensor.float() if "bfloat16" in str(tensor.dtype) else tensor
